//! Predicted and actual numbers.

use super::drawing::{WIDTH, thin};
use super::similar_rows::by_prediction;
use crate::Result;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::NumberOutcomes;
use crate::report::uncertainty::mean;
use crate::report::wording::{count, counted, short};

/// The most rows that are drawn as dots.
const MOST_DOTS: usize = 500;

pub(super) fn section(numbers: &NumberOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Predicted and actual");
    let (dots_x, dots_y) = (thin(&numbers.predicted, MOST_DOTS), thin(&numbers.truth, MOST_DOTS));
    let groups = by_prediction(numbers);
    let (mut x, mut y, mut whiskers) = (Vec::new(), Vec::new(), Vec::new());
    let mut apart = 0;
    for rows in &groups {
        let predicted = mean(rows.iter().map(|row| numbers.predicted[*row])).value;
        let actual = mean(rows.iter().map(|row| numbers.truth[*row]));
        x.push(predicted);
        y.push(actual.value);
        whiskers.push((actual.low, actual.high));
        apart += usize::from(predicted < actual.low || predicted > actual.high);
    }
    let ends = x.iter().chain(&y).chain(&dots_x).chain(&dots_y).copied();
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let svg = Lines::new(format!("{}: predicted and actual", numbers.name))
        .x_label("predicted")
        .y_label("actual")
        .points(if numbers.rows() > MOST_DOTS { "some rows" } else { "rows" }, &dots_x, &dots_y)
        .series_with_interval("mean", &x, &y, &whiskers)
        .series("equal", &[low, high], &[low, high])
        .width(WIDTH)
        .to_svg()?;
    let errors = mean(numbers.errors().into_iter());
    let mut text = format!(
        "On average over {} the prediction is {} too {} (95% interval of the mean error: {} to {}).",
        counted(numbers.rows(), "test row"),
        short(errors.value.abs()),
        if errors.value >= 0.0 { "high" } else { "low" },
        short(errors.low),
        short(errors.high)
    );
    text += &format!(
        " Of {} of rows with similar predictions, the mean of the actual values differs from the prediction by more than chance in \
         {} (95% intervals).",
        counted(groups.len(), "group"),
        count(apart)
    );
    if numbers.rows() > MOST_DOTS {
        text += &format!(" {MOST_DOTS} of the rows are drawn as dots.");
    }
    let caption = "Dots are rows; the curve is the mean of the actual values of rows with similar predictions, with 95% intervals; on the \
                   straight line both are equal.";
    Ok(section.text(text).picture("predicted actual", svg, caption))
}
