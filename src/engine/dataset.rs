//! The samples of a fit or an evaluation.

use super::checks::same_rows;
use crate::kernels::joined_rows::{ColumnDestination, JoinedRows};
use crate::kernels::strided_view::StridedView;
use crate::memory::OutOfMemory;
use crate::{BatchMut, Error, Random, Result, Scalar};
use std::ops::Range;

/// Samples, targets and sample weights. A batch is a list of sample numbers.
///
/// All that belongs to a sample is stored side by side, because a shuffled batch takes samples from random places: one
/// line of the cache or two each, where the columns of matrices would take one for every value.
pub(super) struct Dataset<T: Scalar> {
    records: JoinedRows<T>,
    features: Range<usize>,
    targets: Range<usize>,
    /// One element, or none where no weights were given.
    weight: Range<usize>,
}

impl<T: Scalar> Dataset<T> {
    pub(super) fn new(x: &StridedView<'_, T>, y: &StridedView<'_, T>, weights: Option<&[T]>) -> Result<Self> {
        same_rows(("x", x.rows), ("y", y.rows))?;
        if x.rows == 0 {
            return Err(Error::Empty { what: "x".into(), advice: "pass at least one sample".into() });
        }
        let mut data = Dataset::zeros(x.rows, (x.columns, y.columns, weights.is_some()))?;
        data.write(0, x, y, weights);
        Ok(data)
    }

    /// Memory for samples of a number of features and of targets, with weights or without.
    pub(super) fn zeros(rows: usize, (inputs, outputs, weighted): (usize, usize, bool)) -> Result<Self> {
        let count = u32::try_from(rows).map_err(|_| {
            Error::argument(
                "fit",
                "x",
                format!("{rows} rows"),
                "at most 4,294,967,295 rows; train on parts of the data in turn",
            )
        })?;
        let features = 0..inputs;
        let targets = inputs..inputs + outputs;
        let weight = targets.end..targets.end + usize::from(weighted);
        let lack = |lack: OutOfMemory| {
            let purpose = format!("a copy of {count} samples with {} columns", weight.end);
            lack.error("fit", purpose, "train on parts of the data in turn, or with fewer columns")
        };
        let records = JoinedRows::zeros(count, weight.end).map_err(lack)?;
        Ok(Dataset { records, features, targets, weight })
    }

    /// Writes samples, from that one on.
    pub(super) fn write(
        &mut self,
        start: usize,
        x: &StridedView<'_, T>,
        y: &StridedView<'_, T>,
        weights: Option<&[T]>,
    ) {
        self.records.write(start, self.features.start, x);
        self.records.write(start, self.targets.start, y);
        if let Some(weights) = weights {
            self.records.write(start, self.weight.start, &StridedView::of_column(weights));
        }
    }

    /// Sets the number of samples, in the order in which they were written: at most as many as there is memory for.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.records.set_len(rows as u32);
    }

    /// The number of samples.
    pub(super) fn rows(&self) -> usize {
        self.records.len()
    }

    /// Puts the samples into a new order.
    pub(super) fn shuffle(&mut self, stream: &mut Random) {
        self.records.shuffle(stream);
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    pub(super) fn load(&self, start: usize, mut x: BatchMut<'_, T>, mut y: BatchMut<'_, T>, weights: &mut [T]) {
        let (positions, lanes) = (start..start + x.rows(), x.stride());
        let features = ColumnDestination { columns: self.features.clone(), to: x.padded() };
        let targets = ColumnDestination { columns: self.targets.clone(), to: y.padded() };
        let weight = ColumnDestination { columns: self.weight.clone(), to: weights };
        self.records.take(positions, &mut [features, targets, weight], lanes);
    }
}
