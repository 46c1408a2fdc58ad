use crate::preprocessing::Value;
use std::fmt;

/// The prediction of a fitted pipeline for one record, by its task.
///
/// ```
/// use perceptra::pipeline::Prediction;
/// use perceptra::preprocessing::Value;
///
/// let prediction = Prediction::Binary { label: Value::from("default"), probability: 0.7, decision: true };
/// assert_eq!((prediction.probability(), prediction.decision()), (Some(0.7), Some(true)));
/// assert_eq!(prediction.label(), Some(&Value::from("default")));
/// assert_eq!(prediction.to_string(), "default (positive with probability 0.7000)");
/// assert_eq!(Prediction::Number(12.5).value(), Some(12.5));
/// ```
///
/// `Display` writes probabilities with four decimals, or as many as the format states: `{prediction:.1}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Prediction {
    /// The prediction for [`Target::binary`](super::Target::binary).
    Binary {
        /// The decided label.
        label: Value,
        /// The probability of the positive label.
        probability: f64,
        /// Whether that is above the threshold, so that the label is the positive one.
        decision: bool,
    },
    /// The prediction for [`Target::multiclass`](super::Target::multiclass).
    Class {
        /// The most probable label.
        label: Value,
        /// The probability of the label.
        probability: f64,
        /// The probabilities of all labels, in the order of [`FittedTarget::labels`](super::FittedTarget::labels).
        probabilities: Vec<f64>,
    },
    /// The prediction for [`Target::regression`](super::Target::regression).
    Number(f64),
    /// The predictions for [`Target::multi_regression`](super::Target::multi_regression), in the order of its columns.
    Numbers(Vec<f64>),
    /// The predictions for [`Target::multilabel`](super::Target::multilabel), in the order of its columns.
    Labels {
        /// Whether each label applies: whether its probability is above the threshold.
        decisions: Vec<bool>,
        /// The probability of each label.
        probabilities: Vec<f64>,
    },
}

impl Prediction {
    /// The probability of the positive label of a binary target, or of the most probable label of a multiclass one; otherwise none.
    pub fn probability(&self) -> Option<f64> {
        match self {
            Prediction::Binary { probability, .. } | Prediction::Class { probability, .. } => Some(*probability),
            _ => None,
        }
    }

    /// Whether the probability of the positive label of a binary target is above the threshold; none for other targets.
    pub fn decision(&self) -> Option<bool> {
        match self {
            Prediction::Binary { decision, .. } => Some(*decision),
            _ => None,
        }
    }

    /// The decided label of a binary target, or the most probable one of a multiclass target; otherwise none.
    pub fn label(&self) -> Option<&Value> {
        match self {
            Prediction::Binary { label, .. } | Prediction::Class { label, .. } => Some(label),
            _ => None,
        }
    }

    /// The number that is predicted for a target of one number; none for other targets.
    pub fn value(&self) -> Option<f64> {
        match self {
            Prediction::Number(value) => Some(*value),
            _ => None,
        }
    }
}

impl fmt::Display for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(4);
        let number = |value: &f64| match f.precision() {
            Some(digits) => format!("{value:.digits$}"),
            None => value.to_string(),
        };
        match self {
            Prediction::Binary { label, probability, .. } => {
                write!(f, "{} (positive with probability {probability:.digits$})", spelled(label))
            }
            Prediction::Class { label, probability, .. } => {
                write!(f, "{} (probability {probability:.digits$})", spelled(label))
            }
            Prediction::Number(value) => f.write_str(&number(value)),
            Prediction::Numbers(values) => f.write_str(&values.iter().map(number).collect::<Vec<_>>().join(", ")),
            Prediction::Labels { decisions, probabilities } => {
                let of = |(decision, p): (&bool, &f64)| format!("{decision} (probability {p:.digits$})");
                f.write_str(&decisions.iter().zip(probabilities).map(of).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A label as a name: a string without quotes.
pub(super) fn spelled(label: &Value) -> String {
    match label {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_a_task_lacks_are_none() {
        let class = Prediction::Class { label: "b".into(), probability: 0.6, probabilities: vec![0.4, 0.6] };
        assert_eq!((class.label(), class.probability()), (Some(&Value::from("b")), Some(0.6)));
        assert_eq!((class.decision(), class.value()), (None, None));
        let labels = Prediction::Labels { decisions: vec![true, false], probabilities: vec![0.9, 0.25] };
        for without in [&labels, &Prediction::Numbers(vec![1.0]), &Prediction::Number(1.0)] {
            assert_eq!((without.label(), without.probability(), without.decision()), (None, None, None));
        }
        assert_eq!((Prediction::Number(1.5).value(), labels.value()), (Some(1.5), None));
    }

    #[test]
    fn predictions_are_shown_in_one_line() {
        let labels = Prediction::Labels { decisions: vec![true, false], probabilities: vec![0.9, 0.25] };
        let class = Prediction::Class { label: 2.0.into(), probability: 0.6, probabilities: vec![0.4, 0.6] };
        let binary = Prediction::Binary { label: false.into(), probability: 0.125, decision: false };
        assert_eq!(labels.to_string(), "true (probability 0.9000), false (probability 0.2500)");
        assert_eq!(class.to_string(), "2 (probability 0.6000)");
        assert_eq!(format!("{binary:.2}"), "false (positive with probability 0.12)");
        assert_eq!(Prediction::Numbers(vec![1.5, -2.0]).to_string(), "1.5, -2");
        assert_eq!(format!("{:.2}", Prediction::Number(1.0)), "1.00");
    }
}
