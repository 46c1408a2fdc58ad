//! The options that all searches have.

use super::{RandomSearch, SearchStrategy};
use crate::items::{IntoItem, Item};
use std::path::PathBuf;
use std::time::Duration;

/// The options that all searches have.
#[derive(Debug, Clone)]
pub(super) struct SearchOptions {
    pub(super) strategy: Item<dyn SearchStrategy>,
    pub(super) threads: Option<usize>,
    pub(super) seed: Option<u64>,
    pub(super) journal: Option<PathBuf>,
    pub(super) time_budget: Option<Duration>,
    pub(super) progress: bool,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            strategy: IntoItem::<dyn SearchStrategy, _>::into_item(RandomSearch),
            threads: None,
            seed: None,
            journal: None,
            time_budget: None,
            progress: true,
        }
    }
}

/// The setters of the options that all searches have.
macro_rules! search_options {
    ($($head:tt)*) => {
        $($head)* {
            /// What decides which arguments are tried: a strategy, its name, or a shared pointer to one. Defaults to
            /// [`RandomSearch`](struct@$crate::search::RandomSearch) with 100 trials.
            pub fn strategy<M>(mut self, strategy: impl $crate::items::IntoItem<dyn $crate::search::SearchStrategy, M>) -> Self {
                self.options.strategy = strategy.into_item();
                self
            }

            /// The number of threads, at least 1, on which trials are evaluated at the same time; where there are fewer trials than
            /// threads, the folds of a trial. Defaults to [`num_threads`](crate::num_threads). The results do not depend on it.
            pub fn threads(mut self, threads: usize) -> Self {
                self.options.threads = Some(threads);
                self
            }

            /// The seed of everything random: the arguments that are tried, the splits, and a seed for each trial. Without it, that
            /// of the journal, or a fresh one.
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = Some(seed);
                self
            }

            /// A file to which every finished trial is appended, and from which the search is resumed if it is there.
            pub fn journal(mut self, path: impl Into<std::path::PathBuf>) -> Self {
                self.options.journal = Some(path.into());
                self
            }

            /// The time after which no trial is begun: those that have begun are finished, and the result is that of the trials so
            /// far. By default there is no limit.
            ///
            /// A batch of the strategy may be cut in the middle. Nothing is ever proposed from a part of a batch: a search that is
            /// resumed from its [`journal`](Self::journal) proposes that batch again, takes the trials that were finished from the
            /// journal, and evaluates the rest before the next batch. So it ends with the same bits as a search without a limit,
            /// however often it was cut. The time counts anew for each run.
            pub fn time_budget(mut self, budget: std::time::Duration) -> Self {
                self.options.time_budget = Some(budget);
                self
            }

            /// Whether standard error shows how many trials are finished and the best one so far: a bar on a terminal, lines
            /// elsewhere. Defaults to true.
            pub fn progress(mut self, progress: bool) -> Self {
                self.options.progress = progress;
                self
            }
        }
    };
}
pub(super) use search_options;
