//! The bytes of a file, unpacked.

use std::io::{Cursor, Error, ErrorKind, Read, Result};

use flate2::read::MultiGzDecoder;

/// The first bytes of a file compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// All bytes of a plain file, or those that a compressed one unfolds to, `most` at most.
pub(super) fn bytes(input: &mut dyn Read, most: u64) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    (&mut *input).take(GZIP.len() as u64).read_to_end(&mut start)?;
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

/// The bytes of a file as they are read, unpacked if it is compressed.
pub(super) fn stream(mut input: Box<dyn Read + Send>) -> Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    input.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
    let compressed = start == GZIP;
    let whole = Cursor::new(start).chain(input);
    Ok(if compressed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::super::testing::message;
    use std::io::Write;

    #[test]
    fn a_compressed_file_unfolds_no_further_than_allowed() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(b"a,b\n").unwrap();
        packed.write_all(&b"1,2\n".repeat(250_000)).unwrap();
        let packed = packed.finish().unwrap();
        let read = |most| CsvOptions::new().max_unfolded(most).read_from(&packed[..], "loans.csv.gz");
        assert_eq!(read(1_000_004).unwrap().nrows(), 250_000);
        assert!(message(read(1_000_003)).contains("more than 1000003 bytes"));
    }
}
