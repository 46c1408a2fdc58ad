//! Encoded rows cached in a binary file, each with a mark that states whether it is for validation.

use super::encoded_rows::EncodedRows;
use crate::batches::{BatchSource, Block, CachedBatches, RowShape};
use crate::{Result, Scalar};
use std::path::Path;

/// The encoded rows that members are trained on.
pub(super) enum TrainingRows<'a, T: Scalar> {
    /// Encoded in every pass.
    Encoded(EncodedRows<'a>),
    /// Encoded once and cached in a file.
    Cached(Box<UnmarkedRows<'a, T>>),
}

impl<'a, T: Scalar> TrainingRows<'a, T> {
    /// Caches the rows in a file if a path is given.
    pub(super) fn new(rows: EncodedRows<'a>, cache: Option<&Path>) -> Self {
        match cache {
            None => TrainingRows::Encoded(rows),
            Some(path) => {
                let width = BatchSource::<T>::shape(&rows).width();
                let marked = MarkedRows { rows, block: None, row: Vec::with_capacity(width + 1) };
                TrainingRows::Cached(Box::new(UnmarkedRows { cached: CachedBatches::new(marked, path), block: None }))
            }
        }
    }

    pub(super) fn encoded(&mut self) -> &mut EncodedRows<'a> {
        match self {
            TrainingRows::Encoded(rows) => rows,
            TrainingRows::Cached(rows) => &mut rows.cached.source_mut().rows,
        }
    }

    pub(super) fn source(&mut self) -> &mut dyn BatchSource<T> {
        match self {
            TrainingRows::Encoded(rows) => rows,
            TrainingRows::Cached(rows) => &mut **rows,
        }
    }
}

/// Encoded rows with one more input as the last, the mark: 1 for a row that is for validation, else 0.
pub(super) struct MarkedRows<'a, T: Scalar> {
    rows: EncodedRows<'a>,
    block: Option<Block<T>>,
    /// The inputs of one row.
    row: Vec<T>,
}

impl<T: Scalar> BatchSource<T> for MarkedRows<'_, T> {
    fn shape(&self) -> RowShape {
        let shape = BatchSource::<T>::shape(&self.rows);
        RowShape { inputs: shape.inputs + 1, ..shape }
    }

    fn rows(&self) -> Option<usize> {
        BatchSource::<T>::rows(&self.rows)
    }

    fn origin(&self) -> Result<Option<String>> {
        BatchSource::<T>::origin(&self.rows)
    }

    fn rewind(&mut self) -> Result<()> {
        BatchSource::<T>::rewind(&mut self.rows)
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let shape = BatchSource::<T>::shape(&self.rows);
        let encoded = self.block.get_or_insert_with(|| Block::new(shape));
        encoded.clear();
        if !self.rows.next_block(encoded)? {
            return Ok(false);
        }
        for (row, values) in encoded.values().chunks_exact(shape.width().max(1)).enumerate() {
            let (x, rest) = values.split_at(shape.inputs);
            self.row.clear();
            self.row.extend_from_slice(x);
            self.row.push(if encoded.is_held_out(row) { T::one() } else { T::zero() });
            block.push(&self.row, &rest[..shape.outputs], encoded.weight(row))?;
        }
        Ok(true)
    }
}

/// The rows of a cache of marked rows, without the marks.
pub(super) struct UnmarkedRows<'a, T: Scalar> {
    cached: CachedBatches<MarkedRows<'a, T>>,
    block: Option<Block<T>>,
}

impl<T: Scalar> BatchSource<T> for UnmarkedRows<'_, T> {
    fn shape(&self) -> RowShape {
        BatchSource::<T>::shape(&self.cached.source().rows)
    }

    fn rows(&self) -> Option<usize> {
        BatchSource::<T>::rows(&self.cached)
    }

    fn rewind(&mut self) -> Result<()> {
        BatchSource::<T>::rewind(&mut self.cached)
    }

    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        BatchSource::<T>::rewind_shuffled(&mut self.cached, seed)
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let shape = BatchSource::<T>::shape(&self.cached);
        let marked = self.block.get_or_insert_with(|| Block::new(shape));
        marked.clear();
        if !self.cached.next_block(marked)? {
            return Ok(false);
        }
        let mut held_out = Vec::with_capacity(marked.rows());
        for (row, values) in marked.values().chunks_exact(shape.width()).enumerate() {
            let (x, rest) = values.split_at(shape.inputs);
            let (mark, x) = x.split_last().map_or((T::zero(), x), |(mark, x)| (*mark, x));
            held_out.push(mark > T::zero());
            block.push(x, &rest[..shape.outputs], marked.weight(row))?;
        }
        block.set_held_out(held_out);
        Ok(true)
    }
}
