//! Copies the samples of a window from the caller's matrices.

use super::samples::Samples;
use crate::kernels::joined_rows::RowOrder;
use crate::kernels::strided_view::StridedView;
use crate::memory;
use crate::random::{Purpose, stream};
use crate::{Result, Scalar};

/// The number of rows that are copied together: few enough that their records stay in the first-level cache.
const BLOCK: usize = 256;

/// The order of the samples in a pass over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DrawnOrder {
    /// The order of the rows.
    Ascending,
    /// Drawn from the stream of a pass.
    Shuffled { seed: u64, purpose: Purpose, pass: u64 },
}

impl DrawnOrder {
    /// The order of the pass that usually follows.
    pub(super) fn next(self) -> Self {
        match self {
            DrawnOrder::Ascending => DrawnOrder::Ascending,
            DrawnOrder::Shuffled { seed, purpose, pass } => {
                DrawnOrder::Shuffled { seed, purpose, pass: pass.wrapping_add(1) }
            }
        }
    }
}

/// The beginning of a window: a position in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WindowStart {
    pub(super) order: DrawnOrder,
    pub(super) position: usize,
}

/// The matrices, and the position of each of their rows in the order of the batches.
pub(super) struct WindowFiller<'a, T: Scalar> {
    x: StridedView<'a, T>,
    y: StridedView<'a, T>,
    weights: Option<Vec<T>>,
    order: RowOrder,
    /// The position of each row in the order.
    positions: Vec<u32>,
    /// The order that `positions` belongs to.
    drawn: DrawnOrder,
    /// The rows to copy, each with its record.
    picked: Vec<(u32, u32)>,
}

impl<'a, T: Scalar> WindowFiller<'a, T> {
    /// Creates a filler with the rows in ascending order.
    pub(super) fn new(x: StridedView<'a, T>, y: StridedView<'a, T>, weights: Option<Vec<T>>) -> Result<Self> {
        let order = Samples::<T>::order_of(x.rows, x.columns + y.columns + usize::from(weights.is_some()))?;
        let mut positions = memory::filled(0, &[x.rows]).map_err(|lack| {
            lack.error("fit", format!("the order of {} samples", x.rows), "train on parts of the data in turn")
        })?;
        order.write_positions(&mut positions);
        Ok(WindowFiller { x, y, weights, order, positions, drawn: DrawnOrder::Ascending, picked: vec![(0, 0); BLOCK] })
    }

    /// Fills the window with samples from a position of an order on; stops early if `is_wanted` returns false.
    pub(super) fn fill(&mut self, start: WindowStart, samples: &mut Samples<T>, is_wanted: &dyn Fn() -> bool) {
        self.draw(start.order);
        let start = start.position;
        let length = samples.rows().min(self.positions.len() - start);
        let WindowFiller { x, y, weights, positions, picked, .. } = self;
        let mut count = 0;
        for (row, &position) in positions.iter().enumerate() {
            // Written unconditionally, and kept only if the row belongs to the window: a branch here would be unpredictable.
            let record = position.wrapping_sub(start as u32);
            picked[count] = (row as u32, record);
            count += usize::from((record as usize) < length);
            if count == picked.len() {
                samples.write_picked(picked, x, y, weights.as_deref());
                count = 0;
                if !is_wanted() {
                    return;
                }
            }
        }
        samples.write_picked(&picked[..count], x, y, weights.as_deref());
    }

    /// Computes the positions of the rows in an order.
    fn draw(&mut self, order: DrawnOrder) {
        if order == self.drawn {
            return;
        }
        match order {
            DrawnOrder::Ascending => self.order.reset(self.positions.len() as u32),
            DrawnOrder::Shuffled { seed, purpose, pass } => self.order.shuffle(&mut stream(seed, purpose, pass)),
        }
        self.order.write_positions(&mut self.positions);
        self.drawn = order;
    }
}
