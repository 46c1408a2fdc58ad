//! Reads Parquet files as tables of [`perceptra`] and writes tables to them, also when they are larger than memory.
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra_parquet::{ParquetTables, PredictParquet, read_parquet, write_parquet};
//!
//! # let folder = std::env::temp_dir().join(format!("perceptra-parquet-{}", std::process::id()));
//! # let [loans, scored] = ["loans.parquet", "scored.parquet"].map(|name| folder.join(name));
//! # let made = Table::new().with_numbers("rate", (0..300).map(|row| f64::from(row % 30)))?;
//! # write_parquet(&made.with_booleans("default", (0..300).map(|row| row % 30 > 17))?, &loans)?;
//! let table = read_parquet(&loans)?;
//! # let options = Fit::new().epochs(2).verbose(0);
//! let fitted = Pipeline::new(Target::binary("default")).options(options).seed(1).fit(&table)?;
//! let rows = fitted.predict_parquet(&mut ParquetTables::new([&loans]), &scored)?;
//! assert_eq!(rows, 300);
//! # std::fs::remove_dir_all(folder).unwrap();
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! | | |
//! |---|---|
//! | [`read_parquet`], [`ParquetOptions`] | a file, or some of its columns and row groups, as a table |
//! | [`write_parquet`], [`ParquetWriter`] | a table, or several in sequence, written atomically to a file |
//! | [`ParquetTables`] | files larger than memory as a [`TableSource`](perceptra::batches::TableSource) for pipelines |
//! | [`ParquetBatches`] | columns of numbers as a [`BatchSource`](perceptra::batches::BatchSource) for models |
//! | [`PredictParquet`] | predictions of files, written to a Parquet or CSV file in the memory of a few batches |
//!
//! Files may be uncompressed or compressed with Snappy, Zstandard, gzip or LZ4. A damaged, truncated or encrypted file, or a type that
//! tables do not have, is an [`Error`](perceptra::Error) that names the file and the cure. Damaged bytes can make the Parquet reader panic;
//! the panic is caught, but a program that is compiled with `panic = "abort"` ends.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod batches;
mod decimals;
mod failure;
mod file;
mod numbers;
mod options;
mod output;
mod predict;
mod rows;
mod shuffle;
mod tables;
mod write;

pub use batches::ParquetBatches;
pub use options::{ParquetOptions, read_parquet};
pub use predict::PredictParquet;
pub use tables::ParquetTables;
pub use write::{ParquetWriter, write_parquet};
