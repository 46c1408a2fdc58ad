//! The sections that compare predictions with the truth, by the kind of the task.

use super::{
    calibration, class_scores, confusion, costs, error_deciles, gains, precision_recall, predicted_actual, residuals,
    roc, thresholds,
};
use crate::Result;
use crate::decisions::CostMatrix;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, NumberOutcomes, Outcomes};
use crate::report::report_data::ReportData;

/// The maximum number of target columns with separate sections.
const MOST_TARGETS: usize = 8;

pub(super) fn sections(data: &ReportData<'_>, costs: Option<CostMatrix>) -> Result<Vec<ReportSection>> {
    let outcomes = match &data.outcomes {
        Err(reason) => return Ok(vec![ReportSection::new("Predictions").note(reason.as_str())]),
        Ok(outcomes) => outcomes,
    };
    match outcomes {
        Outcomes::Binary(binary) => of_binary(binary, costs, data.seed),
        Outcomes::Classes(classes) => Ok(vec![
            confusion::of_classes(classes)?,
            class_scores::section(classes)?,
            roc::of_classes(classes)?,
            precision_recall::of_classes(classes)?,
            calibration::of_classes(classes, data.seed)?,
        ]),
        Outcomes::Numbers(columns) => match columns.as_slice() {
            [one] => of_numbers(one),
            many => per_column(many, |column| &column.name, of_numbers),
        },
        Outcomes::Labels(labels) => per_column(labels, |label| &label.name, |label| of_binary(label, None, data.seed)),
    }
}

fn of_binary(binary: &BinaryOutcomes, costs: Option<CostMatrix>, seed: u64) -> Result<Vec<ReportSection>> {
    let mut sections = vec![
        confusion::section(binary)?,
        roc::section(binary)?,
        precision_recall::section(binary)?,
        thresholds::section(binary)?,
    ];
    if let Some(costs) = costs {
        sections.push(costs::section(binary, costs, seed)?);
    }
    sections.push(calibration::section(binary, seed)?);
    sections.push(gains::section(binary)?);
    Ok(sections)
}

fn of_numbers(numbers: &NumberOutcomes) -> Result<Vec<ReportSection>> {
    Ok(vec![predicted_actual::section(numbers)?, residuals::section(numbers)?, error_deciles::section(numbers)?])
}

/// Creates one section for each column, with the subsections of a single column.
fn per_column<C>(
    columns: &[C],
    name: impl Fn(&C) -> &String,
    sections: impl Fn(&C) -> Result<Vec<ReportSection>>,
) -> Result<Vec<ReportSection>> {
    let mut all = Vec::new();
    for column in columns.iter().take(MOST_TARGETS) {
        let mut section = ReportSection::new(format!("Predictions of {}", name(column)));
        for part in sections(column)? {
            section = section.append(name(column), part);
        }
        all.push(section);
    }
    if columns.len() > MOST_TARGETS {
        let rest =
            format!("The other {} of {} columns are at a glance only.", columns.len() - MOST_TARGETS, columns.len());
        all.push(ReportSection::new("Other columns").note(rest));
    }
    Ok(all)
}
