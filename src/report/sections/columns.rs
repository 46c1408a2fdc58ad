//! The columns of the table: type, missing values, distinct values, and quantiles or the most frequent categories.

use crate::Result;
use crate::preprocessing::{Column, Table};
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::wording::{count, counted, name, percent, short};
use crate::sorting;
use std::borrow::Cow;

/// The most columns that are listed.
const MOST_COLUMNS: usize = 100;
/// The categories that are named.
const CATEGORIES: usize = 3;

pub(super) fn section(data: &ReportData<'_>) -> Result<ReportSection> {
    let (table, which) = data.described();
    let mut order: Vec<&String> = table.names().iter().collect();
    // The target first, then the columns that the pipeline uses; each in the order of the table.
    sorting::by_integer(&mut order, |column| match data.role(column) {
        "target" => 0,
        "input" => 1,
        _ => 2,
    });
    let shown = &order[..order.len().min(MOST_COLUMNS)];
    let mut text = format!(
        "The {which} table has {} and {}; the pipeline uses {} of the columns.",
        counted(table.nrows(), "row"),
        counted(table.ncols(), "column"),
        count(data.inputs.len()),
    );
    if order.len() > shown.len() {
        text += &format!(" Listed are the first {MOST_COLUMNS}, those that are used first.");
    }
    if !data.unused.is_empty() {
        let names: Vec<String> = data.unused.iter().take(10).map(|column| name(column)).collect();
        let more = if data.unused.len() > names.len() { ", …" } else { "" };
        text += &format!(" Not used: {}{more}.", names.join(", "));
    }
    let mut section = ReportSection::new("Columns").text(text);
    let (mut numbers, mut categories) = (Vec::new(), Vec::new());
    for column in shown {
        let values = table.column(column)?;
        let head = [name(column), data.role(column).into(), missing(values)];
        let as_numbers: Option<Cow<'_, [f64]>> = match values {
            Column::Number(values) => Some(values.into()),
            Column::Integer(values) => {
                Some(values.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect())
            }
            _ => None,
        };
        match as_numbers {
            Some(values) => {
                let (distinct, quantiles) = of_numbers(&values);
                numbers.push(head.into_iter().chain([count(distinct)]).chain(quantiles).collect::<Vec<_>>());
            }
            None => {
                let (distinct, most) = of_categories(table, column)?;
                categories
                    .push(head.into_iter().chain([count(distinct), values.kind().into(), most]).collect::<Vec<_>>());
            }
        }
    }
    if !numbers.is_empty() {
        let headings = ["column", "role", "missing", "distinct", "minimum", "25%", "median", "75%", "maximum"];
        section = section.table(format!("Columns of numbers, {which} rows"), headings, numbers);
    }
    if !categories.is_empty() {
        let headings = ["column", "role", "missing", "distinct", "type", "most frequent"];
        section = section.table(format!("Columns of categories, {which} rows"), headings, categories);
    }
    Ok(section)
}

/// The fraction that is missing.
pub(super) fn missing(column: &Column) -> String {
    match column.missing() {
        0 => "0".into(),
        missing => percent(missing as f64 / column.len() as f64),
    }
}

/// The number of distinct values, and minimum, quartiles and maximum.
fn of_numbers(values: &[f64]) -> (usize, [String; 5]) {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let distinct = sorted.chunk_by(|a, b| a == b).count();
    let quantiles = [0.0, 0.25, 0.5, 0.75, 1.0].map(|fraction| short(quantile(&sorted, fraction)));
    (distinct, quantiles)
}

/// The linearly interpolated quantile of sorted values; NaN of none.
pub(super) fn quantile(sorted: &[f64], fraction: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let position = fraction * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    if below == above { below } else { below + (above - below) * position.fract() }
}

/// The number of distinct values, and the most frequent ones with their fractions of the values that are present.
fn of_categories(table: &Table, column: &str) -> Result<(usize, String)> {
    let counts = table.value_counts(column)?;
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let most = counts
        .iter()
        .take(CATEGORIES)
        .map(|(category, count)| format!("{} {}", name(category), percent(*count as f64 / total.max(1) as f64)));
    let mut most = most.collect::<Vec<_>>().join(", ");
    if counts.len() > CATEGORIES {
        most.push_str(", …");
    }
    Ok((counts.len(), if most.is_empty() { "–".into() } else { most }))
}
