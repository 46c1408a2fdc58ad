//! Pipelines with predictions that are monotone in raw columns, ensured by the signs of weights.
//!
//! Every feature that a transformer makes of such a column must be a monotone function of it, and has a sign: that of the
//! derivative that the prediction may have with respect to it. The units of each hidden layer are divided:
//!
//! | units | inputs from monotone features and units | effect on the prediction |
//! |---|---|---|
//! | unconstrained, half of them where there are unconstrained features | none | any |
//! | increasing | with weights of the sign of the input | non-decreasing |
//! | decreasing | with weights of the opposite sign | non-increasing |
//!
//! Increasing and decreasing units take unconstrained features and units with any weights, and are never inputs of unconstrained
//! units. The activation of a decreasing unit has the opposite sign, `−f(−z)`, so the network can learn convex and concave
//! functions with an activation that is only one of the two, such as relu.

mod kernels;
mod proof;

pub(super) use kernels::constrained;
pub(super) use proof::prove;

use super::{Monotonicity, Pipeline};
use crate::preprocessing::{FittedColumnTransformer, Table};
use crate::{Dependence, Error, Result, Scalar};

/// Returns an error for monotone columns that are no inputs, and a target without a direction.
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
    let mut combined = vec![Dependence::Independent; columns.width()];
    for (column, direction) in monotone {
        let wanted = columns.dependences(column).into_iter().map(|of| of.then(direction.dependence()));
        for (index, (combined, wanted)) in combined.iter_mut().zip(wanted).enumerate() {
            *combined = combined.and(wanted);
            if *combined == Dependence::Unknown {
                let feature = columns.names().into_iter().nth(index).unwrap_or_default();
                let reason = match wanted {
                    Dependence::Unknown => "is not a monotone function of it",
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
    Ok(combined.into_iter().map(|dependence| dependence.sign().unwrap_or_default()).collect())
}
