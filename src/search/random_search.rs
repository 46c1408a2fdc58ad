use super::search_strategy::DRAWN_AT_ONCE;
use super::{Proposal, SearchProgress, SearchSpace, SearchStrategy};
use crate::Result;
use crate::items::item;

item! {
    /// Draws the arguments of every trial independently; see [`SearchSpace::sample`].
    ///
    /// The trials of a shorter search are the first ones of a longer search with the same seed.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// let search = FunctionSearch::new(SearchSpace::new().float("x", -1.0..=1.0), |trial| Ok(trial.float("x")?.powi(2)));
    /// let result = search.strategy(RandomSearch::new(50)).seed(1).progress(false).run()?;
    /// assert!(result.best().score < 0.01);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// J. Bergstra and Y. Bengio, *Random search for hyper-parameter optimization*, JMLR 13 (2012).
    pub struct RandomSearch: "RandomSearch" {
        /// The number of trials.
        trials: usize [at least 1] = 100,
    }
}

impl RandomSearch {
    /// Creates a search of this many trials, at least 1.
    pub fn new(trials: usize) -> RandomSearch {
        RandomSearch { trials }
    }
}

impl SearchStrategy for RandomSearch {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        let done = progress.finished.len();
        let drawn = |trial| Proposal::new(trial, progress.space.sample(progress.seed, trial));
        Ok((done..self.trials).take(DRAWN_AT_ONCE).map(drawn).collect())
    }

    fn evaluations(&self, _: &SearchSpace) -> Option<usize> {
        Some(self.trials)
    }
}
