//! The sections of a report, one a file, in the order in which they are shown.

mod calibration;
mod card;
mod class_scores;
mod columns;
mod confusion;
mod correlations;
mod costs;
mod dependence;
mod drawing;
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
mod similar_rows;
mod thresholds;

pub(super) use card::Stated;

use super::ReportSection;
use super::report_data::ReportData;
use crate::decisions::CostMatrix;
use crate::pipeline::FittedPipeline;
use crate::{Result, Scalar};

/// The options of the caller in addition to the pipeline and the rows.
pub(super) struct Wanted<'a> {
    pub(super) segments: &'a [String],
    pub(super) costs: Option<CostMatrix>,
    pub(super) stated: &'a Stated,
    pub(super) added: &'a [ReportSection],
}

/// Creates all sections in order.
pub(super) fn all<T: Scalar>(
    fitted: &FittedPipeline<T>,
    data: &ReportData<'_>,
    wanted: &Wanted<'_>,
) -> Result<Vec<ReportSection>> {
    let mut sections = vec![
        glance::section(data)?,
        columns::section(data)?,
        missing_values::section(data)?,
        correlations::section(data)?,
    ];
    sections.extend(drift::section(data)?);
    sections.push(history::section(data)?);
    sections.extend(performance::sections(data, wanted.costs)?);
    let (section, importances) = importance::section(fitted, data)?;
    sections.push(section);
    sections.push(dependence::section(fitted, data, importances.as_ref())?);
    sections.push(segments::section(data, wanted.segments)?);
    sections.extend(wanted.added.iter().cloned());
    sections.push(layout::section(fitted.members())?);
    sections.push(card::section(fitted, data, wanted.stated)?);
    Ok(sections)
}
