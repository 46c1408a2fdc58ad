//! Folds and trials over several ranks, compared with those of one process.

use super::pipelines::table;
use perceptra::Result;
use perceptra::distributed::Communicator;
use perceptra::items::Spec;
use perceptra::pipeline::CrossValidate;
use perceptra::prelude::*;
use perceptra::scores::{Score, ScoreInput};
use perceptra::search::{FunctionSearch, SearchResult, SuccessiveHalving};
use std::path::Path;

fn pipeline(units: usize) -> Pipeline {
    let model = Sequential::new().add(Dense::new(units, Relu)).add(Dense::new(1, Sigmoid));
    Pipeline::new(Target::binary("late"))
        .exclude(["amount", "weight"])
        .model(model.compile("adam", "bce", ()))
        .options(Fit::new().epochs(4).batch_size(16).verbose(0))
}

/// The scores of each fold equal those of one process.
pub(crate) fn folds(world: &impl Communicator) -> Result<()> {
    let (table, pipeline) = (table(0..180)?, pipeline(4).seed(5));
    let options = CrossValidate::new(StratifiedKFold::new(5), scores![RocAuc, LogLoss]).baselines(true);
    let (found, expected) = (options.run_distributed(world, &pipeline, &table)?, options.run(&pipeline, &table)?);
    for score in ["roc_auc", "log_loss"] {
        assert_eq!(found.values(score), expected.values(score));
        assert_eq!(found.baseline("linear", score), expected.baseline("linear", score));
    }
    // A random seed is drawn by rank 0.
    let drawn = options.run_distributed(world, &self::pipeline(4), &table)?;
    let mut sums = drawn.values("log_loss").unwrap_or_default().to_vec();
    let mine = sums.clone();
    world.sum_f64(&mut sums)?;
    let difference = |(sum, value): (&f64, f64)| (sum - value * world.size() as f64).abs();
    assert!(sums.iter().zip(mine).map(difference).all(|difference| difference < 1e-12));
    Ok(())
}

/// The results that have to be the same for any number of ranks, bit for bit.
fn bits(result: &SearchResult) -> Vec<(usize, u64, String)> {
    result.trials().iter().map(|trial| (trial.number, trial.score.to_bits(), trial.arguments.to_string())).collect()
}

fn search<'a>() -> Search<'a> {
    let space = SearchSpace::new().integer("units", 1..=8).float("rate", 0.0..=0.5);
    Search::new(space, |trial| Ok(pipeline(trial.integer("units")?))).seed(4).threads(1).progress(false)
}

/// The trials are those of one process, with strategies that learn from trials and that continue some; the journal is that of rank 0.
pub(crate) fn trials(world: &impl Communicator, folder: &Path) -> Result<()> {
    let table = table(0..120)?;
    for (index, search) in [
        search().strategy(Tpe::new(7).startup(3)),
        search().strategy(SuccessiveHalving::new(6)),
        search().strategy(RandomSearch::new(5)).cross_validation(KFold::new(2).shuffle(true)),
    ]
    .into_iter()
    .enumerate()
    {
        let expected = search.run(&table)?;
        let journal = folder.join(format!("journal-{index}-{}", world.size()));
        let search = search.journal(&journal);
        assert_eq!(bits(&search.run_distributed(world, &table)?), bits(&expected), "strategy {index}");
        // From the journal, which has every evaluation.
        assert_eq!(bits(&search.run_distributed(world, &table)?), bits(&expected), "strategy {index} again");
    }
    Ok(())
}

/// A score that is infinite on an even number of rows.
#[derive(Debug)]
struct EvenRows;

impl Spec for EvenRows {
    fn config(&self) -> Result<serde_json::Value> {
        Ok(serde_json::json!({}))
    }
}

impl Score for EvenRows {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        Ok(if input.rows().is_multiple_of(2) { f64::INFINITY } else { 0.5 })
    }
}

/// JSON has no infinity, which is the score of one of two folds: of 60 and 59 rows.
pub(crate) fn infinite(world: &impl Communicator, folder: &Path) -> Result<()> {
    let table = table(0..119)?;
    let search = search().strategy(RandomSearch::new(3)).score(EvenRows).cross_validation(KFold::new(2));
    let expected = search.run(&table)?;
    assert_eq!(expected.best().parts, [f64::INFINITY, 0.5]);
    assert_eq!(bits(&search.run_distributed(world, &table)?), bits(&expected));
    // The second time from the journal.
    let search = search.journal(folder.join(format!("infinite-{}", world.size())));
    for _ in 0..2 {
        let found = search.run_distributed(world, &table)?;
        assert_eq!((bits(&found), &found.best().parts), (bits(&expected), &expected.best().parts));
    }
    Ok(())
}

/// A journal with the first lines of a search is gone on from; `evaluated` counts the trials of all ranks.
pub(crate) fn continued(world: &impl Communicator, folder: &Path) -> Result<()> {
    let space = SearchSpace::new().float("x", -2.0..=2.0);
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let search = FunctionSearch::new(space, |trial| {
        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok((trial.float("x")? - 1.0).powi(2))
    });
    let search = search.strategy(RandomSearch::new(20)).seed(1).threads(1).progress(false);
    let expected = search.run()?;
    calls.store(0, std::sync::atomic::Ordering::Relaxed);
    let path = folder.join(format!("continued-{}", world.size()));
    let search = search.journal(&path);
    search.run_distributed(world)?;
    let evaluated = |expected: f64| {
        let mut all = [calls.swap(0, std::sync::atomic::Ordering::Relaxed) as f64];
        world.sum_f64(&mut all)?;
        assert_eq!(all[0], expected);
        Ok::<_, perceptra::Error>(())
    };
    evaluated(20.0)?;
    if world.rank() == 0 {
        let text = std::fs::read_to_string(&path).unwrap();
        let first: Vec<&str> = text.lines().take(8).collect();
        // A kill leaves a torn line.
        std::fs::write(&path, format!("{}\n{{\"crc32c\":\"0", first.join("\n"))).unwrap();
    }
    assert_eq!(bits(&search.run_distributed(world)?), bits(&expected));
    evaluated(13.0)
}
