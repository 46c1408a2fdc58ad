//! Layers that shift and scale. The mean is subtracted before anything is multiplied, so that a large one does not cancel.

use crate::layers::{GroupNormalization, Normalization, Rescaling, Scaling};
use crate::saving::onnx::layer_context::LayerContext;
use crate::saving::onnx::proto::DataType;
use crate::saving::onnx::term::Term;
use crate::{Result, Scalar};

/// `x·scale + offset`, with two numbers for each column.
fn line<'g>(scale: &[f64], offset: &[f64], x: &Term<'g>) -> Term<'g> {
    let named = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    x * named("scale", scale) + named("offset", offset)
}

/// `(x − mean)·(gamma/deviation) + beta` with the moving mean and variance.
pub(super) fn batch<'g>(epsilon: f64, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (mean, variance) = (place.weight("moving_mean")?, place.weight("moving_variance")?);
    let inverse = |variance: f64| {
        let deviation = (variance + epsilon).sqrt();
        if deviation > 0.0 { 1.0 / deviation } else { 0.0 }
    };
    let mut scale: Vec<f64> = variance.values.iter().map(|variance| inverse(*variance)).collect();
    if let Some(gamma) = place.find("gamma") {
        scale.iter_mut().zip(&gamma.values).for_each(|(scale, gamma)| *scale *= gamma);
    }
    let row = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    let scaled = (x - row("mean", &mean.values)) * row("scale", &scale);
    Ok(match place.find("beta") {
        Some(beta) => scaled + row("beta", &beta.values),
        None => scaled,
    })
}

pub(super) fn layer<'g>(epsilon: f64, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(affine(place, standardized(epsilon, x)))
}

pub(super) fn group<'g, T: Scalar>(
    layer: &GroupNormalization<T>,
    place: &LayerContext<'_>,
    x: &Term<'g>,
) -> Result<Term<'g>> {
    let groups = layer.groups_of(place.columns).max(1);
    let grouped = x.reshape(&[0, groups as i64, (place.columns / groups) as i64]);
    let normalized = standardized(layer.get_epsilon(), &grouped);
    Ok(affine(place, normalized.reshape(&[0, place.columns as i64])))
}

/// `(x − mean)/√(variance + epsilon)` over the last dimension, mean and variance in two passes.
///
/// Not by the operator `LayerNormalization`, whose runtimes may take the variance as a difference of large numbers.
fn standardized<'g>(epsilon: f64, x: &Term<'g>) -> Term<'g> {
    let centred = x - x.mean();
    // The rounding error of the mean, which counts if the mean is large compared with the deviation.
    let centred = &centred - centred.mean();
    let variance = (&centred * &centred).mean();
    divided(&centred, epsilon, &variance)
}

/// `x/√(square + epsilon)`, and 0 if there is nothing to divide by.
fn divided<'g>(x: &Term<'g>, epsilon: f64, square: &Term<'g>) -> Term<'g> {
    let length = (square + epsilon).sqrt();
    if epsilon as f32 > 0.0 {
        return x / length;
    }
    length.greater(0.0).choose(&(x / &length), 0.0)
}

/// `gamma·x + beta`, as far as the layer has them.
fn affine<'g>(place: &LayerContext<'_>, x: Term<'g>) -> Term<'g> {
    let variable = |name: &str| {
        let weight = place.find(name)?;
        Some(x.graph.tensor(name, x.kind, &weight.shape, &weight.values))
    };
    let scaled = match variable("gamma") {
        Some(gamma) => &x * gamma,
        None => x.clone(),
    };
    match variable("beta") {
        Some(beta) => scaled + beta,
        None => scaled,
    }
}

pub(super) fn root_mean_square<'g>(epsilon: f64, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let scale = place.weight("scale")?;
    let scale = x.graph.tensor("scale", x.kind, &scale.shape, &scale.values);
    Ok(divided(x, epsilon, &(x * x).mean()) * scale)
}

/// A sample no longer than 1e-12 has no direction and becomes 0.
pub(super) fn unit<'g>(x: &Term<'g>) -> Term<'g> {
    let length = (x * x).sum(-1, true).sqrt();
    length.greater(1e-12).choose(&(x / &length), 0.0)
}

/// The layer `Normalization`, with the statistics that it was given or has learned.
///
/// In an `f32` model the mean is subtracted as two numbers, as the layer has it; inverted it is computed in `f64`.
pub(super) fn moments<'g>(layer: &Normalization, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (mean, deviations): (Vec<f64>, Vec<f64>) = layer.moments::<f64>(place.columns)?.into_iter().unzip();
    if layer.is_inverse() {
        return Ok(line(&deviations, &mean, &x.cast(DataType::Double)).cast(x.kind));
    }
    let row = |name: &str, values: &[f64]| x.graph.tensor(name, x.kind, &[values.len()], values);
    let mut centred = x - row("mean", &mean);
    if x.kind == DataType::Float {
        let rest: Vec<f64> = mean.iter().map(|mean| mean - f64::from(*mean as f32)).collect();
        if rest.iter().any(|rest| *rest != 0.0) {
            centred = centred - row("mean_rest", &rest);
        }
    }
    Ok(centred / row("deviation", &deviations))
}

pub(super) fn rescaling<'g>(layer: &Rescaling, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let [scale, offset] = layer.line(place.columns)?;
    Ok(line(&scale, &offset, x))
}

/// The learned factors, computed beforehand.
pub(super) fn scaling<'g>(layer: &Scaling, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let factors = layer.factors(&place.weight("delta")?.values);
    Ok(x * x.graph.tensor("factors", x.kind, &[factors.len()], &factors))
}
