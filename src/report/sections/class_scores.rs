//! Precision, recall and the area under the curve of each class.

use crate::Result;
use crate::report::ReportSection;
use crate::report::outcomes::ClassOutcomes;
use crate::report::uncertainty::{proportion, roc_auc};
use crate::report::wording::{count, counted, fixed, percent, with_error};
use crate::sorting;

/// The most classes that are listed.
const MOST_CLASSES: usize = 50;

pub(super) fn section(classes: &ClassOutcomes) -> Result<ReportSection> {
    let of_class = classes.class_rows();
    let mut order: Vec<usize> = (0..of_class.len()).collect();
    if order.len() > MOST_CLASSES {
        sorting::by_integer(&mut order, |&class| -(of_class[class] as i64));
        order.truncate(MOST_CLASSES);
    }
    let mut hardest: Option<(usize, f64)> = None;
    let mut rows = Vec::new();
    for &class in &order {
        let one = classes.one_vs_rest(class);
        let counts = one.counts();
        let of = |hits: usize, of: usize| {
            let fraction = proportion(hits as f64, of as f64);
            with_error(fraction.value, fraction.error, percent)
        };
        if counts.positives() > 0 {
            let recall = counts.true_positives as f64 / counts.positives() as f64;
            if hardest.is_none_or(|(_, least)| recall < least) {
                hardest = Some((class, recall));
            }
        }
        let auc = roc_auc(&one.truth, &one.probability);
        rows.push([
            classes.classes[class].clone(),
            count(counts.positives()),
            count(counts.decided_positive()),
            of(counts.true_positives, counts.decided_positive()),
            of(counts.true_positives, counts.positives()),
            auc.map_or("–".into(), |auc| with_error(auc.value, auc.error, |value| fixed(value, 4))),
        ]);
    }
    let mut text = format!("The scores of each class, from {}.", counted(classes.rows(), "test row"));
    if let Some((class, recall)) = hardest {
        text += &format!(
            " The class {} is found least: {} of its {}.",
            classes.classes[class],
            percent(recall),
            counted(of_class[class], "row")
        );
    }
    if order.len() < of_class.len() {
        text += &format!(" Listed are the {MOST_CLASSES} most frequent of {} classes.", of_class.len());
    }
    let headings = ["class", "rows", "decided", "precision", "recall", "ROC AUC"];
    Ok(ReportSection::new("Scores of each class").text(text).table("By class, ± one standard error", headings, rows))
}
