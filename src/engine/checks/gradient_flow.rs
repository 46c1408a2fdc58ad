//! Checks that gradients reach every trainable layer.

use crate::activations::Fusion;
use crate::engine::network::Network;
use crate::{Error, Result, Scalar};

impl<T: Scalar> Network<T> {
    /// Checks that every node that gradients have to pass through is differentiable.
    pub(in crate::engine) fn check_differentiable(&self) -> Result<()> {
        let wanted = self.wanted();
        let through = self.nodes.iter().filter(|node| node.inputs.iter().any(|&value| wanted[value]));
        match { through }.find(|node| !node.built.is_differentiable()) {
            None => Ok(()),
            Some(node) => Err(Error::Layer {
                layer: node.name.clone(),
                reason: "layers below it cannot be trained, since it has no gradient; give it one with \
                         .backward(…), freeze the layers below, or put it before them"
                    .into(),
            }),
        }
    }

    /// Rejects a layer with trainable weights below one that passes no gradient on: its weights would keep their initial values.
    pub(in crate::engine) fn check_gradients_arrive(&self) -> Result<()> {
        let mut arrives = vec![false; self.values()];
        self.outputs.iter().for_each(|&output| arrives[output] = true);
        for node in self.nodes.iter().rev() {
            if arrives[node.value] && !node.built.blocks_gradients() {
                node.inputs.iter().for_each(|&value| arrives[value] = true);
            }
        }
        let learns = |i: &usize| self.nodes[*i].trainable && !self.nodes[*i].weights.is_empty();
        let arrives_at = |i: &usize| arrives[self.nodes[*i].value];
        let Some(below) = (0..self.nodes.len()).filter(learns).find(|i| !arrives_at(i)) else { return Ok(()) };
        let wall = self.nodes.iter().skip(below + 1).find(|node| node.built.blocks_gradients());
        let (below, wall) = (&self.nodes[below], wall.unwrap_or(&self.nodes[below]));
        Err(Error::Layer {
            layer: below.name.clone(),
            reason: format!(
                "its weights cannot be trained, since no gradient goes through {} ({}) above it; put {} before it, or \
                 freeze {} with .trainable(false)",
                wall.name, wall.class_name, wall.name, below.name
            ),
        })
    }

    /// Rejects a model that ends with a softmax over one column, which is 1 for every input.
    pub(in crate::engine) fn check_softmax(&self) -> Result<()> {
        let ends = self.nodes.iter().filter(|node| self.outputs.contains(&node.value));
        match { ends }.find(|end| end.outputs == 1 && end.built.last_activation() == Fusion::Softmax) {
            Some(end) => Err(Error::Layer {
                layer: end.name.clone(),
                reason:
                    "softmax over one column is always 1, so nothing can be learned; take Sigmoid for one probability, \
                         or a unit for each class"
                        .into(),
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dmatrix;
    use crate::layers::{CategoryEncoding, Discretization, Embedding, Hashing, IntegerLookup, Layer};
    use crate::prelude::*;
    use nalgebra::DMatrix;

    fn fit(layers: Sequential) -> crate::Result<History> {
        let (x, y) = (DMatrix::from_element(8, 2, 1.0), DMatrix::from_element(8, 1, 1.0));
        let mut model = layers.add(Dense::new(1, Sigmoid)).seed(1).compile("sgd", "bce", ());
        model.fit(&x, &y, Fit::new().verbose(0))
    }

    fn below(layer: impl Layer<f32> + 'static) -> Sequential {
        Sequential::new().add(Dense::new(2, Relu).name("first")).add(layer)
    }

    #[test]
    fn a_layer_that_could_learn_nothing_is_refused() -> crate::Result<()> {
        let bins = || Discretization::new().bin_boundaries([0.0, 1.0]);
        let refused = [
            below(Embedding::new(5, 2).name("wall")),
            below(CategoryEncoding::new(3).name("wall")),
            below(bins().name("wall")),
            below(Hashing::new(3).name("wall")),
            below(Rescaling::new(2.0)).add(IntegerLookup::new().vocabulary([1, 2]).name("wall")),
        ];
        for layers in refused {
            let message = fit(layers).unwrap_err().to_string();
            assert!(message.starts_with("first: its weights cannot be trained"), "{message}");
            assert!(message.contains("through wall (") && message.contains(".trainable(false)"), "{message}");
        }
        fit(Sequential::new().add(Rescaling::new(2.0)).add(Embedding::new(5, 2)))?;
        fit(Sequential::new().add(Dense::new(2, Relu).trainable(false)).add(Embedding::new(5, 2)))?;
        let mut model = below(bins()).add(Dense::new(1, Linear)).compile("sgd", "mse", ());
        model.build(2)?;
        model.set_trainable("first", false)?;
        let x = dmatrix![1.0, 2.0];
        model.fit(&x, &dmatrix![1.0], Fit::new().verbose(0)).map(drop)
    }
}
