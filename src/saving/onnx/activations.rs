//! Activations as operators.

use super::layer_context::{LayerContext, USER_DEFINED};
use super::proto::{AttributeProto, DataType};
use super::term::Term;
use crate::activations::{Activation, items};
use crate::{Result, Scalar};
use std::any::Any;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Writes an activation for a number of columns.
type WriteActivation<A> = for<'g> fn(&A, usize, &Term<'g>) -> Term<'g>;

macro_rules! activations {
    ($($activation:ident: $write:expr;)*) => {
        /// The operators of an activation of the crate; none for another type.
        fn known<'g>(function: &dyn Any, columns: usize, x: &Term<'g>) -> Option<Term<'g>> {
            $(if let Some(function) = function.downcast_ref() {
                let write: WriteActivation<items::$activation> = $write;
                return Some(write(function, columns, x));
            })*
            None
        }
    };
}

activations! {
    Celu: celu;
    Elu: |f, _, x| elu(f.alpha, x);
    Exponential: |_, _, x| x.apply("Exp");
    Gelu: gelu;
    HardShrink: hard_shrink;
    HardSigmoid: |f, _, x| hard_sigmoid(x, f.slope);
    HardSilu: |_, _, x| x.apply("HardSwish");
    HardTanh: |_, _, x| x.clip(-1.0, 1.0);
    LeakyRelu: |f, _, x| leaky_relu(f.negative_slope, x);
    Linear: |_, _, x| x.clone();
    LogSigmoid: |_, _, x| -&softplus(&-x);
    LogSoftmax: |_, _, x| over_units("LogSoftmax", x);
    Mish: |_, _, x| x.apply("Mish");
    Relu: relu;
    Relu6: |_, _, x| x.clip(0.0, 6.0);
    Selu: |_, _, x| x.apply("Selu");
    Sigmoid: |_, _, x| x.apply("Sigmoid");
    Silu: |_, _, x| x * x.apply("Sigmoid");
    SoftShrink: soft_shrink;
    Softmax: |_, _, x| over_units("Softmax", x);
    Softplus: |_, _, x| softplus(x);
    Softsign: |_, _, x| x.apply("Softsign");
    SparsePlus: sparse_plus;
    SparseSigmoid: |_, _, x| hard_sigmoid(x, 0.5);
    Sparsemax: sparsemax;
    Squareplus: squareplus;
    Tanh: |_, _, x| x.apply("Tanh");
    TanhShrink: |_, _, x| x - x.apply("Tanh");
    Threshold: threshold;
}

/// Adds the activation of a layer, for the columns that go out of it.
pub(super) fn write<'g, T: Scalar>(
    function: &dyn Activation<T>,
    place: &LayerContext<'_>,
    x: &Term<'g>,
) -> Result<Term<'g>> {
    let found = known(function, place.outputs, x);
    found.ok_or_else(|| place.refused(&format!("activation {}", function.class_name()), USER_DEFINED))
}

fn over_units<'g>(op: &str, x: &Term<'g>) -> Term<'g> {
    x.apply_with(op, [AttributeProto::int("axis", -1)])
}

fn elu<'g>(alpha: f64, x: &Term<'g>) -> Term<'g> {
    x.apply_with("Elu", [AttributeProto::float("alpha", alpha)])
}

fn leaky_relu<'g>(alpha: f64, x: &Term<'g>) -> Term<'g> {
    x.apply_with("LeakyRelu", [AttributeProto::float("alpha", alpha)])
}

fn hard_sigmoid<'g>(x: &Term<'g>, alpha: f64) -> Term<'g> {
    x.apply_with("HardSigmoid", [AttributeProto::float("alpha", alpha), AttributeProto::float("beta", 0.5)])
}

/// The operator `Celu` exists for single precision only.
fn celu<'g>(f: &items::Celu, _: usize, x: &Term<'g>) -> Term<'g> {
    elu(1.0, &(x / f.alpha)) * f.alpha
}

