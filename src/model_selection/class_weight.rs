//! Class weights that compensate for class imbalance.

use std::collections::BTreeMap;

use crate::as_column::AsColumn;
use crate::error::{Error, Result};

use super::classes::Classes;

/// Returns a weight for each class such that all classes have the same total weight: `w = n / (k · nₖ)`.
///
/// Here n is the number of rows, k that of classes and nₖ that of rows of the class. The keys are class indices, as `fit` takes them.
///
/// ```
/// use perceptra::model_selection::balanced_class_weight;
///
/// let weight = balanced_class_weight(&[0, 0, 0, 1])?;
/// assert_eq!(weight[&0], 4.0 / (2.0 * 3.0));
/// assert_eq!(weight[&1], 2.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Target`] for a label that is not a class index (0, 1, 2, …), [`Error::Empty`] without labels.
///
/// # References
///
/// G. King and L. Zeng, *Logistic regression in rare events data* (2001); scikit-learn,
/// *sklearn.utils.class_weight.compute_class_weight*.
pub fn balanced_class_weight(labels: &(impl AsColumn + ?Sized)) -> Result<BTreeMap<usize, f64>> {
    let labels = labels.as_column()?;
    let classes = Classes::from_labels(&labels)?;
    let counts: Vec<f64> = classes.counts().into_iter().map(|count| count as f64).collect();
    let weights = balanced_weights(&counts);
    let weight = |((&label, rows), weight): ((&f64, &Vec<usize>), f64)| {
        if label < 0.0 || label.fract() != 0.0 {
            return Err(Error::Target {
                item: "balanced_class_weight".into(),
                row: rows[0],
                column: 0,
                value: label,
                expected: "a class index: 0, 1, 2, …".into(),
            });
        }
        Ok((label as usize, weight))
    };
    classes.labels.iter().zip(&classes.rows).zip(weights).map(weight).collect()
}

/// The weight of each class, from the sum of its rows' weights; 1 for a class without rows, which does not count as a class.
pub(crate) fn balanced_weights(sums: &[f64]) -> Vec<f64> {
    let present = sums.iter().filter(|sum| **sum > 0.0).count();
    let total: f64 = sums.iter().sum();
    sums.iter().map(|sum| if *sum > 0.0 { total / (present as f64 * sum) } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn weights_are_those_of_the_reference() {
        let case = reference::case("class_weight");
        let weight = balanced_class_weight(&case.numbers("y")).unwrap();
        assert_eq!(weight.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
        case.assert_close("weight", weight.into_values().collect::<Vec<_>>(), 1e-15);
    }

    #[test]
    fn labels_are_class_indices() {
        assert!(matches!(balanced_class_weight(&[0.0, 0.5]), Err(Error::Target { row: 1, .. })));
        assert!(matches!(balanced_class_weight(&[-1, 1]), Err(Error::Target { row: 0, .. })));
    }
}
