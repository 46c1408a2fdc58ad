//! Pipelines whose predictions are monotone in raw columns, by the signs of weights.
//!
//! Every feature that a transformer makes of such a column must be a monotone function of it, and has a sign: the direction in
//! which the prediction may move with the feature. The units of each hidden layer are divided:
//!
//! | units | see monotone features and the units of such | may move the prediction |
//! |---|---|---|
//! | free, half of them where there are other features | not at all | in any direction |
//! | rising | with weights of their sign | only up |
//! | falling | with weights of the opposite sign | only down |
//!
//! Rising and falling units take free features and free units with any weights, and never lead into free units. As the
//! activation of a falling unit counts with the opposite sign, `−f(−z)`, the network can learn convex and concave functions with
//! an activation that is only one of the two, such as relu.

mod kernels;
mod proof;

pub(super) use kernels::constrained;
pub(super) use proof::prove;

use super::{Monotonicity, Pipeline};
use crate::preprocessing::{FittedColumnTransformer, Table};
use crate::{Dependence, Error, Result, Scalar};

/// Refuses monotone columns that are no inputs, and a target without a direction.
pub(super) fn check<T: Scalar>(pipeline: &Pipeline<T>, table: &Table, inputs: &Table) -> Result<()> {
    let Some((first, _)) = pipeline.monotone.first() else { return Ok(()) };
    let refuse = |column: &str, expected: &str| {
        Err(Error::argument("Pipeline", "monotone", format!("a direction for \"{column}\""), expected))
    };
    if pipeline.target.task == super::Task::Multiclass {
        return refuse(
            first,
            "a target of two classes, of several labels, or of numbers, whose predictions have a direction",
        );
    }
    if pipeline.warm_start {
        return refuse(first, "an untrained model, since the signs of its weights are set before training");
    }
    for (column, _) in &pipeline.monotone {
        if !table.names().contains(column) {
            return Err(Error::unknown_column("the table", column, table.names()));
        }
        if !inputs.names().contains(column) {
            return refuse(column, "an input: neither the target, nor the weights, nor an excluded column");
        }
    }
    Ok(())
}

/// The direction in which the prediction may move with each feature: 1, −1, or 0 for any; empty without a monotone column.
pub(super) fn feature_signs(
    columns: &FittedColumnTransformer,
    monotone: &[(String, Monotonicity)],
) -> Result<Vec<i64>> {
    if monotone.is_empty() {
        return Ok(Vec::new());
    }
    let mut joined = vec![Dependence::Independent; columns.width()];
    for (column, direction) in monotone {
        let wanted = columns.dependences(column).into_iter().map(|of| of.then(direction.dependence()));
        for (index, (joined, wanted)) in joined.iter_mut().zip(wanted).enumerate() {
            *joined = joined.and(wanted);
            if *joined == Dependence::Unknown {
                let feature = columns.names().into_iter().nth(index).unwrap_or_default();
                let reason = match wanted {
                    Dependence::Unknown => "is no monotone function of it",
                    _ => "depends on two columns in opposite directions",
                };
                let value = format!("a direction for \"{column}\", whose feature \"{feature}\" {reason}");
                let expected = "a column for transformers that keep the order of numbers: scalers, Clip, Log1p, PowerTransformer, \
                                QuantileTransformer, PiecewiseLinearEncoder, KBinsDiscretizer with BinEncoding::Ordinal, TextToNumber, \
                                and SimpleImputer with or without an indicator";
                return Err(Error::argument("Pipeline", "monotone", value, expected));
            }
        }
    }
    Ok(joined.into_iter().map(|dependence| dependence.sign().unwrap_or_default()).collect())
}