/// The operator `Gelu` came with a later opset. ONNX Runtime has `Erf` in single precision only.
fn gelu<'g>(f: &items::Gelu, _: usize, x: &Term<'g>) -> Term<'g> {
    let cdf = if f.approximate {
        let factor = 2.0 * (2.0 / PI).sqrt();
        let u = (x * x * (factor * 0.044_715) + factor) * x;
        u.apply("Sigmoid")
    } else {
        let erf = (x * FRAC_1_SQRT_2).cast(DataType::Float).apply("Erf").cast(x.kind);
        erf * 0.5 + 0.5
    };
    cdf * x
}

/// The operator `Shrink` is not used: at the jump its single-precision threshold would put a double on the wrong side.
fn hard_shrink<'g>(f: &items::HardShrink, _: usize, x: &Term<'g>) -> Term<'g> {
    x.apply("Abs").greater(f.threshold).choose(x, 0.0)
}

fn soft_shrink<'g>(f: &items::SoftShrink, _: usize, x: &Term<'g>) -> Term<'g> {
    let attributes = ["lambd", "bias"].map(|name| AttributeProto::float(name, f.threshold));
    x.apply_with("Shrink", attributes)
}

/// `ThresholdedRelu` is not used, for the reason given at [`hard_shrink`].
fn threshold<'g>(f: &items::Threshold, _: usize, x: &Term<'g>) -> Term<'g> {
    x.greater(f.threshold).choose(x, f.default_value)
}

fn relu<'g>(f: &items::Relu, _: usize, x: &Term<'g>) -> Term<'g> {
    let (alpha, threshold) = (f.negative_slope, f.threshold);
    let value = match (alpha, threshold) {
        (0.0, 0.0) => x.apply("Relu"),
        (_, 0.0) => leaky_relu(alpha, x),
        _ => x.greater(threshold).choose(x, (x - threshold) * alpha),
    };
    match f.max_value {
        Some(bound) => value.min(bound),
        None => value,
    }
}

/// In double precision ONNX Runtime computes `Softplus` by its definition, which overflows unless the argument is
/// negative.
fn softplus<'g>(x: &Term<'g>) -> Term<'g> {
    match x.kind {
        DataType::Float => x.apply("Softplus"),
        _ => x.max(0.0) + (-&x.apply("Abs")).apply("Softplus"),
    }
}

fn sparse_plus<'g>(_: &items::SparsePlus, _: usize, x: &Term<'g>) -> Term<'g> {
    let risen = (x + 1.0).max(0.0);
    x.greater_or_equal(1.0).choose(x, &risen * &risen * 0.25)
}

/// Below 0, where `x + root` cancels, `b/(2·(root − x))` is the same number.
fn squareplus<'g>(f: &items::Squareplus, _: usize, x: &Term<'g>) -> Term<'g> {
    let root = (x * x + f.b).sqrt();
    let above = (x + &root) * 0.5;
    let below = x.graph.number(0.5 * f.b) / (&root - x);
    x.greater_or_equal(0.0).choose(&above, &below)
}

/// The sorted values, their running sums, the support, and the threshold that follows from it.
fn sparsemax<'g>(f: &items::Sparsemax, units: usize, x: &Term<'g>) -> Term<'g> {
    let graph = x.graph;
    let count = graph.integers(&[units as i64]);
    let [sorted, _] = graph.node_of("TopK", &[x, &count], vec![], [x.kind, DataType::Int64]);
    let axis = graph.constant(DataType::Int64, &[], &[1.0]);
    let sums = graph.node("CumSum", &[&sorted, &axis], vec![], x.kind);
    let ranks: Vec<f64> = (1..=units).map(|rank| rank as f64).collect();
    let ranks = graph.constant(x.kind, &[1, units], &ranks);
    let support = (&sorted * ranks + 1.0).greater(&sums).cast(x.kind);
    let parts = if f.projection { sorted } else { sums };
    let threshold = ((parts * &support).sum(1, true) - 1.0) / support.sum(1, true);
    (x - threshold).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saving::onnx::graph::Graph;
    use serde_json::Value;

    #[test]
    fn every_activation_has_operators() -> Result<()> {
        let graph = Graph::new(DataType::Float, Vec::new());
        let x = graph.input("x", DataType::Float, 3);
        for entry in crate::activations::all::<f32>() {
            let function = (entry.make)(Value::Null)?;
            assert!(known(&*function, 3, &x).is_some(), "{} needs a line in the table of activations", entry.name);
        }
        Ok(())
    }
}
