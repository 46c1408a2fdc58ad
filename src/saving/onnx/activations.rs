//! Activations as operators.

use super::described::{Described, OWN, refused};
use super::proto::{AttributeProto, Kind};
use super::term::Term;
use crate::Result;
use serde_json::Value as Json;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// How an activation is written.
type Write = for<'g> fn(&Described<'_>, &Term<'g>) -> Result<Term<'g>>;

/// The operators of every activation, by Keras's names.
pub(super) const ACTIVATIONS: &[(&str, Write)] = &[
    ("celu", celu),
    ("elu", |item, x| Ok(elu(item.number("alpha")?, x))),
    ("exponential", |_, x| Ok(x.apply("Exp"))),
    ("gelu", gelu),
    ("hard_shrink", hard_shrink),
    ("hard_sigmoid", |item, x| Ok(hard_sigmoid(x, item.number("slope")?))),
    ("hard_silu", |_, x| Ok(x.apply("HardSwish"))),
    ("hard_tanh", |_, x| Ok(x.clip(-1.0, 1.0))),
    ("leaky_relu", |item, x| Ok(leaky_relu(item.number("negative_slope")?, x))),
    ("linear", |_, x| Ok(x.clone())),
    ("log_sigmoid", |_, x| Ok(-&softplus(&-x))),
    ("log_softmax", |_, x| Ok(over_units("LogSoftmax", x))),
    ("mish", |_, x| Ok(x.apply("Mish"))),
    ("relu", relu),
    ("relu6", |_, x| Ok(x.clip(0.0, 6.0))),
    ("selu", |_, x| Ok(x.apply("Selu"))),
    ("sigmoid", |_, x| Ok(x.apply("Sigmoid"))),
    ("silu", |_, x| Ok(x * x.apply("Sigmoid"))),
    ("soft_shrink", soft_shrink),
    ("softmax", |_, x| Ok(over_units("Softmax", x))),
    ("softplus", |_, x| Ok(softplus(x))),
    ("softsign", |_, x| Ok(x.apply("Softsign"))),
    ("sparse_plus", sparse_plus),
    ("sparse_sigmoid", |_, x| Ok(hard_sigmoid(x, 0.5))),
    ("sparsemax", sparsemax),
    ("squareplus", squareplus),
    ("tanh", |_, x| Ok(x.apply("Tanh"))),
    ("tanh_shrink", |_, x| Ok(x - x.apply("Tanh"))),
    ("threshold", threshold),
];

/// Adds the activation that a layer has as an argument, for so many columns.
pub(super) fn apply<'g>(layer: &Described<'_>, columns: usize, x: &Term<'g>) -> Result<Term<'g>> {
    match &layer.activation {
        Some(item) if item.is_built_in => write(layer, &item.class_name, item.config.clone(), columns, x),
        Some(item) => Err(refused(layer.layer, &format!("activation {}", item.class_name), OWN)),
        None => Ok(x.clone()),
    }
}

/// Adds the activation of a name and arguments.
pub(super) fn write<'g>(
    layer: &Described<'_>,
    class_name: &str,
    config: Json,
    columns: usize,
    x: &Term<'g>,
) -> Result<Term<'g>> {
    let item = Described {
        layer: layer.layer,
        class_name: class_name.into(),
        config,
        is_built_in: true,
        item: None,
        activation: None,
        wrapped: None,
        columns,
        weights: &[],
    };
    match ACTIVATIONS.iter().find(|(name, _)| *name == class_name) {
        Some((_, write)) => write(&item, x),
        None => Err(item.refused(OWN)),
    }
}

fn over_units<'g>(op: &str, x: &Term<'g>) -> Term<'g> {
    x.apply_with(op, [AttributeProto::int("axis", -1)])
}

fn elu<'g>(alpha: f64, x: &Term<'g>) -> Term<'g> {
    x.apply_with("Elu", [AttributeProto::float("alpha", alpha)])
}

fn leaky_relu<'g>(slope: f64, x: &Term<'g>) -> Term<'g> {
    x.apply_with("LeakyRelu", [AttributeProto::float("alpha", slope)])
}

