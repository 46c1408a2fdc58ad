//! The receipt of a fit.

use super::evaluation::usual_scores;
use super::prepared::PreparedRows;
use super::receipt::{TableReceipt, checksum_of, machine, release};
use super::truth::TrueValues;
use super::{FittedPipeline, Receipt};
use crate::preprocessing::Table;
use crate::scores::{ScoreInput, score_of};
use crate::{Result, Scalar};

impl Receipt {
    /// Of a pipeline that was just fitted to a table.
    pub(super) fn of<T: Scalar>(
        fitted: &FittedPipeline<T>,
        table: &Table,
        passed: Option<&Table>,
        validation: Option<&PreparedRows<T>>,
    ) -> Result<Self> {
        let seeds = fitted.members.iter().map(|member| Ok(member.network()?.seed()));
        Ok(Receipt {
            table: TableReceipt::of(table),
            validation_table: passed.map(TableReceipt::of),
            validation: validation.map(TableReceipt::of_part),
            seed: fitted.seed,
            member_seeds: seeds.collect::<Result<_>>()?,
            release: release(),
            machine: machine(),
            dtype: T::DTYPE.to_string(),
            weights: checksum_of(&fitted.members)?,
            scores: validation.map(|part| scores(fitted, part)).transpose()?.unwrap_or_default(),
        })
    }
}

/// The usual scores that rows have.
fn scores<T: Scalar>(fitted: &FittedPipeline<T>, part: &PreparedRows<T>) -> Result<Vec<(String, f64)>> {
    let truth = TrueValues::of(&fitted.target, &part.rows)?;
    let prediction = fitted.values(&part.x)?;
    let input = ScoreInput::new(truth.truth(), &prediction).with_threshold(fitted.threshold);
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
