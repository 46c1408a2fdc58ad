use crate::preprocessing::Value;

/// What a fitted pipeline predicts for one record, by the kind of its task.
///
/// ```
/// use perceptra::pipeline::Prediction;
/// use perceptra::preprocessing::Value;
///
/// let prediction = Prediction::Binary { label: Value::from("default"), probability: 0.7, decision: true };
/// if let Prediction::Binary { probability, .. } = prediction {
///     assert!(probability > 0.5);
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Prediction {
    /// Of [`Target::binary`](super::Target::binary).
    Binary {
        /// The decided label.
        label: Value,
        /// The probability of the positive label.
        probability: f64,
        /// Whether that is above the threshold, so that the label is the positive one.
        decision: bool,
    },
    /// Of [`Target::multiclass`](super::Target::multiclass).
    Class {
        /// The most probable label.
        label: Value,
        /// Its probability.
        probability: f64,
        /// The probabilities of all labels, in the order of [`FittedTarget::labels`](super::FittedTarget::labels).
        probabilities: Vec<f64>,
    },
    /// Of [`Target::regression`](super::Target::regression).
    Number(f64),
    /// Of [`Target::multi_regression`](super::Target::multi_regression), in the order of its columns.
    Numbers(Vec<f64>),
    /// Of [`Target::multilabel`](super::Target::multilabel), in the order of its columns.
    Labels {
        /// Whether each label applies: whether its probability is above the threshold.
        decisions: Vec<bool>,
        /// The probability of each label.
        probabilities: Vec<f64>,
    },
}
