//! The ROC curve: true-positive rate by false-positive rate, with the operating point of the pipeline.

use super::drawing::{POINTS, WIDTH, thin};
use crate::Result;
use crate::metrics::roc_curve;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, ClassOutcomes, ONE_CLASS, drawn_of};
use crate::report::uncertainty::roc_auc;
use crate::report::wording::{count, fixed, list, percent, short};

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("ROC curve");
    let (Some(auc), None) = (roc_auc(&binary.truth, &binary.probability), binary.one_class()) else {
        return Ok(section.note(binary.one_class().unwrap_or_default()));
    };
    let curve = roc_curve(&binary.numbers(), &binary.probability)?;
    let x = thin(&curve.false_positive_rate, POINTS);
    let y = thin(&curve.true_positive_rate, POINTS);
    let counts = binary.counts();
    let here = (
        counts.false_positives as f64 / counts.negatives() as f64,
        counts.true_positives as f64 / counts.positives() as f64,
    );
    let svg = Lines::new("ROC curve")
        .subtitle(format!("area {} ± {} (standard error)", fixed(auc.value, 4), fixed(auc.error, 4)))
        .x_label(format!("false-positive rate: of all {}", binary.classes[0]))
        .y_label(format!("true-positive rate: of all {}", binary.classes[1]))
        .series("pipeline", &x, &y)
        .series("guessing", &[0.0, 1.0], &[0.0, 1.0])
        .points(format!("at {}", short(binary.threshold)), &[here.0], &[here.1])
        .x_range(0.0, 1.0)
        .y_range(0.0, 1.0)
        .width(WIDTH)
        .to_svg()?;
    let mut text = format!(
        "The area under the curve is {} (95% interval {} to {}; guessing: 0.5), from {} {} and {} {}. At the threshold {} the \
         pipeline finds {} of the {} and raises a false alarm for {} of the {}.",
        fixed(auc.value, 3),
        fixed(auc.low, 3),
        fixed(auc.high, 3),
        count(counts.positives()),
        binary.classes[1],
        count(counts.negatives()),
        binary.classes[0],
        short(binary.threshold),
        percent(here.1),
        binary.classes[1],
        percent(here.0),
        binary.classes[0],
    );
    if binary.are_equal() {
        text += " All predicted probabilities are equal, so the curve is that of guessing.";
    }
    let caption = "How many positives are found for how many false alarms, as the threshold falls from 1 to 0; the single dot is the \
                   threshold of the pipeline.";
    Ok(section.text(text).picture("roc", svg, caption))
}

/// The ROC curves of a target of several classes, each class against all others.
pub(super) fn of_classes(classes: &ClassOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("ROC curves, one class against the rest");
    let (drawn, total) = classes.drawn();
    if drawn.is_empty() {
        return Ok(section.note(ONE_CLASS));
    }
    let mut lines = Lines::new("ROC curves").x_label("false-positive rate").y_label("true-positive rate").width(WIDTH);
    let mut areas = Vec::new();
    for &class in &drawn {
        let one = classes.one_vs_rest(class);
        let curve = roc_curve(&one.numbers(), &one.probability)?;
        let (x, y) = (thin(&curve.false_positive_rate, POINTS / 2), thin(&curve.true_positive_rate, POINTS / 2));
        lines = lines.series(&classes.classes[class], &x, &y);
        if let Some(auc) = roc_auc(&one.truth, &one.probability) {
            areas.push(format!("{} ± {} for {}", fixed(auc.value, 3), fixed(auc.error, 3), classes.classes[class]));
        }
    }
    let text = format!("The areas under the curves, ± one standard error: {}.", list(&areas));
    let text = text + &drawn_of(drawn.len(), total);
    let svg = lines.x_range(0.0, 1.0).y_range(0.0, 1.0).to_svg()?;
    Ok(section.text(text).picture(
        "roc",
        svg,
        "How well the probability of each class separates its rows from all others.",
    ))
}
