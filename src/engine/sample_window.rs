//! The samples of the next batches in records, from matrices that stay where they are.
//!
//! A batch in random order takes a line of the cache for every value of a sample from the columns of a matrix. A window takes the
//! samples of many batches in the order of the matrix instead, in one pass over its columns, and puts each at its place in the order
//! of the batches, which then read the window from its beginning to its end.

use super::samples::Samples;
use crate::kernels::joined_rows::RowOrder;
use crate::kernels::strided_view::StridedView;
use crate::memory;
use crate::{BatchMut, Result, Scalar};
use std::ops::Range;

/// The part of the rows that a window holds: so many passes over the matrices does an epoch take.
const PASSES: usize = 4;

/// Bytes of a window that are not worth another pass.
const SMALL: usize = 2 << 20;

/// The rows whose values are copied together: those of as many records stay in the first-level cache meanwhile.
const BLOCK: usize = 256;

/// The samples of a window: a part of the rows, at least two batches, and as many as take little memory.
pub(super) fn length(rows: usize, bytes: usize, batch_size: usize) -> usize {
    rows.div_ceil(PASSES).max(batch_size.saturating_mul(2)).max(SMALL / bytes.max(1)).min(rows)
}

/// A window over the samples of matrices, in the order of the batches.
pub(super) struct SampleWindow<'a, T: Scalar> {
    x: StridedView<'a, T>,
    y: StridedView<'a, T>,
    weights: Option<Vec<T>>,
    samples: Samples<T>,
    /// The order of the records of the window.
    ascending: RowOrder,
    /// The position of each row in the order of the batches.
    positions: Vec<u32>,
    /// Whether these are of another order.
    reordered: bool,
    /// The positions whose samples the records hold, from the first record on.
    held: Range<usize>,
    /// Rows to copy, and the records they go to.
    picked: Vec<(u32, u32)>,
}

impl<'a, T: Scalar> SampleWindow<'a, T> {
    /// An empty window for as many samples as `length`.
    pub(super) fn new(
        x: StridedView<'a, T>,
        y: StridedView<'a, T>,
        weights: Option<Vec<T>>,
        length: usize,
    ) -> Result<Self> {
        let samples = Samples::zeros(length, (x.columns, y.columns, weights.is_some()))?;
        let positions = memory::filled(0, &[x.rows]).map_err(|lack| {
            lack.error("fit", format!("the order of {} samples", x.rows), "train on parts of the data in turn")
        })?;
        Ok(SampleWindow {
            ascending: samples.order()?,
            samples,
            positions,
            reordered: true,
            held: 0..0,
            picked: vec![(0, 0); BLOCK],
            x,
            y,
            weights,
        })
    }

    /// Forgets the samples: the batches come in another order from now on.
    pub(super) fn reorder(&mut self) {
        self.reordered = true;
        self.held = 0..0;
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    #[inline]
    pub(super) fn load(
        &mut self,
        order: &RowOrder,
        start: usize,
        x: BatchMut<'_, T>,
        y: BatchMut<'_, T>,
        weights: &mut [T],
    ) {
        self.hold(order, start, x.rows());
        self.load_part(start, x, y, weights);
    }

    /// Makes the window hold the samples of one batch.
    #[inline]
    pub(super) fn hold(&mut self, order: &RowOrder, start: usize, rows: usize) {
        if start < self.held.start || start + rows > self.held.end {
            self.fill(order, start);
        }
    }

    /// Copies samples that the window holds, as [`Samples::load`] does.
    #[inline]
    pub(super) fn load_part(&self, start: usize, x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        self.samples.load(&self.ascending, start - self.held.start, x, y, weights);
    }

    /// Copies the samples from a position of the order on.
    #[cold]
    fn fill(&mut self, order: &RowOrder, start: usize) {
        if self.reordered {
            order.write_positions(&mut self.positions);
            self.reordered = false;
        }
        let length = self.samples.rows().min(self.positions.len() - start);
        self.held = start..start + length;
        let SampleWindow { x, y, weights, samples, positions, picked, .. } = self;
        let mut count = 0;
        for (row, &position) in positions.iter().enumerate() {
            // Written in any case and kept where the row belongs to the window: the processor could not foresee the branch.
            let record = position.wrapping_sub(start as u32);
            picked[count] = (row as u32, record);
            count += usize::from((record as usize) < length);
            if count == picked.len() {
                samples.write_picked(picked, x, y, weights.as_deref());
                count = 0;
            }
        }
        samples.write_picked(&picked[..count], x, y, weights.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::random::{Purpose, stream};
    use nalgebra::DMatrix;

    #[test]
    fn a_window_is_a_part_of_many_rows_and_all_of_a_few() {
        assert_eq!(length(1_000_000, 64, 256), 250_000);
        assert_eq!(length(100, 64, 32), 100);
        assert_eq!(length(100_000, 64, 32), 32_768);
        assert_eq!(length(1_000_000, 64, 400_000), 800_000);
    }

    /// Writes the samples, targets and weights of a batch.
    type Load<'a> = dyn FnMut(BatchMut<'_, f32>, BatchMut<'_, f32>, &mut [f32]) + 'a;

    #[test]
    fn batches_are_those_of_a_copy_in_every_order() -> Result<()> {
        let (rows, size) = (1000, 48);
        let x = DMatrix::from_fn(rows, 5, |row, column| (8 * row + column) as f32);
        let y = DMatrix::from_fn(rows, 1, |row, _| -(row as f32));
        let weights: Vec<f32> = (0..rows).map(|row| row as f32 / 2.0).collect();
        let (x, y) = (StridedView::new(x.as_view()), StridedView::new(y.as_view()));
        let copy = Samples::from_views(&x, &y, Some(&weights))?;
        // Windows that end within a batch and, the last, with the rows.
        let mut window = SampleWindow::new(x, y, Some(weights), 130)?;
        let mut order = copy.order()?;
        for pass in 0..3 {
            for start in (0..rows).step_by(size) {
                let count = size.min(rows - start);
                let load = |load: &mut Load<'_>| -> Result<_> {
                    let (mut x, mut y) = (BatchBuffer::zeros(count, 5), BatchBuffer::zeros(count, 1));
                    let mut weights = vec![-1.0; crate::kernels::padded(count)];
                    load(x.batch_mut(), y.batch_mut(), &mut weights);
                    Ok((x.to_matrix(), y.to_matrix(), weights))
                };
                let expected = load(&mut |x, y, weights| copy.load(&order, start, x, y, weights))?;
                let found = load(&mut |x, y, weights| window.load(&order, start, x, y, weights))?;
                assert_eq!(found, expected, "pass {pass}, from {start}");
            }
            order.shuffle(&mut stream(3, Purpose::Shuffle, pass));
            window.reorder();
        }
        Ok(())
    }
}
