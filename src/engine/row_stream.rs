//! Streams the rows of a block source, in windows of whole batches.

use super::argument_names::ArgumentNames;
use super::block_reader::BlockReader;
use super::checks::{self, sample_weights};
use super::dataset::Dataset;
use super::fit_inputs::weigh_classes;
use super::network::Network;
use crate::batches::{Block, RowShape};
use crate::error::counted;
use crate::kernels::strided_view::StridedView;
use crate::losses::Loss;
use crate::random::{Purpose, stream};
use crate::{Error, Result, Scalar};
use rand::Rng;
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// The size of a window in bytes if rows are not shuffled.
const WINDOW: usize = 1 << 20;

/// The size of a window in bytes if rows are shuffled and the user sets no other number of rows.
const SHUFFLE_WINDOW: usize = 32 << 20;

/// A source whose rows are loaded into a dataset window by window.
///
/// A window holds whole batches, whatever the length of the blocks, so the batches are the same as if all rows were in memory. To
/// reach a position in a pass, the source is read up to it.
pub(super) struct RowStream<T: Scalar> {
    shape: RowShape,
    /// The largest number of rows of a window.
    capacity: usize,
    block: Block<T>,
    /// The number of rows of the block that have been copied to a window.
    taken: usize,
    /// The first row of the window in the pass; `end` is the row after its last.
    first: usize,
    end: usize,
    /// The number of the window in its pass.
    window: u64,
    /// Whether the source has no rows after the window.
    ended: bool,
    /// Whether another stream has moved the source, so that it has to be read again from its beginning up to the end of the window.
    lost: bool,
    /// The number of rows of a pass, if it is known.
    rows: Option<usize>,
    /// The number of rows that the source returned in this pass before the block.
    before: usize,
    /// The seed of the order of this pass, if it is random.
    seed: Option<u64>,
    part: HashPart,
    class_weight: Vec<(usize, f64)>,
    names: ArgumentNames,
}

/// Selects the rows of a source by their hash.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum HashPart {
    All,
    /// The rows whose hash is below the fraction.
    Validation(f64),
    /// The rows whose hash is not below the fraction.
    Training(f64),
}

/// The reader of the rows, and the network and loss that they are checked against.
pub(super) struct RowInput<'a, 'r, T: Scalar> {
    pub(super) reader: &'a mut BlockReader<'r, T>,
    pub(super) network: &'a Network<T>,
    pub(super) loss: &'a dyn Loss<T>,
}

/// The number of rows of a window, a multiple of the batch size.
pub(super) fn window<T>(shape: RowShape, batch_size: usize, shuffled: Option<Option<usize>>) -> usize {
    let row = (shape.width() * size_of::<T>()).max(1);
    let rows = match shuffled {
        None => WINDOW / row,
        Some(None) => SHUFFLE_WINDOW / row,
        Some(Some(rows)) => rows,
    };
    rows.max(1).checked_next_multiple_of(batch_size).unwrap_or(batch_size)
}

impl<T: Scalar> RowStream<T> {
    pub(super) fn new(
        (shape, rows): (RowShape, Option<usize>),
        capacity: usize,
        part: HashPart,
        names: ArgumentNames,
    ) -> Self {
        RowStream {
            shape,
            // A window larger than the source would waste memory.
            capacity: rows.map_or(capacity, |rows| rows.clamp(1, capacity)),
            block: Block::new(shape),
            taken: 0,
            first: 0,
            end: 0,
            window: 0,
            ended: false,
            lost: true,
            rows: if part == HashPart::All { rows } else { None },
            before: 0,
            seed: None,
            part,
            class_weight: Vec::new(),
            names,
        }
    }

    /// Multiplies the weights of the rows by those of their classes.
    pub(super) fn class_weight(mut self, weights: &[(usize, f64)]) -> Self {
        self.class_weight = weights.to_vec();
        self
    }

