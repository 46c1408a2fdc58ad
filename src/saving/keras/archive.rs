//! ZIP archives, as far as Keras uses them: some files, one after another, as a rule not compressed.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The bytes in front of each file, in front of each entry of the directory, and of the directory's end.
const LOCAL: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// The length of the directory's end without its comment, and of the longest comment.
const END_LENGTH: usize = 22;
const LONGEST_COMMENT: usize = u16::MAX as usize;

/// The limit of the unpacked files' total size: this many times the archive, and this many bytes more.
const EXPANSION: usize = 100;
const ALLOWANCE: usize = 1 << 20;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The files of an archive.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    file: &'a [u8],
    entries: Vec<ArchiveEntry>,
    /// The bytes that may still be unpacked.
    left: usize,
}

#[derive(Debug)]
struct ArchiveEntry {
    name: String,
    method: u16,
    checksum: u32,
    compressed: usize,
    size: usize,
    /// The position of the file's local header.
    head: usize,
}

/// A number of 16 bits at a place.
fn u16_at(bytes: &[u8], place: usize) -> Result<u16, String> {
    let field = bytes.get(place..).and_then(|bytes| bytes.first_chunk());
    field.map(|field| u16::from_le_bytes(*field)).ok_or_else(cut_off)
}

/// A number of 32 bits at a place.
fn u32_at(bytes: &[u8], place: usize) -> Result<u32, String> {
    let field = bytes.get(place..).and_then(|bytes| bytes.first_chunk());
    field.map(|field| u32::from_le_bytes(*field)).ok_or_else(cut_off)
}

fn cut_off() -> String {
    "the archive is cut off".into()
}

impl<'a> Archive<'a> {
    /// Whether bytes begin like an archive.
    pub(super) fn is(file: &[u8]) -> bool {
        file.starts_with(LOCAL)
    }

    /// Reads the directory of an archive.
    pub(super) fn open(file: &'a [u8]) -> Result<Self, String> {
        let last = file.len().saturating_sub(END_LENGTH);
        let end = (last.saturating_sub(LONGEST_COMMENT)..=last).rev().find(|place| file[*place..].starts_with(END));
        let end = end
            .and_then(|place| file.get(place..))
            .ok_or("the archive is cut off: its directory, which belongs at the end, is missing")?;
        let (count, mut place) = (u16_at(end, 10)?, u32_at(end, 16)? as usize);
        let mut entries = Vec::new();
        for _ in 0..count {
            let entry = file.get(place..).filter(|entry| entry.starts_with(ENTRY)).ok_or_else(cut_off)?;
            let lengths = [u16_at(entry, 28)?, u16_at(entry, 30)?, u16_at(entry, 32)?].map(usize::from);
            let name = entry.get(46..46 + lengths[0]).ok_or_else(cut_off)?;
            if u16_at(entry, 8)? & 1 != 0 {
                return Err("the archive is encrypted".into());
            }
            entries.push(ArchiveEntry {
                name: String::from_utf8_lossy(name).into_owned(),
                method: u16_at(entry, 10)?,
                checksum: u32_at(entry, 16)?,
                compressed: u32_at(entry, 20)? as usize,
                size: u32_at(entry, 24)? as usize,
                head: u32_at(entry, 42)? as usize,
            });
            place = place.saturating_add(46 + lengths.iter().sum::<usize>());
        }
        let left = file.len().saturating_mul(EXPANSION).saturating_add(ALLOWANCE);
        Ok(Archive { file, entries, left })
    }

