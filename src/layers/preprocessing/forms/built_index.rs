//! The built layer of every layer that maps each value to an index: a bin, a position in a vocabulary.

use crate::as_matrix::AsMatrix;
use crate::categories::Encoding;
use crate::kernels::strided_view::StridedView;
use crate::layers::{BuiltLayer, Domain, InferPass, TrainPass};
use crate::{Batch, BatchMut, Error, Result, Scalar};

/// Writes the encoded indices of the input's values; has no gradient.
pub(crate) struct BuiltIndex<F> {
    pub(crate) encoding: Encoding,
    pub(crate) domain: Domain,
    /// The index of a value, if it has one.
    pub(crate) index: F,
}

impl<T: Scalar, F: Fn(T) -> Option<usize> + Send + Sync> BuiltLayer<T> for BuiltIndex<F> {
    fn outputs(&self) -> usize {
        self.encoding.outputs()
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        self.encoding.write(y, |i, j| (self.index)(x.at(i, j)).map(|index| (index, T::one())));
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        // A step function has no derivative but 0.
        let Some(mut dx) = dx else { return };
        (0..dx.columns()).for_each(|j| dx.column_mut(j).fill(T::zero()));
    }

    fn domain(&self) -> Domain {
        self.domain.clone()
    }

    fn blocks_gradients(&self) -> bool {
        true
    }
}

/// The samples that a layer adapts to: at least one value, all finite.
pub(crate) fn source<'a, T: Scalar>(what: &'static str, x: &'a impl AsMatrix<T>) -> Result<StridedView<'a, T>> {
    let x = StridedView::new(x.as_matrix());
    if x.rows == 0 || x.columns == 0 {
        return Err(Error::Empty { what: what.into(), advice: "there is nothing to learn from".into() });
    }
    match x.first_not_finite() {
        Some((row, column, value)) => Err(Error::NotFinite { what, row, column, value }),
        None => Ok(x),
    }
}

/// Iterates over all values, row by row.
pub(crate) fn values<T: Scalar>(x: StridedView<'_, T>) -> impl Iterator<Item = f64> {
    (0..x.rows).flat_map(move |i| (0..x.columns).map(move |j| x.at(i, j).to_f64()))
}
