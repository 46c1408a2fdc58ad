use super::row_file::{RowFile, RowFileHead, RowFileWriter};
use super::{BatchSource, Block, RowShape};
use crate::random::{Purpose, shuffle, stream};
use crate::{Error, Result, Scalar, atomic};
use std::path::PathBuf;

/// A source that caches the rows of another source in a binary file.
///
/// The first pass reads the source to its end and writes the file, under a temporary name until it is complete; all passes read from the
/// file. It contains the numbers of the rows in the model's element type, in blocks with one checksum each, and the
/// [origin](BatchSource::origin) of the source; for files this is their size, their modification time, and a checksum of their beginning
/// and end. Later runs of the program use the same file. In a fit that shuffles, the blocks are read in random order.
///
/// A file that is truncated, damaged, of another version of the format or from another state of the source is an error that states
/// the cure; with [`replace`](Self::replace) it is written again.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::batches::{CachedBatches, MatrixBatches};
/// use perceptra::prelude::*;
///
/// let x = DMatrix::from_fn(100, 2, |i, j| ((i * (j + 3)) % 7) as f32);
/// let y = x.columns(0, 1).map(|v| f32::from(u8::from(v > 3.0)));
/// let path = std::env::temp_dir().join(format!("perceptra-rows-{}.bin", std::process::id()));
///
/// let mut rows = CachedBatches::new(MatrixBatches::new(&x, &y), &path);
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("adam", "bce", ());
/// model.fit_batches(&mut rows, Fit::new().epochs(3).verbose(0))?;
/// assert!(path.exists());
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct CachedBatches<S> {
    source: S,
    path: PathBuf,
    block_bytes: usize,
    replace: bool,
    file: Option<RowFile>,
    /// The blocks that this pass still has to return, the next one last.
    left: Vec<u64>,
}

impl<S> CachedBatches<S> {
    /// Caches the rows of `source` in the file `path`.
    pub fn new(source: S, path: impl Into<PathBuf>) -> Self {
        CachedBatches { source, path: path.into(), block_bytes: 1 << 20, replace: false, file: None, left: Vec::new() }
    }

    /// The approximate number of bytes of a block when the file is written; a block has at least one row. Defaults to 1 MiB.
    #[must_use]
    pub fn block_bytes(mut self, bytes: usize) -> Self {
        self.block_bytes = bytes;
        self
    }

    /// Whether a file that cannot be used is written again: one that is truncated, has another format, or belongs to another state of
    /// the source. Defaults to false: it is an error. A damaged block is detected only when it is read, and is always an error.
    #[must_use]
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// The source, for example to query the rows that it skipped while the file was written.
    pub fn source(&self) -> &S {
        &self.source
    }

    pub(crate) fn source_mut(&mut self) -> &mut S {
        &mut self.source
    }

    /// Opens the file, or writes it.
    fn open<T: Scalar>(&mut self) -> Result<u64>
    where
        S: BatchSource<T>,
    {
        if let Some(file) = &self.file {
            return Ok(file.blocks());
        }
        let shape = self.source.shape();
        let origin = self.source.origin()?.unwrap_or_default();
        let head = RowFileHead::new::<T>(shape, self.block_bytes, origin);
        let file = match RowFile::open(&self.path, &head) {
            Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
            Err(Error::ModelFile { .. }) if self.replace => None,
            other => Some(other?),
        };
        let file = match file {
            Some(file) => file,
            None => {
                self.write::<T>(head.clone())?;
                RowFile::open(&self.path, &head)?
            }
        };
        Ok(self.file.insert(file).blocks())
    }

    /// Reads the source to its end, and writes its rows.
    fn write<T: Scalar>(&mut self, head: RowFileHead) -> Result<()>
    where
        S: BatchSource<T>,
    {
        atomic::remove_leftovers(&self.path);
        let mut writer = RowFileWriter::begin(&self.path, head)?;
        let mut block = Block::new(self.source.shape());
        self.source.rewind()?;
        loop {
            block.clear();
            if !self.source.next_block(&mut block)? {
                return writer.finish();
            }
            writer.add(&mut block.values().iter().map(|value| value.to_f64()))?;
        }
    }
}

impl<T: Scalar, S: BatchSource<T>> BatchSource<T> for CachedBatches<S> {
    fn shape(&self) -> RowShape {
        self.source.shape()
    }

    fn rows(&self) -> Option<usize> {
        self.file.as_ref().map(|file| file.rows() as usize).or_else(|| self.source.rows())
    }

    fn origin(&self) -> Result<Option<String>> {
        self.source.origin()
    }

    fn rewind(&mut self) -> Result<()> {
        self.left = (0..self.open::<T>()?).rev().collect();
        Ok(())
    }

    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        BatchSource::<T>::rewind(self)?;
        shuffle(&mut self.left, &mut stream(seed, Purpose::BlockOrder, 0));
        Ok(())
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let (Some(file), Some(index)) = (&mut self.file, self.left.pop()) else { return Ok(false) };
        block.push_numbers(file.read(index)?)?;
        Ok(true)
    }
}