    /// The names of the files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// A file by its name, unpacked and checked.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name == name) else { return Ok(None) };
        if [entry.compressed, entry.size, entry.head].contains(&(u32::MAX as usize)) {
            return Err(format!("{name} is larger than 4 GB; save the model as a folder, with zipped=False"));
        }
        let fault = |reason: &str| format!("{name} in the archive {reason}");
        let head = self.file.get(entry.head..).filter(|head| head.starts_with(LOCAL)).ok_or_else(cut_off)?;
        let begin = 30 + usize::from(u16_at(head, 26)?) + usize::from(u16_at(head, 28)?);
        let packed = head.get(begin..).and_then(|rest| rest.get(..entry.compressed)).ok_or_else(cut_off)?;
        self.left =
            self.left.checked_sub(entry.size).ok_or_else(|| fault("unpacks to more than belongs to a model"))?;
        let bytes = match entry.method {
            STORED => packed.to_vec(),
            DEFLATED => {
                let mut bytes = Vec::new();
                // One byte more than declared, so that a longer content is seen and not unpacked.
                let limit = entry.size as u64 + 1;
                let unpacked = DeflateDecoder::new(packed).take(limit).read_to_end(&mut bytes);
                unpacked.map_err(|error| fault(&format!("cannot be unpacked: {error}")))?;
                bytes
            }
            other => return Err(fault(&format!("is compressed by method {other}; expected 0 or 8"))),
        };
        let mut crc = Crc::new();
        crc.update(&bytes);
        match bytes.len() == entry.size && crc.sum() == entry.checksum {
            true => Ok(Some(bytes)),
            false => Err(fault("does not match its checksum; it was damaged")),
        }
    }
}

/// An archive of files, not compressed.
pub(super) fn pack(files: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, String> {
    let total = files.iter().map(|(name, bytes)| bytes.len() + 2 * name.len() + 100).sum::<usize>();
    if u32::try_from(total).is_err() {
        return Err("it is larger than 4 GB, the limit of the archive; use keras::save_weights".into());
    }
    let mut archive = Vec::with_capacity(total);
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut fields = Vec::new();
        // Version 2.0, no flags, stored, 1 January 1980 as there is no date to state.
        fields.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        fields.extend(crc.sum().to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend_from_slice(ENTRY);
        directory.extend([20, 0]);
        directory.extend_from_slice(&fields);
        directory.extend([0; 10]);
        directory.extend((archive.len() as u32).to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(LOCAL);
        archive.extend(fields);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);
    }
    let begin = archive.len() as u32;
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(END);
    archive.extend([0; 4]);
    let count = (files.len() as u16).to_le_bytes();
    archive.extend([count, count].concat());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(begin.to_le_bytes());
    archive.extend([0, 0]);
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

    #[test]
    fn files_return_from_an_archive() {
        let files = [("a.json", b"{}".to_vec()), ("b/c.h5", (0..=255).collect()), ("empty", Vec::new())];
        let packed = pack(&files).unwrap();
        let mut archive = Archive::open(&packed).unwrap();
        assert_eq!(archive.names().collect::<Vec<_>>(), ["a.json", "b/c.h5", "empty"]);
        for (name, bytes) in &files {
            assert_eq!(archive.read(name).unwrap().as_ref(), Some(bytes));
        }
        assert_eq!(archive.read("none"), Ok(None));
    }

    /// The archive of one file with its content deflated, and another size declared.
    fn deflated(content: &[u8], size: usize) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        let mut archive = pack(&[("f", packed.clone())]).unwrap();
        let entry = 31 + packed.len();
        let mut crc = Crc::new();
        crc.update(content);
        for (place, field) in [(16, crc.sum()), (24, size as u32)] {
            archive[entry + place..][..4].copy_from_slice(&field.to_le_bytes());
        }
        archive[entry + 10] = DEFLATED as u8;
        archive
    }

    #[test]
    fn compressed_files_are_read_and_bombs_are_not() {
        let text = b"abcabcabcabcabcabcabcabcabc".repeat(20);
        let read = |archive: &[u8]| Archive::open(archive).and_then(|mut archive| archive.read("f"));
        assert_eq!(read(&deflated(&text, text.len())), Ok(Some(text.clone())));
        assert!(read(&deflated(&text, text.len() - 1)).unwrap_err().contains("checksum"));
        let zeros = vec![0; 4 << 20];
        assert!(read(&deflated(&zeros, zeros.len())).unwrap_err().contains("more than belongs"));
        assert!(read(&deflated(&zeros, 10)).unwrap_err().contains("checksum"));
    }
}
