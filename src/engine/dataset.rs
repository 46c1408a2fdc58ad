//! The samples of a fit or an evaluation.

use super::checks::same_rows;
use super::sample_window::{self, SampleWindow};
use super::samples::Samples;
use super::window_filler::DrawnOrder;
use crate::kernels::joined_rows::RowOrder;
use crate::kernels::strided_view::StridedView;
use crate::random::{Purpose, stream};
use crate::{BatchMut, Error, Result, Scalar};
use std::sync::Arc;
use std::thread::Scope;

/// Samples, with the order in which batches take them.
pub(super) enum Dataset<'a, T: Scalar> {
    /// All samples as records, possibly shared with other fits, and their order.
    Records(Arc<Samples<T>>, RowOrder),
    /// Samples in the caller's matrices; only those of the next batches are copied to records.
    Window(Box<SampleWindow<'a, T>>),
}

impl<'a, T: Scalar> Dataset<'a, T> {
    /// Creates a dataset of these matrices, which are copied unless `shared` already contains their records.
    pub(super) fn new(
        x: &StridedView<'_, T>,
        y: &StridedView<'_, T>,
        weights: Option<&[T]>,
        shared: Option<&Arc<Samples<T>>>,
    ) -> Result<Self> {
        check(x, y)?;
        let samples = match shared {
            Some(shared) if shared.has_shape(x.rows, (x.columns, y.columns, weights.is_some())) => Arc::clone(shared),
            _ => Arc::new(Samples::from_views(x, y, weights)?),
        };
        let order = samples.order()?;
        Ok(Dataset::Records(samples, order))
    }

    /// Creates a dataset of these matrices without copying all rows, unless there are so few that they fit in one window.
    pub(super) fn windowed(
        x: StridedView<'a, T>,
        y: StridedView<'a, T>,
        weights: Option<Vec<T>>,
        batch_size: usize,
    ) -> Result<Self> {
        check(&x, &y)?;
        let width = x.columns + y.columns + usize::from(weights.is_some());
        let length = sample_window::length(x.rows, Samples::<T>::bytes(width), batch_size);
        if length >= x.rows {
            return Self::new(&x, &y, weights.as_deref(), None);
        }
        Ok(Dataset::Window(Box::new(SampleWindow::new(x, y, weights, length)?)))
    }

    /// Allocates samples; `shape` is the number of features, the number of targets, and whether there are weights.
    pub(super) fn zeros(rows: usize, shape: (usize, usize, bool)) -> Result<Self> {
        let samples = Arc::new(Samples::zeros(rows, shape)?);
        let order = samples.order()?;
        Ok(Dataset::Records(samples, order))
    }

    /// Lets another thread copy the samples of later batches, unless all samples are records already.
    pub(super) fn fill_ahead<'s>(&mut self, scope: &'s Scope<'s, '_>)
    where
        'a: 's,
    {
        if let Dataset::Window(window) = self {
            window.fill_ahead(scope);
        }
    }

    /// Writes samples from the given row on.
    pub(super) fn write(
        &mut self,
        start: usize,
        x: &StridedView<'_, T>,
        y: &StridedView<'_, T>,
        weights: Option<&[T]>,
    ) {
        if let Dataset::Records(samples, _) = self {
            // This never copies, since the window of a source does not share its samples.
            let samples = Arc::make_mut(samples);
            samples.write_features(start, x);
            samples.write_targets(start, y, weights);
        }
    }

    /// Sets the number of samples, at most the allocated number, and restores the order in which they were written.
    pub(super) fn set_rows(&mut self, rows: usize) {
        if let Dataset::Records(samples, order) = self {
            Arc::make_mut(samples).set_rows(rows);
            order.reset(rows as u32);
        }
    }

    /// The number of samples.
    pub(super) fn rows(&self) -> usize {
        match self {
            Dataset::Records(_, order) => order.len(),
            Dataset::Window(window) => window.rows(),
        }
    }

    /// Shuffles the samples for a pass.
    pub(super) fn shuffle(&mut self, seed: u64, purpose: Purpose, pass: u64) {
        match self {
            Dataset::Records(_, order) => order.shuffle(&mut stream(seed, purpose, pass)),
            Dataset::Window(window) => window.set_order(DrawnOrder::Shuffled { seed, purpose, pass }),
        }
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    #[inline]
    pub(super) fn load(&mut self, start: usize, x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        match self {
            Dataset::Records(samples, order) => samples.load(order, (start, start + x.rows()), x, y, weights),
            Dataset::Window(window) => window.load(start, x, y, weights),
        }
    }

    /// Makes the samples of one batch ready for [`load_part`](Self::load_part).
    pub(super) fn hold(&mut self, start: usize, rows: usize) {
        if let Dataset::Window(window) = self {
            window.hold(start, rows);
        }
    }

    /// Copies a part of the samples of a batch, like [`Samples::load`].
    pub(super) fn load_part(&self, at: (usize, usize), x: BatchMut<'_, T>, y: BatchMut<'_, T>, weights: &mut [T]) {
        match self {
            Dataset::Records(samples, order) => samples.load(order, at, x, y, weights),
            Dataset::Window(window) => window.load_part(at, x, y, weights),
        }
    }
}

