use crate::decimals::without_decimals;
use crate::failure::{guarded, invalid};
use crate::file::ParquetFile;
use perceptra::arrow::array::RecordBatch;
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use std::path::Path;

/// Options for reading a Parquet file into a table: which columns and row groups.
///
/// ```
/// use perceptra::preprocessing::Table;
/// use perceptra_parquet::{ParquetOptions, write_parquet};
///
/// # let path = std::env::temp_dir().join(format!("perceptra-parquet-options-{}.parquet", std::process::id()));
/// let loans = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_strings("home", ["OWN", "RENT"])?;
/// write_parquet(&loans, &path)?;
/// let homes = ParquetOptions::new().columns(["home"]).row_groups([0]).read(&path)?;
/// assert_eq!((homes.names(), homes.nrows()), (&["home".to_string()][..], 2));
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParquetOptions {
    columns: Option<Vec<String>>,
    row_groups: Option<Vec<usize>>,
}

impl ParquetOptions {
    /// Reads the whole file.
    pub fn new() -> ParquetOptions {
        ParquetOptions::default()
    }

    /// Sets the columns to read, in this order; the others are not read from the disk. Defaults to all columns.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> ParquetOptions {
        self.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the row groups to read, counted from 0, in this order. Defaults to all row groups.
    #[must_use]
    pub fn row_groups(mut self, row_groups: impl IntoIterator<Item = usize>) -> ParquetOptions {
        self.row_groups = Some(row_groups.into_iter().collect());
        self
    }

    /// Reads the rows of the file as a table.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the file and the cure if the file is missing, damaged, truncated, empty or encrypted, and for columns with types
    /// that tables do not have or a compression that cannot be read; [`Error::UnknownColumn`]; [`Error::Argument`] for a row group that
    /// does not exist.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        let path = path.as_ref();
        let file = ParquetFile::open(path)?;
        let projection = file.project(self.columns.as_deref())?;
        let count = file.group_rows.len();
        let groups = self.row_groups.clone().unwrap_or_else(|| (0..count).collect());
        if let Some(group) = groups.iter().find(|&&group| group >= count) {
            let expected = format!("numbers below {count}, the row groups of {}", file.name);
            return Err(Error::argument("ParquetOptions", "row_groups", group, expected));
        }
        // The empty batch makes a file without rows a table with columns.
        let mut batches = vec![file.empty(&projection)?];
        for group in groups {
            let mut reader = file.read(group, &projection, BATCH_ROWS)?;
            while let Some(batch) = reader.next_batch()? {
                batches.push(batch);
            }
        }
        table_of(path, batches)
    }
}

/// The number of rows of a batch when whole row groups are read.
const BATCH_ROWS: usize = 1 << 16;

/// Joins the batches of a file to a table.
pub(crate) fn table_of(path: &Path, batches: Vec<RecordBatch>) -> Result<Table> {
    let batches: Result<Vec<RecordBatch>> =
        batches.into_iter().map(|batch| guarded(path, "its decimals", || without_decimals(batch))).collect();
    Table::from_record_batches(&batches?).map_err(|error| match error {
        // The types have been checked, so this is about values that a column of the table cannot represent.
        Error::Argument { value, expected, .. } => invalid(path, format!("{value}; expected {expected}")),
        other => other,
    })
}

/// Reads a Parquet file as a table. Nulls become missing values.
///
/// | Parquet | column |
/// |---|---|
/// | `FLOAT`, `DOUBLE`, `FLOAT16`, `DECIMAL` of up to 38 digits | numbers; NaN is missing |
/// | `INT32`, `INT64` and the smaller and unsigned ones | integers |
/// | `BOOLEAN` | booleans |
/// | `DATE`, `TIMESTAMP`, `INT96` | dates, in UTC and in microseconds |
/// | `STRING`, also with a dictionary | strings |
///
/// See [`ParquetOptions`] to read some of the columns or row groups, and [`ParquetTables`](crate::ParquetTables) for files larger than memory.
///
/// ```
/// use perceptra::preprocessing::Table;
/// use perceptra_parquet::{read_parquet, write_parquet};
///
/// # let path = std::env::temp_dir().join(format!("perceptra-parquet-read-{}.parquet", std::process::id()));
/// let loans = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_integers("id", [1 << 60, 7])?;
/// write_parquet(&loans, &path)?;
/// let again = read_parquet(&path)?;
/// assert_eq!((again.column("rate")?.missing(), again.integers("id")?.get(0)), (1, Some(1 << 60)));
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`ParquetOptions::read`].
pub fn read_parquet(path: impl AsRef<Path>) -> Result<Table> {
    ParquetOptions::new().read(path)
}
