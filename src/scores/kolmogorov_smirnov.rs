use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The greatest distance between the distribution functions of the probabilities of both classes, in [0, 1].
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{KolmogorovSmirnov, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(KolmogorovSmirnov, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::ks_statistic`](crate::metrics::ks_statistic).
    pub struct KolmogorovSmirnov: "kolmogorov_smirnov" {}
}

impl Score for KolmogorovSmirnov {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::ks_statistic(&metrics::weighted(input.labels()?, &weights), &input.positive()?)
    }
}
