//! Tables as CSV, plain or compressed, with the defaults and with options, and back.

use super::scratch::place;
use perceptra::batches::{CsvTables, TableSource};
use perceptra::preprocessing::{CsvOptions, Delimiter, DuplicateNames, Header, Ragged, Table};

/// The largest decompressed size of an input.
const UNFOLDED: u64 = 1 << 20;

/// Reads the bytes with and without a header; every column has as many rows as the table.
pub(crate) fn read(bytes: &[u8]) {
    let options = || CsvOptions::new().max_unfolded(UNFOLDED);
    let read = |options: CsvOptions| options.read_from(bytes, "input.csv");
    let whole = read(options());
    if bytes.len() < 4096 {
        in_blocks(bytes, whole.as_ref().ok());
    }
    if let Ok(table) = whole {
        check(&table);
        if bytes.len() < 4096 && table.nrows() < 4096 {
            written_and_read(&table);
        }
    }
    let named = || options().column_names(["a", "b"]);
    let filled = [
        named().delimiter(';').strings(["a"]).numbers(["b"]),
        named().delimiter(Delimiter::Whitespace).comment('#').ragged(Ragged::FillAndTruncate),
        named().booleans(["a"]).ragged(Ragged::Fill).decimal(',').thousands('.').quote('\''),
    ];
    // Names of the file's own, whose rows are not filled: a table is no larger than its text then.
    let others = [
        options().header(true).duplicate_names(DuplicateNames::Number).trim(true).ragged(Ragged::Skip),
        options().header(Header::Lines(2)).row_names("row").skip_lines(1).quoted_strings(true).quote(None),
        options().header(false).encoding("utf-16le").missing(["-999", " ?"]),
        options().encoding("windows-1252").quoted_strings(true),
    ];
    for options in filled.into_iter().chain(others) {
        if let Ok(table) = read(options) {
            check(&table);
        }
    }
}

fn check(table: &Table) {
    assert!(table.iter().all(|(_, column)| column.len() == table.nrows()));
    let mut names = table.names().to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), table.ncols(), "a name comes twice");
    let _ = table.to_string();
}

/// A file that is read in blocks has the rows of the whole, if it is UTF-8.
fn in_blocks(bytes: &[u8], whole: Option<&Table>) {
    let path = place("blocks.csv");
    std::fs::write(&path, bytes).expect("a file can be written");
    for size in [97, 4096] {
        let mut source = CsvTables::new([&path]).block_bytes(size);
        let mut blocks = Vec::new();
        let read = source.rewind().and_then(|()| {
            // The decompressed size of a file is not limited here.
            while let (Some(block), true) = (source.next_table()?, blocks.len() < 4096) {
                blocks.push(block);
            }
            Table::concat_rows(&blocks)
        });
        let Some(whole) = whole.filter(|table| blocks.len() < 4096 && table.nrows() < 4096) else { continue };
        match read {
            Ok(table) => {
                assert_eq!((table.names(), table.nrows()), (whole.names(), whole.nrows()));
                for ((name, column), (_, of_whole)) in table.iter().zip(whole.iter()) {
                    assert_eq!(column.kind(), of_whole.kind(), "the type of {name:?}");
                    assert_eq!(table.value_counts(name).ok(), whole.value_counts(name).ok(), "the values of {name:?}");
                }
            }
            Err(error) => assert!(error.to_string().contains("read in parts"), "{error}"),
        }
    }
}

/// Checks that a table that was read can be written and read again unchanged.
fn written_and_read(table: &Table) {
    let mut written = Vec::new();
    table.write_csv_to(&mut written).expect("memory can be written to");
    let back = CsvOptions::new().read_from(&written[..], "written.csv").expect("what is written can be read");
    assert_eq!((back.names(), back.nrows()), (table.names(), table.nrows()));
    for ((name, column), (_, again)) in table.iter().zip(back.iter()) {
        assert_eq!(column.missing(), again.missing(), "missing values of {name:?}");
        assert!(column.missing() == column.len() || column.kind() == again.kind(), "the type of {name:?}");
        assert_eq!(table.value_counts(name).ok(), back.value_counts(name).ok(), "the values of {name:?}");
    }
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    let text = if bytes > 1 { bytes.max(UNFOLDED as usize) } else { bytes };
    100 * text + (1 << 20)
}
