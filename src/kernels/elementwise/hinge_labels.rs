//! The labels of hinge distances: −1 and 1, or 0 and 1, which are read as those.

use crate::kernels::{Element, Simd};
use crate::{Batch, Scalar};

/// The encoding of the labels of one batch.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HingeLabels {
    /// Whether they are zeros and ones only, of which the zeros stand for −1.
    binary: bool,
}

impl HingeLabels {
    /// The reading of a batch of labels.
    pub(crate) fn from_batch<T: Scalar>(y: Batch<'_, T>) -> Self {
        let binary = |column| y.column(column).iter().all(|&label| label == T::zero() || label == T::one());
        HingeLabels { binary: (0..y.columns()).all(binary) }
    }

    /// −1 or 1, or what else the label was.
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
