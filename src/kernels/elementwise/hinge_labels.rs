//! The labels of hinge losses: −1 and 1, or 0 and 1, which are converted to −1 and 1.

use crate::kernels::{Element, Simd};
use crate::{Batch, Scalar};

/// The encoding of the labels of one batch.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HingeLabels {
    /// Whether all labels are 0 or 1; then 0 means −1.
    binary: bool,
}

impl HingeLabels {
    /// Determines the encoding from all labels of a batch.
    pub(crate) fn from_batch<T: Scalar>(y: Batch<'_, T>) -> Self {
        let binary = |column| y.column(column).iter().all(|&label| label == T::zero() || label == T::one());
        HingeLabels { binary: (0..y.columns()).all(binary) }
    }

    /// Converts a label to −1 or 1; labels of other values are unchanged.
    #[inline(always)]
    pub(crate) fn sign<T: Element, S: Simd<T>>(self, s: S, y: S::V) -> S::V {
        if self.binary { s.sub(s.add(y, y), s.literal(1.0)) } else { y }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::dmatrix;
    use crate::kernels::lanewise::{self, Lanewise};
    use nalgebra::DMatrix;

    impl<T: Element> Lanewise<T, 1, 1> for HingeLabels {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, [y]: [S::V; 1]) -> [S::V; 1] {
            [self.sign(s, y)]
        }
    }

    #[test]
    fn zeros_stand_for_minus_one_where_no_other_label_is_beside_zeros_and_ones() {
        let read = |y: &DMatrix<f64>| {
            let labels = HingeLabels::from_batch(BatchBuffer::from_matrix(y).batch());
            let mut signs = vec![0.0; y.len()];
            lanewise::apply(&labels, [y.as_slice()], [&mut signs]);
            signs
        };
        assert_eq!(read(&dmatrix![0.0, 1.0; 1.0, 0.0]), [-1.0, 1.0, 1.0, -1.0]);
        assert_eq!(read(&dmatrix![0.0, 1.0; -1.0, 1.0]), [0.0, -1.0, 1.0, 1.0]);
    }
}
