//! The samples of a fit or an evaluation.

use super::checks::same_rows;
use super::samples::Samples;
use crate::kernels::joined_rows::RowOrder;
use crate::kernels::strided_view::StridedView;
use crate::{BatchMut, Error, Random, Result, Scalar};
use std::sync::Arc;

/// Samples, and the order in which batches are taken.
pub(super) struct Dataset<T: Scalar> {
    samples: Arc<Samples<T>>,
    order: RowOrder,
}

impl<T: Scalar> Dataset<T> {
    /// Of these matrices, which are copied unless `shared` holds the same.
    pub(super) fn new(
        x: &StridedView<'_, T>,
        y: &StridedView<'_, T>,
        weights: Option<&[T]>,
        shared: Option<&Arc<Samples<T>>>,
    ) -> Result<Self> {
        same_rows(("x", x.rows), ("y", y.rows))?;
        if x.rows == 0 {
            return Err(Error::Empty { what: "x".into(), advice: "pass at least one sample".into() });
        }
        let samples = match shared {
            Some(shared) if shared.has_shape(x.rows, (x.columns, y.columns, weights.is_some())) => Arc::clone(shared),
            _ => Arc::new(Samples::of(x, y, weights)?),
        };
        Ok(Dataset { order: samples.order()?, samples })
    }

    /// The number of samples.
    pub(super) fn rows(&self) -> usize {
        self.order.len()
    }

    /// Puts the samples into a new order.
    pub(super) fn shuffle(&mut self, stream: &mut Random) {
        self.order.shuffle(stream);
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    pub(super) fn load(&self, start: usize, x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        self.samples.load(&self.order, start, x, y, weights);
    }
}
