use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{gini, weighted};

item! {
    /// The coefficient of Gini for probabilities: `2·AUC − 1`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{Gini, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Gini, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// B. Engelmann, E. Hayden and D. Tasche, *Measuring the discriminative power of rating systems* (2003).
    pub struct Gini: "gini" {}
}

impl Score for Gini {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Binary]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        gini(&weighted(input.labels()?, &input.sample_weights()), &input.positive()?)
    }
}
