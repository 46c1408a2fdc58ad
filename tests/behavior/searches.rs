//! Searches for the arguments of pipelines, as a user's program runs them.

use perceptra::prelude::*;
use perceptra::search::{SearchResult, Trial, TrialResult};
use perceptra::{Error, Result};
use std::path::PathBuf;

/// Points within and outside of a circle, with a category that decides some of them.
fn points(rows: u32) -> Table {
    let number = |row: u32, factor: u32| f64::from(row * factor % 97) / 97.0 - 0.5;
    let kind = |row: u32| ["north", "south", "west"][(row * 7 % 3) as usize];
    let inside = |row: u32| number(row, 31).hypot(number(row, 57)) < if kind(row) == "west" { 0.3 } else { 0.45 };
    Table::new()
        .with_numbers("a", (0..rows).map(|row| number(row, 31)))
        .and_then(|table| table.with_numbers("b", (0..rows).map(|row| number(row, 57))))
        .and_then(|table| table.with_strings("kind", (0..rows).map(kind)))
        .and_then(|table| table.with_strings("where", (0..rows).map(|row| if inside(row) { "in" } else { "out" })))
        .unwrap()
}

fn space() -> SearchSpace {
    SearchSpace::new()
        .integer("layers", 1..=2)
        .integer("units_1", 4..=12)
        .integer("units_2", 4..=12)
        .when("layers", 2..=2)
        .choice("activation", ["relu", "tanh"])
        .choice("scaler", ["standard", "robust", "quantile"])
        .choice("optimizer", ["adam", "sgd"])
        .float("momentum", 0.0..=0.9)
        .when_choice("optimizer", ["sgd"])
        .log_float("learning_rate", 3e-3..=3e-1)
        .log_integer("batch_size", 8..=32)
}

/// A pipeline with all state that has to continue where a part of a fit ended: a schedule, dropout, averages, callbacks with state.
fn pipeline(trial: &Trial) -> Result<Pipeline> {
    let mut layers = Sequential::new().add(Dense::new(trial.integer("units_1")?, trial.choice("activation")?));
    if trial.integer("layers")? == 2 {
        layers = layers.add(Dropout::new(0.1)).add(Dense::new(trial.integer("units_2")?, Relu));
    }
    let layers = layers.add(Dense::new(1, Sigmoid));
    let rate = CosineDecay::new(trial.float("learning_rate")?, 150);
    let model = match trial.choice("optimizer")? {
        "sgd" => layers.compile(SGD.learning_rate(rate).momentum(trial.float("momentum")?), BinaryCrossentropy, ()),
        _ => layers.compile(Adam.learning_rate(rate).use_ema(true).ema_momentum(0.9), BinaryCrossentropy, ()),
    };
    let columns = match trial.choice("scaler")? {
        "standard" => ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]),
        "robust" => ColumnTransformer::new().add(RobustScaler::new(), ["a", "b"]),
        _ => ColumnTransformer::new().add(QuantileTransformer::new(), ["a", "b"]),
    };
    let stopping = EarlyStopping::new().patience(4).restore_best_weights(true);
    Ok(Pipeline::new(Target::binary("where").positive("in"))
        .columns(columns.add(OneHotEncoder::new(), ["kind"]))
        .model(model)
        .options(Fit::new().batch_size(trial.integer("batch_size")?).epochs(9).callback(stopping))
        .validation_split(0.2))
}

fn search<'a>() -> Search<'a> {
    Search::new(space(), pipeline).score(LogLoss).seed(3).progress(false)
}

type Bits = (usize, u64, u64, String, u64, Vec<u64>, bool);

/// The results that do not depend on time, bit for bit.
fn bits(one: &TrialResult) -> Bits {
    let parts = one.parts.iter().map(|part| part.to_bits()).collect();
    let arguments = one.arguments.to_string();
    (one.number, one.seed, one.fraction.to_bits(), arguments, one.score.to_bits(), parts, one.same_as_best)
}

fn all_bits(result: &SearchResult) -> Vec<Bits> {
    result.trials().iter().map(bits).collect()
}

