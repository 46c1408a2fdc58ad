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
            /// The strategy that proposes the arguments to try: an item, its name, or a shared pointer to one. Defaults to
            /// [`RandomSearch`](struct@$crate::search::RandomSearch) with 100 trials.
            pub fn strategy<M>(mut self, strategy: impl $crate::items::IntoItem<dyn $crate::search::SearchStrategy, M>) -> Self {
                self.options.strategy = strategy.into_item();
                self
            }

            /// The number of threads, at least 1, on which trials are evaluated at the same time; with fewer trials than threads, the
            /// folds of a trial are as well. Defaults to [`num_threads`](crate::num_threads). The results do not depend on it.
            pub fn threads(mut self, threads: usize) -> Self {
                self.options.threads = Some(threads);
                self
            }

            /// The seed of all random numbers: the arguments that are tried, the splits, and the seed of each trial. Defaults to the
            /// seed of the journal, else to a random one.
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = Some(seed);
                self
            }

            /// A file to which every finished trial is appended; if it exists already, the search is resumed from it.
            pub fn journal(mut self, path: impl Into<std::path::PathBuf>) -> Self {
                self.options.journal = Some(path.into());
                self
            }

            /// The time after which no trial is started. Running trials are finished, and the result has the trials so far. By
            /// default there is no limit.
            ///
            /// The budget may end in the middle of a batch. A strategy only ever sees whole batches: a search that is resumed from its
            /// [`journal`](Self::journal) proposes that batch again, takes its finished trials from the journal, and evaluates
            /// the rest before the next batch. However often it was stopped, its result is therefore bitwise that of a search without a
            /// limit. Each run has the full budget.
            pub fn time_budget(mut self, budget: std::time::Duration) -> Self {
                self.options.time_budget = Some(budget);
                self
            }

            /// Whether the number of finished trials and the best one so far are shown on standard error: as a bar on a terminal, as
            /// lines elsewhere. Defaults to true.
            pub fn progress(mut self, progress: bool) -> Self {
                self.options.progress = progress;
                self
            }
        }
    };
}
pub(super) use search_options;
