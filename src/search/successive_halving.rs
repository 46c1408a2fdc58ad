use super::rungs::{MOST_RUNGS, Rung, further_rungs, next_rung, rungs};
use super::search_strategy::MOST_TRIALS;
use super::{Proposal, SearchProgress, SearchSpace, SearchStrategy};
use crate::Result;
use crate::items::{invalid, item};

item! {
    /// Starts many random trials and continues the best of them with more epochs.
    ///
    /// Every trial is evaluated after `min_fraction` of its epochs; the best 1/`factor` of them are continued to `factor` times as
    /// many epochs, and so on up to all epochs. A trial is continued from where it stopped, and learning rate schedules follow the
    /// full number of epochs, so its results are bitwise those of a trial that was never interrupted. The initial trials are those
    /// of [`RandomSearch`](struct@super::RandomSearch).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// // The plain function is the score of trials of any length.
    /// let search = FunctionSearch::new(SearchSpace::new().float("x", -1.0..=1.0), |trial| Ok(trial.float("x")?.powi(2)));
    /// let result = search.strategy(SuccessiveHalving::new(27)).seed(1).progress(false).run()?;
    /// assert_eq!(result.trials().iter().filter(|trial| trial.fraction == 1.0).count(), 3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// K. Jamieson and A. Talwalkar, *Non-stochastic best arm identification and hyperparameter optimization*, AISTATS 2016.
    /// scikit-learn, *sklearn.model_selection.HalvingRandomSearchCV*.
    pub struct SuccessiveHalving: "SuccessiveHalving" checked by check_size {
        /// The number of trials that are started.
        trials: usize [at least 1] = 81,
        /// The factor by which each rung has fewer trials and more epochs than the one before.
        factor: f64 [above 1] = 3.0,
        /// The fraction of the epochs of the first rung.
        min_fraction: f64 [above 0 up to 1] = 1.0 / 9.0,
    }
}

impl SuccessiveHalving {
    /// Creates a search with this many trials in the first rung, at least 1.
    pub fn new(trials: usize) -> SuccessiveHalving {
        SuccessiveHalving { trials, ..SuccessiveHalving }
    }

    fn check_size(&self) -> Result<()> {
        if self.trials > MOST_TRIALS {
            let expected = format!("at most {MOST_TRIALS}, all of which are begun; RandomSearch takes more");
            return Err(invalid(self, "trials", self.trials, expected));
        }
        match further_rungs(self.factor, self.min_fraction) < MOST_RUNGS {
            true => Ok(()),
            false => {
                let expected = format!("a larger one, or a larger min_fraction: at most {MOST_RUNGS} rungs");
                Err(invalid(self, "factor", self.factor, expected))
            }
        }
    }

    fn rungs(&self) -> Vec<Rung> {
        rungs(self.trials, self.factor, self.min_fraction)
    }
}

impl SearchStrategy for SuccessiveHalving {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        Ok(next_rung(progress, &(0..self.trials), &self.rungs()).unwrap_or_default())
    }

    fn evaluations(&self, _: &SearchSpace) -> Option<usize> {
        Some(self.rungs().iter().map(|rung| rung.trials).sum())
    }
}
