//! Tests of every strategy on functions that are cheap to evaluate.

use super::*;
use crate::items::{IntoItem, Item};
use crate::{Error, Result};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn space() -> SearchSpace {
    SearchSpace::new()
        .integer("layers", 1..=3)
        .integer("units", 4..=32)
        .log_float("rate", 1e-4..=1e-1)
        .choice("optimizer", ["adam", "rmsprop", "sgd"])
        .float("momentum", 0.0..=0.95)
        .when_choice("optimizer", ["sgd"])
}

/// A function whose minimum, 0, is at 2 layers of 20 units, a rate of 0.01 and a momentum of 0.9.
fn distance(trial: &Trial) -> Result<f64> {
    let of_optimizer = match trial.choice("optimizer")? {
        "sgd" => (trial.float("momentum")? - 0.9).abs(),
        "adam" => 0.3,
        _ => 0.6,
    };
    let layers = 0.2 * (trial.integer("layers")? as f64 - 2.0).abs();
    let units = (trial.integer("units")? as f64 - 20.0).abs() / 20.0;
    Ok(layers + units + (trial.float("rate")?.log10() + 2.0).abs() / 2.0 + of_optimizer)
}

/// The test function with an error that is larger for fewer epochs; every seventh trial fails.
fn with_epochs(trial: &Trial, fraction: f64) -> Result<f64> {
    if trial.number() % 7 == 3 {
        return Ok(f64::NAN);
    }
    let noise = (trial.seed() % 1000) as f64 / 1000.0;
    Ok(distance(trial)? + (1.0 / fraction - 1.0) * 0.02 * noise)
}

fn strategies() -> Vec<Item<dyn SearchStrategy>> {
    vec![
        RandomSearch::new(40).into_item(),
        GridSearch::new(3).into_item(),
        SuccessiveHalving::new(30).into_item(),
        Hyperband::new().into_item(),
        Tpe::new(40).into_item(),
    ]
}

fn search<'a>(strategy: Item<dyn SearchStrategy>) -> FunctionSearch<'a> {
    FunctionSearch::with_fraction(space(), with_epochs).strategy(strategy).seed(4).progress(false)
}

/// Everything but the times, bit for bit.
fn bits(result: &SearchResult) -> Vec<(usize, u64, u64, String, u64, bool)> {
    let of = |one: &TrialResult| {
        let arguments = serde_json::to_string(&one.arguments).unwrap();
        (one.number, one.seed, one.fraction.to_bits(), arguments, one.score.to_bits(), one.same_as_best)
    };
    result.trials().iter().map(of).collect()
}

#[test]
fn every_strategy_gives_the_same_bits_for_any_number_of_threads() -> Result<()> {
    let strategies = strategies();
    assert_eq!(strategies.len(), all().len());
    for strategy in strategies {
        let found = [1, 2, 4].map(|threads| search(strategy.clone()).threads(threads).run());
        let [one, two, four] = found.map(|result| bits(&result.unwrap()));
        assert!(one == two && one == four, "{strategy:?}");
        assert!(one.len() >= 17, "{strategy:?}");
    }
    Ok(())
}

#[test]
fn a_strategy_evaluates_as_often_as_it_states() -> Result<()> {
    for strategy in strategies() {
        let of_all = FunctionSearch::new(space(), distance).strategy(strategy.clone()).seed(4).progress(false).run()?;
        let stated = strategy.get()?.evaluations(&space());
        assert_eq!(stated, Some(of_all.evaluations().len()), "{strategy:?}");
    }
    Ok(())
}

