//! Predicted probabilities and observed frequencies.

use super::drawing::WIDTH;
use super::score_input;
use crate::Result;
use crate::calibration::{
    BinEdges, ReliabilityBin, brier_decomposition, expected_calibration_error, reliability_diagram,
};
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, ClassOutcomes, ONE_CLASS, drawn_of};
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, counted, fixed, percent, with_error};

/// The groups of rows with similar probabilities.
const BINS: usize = 10;
/// The number of resamples for the interval of the calibration error.
const RESAMPLES: usize = 100;

pub(super) fn section(binary: &BinaryOutcomes, seed: u64) -> Result<ReportSection> {
    let section = ReportSection::new("Calibration");
    let (truth, prediction) = score_input::columns(binary);
    let input = score_input::of(&truth, &prediction);
    let diagram = reliability_diagram(&input, BinEdges::Quantile(BINS))?;
    let error = expected_calibration_error(&input, BINS, RESAMPLES, seed)?;
    let brier = brier_decomposition(&input, BinEdges::Quantile(BINS))?;
    let (mut x, mut y, mut whiskers, mut table, mut apart) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0);
    for bin in diagram.bins() {
        let observed = proportion(bin.observed * bin.rows as f64, bin.rows as f64);
        apart += usize::from(bin.predicted < observed.low || bin.predicted > observed.high);
        x.push(bin.predicted);
        y.push(bin.observed);
        whiskers.push((observed.low, observed.high));
        table.push([
            format!("{} to {}", percent(bin.low), percent(bin.high)),
            count(bin.rows),
            percent(bin.predicted),
            with_error(observed.value, observed.error, percent),
        ]);
    }
    let end = x.iter().chain(whiskers.iter().map(|(_, high)| high)).copied().fold(0.0, f64::max).clamp(0.01, 1.0);
    let svg = Lines::new("Reliability")
        .subtitle("95% intervals (Wilson)")
        .x_label(format!("predicted probability of {}", binary.classes[1]))
        .y_label("observed frequency")
        .series_with_interval("pipeline", &x, &y, &whiskers)
        .series("calibrated", &[0.0, end], &[0.0, end])
        .x_range(0.0, end)
        .y_range(0.0, end)
        .width(WIDTH)
        .to_svg()?;
    let mean = binary.probability.iter().sum::<f64>() / binary.rows() as f64;
    let text = format!(
        "Of rows with a calibrated probability of 20%, one in five is of the class. Here the mean probability is {} and the frequency of {} is {} ({}). In \
         {} of {} the frequency differs from the probability by more than chance (95% intervals). The expected calibration error is {} \
         (95% bootstrap interval {} to {}); chance alone makes it larger than 0.",
        percent(mean),
        binary.classes[1],
        percent(binary.rate()),
        counted(binary.rows(), "row"),
        count(apart),
        counted(diagram.bins().len(), "group"),
        fixed(error.estimate, 4),
        fixed(error.low, 4),
        fixed(error.high, 4),
    );
    let parts = format!(
        "Of the Brier score of {}, {} is due to probabilities that are not frequencies; the frequencies of the groups explain {} of the {} \
         that a model without knowledge would have.",
        fixed(brier.brier, 4),
        fixed(brier.reliability, 4),
        fixed(brier.resolution, 4),
        fixed(brier.uncertainty, 4)
    );
    let caption = "Groups of about equally many rows with similar probabilities: above the straight line the class is more frequent than \
                   predicted, below it less.";
    Ok(section
        .text(text)
        .picture("calibration", svg, caption)
        .table("By probability, ± one standard error", ["probability", "rows", "mean probability", "frequency"], table)
        .text(parts))
}

/// Adds the diagrams of each class against all others.
pub(super) fn of_classes(classes: &ClassOutcomes, seed: u64) -> Result<ReportSection> {
    let section = ReportSection::new("Calibration, one class against the rest");
    let (drawn, total) = classes.drawn();
    if drawn.is_empty() {
        return Ok(section.note(ONE_CLASS));
    }
    let mut lines = Lines::new("Reliability")
        .x_label("predicted probability of the class")
        .y_label("observed frequency")
        .series("calibrated", &[0.0, 1.0], &[0.0, 1.0])
        .width(WIDTH);
    let mut table = Vec::new();
    for &class in &drawn {
        let one = classes.one_vs_rest(class);
        let (truth, prediction) = score_input::columns(&one);
        let input = score_input::of(&truth, &prediction);
        let diagram = reliability_diagram(&input, BinEdges::Quantile(BINS))?;
        let of_bins = |of: &dyn Fn(&ReliabilityBin) -> f64| diagram.bins().iter().map(of).collect::<Vec<f64>>();
        let (x, y) = (of_bins(&|bin| bin.predicted), of_bins(&|bin| bin.observed));
        lines = lines.series(&classes.classes[class], &x, &y);
        let error = expected_calibration_error(&input, BINS, RESAMPLES, seed)?;
        table.push([
            classes.classes[class].clone(),
            percent(one.probability.iter().sum::<f64>() / one.rows() as f64),
            percent(one.rate()),
            format!("{} ({} to {})", fixed(error.estimate, 4), fixed(error.low, 4), fixed(error.high, 4)),
        ]);
    }
    let text = "Of rows with a calibrated probability of 20% for a class, one in five is of that class. The expected calibration errors \
                are with 95% bootstrap intervals; chance alone makes them larger than 0."
        .to_owned()
        + &drawn_of(drawn.len(), total);
    let svg = lines.x_range(0.0, 1.0).y_range(0.0, 1.0).to_svg()?;
    let caption = "Groups of about equally many rows with similar probabilities of a class: above the straight line the class is more \
                   frequent than predicted, below it less.";
    let headings = ["class", "mean probability", "frequency", "expected calibration error"];
    Ok(section.text(text).picture("calibration", svg, caption).table("By class", headings, table))
}
