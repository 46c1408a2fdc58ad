//! Samples as records in memory.

use crate::error::counted;
use crate::kernels::joined_rows::{ColumnDestination, JoinedRows, RowOrder};
use crate::kernels::strided_view::StridedView;
use crate::memory::OutOfMemory;
use crate::{BatchMut, Error, Result, Scalar};
use std::ops::Range;

/// Samples, targets and sample weights, which any number of fits can share. A batch is a list of indices of samples.
///
/// All values of a sample are contiguous, because a shuffled batch reads samples at random: this takes one or two cache lines per
/// sample, whereas the columns of matrices would take one for every value.
#[derive(Clone)]
pub(crate) struct Samples<T: Scalar> {
    records: JoinedRows<T>,
    features: Range<usize>,
    targets: Range<usize>,
    /// One element, or none if there are no weights.
    weight: Range<usize>,
}

impl<T: Scalar> Samples<T> {
    /// Allocates samples of zeros: the number of rows, of features and of targets, and whether there are weights.
    pub(crate) fn zeros(rows: usize, (features, targets, weighted): (usize, usize, bool)) -> Result<Self> {
        let count = count(rows)?;
        let ends = [targets, usize::from(weighted)]
            .into_iter()
            .fold((features, features), |(_, end), count| (end, end.saturating_add(count)));
        let (features, targets, weight) = (0..features, features..ends.0, ends.0..ends.1);
        let records = JoinedRows::zeros(count, weight.end).map_err(|lack| lacking(lack, count, weight.end))?;
        Ok(Samples { records, features, targets, weight })
    }

    /// Allocates samples of zeros with the same shape.
    pub(super) fn empty_copy(&self) -> Result<Self> {
        Self::zeros(self.rows(), (self.features.len(), self.targets.len(), !self.weight.is_empty()))
    }

    /// Copies matrices with equal numbers of rows.
    pub(super) fn from_views(x: &StridedView<'_, T>, y: &StridedView<'_, T>, weights: Option<&[T]>) -> Result<Self> {
        let mut samples = Self::zeros(x.rows, (x.columns, y.columns, weights.is_some()))?;
        samples.write_features(0, x);
        samples.write_targets(0, y, weights);
        Ok(samples)
    }

    /// Writes the features of the samples from `row` on.
    pub(crate) fn write_features(&mut self, row: usize, x: &StridedView<'_, T>) {
        self.records.write(row, self.features.start, x);
    }

    /// Writes the targets, and the weights if there are any, of the samples from `row` on.
    pub(crate) fn write_targets(&mut self, row: usize, y: &StridedView<'_, T>, weights: Option<&[T]>) {
        self.records.write(row, self.targets.start, y);
        if let Some(weights) = weights {
            self.records.write(row, self.weight.start, &StridedView::of_column(weights));
        }
    }

    /// Writes rows of matrices as samples; each pair of `picked` is the row and the sample.
    pub(super) fn write_picked(
        &mut self,
        picked: &[(u32, u32)],
        x: &StridedView<'_, T>,
        y: &StridedView<'_, T>,
        weights: Option<&[T]>,
    ) {
        self.records.write_picked(picked, self.features.start, x);
        self.records.write_picked(picked, self.targets.start, y);
        if let Some(weights) = weights {
            self.records.write_picked(picked, self.weight.start, &StridedView::of_column(weights));
        }
    }

    /// The size in bytes of a sample with this many values.
    pub(super) fn bytes(width: usize) -> usize {
        JoinedRows::<T>::bytes(width)
    }

    /// Sets the number of samples, at most the allocated number.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.records.set_len(rows as u32);
    }

    /// The number of samples.
    pub(crate) fn rows(&self) -> usize {
        self.records.len()
    }

    /// The features, samples × features.
    pub(crate) fn x(&self) -> StridedView<'_, T> {
        self.records.columns(self.features.clone())
    }

    /// The targets, samples × targets.
    pub(crate) fn y(&self) -> StridedView<'_, T> {
        self.records.columns(self.targets.clone())
    }

    /// A copy of the samples with these indices.
    pub(crate) fn take(&self, rows: &[usize]) -> Result<Self> {
        let (features, targets) = (self.features.len(), self.targets.len());
        let mut taken = Self::zeros(rows.len(), (features, targets, !self.weight.is_empty()))?;
        let all = self.records.columns(0..self.weight.end);
        for (to, &from) in rows.iter().enumerate() {
            taken.records.write(to, 0, &all.skip_rows(from, 1));
        }
        Ok(taken)
    }

    /// Whether the number of samples, of features and of targets and the presence of weights are these.
    pub(super) fn has_shape(&self, rows: usize, shape: (usize, usize, bool)) -> bool {
        (self.rows(), (self.features.len(), self.targets.len(), !self.weight.is_empty())) == (rows, shape)
    }

    /// The ascending order of the samples.
    pub(super) fn order(&self) -> Result<RowOrder> {
        Self::order_of(self.rows(), self.weight.end)
    }

    /// The ascending order of this many samples; an error names the size of samples of `width` values.
    pub(super) fn order_of(rows: usize, width: usize) -> Result<RowOrder> {
        let count = count(rows)?;
        RowOrder::ascending(count).map_err(|lack| lacking(lack, count, width))
    }

    /// Copies the samples of one batch, or of a part of it: positions `start..start + rows` of the order. This thread loads those from
    /// `next` on after them.
    pub(super) fn load(
        &self,
        order: &RowOrder,
        (start, next): (usize, usize),
        mut x: BatchMut<'_, T>,
        mut y: BatchMut<'_, T>,
        weights: &mut [T],
    ) {
        let (positions, lanes) = (start..start + x.rows(), x.stride());
        let features = ColumnDestination { columns: self.features.clone(), to: x.padded() };
        let targets = ColumnDestination { columns: self.targets.clone(), to: y.padded() };
        let weight = ColumnDestination { columns: self.weight.clone(), to: weights };
        self.records.take(order, (positions, next), &mut [features, targets, weight], lanes);
    }
}

/// The number of samples as `u32`, the type of their indices; an error if it does not fit.
fn count(rows: usize) -> Result<u32> {
    u32::try_from(rows).map_err(|_| {
        let expected = "at most 4,294,967,295 rows; train on parts of the data in turn";
        Error::argument("fit", "x", counted(rows, "row"), expected)
    })
}

fn lacking(lack: OutOfMemory, count: u32, columns: usize) -> Error {
    let purpose = format!("a copy of {count} samples with {columns} columns");
    lack.error("fit", purpose, "train on parts of the data in turn, or with fewer columns")
}
