//! The rows that the network sees, as CSV files for other programs.

use crate::load::Data;
use crate::train::balance;
use nalgebra::{DMatrix, DVector};
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use std::path::Path;

/// `train.csv`, `balanced.csv` and `test.csv`: the scaled inputs and, last, the target.
pub fn export(data: &Data, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
    write(&data.features, &data.x_train, &data.y_train, &folder.join("train.csv"))?;
    write(&data.features, &data.x_test, &data.y_test, &folder.join("test.csv"))?;
    let (x, y) = balance(data)?;
    write(&data.features, &x, &y, &folder.join("balanced.csv"))?;
    println!("The split is in {}.\n", folder.display());
    Ok(())
}

fn write(features: &[String], x: &DMatrix<f32>, y: &DVector<f32>, path: &Path) -> Result<()> {
    let mut table = Table::new();
    for (name, column) in features.iter().zip(x.column_iter()) {
        table = table.with_numbers(name.as_str(), column.iter().map(|value| f64::from(*value)))?;
    }
    table.with_numbers("loan_status", y.iter().map(|value| f64::from(*value)))?.write_csv(path)
}
