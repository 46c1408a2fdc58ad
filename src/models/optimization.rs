//! What training keeps beside the weights: the optimizer's vectors, its step count, the learning rate.

use super::Network;
use crate::kernels::aligned::Aligned;
use crate::optimizers::{LearningRate, Optimizer, Step};
use crate::variables::trainable_runs;
use crate::{Result, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// The state of an optimizer on a network.
#[derive(Debug, Clone)]
pub(crate) struct Optimization<T: Scalar> {
    optimizer: Arc<dyn Optimizer<T>>,
    pub(crate) learning_rate: LearningRate,
    /// Steps taken so far.
    pub(crate) iterations: u64,
    /// Epochs finished so far, over all fits; the position in the streams of random numbers.
    pub(crate) epochs: u64,
    /// The optimizer's vectors, one after another, each as long as the weights.
    pub(crate) slots: Aligned<T>,
    pub(crate) gradients: Aligned<T>,
    /// Runs of neighbouring trainable variables: indices of the variables, places of their values.
    runs: Vec<(Range<usize>, Range<usize>)>,
}

impl<T: Scalar> Optimization<T> {
    /// A fresh state; checks the optimizer's arguments.
    pub(super) fn new(optimizer: &Arc<dyn Optimizer<T>>, network: &Network<T>) -> Result<Self> {
        let optimizer = crate::optimizers::resolve(optimizer)?;
        let length = network.weights.len();
        let mut slots = Aligned::zeros(length * optimizer.slots().len());
        for (slot, values) in slots.chunks_mut(length.max(1)).enumerate() {
            values.fill(T::of(optimizer.initial_value(slot)));
        }
        let mut state = Optimization {
            learning_rate: optimizer.learning_rate(),
            optimizer,
            iterations: 0,
            epochs: 0,
            slots,
            gradients: Aligned::zeros(length),
            runs: Vec::new(),
        };
        state.look_at(network);
        Ok(state)
    }

    /// Takes notice of which variables are trainable.
    pub(super) fn look_at(&mut self, network: &Network<T>) {
        let variables = network.variables();
        self.runs = trainable_runs(variables)
            .into_iter()
            .map(|run| {
                let values = variables[run.start].offset..variables[run.end - 1].range().end;
                (run, values)
            })
            .collect();
    }

    /// The learning rate of the next step.
    pub(crate) fn current_rate(&self) -> f64 {
        self.learning_rate.at(self.iterations)
    }

    /// Moves the weights along the gradients, and back to their constraints.
    pub(super) fn step(&mut self, network: &mut Network<T>) {
        let learning_rate = self.current_rate();
        self.iterations += 1;
        let length = network.weights.len();
        let (weights, variables) = network.weights_and_variables();
        for (run, range) in &self.runs {
            self.optimizer.step(Step {
                learning_rate,
                iteration: self.iterations,
                variables: &variables[run.clone()],
                weights: &mut weights[range.clone()],
                gradients: &self.gradients[range.clone()],
                slots: &mut self.slots,
                range: range.clone(),
                length,
            });
        }
        network.constrain();
    }
}
