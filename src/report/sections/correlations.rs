//! Correlations of the columns of numbers.

use crate::Result;
use crate::plot::{ColorMap, HeatMap};
use crate::preprocessing::{Column, Table};
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::wording::{counted, fixed, name};
use crate::sorting;

/// The most columns that are compared.
const MOST_COLUMNS: usize = 24;

pub(super) fn section(data: &ReportData<'_>) -> Result<ReportSection> {
    let (table, which) = data.described();
    let section = ReportSection::new("Correlations");
    let is_number = |column: &&String| {
        data.role(column) != "not used" && table.column(column).is_ok_and(|values| !matches!(values, Column::String(_)))
    };
    let mut columns: Vec<&String> = table.names().iter().filter(is_number).collect();
    sorting::by_integer(&mut columns, |column| i64::from(data.role(column) != "target"));
    let total = columns.len();
    columns.truncate(MOST_COLUMNS);
    let mut compared = table.select(&columns)?;
    if let Some((column, numbers)) = positive_class(data, table) {
        compared = compared.with_numbers(column, numbers)?;
    }
    if compared.ncols() < 2 {
        return Ok(section.note("Not shown: there are fewer than two columns of numbers."));
    }
    let correlation = compared.correlation();
    let names: Vec<String> = correlation.names().iter().map(|column| name(column)).collect();
    let matrix = correlation.matrix();
    let strongest = (0..names.len())
        .flat_map(|i| (0..i).map(move |j| (j, i)))
        .filter(|pair| matrix[*pair].is_finite())
        .max_by(|a, b| matrix[*a].abs().total_cmp(&matrix[*b].abs()));
    let Some((i, j)) = strongest else {
        return Ok(section.note(format!("Not shown: no two columns vary together in the {which} rows.")));
    };
    let mut text = format!(
        "Pearson's correlation over {}: 1 where two columns rise together in a line, −1 where one falls as the other rises, 0 without a \
         linear relation. The strongest is that of {} and {}, {}.",
        counted(table.nrows(), "row"),
        names[i],
        names[j],
        fixed(matrix[(i, j)], 2)
    );
    if total > columns.len() {
        text +=
            &format!(" Compared are the first {MOST_COLUMNS} of {total} columns of numbers that the pipeline uses.");
    }
    let decimals = if names.len() > 12 { 1 } else { 2 };
    let svg = HeatMap::new("Correlations", matrix)
        .labels(&names)
        .range(-1.0, 1.0)
        .decimals(decimals)
        .color_map(ColorMap::RedBlue)
        .to_svg()?;
    let caption = format!(
        "Correlations of {}, {which} rows; an empty cell is a column without variation.",
        counted(names.len(), "column")
    );
    Ok(section.text(text).picture("correlations", svg, caption))
}

/// A binary target of strings as a column of 0 and 1.
fn positive_class(data: &ReportData<'_>, table: &Table) -> Option<(String, Vec<f64>)> {
    let target = data.targets.first()?;
    let Column::String(strings) = table.column(target).ok()? else { return None };
    let (positive, called) = data.positive.as_ref()?;
    let numbers = strings.iter().map(|text| text.map_or(f64::NAN, |text| f64::from(u8::from(text == positive))));
    Some((format!("{} = {called}", name(target)), numbers.collect()))
}