    /// Whether the rows have weights.
    pub(super) fn weighted(&self) -> bool {
        self.shape.weighted || !self.class_weight.is_empty()
    }

    /// The number of rows of a pass, if it is known.
    pub(super) fn rows(&self) -> Option<usize> {
        self.rows
    }

    /// The number of targets of a row.
    pub(super) fn outputs(&self) -> usize {
        self.shape.outputs
    }

    /// The batch size, at most the number of rows of a pass.
    pub(super) fn batch_size(&self, wanted: usize) -> usize {
        self.rows.map_or(wanted, |rows| wanted.min(rows)).max(1)
    }

    /// Checks that the network and the loss accept rows of this shape.
    pub(super) fn check_shape(&self, network: &Network<T>, loss: &dyn Loss<T>) -> Result<()> {
        self.check(&Block::new(self.shape), network, loss)
    }

    /// Returns an error if a pass ended before its first batch.
    pub(super) fn check_not_empty(&self, batches: usize) -> Result<()> {
        if batches > 0 {
            return Ok(());
        }
        let (what, advice) = match self.part {
            HashPart::Validation(_) => {
                ("the validation part of the source", "take a larger fraction for validation_hash")
            }
            HashPart::Training(_) => ("the training part of the source", "take a smaller fraction for validation_hash"),
            HashPart::All => ("the source", "let a pass over it return at least one row"),
        };
        Err(Error::Empty { what: what.into(), advice: advice.into() })
    }

