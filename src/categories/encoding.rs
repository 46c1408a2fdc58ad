//! The encoding of category indices: as integers, or as one-hot, multi-hot or count columns.

use crate::items::argument::plain;
use crate::items::{Spec, invalid};
use crate::{BatchBuffer, BatchMut, Result, Scalar};
use serde::{Deserialize, Serialize};

/// The encoding of the category indices of a sample. A sample has one token (Keras's name for a category) per column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputMode {
    /// The indices themselves, a column for each.
    Int,
    /// `depth` columns for each token: 1 in the column of its index and 0 elsewhere.
    OneHot,
    /// `depth` columns, the number of indices: 1 if any of the sample's tokens has that index.
    #[serde(alias = "binary")]
    MultiHot,
    /// `depth` columns that count the sample's tokens of that index.
    Count,
}

plain!(OutputMode);

/// An output mode for `columns` columns of tokens with indices below `depth`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Encoding {
    pub(crate) mode: OutputMode,
    pub(crate) columns: usize,
    pub(crate) depth: usize,
}

/// The maximum number of columns of an encoding; it leaves memory for the column names and the rows of a table.
pub(crate) const MOST_COLUMNS: usize = 1 << 24;

impl OutputMode {
    /// Returns an error for more indices than an encoding may have columns; `argument` is the one that determines their number.
    pub(crate) fn check_depth(self, item: &dyn Spec, argument: &'static str, depth: usize) -> Result<()> {
        match self {
            OutputMode::Int => Ok(()),
            _ if depth <= MOST_COLUMNS => Ok(()),
            _ => Err(invalid(
                item,
                argument,
                depth,
                format!("at most {MOST_COLUMNS}, for a column each; or output_mode int"),
            )),
        }
    }
}

impl Encoding {
    /// Allocates zeros for the encoding of this many samples.
    pub(crate) fn zeros<T: Scalar>(&self, rows: usize) -> Result<BatchBuffer<T>> {
        BatchBuffer::try_zeros(rows, self.outputs()).map_err(|lack| {
            let purpose = format!("{rows} rows of {} columns", self.outputs());
            lack.error("an encoding", purpose, "encode fewer rows at a time, with fewer bins or tokens")
        })
    }

    /// The number of columns of the encoding.
    pub(crate) fn outputs(&self) -> usize {
        match self.mode {
            OutputMode::Int => self.columns,
            OutputMode::OneHot => self.columns.saturating_mul(self.depth),
            OutputMode::MultiHot | OutputMode::Count => self.depth,
        }
    }

    /// Writes all samples. `index(row, column)` returns the index and the weight of a token, or `None` for one without an index, such as
    /// a masked one.
    pub(crate) fn write<T: Scalar>(&self, mut y: BatchMut<'_, T>, index: impl Fn(usize, usize) -> Option<(usize, T)>) {
        if self.mode == OutputMode::Int {
            for j in 0..self.columns {
                for (i, y) in y.column_mut(j).iter_mut().enumerate() {
                    *y = index(i, j).map_or(T::zero(), |(index, _)| T::of(index as f64));
                }
            }
            return;
        }
        (0..self.outputs()).for_each(|j| y.column_mut(j).fill(T::zero()));
        for j in 0..self.columns {
            for i in 0..y.rows() {
                let Some((index, weight)) = index(i, j).filter(|(index, _)| *index < self.depth) else { continue };
                match self.mode {
                    OutputMode::Count => y.column_mut(index)[i] += weight,
                    OutputMode::OneHot => y.column_mut(j * self.depth + index)[i] = weight,
                    _ => y.column_mut(index)[i] = weight,
                }
            }
        }
    }
}
