//! The sections of a report, one a file, in the order in which they are shown.

mod calibration;
mod card;
mod class_scores;
mod columns;
mod confusion;
mod correlations;
mod costs;
mod dependence;
mod drift;
mod error_deciles;
mod gains;
mod glance;
mod history;
mod importance;
mod layout;
mod missing_values;
mod performance;
mod precision_recall;
mod predicted_actual;
mod residuals;
mod roc;
mod score_input;
mod segment_groups;
mod segments;
mod thresholds;

pub(super) use card::Stated;

use super::ReportSection;
use super::outcomes::NumberOutcomes;
use super::subject::Subject;
use crate::decisions::CostMatrix;
use crate::pipeline::FittedPipeline;
use crate::{Result, Scalar};

/// The width of curves and bars: narrower than those of other pages, so that they can be read on a telephone.
const WIDTH: f64 = 500.0;
/// The most points of a curve.
const POINTS: usize = 200;
/// The groups of rows with similar predicted numbers.
const GROUPS: usize = 10;

/// What the caller asks for beside the pipeline and the rows.
pub(super) struct Wanted<'a> {
    pub(super) segments: &'a [String],
    pub(super) costs: Option<CostMatrix>,
    pub(super) stated: &'a Stated,
    pub(super) added: &'a [ReportSection],
}

/// All sections in their order.
pub(super) fn all<T: Scalar>(
    fitted: &FittedPipeline<T>,
    subject: &Subject<'_>,
    wanted: &Wanted<'_>,
) -> Result<Vec<ReportSection>> {
    let mut sections = vec![
        glance::section(subject)?,
        columns::section(subject)?,
        missing_values::section(subject)?,
        correlations::section(subject)?,
    ];
    sections.extend(drift::section(subject)?);
    sections.push(history::section(subject)?);
    sections.extend(performance::sections(subject, wanted.costs)?);
    let (section, importances) = importance::section(fitted, subject)?;
    sections.push(section);
    sections.push(dependence::section(fitted, subject, importances.as_ref())?);
    sections.push(segments::section(subject, wanted.segments)?);
    sections.extend(wanted.added.iter().cloned());
    sections.push(layout::section(fitted.members())?);
    sections.push(card::section(fitted, subject, wanted.stated)?);
    Ok(sections)
}

/// At most about `most` values at equal distances, the first and the last among them.
fn thin(values: &[f64], most: usize) -> Vec<f64> {
    if values.len() <= most {
        return values.to_vec();
    }
    let last = values.len() - 1;
    (0..most).map(|i| values[i * last / (most - 1)]).collect()
}

/// Rows with similar predictions: ten groups of about equally many, fewer where predictions are equal.
fn by_prediction(numbers: &NumberOutcomes) -> Vec<Vec<usize>> {
    let p = &numbers.predicted;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut done = 0;
    for equal in order.chunk_by(|&a, &b| p[a] == p[b]) {
        let group = done * GROUPS / p.len().max(1);
        match groups.last_mut() {
            // Equal predictions stay together; a group begins where the place of its first row asks for one.
            Some(last) if (done - last.len()) * GROUPS / p.len().max(1) == group => last.extend(equal),
            _ => groups.push(equal.to_vec()),
        }
        done += equal.len();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        let thinned = thin(&values, 7);
        assert_eq!((thinned.len(), thinned[0], thinned[6]), (7, 0.0, 999.0));
        assert_eq!(thin(&values[..3], 7), [0.0, 1.0, 2.0]);
    }

    #[test]
    fn rows_of_equal_predictions_are_in_one_group() {
        let of = |predicted: Vec<f64>| {
            let numbers = NumberOutcomes { name: "y".into(), truth: predicted.clone(), predicted };
            by_prediction(&numbers).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(of((0..100).map(f64::from).collect()), [10; 10]);
        assert_eq!(of(vec![1.0; 30]), [30]);
        assert_eq!(of((0..5).map(f64::from).collect()), [1; 5]);
        assert_eq!(of((0..100).map(|row| f64::from(row / 50)).collect()), [50, 50]);
    }
}
