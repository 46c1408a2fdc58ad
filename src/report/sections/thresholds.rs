//! The results of other thresholds.

use super::drawing::{POINTS, WIDTH, thin};
use crate::Result;
use crate::metrics::precision_recall_curve;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::BinaryOutcomes;
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, fixed, percent, short, with_error};

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Thresholds");
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let curve = precision_recall_curve(&binary.numbers(), &binary.probability)?;
    let length = curve.thresholds.len();
    let x = thin(&curve.thresholds, POINTS);
    let svg = Lines::new("Precision and recall by threshold")
        .x_label("threshold")
        .series("precision", &x, &thin(&curve.precision[..length], POINTS))
        .series("recall", &x, &thin(&curve.recall[..length], POINTS))
        .vertical(binary.threshold, short(binary.threshold))
        .x_range(0.0, x.iter().copied().fold(binary.threshold, f64::max).max(1e-6))
        .y_range(0.0, 1.0)
        .width(WIDTH)
        .to_svg()?;
    let text = format!(
        "A lower threshold finds more of the {} and raises more false alarms; a higher one the reverse. The pipeline decides for \
         probabilities above {}. Which threshold is right depends on what the two errors cost; it must be chosen on other rows than \
         these, or the results here become too good.",
        binary.classes[1],
        short(binary.threshold)
    );
    let mut thresholds: Vec<f64> = (1..10).map(|tenth| f64::from(tenth) / 10.0).collect();
    if !thresholds.contains(&binary.threshold) {
        thresholds.push(binary.threshold);
        thresholds.sort_unstable_by(f64::total_cmp);
    }
    let rows = thresholds.into_iter().map(|threshold| {
        let counts = binary.counts_at(threshold);
        let of = |hits: usize, of: usize| {
            let fraction = proportion(hits as f64, of as f64);
            with_error(fraction.value, fraction.error, percent)
        };
        [
            fixed(threshold, if (threshold * 10.0).fract() == 0.0 { 1 } else { 3 }),
            count(counts.decided_positive()),
            of(counts.true_positives, counts.decided_positive()),
            of(counts.true_positives, counts.positives()),
            of(counts.false_positives, counts.negatives()),
        ]
    });
    let headings = ["threshold", "rows named", "precision", "recall", "false-positive rate"];
    let caption =
        "The curves are steps over the predicted probabilities; where they are wild at the right, few rows are left.";
    Ok(section.text(text).picture("thresholds", svg, caption).table(
        "By threshold, ± one standard error",
        headings,
        rows,
    ))
}
