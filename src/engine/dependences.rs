//! How outputs depend on inputs, proven by the signs of the weights.

use super::Network;
use crate::{Dependence, Error, Result, Scalar};

impl<T: Scalar> Network<T> {
    /// How each output depends on a number, given how each input depends on it. The result follows from the signs of the weights and
    /// holds for all inputs; it is [`Dependence::Unknown`] if the signs do not determine it.
    ///
    /// ```
    /// use perceptra::Dependence::{Increasing, Independent, Unknown};
    /// use perceptra::prelude::*;
    ///
    /// let mut network = Sequential::new().add(Dense::new(2, Relu)).add(Dense::new(1, Sigmoid)).build(2)?;
    /// network.set_weights("dense", &[dmatrix![1.0, -2.0; 1.0, 1.0], dmatrix![0.0, 0.0]])?;
    /// network.set_weights("dense_1", &[dmatrix![3.0; -1.0], dmatrix![0.0]])?;
    /// assert_eq!(network.dependences(&[Increasing, Independent])?, [Increasing]);
    /// assert_eq!(network.dependences(&[Independent, Increasing])?, [Unknown]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Features`] for another number of inputs.
    pub fn dependences(&self, inputs: &[Dependence]) -> Result<Vec<Dependence>> {
        let values = self.dependences_of_values(inputs)?;
        Ok(self.outputs.iter().flat_map(|&output| values[output].iter().copied()).collect())
    }

    /// The first layer with an output whose dependence on the number does not follow from the signs of the weights.
    pub(crate) fn first_unproven(&self, inputs: &[Dependence]) -> Result<Option<&str>> {
        let values = self.dependences_of_values(inputs)?;
        let is_unproven = |value: usize| values[value].contains(&Dependence::Unknown);
        Ok(self.nodes.iter().find(|node| is_unproven(node.value)).map(|node| node.name.as_str()))
    }

    /// The dependences of the network's inputs and of the layers' outputs.
    fn dependences_of_values(&self, inputs: &[Dependence]) -> Result<Vec<Vec<Dependence>>> {
        if inputs.len() != self.inputs() {
            return Err(Error::Features { what: "the dependences", expected: self.inputs(), found: inputs.len() });
        }
        let mut rest = inputs;
        let mut values = Vec::with_capacity(self.values());
        for &columns in &self.inputs {
            let (these, others) = rest.split_at(columns);
            values.push(these.to_vec());
            rest = others;
        }
        for node in &self.nodes {
            let dependences = match node.inputs[..] {
                [value] => {
                    let (weights, state) = (&self.weights[node.weights.clone()], &self.state[node.state.clone()]);
                    node.built.dependences(weights, state, &values[value])
                }
                // A layer with several inputs need not be monotonic in any of them.
                _ => {
                    let taken: Vec<Dependence> = node.inputs.iter().flat_map(|&value| values[value].clone()).collect();
                    vec![Dependence::mixed(&taken); node.outputs]
                }
            };
            values.push(dependences);
        }
        Ok(values)
    }
}
