//! Layers that shift and scale.

use crate::Result;
use crate::saving::onnx::described::Described;
use crate::saving::onnx::term::Term;

/// What is left of a deviation below which Keras does not divide.
const SMALLEST_DEVIATION: f64 = 1e-7;

/// `x·scale + offset`, each column with its own figures.
fn line<'g>(scale: &[f64], offset: &[f64], x: &Term<'g>) -> Term<'g> {
    let named = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    x * named("scale", scale) + named("offset", offset)
}

/// Moving mean and variance, gamma and beta come to one line for each column.
pub(super) fn batch<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let epsilon = layer.number("epsilon")?;
    let (mean, variance) = (layer.weight("moving_mean")?, layer.weight("moving_variance")?);
    let gamma = if layer.flag("scale")? { Some(layer.weight("gamma")?) } else { None };
    let beta = if layer.flag("center")? { Some(layer.weight("beta")?) } else { None };
    let inverse = |variance: f64| {
        let deviation = (variance + epsilon).sqrt();
        if deviation > 0.0 { 1.0 / deviation } else { 0.0 }
    };
    let mut scale: Vec<f64> = variance.values.iter().map(|variance| inverse(*variance)).collect();
    if let Some(gamma) = gamma {
        scale.iter_mut().zip(&gamma.values).for_each(|(scale, gamma)| *scale *= gamma);
    }
    let mut offset: Vec<f64> = scale.iter().zip(&mean.values).map(|(scale, mean)| -mean * scale).collect();
    if let Some(beta) = beta {
        offset.iter_mut().zip(&beta.values).for_each(|(offset, beta)| *offset += beta);
    }
    Ok(line(&scale, &offset, x))
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

/// The layer `Normalization`, by the figures that it was given or has learned.
pub(super) fn figures<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (mean, variance) = (layer.each("mean")?, layer.each("variance")?);
    let deviations: Vec<f64> = variance.iter().map(|variance| variance.sqrt().max(SMALLEST_DEVIATION)).collect();
    if layer.flag("invert")? {
        return Ok(line(&deviations, &mean, x));
    }
    let scale: Vec<f64> = deviations.iter().map(|deviation| 1.0 / deviation).collect();
    let offset: Vec<f64> = mean.iter().zip(&deviations).map(|(mean, deviation)| -mean / deviation).collect();
    Ok(line(&scale, &offset, x))
}

pub(super) fn rescaling<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(line(&layer.each("scale")?, &layer.each("offset")?, x))
}
