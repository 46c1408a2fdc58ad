use crate::as_matrix::AsMatrix;
use crate::{Error, Result, Scalar, memory};
use nalgebra::DMatrix;

/// Class indices as one column per class, 1 in that of a sample's class and 0 elsewhere: (samples, classes).
///
/// - `x`: one column of class indices, from 0.
/// - `num_classes`: the number of columns; by default one more than the largest index.
///
/// ```
/// use perceptra::{dmatrix, dvector};
/// use perceptra::preprocessing::to_categorical;
///
/// let y = to_categorical(&dvector![0.0f32, 2.0], None)?;
/// assert_eq!(y, dmatrix![1.0, 0.0, 0.0; 0.0, 0.0, 1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Outputs`] for more than one column; [`Error::Target`] for what is no class index, or one that is not below
/// `num_classes`; [`Error::Empty`] if there is no sample to infer the number of classes from.
///
/// # References
///
/// Keras: `keras.utils.to_categorical`.
pub fn to_categorical<T: Scalar>(x: &impl AsMatrix<T>, num_classes: Option<usize>) -> Result<DMatrix<T>> {
    let x = x.as_matrix();
    if x.ncols() != 1 {
        let advice = "to_categorical takes one column of class indices".into();
        return Err(Error::Outputs { what: "x", expected: 1, found: x.ncols(), advice });
    }
    let labels: Vec<f64> = x.iter().map(|label| label.to_f64()).collect();
    // More classes than fit into a table are invalid input, not a reason to allocate.
    let limit = num_classes.unwrap_or(1 << 24);
    let wrong = |label: &f64| !(label.fract() == 0.0 && *label >= 0.0 && *label < limit as f64);
    if let Some(row) = labels.iter().position(wrong) {
        return Err(Error::Target {
            item: "to_categorical".into(),
            row,
            column: 0,
            value: labels[row],
            expected: format!("a whole number from 0 and below {limit}, the number of classes"),
        });
    }
    let classes = match (num_classes, labels.iter().copied().reduce(f64::max)) {
        (Some(classes), _) => classes,
        (None, Some(largest)) => largest as usize + 1,
        (None, None) => {
            let advice = "without a sample the number of classes is to be given".into();
            return Err(Error::Empty { what: "x".into(), advice });
        }
    };
    let values = memory::filled(T::zero(), &[labels.len(), classes]).map_err(|lack| {
        let purpose = format!("{} rows of {classes} columns", labels.len());
        lack.error("to_categorical", purpose, "give fewer classes, or keep the indices with a sparse loss")
    })?;
    let mut y = DMatrix::from_vec(labels.len(), classes, values);
    for (i, label) in labels.iter().enumerate() {
        y[(i, *label as usize)] = T::one();
    }
    Ok(y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dmatrix, dvector};
    use nalgebra::DVector;

    #[test]
    fn more_classes_than_labels_and_labels_that_are_none() {
        let y = to_categorical(&dvector![1.0f64, 0.0], Some(3)).unwrap();
        assert_eq!(y, dmatrix![0.0, 1.0, 0.0; 1.0, 0.0, 0.0]);
        let message = |x: DVector<f64>, classes| to_categorical(&x, classes).unwrap_err().to_string();
        for (x, classes) in [(dvector![0.0, 3.0], Some(3)), (dvector![0.0, -1.0], None), (dvector![0.0, 0.5], None)] {
            assert!(message(x, classes).contains("row 1"));
        }
        assert!(message(dvector![f64::NAN], None).contains("NaN"));
        assert!(message(DVector::zeros(0), None).contains("is empty"));
        assert_eq!(to_categorical(&DVector::<f64>::zeros(0), Some(2)).unwrap().shape(), (0, 2));
        assert!(to_categorical(&dmatrix![0.0, 1.0], None).is_err());
    }
}