fn check<T: Scalar>(x: &StridedView<'_, T>, y: &StridedView<'_, T>) -> Result<()> {
    same_rows(("x", x.rows), ("y", y.rows))?;
    if x.rows == 0 {
        return Err(Error::Empty { what: "x".into(), advice: "pass at least one sample".into() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    fn records<'d>(data: &'d Dataset<'_, f32>) -> &'d Arc<Samples<f32>> {
        match data {
            Dataset::Records(samples, _) => samples,
            Dataset::Window(_) => panic!("a window"),
        }
    }

    #[test]
    fn samples_of_the_same_shape_are_shared_and_others_copied() -> Result<()> {
        let x = DMatrix::from_fn(9, 3, |row, column| (3 * row + column) as f32);
        let y = DMatrix::from_fn(9, 2, |row, column| (row + column) as f32);
        let (x, y, weights) = (StridedView::new(x.as_view()), StridedView::new(y.as_view()), [0.5; 9]);
        let shared = Arc::new(Samples::from_views(&x, &y, Some(&weights))?);
        let of = |weights: Option<&[f32]>| Dataset::new(&x, &y, weights, Some(&shared));
        assert!(Arc::ptr_eq(records(&of(Some(&weights))?), &shared));
        assert!(!Arc::ptr_eq(records(&of(None)?), &shared));
        let part = Dataset::new(&x.skip_rows(0, 5), &y.skip_rows(0, 5), Some(&weights[..5]), Some(&shared))?;
        assert_eq!(part.rows(), 5);
        let taken = shared.take(&[7, 2])?;
        assert_eq!((taken.rows(), taken.x().at(0, 1), taken.y().at(1, 1)), (2, 22.0, 3.0));
        Ok(())
    }

    #[test]
    fn a_window_holds_as_many_samples_as_were_written_last() -> Result<()> {
        let x = DMatrix::from_fn(6, 2, |row, column| (10 * row + column) as f32);
        let y = DMatrix::from_fn(6, 1, |row, _| -(row as f32));
        let (x, y) = (StridedView::new(x.as_view()), StridedView::new(y.as_view()));
        let mut window = Dataset::zeros(4, (2, 1, true))?;
        let memory = Arc::as_ptr(records(&window));
        // The last window of a pass is short, and the first one of the next is not.
        for (first, rows) in [(0, 4), (4, 2), (1, 4)] {
            for row in 0..rows {
                let (x, y) = (x.skip_rows(first + row, 1), y.skip_rows(first + row, 1));
                window.write(row, &x, &y, Some(&[0.5]));
            }
            window.set_rows(rows);
            assert_eq!((window.rows(), records(&window).rows()), (rows, rows));
            let samples = records(&window);
            assert!((0..rows).all(|row| samples.x().at(row, 1) == x.at(first + row, 1)));
            assert!((0..rows).all(|row| samples.y().at(row, 0) == y.at(first + row, 0)));
        }
        assert_eq!(Arc::as_ptr(records(&window)), memory);
        Ok(())
    }

    #[test]
    fn samples_that_others_hold_are_not_written_to() -> Result<()> {
        let x = DMatrix::from_fn(3, 1, |row, _| row as f32);
        let x = StridedView::new(x.as_view());
        let shared = Arc::new(Samples::from_views(&x, &x, None)?);
        let mut data = Dataset::new(&x, &x, None, Some(&shared))?;
        data.write(0, &x.skip_rows(2, 1), &x.skip_rows(2, 1), None);
        assert_eq!((shared.x().at(0, 0), records(&data).x().at(0, 0)), (0.0, 2.0));
        Ok(())
    }
}
