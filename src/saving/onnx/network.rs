//! The layers of a network with their weights, one after another.

use super::described::{Described, Weight, refused};
use super::layers::{self, Rule};
use super::term::Term;
use crate::models::Network;
use crate::spec::Spec;
use crate::{Error, Result, Scalar};

/// Adds all layers.
pub(super) fn write<'g, T: Scalar>(network: &Network<T>, mut x: Term<'g>) -> Result<Term<'g>> {
    let mut columns = network.inputs();
    for index in 0..network.architecture().layers().len() {
        let layer = network.get_layer_at(index)?;
        let (name, class_name) = (layer.name(), layer.class_name().to_string());
        let weights = weights(network, index)?;
        // A class that is refused has its own reason, a better one than that it has no description.
        let described = matches!(layers::rule(&class_name), Some(Rule::Operators(_)));
        let config = if described { configuration(layer.description(), name)? } else { serde_json::Value::Null };
        x.graph.enter(name);
        x = layers::write(&Described { layer: name, class_name, config, columns, weights: &weights }, &x)?;
        columns = layer.outputs();
    }
    Ok(x)
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
