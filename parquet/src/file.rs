//! A file with the footer that was read from it: its row groups, its columns, and their types in a table.

use crate::failure::{damaged, guarded, invalid, io_error};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::errors::Result as ParquetResult;
use perceptra::arrow::array::{RecordBatch, RecordBatchOptions};
use perceptra::arrow::schema::{DataType, Field, Schema};
use perceptra::{Error, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

const MAGIC: &[u8; 4] = b"PAR1";
const ENCRYPTED: &[u8; 4] = b"PARE";

/// A Parquet file whose footer has been read and checked.
#[derive(Debug, Clone)]
pub(crate) struct ParquetFile {
    pub(crate) path: PathBuf,
    /// The path as it appears in errors and predictions.
    pub(crate) name: Arc<str>,
    state: State,
    metadata: ArrowReaderMetadata,
    /// The number of rows of each row group.
    pub(crate) group_rows: Vec<usize>,
}

/// The size and time of a file, which change when it is rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl State {
    pub(crate) fn of(path: &Path) -> Result<State> {
        let about = std::fs::metadata(path).map_err(|error| io_error(path, error))?;
        Ok(State { length: about.len(), modified: about.modified().ok() })
    }

    pub(crate) fn describe(&self) -> String {
        let since = self.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        format!("{} bytes of time {}", self.length, since.as_nanos())
    }
}

impl ParquetFile {
    pub(crate) fn open(path: &Path) -> Result<ParquetFile> {
        let state = State::of(path)?;
        let mut file = File::open(path).map_err(|error| io_error(path, error))?;
        check_ends(path, &mut file, state.length)?;
        let part = "the footer";
        let found = guarded(path, part, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()))?;
        let group_rows = check_row_groups(path, &found, state.length)?;
        let schema = Arc::new(readable(found.schema()));
        let metadata = match schema == *found.schema() {
            true => found,
            false => guarded(path, part, || {
                ArrowReaderMetadata::try_new(
                    Arc::clone(found.metadata()),
                    ArrowReaderOptions::new().with_schema(schema),
                )
            })?,
        };
        let name = Arc::from(path.display().to_string());
        Ok(ParquetFile { path: path.to_owned(), name, state, metadata, group_rows })
    }

    /// Whether the file has not changed since its footer was read.
    pub(crate) fn is_unchanged(&self) -> Result<bool> {
        Ok(State::of(&self.path)? == self.state)
    }

    pub(crate) fn rows(&self) -> usize {
        self.group_rows.iter().sum()
    }

    /// The number of the first row of a row group in the file.
    pub(crate) fn first_row(&self, row_group: usize) -> usize {
        self.group_rows[..row_group].iter().sum()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Selects the columns with these names, or all of them, and checks that their types can become columns of a table.
    pub(crate) fn project(&self, names: Option<&[String]>) -> Result<Projection> {
        let known = self.names();
        let names = names.unwrap_or(&known);
        let mut roots = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                let reason =
                    format!("column \"{name}\" comes twice; name each column once, in the file and in columns(…)");
                return Err(invalid(&self.path, reason));
            }
            let position = known.iter().position(|known| known == name);
            let root = position.ok_or_else(|| Error::UnknownColumn {
                table: self.name.to_string(),
                name: name.clone(),
                known: known.clone(),
                advice: String::new(),
            })?;
            if known[root + 1..].contains(name) {
                let reason =
                    format!("two columns are called \"{name}\"; rename one in the program that writes the file");
                return Err(invalid(&self.path, reason));
            }
            self.check_column(root)?;
            roots.push(root);
        }
        let kinds = roots.iter().map(|&root| Kind::of(self.metadata.schema().field(root).data_type())).collect();
        Ok(Projection { names: names.to_vec(), roots, kinds })
    }

    /// Returns an error for a column whose type or compression cannot be read.
    fn check_column(&self, root: usize) -> Result<()> {
        let field = self.metadata.schema().field(root);
        let (name, kind) = (field.name(), field.data_type());
        if Kind::of(kind) == Kind::Other {
            let reason = format!(
                "column \"{name}\" is of {kind}; expected numbers, decimals, integers, booleans, dates, timestamps or strings: leave it \
                 out by naming the others in columns([…]), or cast it in the program that writes the file"
            );
            return Err(invalid(&self.path, reason));
        }
        let schema = self.metadata.parquet_schema();
        let leaves = (0..schema.num_columns()).filter(|&leaf| schema.get_column_root_idx(leaf) == root);
        for leaf in leaves {
            for group in self.metadata.metadata().row_groups() {
                let compression = group.column(leaf).compression();
                if matches!(compression, Compression::LZO | Compression::BROTLI(_)) {
                    let reason = format!(
                        "column \"{name}\" is compressed by {compression}; write the file with snappy, zstd, gzip or lz4, or without \
                         compression"
                    );
                    return Err(invalid(&self.path, reason));
                }
            }
        }
        Ok(())
    }

    /// Reads the rows of one row group in batches; several threads read large ones, each of them some of the columns.
    pub(crate) fn read(&self, row_group: usize, projection: &Projection, batch_rows: usize) -> Result<GroupReader> {
        let part = format!("row group {row_group} (counted from 0)");
        // The readers return columns in the order of the file.
        let mut in_file = projection.roots.clone();
        in_file.sort_unstable();
        let left = self.group_rows[row_group];
        let batch_rows = batch_rows.min(left).max(1);
        let threads = if batch_rows < PARALLEL_ROWS { 1 } else { perceptra::num_threads() };
        let columns = in_file.len().div_ceil(threads).max(1);
        let reader = |roots: &[usize]| {
            let file = File::open(&self.path).map_err(|error| io_error(&self.path, error))?;
            guarded(&self.path, &part, || {
                let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots.iter().copied());
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                    .with_row_groups(vec![row_group])
                    .with_projection(mask)
                    .with_batch_size(batch_rows)
                    .build()
            })
        };
        // There is one even without columns, to count the rows.
        let first = reader(&in_file[..columns.min(in_file.len())])?;
        let others = in_file.chunks(columns).skip(1).map(reader).collect::<Result<_>>()?;
        let order = projection.roots.iter().map(|root| in_file.partition_point(|other| other < root)).collect();
        Ok(GroupReader { path: self.path.clone(), part, first, others, order, left })
    }

    /// Returns a batch of these columns without rows.
    pub(crate) fn empty(&self, projection: &Projection) -> Result<RecordBatch> {
        let schema = self.metadata.schema().project(&projection.roots);
        Ok(RecordBatch::new_empty(Arc::new(schema.map_err(|error| damaged(&self.path, "the footer", error))?)))
    }
}

