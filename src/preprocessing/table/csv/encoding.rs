//! Bytes of any encoding as UTF-8.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use crate::error::{Error, Place, Result};

use super::records::line_breaks;

/// The encodings that files are most likely in; a label may be any of the standard's.
const KNOWN: [&str; 16] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "latin1",
    "windows-1250",
    "windows-1251",
    "iso-8859-2",
    "iso-8859-15",
    "macintosh",
    "koi8-r",
    "gbk",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
];

/// The text as UTF-8, without a byte order mark. What is UTF-8 already is checked field by field later.
pub(super) fn utf8<'a>(bytes: &'a [u8], label: Option<&str>, file: &str) -> Result<Cow<'a, [u8]>> {
    let named = label.map(by_label).transpose()?.unwrap_or(UTF_8);
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None => (named, bytes),
    };
    if encoding == UTF_8 {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut rest = bytes;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return Ok(Cow::Owned(text.into_bytes())),
            DecoderResult::OutputFull => text.reserve(rest.len() / 2 + 16),
            DecoderResult::Malformed(..) => {
                let line = 1 + line_breaks(text.as_bytes());
                let place = Place::Line { file: file.to_owned(), line };
                return Err(Error::Encoding { place, encoding: encoding.name().to_owned() });
            }
        }
    }
}

/// The length of the byte order mark of a file that is read in parts, which has to be UTF-8.
pub(super) fn mark_of_utf8(start: &[u8], label: Option<&str>) -> Result<usize> {
    let named = label.map(by_label).transpose()?.unwrap_or(UTF_8);
    let (encoding, mark) = Encoding::for_bom(start).unwrap_or((named, 0));
    if encoding == UTF_8 {
        return Ok(mark);
    }
    let expected = "UTF-8, for a file that is read in parts: convert it, or read it whole with CsvOptions::read";
    Err(Error::argument("CsvBatches", "encoding", encoding.name(), expected))
}

fn by_label(label: &str) -> Result<&'static Encoding> {
    let find = |label: &str| Encoding::for_label_no_replacement(label.as_bytes());
    // Python writes latin-1.
    find(label).or_else(|| find(&label.replace('-', ""))).ok_or_else(|| Error::unknown("encoding", label, KNOWN))
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::super::testing::{message, read, with};
    use super::*;

    #[test]
    fn labels_and_marks_name_the_encoding() {
        let read =
            |bytes: &[u8], label| utf8(bytes, label, "f").map(|text| String::from_utf8_lossy(&text).into_owned());
        for label in ["latin1", "latin-1", "ISO-8859-1", "cp1252", "windows-1252"] {
            assert_eq!(read(b"20 \xb0C \x80", Some(label)).unwrap(), "20 °C €");
        }
        assert_eq!(read(b"\xff\xfea\0,\0", None).unwrap(), "a,");
        assert_eq!(read(b"\xfe\xff\0a\0,", Some("utf-8")).unwrap(), "a,");
        assert_eq!(read(b"a\0\n\0", Some("utf-16le")).unwrap(), "a\n");
        assert_eq!(read("\u{feff}é".as_bytes(), Some("latin1")).unwrap(), "é");
        assert_eq!(read(b"\xc4\xe3", Some("gbk")).unwrap(), "你");
        for label in KNOWN {
            assert!(by_label(label).is_ok(), "{label}");
        }
        let error = read(b"a", Some("windows-1522")).unwrap_err().to_string();
        assert!(error.starts_with("there is no encoding \"windows-1522\"; did you mean \"windows-1252\"?"), "{error}");
    }

    #[test]
    fn bytes_outside_the_encoding_are_named_with_their_line() {
        let error = utf8(b"a\0\n\0\0\xd8b\0", Some("utf-16le"), "f.csv").unwrap_err().to_string();
        assert!(error.starts_with("f.csv, line 2: not UTF-16LE text"), "{error}");
        assert!(utf8(b"\xff\xfea", None, "f.csv").is_err());
    }

    #[test]
    fn encodings_are_named_or_marked() {
        let latin = b"a,temperature \xb0C\n1,2\n2,\xe9\n";
        assert!(message(read(latin)).contains("CsvOptions::new().encoding(\"windows-1252\")"));
        let table = with(CsvOptions::new().encoding("windows-1252"), latin).unwrap();
        assert_eq!(table.names()[1], "temperature °C");
        let text = "id,x\n1,2\n";
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, mark, label) in [(&big, [0xfe, 0xff], "utf-16be"), (&little, [0xff, 0xfe], "utf-16le")] {
            let marked = [&mark[..], bytes].concat();
            assert_eq!(read(marked).unwrap().numbers("x").unwrap(), [2.0]);
            assert_eq!(with(CsvOptions::new().encoding(label), bytes).unwrap().numbers("x").unwrap(), [2.0]);
            let advice = message(read(bytes));
            assert!(advice.contains(&format!("CsvOptions::new().encoding(\"{label}\")")), "{advice}");
        }
        assert!(message(read("a,b\n1,2\n3,\0\n")).starts_with("loans.csv, line 3: a byte 0"));
        assert!(matches!(with(CsvOptions::new().encoding("utf-88"), "a\n"), Err(Error::Unknown { .. })));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named() {
        for text in [&b"a,b\n1,x\n2,\xe9t\xe9\n"[..], b"a,b\n1,3\n2,\xe9t\xe9\n"] {
            assert!(message(read(text)).starts_with("loans.csv, line 3, column \"b\": not UTF-8"));
        }
        assert!(message(read(b"a,\xe9\n1,2\n")).starts_with("loans.csv, line 1, column 2 of the header: not UTF-8"));
    }
}
