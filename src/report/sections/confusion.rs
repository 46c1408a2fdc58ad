//! Counts of decided against true classes.

use crate::Result;
use crate::plot::ConfusionPicture;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, ClassOutcomes};
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, counted, percent, short};
use crate::sorting;
use nalgebra::{DMatrix, Matrix2};
use std::collections::BTreeMap;

/// The most classes that are drawn.
const MOST_CLASSES: usize = 12;

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let counts = binary.counts();
    let [negative, positive] = &binary.classes;
    let matrix =
        Matrix2::new(counts.true_negatives, counts.false_positives, counts.false_negatives, counts.true_positives)
            .map(|count| count as f64);
    let svg = ConfusionPicture::new("Confusion matrix", &matrix)
        .subtitle(format!("threshold {}", short(binary.threshold)))
        .labels([negative, positive])
        .to_svg()?;
    let named = counts.decided_positive();
    let mut text = format!(
        "At the threshold {}, {} of {} are named {positive}.",
        short(binary.threshold),
        count(named),
        counted(binary.rows(), "test row")
    );
    if named > 0 {
        let right = proportion(counts.true_positives as f64, named as f64);
        text += &format!(
            " {} of them are ({}, 95% interval {} to {}); the other {} are false alarms.",
            count(counts.true_positives),
            percent(right.value),
            percent(right.low),
            percent(right.high),
            count(counts.false_positives)
        );
    }
    if counts.false_negatives > 0 {
        text += &format!(
            " {} of the {} rows that are {positive} are missed.",
            count(counts.false_negatives),
            count(counts.positives())
        );
    }
    let caption = "Rows are the true classes, columns the decided ones; the percentages are fractions of the true class. Positive is the \
         class whose probability is predicted.";
    Ok(ReportSection::new("Confusion at the threshold").text(text).picture("confusion", svg, caption))
}

pub(super) fn of_classes(classes: &ClassOutcomes) -> Result<ReportSection> {
    let rows = class_order(classes);
    let shown = &rows[..rows.len().min(MOST_CLASSES)];
    let mut at = vec![shown.len(); classes.classes.len()];
    shown.iter().enumerate().for_each(|(place, class)| at[*class] = place);
    // The classes that are not shown share a last row and column.
    let size = shown.len() + usize::from(shown.len() < rows.len());
    let mut matrix = DMatrix::<f64>::zeros(size, size);
    for (truth, decided) in classes.truth.iter().zip(&classes.decided) {
        matrix[(at[*truth], at[*decided])] += 1.0;
    }
    let mut names: Vec<String> = shown.iter().map(|class| classes.classes[*class].clone()).collect();
    if size > shown.len() {
        names.push(format!("{} others", rows.len() - shown.len()));
    }
    let svg = ConfusionPicture::new("Confusion matrix", &matrix).labels(&names).to_svg()?;
    let right = classes.truth.iter().zip(&classes.decided).filter(|(truth, decided)| truth == decided).count();
    let accuracy = proportion(right as f64, classes.rows() as f64);
    let worst = worst_pair(classes);
    let mut text = format!(
        "{} of {} are decided rightly ({}, 95% interval {} to {}).",
        count(right),
        counted(classes.rows(), "test row"),
        percent(accuracy.value),
        percent(accuracy.low),
        percent(accuracy.high)
    );
    if let Some(((truth, decided), number)) = worst {
        text += &format!(
            " The most frequent error: {} of class {} predicted as {}.",
            counted(number, "row"),
            classes.classes[truth],
            classes.classes[decided]
        );
    }
    if size > shown.len() {
        text += &format!(" Shown: the {MOST_CLASSES} most frequent classes; the others share a row and a column.");
    }
    let caption =
        "Rows are the true classes, columns the most probable ones; the percentages are fractions of the true class.";
    Ok(ReportSection::new("Confusion matrix").text(text).picture("confusion", svg, caption))
}

/// The classes, those with the most rows first; in their own order if there are few.
pub(super) fn class_order(classes: &ClassOutcomes) -> Vec<usize> {
    let rows = classes.class_rows();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if order.len() > MOST_CLASSES {
        sorting::by_integer(&mut order, |&class| -(rows[class] as i64));
    }
    order
}

/// The true and the decided class of the most frequent error, and its count.
fn worst_pair(classes: &ClassOutcomes) -> Option<((usize, usize), usize)> {
    let mut counts = BTreeMap::new();
    for pair in classes.truth.iter().copied().zip(classes.decided.iter().copied()).filter(|(t, d)| t != d) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
}