#[test]
fn failed_trials_rank_last_and_are_reported() -> Result<()> {
    let result = search(RandomSearch::new(40).into_item()).run()?;
    let (scored, failed) = result.trials().split_at(34);
    assert!(scored.iter().all(|one| one.failure.is_none() && one.score.is_finite()));
    assert!(scored.windows(2).all(|pair| pair[0].score <= pair[1].score));
    assert!(failed.iter().all(|one| one.failure.as_deref() == Some("the score is NaN") && one.number % 7 == 3));
    let greatest = FunctionSearch::new(space(), |trial| Ok(-distance(trial)?)).greater_is_better(true);
    let greatest = greatest.strategy(RandomSearch::new(40)).seed(4).progress(false).run()?;
    let least = FunctionSearch::new(space(), distance).strategy(RandomSearch::new(40)).seed(4).progress(false).run()?;
    let numbers = |result: &SearchResult| result.trials().iter().map(|one| one.number).collect::<Vec<_>>();
    assert_eq!(numbers(&greatest), numbers(&least));
    Ok(())
}

#[test]
fn halving_continues_the_best_trials_of_each_rung() -> Result<()> {
    let result = search(SuccessiveHalving::new(30).into_item()).run()?;
    let rung = |fraction: f64| -> Vec<(usize, f64)> {
        let of = result.evaluations().iter().filter(|one| one.1 == fraction);
        of.map(|&(trial, _, score)| (trial, score)).collect()
    };
    let rungs: Vec<Vec<(usize, f64)>> = [1.0 / 9.0, 1.0 / 9.0 * 3.0, 1.0].map(rung).to_vec();
    assert_eq!(rungs.iter().map(Vec::len).collect::<Vec<_>>(), [30, 10, 3]);
    for pair in rungs.windows(2) {
        let mut best = pair[0].clone();
        best.retain(|one| !one.1.is_nan());
        best.sort_by(|a, b| a.1.total_cmp(&b.1));
        let survivors: Vec<usize> = pair[1].iter().map(|one| one.0).collect();
        assert_eq!(best[..survivors.len()].iter().map(|one| one.0).collect::<Vec<_>>(), survivors);
    }
    assert!(result.trials()[..3].iter().all(|one| one.fraction == 1.0));
    let so_far = result.best_so_far();
    assert_eq!((so_far.len(), so_far.last()), (43, Some(&result.best().score)));
    Ok(())
}

#[test]
fn tpe_is_better_than_random_search() -> Result<()> {
    let mean = |strategy: Item<dyn SearchStrategy>| -> Result<f64> {
        let of = |seed| {
            let search = FunctionSearch::new(space(), distance).strategy(strategy.clone()).seed(seed).progress(false);
            Ok(search.run()?.best().score)
        };
        Ok((0..20).map(of).sum::<Result<f64>>()? / 20.0)
    };
    let (random, tpe) = (mean(RandomSearch::new(80).into_item())?, mean(Tpe::new(80).into_item())?);
    assert!(tpe < 0.75 * random, "{tpe}, random {random}");
    Ok(())
}

#[test]
fn a_resumed_search_evaluates_the_rest_and_gives_the_result_of_the_whole() -> Result<()> {
    let path = std::env::temp_dir().join(format!("perceptra-resumed-search-{}.jsonl", std::process::id()));
    for strategy in strategies() {
        let _ = std::fs::remove_file(&path);
        let whole = search(strategy.clone()).run()?;
        let expected = bits(&whole);
        // The objective always fails after some evaluations, like a process that is killed.
        let all = whole.evaluations().len();
        for (round, allowed) in [0, 1, all / 4, all / 3, usize::MAX].into_iter().enumerate() {
            let count = AtomicUsize::new(0);
            let limited = |trial: &Trial, fraction: f64| match count.fetch_add(1, Ordering::Relaxed) < allowed {
                true => with_epochs(trial, fraction),
                false => Err(Error::Callback { callback: "test".into(), reason: "the power is gone".into() }),
            };
            let search = FunctionSearch::with_fraction(space(), limited).strategy(strategy.clone());
            let found = search.threads(2).progress(false).seed(4).journal(&path).run();
            let calls = count.load(Ordering::Relaxed);
            match found {
                Ok(result) => assert_eq!((bits(&result), round), (expected.clone(), 4), "{strategy:?}"),
                Err(error) => assert!(round < 4 && error.to_string().contains("the power is gone"), "{error}"),
            }
            assert!(round < 4 || calls == all - 1 - all / 4 - all / 3, "{calls} calls for {strategy:?}");
        }
        // The seed is that of the journal.
        let again = FunctionSearch::with_fraction(space(), |_, _| Ok(0.0)).strategy(strategy).progress(false);
        assert_eq!(bits(&again.journal(&path).run()?), expected);
    }
    std::fs::remove_file(&path).unwrap();
    Ok(())
}

