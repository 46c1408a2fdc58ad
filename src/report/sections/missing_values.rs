//! Which columns lack values, and whether that differs between training and test rows.

use super::drawing::WIDTH;
use crate::Result;
use crate::plot::Bars;
use crate::preprocessing::Table;
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, counted, fixed, name, percent};
use crate::sorting;

/// The most columns that are drawn.
const MOST_COLUMNS: usize = 30;

pub(super) fn section(data: &ReportData<'_>) -> Result<ReportSection> {
    let (table, which) = data.described();
    let section = ReportSection::new("Missing values");
    if table.nrows() == 0 {
        return Ok(section.note(format!("Not shown: the {which} table has no rows.")));
    }
    let mut lacking: Vec<(&str, usize)> =
        table.iter().map(|(name, column)| (name, column.missing())).filter(|(_, missing)| *missing > 0).collect();
    sorting::by_integer(&mut lacking, |&(_, missing)| -(missing as i64));
    let Some((worst, most)) = lacking.first().copied() else {
        let section = section
            .text(format!("No value is missing in the {} of the {which} table.", counted(table.ncols(), "column")));
        return compared(section, data);
    };
    let rows = table.nrows();
    let shown = &lacking[..lacking.len().min(MOST_COLUMNS)];
    let mut text = format!(
        "{} of {} {} values; {} of the {} {which} rows {} at least one missing value. Most are missing in {}: {} of its values.",
        count(lacking.len()),
        counted(table.ncols(), "column"),
        if lacking.len() == 1 { "lacks" } else { "lack" },
        count(table.incomplete_rows()),
        count(rows),
        if table.incomplete_rows() == 1 { "has" } else { "have" },
        name(worst),
        percent(most as f64 / rows as f64),
    );
    if shown.len() < lacking.len() {
        text += &format!(" Shown: the {MOST_COLUMNS} columns with the most.");
    }
    let bars = Bars::new("Missing values").subtitle(format!("percent of {}", counted(rows, &format!("{which} row"))));
    let bars = shown
        .iter()
        .fold(bars, |bars, (column, missing)| bars.bar(name(column), 100.0 * *missing as f64 / rows as f64));
    let svg = bars.horizontal().decimals(1).width(WIDTH).to_svg()?;
    compared(
        section.text(text).picture("missing values", svg, "The fraction of each column that is missing, in percent."),
        data,
    )
}

/// The columns whose missing values differ between the two tables by more than chance.
fn compared(section: ReportSection, data: &ReportData<'_>) -> Result<ReportSection> {
    let Some(train) = data.train else { return Ok(section) };
    let test = data.test;
    if train.nrows() == 0 || test.nrows() == 0 {
        return Ok(section);
    }
    let mut rows = Vec::new();
    for (column, values) in test.iter() {
        let Ok(before) = train.column(column) else { continue };
        let (a, b) = (fraction(before.missing(), train), fraction(values.missing(), test));
        let error = a.error.hypot(b.error);
        let difference = b.value - a.value;
        if difference.abs() > 3.0 * error && difference != 0.0 {
            rows.push((
                difference,
                [name(column), percent(a.value), percent(b.value), format!("{} points", fixed(100.0 * difference, 2))],
            ));
        }
    }
    sorting::by_number(&mut rows, |row| -row.0.abs());
    if rows.is_empty() {
        return Ok(section.text(
            "In no column do training and test rows differ in what is missing by more than three standard errors.",
        ));
    }
    let text = format!(
        "In {} the fraction that is missing differs between training and test rows by more than three standard errors.",
        counted(rows.len(), "column")
    );
    let rows = rows.into_iter().take(MOST_COLUMNS).map(|(_, row)| row);
    Ok(section.text(text).table("Missing in both tables", ["column", "training", "test", "difference"], rows))
}

fn fraction(missing: usize, table: &Table) -> crate::report::uncertainty::Uncertain {
    proportion(missing as f64, table.nrows() as f64)
}
