//! Tables with named columns, and what turns their columns into the matrix a network is trained on.
//!
//! A [`Table`] is read from a CSV file or built from columns. Encoders and scalers are small specifications;
//! `fit` learns their figures from the training rows and returns a fitted value, and only that one can
//! `transform`, so that a forgotten fit does not compile and test rows cannot leak into the figures.

mod table;

#[cfg(feature = "csv")]
pub use table::CsvOptions;
pub use table::{Column, Correlation, Record, Row, Summary, Table, TextColumn, Value};
