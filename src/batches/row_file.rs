//! The file of a [`CachedBatches`](super::CachedBatches).
//!
//! | bytes | |
//! |---|---|
//! | 8 | `PCPTROWS` |
//! | 4 × 2 | version of the format; bytes of a number, 4 or 8 |
//! | 8 × 5 | features, targets and weights of a row; rows of a block; rows |
//! | 4, and as many | length of the origin; the origin |
//! | 4 | CRC-32C of all before |
//! | for each block 4, and its numbers | CRC-32C of the number of the block and its bytes; row by row |
//!
//! All integers and numbers are little-endian. All blocks but the last have the same length, so that no index is needed and the length
//! of the file follows from its header.

use super::RowShape;
use crate::atomic::Replacement;
use crate::checksum::{continue_crc32c, crc32c};
use crate::{Error, Result, Scalar};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"PCPTROWS";
const VERSION: u32 = 1;
/// The number of bytes of the header before the origin.
const FIXED: usize = 60;
/// The largest accepted length of the origin.
const LONGEST_ORIGIN: usize = 1 << 24;

/// The header of a file, without the number of its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowFileHead {
    shape: RowShape,
    /// The number of bytes of a value.
    size: usize,
    block_rows: u64,
    origin: String,
}

impl RowFileHead {
    pub(super) fn new<T: Scalar>(shape: RowShape, block_bytes: usize, origin: String) -> RowFileHead {
        let size = size_of::<T>();
        let block_rows = (block_bytes / (shape.width() * size).max(1)).max(1) as u64;
        RowFileHead { shape, size, block_rows, origin }
    }

    fn row_bytes(&self) -> u64 {
        (self.shape.width() * self.size) as u64
    }

    fn to_bytes(&self, rows: u64) -> Vec<u8> {
        let RowShape { inputs, outputs, weighted } = self.shape;
        let mut bytes = MAGIC.to_vec();
        for number in [VERSION, self.size as u32] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for number in [inputs as u64, outputs as u64, u64::from(weighted), self.block_rows, rows] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&(self.origin.len() as u32).to_le_bytes());
        bytes.extend_from_slice(self.origin.as_bytes());
        bytes.extend_from_slice(&crc32c(&bytes).to_le_bytes());
        bytes
    }
}

/// A file that is being written.
pub(super) struct RowFileWriter {
    file: Replacement,
    head: RowFileHead,
    rows: u64,
    blocks: u64,
    /// Values that have not been written as a block yet.
    bytes: Vec<u8>,
}

impl RowFileWriter {
    pub(super) fn begin(path: &Path, head: RowFileHead) -> Result<RowFileWriter> {
        let mut file = Replacement::begin(path)?;
        file.append(&head.to_bytes(0))?;
        Ok(RowFileWriter { file, head, rows: 0, blocks: 0, bytes: Vec::new() })
    }

    /// Adds the numbers of whole rows.
    pub(super) fn add(&mut self, numbers: &mut dyn Iterator<Item = f64>) -> Result<()> {
        let full = (self.head.row_bytes() * self.head.block_rows) as usize;
        for number in numbers {
            match self.head.size {
                4 => self.bytes.extend_from_slice(&(number as f32).to_le_bytes()),
                _ => self.bytes.extend_from_slice(&number.to_le_bytes()),
            }
            if self.bytes.len() == full {
                self.end_block()?;
            }
        }
        Ok(())
    }

    fn end_block(&mut self) -> Result<()> {
        self.file.append(&block_sum(self.blocks, &self.bytes).to_le_bytes())?;
        self.file.append(&self.bytes)?;
        self.rows += self.bytes.len() as u64 / self.head.row_bytes().max(1);
        self.blocks += 1;
        self.bytes.clear();
        Ok(())
    }

    /// Writes the last block and the header, and renames the file to its final name.
    pub(super) fn finish(mut self) -> Result<()> {
        if !self.bytes.is_empty() {
            self.end_block()?;
        }
        self.file.overwrite_start(&self.head.to_bytes(self.rows))?;
        self.file.commit()
    }
}

fn block_sum(index: u64, bytes: &[u8]) -> u32 {
    continue_crc32c(crc32c(&index.to_le_bytes()), bytes)
}

/// A file that is read.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    file: File,
    head: RowFileHead,
    rows: u64,
    /// Where the blocks begin.
    start: u64,
    bytes: Vec<u8>,
    numbers: Vec<f64>,
}

/// The advice in the error about a file that cannot be used.
const CURE: &str = "remove it to have it written again, or use CachedBatches::replace(true)";

