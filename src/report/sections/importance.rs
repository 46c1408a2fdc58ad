//! The permutation importance of each column.

use super::drawing::WIDTH;
use crate::inspection::{ColumnImportances, PermutationImportance};
use crate::pipeline::FittedPipeline;
use crate::plot::Bars;
use crate::preprocessing::Table;
use crate::report::ReportSection;
use crate::report::outcomes::Outcomes;
use crate::report::report_data::ReportData;
use crate::report::wording::{counted, fixed, list, name};
use crate::{Result, Scalar};

/// The largest number of columns that are drawn, and of those with computed importances.
const DRAWN: usize = 20;
const MOST_COLUMNS: usize = 300;
/// The most rows that are permuted, and about how many values are transformed in all.
const MOST_ROWS: usize = 5_000;
const VALUES: usize = 150_000_000;

/// The section, and the importances if they could be computed.
pub(super) fn section<T: Scalar>(
    fitted: &FittedPipeline<T>,
    data: &ReportData<'_>,
) -> Result<(ReportSection, Option<ColumnImportances>)> {
    let section = ReportSection::new("Importance of columns");
    let outcomes = match &data.outcomes {
        Err(reason) => return Ok((section.note(reason.as_str()), None)),
        Ok(outcomes) => outcomes,
    };
    let columns = data.inputs.len();
    if columns > MOST_COLUMNS {
        let columns = counted(columns, "column");
        let note = format!("Not shown: permuting each of {columns} takes long; it is done for at most {MOST_COLUMNS}.");
        return Ok((section.note(note), None));
    }
    let (score, called) = match outcomes {
        Outcomes::Binary(binary) if binary.one_class().is_none() => ("roc_auc", "ROC AUC"),
        Outcomes::Numbers(_) => ("r2", "R²"),
        _ => ("log_loss", "log loss"),
    };
    let repeats = if columns <= 30 { 5 } else { 3 };
    let most = (VALUES / (columns * columns * repeats).max(1)).clamp(200, MOST_ROWS);
    let rows = some_rows(data.test, most)?;
    let permutation = PermutationImportance::new(score).repeats(repeats).seed(data.seed);
    let importances = match permutation.compute(fitted, &rows) {
        Ok(importances) => importances,
        Err(error) => return Ok((section.note(format!("Not shown: {error}")), None)),
    };
    let mut bars = Bars::new(format!("Importance by {called}")).subtitle("95% intervals over the repeats");
    let shown = &importances.columns()[..importances.columns().len().min(DRAWN)];
    for column in shown {
        let reach = (column.interval.1 - column.mean).abs();
        bars = bars.bar_with_error(name(&column.name), column.mean, if reach.is_finite() { reach } else { 0.0 });
    }
    let first: Vec<String> = shown
        .iter()
        .filter(|column| column.interval.0 > 0.0)
        .take(3)
        .map(|column| format!("{} ({})", name(&column.name), fixed(column.mean, 4)))
        .collect();
    let useless = importances.columns().iter().filter(|column| column.interval.0 <= 0.0).count();
    let mut text = format!(
        "The {called} of {} is {}. The values of one column at a time are permuted among the rows, {repeats} times; the importance is how \
         much worse the score becomes.",
        counted(rows.nrows(), "test row"),
        fixed(importances.baseline(), 4)
    );
    text += &match first.is_empty() {
        true => " No column matters by more than chance.".to_string(),
        false => format!(" Most important: {}.", list(&first)),
    };
    if useless > 0 {
        text += &format!(" The importance of {} is not significantly different from 0.", counted(useless, "column"));
    }
    if rows.nrows() < data.test.nrows() {
        text += &format!(" Of the {}, rows at equal distances were taken.", counted(data.test.nrows(), "test row"));
    }
    if shown.len() < importances.columns().len() {
        text += &format!(" Shown: the first {DRAWN} of {} columns.", importances.columns().len());
    }
    text += " Columns that carry the same information share their importance or hide each other's; importance does not mean cause.";
    let svg = bars.decimals(4).horizontal().width(WIDTH).to_svg()?;
    let section = section.text(text).picture(
        "importance",
        svg,
        format!("How much worse {called} becomes when the values of a column are permuted."),
    );
    Ok((section, Some(importances)))
}

/// Selects at most `most` evenly spaced rows.
pub(super) fn some_rows(table: &Table, most: usize) -> Result<Table> {
    let rows = table.nrows();
    if rows <= most {
        return Ok(table.clone());
    }
    table.take(&(0..most).map(|i| i * rows / most).collect::<Vec<usize>>())
}