    /// Allocates the dataset that holds a window.
    pub(super) fn dataset(&self) -> Result<Dataset<'static, T>> {
        Dataset::zeros(self.capacity, (self.shape.inputs, self.shape.outputs, self.weighted()))
    }

    /// Begins a pass, in random order if there is a seed; the source is rewound when a row is needed.
    pub(super) fn begin_pass(&mut self, seed: Option<u64>) {
        (self.first, self.end, self.window) = (0, 0, 0);
        (self.ended, self.lost, self.seed) = (false, true, seed);
    }

    /// Records that another stream has read the source, so that this one has to find its position again.
    pub(super) fn lose_position(&mut self) {
        self.lost = true;
    }

    /// The position in the window of a row of the pass; moves the window if the row is after it. `None` if the pass ends before the
    /// row.
    #[inline]
    pub(super) fn at(
        &mut self,
        row: usize,
        data: &mut Dataset<'_, T>,
        input: RowInput<'_, '_, T>,
    ) -> Result<Option<usize>> {
        if row >= self.end && !self.advance(row, data, input)? {
            return Ok(None);
        }
        Ok(Some(row - self.first))
    }

    /// Moves the window to a later row; false if the pass ends before it.
    #[cold]
    fn advance(&mut self, row: usize, data: &mut Dataset<'_, T>, mut input: RowInput<'_, '_, T>) -> Result<bool> {
        while row >= self.end {
            if self.ended {
                return Ok(false);
            }
            self.fill(data, &mut input)?;
        }
        if let Some(seed) = self.seed {
            data.shuffle(seed, Purpose::Window, self.window);
        }
        Ok(true)
    }

    /// Fills the window with the next rows.
    fn fill(&mut self, data: &mut Dataset<'_, T>, input: &mut RowInput<'_, '_, T>) -> Result<()> {
        if std::mem::take(&mut self.lost) {
            input.reader.rewind(self.seed)?;
            self.block.clear();
            (self.taken, self.before) = (0, 0);
            // The rows before the position are read and skipped.
            let mut left = self.end;
            while left > 0 && self.has_rows(input)? {
                let rows = (self.block.rows() - self.taken).min(left);
                self.taken += rows;
                left -= rows;
            }
        }
        let mut rows = 0;
        while rows < self.capacity && self.has_rows(input)? {
            let count = (self.block.rows() - self.taken).min(self.capacity - rows);
            self.copy(count, rows, data);
            rows += count;
        }
        data.set_rows(rows);
        self.ended = rows < self.capacity;
        self.window += u64::from(self.end > 0);
        (self.first, self.end) = (self.end, self.end + rows);
        match self.rows {
            Some(expected) if self.end > expected || (self.ended && self.end < expected) => {
                let found = format!("{} in one pass", counted(self.end, "row"));
                let expected = format!("as many rows as it has, or had in the pass before, in every pass: {expected}");
                Err(Error::argument("BatchSource", "rows", found, expected))
            }
            _ => {
                self.rows = if self.ended { Some(self.end) } else { self.rows };
                Ok(())
            }
        }
    }

    /// Whether there are rows that are in no window yet; reads the next block if the current one is used up.
    fn has_rows(&mut self, input: &mut RowInput<'_, '_, T>) -> Result<bool> {
        while self.taken == self.block.rows() {
            self.taken = 0;
            if !input.reader.next(&mut self.block)? {
                self.block.clear();
                return Ok(false);
            }
            let rows = self.block.rows();
            let checked = self.check(&self.block, input.network, input.loss);
            checked.map_err(|error| self.block.about_rows(error, self.before))?;
            self.before += rows;
            match self.part {
                HashPart::All => {}
                HashPart::Validation(fraction) => self.block.retain(|row, held| is_held_out(row, held, fraction)),
                HashPart::Training(fraction) => self.block.retain(|row, held| !is_held_out(row, held, fraction)),
            }
        }
        Ok(true)
    }

    /// Checks the rows of a block.
    fn check(&self, block: &Block<T>, network: &Network<T>, loss: &dyn Loss<T>) -> Result<()> {
        let names = &self.names;
        if block.shape() != self.shape {
            let found = format!("a block of {:?}", block.shape());
            return Err(Error::argument("BatchSource", "next_block", found, format!("rows of {:?}", self.shape)));
        }
        network.check_input(names.x, &StridedView::new(block.x()))?;
        checks::targets(names.y, &StridedView::new(block.y()), loss, network.outputs())?;
        let invalid = |weight: T| !weight.is_finite() || weight < T::zero();
        match (0..block.rows()).find(|&row| invalid(block.weight(row))) {
            Some(row) => sample_weights(names.weights, Some(&[block.weight(row)]), (names.x, 1))
                .map_err(|error| error.with_row(|_| row))
                .map(drop),
            None => Ok(()),
        }
    }

    /// Copies the next rows of the block to a position of the window.
    fn copy(&mut self, count: usize, to: usize, data: &mut Dataset<'_, T>) {
        let rows = self.taken..self.taken + count;
        let x = StridedView::new(self.block.x()).skip_rows(self.taken, count);
        let y = StridedView::new(self.block.y()).skip_rows(self.taken, count);
        self.taken = rows.end;
        let mut weights: Option<Vec<T>> = self.weighted().then(|| rows.map(|row| self.block.weight(row)).collect());
        if let Some(weights) = &mut weights {
            weigh_classes(weights, &y, &self.class_weight);
        }
        data.write(to, &x, &y, weights.as_deref());
    }
}

/// The seed of the order of a pass.
pub(super) fn seed_of_pass(seed: u64, order: u64) -> u64 {
    stream(seed, Purpose::BlockOrder, order).next_u64()
}

/// Whether a row is for validation: as the source states, or otherwise by its hash.
fn is_held_out<T: Scalar>(row: &[T], stated: Option<bool>, fraction: f64) -> bool {
    stated.unwrap_or_else(|| hash(row) < fraction)
}

/// A number in [0, 1) that depends only on the values of a row.
fn hash<T: Scalar>(row: &[T]) -> f64 {
    let mut hasher = SipHasher13::new();
    for value in row {
        // Adding 0 maps −0 to 0.
        hasher.write_u64((value.to_f64() + 0.0).to_bits());
    }
    (hasher.finish() >> 11) as f64 / (1u64 << 53) as f64
}
