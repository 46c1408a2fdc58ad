//! The gradients of one training pass, for tests of layers.

use super::checks::same_rows;
use super::network::Network;
use super::pass::{self, Fused, Train, TrainForward};
use super::penalties::Penalties;
use super::predict_loop::load;
use super::workspace::{GradientBuffers, Workspace};
use crate::as_matrix::AsMatrix;
use crate::kernels::aligned::Aligned;
use crate::kernels::strided_view::StridedView;
use crate::{Error, Result, Scalar, memory};
use nalgebra::DMatrix;

/// The gradients of one training pass, as returned by [`Network::gradients`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gradients<T: Scalar> {
    /// The network's output, computed as in training: samples × outputs.
    pub output: DMatrix<T>,
    /// The gradient of `Σ upstream·output` with respect to the samples.
    pub input: DMatrix<T>,
    /// The gradient of `Σ upstream·output` with respect to the flat weights; zeros for frozen layers.
    pub weights: Vec<T>,
    /// The flat state after the pass.
    pub state: Vec<T>,
    /// The sum of the penalties of all regularizers.
    pub penalty: f64,
    /// The gradient of `penalty` with respect to the samples.
    pub penalty_input: DMatrix<T>,
    /// The gradient of `penalty` with respect to the flat weights.
    pub penalty_weights: Vec<T>,
}

impl<T: Scalar> Network<T> {
    /// Computes the output of a training pass and its gradients, given `upstream`, the gradient of some loss with respect to the
    /// output. The network does not change.
    ///
    /// Use it to check a user-defined layer against finite differences. Layers that use random numbers draw the same ones as in the
    /// first training step.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let mut network = Sequential::new().add(Dense::new(1, Linear)).build(2)?;
    /// network.set_weights("dense", &[dmatrix![2.0; 3.0], dmatrix![1.0]])?;
    /// let gradients = network.gradients(&dmatrix![10.0, 100.0], &dmatrix![1.0])?;
    /// assert_eq!(gradients.input, dmatrix![2.0, 3.0]);
    /// assert_eq!(gradients.weights, [10.0, 100.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Network::predict); [`Error::Rows`] and [`Error::Outputs`] where `upstream` has another shape than
    /// the output; [`Error::Layer`] for a layer without a gradient.
    pub fn gradients(&self, x: &impl AsMatrix<T>, upstream: &impl AsMatrix<T>) -> Result<Gradients<T>> {
        T::gradients(self, StridedView::new(x.as_matrix()), StridedView::new(upstream.as_matrix()))
    }

    pub(crate) fn gradients_of(&self, x: StridedView<'_, T>, upstream: StridedView<'_, T>) -> Result<Gradients<T>> {
        self.check_input("x", &x)?;
        same_rows(("x", x.rows), ("upstream", upstream.rows))?;
        if upstream.columns != self.outputs() {
            let advice = "pass one column for each output".into();
            return Err(Error::Outputs { what: "upstream", expected: self.outputs(), found: upstream.columns, advice });
        }
        if let Some(node) = self.nodes.iter().find(|node| !node.built.is_differentiable()) {
            let reason = "it has no gradient; give it one with .backward(…)".into();
            return Err(Error::Layer { layer: node.name.clone(), reason });
        }
        let mut probe = Probe::forward(self, &x)?;
        let (input, weights) = probe.backward(self, Some(&upstream))?;
        let penalty = probe.penalties.of_weights(&self.weights) + probe.penalties.of_outputs(&probe.workspace);
        let (penalty_input, penalty_weights) = probe.backward(self, None)?;
        let output = memory::filled(T::zero(), &[x.rows, self.outputs()]);
        let output = output.map_err(|lack| self.lacks(lack, x.rows))?;
        let mut output = DMatrix::from_vec(x.rows, self.outputs(), output);
        let mut first = 0;
        for &value in &self.outputs {
            let from = probe.workspace.value(value);
            output.columns_mut(first, from.columns()).copy_from(&from.view());
            first += from.columns();
        }
        let state = probe.state.to_vec();
        Ok(Gradients { output, input, weights, state, penalty, penalty_input, penalty_weights })
    }
}

/// The buffers of one forward pass and of the backward passes that follow.
struct Probe<T: Scalar> {
    rows: usize,
    workspace: Workspace<T>,
    state: Aligned<T>,
    penalties: Penalties<T>,
}

impl<T: Scalar> Probe<T> {
    fn forward(network: &Network<T>, x: &StridedView<'_, T>) -> Result<Self> {
        let mut probe = Probe {
            rows: x.rows,
            workspace: Workspace::for_training(network, x.rows)?,
            state: network.state.clone(),
            penalties: Penalties::of_training(network, x.rows)?,
        };
        load(x, probe.workspace.input_mut());
        let mut none =
            memory::filled(T::zero(), &[network.weights.len()]).map_err(|lack| network.lacks(lack, x.rows))?;
        let mut train = train(network, &mut probe.state, &mut none);
        let (mut values, scratch) = probe.workspace.split();
        let mut visitor = TrainForward { train: &mut train, scratch };
        pass::forward(&network.nodes, &mut values, false, &mut visitor);
        Ok(probe)
    }

    /// The gradients with respect to samples and weights: those of `Σ upstream·output` if `upstream` is given, otherwise those of the
    /// penalties.
    fn backward(
        &mut self,
        network: &Network<T>,
        upstream: Option<&StridedView<'_, T>>,
    ) -> Result<(DMatrix<T>, Vec<T>)> {
        let all = vec![true; network.values()];
        let mut gradients = GradientBuffers::new(network, all, self.rows)?;
        if let Some(upstream) = upstream {
            let mut first = 0;
            for &value in &network.outputs {
                let columns = network.columns_of(value);
                load(&upstream.columns_of(first, columns), gradients.value_mut(value));
                first += columns;
            }
        }
        let mut weights =
            memory::filled(T::zero(), &[network.weights.len()]).map_err(|lack| network.lacks(lack, self.rows))?;
        let mut state = self.state.clone();
        let mut train = train(network, &mut state, &mut weights);
        let (fused, of_penalties) = (Fused::none(network), upstream.is_none());
        let penalties = of_penalties.then_some(&mut self.penalties);
        pass::backward(
            &network.nodes,
            &mut self.workspace,
            &mut gradients,
            &mut train,
            &fused,
            penalties,
            &mut pass::TrainBackward,
        );
        if of_penalties {
            self.penalties.add_weight_gradients(&network.weights, &mut weights);
        }
        Ok((gradients.input().view().into_owned(), weights))
    }
}

/// The arguments of a training pass in the first step.
fn train<'a, T: Scalar>(network: &'a Network<T>, state: &'a mut [T], gradients: &'a mut [T]) -> Train<'a, T> {
    Train { weights: &network.weights, state, gradients, seed: network.seed, step: 0, inference: false }
}
