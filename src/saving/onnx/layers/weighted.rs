//! Layers with a kernel or a table.

use crate::Result;
use crate::saving::onnx::activations;
use crate::saving::onnx::described::{Described, Weight};
use crate::saving::onnx::proto::Kind;
use crate::saving::onnx::term::Term;

/// Adds a variable as it is, under its own name.
fn variable<'g>(weight: &Weight, x: &Term<'g>) -> Term<'g> {
    x.graph.tensor(&weight.name, x.kind, &weight.shape, &weight.values)
}

pub(super) fn dense<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let kernel = variable(layer.weight("kernel")?, x);
    let z = if layer.flag("use_bias")? {
        let bias = variable(layer.weight("bias")?, x);
        x.graph.node("Gemm", &[x, &kernel, &bias], vec![], x.kind)
    } else {
        x.graph.node("MatMul", &[x, &kernel], vec![], x.kind)
    };
    activations::apply(layer, layer.count("units")?, &z)
}

/// The nearest code of each value, the table's rows for the codes, side by side.
pub(super) fn embedding<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (codes, width) = (layer.count("input_dim")?, layer.count("output_dim")?);
    let table = variable(layer.weight("embeddings")?, x);
    let codes = x.clip(0.0, codes as f64 - 1.0).cast(Kind::Int64);
    Ok(table.gather(&codes).reshape(&[0, (layer.columns * width) as i64]))
}

pub(super) fn prelu<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let alpha = variable(layer.weight("alpha")?, x);
    Ok(x.graph.node("PRelu", &[x, &alpha], vec![], x.kind))
}
