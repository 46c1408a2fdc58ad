use crate::as_matrix::AsMatrix;
use crate::items::Spec;
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

/// The norm that [`normalize`] divides by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Order {
    /// `Σ|x|`.
    L1,
    /// `√Σx²`.
    #[default]
    L2,
    /// `(Σ|x|ᵖ)^(1/p)` for a finite `p` above 0.
    P(f64),
    /// `max |x|`.
    Max,
}

impl Spec for Order {}

/// A norm as a product, which may exceed `f64`: the largest magnitude times the norm of the values divided by it.
#[derive(Clone, Copy)]
struct Norm {
    largest: f64,
    factor: f64,
}

impl Norm {
    /// `value` divided by the norm.
    fn divide(self, value: f64) -> f64 {
        let norm = self.largest * self.factor;
        if norm.is_normal() { value / norm } else { value / self.largest / self.factor }
    }
}

impl Order {
    /// The norm of some values, 1 of zeros.
    fn norm(self, values: impl Iterator<Item = f64> + Clone) -> Norm {
        let largest = values.clone().map(f64::abs).fold(0.0, f64::max);
        if largest == 0.0 {
            return Norm { largest: 1.0, factor: 1.0 };
        }
        // Divided by the largest, no power overflows.
        let parts = values.map(|value| value.abs() / largest);
        let factor = match self {
            Order::L1 => parts.sum(),
            Order::L2 => parts.map(|part| part * part).sum::<f64>().sqrt(),
            Order::P(p) => parts.map(|part| part.powf(p)).sum::<f64>().powf(1.0 / p),
            Order::Max => 1.0,
        };
        Norm { largest, factor }
    }
}

/// Divides each row by its norm (`axis` 1 or −1, Keras's default), or each column by its own (`axis` 0).
///
/// `x` is (samples, features), and so is the result; a row of zeros stays one.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::preprocessing::{Order, normalize};
///
/// let x = dmatrix![3.0f32, 4.0; 0.0, 0.0];
/// assert_eq!(normalize(&x, -1, Order::L2)?, dmatrix![0.6, 0.8; 0.0, 0.0]);
/// assert_eq!(normalize(&x, 0, Order::Max)?, dmatrix![1.0, 1.0; 0.0, 0.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] for another axis or a power that is not above 0; [`Error::NotFinite`] for a NaN or infinity.
///
/// # References
///
/// Keras: `keras.utils.normalize`.
pub fn normalize<T: Scalar>(x: &impl AsMatrix<T>, axis: isize, order: Order) -> Result<DMatrix<T>> {
    let refuse = |argument, value: String, expected: &str| Err(Error::argument("normalize", argument, value, expected));
    if let Order::P(p) = order
        && !(p.is_finite() && p > 0.0)
    {
        return refuse("order", p.to_string(), "a finite number above 0");
    }
    let view = x.as_matrix();
    let x = DMatrix::from_fn(view.nrows(), view.ncols(), |i, j| view[(i, j)]);
    if let Some((place, value)) = x.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        let (row, column) = (place % x.nrows().max(1), place / x.nrows().max(1));
        return Err(Error::NotFinite { what: "x", row, column, value: value.to_f64() });
    }
    let mut normalized = x.clone();
    match axis {
        1 | -1 => {
            for (from, mut to) in x.row_iter().zip(normalized.row_iter_mut()) {
                let norm = order.norm(from.iter().map(|value| value.to_f64()));
                to.iter_mut().for_each(|value| *value = T::of(norm.divide(value.to_f64())));
            }
        }
        0 | -2 => {
            for (from, mut to) in x.column_iter().zip(normalized.column_iter_mut()) {
                let norm = order.norm(from.iter().map(|value| value.to_f64()));
                to.iter_mut().for_each(|value| *value = T::of(norm.divide(value.to_f64())));
            }
        }
        other => return refuse("axis", other.to_string(), "1 or -1 for rows, 0 for columns"),
    }
    Ok(normalized)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;
    use approx::assert_relative_eq;

    #[test]
    fn every_norm_is_one_afterwards() {
        let x = dmatrix![3.0, -4.0, 1.0; 1e200, 2e200, -1e200; f64::MAX, f64::MAX, -1e308; 3e-320, 1e-319, 2e-320];
        for (order, norm) in [
            (Order::L1, (|v: &[f64]| v.iter().map(|x| x.abs()).sum()) as fn(&[f64]) -> f64),
            (Order::L2, |v| v.iter().map(|x| x * x).sum::<f64>().sqrt()),
            (Order::P(3.0), |v| v.iter().map(|x| x.abs().powi(3)).sum::<f64>().cbrt()),
            (Order::Max, |v| v.iter().fold(0.0, |most, x| x.abs().max(most))),
        ] {
            let rows = normalize(&x, 1, order).unwrap();
            for row in rows.row_iter() {
                assert_relative_eq!(norm(&row.iter().copied().collect::<Vec<_>>()), 1.0, max_relative = 1e-12);
            }
            let columns = normalize(&x, 0, order).unwrap();
            for column in columns.column_iter() {
                assert_relative_eq!(norm(column.as_slice()), 1.0, max_relative = 1e-12);
            }
        }
    }

    #[test]
    fn inputs_that_cannot_be_normalized_are_rejected() {
        assert!(normalize(&dmatrix![1.0f32], 2, Order::L2).unwrap_err().to_string().contains("axis is 2"));
        assert!(normalize(&dmatrix![1.0f32], 0, Order::P(0.0)).unwrap_err().to_string().contains("order is 0"));
        let nan = dmatrix![1.0, f64::NAN];
        assert!(normalize(&nan, 0, Order::L1).unwrap_err().to_string().contains("row 0, column 1"));
    }
}
