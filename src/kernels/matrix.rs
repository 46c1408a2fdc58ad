//! The general product of two matrices that lie in slices.

use super::product::Multiply;

/// A matrix in a slice: element `(i, j)` is `data[i·strides[0] + j·strides[1]]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    strides: [usize; 2],
}

impl<'a, T> Matrix<'a, T> {
    /// Row by row.
    pub(crate) fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        assert!(data.len() >= rows * columns, "a slice that holds the matrix");
        Matrix { data, rows, columns, strides: [columns, 1] }
    }

    /// The same memory with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Self {
        let [row, column] = self.strides;
        Matrix { rows: self.columns, columns: self.rows, strides: [column, row], ..self }
    }
}

/// `c = a·b + beta·c`, where `c` lies row by row, or column by column if `transposed`.
pub(crate) fn multiply<T: Multiply>(a: Matrix<'_, T>, b: Matrix<'_, T>, beta: f64, c: &mut [T], transposed: bool) {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    assert!(k == b.rows && c.len() >= m * n, "matrices that fit");
    let strides = if transposed { [1, m] } else { [n, 1] };
    // SAFETY: every matrix was compared with its slice, by `Matrix::new` and above.
    unsafe {
        let (beta, to) = (T::literal(beta), c.as_mut_ptr());
        T::gemm([m, k, n], a.data.as_ptr(), a.strides, b.data.as_ptr(), b.strides, beta, to, strides);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layouts_give_the_product() {
        let a: Vec<f64> = (0..6).map(f64::from).collect();
        let b: Vec<f64> = (0..12).map(|i| f64::from(i) * 0.5 - 2.0).collect();
        let mut expected = [0.0; 8];
        for (i, value) in expected.iter_mut().enumerate() {
            *value = (0..3).map(|k| a[i / 4 * 3 + k] * b[k * 4 + i % 4]).sum();
        }
        let (a, b) = (Matrix::new(&a, 2, 3), Matrix::new(&b, 3, 4));
        let mut c = [1.0; 8];
        multiply(a, b, 0.0, &mut c, false);
        assert_eq!(c, expected);
        multiply(a, b, 1.0, &mut c, false);
        assert_eq!(c, expected.map(|value| 2.0 * value));
        // (a·b)ᵀ = bᵀ·aᵀ; written column by column it lies as a·b does.
        multiply(b.transposed(), a.transposed(), 0.0, &mut c, true);
        assert_eq!(c, expected);
    }
}
