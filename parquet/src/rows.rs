//! Reading the rows of several files, batch by batch.

use crate::failure::invalid;
use crate::file::{GroupReader, Kind, ParquetFile, Projection};
use crate::shuffle::shuffled;
use perceptra::arrow::array::RecordBatch;
use perceptra::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The default number of rows of a batch.
pub(crate) const BATCH_ROWS: usize = 1 << 16;

/// Files that are read row group by row group, in any number of passes.
pub(crate) struct Rows {
    paths: Vec<PathBuf>,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) batch_rows: usize,
    /// The files with their footers at the beginning of this pass, each with its columns.
    files: Vec<(Arc<ParquetFile>, Projection)>,
    /// The row groups that this pass still has to read, the next one last: the position of the file and that of the row group in it.
    left: Vec<(usize, usize)>,
    current: Option<Current>,
    is_begun: bool,
}

/// The row group that is being read.
struct Current {
    file: usize,
    row_group: usize,
    /// The number of the first row of the next batch, in the file.
    next: usize,
    reader: GroupReader,
}

/// Consecutive rows of a file.
pub(crate) struct Batch {
    pub(crate) batch: RecordBatch,
    pub(crate) file: Arc<ParquetFile>,
    pub(crate) row_group: usize,
    /// The first of the rows, counted from 0 in the file.
    pub(crate) first: usize,
}

impl Rows {
    pub(crate) fn new(files: impl IntoIterator<Item = impl AsRef<Path>>) -> Rows {
        let paths = files.into_iter().map(|file| file.as_ref().to_owned()).collect();
        Rows {
            paths,
            columns: None,
            batch_rows: BATCH_ROWS,
            files: Vec::new(),
            left: Vec::new(),
            current: None,
            is_begun: false,
        }
    }

    /// The number of rows according to the footers of the files.
    pub(crate) fn count(&self) -> Option<usize> {
        let count = |path: &PathBuf| {
            let known = self.files.iter().find(|(file, _)| file.path == *path);
            Some(match known {
                Some((file, _)) => file.rows(),
                None => ParquetFile::open(path).ok()?.rows(),
            })
        };
        self.paths.iter().try_fold(0_usize, |sum, path| sum.checked_add(count(path)?))
    }

    /// The files with their sizes and modification times.
    pub(crate) fn origin(&self) -> Result<String> {
        let mut origin = String::new();
        for path in &self.paths {
            origin += &format!("{}: {}\n", path.display(), crate::file::State::of(path)?.describe());
        }
        Ok(origin)
    }

    /// Begins a pass, in the order of the files, or with a seed in random order of their row groups; reads the footers of files that are
    /// new or changed.
    pub(crate) fn begin(&mut self, item: &'static str, seed: Option<u64>) -> Result<()> {
        (self.current, self.left, self.is_begun) = (None, Vec::new(), false);
        if self.paths.is_empty() {
            return Err(Error::argument(item, "files", "an empty list", "at least one"));
        }
        let known = std::mem::take(&mut self.files);
        let mut columns = self.columns.clone();
        for path in &self.paths {
            let found = known.iter().find(|(file, _)| file.path == *path);
            let file = match found {
                Some((file, _)) if file.is_unchanged()? => Arc::clone(file),
                _ => Arc::new(ParquetFile::open(path)?),
            };
            if let (None, Some((first, _))) = (&self.columns, self.files.first()) {
                check_names(first, &file)?;
            }
            let projection = file.project(columns.as_deref())?;
            columns.get_or_insert_with(|| projection.names.clone());
            self.files.push((file, projection));
        }
        check_kinds(&self.files)?;
        let groups = |(position, (file, _)): (usize, &(Arc<ParquetFile>, Projection))| {
            (0..file.group_rows.len()).map(move |group| (position, group)).collect::<Vec<_>>()
        };
        self.left = self.files.iter().enumerate().flat_map(groups).collect();
        match seed {
            Some(seed) => shuffled(&mut self.left, seed),
            None => self.left.reverse(),
        }
        self.is_begun = true;
        Ok(())
    }

    /// Reads the next rows; `None` at the end of the pass.
    pub(crate) fn next(&mut self, item: &'static str, call: &'static str) -> Result<Option<Batch>> {
        if !self.is_begun {
            return Err(Error::argument(item, call, "called first", "rewind() before the first block"));
        }
        loop {
            if let Some(current) = &mut self.current {
                if let Some(batch) = current.reader.next_batch()? {
                    let (file, row_group, first) =
                        (Arc::clone(&self.files[current.file].0), current.row_group, current.next);
                    current.next += batch.num_rows();
                    return Ok(Some(Batch { batch, file, row_group, first }));
                }
                self.current = None;
            }
            let Some((file, row_group)) = self.left.pop() else { return Ok(None) };
            let (opened, projection) = &self.files[file];
            if opened.group_rows[row_group] > 0 {
                let reader = opened.read(row_group, projection, self.batch_rows)?;
                self.current = Some(Current { file, row_group, next: opened.first_row(row_group), reader });
            }
        }
    }

    /// Returns a batch of the columns without rows.
    pub(crate) fn empty(&self) -> Result<Option<Batch>> {
        let Some((file, projection)) = self.files.first() else { return Ok(None) };
        Ok(Some(Batch { batch: file.empty(projection)?, file: Arc::clone(file), row_group: 0, first: 0 }))
    }
}

/// Returns an error for a file with more columns than the first one, which would be ignored silently.
fn check_names(first: &ParquetFile, file: &ParquetFile) -> Result<()> {
    let known = first.names();
    match file.names().into_iter().find(|name| !known.contains(name)) {
        Some(name) => {
            let reason =
                format!("column \"{name}\" is not in {}; name the columns to read with columns([…])", first.name);
            Err(invalid(&file.path, reason))
        }
        None => Ok(()),
    }
}

/// Returns an error for a column whose type differs between files.
fn check_kinds(files: &[(Arc<ParquetFile>, Projection)]) -> Result<()> {
    let Some((_, first)) = files.first() else { return Ok(()) };
    for (column, name) in first.names.iter().enumerate() {
        let mut known: Option<(&ParquetFile, Kind)> = None;
        for (file, projection) in files {
            let kind = projection.kinds[column];
            match known {
                _ if kind == Kind::Null => {}
                Some((other, of_other)) if of_other != kind => {
                    let reason = format!(
                        "column \"{name}\" holds {}, and {} in {}; write both with one type, or leave the column out by naming the \
                         others in columns([…])",
                        kind.name(),
                        of_other.name(),
                        other.name
                    );
                    return Err(invalid(&file.path, reason));
                }
                Some(_) => {}
                None => known = Some((file, kind)),
            }
        }
    }
    Ok(())
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Rows { paths, columns, batch_rows, left, .. } = self;
        f.debug_struct("Rows")
            .field("files", paths)
            .field("columns", columns)
            .field("batch_rows", batch_rows)
            .field("row_groups_left", &left.len())
            .finish_non_exhaustive()
    }
}