impl RowFile {
    /// Opens a file and checks that its header equals `wanted`, except for the number of rows per block.
    pub(super) fn open(path: &Path, wanted: &RowFileHead) -> Result<RowFile> {
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        let refused =
            |reason: String| Error::ModelFile { path: path.to_path_buf(), reason: format!("{reason}; {CURE}") };
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut bytes = Vec::new();
        let mut read = |count: usize, bytes: &mut Vec<u8>| -> Result<()> {
            let wanted = bytes.len() + count;
            file.by_ref().take(count as u64).read_to_end(bytes).map_err(io)?;
            match bytes.len() == wanted {
                true => Ok(()),
                false => Err(refused("the file of cached rows is truncated".into())),
            }
        };
        read(FIXED, &mut bytes)?;
        let int = |at: usize| bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
        let long = |at: usize| bytes[at..at + 8].try_into().map_or(0, u64::from_le_bytes);
        if &bytes[..8] != MAGIC {
            return Err(refused("it is no file of cached rows".into()));
        }
        if int(8) != VERSION {
            let reason = format!("version {} of the format of cached rows, where {VERSION} is read", int(8));
            return Err(refused(reason));
        }
        let [size, origin_length] = [12, 56].map(int);
        let [inputs, outputs, weighted, block_rows, rows] = [16, 24, 32, 40, 48].map(long);
        let damaged = || refused("the head of the file of cached rows is damaged".into());
        if origin_length as usize > LONGEST_ORIGIN {
            return Err(damaged());
        }
        read(origin_length as usize + 4, &mut bytes)?;
        let (head, sum) = bytes.split_at(bytes.len() - 4);
        if sum != crc32c(head).to_le_bytes() {
            return Err(damaged());
        }
        let found = RowShape::new(inputs as usize, outputs as usize).weighted(weighted == 1);
        let origin = String::from_utf8_lossy(&head[FIXED..]).into_owned();
        let head = RowFileHead { shape: found, size: size as usize, block_rows: block_rows.max(1), origin };
        if (head.shape, head.size) != (wanted.shape, wanted.size) {
            let of = |head: &RowFileHead| format!("{:?} with numbers of {} bytes", head.shape, head.size);
            return Err(refused(format!("it holds rows of {}, where the source has {}", of(&head), of(wanted))));
        }
        if head.origin != wanted.origin {
            let mut lines = head.origin.lines().zip(wanted.origin.lines());
            let (then, now) = lines.find(|(then, now)| then != now).unwrap_or(("fewer or more files", "those of now"));
            return Err(refused(format!("it is of another state of the source: then {then}, now {now}")));
        }
        let start = bytes.len() as u64;
        let file =
            RowFile { path: path.to_path_buf(), file, head, rows, start, bytes: Vec::new(), numbers: Vec::new() };
        let blocks = u128::from(file.blocks()) * 4;
        let expected = u128::from(start) + blocks + u128::from(rows) * u128::from(file.head.row_bytes());
        match u128::from(length).cmp(&expected) {
            std::cmp::Ordering::Equal => Ok(file),
            std::cmp::Ordering::Less => Err(refused("the file of cached rows is truncated".into())),
            std::cmp::Ordering::Greater => Err(refused("the file of cached rows is longer than its rows".into())),
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn blocks(&self) -> u64 {
        self.rows.div_ceil(self.head.block_rows)
    }

    /// The numbers of a block, row by row.
    pub(super) fn read(&mut self, index: u64) -> Result<&[f64]> {
        let (block, row) = (self.head.block_rows, self.head.row_bytes());
        let rows = self.rows.saturating_sub(index * block).min(block);
        self.bytes.resize(4 + (rows * row) as usize, 0);
        let read = self.file.seek(SeekFrom::Start(self.start + index * (4 + block * row)));
        read.and_then(|_| self.file.read_exact(&mut self.bytes))
            .map_err(|source| Error::Io { path: self.path.clone(), source })?;
        let (sum, numbers) = self.bytes.split_at(4);
        if sum != block_sum(index, numbers).to_le_bytes() {
            let reason = format!(
                "block {index} of the file of cached rows is damaged; remove the file to have it written again"
            );
            return Err(Error::ModelFile { path: self.path.clone(), reason });
        }
        self.numbers.clear();
        match self.head.size {
            4 => {
                let number =
                    |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, |bytes| f64::from(f32::from_le_bytes(bytes)));
                self.numbers.extend(numbers.chunks_exact(4).map(number));
            }
            _ => {
                let number = |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes);
                self.numbers.extend(numbers.chunks_exact(8).map(number));
            }
        }
        Ok(&self.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batches::{BatchSource, Block, CachedBatches, MatrixBatches};
    use nalgebra::DMatrix;
    use std::fs;

    const ROWS: usize = 23;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("perceptra-row-file-{name}-{}.bin", std::process::id()))
    }

