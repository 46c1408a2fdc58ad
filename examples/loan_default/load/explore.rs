//! First rows, missing values, and the correlations of the whole frame.

use crate::task::Task;
use crate::text::{paragraph, thousands};
use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::plot::{ColorMap, HeatMap};
use perceptra::preprocessing::{Correlation, Table};

/// The number of rows shown.
const SHOWN: usize = 3;

/// The correlations of all columns of numbers.
pub(crate) struct Numbers {
    pub correlation: Correlation,
}

impl Numbers {
    /// The heat map of the whole frame: every cell with its value to one digit.
    pub(crate) fn heat_map(&self) -> HeatMap {
        heat_map("Correlation of all columns of numbers", self.correlation.names(), self.correlation.matrix())
    }
}

/// Blue for −1 over white for 0 to red for 1.
pub(super) fn heat_map(title: &str, names: &[String], matrix: &DMatrix<f64>) -> HeatMap {
    HeatMap::new(title, matrix).labels(names).range(-1.0, 1.0).decimals(1).color_map(ColorMap::RedBlue)
}

pub(crate) fn explore(table: &Table, task: &Task) -> Result<Numbers> {
    say!("{}\n", table.head(SHOWN));
    let (rows, incomplete) = (task.rows(), table.incomplete_rows());
    let size = format!("{} {rows} and {} columns.", thousands(table.nrows()), table.ncols());
    paragraph(&match incomplete {
        0 => format!("{size} No value is missing."),
        _ => format!(
            "{size} {} of the {rows} lack a value somewhere, so incomplete rows are dropped only after the columns are \
             picked.",
            thousands(incomplete)
        ),
    });
    Ok(Numbers { correlation: table.correlation() })
}
