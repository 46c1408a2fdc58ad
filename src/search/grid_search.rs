use super::search_strategy::MOST_TRIALS;
use super::{Proposal, SearchProgress, SearchSpace, SearchStrategy, SearchValue, TrialArguments};
use crate::Result;
use crate::items::{invalid, item};

item! {
    /// Tries every combination of values.
    ///
    /// Every option of a choice is tried. From a range of numbers, at most `points` evenly spaced values are tried, including both
    /// ends; integers are rounded, and on a logarithmic scale the ratios are equal. A conditional argument is combined only where it is present. The
    /// argument added last varies fastest.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// let space = SearchSpace::new().integer("layers", 1..=2).log_float("rate", 1e-3..=1e-1);
    /// let search = FunctionSearch::new(space, |trial| Ok(trial.float("rate")?)).strategy(GridSearch::new(3));
    /// assert_eq!(search.progress(false).run()?.trials().len(), 6);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.GridSearchCV*.
    pub struct GridSearch: "GridSearch" {
        /// The largest number of values from a range of numbers.
        points: usize [at least 1] = 5,
    }
}

impl GridSearch {
    /// Creates a grid with at most this many values from each range of numbers, at least 1.
    pub fn new(points: usize) -> GridSearch {
        GridSearch { points }
    }

    /// Every combination.
    fn combinations(&self, space: &SearchSpace) -> Result<Vec<TrialArguments>> {
        let mut made = vec![TrialArguments::default()];
        for argument in space.arguments() {
            // One more than the most is enough to be refused.
            let values: Vec<SearchValue> = argument.domain.points(self.points.min(MOST_TRIALS + 1));
            let mut longer = Vec::with_capacity(made.len());
            for before in made {
                if !space.is_present(argument, &before) {
                    longer.push(before);
                    continue;
                }
                for value in &values {
                    let mut one = before.clone();
                    one.push(argument.name.clone(), value.clone());
                    longer.push(one);
                }
                if longer.len() > MOST_TRIALS {
                    let value =
                        format!("{}, with which the space has more than {MOST_TRIALS} combinations", self.points);
                    return Err(invalid(
                        self,
                        "points",
                        value,
                        "fewer points, or RandomSearch for a space of this size",
                    ));
                }
            }
            made = longer;
        }
        Ok(made)
    }
}

impl SearchStrategy for GridSearch {
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
        if !progress.finished.is_empty() {
            return Ok(Vec::new());
        }
        let combinations = self.combinations(progress.space)?.into_iter().enumerate();
        Ok(combinations.map(|(trial, arguments)| Proposal::new(trial, arguments)).collect())
    }

    fn evaluations(&self, space: &SearchSpace) -> Option<usize> {
        self.combinations(space).ok().map(|all| all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn conditional_arguments_are_combined_where_they_are_present() {
        let space = SearchSpace::new().choice("o", ["adam", "sgd"]).float("m", 0.0..=0.9).when_choice("o", ["sgd"]);
        let space = space.integer("n", 1..=2);
        let all: Vec<String> =
            GridSearch::new(3).combinations(&space).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            all,
            [
                "o adam, n 1",
                "o adam, n 2",
                "o sgd, m 0, n 1",
                "o sgd, m 0, n 2",
                "o sgd, m 0.45, n 1",
                "o sgd, m 0.45, n 2",
                "o sgd, m 0.9, n 1",
                "o sgd, m 0.9, n 2",
            ]
        );
    }

    #[test]
    fn a_grid_without_end_is_refused() {
        let space = (0..9).fold(SearchSpace::new(), |space, index| space.float(format!("x{index}"), 0.0..=1.0));
        for points in [10, usize::MAX] {
            let error = GridSearch::new(points).combinations(&space).unwrap_err();
            assert!(matches!(error, Error::Argument { argument: "points", .. }));
        }
    }
}
