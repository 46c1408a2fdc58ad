//! The size of the errors by the size of the prediction.

use super::drawing::WIDTH;
use super::similar_rows::by_prediction;
use crate::Result;
use crate::plot::Bars;
use crate::report::ReportSection;
use crate::report::outcomes::NumberOutcomes;
use crate::report::uncertainty::mean;
use crate::report::wording::{count, counted, short, with_error};

pub(super) fn section(numbers: &NumberOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Error by decile of the prediction");
    let groups = by_prediction(numbers);
    if groups.len() < 2 {
        let rows = counted(numbers.rows(), "test row");
        return Ok(
            section.note(format!("Not shown: {rows} with predictions so similar cannot be divided into groups."))
        );
    }
    let errors = numbers.errors();
    let mut bars = Bars::new(format!("{}: mean absolute error", numbers.name)).subtitle("± one standard error");
    let (mut table, mut means) = (Vec::new(), Vec::new());
    for rows in &groups {
        let of = |values: &[f64]| mean(rows.iter().map(|row| values[*row]));
        let absolute = mean(rows.iter().map(|row| errors[*row].abs()));
        let (predicted, bias) = (of(&numbers.predicted), of(&errors));
        let error = if absolute.error.is_finite() { absolute.error } else { 0.0 };
        bars = bars.bar_with_error(short(predicted.value), absolute.value, error);
        means.push((absolute.value, predicted.value));
        table.push([
            short(predicted.value),
            count(rows.len()),
            short(of(&numbers.truth).value),
            with_error(absolute.value, absolute.error, short),
            with_error(bias.value, bias.error, short),
        ]);
    }
    let by_size = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0);
    let (Some(best), Some(worst)) = (means.iter().min_by(by_size), means.iter().max_by(by_size)) else {
        return Ok(section);
    };
    let text = format!(
        "The rows in {} of equal size by their prediction. The mean absolute error is least, {}, where the mean prediction is {}, and \
         largest, {}, where it is {}.",
        counted(groups.len(), "group"),
        short(best.0),
        short(best.1),
        short(worst.0),
        short(worst.1)
    );
    let svg = bars.horizontal().width(WIDTH).to_svg()?;
    let headings = ["mean prediction", "rows", "mean actual", "mean absolute error", "mean error"];
    Ok(section
        .text(text)
        .picture(
            "error by decile",
            svg,
            "The mean absolute error of rows with similar predictions; labels are the mean prediction.",
        )
        .table("By prediction, ± one standard error", headings, table))
}
