//! A window of samples: records of those of the next batches, so that the matrices need not be copied completely.
//!
//! To gather a shuffled batch from the columns of a matrix, every value of a sample needs a different cache line. A window gathers the
//! samples of many batches in one pass over the columns, in the order of the rows, and stores each sample at its position in the
//! order of the batches, which then read the window sequentially.

use super::samples::Samples;
use super::window_ahead::WindowAhead;
use super::window_filler::{DrawnOrder, WindowFiller, WindowStart};
use crate::kernels::joined_rows::RowOrder;
use crate::kernels::strided_view::StridedView;
use crate::{BatchMut, Result, Scalar, threads};
use std::ops::Range;
use std::thread::Scope;

/// A window holds this fraction of the rows, so an epoch makes this many passes over the matrices.
const PASSES: usize = 8;

/// Windows have at least this many bytes, since an additional pass would cost more than the memory.
const SMALL: usize = 1 << 20;

/// The number of samples of a window: whole batches, at least two, at least one part of [`PASSES`], and at least [`SMALL`] bytes.
pub(super) fn length(rows: usize, bytes: usize, batch_size: usize) -> usize {
    let least = rows.div_ceil(PASSES).max(batch_size.saturating_add(1)).max(SMALL / bytes.max(1)).min(rows);
    // Whole batches, so that the next window begins where this one ends.
    least.checked_next_multiple_of(batch_size.max(1)).unwrap_or(rows).min(rows)
}

/// A window over the samples of matrices, in the order of the batches.
pub(super) struct SampleWindow<'a, T: Scalar> {
    /// The number of rows of the matrices.
    rows: usize,
    order: DrawnOrder,
    samples: Samples<T>,
    /// The order of the records of the window.
    ascending: RowOrder,
    /// The positions in the order whose samples the records contain.
    held: Range<usize>,
    /// `None` while another thread has it.
    filler: Option<Box<WindowFiller<'a, T>>>,
    /// The thread that fills the next window while this one is used for training.
    ahead: Option<WindowAhead<T>>,
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
        Ok(SampleWindow {
            rows: x.rows,
            order: DrawnOrder::Ascending,
            ascending: samples.order()?,
            samples,
            held: 0..0,
            filler: Some(Box::new(WindowFiller::new(x, y, weights)?)),
            ahead: None,
        })
    }

    /// The number of samples.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Lets another thread fill the next window during training, if one is available.
    pub(super) fn fill_ahead<'s>(&mut self, scope: &'s Scope<'s, '_>)
    where
        'a: 's,
    {
        // Without memory for a second window, the training thread continues to fill the first one.
        if threads::has_others()
            && let Ok(spare) = self.samples.empty_copy()
        {
            self.ahead = WindowAhead::start(scope, &mut self.filler, spare);
        }
    }

    /// Sets the order of the following batches.
    pub(super) fn set_order(&mut self, order: DrawnOrder) {
        self.order = order;
        self.held = 0..0;
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    #[inline]
    pub(super) fn load(&mut self, start: usize, x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        self.hold(start, x.rows());
        self.load_part((start, start + x.rows()), x, y, weights);
    }

    /// Fills the window so that it contains the samples of one batch.
    #[inline]
    pub(super) fn hold(&mut self, start: usize, rows: usize) {
        if start < self.held.start || start + rows > self.held.end {
            self.fill(start);
        }
    }

    /// Copies samples that the window contains, like [`Samples::load`].
    #[inline]
    pub(super) fn load_part(&self, at: (usize, usize), x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        let (start, next) = at;
        let first = self.held.start;
        self.samples.load(&self.ascending, (start - first, next - first), x, y, weights);
    }

    /// Fills the window with the samples from a position of the order on.
    #[cold]
    fn fill(&mut self, start: usize) {
        let length = self.samples.rows().min(self.rows - start);
        let wanted = WindowStart { order: self.order, position: start };
        if let Some(ahead) = &mut self.ahead {
            let next = match start + length < self.rows {
                true => WindowStart { position: start + length, ..wanted },
                false => WindowStart { order: self.order.next(), position: 0 },
            };
            ahead.exchange(wanted, next, &mut self.samples);
        } else if let Some(filler) = &mut self.filler {
            filler.fill(wanted, &mut self.samples, &|| true);
        }
        self.held = start..start + length;
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
        assert_eq!(length(1_000_000, 64, 256), 125_184);
        assert_eq!(length(100, 64, 32), 100);
        assert_eq!(length(100_000, 64, 32), 16_384);
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
        for ahead in [false, true] {
            std::thread::scope(|scope| -> Result<_> {
                // Windows of three batches; the last one of a pass ends with the rows.
                let mut window = SampleWindow::new(x, y, Some(weights.clone()), 3 * size)?;
                if ahead {
                    window.ahead = WindowAhead::start(scope, &mut window.filler, window.samples.empty_copy()?);
                    assert!(window.ahead.is_some() && window.filler.is_none());
                }
                let mut order = copy.order()?;
                // The second pass ends early, and the fourth does not have the order that was prepared ahead.
                for (pass, batches) in [(0, 21), (1, 9), (2, 21), (5, 21), (5, 2)] {
                    if pass > 0 {
                        order.shuffle(&mut stream(3, Purpose::Shuffle, pass));
                        window.set_order(DrawnOrder::Shuffled { seed: 3, purpose: Purpose::Shuffle, pass });
                    }
                    for start in (0..rows).step_by(size).take(batches) {
                        let count = size.min(rows - start);
                        let load = |load: &mut Load<'_>| -> Result<_> {
                            let (mut x, mut y) = (BatchBuffer::zeros(count, 5), BatchBuffer::zeros(count, 1));
                            let mut weights = vec![-1.0; crate::kernels::padded(count)];
                            load(x.batch_mut(), y.batch_mut(), &mut weights);
                            Ok((x.to_matrix(), y.to_matrix(), weights))
                        };
                        let expected =
                            load(&mut |x, y, weights| copy.load(&order, (start, start + x.rows()), x, y, weights))?;
                        let found = load(&mut |x, y, weights| window.load(start, x, y, weights))?;
                        assert_eq!(found, expected, "pass {pass}, from {start}");
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