fn hard_sigmoid<'g>(x: &Term<'g>, slope: f64) -> Term<'g> {
    x.apply_with("HardSigmoid", [AttributeProto::float("alpha", slope), AttributeProto::float("beta", 0.5)])
}

/// The operator `Celu` exists for single precision only.
fn celu<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let alpha = item.number("alpha")?;
    Ok(elu(1.0, &(x / alpha)) * alpha)
}

/// The operator `Gelu` came with a later opset. ONNX Runtime has `Erf` in single precision only.
fn gelu<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let gate = if item.flag("approximate")? {
        let slope = 2.0 * (2.0 / PI).sqrt();
        let u = (x * x * (slope * 0.044_715) + slope) * x;
        u.apply("Sigmoid")
    } else {
        let erf = (x * FRAC_1_SQRT_2).cast(Kind::Float).apply("Erf").cast(x.kind);
        erf * 0.5 + 0.5
    };
    Ok(gate * x)
}

/// Not by the operator `Shrink`: at the jump its single-precision threshold would put a double on the wrong side.
fn hard_shrink<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(x.apply("Abs").greater(item.number("threshold")?).choose(x, 0.0))
}

fn soft_shrink<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let threshold = item.number("threshold")?;
    let attributes = ["lambd", "bias"].map(|name| AttributeProto::float(name, threshold));
    Ok(x.apply_with("Shrink", attributes))
}

/// Not by `ThresholdedRelu`, for the reason of [`hard_shrink`].
fn threshold<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(x.greater(item.number("threshold")?).choose(x, item.number("default_value")?))
}

fn relu<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (slope, threshold) = (item.number("negative_slope")?, item.number("threshold")?);
    let value = match (slope, threshold) {
        (0.0, 0.0) => x.apply("Relu"),
        (_, 0.0) => leaky_relu(slope, x),
        _ => x.greater(threshold).choose(x, (x - threshold) * slope),
    };
    Ok(match item.optional_number("max_value")? {
        Some(bound) => value.min(bound),
        None => value,
    })
}

/// In double precision ONNX Runtime computes `Softplus` by its definition, which overflows unless the argument is
/// negative.
fn softplus<'g>(x: &Term<'g>) -> Term<'g> {
    match x.kind {
        Kind::Float => x.apply("Softplus"),
        _ => x.max(0.0) + (-&x.apply("Abs")).apply("Softplus"),
    }
}

fn sparse_plus<'g>(_: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let risen = (x + 1.0).max(0.0);
    Ok(x.greater_or_equal(1.0).choose(x, &risen * &risen * 0.25))
}

/// Below 0, where `x + root` cancels, `b/(2·(root − x))` is the same number.
fn squareplus<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let b = item.number("b")?;
    let root = (x * x + b).sqrt();
    let above = (x + &root) * 0.5;
    let below = x.graph.number(0.5 * b) / (&root - x);
    Ok(x.greater_or_equal(0.0).choose(&above, &below))
}

/// The sorted values, their running sums, the support, and the threshold that follows from it.
fn sparsemax<'g>(item: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (graph, units) = (x.graph, item.columns);
    let count = graph.integers(&[units as i64]);
    let [sorted, _] = graph.node_of("TopK", &[x, &count], vec![], [x.kind, Kind::Int64]);
    let axis = graph.constant(Kind::Int64, &[], &[1.0]);
    let sums = graph.node("CumSum", &[&sorted, &axis], vec![], x.kind);
    let ranks: Vec<f64> = (1..=units).map(|rank| rank as f64).collect();
    let ranks = graph.constant(x.kind, &[1, units], &ranks);
    let support = (&sorted * ranks + 1.0).greater(&sums).cast(x.kind);
    let parts = if item.flag("projection")? { sorted } else { sums };
    let threshold = ((parts * &support).sum(1, true) - 1.0) / support.sum(1, true);
    Ok((x - threshold).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activations;

    #[test]
    fn every_activation_has_operators() {
        let mut known: Vec<String> = activations::all::<f32>().into_iter().map(|entry| entry.name).collect();
        known.sort_unstable();
        let written: Vec<&str> = ACTIVATIONS.iter().map(|(name, _)| *name).collect();
        assert_eq!(written, known, "each activation needs a line in ACTIVATIONS, if only one that refuses it");
    }
}
