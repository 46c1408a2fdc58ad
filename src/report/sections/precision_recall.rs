//! Precision by recall.

use super::drawing::{POINTS, WIDTH, thin};
use super::score_input;
use crate::Result;
use crate::metrics::precision_recall_curve;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, ClassOutcomes, ONE_CLASS, drawn_of};
use crate::report::wording::{fixed, list, percent};
use crate::scores::{AveragePrecision, score_of};

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Precision and recall");
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let average = average_precision(binary)?;
    let curve = precision_recall_curve(&binary.numbers(), &binary.probability)?;
    let (x, y) = (rising(&curve.recall, POINTS), rising(&curve.precision, POINTS));
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

fn average_precision(binary: &BinaryOutcomes) -> Result<f64> {
    let (truth, prediction) = score_input::columns(binary);
    score_of(AveragePrecision, &score_input::of(&truth, &prediction))
}

/// The curve from recall 0 to 1, so that its name is at the right end.
fn rising(values: &[f64], points: usize) -> Vec<f64> {
    let mut thinned = thin(values, points);
    thinned.reverse();
    thinned
}

/// The curves of each class against all others.
pub(super) fn of_classes(classes: &ClassOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Precision and recall, one class against the rest");
    let (drawn, total) = classes.drawn();
    if drawn.is_empty() {
        return Ok(section.note(ONE_CLASS));
    }
    let mut lines = Lines::new("Precision by recall").x_label("recall").y_label("precision").width(WIDTH);
    let mut averages = Vec::new();
    for &class in &drawn {
        let one = classes.one_vs_rest(class);
        let curve = precision_recall_curve(&one.numbers(), &one.probability)?;
        let (x, y) = (rising(&curve.recall, POINTS / 2), rising(&curve.precision, POINTS / 2));
        lines = lines.series(&classes.classes[class], &x, &y);
        let (average, rate) = (fixed(average_precision(&one)?, 3), fixed(one.rate(), 3));
        averages.push(format!("{average} for {} (guessing: {rate})", classes.classes[class]));
    }
    let text = format!("The average precisions: {}.", list(&averages)) + &drawn_of(drawn.len(), total);
    let svg = lines.x_range(0.0, 1.0).y_range(0.0, 1.0).to_svg()?;
    let caption = "What part of the rows with the highest probabilities of a class is of it, for each part of the class that is found.";
    Ok(section.text(text).picture("precision recall", svg, caption))
}
