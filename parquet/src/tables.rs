use crate::options::table_of;
use crate::rows::{Batch, Rows};
use perceptra::batches::TableSource;
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use std::path::Path;
use std::sync::Arc;

/// The largest number of skipped rows whose errors are kept.
const KEPT_ERRORS: usize = 100;

/// Parquet files as a [`TableSource`], read row group by row group in the memory of a few batches.
///
/// All files must have the same columns with the same types. A batch has rows of one row group, and errors about a row name its file,
/// its row group and its position. A fit that shuffles reads the row groups of all files in random order: files with many row groups (of
/// about 100,000 rows) are shuffled better than files with one.
///
/// ```
/// use perceptra::batches::TableSource;
/// use perceptra::preprocessing::Table;
/// use perceptra_parquet::{ParquetTables, write_parquet};
///
/// # let folder = std::env::temp_dir().join(format!("perceptra-parquet-tables-{}", std::process::id()));
/// # let [a, b] = ["2023.parquet", "2024.parquet"].map(|name| folder.join(name));
/// let year = |from: u32| Table::new().with_numbers("rate", (from..from + 500).map(f64::from));
/// write_parquet(&year(0)?, &a)?;
/// write_parquet(&year(500)?, &b)?;
/// let mut loans = ParquetTables::new([a, b]).columns(["rate"]).batch_rows(200);
/// loans.rewind()?;
/// let mut rows = Vec::new();
/// while let Some(block) = loans.next_table()? {
///     rows.push(block.nrows());
/// }
/// assert_eq!((rows, loans.rows()), (vec![200, 200, 100, 200, 200, 100], Some(1000)));
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct ParquetTables {
    rows: Rows,
    pub(crate) skip_bad_rows: bool,
    pub(crate) kept: Vec<String>,
    pub(crate) bad: BadRows,
}

/// The rows that were skipped.
#[derive(Debug, Default)]
pub(crate) struct BadRows {
    count: usize,
    /// The errors of the first of them.
    errors: Vec<Error>,
}

impl BadRows {
    pub(crate) fn push(&mut self, error: Error) {
        self.count += 1;
        if self.errors.len() < KEPT_ERRORS {
            self.errors.push(error);
        }
    }
}

/// Consecutive rows of a file.
pub(crate) struct FileRows {
    pub(crate) table: Table,
    pub(crate) file: Arc<str>,
    /// The first of the rows, counted from 0 in the file.
    pub(crate) first: usize,
}

impl ParquetTables {
    /// Creates a source that reads these files in this order.
    pub fn new(files: impl IntoIterator<Item = impl AsRef<Path>>) -> ParquetTables {
        ParquetTables { rows: Rows::new(files), skip_bad_rows: false, kept: Vec::new(), bad: BadRows::default() }
    }

    /// Sets the columns to read, in this order; the others are not read from the disk. Defaults to all columns of the first file, which
    /// the other files must have as well.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> ParquetTables {
        self.rows.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the largest number of rows of a batch, at least 1. Defaults to 65,536.
    #[must_use]
    pub fn batch_rows(mut self, rows: usize) -> ParquetTables {
        self.rows.batch_rows = rows.max(1);
        self
    }

    /// Whether [`predict_parquet`](crate::PredictParquet::predict_parquet) skips and [counts](Self::skipped) rows that cannot be predicted,
    /// such as those with a category that is unknown to an encoder. Defaults to false: they are errors.
    #[must_use]
    pub fn skip_bad_rows(mut self, skip: bool) -> ParquetTables {
        self.skip_bad_rows = skip;
        self
    }

    /// Sets the columns that [`predict_parquet`](crate::PredictParquet::predict_parquet) copies to its output, such as the number of a
    /// customer. Defaults to none. Only these columns and those that the pipeline uses are read, unless [`columns`](Self::columns) names
    /// others.
    #[must_use]
    pub fn keep(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> ParquetTables {
        self.kept = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The number of rows that were skipped since the last pass began.
    pub fn skipped(&self) -> usize {
        self.bad.count
    }

    /// The errors of the first 100 rows that were skipped since the last pass began, each with file, row group and row.
    pub fn bad_rows(&self) -> &[Error] {
        &self.bad.errors
    }

    /// Begins a pass over the columns that were named, by default the used and the kept ones.
    pub(crate) fn begin_with(&mut self, used: Vec<&str>) -> Result<()> {
        let named = self.rows.columns.clone();
        if named.is_none() {
            let mut columns: Vec<String> = Vec::new();
            for name in used.into_iter().chain(self.kept.iter().map(String::as_str)) {
                // Several transformers may take the same column.
                if !columns.iter().any(|known| known == name) {
                    columns.push(name.to_owned());
                }
            }
            self.rows.columns = Some(columns);
        }
        let begun = self.begin(None);
        self.rows.columns = named;
        begun
    }

    fn begin(&mut self, seed: Option<u64>) -> Result<()> {
        self.bad = BadRows::default();
        self.rows.begin("ParquetTables", seed)
    }

    /// Returns a table of the columns without rows.
    pub(crate) fn empty(&self) -> Result<Table> {
        self.rows.empty()?.map_or_else(|| Ok(Table::new()), |batch| Ok(located(batch)?.table))
    }

    /// Reads the next rows with their positions.
    pub(crate) fn next_rows(&mut self) -> Result<Option<FileRows>> {
        self.rows.next("ParquetTables", "next_table")?.map(located).transpose()
    }
}

impl TableSource for ParquetTables {
    fn rows(&self) -> Option<usize> {
        self.rows.count()
    }

    /// The columns, and the size and modification time of each file.
    fn origin(&self) -> Result<Option<String>> {
        Ok(Some(format!("{:?}\n{}", self.rows.columns, self.rows.origin()?)))
    }

    fn rewind(&mut self) -> Result<()> {
        self.begin(None)
    }

    /// Begins a pass with the row groups of all files in random order.
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        self.begin(Some(seed))
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        Ok(self.next_rows()?.map(|rows| rows.table))
    }
}

/// Converts a batch to a table that records the positions of its rows in the file.
fn located(batch: Batch) -> Result<FileRows> {
    let Batch { batch, file, row_group, first } = batch;
    let table = table_of(&file.path, vec![batch])?.with_file_rows(&*file.name, row_group, first);
    Ok(FileRows { table, file: Arc::clone(&file.name), first })
}
