//! The bytes of a file, unpacked.

use std::io::{Cursor, Error, ErrorKind, Read, Result};

use flate2::read::MultiGzDecoder;

/// The first bytes of a file compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// All bytes of a plain file, or those that a compressed one unfolds to, `most` at most.
pub(super) fn bytes(mut input: impl Read, most: u64) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    input.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
    let compressed = start == GZIP;
    let mut whole = Cursor::new(start).chain(input);
    let mut bytes = Vec::new();
    if !compressed {
        whole.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    MultiGzDecoder::new(whole).take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let reason = format!("it unfolds to more than {most} bytes; allow more with CsvOptions::max_unfolded");
        return Err(Error::new(ErrorKind::InvalidData, reason));
    }
    Ok(bytes)
}