    /// The rows of one pass of a cache whose blocks have three rows.
    fn pass(x: &DMatrix<f32>, path: &Path, replace: bool, seed: Option<u64>) -> Result<DMatrix<f32>> {
        let y = x.columns(0, 1).into_owned();
        let mut cached =
            CachedBatches::new(MatrixBatches::new(x, &y).block_rows(5), path).block_bytes(36).replace(replace);
        match seed {
            Some(seed) => BatchSource::<f32>::rewind_shuffled(&mut cached, seed)?,
            None => BatchSource::<f32>::rewind(&mut cached)?,
        }
        let mut block = Block::new(BatchSource::<f32>::shape(&cached));
        while cached.next_block(&mut block)? {}
        assert_eq!(block.y(), block.x().columns(0, 1));
        Ok(DMatrix::from_fn(block.rows(), x.ncols(), |i, j| block.x()[(i, j)]))
    }

    fn rows() -> DMatrix<f32> {
        DMatrix::from_fn(ROWS, 2, |i, j| (i * 2 + j) as f32 / 7.0)
    }

    #[test]
    fn rows_come_back_with_their_bits_and_blocks_in_the_order_of_a_seed() -> Result<()> {
        let (x, path) = (rows(), path("order"));
        assert_eq!(pass(&x, &path, false, None)?, x);
        let written = fs::read(&path).unwrap();
        assert_eq!(pass(&x, &path, false, None)?, x);
        let shuffled = pass(&x, &path, false, Some(1))?;
        assert_ne!(shuffled, x);
        assert_eq!(shuffled, pass(&x, &path, false, Some(1))?);
        assert_ne!(shuffled, pass(&x, &path, false, Some(2))?);
        let mut sorted: Vec<f32> = shuffled.iter().copied().collect();
        sorted.sort_by(f32::total_cmp);
        assert_eq!(sorted, x.transpose().as_slice());
        assert_eq!(fs::read(&path).unwrap(), written, "it was written once");
        fs::remove_file(path).unwrap();
        Ok(())
    }

    #[test]
    fn a_file_that_is_truncated_damaged_or_too_long_is_an_error() -> Result<()> {
        let (x, path) = (rows(), path("damaged"));
        pass(&x, &path, false, None)?;
        let whole = fs::read(&path).unwrap();
        let refused = |bytes: &[u8], case: &str| {
            fs::write(&path, bytes).unwrap();
            let error = pass(&x, &path, false, None).unwrap_err();
            let message = error.to_string();
            assert!(matches!(error, Error::ModelFile { .. }) && message.contains("remove"), "{case}: {message}");
        };
        for length in 0..whole.len() {
            refused(&whole[..length], &format!("{length} bytes"));
        }
        refused(&[whole.as_slice(), &[0]].concat(), "one byte more");
        for at in 0..whole.len() {
            for bit in [0, 7] {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                refused(&bytes, &format!("bit {bit} of byte {at}"));
            }
        }
        // Two blocks are swapped.
        let (head, block) = (FIXED + 4, 4 + 36);
        let mut bytes = whole.clone();
        bytes[head..head + 2 * block].rotate_left(block);
        refused(&bytes, "exchanged blocks");
        // Faults that the header reveals are cured by `replace`.
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(pass(&x, &path, true, None)?, x);
        assert_eq!(fs::read(&path).unwrap(), whole);
        fs::remove_file(path).unwrap();
        Ok(())
    }

    #[test]
    fn a_file_of_other_rows_is_an_error() -> Result<()> {
        let (x, path) = (rows(), path("other"));
        pass(&x, &path, false, None)?;
        let wide = DMatrix::from_element(4, 3, 1.0f32);
        let error = pass(&wide, &path, false, None).unwrap_err().to_string();
        assert!(
            error.contains("inputs: 2") && error.contains("inputs: 3") && error.contains("replace(true)"),
            "{error}"
        );
        assert_eq!(pass(&wide, &path, true, None)?, wide);
        let double = wide.cast::<f64>();
        let mut cached = CachedBatches::new(MatrixBatches::new(&double, &double), &path);
        assert!(BatchSource::<f64>::rewind(&mut cached).unwrap_err().to_string().contains("numbers of 8 bytes"));
        fs::remove_file(path).unwrap();
        Ok(())
    }

    #[test]
    fn a_file_that_is_not_whole_is_never_in_place() -> Result<()> {
        let (x, path) = (rows(), path("killed"));
        let head = RowFileHead::new::<f32>(RowShape::new(2, 1), 36, String::new());
        let mut writer = RowFileWriter::begin(&path, head)?;
        writer.add(&mut (0..60).map(f64::from))?;
        assert!(!path.exists());
        // As after a kill, which leaves the temporary file.
        std::mem::forget(writer);
        let leftovers = || {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let names = fs::read_dir(path.parent().unwrap()).unwrap();
            names
                .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(&format!(".{name}.")))
                .count()
        };
        assert_eq!(leftovers(), 1);
        assert_eq!(pass(&x, &path, false, None)?, x);
        assert_eq!(leftovers(), 0);
        fs::remove_file(path).unwrap();
        Ok(())
    }
}
