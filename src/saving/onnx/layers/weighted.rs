//! Layers with a kernel or a table.

use crate::layers::Dense;
use crate::saving::onnx::activations;
use crate::saving::onnx::layer_context::{LayerContext, Weight};
use crate::saving::onnx::proto::DataType;
use crate::saving::onnx::term::Term;
use crate::{Result, Scalar};

/// Adds a variable as it is, under its name.
fn variable<'g>(weight: &Weight, x: &Term<'g>) -> Term<'g> {
    x.graph.tensor(&weight.name, x.kind, &weight.shape, &weight.values)
}

pub(super) fn dense<'g, T: Scalar>(layer: &Dense<T>, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let kernel = variable(place.weight("kernel")?, x);
    let z = match place.find("bias") {
        Some(bias) => x.graph.node("Gemm", &[x, &kernel, &variable(bias, x)], vec![], x.kind),
        None => x.graph.node("MatMul", &[x, &kernel], vec![], x.kind),
    };
    activations::write(&*layer.activation()?, place, &z)
}

/// The nearest code of each value, the table's rows for the codes, side by side.
pub(super) fn embedding<'g>(place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let embeddings = place.weight("embeddings")?;
    let codes = embeddings.shape.first().copied().unwrap_or_default();
    let table = variable(embeddings, x);
    let codes = x.clip(0.0, codes as f64 - 1.0).cast(DataType::Int64);
    Ok(table.gather(&codes).reshape(&[0, place.outputs as i64]))
}

pub(super) fn prelu<'g>(place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let alpha = variable(place.weight("alpha")?, x);
    Ok(x.graph.node("PRelu", &[x, &alpha], vec![], x.kind))
}
