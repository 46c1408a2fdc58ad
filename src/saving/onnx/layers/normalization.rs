//! Layers that shift and scale. The mean is subtracted before anything is multiplied, so that a large one does not cancel.

use crate::Result;
use crate::layers::SMALLEST_DEVIATION;
use crate::saving::onnx::described::Described;
use crate::saving::onnx::proto::Kind;
use crate::saving::onnx::term::Term;

/// `x·scale + offset`, each column with its own figures.
fn line<'g>(scale: &[f64], offset: &[f64], x: &Term<'g>) -> Term<'g> {
    let named = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    x * named("scale", scale) + named("offset", offset)
}

/// `(x − mean)·(gamma/deviation) + beta` with the moving mean and variance.
pub(super) fn batch<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let epsilon = layer.number("epsilon")?;
    let (mean, variance) = (layer.weight("moving_mean")?, layer.weight("moving_variance")?);
    let inverse = |variance: f64| {
        let deviation = (variance + epsilon).sqrt();
        if deviation > 0.0 { 1.0 / deviation } else { 0.0 }
    };
    let mut scale: Vec<f64> = variance.values.iter().map(|variance| inverse(*variance)).collect();
    if layer.flag("scale")? {
        scale.iter_mut().zip(&layer.weight("gamma")?.values).for_each(|(scale, gamma)| *scale *= gamma);
    }
    let row = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    let scaled = (x - row("mean", &mean.values)) * row("scale", &scale);
    Ok(if layer.flag("center")? { scaled + row("beta", &layer.weight("beta")?.values) } else { scaled })
}

pub(super) fn layer<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    affine(layer, standardized(layer.number("epsilon")?, x))
}

pub(super) fn group<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    // −1 is a group per column.
    let groups = usize::try_from(layer.number("groups")? as i64).unwrap_or(layer.columns).max(1);
    let grouped = x.reshape(&[0, groups as i64, (layer.columns / groups) as i64]);
    let normalized = standardized(layer.number("epsilon")?, &grouped);
    affine(layer, normalized.reshape(&[0, layer.columns as i64]))
}

/// `(x − mean)/√(variance + epsilon)` over the last dimension, mean and variance in two passes.
///
/// Not by the operator `LayerNormalization`, whose runtimes may take the variance as a difference of large numbers.
fn standardized<'g>(epsilon: f64, x: &Term<'g>) -> Term<'g> {
    let centred = x - x.mean();
    // What the mean was rounded by, which counts where it is large beside the deviation.
    let centred = &centred - centred.mean();
    let variance = (&centred * &centred).mean();
    divided(&centred, epsilon, &variance)
}

/// `x/√(square + epsilon)`, and 0 where there is nothing to divide by.
fn divided<'g>(x: &Term<'g>, epsilon: f64, square: &Term<'g>) -> Term<'g> {
    let length = (square + epsilon).sqrt();
    if epsilon as f32 > 0.0 {
        return x / length;
    }
    length.greater(0.0).choose(&(x / &length), 0.0)
}

/// `gamma·x + beta`, as far as the layer has them.
fn affine<'g>(layer: &Described<'_>, x: Term<'g>) -> Result<Term<'g>> {
    let variable = |name: &str| -> Result<Term<'g>> {
        let weight = layer.weight(name)?;
        Ok(x.graph.tensor(name, x.kind, &weight.shape, &weight.values))
    };
    let scaled = if layer.flag("scale")? { &x * variable("gamma")? } else { x.clone() };
    Ok(if layer.flag("center")? { scaled + variable("beta")? } else { scaled })
}

pub(super) fn root_mean_square<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let scale = layer.weight("scale")?;
    let scale = x.graph.tensor("scale", x.kind, &scale.shape, &scale.values);
    Ok(divided(x, layer.number("epsilon")?, &(x * x).mean()) * scale)
}

/// A sample no longer than 1e-12 has no direction and becomes 0.
pub(super) fn unit<'g>(_: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let length = (x * x).sum(-1, true).sqrt();
    Ok(length.greater(1e-12).choose(&(x / &length), 0.0))
}

/// The layer `Normalization`, with the statistics that it was given or has learned.
///
/// In an `f32` model the mean is subtracted as two numbers, as the layer has it; inverted it is computed in `f64`.
pub(super) fn figures<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (mean, variance) = (layer.each("mean")?, layer.each("variance")?);
    let deviations: Vec<f64> = variance.iter().map(|variance| variance.sqrt().max(SMALLEST_DEVIATION)).collect();
    if layer.flag("invert")? {
        return Ok(line(&deviations, &mean, &x.cast(Kind::Double)).cast(x.kind));
    }
    let row = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    let mut centred = x - row("mean", &mean);
    if x.kind == Kind::Float {
        let rest: Vec<f64> = mean.iter().map(|mean| mean - f64::from(*mean as f32)).collect();
        if rest.iter().any(|rest| *rest != 0.0) {
            centred = centred - row("mean_rest", &rest);
        }
    }
    Ok(centred / row("deviation", &deviations))
}

pub(super) fn rescaling<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(line(&layer.each("scale")?, &layer.each("offset")?, x))
}
