//! Writes the inputs of the network as CSV files for other programs.

use crate::load::Data;
use crate::task::Task;
use crate::train::balance;
use nalgebra::{DMatrix, DVector};
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use std::path::Path;

/// Writes `train.csv`, `balanced.csv` and `test.csv`: the scaled inputs and, in the last column, the target.
pub(crate) fn export(data: &Data, task: &Task, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
    let write = |x: &DMatrix<f32>, y: &DVector<f32>, name: &str| {
        let mut table = Table::new();
        for (name, column) in data.features.iter().zip(x.column_iter()) {
            table = table.with_numbers(name.as_str(), column.iter().map(|value| f64::from(*value)))?;
        }
        table.with_numbers(&task.target, y.iter().map(|value| f64::from(*value)))?.write_csv(folder.join(name))
    };
    write(&data.x_train, &data.y_train, "train.csv")?;
    write(&data.x_test, &data.y_test, "test.csv")?;
    let (_, x, y) = balance(data)?;
    write(&x, &y, "balanced.csv")?;
    say!("The split is in {}.\n", folder.display());
    Ok(())
}
