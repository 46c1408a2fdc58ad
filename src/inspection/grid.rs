//! The values of a column at which predictions are compared.

use super::replaced::like;
use crate::preprocessing::{Column, StringColumn, Table, Value};
use crate::{Error, Result};

/// The values of one column, as a column of its type.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) column: Column,
    pub(super) values: Vec<Value>,
}

/// The quantile of sorted numbers by `(1 − γ)·x_j + γ·x_{j+1}` at the place `n·p + m`, `m = 0.4 + 0.2·p`: that of SciPy's `mquantiles`.
fn plotting_quantile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len() as f64;
    let place = n * p + 0.4 + 0.2 * p;
    let below = place.clamp(1.0, (n - 1.0).max(1.0)).floor();
    let gamma = (place - below).clamp(0.0, 1.0);
    let at = |rank: f64| sorted[(rank as usize - 1).min(sorted.len() - 1)];
    (1.0 - gamma) * at(below) + gamma * at(below + 1.0)
}

/// The finite numbers of a column in ascending order.
pub(super) fn sorted_numbers(item: &str, table: &Table, name: &str, numbers: &[f64]) -> Result<Vec<f64>> {
    if let Some(row) = numbers.iter().position(|number| number.is_infinite()) {
        return Err(Error::argument(
            item,
            "columns",
            format!("{} in \"{name}\" ({})", numbers[row], table.place(row)),
            "finite numbers",
        ));
    }
    let mut sorted: Vec<f64> = numbers.iter().map(|number| number + 0.0).filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    match sorted.is_empty() {
        true => Err(Error::argument(
            item,
            "columns",
            format!("\"{name}\" without a value in any row"),
            "a column with values",
        )),
        false => Ok(sorted),
    }
}

impl Grid {
    /// The distinct values of a column, or between two of its quantiles evenly spaced numbers, if there are at least `resolution` of them.
    pub(super) fn of(item: &str, table: &Table, name: &str, resolution: usize, ends: (f64, f64)) -> Result<Self> {
        let column = table.column(name)?;
        let Some(numbers) = column.as_numbers() else {
            let strings: Vec<String> = table.strings(name)?.categories().into_iter().map(String::from).collect();
            if strings.is_empty() {
                return Err(Error::argument(
                    item,
                    "columns",
                    format!("\"{name}\" without a value in any row"),
                    "a column with values",
                ));
            }
            let values = strings.iter().map(|text| Value::from(text.as_str())).collect();
            return Ok(Grid { column: strings.iter().map(Some).collect::<StringColumn>().into(), values });
        };
        let sorted = sorted_numbers(item, table, name, numbers)?;
        let mut distinct = sorted.clone();
        distinct.dedup();
        let points = match distinct.len() < resolution {
            true => distinct,
            false => {
                let (low, high) = (plotting_quantile(&sorted, ends.0), plotting_quantile(&sorted, ends.1));
                if low >= high {
                    let value = format!("{} and {} of \"{name}\", both {low}", ends.0, ends.1);
                    return Err(Error::argument(item, "percentiles", value, "ends between which the column differs"));
                }
                let step = (high - low) / (resolution - 1) as f64;
                let between = (0..resolution - 1).map(|point| low + point as f64 * step);
                between.chain([high]).collect()
            }
        };
        let values = match column {
            Column::Boolean(_) => points.iter().map(|&point| Value::Boolean(point > 0.5)).collect(),
            _ => points.iter().map(|&point| Value::Number(point)).collect(),
        };
        Ok(Grid { column: like(column, points), values })
    }

    /// The places of the values on an axis: the numbers, or 0, 1, 2, … of categories.
    #[cfg(feature = "plot")]
    pub(super) fn places(values: &[Value]) -> Option<Vec<f64>> {
        values.iter().map(|value| if let Value::Number(number) = value { Some(*number) } else { None }).collect()
    }
}
