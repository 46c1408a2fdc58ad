//! The layers of a network with their weights, one after another.

use super::described::{Described, Weight, refused};
use super::layers::{self, Rule};
use super::term::Term;
use crate::engine::Network;
use crate::layers::{Activation, Dense, Layer, SpectralNormalization};
use crate::spec::{Shared, Spec};
use crate::{Error, Result, Scalar, activations};
use std::any::Any;
use std::sync::Arc;

/// Adds all layers.
pub(super) fn write<'g, T: Scalar>(network: &Network<T>, mut x: Term<'g>) -> Result<Term<'g>> {
    let mut columns = network.inputs();
    for index in 0..network.architecture().layers().len() {
        let layer = network.get_layer_at(index)?;
        let weights = weights(network, index)?;
        x.graph.enter(layer.name());
        x = layers::write(&described(layer.description(), layer.name(), columns, &weights)?, &x)?;
        columns = layer.outputs();
    }
    Ok(x)
}

/// What a layer says of itself, with the items in it that take part in prediction.
fn described<'a, T: Scalar>(
    layer: &'a dyn Layer<T>,
    name: &'a str,
    columns: usize,
    weights: &'a [Weight],
) -> Result<Described<'a>> {
    let item: &dyn Any = layer;
    if let Some(Shared(shared)) = item.downcast_ref::<Shared<dyn Layer<T>>>() {
        return described(&**shared, name, columns, weights);
    }
    let class_name = layer.class_name();
    let is_built_in = T::layers().iter().any(|entry| (entry.adopt)(item).is_some());
    // A class that is refused has its own reason, a better one than that it has no description.
    let is_written = is_built_in && !matches!(layers::rule(&class_name), Some(Rule::Refused(_)));
    let config = if is_written { configuration(layer, name)? } else { serde_json::Value::Null };
    let function =
        item.downcast_ref().map(Dense::<T>::activation).or(item.downcast_ref().map(Activation::<T>::activation));
    let activation = function.map(|function| described_activation(function, name)).transpose()?.map(Box::new);
    let wrapper: Option<&SpectralNormalization<T>> = item.downcast_ref();
    let wrapped = wrapper.map(|wrapper| {
        // The wrapped layer's variables come before the wrapper's own.
        let own = weights.iter().position(|weight| weight.name == "vector_u").unwrap_or(weights.len());
        described(wrapper.wrapped(), name, columns, weights.get(..own).unwrap_or_default())
    });
    let wrapped = wrapped.transpose()?.map(Box::new);
    Ok(Described {
        layer: name,
        class_name,
        config,
        is_built_in,
        item: Some(item),
        activation,
        wrapped,
        columns,
        weights,
    })
}

fn described_activation<'a, T: Scalar>(
    function: &Arc<dyn activations::Activation<T>>,
    name: &'a str,
) -> Result<Described<'a>> {
    let function = activations::resolve(function)?;
    let is_built_in = T::activations().iter().any(|entry| (entry.adopt)(&*function).is_some());
    Ok(Described {
        layer: name,
        class_name: function.class_name(),
        config: if is_built_in { function.config()? } else { serde_json::Value::Null },
        is_built_in,
        item: None,
        activation: None,
        wrapped: None,
        columns: 0,
        weights: &[],
    })
}

/// The configuration of a layer; an item in it that has none may be one that ONNX cannot hold anyway.
fn configuration<I: Spec + ?Sized>(layer: &I, name: &str) -> Result<serde_json::Value> {
    layer.config().map_err(|error| match error {
        Error::NotSerializable { item, .. } => refused(
            name,
            &item,
            "it does not describe itself: an activation of your own has no operators in ONNX, take one of the crate's; \
             for an item that plays a part in training only, implement Spec::config",
        ),
        other => other,
    })
}

/// The values of a layer's variables, weights before state.
fn weights<T: Scalar>(network: &Network<T>, layer: usize) -> Result<Vec<Weight>> {
    let tables = [(network.variables(), network.flat_weights()), (network.state_variables(), network.flat_state())];
    let variables = tables.into_iter().flat_map(|(variables, values)| variables.iter().map(move |one| (one, values)));
    let of_layer = variables.filter(|(variable, _)| variable.layer == layer);
    let read = |(variable, values): (&crate::Variable, &[T])| {
        let values: Vec<f64> =
            values.get(variable.range()).unwrap_or_default().iter().map(|value| value.to_f64()).collect();
        if let Some(wrong) = values.iter().find(|value| !value.is_finite()) {
            let reason = format!("it holds {wrong}; export a model whose training did not diverge");
            return Err(Error::NotSerializable { item: variable.path.clone(), reason });
        }
        let (rows, columns) = (variable.shape.rows, variable.shape.columns);
        let shape = if variable.shape.vector { vec![columns] } else { vec![rows, columns] };
        Ok(Weight { name: variable.name().into(), shape, values })
    };
    of_layer.map(read).collect()
}