fn journal(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("perceptra-search-{name}-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

#[test]
fn results_are_the_same_bits_for_any_number_of_threads_and_journal_lines_are_run_again_alone() -> Result<()> {
    let table = points(240);
    for folds in [false, true] {
        let path = journal("lines");
        let search = || match folds {
            true => search().strategy(SuccessiveHalving::new(9)).cross_validation(StratifiedKFold::new(2)),
            false => search().strategy(SuccessiveHalving::new(9)),
        };
        let one = search().threads(1).run(&table)?;
        let four = search().threads(4).journal(&path).run(&table)?;
        assert_eq!(all_bits(&one), all_bits(&four));
        assert_eq!(one.best().parts.len(), if folds { 2 } else { 4 });
        assert_eq!(one.trials().iter().filter(|trial| trial.fraction == 1.0).count(), 1);

        // A line of each rung, the last one of a trial that was continued twice.
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines.len(), 9 + 3 + 1);
        for line in [lines[0], lines[10], lines[12]] {
            let again = search().run_trial(&table, line)?;
            let found = four.evaluations().iter().find(|one| one.0 == again.number && one.1 == again.fraction);
            assert_eq!(found.map(|one| one.2.to_bits()), Some(again.score.to_bits()), "{line}");
        }
        let error = search().run_trial(&table, &lines[1][..40]).unwrap_err().to_string();
        assert!(error.contains("a complete journal line"), "{error}");
        let error = search().run_trial(&table, text.lines().next().unwrap()).unwrap_err().to_string();
        assert!(error.contains("not the header"), "{error}");
        let error = search().seed(4).run_trial(&table, lines[0]).unwrap_err().to_string();
        assert!(error.contains("another seed"), "{error}");

        // In a process that has none of the networks, trials are continued from their beginning.
        let cut: String = text.split_inclusive('\n').take(1 + 9).collect();
        std::fs::write(&path, cut).unwrap();
        assert_eq!(all_bits(&search().journal(&path).run(&table)?), all_bits(&one));
        let error = search().journal(&path).run(&points(239)).unwrap_err().to_string();
        assert!(error.contains("another table"), "{error}");
        let error = search().score(RocAuc).journal(&path).run(&table).unwrap_err().to_string();
        assert!(error.contains("another score"), "{error}");
        std::fs::remove_file(&path).unwrap();
    }
    Ok(())
}

#[test]
fn a_trial_is_the_fit_of_its_pipeline_bit_for_bit() -> Result<()> {
    let table = points(240);
    let part: Vec<i64> = (0..240).map(|row| if row % 4 == 3 { 0 } else { -1 }).collect();
    let plain = |trial: &Trial| {
        let layers = Sequential::new().add(Dense::new(trial.integer("units")?, Relu)).add(Dropout::new(0.2));
        let model = layers.add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.02), BinaryCrossentropy, ());
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
        Ok(Pipeline::new(Target::binary("where"))
            .columns(columns)
            .model(model)
            .members(2)
            .options(Fit::new().epochs(6)))
    };
    let search = Search::new(SearchSpace::new().integer("units", 3..=12), plain).strategy(SuccessiveHalving::new(6));
    let search = search.score("log_loss").cross_validation(PredefinedSplit::new(part)).seed(5).progress(false);
    let result = search.run(&table)?;
    let (train, test): (Vec<usize>, Vec<usize>) = (0..240).partition(|row| row % 4 != 3);
    let fitted = search.refit(&result, &table.take(&train)?)?;
    let score = fitted.evaluate_with(&table.take(&test)?, scores![LogLoss])?.get("log_loss");
    assert_eq!((result.best().fraction, Some(result.best().score)), (1.0, score));
    Ok(())
}

#[test]
fn a_trial_that_diverges_has_failed_and_the_others_go_on() -> Result<()> {
    let table = Table::new()
        .with_numbers("x", (0..60).map(f64::from))?
        .with_numbers("y", (0..60).map(|row| f64::from(row) * 3.0 + f64::from(row % 7)))?;
    let space = SearchSpace::new().choice("rate", ["0.01", "1e30"]);
    let search = Search::new(space, |trial| {
        let rate = if trial.choice("rate")? == "0.01" { 0.01 } else { 1e30 };
        let model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(rate), "mse", ());
        Ok(Pipeline::new(Target::regression("y")).model(model).options(Fit::new().epochs(9)))
    });
    for strategy in ["GridSearch", "Hyperband"] {
        let result = search.clone().strategy(strategy).seed(1).progress(false).run(&table)?;
        assert_eq!(result.score_name(), "root_mean_squared_error");
        let (best, last) = (result.best(), result.trials().last().unwrap());
        assert!(best.score.is_finite() && best.standard_error > 0.0 && best.same_as_best);
        assert!(last.failure.as_deref().is_some_and(|why| why.contains("loss")), "{:?}", last.failure);
        assert!(result.to_string().contains("failed"), "{result}");
        assert!(search.refit_trial(last, &table).unwrap_err().to_string().contains("which failed"));
    }
    Ok(())
}

#[test]
fn invalid_searches_are_rejected_with_the_cure() -> Result<()> {
    let table = points(120);
    let space = || SearchSpace::new().integer("members", 1..=2);
    let default = |trial: &Trial| Ok(Pipeline::new(Target::binary("where")).members(trial.integer("members")?));
    let search = Search::new(space(), default).seed(1).progress(false);
    let error = search.clone().strategy(SuccessiveHalving::new(3)).run(&table).unwrap_err().to_string();
    assert!(error.contains(".model(…)") && error.contains("in trial 0: members"), "{error}");
    for fraction in [0.0, 1.0, f64::NAN] {
        let error = search.clone().validation_split(fraction).run(&table).unwrap_err().to_string();
        assert!(error.contains("(0, 1)"), "{error}");
    }
    let error = search.clone().score("log_los").run(&table).unwrap_err().to_string();
    assert!(error.contains("did you mean \"log_loss\""), "{error}");
    let error = search.clone().score("r2").strategy(RandomSearch::new(1)).run(&table).unwrap_err().to_string();
    assert!(error.contains("regression"), "{error}");
    let unknown = Search::new(space(), |_| Ok(Pipeline::new(Target::binary("nowhere")))).progress(false);
    assert!(matches!(unknown.run(&table).unwrap_err(), Error::UnknownColumn { .. }));
    Ok(())
}

#[test]
fn a_pipeline_without_a_model_is_searched_whole() -> Result<()> {
    let space = SearchSpace::new().choice("columns", ["a", "b"]);
    let search = Search::new(space, |trial| {
        Ok(Pipeline::new(Target::binary("where")).members(1).exclude([trial.choice("columns")?]))
    });
    let result = search.strategy(GridSearch).score("roc_auc").seed(1).progress(false).run(&points(120))?;
    assert!(result.trials().len() == 2 && result.best().score >= result.trials()[1].score);
    Ok(())
}
