//! What lies in Keras's `.keras` archives, behind an envelope that is whole: an archive whose checksums do not hold is
//! refused before anything in it is examined.

use super::keras_archive;

/// The start of the weights.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Reads an archive of the parts: the configuration, after a zero byte a vocabulary if there is one, then the weights.
pub(crate) fn read(bytes: &[u8]) {
    let end = bytes.windows(HDF5.len()).position(|window| window == HDF5).unwrap_or(bytes.len());
    let (texts, weights) = bytes.split_at(end);
    let mut texts = texts.splitn(2, |byte| *byte == 0);
    let config = texts.next().unwrap_or_default();
    let vocabulary = texts.next().map(|text| ("assets/layers/integer_lookup/vocabulary.txt", text));
    let files = [("config.json", config), ("model.weights.h5", weights)];
    keras_archive::read(&archive(&files.into_iter().chain(vocabulary).collect::<Vec<_>>()));
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    keras_archive::most(bytes + 1024)
}

/// A ZIP archive of files that are not compressed.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let size = (bytes.len() as u32).to_le_bytes();
        let lengths = [(name.len() as u16).to_le_bytes(), [0; 2]].concat();
        // Version 2.0, no flags, stored, no date.
        let fields =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0], &crc(bytes).to_le_bytes()[..], &size, &size, &lengths].concat();
        let place = (archive.len() as u32).to_le_bytes();
        directory.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &place, name.as_bytes()].concat());
        archive.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), bytes].concat());
    }
    let place = (archive.len() as u32).to_le_bytes();
    let count = (files.len() as u16).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    archive.extend([&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &place, &[0; 2]].concat());
    archive
}

/// CRC-32 as ZIP has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
