use crate::decimals::without_decimals;
use crate::failure::{guarded, invalid};
use crate::numbers::write_numbers;
use crate::rows::Rows;
use nalgebra::DMatrixView;
use perceptra::arrow::array::RecordBatch;
use perceptra::batches::{BatchSource, Block, CachedBatches, RowShape};
use perceptra::error::Place;
use perceptra::{Error, Result, Scalar};
use std::path::{Path, PathBuf};

/// Columns of Parquet files as a [`BatchSource`], to fit a model without a pipeline.
///
/// The columns contain numbers, decimals, integers or booleans; the latter are read as 1 and 0. A null, NaN or infinity is an
/// error with file and row, unless bad rows are [skipped](Self::skip_bad_rows). A fit that shuffles reads the row groups of all
/// files in random order.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra_parquet::{ParquetBatches, write_parquet};
///
/// # let path = std::env::temp_dir().join(format!("perceptra-parquet-batches-{}.parquet", std::process::id()));
/// let ages = (0..1000).map(|row| f64::from(row % 60));
/// let defaults = (0..1000).map(|row| row % 60 > 30);
/// write_parquet(&Table::new().with_numbers("age", ages)?.with_booleans("default", defaults)?, &path)?;
///
/// let mut rows = ParquetBatches::new([&path]).inputs(["age"]).target("default");
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(Adam, BinaryCrossentropy, ());
/// let history = model.fit_batches(&mut rows, Fit::new().epochs(2).batch_size(100).verbose(0))?;
/// assert_eq!(history.steps(), 20);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct ParquetBatches {
    rows: Rows,
    inputs: Vec<String>,
    targets: Vec<String>,
    weight: Option<String>,
    skip_bad_rows: bool,
    skipped: usize,
}

impl ParquetBatches {
    /// Creates a source that reads these files in this order.
    pub fn new(files: impl IntoIterator<Item = impl AsRef<Path>>) -> ParquetBatches {
        ParquetBatches {
            rows: Rows::new(files),
            inputs: Vec::new(),
            targets: Vec::new(),
            weight: None,
            skip_bad_rows: false,
            skipped: 0,
        }
    }

