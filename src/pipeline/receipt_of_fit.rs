//! Builds the receipt of a fit.

use super::evaluation::usual_scores;
use super::prepared::{PreparedRows, Validation};
use super::receipt::{TableReceipt, checksum_of, machine, release};
use super::truth::TrueValues;
use super::{FittedPipeline, Receipt};
use crate::scores::{ScoreInput, score_of};
use crate::{Result, Scalar};
use nalgebra::DMatrix;

impl Receipt {
    /// Creates the receipt of a fit, given the table and the separate validation table if one was passed.
    pub(super) fn of<T: Scalar>(
        fitted: &FittedPipeline<T>,
        (table, validation_table): (TableReceipt, Option<TableReceipt>),
        train: &PreparedRows<T>,
        validation: &Validation<T>,
    ) -> Result<Self> {
        let seeds = fitted.members.iter().map(|member| Ok(member.network()?.seed()));
        let (validation, scores) = match validation {
            Validation::Absent => (None, Vec::new()),
            Validation::Shared(part) => {
                (Some(TableReceipt::of_part(part)), scores(fitted, part, &fitted.values(&part.x())?)?)
            }
            Validation::PerMember(parts) => {
                let (rows, predicted) = validation_predictions(fitted, train, |member| parts.split(member).1)?;
                let part = train.take(rows)?;
                (Some(TableReceipt::of_part(&part)), scores(fitted, &part, &predicted)?)
            }
        };
        Ok(Receipt {
            table,
            source: false,
            validation_table,
            validation,
            seed: fitted.seed,
            member_seeds: seeds.collect::<Result<_>>()?,
            release: release(),
            machine: machine(),
            dtype: T::DTYPE.to_string(),
            weights: checksum_of(&fitted.members)?,
            scores,
            steps: Vec::new(),
        })
    }
}

/// Returns the rows in any member's validation part, and for each the prediction of the first member validated on it.
fn validation_predictions<T: Scalar>(
    fitted: &FittedPipeline<T>,
    train: &PreparedRows<T>,
    validated: impl Fn(usize) -> Vec<usize>,
) -> Result<(Vec<usize>, DMatrix<f64>)> {
    let mut is_predicted = vec![false; train.rows.nrows()];
    let mut rows = Vec::new();
    let mut predicted: Option<DMatrix<f64>> = None;
    for (number, member) in fitted.members.iter().enumerate() {
        let part: Vec<usize> = validated(number).into_iter().filter(|&row| !is_predicted[row]).collect();
        if part.is_empty() {
            continue;
        }
        part.iter().for_each(|&row| is_predicted[row] = true);
        let alone = FittedPipeline { members: vec![member.clone()], ..fitted.clone() };
        let values = alone.values(&train.take(part.clone())?.x())?;
        predicted = Some(match predicted {
            None => values,
            Some(before) => {
                let (above, width) = (before.nrows(), before.ncols());
                DMatrix::from_fn(above + values.nrows(), width, |row, column| match row < above {
                    true => before[(row, column)],
                    false => values[(row - above, column)],
                })
            }
        });
        rows.extend(part);
    }
    Ok((rows, predicted.unwrap_or_default()))
}

/// Returns the default scores that are defined for these rows.
fn scores<T: Scalar>(
    fitted: &FittedPipeline<T>,
    part: &PreparedRows<T>,
    prediction: &DMatrix<f64>,
) -> Result<Vec<(String, f64)>> {
    let truth = TrueValues::of(&fitted.target, &part.rows.table())?;
    let input = ScoreInput::new(truth.truth(), prediction).with_threshold(fitted.threshold);
    let mut found = Vec::new();
    for score in usual_scores(fitted.target.task()) {
        let name = score.checked()?.name();
        // A score that is undefined for these rows, such as ROC AUC with one class, is skipped.
        if let Ok(value) = score_of(score, &input) {
            found.push((name, value));
        }
    }
    Ok(found)
}
