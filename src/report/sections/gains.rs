//! Cumulative gains: how many positives are among the riskiest rows.

use super::drawing::WIDTH;
use crate::Result;
use crate::metrics::gains_table;
use crate::plot::{Bars, Lines};
use crate::report::ReportSection;
use crate::report::outcomes::BinaryOutcomes;
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, counted, fixed, percent, with_error};

/// The fewest rows, and the parts they are divided into.
const DECILES: usize = 10;

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Gains by decile");
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let rows = binary.rows();
    if rows < DECILES {
        let rows = counted(rows, "test row");
        return Ok(section.note(format!("Not shown: {rows} cannot be divided into ten parts.")));
    }
    let gains = gains_table(&binary.numbers(), &binary.probability)?;
    let rate = gains.positive_rate;
    let [_, positive] = &binary.classes;
    let mut bars = Bars::new("Lift by decile").subtitle("± one standard error; 1 is the frequency of all rows");
    let (mut places, mut captured, mut table) = (vec![0.0], vec![0.0], Vec::new());
    for row in &gains.rows {
        let fraction = proportion(row.positives, row.rows);
        bars = bars.bar_with_error(format!("{}", row.decile), row.lift, fraction.error / rate);
        places.push(places.last().copied().unwrap_or_default() + row.rows / rows as f64);
        captured.push(row.cumulative_gain);
        table.push([
            format!("{}", row.decile),
            count(row.rows as usize),
            fixed(row.positives, if row.positives.fract() == 0.0 { 0 } else { 1 }),
            with_error(row.rate, fraction.error, percent),
            fixed(row.lift, 2),
            percent(row.cumulative_gain),
        ]);
    }
    let picture = Lines::new("Cumulative gains")
        .x_label("part of all rows, most probable first")
        .y_label(format!("part of the {positive} found"))
        .series("pipeline", &places, &captured)
        .series("perfect", &[0.0, rate, 1.0], &[0.0, 1.0, 1.0])
        .series("guessing", &[0.0, 1.0], &[0.0, 1.0])
        .x_range(0.0, 1.0)
        .y_range(0.0, 1.0)
        .width(WIDTH)
        .to_svg()?;
    let first = gains.rows[0];
    let mut text = format!(
        "Sorted by probability, the first tenth of the rows ({}) holds {} of all {positive}: {} of these rows are {positive}, {} times the \
         frequency of all rows. The first half holds {}.",
        count(first.rows as usize),
        percent(first.cumulative_gain),
        with_error(first.rate, proportion(first.positives, first.rows).error, percent),
        fixed(first.lift, 1),
        percent(gains.rows[DECILES / 2 - 1].cumulative_gain),
    );
    if gains.rows.iter().any(|row| row.positives.fract() != 0.0) {
        text += " Rows of equal probability are in no order; their positives are spread evenly over their places.";
    }
    let svg = bars.decimals(2).vertical().width(WIDTH).to_svg()?;
    let headings = ["decile", "rows", positive.as_str(), "frequency", "lift", "found up to here"];
    Ok(section
        .text(text)
        .picture(
            "gains",
            picture,
            "What part of the positives is found by naming a part of the rows, the most probable first.",
        )
        .picture("lift", svg, "How much more frequent the positives are in each tenth than in all rows.")
        .table("By decile, the most probable first, ± one standard error", headings, table))
}