#[test]
fn a_search_whose_trials_all_fail_is_an_error_with_the_reason() {
    for strategy in strategies() {
        let search = FunctionSearch::new(space(), |_| Ok(f64::NAN)).strategy(strategy).seed(4).progress(false);
        let error = search.run().unwrap_err().to_string();
        assert!(error.contains("all of which failed, number ") && error.contains(": the score is NaN"), "{error}");
        assert!(error.contains("at least one trial with a score"), "{error}");
    }
    let one = FunctionSearch::new(space(), |_| Ok(f64::NAN)).strategy(RandomSearch::new(1)).progress(false);
    assert!(one.run().unwrap_err().to_string().contains("1 trial, all"));
    // Infinite scores are scores.
    let infinite = FunctionSearch::new(space(), |_| Ok(f64::INFINITY)).strategy(RandomSearch::new(3)).progress(false);
    assert_eq!(infinite.run().unwrap().best().score, f64::INFINITY);
}

#[test]
fn a_search_resumes_from_a_journal_cut_at_any_byte() -> Result<()> {
    let path = std::env::temp_dir().join(format!("perceptra-cut-search-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let run = || search(RandomSearch::new(5).into_item()).threads(1).journal(&path).run();
    let expected = bits(&run()?);
    let bytes = std::fs::read(&path).unwrap();
    // The times of the trials that are evaluated again may differ.
    for end in 0..bytes.len() {
        std::fs::write(&path, &bytes[..end]).unwrap();
        assert_eq!(bits(&run()?), expected, "cut at {end}");
        let whole = bytes[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        assert_eq!(std::fs::read(&path).unwrap()[..whole], bytes[..whole], "cut at {end}");
    }
    std::fs::remove_file(&path).unwrap();
    Ok(())
}

#[test]
fn a_journal_of_another_search_is_refused_by_name() -> Result<()> {
    let path = std::env::temp_dir().join(format!("perceptra-other-search-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let search =
        |space| FunctionSearch::new(space, |_| Ok(1.0)).strategy(RandomSearch::new(3)).progress(false).journal(&path);
    search(space()).seed(4).run()?;
    let refused = |search: FunctionSearch<'_>| search.run().unwrap_err().to_string();
    assert!(refused(search(space()).seed(5)).contains("another seed: 4"));
    assert!(refused(search(space().integer("more", 1..=2)).seed(4)).contains("another space"));
    assert!(refused(search(space()).strategy(RandomSearch::new(4))).contains("another strategy"));
    assert!(refused(search(space()).greater_is_better(true)).contains("another function"));
    assert!(search(space()).run().is_ok());
    std::fs::remove_file(&path).unwrap();
    Ok(())
}

#[test]
fn a_time_budget_begins_no_further_trial() -> Result<()> {
    let slow = |trial: &Trial| {
        std::thread::sleep(Duration::from_millis(20));
        distance(trial)
    };
    let search = FunctionSearch::new(space(), slow).strategy(RandomSearch::new(1000)).seed(4).progress(false);
    let result = search.clone().threads(2).time_budget(Duration::from_millis(200)).run()?;
    let mut numbers: Vec<usize> = result.trials().iter().map(|one| one.number).collect();
    numbers.sort_unstable();
    assert!(result.is_cut() && numbers.len() < 100);
    assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>());
    let error = search.time_budget(Duration::ZERO).run().unwrap_err().to_string();
    assert!(error.contains("time for at least one trial"), "{error}");
    Ok(())
}

#[test]
fn a_batch_that_is_cut_in_the_middle_is_completed_before_the_next_one() -> Result<()> {
    let path = std::env::temp_dir().join(format!("perceptra-cut-batch-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let strategy = || Tpe::new(18).startup(6).batch(4);
    let search = |slow: bool| {
        let run = move |trial: &Trial| {
            std::thread::sleep(Duration::from_millis(if slow { 40 } else { 0 }));
            distance(trial)
        };
        FunctionSearch::new(space(), run).strategy(strategy()).seed(5).threads(1).progress(false)
    };
    let whole = search(false).run()?;
    // At most three trials a run: fewer than a batch.
    let limited = search(true).journal(&path).time_budget(Duration::from_millis(100));
    let mut runs = 0;
    let resumed = loop {
        let result = limited.run()?;
        runs += 1;
        if !result.is_cut() {
            break result;
        }
        assert_eq!(result.evaluations(), &whole.evaluations()[..result.evaluations().len()]);
    };
    std::fs::remove_file(&path).unwrap();
    assert!(runs >= 6, "{runs}");
    assert_eq!(resumed.evaluations(), whole.evaluations());
    let arguments = |of: &SearchResult| of.trials().iter().map(|one| one.arguments.clone()).collect::<Vec<_>>();
    assert_eq!(arguments(&resumed), arguments(&whole));
    Ok(())
}

#[test]
fn errors_name_the_trial_and_invalid_options_are_refused() {
    let search = FunctionSearch::new(space(), |trial| trial.float("momentum")).seed(4).progress(false);
    let error = search.clone().run().unwrap_err().to_string();
    assert!(error.contains("only where optimizer is sgd") && error.contains("in trial"), "{error}");
    let refused = |search: FunctionSearch<'_>| search.run().unwrap_err().to_string();
    assert!(refused(search.clone().threads(0)).contains("at least 1"));
    assert!(refused(search.clone().strategy(RandomSearch::new(0))).contains("trials is 0"));
    assert!(refused(search.clone().strategy("RandomSerch")).contains("did you mean \"RandomSearch\""));
    assert!(refused(search.strategy(Hyperband::new().min_fraction(0.0))).contains("min_fraction"));
    assert!(refused(FunctionSearch::new(SearchSpace::new(), |_| Ok(0.0))).contains("at least one"));
}

/// A user-defined strategy that proposes given batches.
#[derive(Debug)]
struct Fixed(Vec<Vec<Proposal>>);

impl crate::items::Spec for Fixed {}

impl SearchStrategy for Fixed {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        let mut before = 0;
        for batch in &self.0 {
            if progress.finished().len() == before {
                return Ok(batch.clone());
            }
            before += batch.len();
        }
        Ok(Vec::new())
    }
}

#[test]
fn proposals_that_contradict_the_space_or_each_other_are_refused() {
    let space = || SearchSpace::new().integer("a", 1..=3).integer("b", 1..=2).when("a", 2..=3);
    let one = |trial: usize, values: &[(&str, usize)]| {
        Proposal::new(trial, values.iter().map(|&(name, value)| (name, value.into())).collect())
    };
    let run = |batches| {
        let search = FunctionSearch::new(space(), |trial| Ok(trial.integer("a")? as f64)).strategy(Fixed(batches));
        search.seed(1).progress(false).run()
    };
    let (first, deep) = (one(0, &[("a", 1)]), one(1, &[("a", 2), ("b", 1)]));
    assert_eq!(run(vec![vec![first.clone(), deep.clone()]]).unwrap().best().number, 0);
    let half = || first.clone().with_fraction(0.5);
    assert!(run(vec![vec![half()], vec![first.clone()]]).is_ok());
    let cases = [
        (vec![vec![one(0, &[("a", 4)])]], "a value of its range"),
        (vec![vec![one(0, &[("c", 1)])]], "\"c\""),
        (vec![vec![one(0, &[("a", 1), ("b", 1)])]], "absent where its condition"),
        (vec![vec![one(0, &[("a", 2)])]], "without b"),
        (vec![vec![first.clone(), first.clone()]], "each trial once"),
        (vec![vec![half(), deep.clone().with_fraction(0.0)]], "a fraction in (0, 1]"),
        (vec![vec![first.clone()], vec![half()]], "a larger fraction"),
        (vec![vec![half()], vec![one(0, &[("a", 3), ("b", 1)])]], "a new number"),
        (vec![], "at least one trial"),
    ];
    for (batches, part) in cases {
        let error = run(batches).unwrap_err().to_string();
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn a_search_of_any_number_of_trials_begins_within_its_time_or_is_refused() {
    // The largest number that an argument takes.
    let most = u32::MAX as usize;
    let second = Duration::from_millis(100);
    for strategy in [
        IntoItem::<dyn SearchStrategy, _>::into_item(RandomSearch::new(most)),
        Tpe::new(most).startup(most).into_item(),
    ] {
        let result = search(strategy).time_budget(second).run().unwrap();
        assert!(result.is_cut() && !result.trials().is_empty());
    }
    for (strategy, argument) in [
        (IntoItem::<dyn SearchStrategy, _>::into_item(SuccessiveHalving::new(most)), "trials"),
        (SuccessiveHalving::new(9).factor(1.0 + f64::EPSILON).into_item(), "factor"),
        (SuccessiveHalving::new(9).min_fraction(f64::from_bits(1)).factor(1.1).into_item(), "factor"),
        (Hyperband::new().factor(1.000_001).into_item(), "factor"),
        (Hyperband::new().min_fraction(1e-9).into_item(), "min_fraction"),
        (Hyperband::new().rounds(most).into_item(), "min_fraction"),
        (GridSearch::new(most).into_item(), "points"),
    ] {
        let error = search(strategy.clone()).run().unwrap_err();
        assert!(
            matches!(&error, Error::Argument { argument: found, .. } if *found == argument),
            "{strategy:?}: {error}"
        );
    }
    // A search of more draws than are proposed at a time has those of one that is shorter.
    let numbers = |trials| {
        let found =
            FunctionSearch::new(space(), |_| Ok(0.0)).strategy(RandomSearch::new(trials)).seed(4).progress(false);
        found.run().unwrap().trials()[..900]
            .iter()
            .map(|one| (one.number, one.arguments.to_string()))
            .collect::<Vec<_>>()
    };
    assert!(numbers(900) == numbers(2100));
}

#[test]
fn every_strategy_is_made_of_its_configuration() {
    for entry in all() {
        let item = (entry.make)(Value::Null).unwrap();
        assert_eq!((item.class_name().as_str(), item.check().is_ok()), (entry.name, true));
        let config = item.config().unwrap();
        assert_eq!((entry.make)(config.clone()).unwrap().config().unwrap(), config);
        assert!((entry.make)(json!({ "folds": 3 })).is_err());
    }
}

#[cfg(feature = "plot")]
#[test]
fn pictures_show_every_kind_of_argument() -> Result<()> {
    let result = search(SuccessiveHalving::new(60).into_item()).run()?;
    for name in ["layers", "units", "rate", "optimizer"] {
        let svg = result.plot(name)?;
        assert!(svg.contains(&format!("against {name}")) && svg.contains("6 trials"), "{svg}");
    }
    assert!(result.plot("rate")?.contains("log₁₀ rate"));
    assert!(result.plot_best_so_far()?.contains("best so far"));
    assert!(matches!(result.plot("unit"), Err(Error::Unknown { .. })));
    Ok(())
}
