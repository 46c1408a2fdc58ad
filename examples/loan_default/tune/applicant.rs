//! Saves the winner to a file, loads it, and predicts applicants.

use super::Winner;
use crate::THRESHOLD;
use crate::load::Data;
use crate::task::Task;
use crate::text::paragraph;
use perceptra::prelude::*;
use perceptra::{Error, Result};
use std::path::Path;

/// Saves preprocessing, network and threshold to one file, loads it, and predicts applicants with it.
pub(crate) fn ask(winner: &Winner, data: &Data, task: &Task, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
    let path = folder.join("winner.safetensors");
    let (columns, members) = (data.columns.clone(), vec![winner.model.clone()]);
    let pipeline = FittedPipeline::from_parts(columns, &Target::binary(&task.target), &data.train, members)?;
    pipeline.with_threshold(THRESHOLD)?.save(&path)?;

    // From here on only the file is used.
    let pipeline = FittedPipeline::load(&path)?;
    paragraph(&format!(
        "Preprocessing, network and threshold are saved to {} and loaded again. Asked about the first test {}:",
        path.display(),
        task.row
    ));
    let record = data.test.record(0)?;
    show_record(&pipeline, &record);
    let probability = show_prediction(&pipeline, &record, task, data.positive_rate())?;
    let same = probability == f64::from(winner.evaluation.probability[0]);
    let truth = &task.classes[usize::from(data.y_test[0] == 1.0)];
    say!("  the same as before it was saved: {}", if same { "yes" } else { "no" });
    say!("  the truth: {truth}\n");

    // Applicants have not paid interest yet.
    if task.loans.is_some() && !pipeline.columns().inputs().contains(&"total_rec_int") {
        for (term, rate) in [("36 months", 7.9), ("60 months", 19.9)] {
            say!("Asked about an applicant, {term} at {rate}%:");
            let record = Record::new()
                .with("funded_amnt_inv", 12_000)
                .with("annual_inc", 65_000)
                .with("tot_cur_bal", 80_000)
                .with("home_ownership", "RENT")
                .with("term", term)
                .with("int_rate", rate);
            show_prediction(&pipeline, &record, task, data.positive_rate())?;
            say!();
        }
    }
    Ok(())
}

fn show_record(pipeline: &FittedPipeline, record: &Record) {
    for name in pipeline.columns().inputs() {
        let value = record.get(name).map(ToString::to_string).unwrap_or_default();
        say!("  {name:<30} {value:>14}");
    }
}

fn show_prediction(pipeline: &FittedPipeline, record: &Record, task: &Task, positive_rate: f64) -> Result<f64> {
    let (probability, decision) = match pipeline.predict_record(record)? {
        Prediction::Binary { probability, decision, .. } => (probability, decision),
        other => return Err(Error::argument("loan_default", "target", format!("{other:?}"), "a binary one")),
    };
    let predicted = &task.classes[usize::from(decision)];
    say!("  probability {probability:.3}, threshold {}: {predicted}", pipeline.threshold());
    let (rows, rate) = (task.rows(), 100.0 * positive_rate);
    let among_all = among_all(probability, positive_rate);
    say!("  among all {rows}, {rate:.2}% of them {}: {among_all:.3}", task.positives);
    Ok(probability)
}

/// Corrects the probability of a model that was trained on balanced classes for this fraction of class 1 among all rows.
fn among_all(balanced: f64, positive_rate: f64) -> f64 {
    let odds = balanced / (1.0 - balanced) * positive_rate / (1.0 - positive_rate);
    odds / (1.0 + odds)
}
