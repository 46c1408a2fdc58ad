//! Chooses the network's columns by their correlation with the target.

use super::explore::{Numbers, heat_map};
use super::prepare::months;
use crate::task::Task;
use crate::text::paragraph;
use perceptra::preprocessing::{Column, StringColumn, Table};
use perceptra::{Error, Result};
use std::cmp::Ordering;

/// A column with a weaker correlation with the target is left out.
const WEAKEST: f64 = 0.02;
/// A column of strings with more categories is left out: each would become a column.
const CATEGORIES: usize = 50;
/// A column with a larger fraction of missing values is left out, since every row with a missing value is dropped later.
const MISSING: f64 = 0.5;

/// A column and its correlation with the target.
pub(crate) struct Inspected {
    pub column: String,
    /// The column, or, for a column of strings, the category with the strongest correlation.
    pub name: String,
    /// The correlation; NaN if it cannot be computed.
    pub correlation: f64,
    /// The reason why the column is left out, if it is.
    pub left_out: Option<String>,
}

/// The table of the picked columns and the target, and the findings about every column.
pub(crate) fn pick(table: &Table, task: &Task, numbers: &Numbers) -> Result<(Table, Vec<Inspected>)> {
    let mut inspected = Vec::new();
    for (name, column) in table.iter().filter(|(name, _)| *name != task.target) {
        inspected.push(inspect(table, task, numbers, name, column)?);
    }
    inspected.sort_by(stronger_first);
    show(&inspected, task);

    let is_picked = |name: &str| inspected.iter().any(|one| one.column == name && one.left_out.is_none());
    if inspected.iter().all(|one| one.left_out.is_some()) {
        return Err(Error::Empty {
            what: format!("the list of columns that have to do with {}", task.target),
            advice: "choose another target, or a file with more columns".into(),
        });
    }
    let picked: Vec<&str> =
        table.names().iter().map(String::as_str).filter(|name| *name == task.target || is_picked(name)).collect();
    paragraph(&format!("Picked: {}.", picked.join(", ")));
    let picked = table.select(picked)?;
    let correlation = months(&picked.drop_missing()?, task)?.correlation();
    say!("{}", heat_map("Correlation of what was picked", correlation.names(), correlation.matrix()).to_text()?);
    Ok((picked, inspected))
}

fn inspect(table: &Table, task: &Task, numbers: &Numbers, name: &str, column: &Column) -> Result<Inspected> {
    let missing = column.missing() as f64 / table.nrows().max(1) as f64;
    let (label, correlation, categories) = match column {
        Column::Number(_) | Column::Integer(_) | Column::Boolean(_) => {
            let with_target = numbers.correlation.with(&task.target)?;
            let value = with_target.iter().find(|(known, _)| *known == name).map_or(f64::NAN, |pair| pair.1);
            (name.to_string(), value, 0)
        }
        Column::DateTime(_) => (name.to_string(), f64::NAN, 0),
        Column::String(strings) => {
            let categories = strings.categories();
            match categories.len() {
                count @ 1..=CATEGORIES => {
                    let (category, value) = strongest(table, task, strings, &categories)?;
                    (format!("{name} = {category}"), value, count)
                }
                count => (name.to_string(), f64::NAN, count),
            }
        }
    };
    let left_out = if categories > CATEGORIES {
        Some(format!("{categories} categories"))
    } else if missing > MISSING {
        Some(format!("{:.0}% missing", 100.0 * missing))
    } else if is_infinite(column) {
        Some("an infinite value".to_string())
    } else if correlation.is_nan() {
        Some("no variation".to_string())
    } else {
        (correlation.abs() < WEAKEST).then(|| format!("below {WEAKEST}"))
    };
    Ok(Inspected { column: name.to_string(), name: label, correlation, left_out })
}

fn is_infinite(column: &Column) -> bool {
    matches!(column, Column::Number(values) if values.iter().any(|value| value.is_infinite()))
}

/// The category with the strongest correlation of its indicator column with the target.
fn strongest<'a>(table: &Table, task: &Task, strings: &StringColumn, categories: &[&'a str]) -> Result<(&'a str, f64)> {
    let mut best = ("", f64::NAN);
    for &category in categories {
        let is_category = |text: Option<&str>| text.map_or(f64::NAN, |text| f64::from(u8::from(text == category)));
        // No column of a file has this name, since its header would have two lines.
        let both = table.select([&task.target])?.with_numbers("\n", strings.iter().map(is_category))?;
        let value = both.correlation().with(&task.target)?[0].1;
        if best.1.is_nan() || value.abs() > best.1.abs() {
            best = (category, value);
        }
    }
    Ok(best)
}

fn stronger_first(a: &Inspected, b: &Inspected) -> Ordering {
    let strength = |one: &Inspected| if one.correlation.is_nan() { -1.0 } else { one.correlation.abs() };
    strength(b).total_cmp(&strength(a))
}

fn show(inspected: &[Inspected], task: &Task) {
    say!("Correlation with {}, strongest first:", task.target);
    for Inspected { name, correlation, left_out, .. } in inspected {
        let verdict = match left_out {
            None => "picked".to_string(),
            Some(reason) => format!("left out: {reason}"),
        };
        // Rounded first, so that a small negative number has no sign.
        let rounded = (1000.0 * correlation).round() / 1000.0 + 0.0;
        say!("  {name:<30} {rounded:>7.3}  {verdict}");
    }
    say!();
}
