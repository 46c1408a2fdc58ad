use super::averaged;
use super::fitting::check;
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{accuracy_score, weighted};

item! {
    /// The fraction of decided labels that are correct.
    ///
    /// Of several labels that apply at the same time, all of a sample have to be correct.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{Accuracy, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Accuracy, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.accuracy_score*.
    pub struct Accuracy: "accuracy" {}
}

impl Score for Accuracy {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        let weights = input.sample_weights();
        if let Truth::Indicators(truth) = input.truth {
            let predicted = input.indicators();
            let correct: Vec<bool> =
                truth.row_iter().zip(predicted.row_iter()).map(|(truth, other)| truth == other).collect();
            return accuracy_score(&weighted(&vec![true; correct.len()], &weights), &correct);
        }
        accuracy_score(&weighted(input.labels()?, &weights), &input.classes()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::scores::score_of;

    #[test]
    fn all_labels_of_a_sample_have_to_be_correct() {
        let case = reference::case("scores_multilabel");
        let (truth, prediction, weights) = (case.matrix("truth"), case.matrix("score"), case.numbers("weights"));
        let input = ScoreInput::new(Truth::Indicators(&truth), &prediction);
        let found = [input, input.with_weights(&weights)].map(|input| score_of(Accuracy, &input).unwrap());
        case.assert_close("accuracy", found, 1e-10);
    }
}
