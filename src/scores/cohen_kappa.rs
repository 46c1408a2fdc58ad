use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics::{self, KappaWeights};

item! {
    /// Cohen's κ: the agreement of true and decided classes beyond that of chance, at most 1.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{CohenKappa, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(CohenKappa, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::cohen_kappa_score`](crate::metrics::cohen_kappa_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.cohen_kappa_score*.
    pub struct CohenKappa: "cohen_kappa" {
        /// How much a disagreement counts by the distance of the classes.
        weights: KappaWeights = KappaWeights::None,
    }
}

impl Score for CohenKappa {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::cohen_kappa_score(&metrics::weighted(input.labels()?, &weights), &input.classes()?, self.weights)
    }
}
