//! Precision by recall.

use super::drawing::{POINTS, WIDTH, thin};
use crate::Result;
use crate::metrics::precision_recall_curve;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::BinaryOutcomes;
use crate::report::wording::{fixed, percent};
use crate::scores::{AveragePrecision, ScoreInput, Truth, score_of};
use nalgebra::DMatrix;

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Precision and recall");
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let truth: Vec<usize> = binary.truth.iter().map(|truth| usize::from(*truth)).collect();
    let prediction = DMatrix::from_column_slice(binary.rows(), 1, &binary.probability);
    let input = ScoreInput::new(Truth::Classes { labels: &truth, n_classes: 2 }, &prediction);
    let average = score_of(AveragePrecision, &input)?;
    let curve = precision_recall_curve(&binary.numbers(), &binary.probability)?;
    // From recall 0 to 1, so that the name of the curve is at its right end.
    let (mut x, mut y) = (thin(&curve.recall, POINTS), thin(&curve.precision, POINTS));
    x.reverse();
    y.reverse();
    let rate = binary.rate();
    let svg = Lines::new("Precision by recall")
        .subtitle(format!("average precision {}", fixed(average, 4)))
        .x_label(format!("recall: {} that are found", binary.classes[1]))
        .y_label("precision: named rows that are right")
        .series("pipeline", &x, &y)
        .horizontal(rate, format!("guessing: {}", percent(rate)))
        .x_range(0.0, 1.0)
        .y_range(0.0, 1.0)
        .width(WIDTH)
        .to_svg()?;
    let mut text = format!(
        "The average precision is {}; guessing has {}, the frequency of {} in the test rows.",
        fixed(average, 3),
        fixed(rate, 3),
        binary.classes[1]
    );
    for wanted in [0.5, 0.8] {
        let threshold = curve.threshold_for_recall(wanted)?;
        if let Some(point) = curve.thresholds.iter().position(|t| *t == threshold) {
            text += &format!(
                " To find {} of them, the {} with probabilities of {} or more have to be named, of which {} are right.",
                percent(wanted),
                percent(binary.probability.iter().filter(|p| **p >= threshold).count() as f64 / binary.rows() as f64),
                fixed(threshold, 3),
                percent(curve.precision[point])
            );
        }
    }
    let caption = "What part of the named rows is right, for each part of the positives that is found.";
    Ok(section.text(text).picture("precision recall", svg, caption))
}
