use super::processor::processor_seconds;
use super::set::{Part, Set, TARGET};
use super::{Outcome, Times, predictions};
use nalgebra::DMatrix;
use perceptra::pipeline::{FittedTarget, Pipeline};
use perceptra::preprocessing::Value;
use std::path::Path;
use std::time::Instant;

/// The predictions of the test rows of a split, and the time that they took.
#[derive(Debug, Clone)]
pub struct Measurement {
    predictions: DMatrix<f64>,
    /// The times from the raw rows to the fitted pipeline, and from there to the predictions.
    pub times: Times,
}

/// Fits the default pipeline on the training and validation rows, of which it selects validation rows itself, and predicts the test
/// rows without their target. With `validated` it is trained on the training rows and validated on the validation rows of the split.
/// The seed is the number of the split.
///
/// # Errors
///
/// The errors of the pipeline, and one if processor time cannot be measured.
pub fn measure(set: &Set, split: usize, members: Option<usize>, validated: bool) -> Outcome<Measurement> {
    let part = |part| -> Outcome<_> { Ok(set.table.take(&set.rows_of(split, part)?)?) };
    let (train, validation) = (part(Part::Train)?, part(Part::Validation)?);
    let mut both = [set.rows_of(split, Part::Train)?, set.rows_of(split, Part::Validation)?].concat();
    both.sort_unstable();
    let both = set.table.take(&both)?;
    let test = part(Part::Test)?.drop_columns([TARGET])?;
    let (target, seed) = (set.target(), split as u64);

    let (begin, begin_cpu) = (Instant::now(), processor_seconds()?);
    let mut pipeline = Pipeline::new(target).seed(seed);
    if let Some(members) = members {
        pipeline = pipeline.members(members);
    }
    let fitted = if validated { pipeline.fit_validated(&train, &validation)? } else { pipeline.fit(&both)? };
    let (fit_end, fit_end_cpu) = (Instant::now(), processor_seconds()?);
    let values = match set.classes {
        0 => DMatrix::from_column_slice(test.nrows(), 1, fitted.predict_table(&test)?.numbers(TARGET)?),
        _ => fitted.predict_proba(&test)?,
    };
    let (end, end_cpu) = (Instant::now(), processor_seconds()?);

    let times = Times {
        fit_wall: (fit_end - begin).as_secs_f64(),
        fit_cpu: fit_end_cpu - begin_cpu,
        predict_wall: (end - fit_end).as_secs_f64(),
        predict_cpu: end_cpu - fit_end_cpu,
    };
    let predictions = if set.classes == 0 { values } else { by_class(&values, fitted.target(), set.classes) };
    Ok(Measurement { predictions, times })
}

/// The probabilities in columns of all classes; a class that the training rows lack has the probability 0.
fn by_class(values: &DMatrix<f64>, target: &FittedTarget, classes: usize) -> DMatrix<f64> {
    let column = |class: usize| target.labels().iter().position(|label| *label == Value::Number(class as f64));
    DMatrix::from_fn(values.nrows(), classes, |row, class| column(class).map_or(0.0, |column| values[(row, column)]))
}

impl Measurement {
    /// Writes the predictions to a folder.
    ///
    /// # Errors
    ///
    /// For a file that cannot be written.
    pub fn write(&self, folder: &Path, set: &Set, split: usize) -> Outcome<()> {
        predictions::write(folder, set, split, &self.predictions)
    }
}
