//! The layers of a network with their weights, one after another.

use super::layer_context::{LayerContext, Weight};
use super::layers;
use super::term::Term;
use crate::engine::Network;
use crate::{Error, Result, Scalar};

/// Adds all layers, under names that begin with a prefix.
pub(super) fn write<'g, T: Scalar>(network: &Network<T>, prefix: &str, mut x: Term<'g>) -> Result<Term<'g>> {
    let mut columns = network.inputs();
    for (index, node) in network.nodes.iter().enumerate() {
        let weights = weights(network, index)?;
        let place = LayerContext { layer: &node.name, columns, outputs: node.outputs, weights: &weights };
        x.graph.enter(&format!("{prefix}{}", node.name));
        x = layers::write(&*node.layer, &place, &x)?;
        columns = node.outputs;
    }
    Ok(x)
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