    /// Sets the columns of the features, in this order.
    #[must_use]
    pub fn inputs(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> ParquetBatches {
        self.inputs = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the column of the target. Defaults to none, for rows that are only predicted.
    #[must_use]
    pub fn target(self, column: impl Into<String>) -> ParquetBatches {
        self.targets([column])
    }

    /// Sets the columns of several targets, in this order.
    #[must_use]
    pub fn targets(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> ParquetBatches {
        self.targets = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the column of the rows' weights, by which their losses are multiplied. Defaults to none: all rows have the same weight.
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> ParquetBatches {
        self.weight = Some(column.into());
        self
    }

    /// Sets the largest number of rows of a block, at least 1. Defaults to 65,536.
    #[must_use]
    pub fn batch_rows(mut self, rows: usize) -> ParquetBatches {
        self.rows.batch_rows = rows.max(1);
        self
    }

    /// Whether rows with a null, NaN or infinity are skipped and [counted](Self::skipped). Defaults to false: they are errors.
    #[must_use]
    pub fn skip_bad_rows(mut self, skip: bool) -> ParquetBatches {
        self.skip_bad_rows = skip;
        self
    }

    /// Caches the rows in a binary file; see [`CachedBatches`].
    pub fn cache(self, path: impl Into<PathBuf>) -> CachedBatches<ParquetBatches> {
        CachedBatches::new(self, path)
    }

    /// The number of rows that were skipped since the last pass began.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    fn begin(&mut self, seed: Option<u64>) -> Result<()> {
        self.skipped = 0;
        if self.inputs.is_empty() {
            return Err(Error::argument("ParquetBatches", "inputs", "an empty list", "at least one"));
        }
        self.rows.columns = Some(self.inputs.iter().chain(&self.targets).chain(&self.weight).cloned().collect());
        self.rows.begin("ParquetBatches", seed)
    }

    /// Returns the columns of a batch one after another, and which rows are good, or `None` if all of its numbers are finite.
    fn numbers<T: Scalar>(&self, path: &Path, batch: &RecordBatch) -> Result<(Vec<T>, Option<Vec<bool>>)> {
        let rows = batch.num_rows();
        let mut numbers = vec![T::zero(); rows * batch.num_columns()];
        let mut good: Option<Vec<bool>> = None;
        for ((column, field), numbers) in
            batch.columns().iter().zip(batch.schema_ref().fields()).zip(numbers.chunks_exact_mut(rows.max(1)))
        {
            let is_finite = write_numbers(column, numbers).ok_or_else(|| {
                let reason = format!(
                    "column \"{}\" is of {}; expected numbers, integers or booleans: encode it by a Pipeline on ParquetTables",
                    field.name(),
                    field.data_type()
                );
                invalid(path, reason)
            })?;
            if !is_finite {
                let good = good.get_or_insert_with(|| vec![true; rows]);
                good.iter_mut().zip(numbers).for_each(|(good, number)| *good &= number.is_finite());
            }
        }
        Ok((numbers, good))
    }
}

impl<T: Scalar> BatchSource<T> for ParquetBatches {
    fn shape(&self) -> RowShape {
        RowShape::new(self.inputs.len(), self.targets.len()).weighted(self.weight.is_some())
    }

    /// The number of rows according to the footers of the files; `None` if bad rows are skipped.
    fn rows(&self) -> Option<usize> {
        if self.skip_bad_rows { None } else { self.rows.count() }
    }

    /// The columns, and the size and modification time of each file.
    fn origin(&self) -> Result<Option<String>> {
        let ParquetBatches { rows, inputs, targets, weight, skip_bad_rows, .. } = self;
        Ok(Some(format!("{inputs:?} {targets:?} {weight:?}\nskip_bad_rows {skip_bad_rows}\n{}", rows.origin()?)))
    }

    fn rewind(&mut self) -> Result<()> {
        self.begin(None)
    }

    /// Begins a pass with the row groups of all files in random order.
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        self.begin(Some(seed))
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let Some(found) = self.rows.next("ParquetBatches", "next_block")? else { return Ok(false) };
        let path = &found.file.path;
        let batch = guarded(path, "its decimals", || without_decimals(found.batch))?;
        let (mut numbers, good) = self.numbers::<T>(path, &batch)?;
        let mut rows = batch.num_rows();
        let first = found.first as u64;
        if let Some(good) = &good {
            if !self.skip_bad_rows {
                let place = |row| Place::FileRow {
                    file: found.file.name.to_string(),
                    row_group: found.row_group,
                    row: found.first + row,
                };
                return Err(bad_value(&batch, &numbers, good, place));
            }
            let mut position = 0;
            numbers.retain(|_| {
                position += 1;
                good[(position - 1) % rows]
            });
            rows = good.iter().filter(|good| **good).count();
            self.skipped += good.len() - rows;
        }
        let (x, rest) = numbers.split_at(rows * self.inputs.len());
        let (y, weights) = rest.split_at(rows * self.targets.len());
        let x = DMatrixView::from_slice(x, rows, self.inputs.len());
        let y = DMatrixView::from_slice(y, rows, self.targets.len());
        block.push_matrices(&x, &y, self.weight.is_some().then_some(weights))?;
        match good {
            Some(good) => {
                let kept = (first..).zip(good).filter(|(_, good)| *good).map(|(row, _)| row);
                block.set_file_rows(&found.file.name, found.row_group, kept);
            }
            None => block.set_file_rows(&found.file.name, found.row_group, first..first + rows as u64),
        }
        Ok(true)
    }
}

/// Returns the error for the first bad row.
fn bad_value<T: Scalar>(
    batch: &RecordBatch,
    numbers: &[T],
    good: &[bool],
    place: impl FnOnce(usize) -> Place,
) -> Error {
    let row = good.iter().position(|good| !good).unwrap_or(0);
    let values = numbers.chunks_exact(good.len()).map(|column| column[row]);
    let bad = values.zip(batch.schema_ref().fields()).find(|(value, _)| !value.is_finite());
    let (value, column) =
        bad.map_or((f64::NAN, String::new()), |(value, field)| (value.to_f64(), field.name().clone()));
    match value.is_nan() {
        true => Error::MissingValue { place: place(row), column },
        false => Error::InfiniteValue { place: place(row), column, value },
    }
}
