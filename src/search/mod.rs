//! Search for the arguments of a pipeline: layers, units, activations, the optimizer and its arguments, epochs, transformers.
//!
//! A [`SearchSpace`] lists the arguments with their ranges. A [`Search`] consists of a space and a closure that builds a
//! [`Pipeline`](crate::pipeline::Pipeline) from a [`Trial`]; a [strategy](SearchStrategy) proposes the trials. The
//! [result](SearchResult) lists all trials, the best one first. [`Search::refit`] fits the best pipeline to all rows; evaluate it once,
//! on test rows that the search never saw.
//!
//! ```
//! use perceptra::prelude::*;
//!
//! # fn number(row: u32, factor: u32) -> f64 { f64::from(row * factor % 97) / 97.0 - 0.5 }
//! let points = Table::new()
//!     .with_numbers("a", (0..400).map(|row| number(row, 31)))?
//!     .with_numbers("b", (0..400).map(|row| number(row, 57)))?
//!     .with_booleans("inside", (0..400).map(|row| number(row, 31).hypot(number(row, 57)) < 0.4))?;
//! let (train, test) = train_test_split(&points).test_size(0.25).stratify("inside").seed(1).split()?;
//!
//! let space = SearchSpace::new()
//!     .integer("layers", 1..=2)
//!     .integer("units_1", 4..=16)
//!     .choice("activation_1", ["relu", "tanh"])
//!     .integer("units_2", 4..=16)
//!     .when("layers", 2..=2)
//!     .choice("optimizer", ["adam", "sgd"])
//!     .float("momentum", 0.0..=0.95)
//!     .when_choice("optimizer", ["sgd"])
//!     .log_float("learning_rate", 1e-3..=1e-1);
//! let search = Search::new(space, |trial| {
//!     let mut layers = Sequential::new().add(Dense::new(trial.integer("units_1")?, trial.choice("activation_1")?));
//!     if trial.integer("layers")? == 2 {
//!         layers = layers.add(Dense::new(trial.integer("units_2")?, Relu));
//!     }
//!     let (layers, rate) = (layers.add(Dense::new(1, Sigmoid)), trial.float("learning_rate")?);
//!     let model = match trial.choice("optimizer")? {
//!         "sgd" => layers.compile(SGD.learning_rate(rate).momentum(trial.float("momentum")?), BinaryCrossentropy, ()),
//!         _ => layers.compile(Adam.learning_rate(rate), BinaryCrossentropy, ()),
//!     };
//!     let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
//!     Ok(Pipeline::new(Target::binary("inside")).columns(columns).model(model).options(Fit::new().epochs(9)))
//! })
//! .strategy(SuccessiveHalving::new(9))
//! .score(LogLoss)
//! .validation_split(0.25)
//! .seed(1)
//! .progress(false);
//!
//! let result = search.run(&train)?;
//! println!("{result}");
//! let fitted = search.refit(&result, &train)?;
//! println!("{}", fitted.evaluate(&test)?);
//! # assert!(fitted.evaluate(&test)?.get("roc_auc") > Some(0.7));
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! # Strategies
//!
//! | strategy | proposes |
//! |---|---|
//! | [`RandomSearch`](struct@RandomSearch) | independent draws |
//! | [`GridSearch`](struct@GridSearch) | every combination of values |
//! | [`SuccessiveHalving`](struct@SuccessiveHalving) | many short trials, of which the best are continued |
//! | [`Hyperband`](struct@Hyperband) | several brackets of successive halving, with longer and longer first rungs |
//! | [`Tpe`](struct@Tpe) | values that are more frequent in good trials than in others |
//!
//! A user-defined strategy implements [`SearchStrategy`], as the built-in ones do.
//!
//! # Scores and their errors
//!
//! All trials are scored on the same rows: one [validation part](Search::validation_split), or the
//! [folds](Search::cross_validation) of a cross-validation, which may be grouped or ordered by time. The scores on the folds, or on
//! disjoint groups of the validation part, yield a standard error of each score, and are compared pairwise with those of the best
//! trial: a trial that does not differ from the best one significantly at the 5% level is [marked](TrialResult::same_as_best). Where many trials
//! are marked, choose the smallest or the fastest of them. The level holds for each comparison on its own, without a correction for
//! the number of trials.
//!
//! Early stopping is an option of the pipeline and uses a [validation part](crate::pipeline::Pipeline::validation_split) of its training rows,
//! never the rows on which trials are scored. A strategy ends trials only at the end of a rung.
//!
//! # Reproducibility
//!
//! The seed of the search determines which arguments are tried, how rows are split, the random numbers of transformers, and the seed of each
//! trial, from which its networks are initialized. The results are bitwise the same for any number of threads, and a trial that a
//! strategy continues has the same result as one that was never interrupted: [callbacks](crate::callbacks) keep their state as in a
//! backup, so a user-defined callback must return it from [`state`](crate::callbacks::Callback::state).
//!
//! # The journal
//!
//! With [`journal`](Search::journal) every finished trial is appended to a file as one line. The same search with the same file continues
//! where it was stopped, with the same result as an uninterrupted run; if the process is killed, only the trials that were running
//! are lost. The first line stores the space, the strategy, the score, the validation, the seed, the version and a fingerprint of the
//! table; a search that differs in one of them returns an error. The closure is not recorded: begin a new journal when it
//! changes. A line looks like this; the checksum covers the rest of the line:
//!
//! ```text
//! {"crc32c":"5a1d4f0c","trial":3,"fraction":1.0,"seed":1185…,"arguments":{"units_1":12,…},"score":0.4123,"parts":[…],"seconds":0.8}
//! ```
//!
//! [`Search::run_trial`] repeats the trial of one such line, with bitwise the same result.

mod argument_domain;
mod condition;
mod fingerprint;
mod function_search;
mod journal;
mod journal_line;
mod objective;
mod parzen;
mod pipeline_objective;
mod rank_trials;
mod row_groups;
mod run;
mod rungs;
#[expect(clippy::module_inception, reason = "the file is named after its one type, as all are")]
mod search;
mod search_display;
mod search_options;
#[cfg(feature = "plot")]
mod search_pictures;
mod search_result;
mod search_space;
mod search_strategy;
mod search_table;
mod search_value;
#[cfg(test)]
mod tests;
mod trial;
mod trial_arguments;
mod trial_result;
mod workers;

use crate::items::family;

// One line for each item: its file and its name.
family! {
    /// Creates the strategy with this class name from arguments by name; `null` takes the defaults.
    ///
    /// ```
    /// use perceptra::search;
    /// use serde_json::json;
    ///
    /// let strategy = search::get("RandomSearch", json!({ "trials": 20 }))?;
    /// assert_eq!(strategy.config()?["trials"], 20);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    SearchStrategy: "search strategy", all(), str::to_string, &[];
    /// Adds a search strategy.
    registered by search_strategy;
    grid_search: GridSearch;
    hyperband: Hyperband;
    random_search: RandomSearch;
    successive_halving: SuccessiveHalving;
    tpe: Tpe;
}

pub use function_search::FunctionSearch;
pub use search::Search;
pub use search_result::SearchResult;
pub use search_space::SearchSpace;
pub use search_strategy::{FinishedTrial, Proposal, SearchProgress, SearchStrategy};
pub use search_value::SearchValue;
pub use trial::Trial;
pub use trial_arguments::TrialArguments;
pub use trial_result::TrialResult;
