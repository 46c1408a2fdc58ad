use super::CsvOptions;
use super::number_rows::{NumberReader, NumberRows, NumberSink};
use super::parts::{CsvParts, state};
use crate::batches::{BatchSource, Block, CachedBatches, RowShape};
use crate::random::{Purpose, shuffle, stream};
use crate::{Error, Result, Scalar};
use std::path::{Path, PathBuf};

/// The default number of bytes of a block.
const BLOCK_BYTES: usize = 1 << 20;

/// Columns of CSV files as a [`BatchSource`]: the files are read in parts, one after another.
///
/// The columns are found by name in each file separately and must contain numbers; `true` and `false` are read as 1 and 0. A field that
/// is missing, infinite or not a number is an error with file and line, unless bad rows are
/// [skipped](Self::skip_bad_rows). Files must be UTF-8 and may be compressed with gzip.
///
/// ```
/// use perceptra::batches::{BatchSource, Block, CsvBatches};
///
/// # let file = std::env::temp_dir().join(format!("perceptra-csv-batches-{}.csv", std::process::id()));
/// # std::fs::write(&file, "id,age,income,default\n1,31,5.5,0\n2,47,NA,1\n3,52,7.25,1\n").unwrap();
/// let mut rows = CsvBatches::new([&file]).inputs(["income", "age"]).target("default").skip_bad_rows(true);
/// let mut block = Block::<f32>::new(BatchSource::<f32>::shape(&rows));
/// BatchSource::<f32>::rewind(&mut rows)?;
/// rows.next_block(&mut block)?;
/// assert_eq!((block.rows(), block.x()[(1, 0)], block.y()[(1, 0)]), (2, 7.25, 1.0));
/// assert_eq!(rows.skipped(), 1);
/// # std::fs::remove_file(file).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvBatches {
    files: Vec<PathBuf>,
    options: CsvOptions,
    inputs: Vec<String>,
    targets: Vec<String>,
    weight: Option<String>,
    block_bytes: usize,
    skip_bad_rows: bool,
    /// The files that this pass still has to read, the next one last.
    left: Vec<usize>,
    reader: Option<NumberReader>,
    file: Option<CsvParts>,
    /// The rows of the current block.
    rows: NumberRows,
    skipped: usize,
}

impl CsvBatches {
    /// Creates a source that reads these files in this order, with the default [`CsvOptions`].
    pub fn new(files: impl IntoIterator<Item = impl AsRef<Path>>) -> CsvBatches {
        CsvBatches {
            files: files.into_iter().map(|file| file.as_ref().to_owned()).collect(),
            options: CsvOptions::new(),
            inputs: Vec::new(),
            targets: Vec::new(),
            weight: None,
            block_bytes: BLOCK_BYTES,
            skip_bad_rows: false,
            left: Vec::new(),
            reader: None,
            file: None,
            rows: NumberRows::default(),
            skipped: 0,
        }
    }

