use super::FittedTarget;
use super::fitted_target::listed;
use super::prediction::spelled;
use crate::error::suggestion;
use crate::model_selection::balanced_weights;
use crate::preprocessing::Value;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The weights of the classes in the loss of a [`Pipeline`](super::Pipeline).
///
/// Any number of pairs of a label and its weight convert to [`ByLabel`](Self::ByLabel):
///
/// ```
/// use perceptra::pipeline::ClassWeight;
/// use perceptra::prelude::*;
///
/// let target = || Target::binary("loan_status").positive("Charged Off");
/// let balanced = Pipeline::new(target()).class_weight(ClassWeight::Balanced);
/// let five_times = Pipeline::new(target()).class_weight([("Charged Off", 5.0)]);
/// assert!(five_times.to_string().contains("\"Charged Off\" 5"));
/// # let _ = balanced;
/// ```
///
/// # References
///
/// Keras, `class_weight` of `Model.fit`; scikit-learn, *sklearn.utils.class_weight.compute_class_weight*.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ClassWeight {
    /// All classes count alike: `w = n / (k · nₖ)`, with the weights of all rows n, of those of the class nₖ, and k classes in the
    /// training rows.
    Balanced,
    /// These labels with their weights, finite and at least 0; the others count 1.
    ByLabel(Vec<(Value, f64)>),
}

impl<L: Into<Value>> From<Vec<(L, f64)>> for ClassWeight {
    fn from(weights: Vec<(L, f64)>) -> Self {
        ClassWeight::ByLabel(weights.into_iter().map(|(label, weight)| (label.into(), weight)).collect())
    }
}

impl<L: Into<Value>, const N: usize> From<[(L, f64); N]> for ClassWeight {
    fn from(weights: [(L, f64); N]) -> Self {
        Vec::from(weights).into()
    }
}

impl ClassWeight {
    /// The weight of each class of a target, by the classes of the training rows and their weights.
    pub(super) fn of_classes(
        &self,
        target: &FittedTarget,
        classes: &[usize],
        row_weights: Option<&[f64]>,
    ) -> Result<Vec<f64>> {
        let mut sums = vec![ClassRows::default(); target.labels().len()];
        for (row, &class) in classes.iter().enumerate() {
            sums[class].add(row_weights.map_or(1.0, |weights| weights[row]));
        }
        self.of_sums(target, &sums)
    }

    /// Returns the weight of each class from the number and weight of its training rows.
    pub(super) fn of_sums(&self, target: &FittedTarget, sums: &[ClassRows]) -> Result<Vec<f64>> {
        match self {
            ClassWeight::Balanced => Ok(balanced_weights(&sums.iter().map(|class| class.weight).collect::<Vec<_>>())),
            ClassWeight::ByLabel(given) => {
                let mut weights = vec![1.0; target.labels().len()];
                for (label, weight) in given {
                    let known = target.labels().iter().position(|known| known == label);
                    weights[known.ok_or_else(|| unknown(target, label))?] = *weight;
                }
                match sums.iter().zip(&weights).any(|(class, weight)| class.rows > 0 && *weight > 0.0) {
                    true => Ok(weights),
                    false => Err(refused("0 for all classes of the training rows", "above 0 for one of them")),
                }
            }
        }
    }

    /// Returns an error for weights out of their range.
    pub(super) fn check(&self) -> Result<()> {
        let ClassWeight::ByLabel(given) = self else { return Ok(()) };
        for (index, (label, weight)) in given.iter().enumerate() {
            if !(weight.is_finite() && *weight >= 0.0) {
                return Err(refused(format!("{weight} for {label}"), "finite numbers of at least 0"));
            }
            if given[..index].iter().any(|(before, _)| before == label) {
                return Err(refused(format!("{label} twice"), "each label once"));
            }
        }
        Ok(())
    }
}

/// The training rows of a class.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct ClassRows {
    pub(super) rows: usize,
    /// The sum of their weights.
    #[serde(with = "crate::json_numbers::bits")]
    weight: f64,
}

impl ClassRows {
    /// Adds a row of this weight.
    pub(super) fn add(&mut self, weight: f64) {
        self.rows += 1;
        self.weight += weight;
    }

    /// Adds the rows of another class.
    pub(super) fn join(&mut self, other: ClassRows) {
        self.rows += other.rows;
        self.weight += other.weight;
    }
}

fn refused(value: impl ToString, expected: impl Into<String>) -> Error {
    Error::argument("Pipeline", "class_weight", value, expected)
}

fn unknown(target: &FittedTarget, label: &Value) -> Error {
    let labels: Vec<String> = target.labels().iter().map(spelled).collect();
    let named = suggestion(&spelled(label), &labels);
    refused(format!("one of the label {label}"), format!("labels of the target: {}{named}", listed(target.labels())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Target;
    use crate::preprocessing::Table;
    use crate::reference;

    fn fitted(labels: &[&str]) -> (FittedTarget, Vec<usize>) {
        let table = Table::new().with_strings("y", labels.iter().copied()).unwrap();
        let target = Target::multiclass("y").fit(&table, None).unwrap();
        let classes = target.classes(&table).unwrap();
        (target, classes)
    }

    #[test]
    fn balanced_weights_are_those_of_the_reference() {
        let case = reference::case("pipeline_class_weight");
        let labels = case.optional_strings("y").into_iter().flatten().collect::<Vec<_>>();
        let (target, classes) = fitted(&labels);
        let of = |weights: Option<&[f64]>| ClassWeight::Balanced.of_classes(&target, &classes, weights).unwrap();
        case.assert_close("balanced", of(None), 1e-15);
        case.assert_close("weighted", of(Some(&case.numbers("sample_weight"))), 1e-15);
    }

    #[test]
    fn labels_without_a_weight_count_one_and_absent_classes_nothing() {
        let (target, classes) = fitted(&["a", "b", "b", "c"]);
        let by_label = ClassWeight::from([("b", 3.0)]);
        assert_eq!(by_label.of_classes(&target, &classes, None).unwrap(), [1.0, 3.0, 1.0]);
        // In a fold without the last class two are balanced.
        assert_eq!(ClassWeight::Balanced.of_classes(&target, &[0, 1, 1], None).unwrap(), [1.5, 0.75, 1.0]);
    }

    #[test]
    fn weights_that_do_not_fit_the_target_are_refused() {
        let (target, classes) = fitted(&["paid", "late"]);
        let message = |weights: ClassWeight| {
            weights.check().and_then(|()| weights.of_classes(&target, &classes, None)).unwrap_err().to_string()
        };
        assert!(message([("piad", 2.0)].into()).contains("did you mean \"paid\"?"));
        assert!(message(vec![(1.0, 2.0)].into()).contains("\"late\", \"paid\""));
        assert!(message([("paid", -1.0)].into()).contains("at least 0"));
        assert!(message([("paid", f64::NAN)].into()).contains("NaN for \"paid\""));
        assert!(message([("paid", 1.0), ("paid", 2.0)].into()).contains("twice"));
        assert!(message([("paid", 0.0), ("late", 0.0)].into()).contains("above 0 for one"));
    }
}
