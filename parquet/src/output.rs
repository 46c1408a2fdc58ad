//! A file of predictions, in the format that its name ends with.

use crate::ParquetWriter;
use perceptra::preprocessing::{CsvWriter, Table};
use perceptra::{Error, Result};
use std::path::Path;

pub(crate) enum Output {
    Parquet(Box<ParquetWriter>),
    Csv(Box<CsvWriter>),
}

impl Output {
    pub(crate) fn begin(path: &Path) -> Result<Output> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("parquet") => Ok(Output::Parquet(Box::new(ParquetWriter::begin(path)?))),
            Some("csv") => Ok(Output::Csv(Box::new(CsvWriter::begin(path)?))),
            _ => {
                let expected = "a name that ends in .parquet or .csv, the formats that predictions are written in";
                Err(Error::argument("predict_parquet", "path", path.display(), expected))
            }
        }
    }

    pub(crate) fn write(&mut self, table: &Table) -> Result<()> {
        match self {
            Output::Parquet(file) => file.write(table),
            Output::Csv(file) => file.write(table),
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Output::Parquet(file) => file.finish(),
            Output::Csv(file) => file.finish(),
        }
    }
}
