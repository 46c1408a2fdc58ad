use crate::failure::{io_error, system_error};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use perceptra::arrow::array::cast::AsArray;
use perceptra::arrow::array::types::Date32Type;
use perceptra::arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray};
use perceptra::arrow::schema::{DataType, Field, Schema};
use perceptra::preprocessing::Table;
use perceptra::saving::Replacement;
use perceptra::{Error, Result};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const DAY: i64 = 86_400_000_000;

/// The number of rows of a row group. Readers keep about one row group in memory, and shuffle row groups.
const GROUP_ROWS: usize = 1 << 17;

/// Writes a table to a Parquet file, compressed with Snappy as pandas does by default.
///
/// Numbers become `DOUBLE`, integers `INT64`, booleans `BOOLEAN`, dates `DATE` or, where one has a time of the day, `TIMESTAMP` in
/// microseconds without a time zone, strings `STRING`; missing values become nulls. The file is written atomically: until it is complete,
/// the previous content of `path` remains. Missing folders are created. [`read_parquet`](crate::read_parquet) reads the
/// same table back.
///
/// # Errors
///
/// [`Error::Io`] if the file cannot be written; [`Error::Argument`] for a table that Arrow refuses, such as one with strings of more than
/// 2 GiB in a column.
pub fn write_parquet(table: &Table, path: impl AsRef<Path>) -> Result<()> {
    let batch = table.to_record_batch()?;
    let mut file = OpenFile::begin(path.as_ref(), &batch)?;
    file.write(&batch)?;
    file.finish()
}

/// Writes a Parquet file table by table, in the memory of one row group; the file is renamed to its path when it is complete.
///
/// Types are as in [`write_parquet`], except that dates always become `TIMESTAMP`, since a later table may have times of the day.
///
/// ```
/// use perceptra::preprocessing::Table;
/// use perceptra_parquet::{ParquetWriter, read_parquet};
///
/// # let path = std::env::temp_dir().join(format!("perceptra-parquet-writer-{}.parquet", std::process::id()));
/// let mut file = ParquetWriter::begin(&path)?;
/// for month in 1..=12 {
///     file.write(&Table::new().with_integers("month", [month; 100])?)?;
/// }
/// file.finish()?;
/// assert_eq!(read_parquet(&path)?.nrows(), 1200);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct ParquetWriter {
    path: PathBuf,
    /// `None` before the first table, which determines the columns.
    file: Option<OpenFile>,
}

impl ParquetWriter {
    /// Begins a file that will be renamed to `path`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for a path that cannot be written to.
    pub fn begin(path: impl AsRef<Path>) -> Result<ParquetWriter> {
        let path = path.as_ref().to_owned();
        // An invalid path is reported now, not after hours of work.
        Replacement::begin(&path)?;
        Ok(ParquetWriter { path, file: None })
    }

    /// Adds the rows of a table, which must have the columns of the first one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for other columns; else as [`write_parquet`].
    pub fn write(&mut self, table: &Table) -> Result<()> {
        let batch = with_times(table.to_record_batch()?)?;
        match &mut self.file {
            Some(file) => file.write(&batch),
            None => self.file.insert(OpenFile::begin(&self.path, &batch)?).write(&batch),
        }
    }

    /// Writes the footer, waits until the file is on the disk, and renames it to its path.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the file cannot be written, [`Error::Empty`] without a table.
    pub fn finish(self) -> Result<()> {
        let Some(file) = self.file else {
            let advice = "write at least one table, which may be without rows, so that its columns are known".into();
            return Err(Error::Empty { what: self.path.display().to_string(), advice });
        };
        file.finish()
    }
}

/// A file whose columns are known.
struct OpenFile {
    path: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<Replacement>,
}

impl std::fmt::Debug for OpenFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenFile").field("path", &self.path).field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl OpenFile {
    fn begin(path: &Path, batch: &RecordBatch) -> Result<OpenFile> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("perceptra".into())
            .build();
        // Without Arrow's schema other programs read strings as strings, not as the dictionaries that a table stores.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Replacement::begin(path)?, batch.schema(), options);
        let writer = writer.map_err(|error| failed(path, &error))?;
        Ok(OpenFile { path: path.to_owned(), schema: batch.schema(), writer })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.schema_ref().fields() != self.schema.fields() {
            let columns = |schema: &Schema| {
                let column = |field: &Arc<Field>| format!("{} of {}", field.name(), field.data_type());
                schema.fields().iter().map(column).collect::<Vec<_>>().join(", ")
            };
            let expected = format!("those of the first one: {}", columns(&self.schema));
            return Err(Error::argument(
                "ParquetWriter",
                "columns of the table",
                columns(batch.schema_ref()),
                expected,
            ));
        }
        self.writer.write(batch).map_err(|error| failed(&self.path, &error))
    }

    fn finish(self) -> Result<()> {
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, &error))?;
        file.commit()
    }
}

fn failed(path: &Path, error: &ParquetError) -> Error {
    let source = match system_error(error) {
        Some(source) => io::Error::new(source.kind(), source.to_string()),
        None => io::Error::other(error.to_string()),
    };
    io_error(path, source)
}

/// Replaces the dates of a batch by timestamps.
fn with_times(batch: RecordBatch) -> Result<RecordBatch> {
    let times = |column: &ArrayRef| -> ArrayRef {
        match column.data_type() {
            DataType::Date32 => {
                let days = column.as_primitive::<Date32Type>().iter();
                let at = days.map(|days| days.map(|days| i64::from(days) * DAY));
                Arc::new(at.collect::<TimestampMicrosecondArray>())
            }
            _ => Arc::clone(column),
        }
    };
    let columns: Vec<ArrayRef> = batch.columns().iter().map(times).collect();
    let fields = batch.schema_ref().fields().iter().zip(&columns);
    let fields = fields.map(|(field, column)| Field::new(field.name(), column.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema, columns, &options)
        .map_err(|error| Error::argument("ParquetWriter", "table", error, "a table that fits a batch"))
}