/// Selected columns of a file, in the requested order.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    pub(crate) names: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
    roots: Vec<usize>,
}

/// The type of the table column that a column of the file becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Integer,
    Boolean,
    DateTime,
    String,
    /// Missing values only, which fit a column of any type.
    Null,
    Other,
}

impl Kind {
    fn of(kind: &DataType) -> Kind {
        match kind {
            DataType::Null => Kind::Null,
            DataType::Boolean => Kind::Boolean,
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Kind::Number,
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) => Kind::Number,
            kind if kind.is_integer() => Kind::Integer,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Kind::DateTime,
            DataType::Dictionary(_, value) => Kind::of(value),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Kind::String,
            _ => Kind::Other,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Number => "numbers",
            Kind::Integer => "integers",
            Kind::Boolean => "booleans",
            Kind::DateTime => "dates",
            Kind::String => "strings",
            Kind::Null => "missing values",
            Kind::Other => "another type",
        }
    }
}

/// The number of rows in a batch from which another thread pays.
const PARALLEL_ROWS: usize = 4096;

/// The batches of one row group.
pub(crate) struct GroupReader {
    path: PathBuf,
    part: String,
    /// The reader of the first columns in the order of the file.
    first: ParquetRecordBatchReader,
    /// The readers of those after them.
    others: Vec<ParquetRecordBatchReader>,
    /// The positions of the columns in a batch.
    order: Vec<usize>,
    /// The number of rows that the footer states and that have not been read yet.
    left: usize,
}

