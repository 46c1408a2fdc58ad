use super::receipt::TableReceipt;
use super::truth::TrueValues;
use super::{FittedPipeline, FittedTarget, OutOfFold};
use crate::checksum::continue_with_numbers;
use crate::preprocessing::Table;
use crate::scores::{ScoreInput, Truth};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

/// Rows that a pipeline was not fitted to, for calibration, thresholds, regions and scores.
///
/// A reference to a table is one, and a reference to [`OutOfFold`] predictions. The rows have the columns of the target.
///
/// # Weights
///
/// | rows | count |
/// |---|---|
/// | `&table` | once each, also of a pipeline that was fitted with [`weights`](super::Pipeline::weights) |
/// | `HeldOut::from(&table).weights("column")` | by that column |
/// | `&out_of_fold` | by the column of the pipeline's `weights`, once each without one |
/// | `HeldOut::from(&out_of_fold).unweighted()` | once each |
///
/// A fitted pipeline takes no column for weights unless it is named, since a table to be scored need not have it. Class weights are
/// for the loss and never count here; [`correct_prior`](FittedPipeline::correct_prior) undoes them.
///
/// ```
/// use perceptra::pipeline::HeldOut;
/// use perceptra::preprocessing::Table;
///
/// let rows = Table::new().with_numbers("x", [1.0, 2.0])?.with_numbers("weight", [1.0, 3.0])?;
/// let plain: HeldOut<'_> = (&rows).into();
/// let weighted = plain.weights("weight");
/// # let _ = weighted;
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct HeldOut<'a> {
    pub(super) table: &'a Table,
    /// The predictions of the networks; computed by the pipeline if there are none.
    predictions: Option<&'a DMatrix<f64>>,
    weights: Option<&'a str>,
}

impl<'a> HeldOut<'a> {
    /// Sets the column of the rows' weights.
    #[must_use]
    pub fn weights(self, column: &'a str) -> Self {
        HeldOut { weights: Some(column), ..self }
    }

    /// Ignores weights: every row counts once, also for out-of-fold predictions.
    #[must_use]
    pub fn unweighted(self) -> Self {
        HeldOut { weights: None, ..self }
    }

    /// The entries of a step's receipt: the table, the checksum of out-of-fold predictions, and the column of weights.
    pub(super) fn receipt(self) -> (Option<TableReceipt>, Option<u32>, Option<String>) {
        let predictions = self.predictions.map(|values| continue_with_numbers(0, values.iter().copied()));
        (Some(TableReceipt::of(self.table)), predictions, self.weights.map(str::to_owned))
    }
}

impl<'a> From<&'a Table> for HeldOut<'a> {
    fn from(table: &'a Table) -> Self {
        HeldOut { table, predictions: None, weights: None }
    }
}

impl<'a> From<&'a OutOfFold> for HeldOut<'a> {
    fn from(rows: &'a OutOfFold) -> Self {
        HeldOut { table: &rows.table, predictions: Some(&rows.predictions), weights: rows.weights.as_deref() }
    }
}

/// Truth, predictions and weights of rows.
pub(super) struct JudgedRows {
    truth: TrueValues,
    pub(super) predictions: DMatrix<f64>,
    weights: Option<Vec<f64>>,
}

impl JudgedRows {
    /// The rows with the predictions of the networks, before calibration.
    pub(super) fn of<T: Scalar>(pipeline: &FittedPipeline<T>, rows: HeldOut<'_>) -> Result<Self> {
        let predictions = match rows.predictions {
            Some(predictions) => predictions.clone(),
            None => pipeline.members_mean(&pipeline.columns.transform::<T>(rows.table)?)?,
        };
        Self::with(pipeline, rows, predictions)
    }

    /// The rows with the predictions of the pipeline, after calibration.
    pub(super) fn adjusted<T: Scalar>(pipeline: &FittedPipeline<T>, rows: HeldOut<'_>) -> Result<Self> {
        let predictions = match rows.predictions {
            Some(predictions) => {
                let mut predictions = predictions.clone();
                pipeline.decisions.adjust(&mut predictions);
                predictions
            }
            None => pipeline.table_values(rows.table)?,
        };
        Self::with(pipeline, rows, predictions)
    }

    fn with<T: Scalar>(pipeline: &FittedPipeline<T>, rows: HeldOut<'_>, predictions: DMatrix<f64>) -> Result<Self> {
        let truth = TrueValues::of(&pipeline.target, rows.table)?;
        Ok(JudgedRows { truth, predictions, weights: super::fit::row_weights::<T>(rows.weights, rows.table)? })
    }

    /// Returns an error for rows without one of the classes, or of a multilabel target without rows of both kinds; the error names the label.
    pub(super) fn check_classes(&self, item: &str, target: &FittedTarget) -> Result<()> {
        let occurs = |is_one: &dyn Fn(usize) -> bool| {
            let counts = |row: usize| self.weights.as_ref().is_none_or(|weights| weights[row] > 0.0);
            (0..self.predictions.nrows()).any(|row| is_one(row) && counts(row))
        };
        let missing = match self.truth.truth() {
            Truth::Classes { labels, .. } => {
                let mut classes = target.labels().iter().enumerate();
                let missing = classes.find(|(class, _)| !occurs(&|row| labels.get(row) == Some(class)));
                missing.map(|(_, label)| format!("class {label} of the column \"{}\"", target.target().columns()[0]))
            }
            Truth::Indicators(truth) => target.target().columns().iter().enumerate().find_map(|(index, name)| {
                let without = |value: f64| !occurs(&|row| truth[(row, index)] == value);
                match (without(1.0), without(0.0)) {
                    (true, _) => Some(format!("the rows with the label \"{name}\"")),
                    (_, true) => Some(format!("the rows without the label \"{name}\"")),
                    _ => None,
                }
            }),
            Truth::Numbers(_) => None,
        };
        let advice = "pass held-out rows in which every class occurs, more of them or a stratified part".into();
        missing.map_or(Ok(()), |missing| Err(Error::Empty { what: format!("{item}: {missing}"), advice }))
    }

    pub(super) fn input(&self) -> ScoreInput<'_> {
        let input = ScoreInput::new(self.truth.truth(), &self.predictions);
        match &self.weights {
            Some(weights) => input.with_weights(weights),
            None => input,
        }
    }
}
