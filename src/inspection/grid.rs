//! The values of a column at which predictions are compared.

use crate::lists::try_map;
use crate::preprocessing::{Column, Table, Value};
use crate::sorting;
use crate::{Error, Result};

/// The quantile of sorted numbers, `(1 − γ)·x_j + γ·x_{j+1}` at position `n·p + m` with `m = 0.4 + 0.2·p`, as in SciPy's
/// `mquantiles`.
fn plotting_quantile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len() as f64;
    let place = n * p + 0.4 + 0.2 * p;
    let below = place.clamp(1.0, (n - 1.0).max(1.0)).floor();
    let gamma = (place - below).clamp(0.0, 1.0);
    let at = |rank: f64| sorted[(rank as usize - 1).min(sorted.len() - 1)];
    (1.0 - gamma) * at(below) + gamma * at(below + 1.0)
}

fn without_values(item: &str, name: &str) -> Error {
    Error::argument(item, "columns", format!("\"{name}\" without a value in any row"), "a column with values")
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
        true => Err(without_values(item, name)),
        false => Ok(sorted),
    }
}

/// The distinct values of a column; if there are at least `resolution` numbers or dates, evenly spaced ones between two quantiles.
pub(super) fn values(item: &str, table: &Table, name: &str, resolution: usize, ends: (f64, f64)) -> Result<Vec<Value>> {
    let column = table.column(name)?;
    if let (None, Some([places, _])) = (column.as_numbers(), Column::ordered_numbers([column, column])) {
        return along(item, table, name, &places, resolution, ends);
    }
    let Some(numbers) = column.as_numbers() else {
        let strings: Vec<Value> = table.strings(name)?.categories().into_iter().map(Value::from).collect();
        return if strings.is_empty() { Err(without_values(item, name)) } else { Ok(strings) };
    };
    let sorted = sorted_numbers(item, table, name, numbers)?;
    let mut points = sorted.clone();
    points.dedup();
    if points.len() >= resolution {
        let (low, high) = (plotting_quantile(&sorted, ends.0), plotting_quantile(&sorted, ends.1));
        if low >= high {
            let value = format!("{} and {} of \"{name}\", both {low}", ends.0, ends.1);
            return Err(Error::argument(item, "percentiles", value, "ends between which the column differs"));
        }
        let step = (high - low) / (resolution - 1) as f64;
        points = (0..resolution - 1).map(|point| low + point as f64 * step).chain([high]).collect();
    }
    Ok(match column {
        Column::Boolean(_) => points.iter().map(|&point| Value::Boolean(point > 0.5)).collect(),
        _ => points.into_iter().map(Value::Number).collect(),
    })
}

/// Dates, and integers that no `f64` holds, as a record has them: the distinct ones by their places on an axis, or `resolution` of them
/// between the two quantiles, with equally many rows between each two.
fn along(
    item: &str,
    table: &Table,
    name: &str,
    places: &[f64],
    resolution: usize,
    ends: (f64, f64),
) -> Result<Vec<Value>> {
    let mut rows: Vec<usize> = (0..places.len()).filter(|&row| !places[row].is_nan()).collect();
    sorting::by_number(&mut rows, |&row| places[row]);
    let mut distinct = rows.clone();
    distinct.dedup_by_key(|row| places[*row].to_bits());
    if distinct.len() >= resolution {
        let last = (rows.len() - 1) as f64;
        let at = |point: usize| {
            let fraction = ends.0 + (ends.1 - ends.0) * point as f64 / (resolution - 1) as f64;
            rows[(fraction * last).round() as usize]
        };
        distinct = (0..resolution).map(at).collect();
        distinct.dedup_by_key(|row| places[*row].to_bits());
    }
    let alone = table.select([name])?;
    let values = try_map(distinct, |row| Ok(alone.record(row)?.get(name).cloned()))?;
    let values: Vec<Value> = values.into_iter().flatten().collect();
    if values.is_empty() { Err(without_values(item, name)) } else { Ok(values) }
}

/// The values as positions on an axis, if they are numbers.
#[cfg(feature = "plot")]
pub(super) fn places(values: &[Value]) -> Option<Vec<f64>> {
    values.iter().map(|value| if let Value::Number(number) = value { Some(*number) } else { None }).collect()
}