impl GroupReader {
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        let GroupReader { path, part, first, others, order, .. } = self;
        let (path, part, order) = (&*path, &*part, &*order);
        let next = |reader: &mut ParquetRecordBatchReader| guarded(path, part, || Ok(reader.next().transpose()?));
        let batches = thread::scope(|scope| {
            let start = |reader| thread::Builder::new().spawn_scoped(scope, move || next(reader));
            let threads: Vec<_> = others.iter_mut().map(start).collect();
            let ended = |_| Err(damaged(path, part, "a thread that was reading it has ended"));
            let of_threads = threads.into_iter().map(|thread| match thread {
                Ok(thread) => thread.join().unwrap_or_else(ended),
                Err(error) => Err(io_error(path, error)),
            });
            std::iter::once(next(first)).chain(of_threads).collect::<Result<Vec<_>>>()
        })?;
        // All or none have rows left, unless the footer is wrong.
        let rows = batches.iter().flatten().map(RecordBatch::num_rows).max();
        let is_whole = batches.iter().all(|batch| batch.as_ref().map(RecordBatch::num_rows) == rows)
            && match rows {
                Some(rows) => rows <= self.left,
                None => self.left == 0,
            };
        if !is_whole {
            let found = if rows.is_some_and(|rows| rows > self.left) { "more" } else { "fewer" };
            return Err(damaged(path, part, format!("it has {found} rows than the footer states")));
        }
        self.left -= rows.unwrap_or(0);
        if rows.is_none() {
            return Ok(None);
        }
        guarded(path, part, || Ok(Some(joined(batches.into_iter().flatten())?.project(order)?)))
    }
}

/// Joins the columns of batches with the same number of rows.
fn joined(mut batches: impl Iterator<Item = RecordBatch>) -> ParquetResult<RecordBatch> {
    let Some(first) = batches.next() else { return Ok(RecordBatch::new_empty(Arc::new(Schema::empty()))) };
    let (schema, mut columns, rows) = first.into_parts();
    let mut fields = schema.fields().to_vec();
    for batch in batches {
        let (schema, others, _) = batch.into_parts();
        fields.extend(schema.fields().iter().cloned());
        columns.extend(others);
    }
    let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
}

/// Returns an error if the first and last bytes are not those of a whole Parquet file.
fn check_ends(path: &Path, file: &mut File, length: u64) -> Result<()> {
    if length == 0 {
        return Err(invalid(path, "the file is empty, without the footer of a Parquet file; write it again"));
    }
    let (mut first, mut last) = ([0; 4], [0; 4]);
    if length >= 12 {
        let read = file.read_exact(&mut first).and_then(|()| file.seek(SeekFrom::End(-4)));
        read.and_then(|_| file.read_exact(&mut last)).map_err(|error| io_error(path, error))?;
    }
    match (&first, &last) {
        (MAGIC, MAGIC) => Ok(()),
        (ENCRYPTED, _) | (_, ENCRYPTED) => {
            Err(invalid(path, "the file is encrypted, which cannot be read; write it without encryption"))
        }
        (MAGIC, _) => Err(invalid(
            path,
            "the file ends before its footer: it is cut off or still being written; copy or write it again",
        )),
        _ => Err(invalid(
            path,
            "this is no Parquet file: it does not begin with PAR1; a CSV file is read by Table::read_csv",
        )),
    }
}

/// Returns the number of rows of each row group, and checks that all of their bytes are within the file.
fn check_row_groups(path: &Path, found: &ArrowReaderMetadata, length: u64) -> Result<Vec<usize>> {
    let metadata = found.metadata();
    let mut rows = Vec::with_capacity(metadata.num_row_groups());
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let part = format!("row group {index} (counted from 0)");
        for column in group.columns() {
            let (first, size) = guarded(path, &part, || Ok(column.byte_range()))?;
            if first.checked_add(size).is_none_or(|end| end > length) {
                return Err(damaged(path, &part, "a column would end after the file"));
            }
        }
        rows.push(
            usize::try_from(group.num_rows()).map_err(|_| damaged(path, &part, "it has a negative number of rows"))?,
        );
    }
    let sum = rows.iter().try_fold(0_usize, |sum, rows| sum.checked_add(*rows));
    if sum.and_then(|sum| i64::try_from(sum).ok()) != Some(metadata.file_metadata().num_rows()) {
        return Err(damaged(path, "the footer", "the rows of the row groups are not those of the file"));
    }
    Ok(rows)
}

/// The schema with which a file is read: dictionaries of anything but strings are read as plain values.
fn readable(schema: &Schema) -> Schema {
    let plain = |field: &Arc<Field>| match field.data_type() {
        DataType::Dictionary(_, value) if Kind::of(value) != Kind::String => {
            Arc::new(field.as_ref().clone().with_data_type(value.as_ref().clone()))
        }
        _ => Arc::clone(field),
    };
    Schema::new_with_metadata(schema.fields().iter().map(plain).collect::<Vec<_>>(), schema.metadata().clone())
}
