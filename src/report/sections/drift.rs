//! Whether the test rows are distributed as the training rows are.

use super::drawing::WIDTH;
use crate::Result;
use crate::decisions::population_stability;
use crate::plot::Bars;
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::wording::{count, counted, fixed, list, name};

/// The most columns that are drawn.
const MOST_COLUMNS: usize = 20;
/// The bins of a column of numbers.
const BINS: usize = 10;
/// The conventional limits of the index for a large change and for a moderate change.
const LARGE: f64 = 0.25;
const SOME: f64 = 0.1;

/// The section; `None` without training rows.
pub(super) fn section(data: &ReportData<'_>) -> Result<Option<ReportSection>> {
    let (Some(train), test) = (data.train, data.test) else { return Ok(None) };
    let section = ReportSection::new("Drift");
    let is_known = |column: &&String| train.column(column).is_ok() && test.column(column).is_ok();
    let columns: Vec<&String> = data.targets.iter().chain(&data.inputs).filter(is_known).collect();
    if train.nrows() == 0 || test.nrows() == 0 || columns.is_empty() {
        return Ok(Some(section.note("Not shown: a table has no rows, or the tables have no column in common.")));
    }
    let stability = match population_stability(&train.select(&columns)?, &test.select(&columns)?, BINS) {
        Ok(stability) => stability,
        Err(error) => return Ok(Some(section.note(format!("Not shown: {error}")))),
    };
    let of = |low: f64, high: f64| -> Vec<String> {
        let within = stability.columns().iter().filter(|column| (low..high).contains(&column.index));
        within.take(8).map(|column| name(&column.name)).collect()
    };
    let (large, some) = (of(LARGE, f64::INFINITY), of(SOME, LARGE));
    let chance = (BINS - 1) as f64 * (1.0 / train.nrows() as f64 + 1.0 / test.nrows() as f64);
    let mut text = format!(
        "The population stability index compares {} with {}: below {SOME} is no change by convention, from {LARGE} on a large one; two samples \
         of these sizes from the same population have about {} by chance.",
        counted(train.nrows(), "training row"),
        counted(test.nrows(), "test row"),
        fixed(chance, 4)
    );
    text += &match (large.is_empty(), some.is_empty()) {
        (true, true) => format!(" The index of no column reaches {SOME}."),
        (false, _) => format!(" Large changes: {}.", list(&large)),
        (true, false) => " No change is large.".to_string(),
    };
    if !some.is_empty() {
        text += &format!(" Some change: {}.", list(&some));
    }
    let shown = &stability.columns()[..stability.columns().len().min(MOST_COLUMNS)];
    if shown.len() < stability.columns().len() {
        text += &format!(" Shown: the {MOST_COLUMNS} largest of {}.", count(stability.columns().len()));
    }
    let bars = Bars::new("Population stability index").subtitle("training and test rows");
    let bars = shown.iter().fold(bars, |bars, column| bars.bar(name(&column.name), column.index));
    let svg = bars.decimals(4).horizontal().width(WIDTH).to_svg()?;
    Ok(Some(section.text(text).picture("drift", svg, "How differently each column is distributed in the two tables.")))
}
