//! The receipt of a pipeline that was just fitted.

use super::evaluation::usual_scores;
use super::prepared::{PreparedRows, Validation};
use super::receipt::{TableReceipt, checksum_of, machine, release};
use super::truth::TrueValues;
use super::{FittedPipeline, Receipt};
use crate::scores::{ScoreInput, score_of};
use crate::{Result, Scalar};
use nalgebra::DMatrix;

impl Receipt {
    /// Of a pipeline that was just fitted to a table, and validated on the rows of another one if one was passed.
    pub(super) fn of<T: Scalar>(
        fitted: &FittedPipeline<T>,
        (table, validation_table): (TableReceipt, Option<TableReceipt>),
        train: &PreparedRows<T>,
        validation: &Validation<T>,
    ) -> Result<Self> {
        let seeds = fitted.members.iter().map(|member| Ok(member.network()?.seed()));
        let (validation, scores) = match validation {
            Validation::Absent => (None, Vec::new()),
            Validation::Rows(part) => {
                (Some(TableReceipt::of_part(part)), scores(fitted, part, &fitted.values(&part.x)?)?)
            }
            Validation::Parts(parts) => {
                let (rows, predicted) = by_members(fitted, train, |member| parts.of(member).1)?;
                let part = train.take(&rows)?;
                (Some(TableReceipt::of_part(&part)), scores(fitted, &part, &predicted)?)
            }
        };
        Ok(Receipt {
            table,
            validation_table,
            validation,
            seed: fitted.seed,
            member_seeds: seeds.collect::<Result<_>>()?,
            release: release(),
            machine: machine(),
            dtype: T::DTYPE.to_string(),
            weights: checksum_of(&fitted.members)?,
            scores,
        })
    }
}

/// Rows that a member was validated on, and what the first such member alone predicts for each.
fn by_members<T: Scalar>(
    fitted: &FittedPipeline<T>,
    train: &PreparedRows<T>,
    validated: impl Fn(usize) -> Vec<usize>,
) -> Result<(Vec<usize>, DMatrix<f64>)> {
    let mut is_predicted = vec![false; train.x.nrows()];
    let mut rows = Vec::new();
    let mut predicted: Option<DMatrix<f64>> = None;
    for (number, member) in fitted.members.iter().enumerate() {
        let part: Vec<usize> = validated(number).into_iter().filter(|&row| !is_predicted[row]).collect();
        if part.is_empty() {
            continue;
        }
        part.iter().for_each(|&row| is_predicted[row] = true);
        let alone = FittedPipeline { members: vec![member.clone()], ..fitted.clone() };
        let values = alone.values(&train.x.select_rows(&part))?;
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

/// The usual scores that rows have.
fn scores<T: Scalar>(
    fitted: &FittedPipeline<T>,
    part: &PreparedRows<T>,
    prediction: &DMatrix<f64>,
) -> Result<Vec<(String, f64)>> {
    let truth = TrueValues::of(&fitted.target, &part.rows)?;
    let input = ScoreInput::new(truth.truth(), prediction).with_threshold(fitted.threshold);
    let mut found = Vec::new();
    for score in usual_scores(fitted.target.task()) {
        let name = score.checked()?.name();
        // One that these rows do not have is left out.
        if let Ok(value) = score_of(score, &input) {
            found.push((name, value));
        }
    }
    Ok(found)
}
