//! Tables as CSV files.
//!
//! What is read goes through the files of this folder in this order: `source` (bytes, unpacked), `encoding` (UTF-8),
//! `blanks` (spaces that do not count), `records` and `quotes` (fields), `header` (names), `infer` and `notation` (types).
//! Files that are read in parts: `parts`, and what is made of them in `batches` and `number_rows` (numbers), `tables` and
//! `table_rows` (blocks of tables).

mod bad_rows;
mod batches;
mod blanks;
mod encoding;
mod format;
mod header;
mod infer;
mod notation;
mod number_rows;
mod options;
mod parts;
mod quotes;
mod read;
mod records;
mod short_decimal;
mod source;
mod table_rows;
mod tables;
#[cfg(test)]
mod testing;
mod write;
mod writer;

pub(crate) use bad_rows::BadRows;
pub use batches::CsvBatches;
pub use options::{CsvOptions, Delimiter, DuplicateNames, Header, Ragged};
pub use tables::CsvTables;
pub use writer::CsvWriter;
