use super::rungs::{MOST_RUNGS, Rung, further_rungs, next_rung, rungs};
use super::search_strategy::MOST_TRIALS;
use super::{Proposal, SearchProgress, SearchSpace, SearchStrategy};
use crate::Result;
use crate::items::{invalid, item};
use std::ops::Range;

item! {
    /// Runs several brackets of [`SuccessiveHalving`](struct@super::SuccessiveHalving), from many trials that start with few epochs to
    /// a few trials that are trained for all epochs.
    ///
    /// Where scores after few epochs are misleading, the later brackets compensate. With `R = 1/min_fraction` and
    /// `s_max = ⌊log R / log factor⌋`, bracket `s = s_max, …, 0` begins `⌈(s_max + 1)/(s + 1)·factor^s⌉` trials with a fraction of
    /// `factor^−s` of their epochs. The defaults give 9, 5 and 3 trials.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// let search = FunctionSearch::new(SearchSpace::new().float("x", -1.0..=1.0), |trial| Ok(trial.float("x")?.powi(2)));
    /// let result = search.strategy(Hyperband::new().rounds(2)).seed(1).progress(false).run()?;
    /// assert_eq!(result.trials().len(), 2 * (9 + 5 + 3));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// L. Li et al., *Hyperband: a novel bandit-based approach to hyperparameter optimization*, JMLR 18 (2018).
    pub struct Hyperband: "Hyperband" checked by check_size {
        /// The reduction factor η of the paper: each rung keeps about 1/η of the trials and gives them η times as many epochs.
        factor: f64 [above 1] = 3.0,
        /// `1/R`: no trial begins with a smaller fraction of its epochs; the first bracket begins with `factor^−s_max`.
        min_fraction: f64 [above 0 up to 1] = 1.0 / 9.0,
        /// How often all brackets are run, each time with other trials.
        rounds: usize [at least 1] = 1,
    }
}

impl Hyperband {
    /// Creates the strategy with its defaults.
    pub fn new() -> Hyperband {
        Hyperband
    }

    fn check_size(&self) -> Result<()> {
        let further = further_rungs(self.factor, self.min_fraction);
        if further >= MOST_RUNGS {
            let expected = format!("a larger one, or a larger min_fraction: at most {MOST_RUNGS} rungs");
            return Err(invalid(self, "factor", self.factor, expected));
        }
        let most = (further + 1e-9) as i32;
        let trials: f64 = (0..=most).map(|bracket| self.begun(most, bracket)).sum();
        match trials * self.rounds as f64 <= MOST_TRIALS as f64 {
            true => Ok(()),
            false => {
                let expected = format!("a larger one, or fewer rounds: at most {MOST_TRIALS} trials in all");
                Err(invalid(self, "min_fraction", self.min_fraction, expected))
            }
        }
    }

    /// The trials that bracket `bracket` of `most` begins.
    fn begun(&self, most: i32, bracket: i32) -> f64 {
        let trials = f64::from(most + 1) / f64::from(bracket + 1) * self.factor.powi(bracket);
        (trials - 1e-9).ceil().max(1.0)
    }

    /// The trials of each bracket with their rungs.
    fn brackets(&self) -> Vec<(Range<usize>, Vec<Rung>)> {
        // The quotient of the logarithms may be rounded to just below an integer.
        let most = (further_rungs(self.factor, self.min_fraction) + 1e-9) as i32;
        let mut begin = 0;
        let mut made = Vec::new();
        for bracket in (0..self.rounds).flat_map(|_| (0..=most).rev()) {
            let trials = self.begun(most, bracket) as usize;
            made.push((begin..begin + trials, rungs(trials, self.factor, self.factor.powi(-bracket))));
            begin += trials;
        }
        made
    }
}

impl SearchStrategy for Hyperband {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        for (trials, rungs) in self.brackets() {
            match next_rung(progress, &trials, &rungs) {
                // All trials of this bracket have failed: continue with the next one.
                Some(proposals) if proposals.is_empty() => {}
                Some(proposals) => return Ok(proposals),
                None => {}
            }
        }
        Ok(Vec::new())
    }

    fn evaluations(&self, _: &SearchSpace) -> Option<usize> {
        Some(self.brackets().iter().flat_map(|(_, rungs)| rungs).map(|rung| rung.trials).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brackets_are_those_of_the_paper() {
        // Table 1: R = 81, a factor of 3.
        let brackets = Hyperband::new().min_fraction(1.0 / 81.0).brackets();
        let found: Vec<Vec<(usize, f64)>> = brackets
            .iter()
            .map(|(_, rungs)| rungs.iter().map(|rung| (rung.trials, (81.0 * rung.fraction).round())).collect())
            .collect();
        assert_eq!(
            found,
            [
                vec![(81, 1.0), (27, 3.0), (9, 9.0), (3, 27.0), (1, 81.0)],
                vec![(34, 3.0), (11, 9.0), (3, 27.0), (1, 81.0)],
                vec![(15, 9.0), (5, 27.0), (1, 81.0)],
                vec![(8, 27.0), (2, 81.0)],
                vec![(5, 81.0)],
            ]
        );
        assert_eq!(brackets[1].0, 81..115);
    }
}
