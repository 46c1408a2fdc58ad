use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{ks_statistic, weighted};

item! {
    /// The largest difference of the distributions of the probabilities of both classes.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{KolmogorovSmirnov, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(KolmogorovSmirnov, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// SciPy, *scipy.stats.ks_2samp*.
    pub struct KolmogorovSmirnov: "kolmogorov_smirnov" {}
}

impl Score for KolmogorovSmirnov {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Binary]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        ks_statistic(&weighted(input.labels()?, &input.sample_weights()), &input.positive()?)
    }
}