    /// Sets the columns of the features, in this order.
    #[must_use]
    pub fn inputs(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvBatches {
        self.inputs = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the column of the target. Defaults to none, for rows that are only predicted.
    #[must_use]
    pub fn target(self, column: impl Into<String>) -> CsvBatches {
        self.targets([column])
    }

    /// Sets the columns of several targets, in this order.
    #[must_use]
    pub fn targets(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvBatches {
        self.targets = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the column of the rows' weights, by which their losses are multiplied. Defaults to none: all rows have the same weight.
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> CsvBatches {
        self.weight = Some(column.into());
        self
    }

    /// Sets how the files are read. Types of columns that are declared there are not used, and delimiters of whitespace, `trim` and
    /// encodings other than UTF-8 are errors.
    #[must_use]
    pub fn options(mut self, options: CsvOptions) -> CsvBatches {
        self.options = options;
        self
    }

    /// Sets the approximate number of bytes of a file that are read for a block, at least 1. Defaults to 1 MiB.
    #[must_use]
    pub fn block_bytes(mut self, bytes: usize) -> CsvBatches {
        self.block_bytes = bytes.max(1);
        self
    }

    /// Whether rows with a field that is missing, infinite or not a number, and rows that differ in length from the header, are skipped and
    /// [counted](Self::skipped). Defaults to false: they are errors.
    #[must_use]
    pub fn skip_bad_rows(mut self, skip: bool) -> CsvBatches {
        self.skip_bad_rows = skip;
        self
    }

    /// Caches the rows in a binary file, which for most models is as fast to read as memory; see [`CachedBatches`].
    pub fn cache(self, path: impl Into<PathBuf>) -> CachedBatches<CsvBatches> {
        CachedBatches::new(self, path)
    }

    /// The number of rows that were skipped since the last pass began.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Begins a pass over the files; `order` lists them in reverse, so that the first one is popped first.
    fn begin(&mut self, order: Vec<usize>) -> Result<()> {
        (self.left, self.file, self.skipped) = (order, None, 0);
        if self.inputs.is_empty() || self.files.is_empty() {
            let argument = if self.files.is_empty() { "files" } else { "inputs" };
            return Err(Error::argument("CsvBatches", argument, "an empty list", "at least one"));
        }
        let columns: Vec<String> = self.inputs.iter().chain(&self.targets).chain(&self.weight).cloned().collect();
        if let Some(twice) = columns.iter().enumerate().find(|(index, name)| columns[..*index].contains(name)) {
            let found = format!("\"{}\" twice", twice.1);
            return Err(Error::argument("CsvBatches", "inputs", found, "each column once, as input, target or weight"));
        }
        self.reader = Some(NumberReader::new(&self.options, columns)?);
        Ok(())
    }

    /// Reads the numbers of the next rows; a number with a magnitude above `most` counts as infinite. Returns false at the end.
    fn read(&mut self, most: f64) -> Result<bool> {
        self.rows.numbers.clear();
        self.rows.lines.clear();
        let Some(reader) = &self.reader else {
            let expected = "rewind() before the first block";
            return Err(Error::argument("CsvBatches", "next_block", "called first", expected));
        };
        loop {
            if let Some(file) = &mut self.file {
                let skipped = self.skip_bad_rows.then_some(&mut self.skipped);
                let mut sink = NumberSink { reader, rows: &mut self.rows, most, skipped };
                if file.read(&reader.part, self.block_bytes, &mut sink)? {
                    return Ok(true);
                }
            }
            let Some(next) = self.left.pop() else { return Ok(false) };
            self.file = Some(CsvParts::open(&self.files[next])?);
        }
    }
}

impl<T: Scalar> BatchSource<T> for CsvBatches {
    fn shape(&self) -> RowShape {
        RowShape::new(self.inputs.len(), self.targets.len()).weighted(self.weight.is_some())
    }

    /// The columns, the options, and the size, the modification time and a checksum of the beginning and end of each file.
    fn origin(&self) -> Result<Option<String>> {
        let CsvBatches { options, inputs, targets, weight, skip_bad_rows, .. } = self;
        let mut origin = format!("{inputs:?} {targets:?} {weight:?}\nskip_bad_rows {skip_bad_rows}\n{options:?}\n");
        for file in &self.files {
            origin.push_str(&state(file)?);
        }
        Ok(Some(origin))
    }

    fn rewind(&mut self) -> Result<()> {
        self.begin((0..self.files.len()).rev().collect())
    }

    /// Begins a pass with the files in random order.
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        let mut order: Vec<usize> = (0..self.files.len()).rev().collect();
        shuffle(&mut order, &mut stream(seed, Purpose::BlockOrder, 0));
        self.begin(order)
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let more = self.read(T::max_value().map_or(f64::MAX, T::to_f64))?;
        block.push_numbers(&self.rows.numbers)?;
        if let Some(file) = &self.file {
            block.set_lines(&file.name, &self.rows.lines);
        }
        Ok(more)
    }
}
