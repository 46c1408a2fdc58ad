//! A file with the footer that was read from it: its row groups, its columns, and their types in a table.

use crate::failure::{damaged, guarded, invalid, io_error};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use perceptra::arrow::array::RecordBatch;
use perceptra::arrow::schema::{DataType, Field, Schema};
use perceptra::{Error, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
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

    /// Reads the rows of one row group in batches.
    pub(crate) fn read(&self, row_group: usize, projection: &Projection, batch_rows: usize) -> Result<GroupReader> {
        let file = File::open(&self.path).map_err(|error| io_error(&self.path, error))?;
        let part = format!("row group {row_group} (counted from 0)");
        let reader = guarded(&self.path, &part, || {
            let mask = ProjectionMask::roots(self.metadata.parquet_schema(), projection.roots.iter().copied());
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![row_group])
                .with_projection(mask)
                .with_batch_size(batch_rows.min(self.group_rows[row_group]).max(1))
                .build()
        })?;
        // The reader returns columns in the order of the file.
        let mut in_file = projection.roots.clone();
        in_file.sort_unstable();
        let order = projection.roots.iter().map(|root| in_file.partition_point(|other| other < root)).collect();
        let left = self.group_rows[row_group];
        Ok(GroupReader { path: self.path.clone(), part, reader, order, left })
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

/// The batches of one row group.
pub(crate) struct GroupReader {
    path: PathBuf,
    part: String,
    reader: ParquetRecordBatchReader,
    /// The positions of the columns in a batch.
    order: Vec<usize>,
    /// The number of rows that the footer states and that have not been read yet.
    left: usize,
}

impl GroupReader {
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        let batch = guarded(&self.path, &self.part, || {
            let batch = self.reader.next().transpose()?;
            Ok(batch.map(|batch| batch.project(&self.order)).transpose()?)
        })?;
        let rows = batch.as_ref().map(RecordBatch::num_rows);
        let is_whole = match rows {
            Some(rows) => rows <= self.left,
            None => self.left == 0,
        };
        if !is_whole {
            let found = if rows.is_some() { "more" } else { "fewer" };
            return Err(damaged(&self.path, &self.part, format!("it has {found} rows than the footer states")));
        }
        self.left -= rows.unwrap_or(0);
        Ok(batch)
    }
}

/// Returns an error if the first and last bytes are not those of a complete Parquet file.
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
