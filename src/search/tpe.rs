use super::parzen::Parzen;
use super::search_strategy::DRAWN_AT_ONCE;
use super::{FinishedTrial, Proposal, SearchProgress, SearchSpace, SearchStrategy, SearchValue, TrialArguments};
use crate::Result;
use crate::items::item;
use crate::random::{Purpose, stream};

item! {
    /// The tree-structured Parzen estimator (TPE): after some random trials, it proposes arguments that are frequent in good trials and
    /// rare in the others.
    ///
    /// The finished trials are divided into the best fraction `good` of them, at least 1, and the others. For each argument in turn,
    /// `l` is the density of its values in the good trials and `g` that in the others, each a mixture of a normal kernel at every value
    /// and a uniform density; of `candidates` draws from `l`, the one with the largest `l/g` is proposed. For a conditional argument
    /// only the trials in which it was present count. Trials that failed are among the others.
    ///
    /// Trials are proposed in batches of a fixed size, each from all batches before it, so that the results do not depend on how
    /// many are evaluated at the same time.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// let space = SearchSpace::new().float("x", -5.0..=5.0).log_float("y", 1e-4..=1.0);
    /// let search = FunctionSearch::new(space, |trial| {
    ///     Ok((trial.float("x")? - 1.0).powi(2) + (trial.float("y")?.log10() + 2.0).powi(2))
    /// });
    /// let best = |search: FunctionSearch| Ok::<_, perceptra::Error>(search.seed(1).progress(false).run()?.best().score);
    /// assert!(best(search.clone().strategy(Tpe::new(60)))? < best(search.strategy(RandomSearch::new(60)))?);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, *Algorithms for hyper-parameter optimization*, NIPS 2011.
    /// S. Watanabe, *Tree-structured Parzen estimator: understanding its algorithm components and their roles for better
    /// empirical performance*, 2023.
    pub struct Tpe: "TPE" {
        /// The number of trials.
        trials: usize [at least 1] = 100,
        /// The number of random trials at the beginning.
        startup: usize [at least 1] = 20,
        /// The number of trials that are proposed at a time.
        batch: usize [at least 1] = 4,
        /// The fraction of the finished trials that are good ones.
        good: f64 [above 0 below 1] = 0.15,
        /// The number of draws from which the most promising one is proposed.
        candidates: usize [at least 1] = 24,
    }
}

impl Tpe {
    /// Creates a search of this many trials, at least 1.
    pub fn new(trials: usize) -> Tpe {
        Tpe { trials, ..Tpe }
    }

    /// Proposes arguments for the trial with this number.
    fn proposed(
        &self,
        progress: &SearchProgress<'_>,
        good: &[&FinishedTrial],
        others: &[&FinishedTrial],
        trial: usize,
    ) -> TrialArguments {
        let mut random = stream(progress.seed, Purpose::SearchArguments, trial as u64);
        progress.space.completed(|index, _| {
            let argument = &progress.space.arguments()[index];
            let values = |trials: &[&FinishedTrial]| -> Vec<SearchValue> {
                trials.iter().filter_map(|one| one.arguments.get(&argument.name)).cloned().collect()
            };
            let (of_good, of_others) = (values(good), values(others));
            let [l, g] = [&of_good, &of_others].map(|values| Parzen::new(&argument.domain, values.iter()));
            let mut best = (l.draw(&mut random), f64::NEG_INFINITY);
            best.1 = l.log_density(&best.0) - g.log_density(&best.0);
            for _ in 1..self.candidates {
                let value = l.draw(&mut random);
                let gain = l.log_density(&value) - g.log_density(&value);
                if gain > best.1 {
                    best = (value, gain);
                }
            }
            best.0
        })
    }
}

impl SearchStrategy for Tpe {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        let done = progress.finished.len();
        let startup = self.startup.min(self.trials);
        if done < startup {
            let drawn = |trial| Proposal::new(trial, progress.space.sample(progress.seed, trial));
            return Ok((done..startup).take(DRAWN_AT_ONCE).map(drawn).collect());
        }
        let ranked = progress.ranked();
        let (good, others) = ranked.split_at(((self.good * done as f64).ceil() as usize).clamp(1, done));
        let batch = done..self.trials.min(done.saturating_add(self.batch)).max(done);
        Ok(batch.map(|trial| Proposal::new(trial, self.proposed(progress, good, others, trial))).collect())
    }

    fn evaluations(&self, _: &SearchSpace) -> Option<usize> {
        Some(self.trials)
    }
}
