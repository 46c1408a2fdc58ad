use super::averaged;
use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{
    Average, average_precision_score, multiclass_average_precision_score, multilabel_average_precision_score, weighted,
};

item! {
    /// The mean of the precisions at all thresholds, weighted with the rise of recall.
    ///
    /// Of more than two classes, each against all others, and of several labels it is an average.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{AveragePrecision, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(AveragePrecision, &input)? - 5.0 / 6.0).abs() < 1e-15);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.average_precision_score*.
    pub struct AveragePrecision: "average_precision" {
        /// The average over several classes or labels; not used for two classes.
        average: Average = Average::Macro,
    }
}

impl Score for AveragePrecision {
    fn name(&self) -> String {
        match self.average {
            Average::Macro => "average_precision".into(),
            average => averaged::averaged_name("average_precision".into(), Some(average)),
        }
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        let weights = input.sample_weights();
        match input.truth {
            Truth::Classes { labels, n_classes: 2 } => {
                average_precision_score(&weighted(labels, &weights), &input.positive()?)
            }
            Truth::Classes { labels, .. } => {
                multiclass_average_precision_score(&weighted(labels, &weights), input.prediction, self.average)
            }
            Truth::Indicators(truth) => {
                multilabel_average_precision_score(&weighted(truth, &weights), input.prediction, self.average)
            }
            Truth::Numbers(_) => Err(unfit(self, input.task())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::scores::score_of;

    #[test]
    fn averages_are_those_of_the_reference() {
        let averages = [Average::Macro, Average::Micro, Average::Weighted];
        let case = reference::case("scores_multiclass");
        let (labels, prediction) = (case.indices("truth"), case.matrix("score"));
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 4 }, &prediction);
        let found = averages.map(|average| score_of(AveragePrecision.average(average), &input).unwrap());
        case.assert_close("average_precision", found, 1e-10);
        let case = reference::case("scores_multilabel");
        let (truth, prediction) = (case.matrix("truth"), case.matrix("score"));
        let input = ScoreInput::new(Truth::Indicators(&truth), &prediction);
        let found = averages.map(|average| score_of(AveragePrecision.average(average), &input).unwrap());
        case.assert_close("average_precision", found, 1e-10);
    }
}
