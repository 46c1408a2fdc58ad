//! A graph with fan-out and fan-in: its gradients against finite differences.

use super::build::Blueprint;
use super::dataset::Dataset;
use super::network::Network;
use super::train_step::TrainStep;
use crate::kernels::source::Source;
use crate::layers::{BuiltLayer, Dense, InferPass, Inputs, Layer, TrainPass};
use crate::losses::{BinaryCrossentropy, Loss};
use crate::optimizers::{Optimizer, OptimizerState, SGD};
use crate::prelude::{Linear, Relu, Sigmoid, Tanh};
use crate::samples::Samples;
use crate::spec::Spec;
use crate::{Batch, BatchMut, Error, Result};
use nalgebra::DMatrix;
use std::sync::Arc;

/// Joins its inputs: their sum, or all of them side by side.
#[derive(Debug, Clone, Copy)]
enum Merge {
    Add,
    Concatenate,
}

struct Merged {
    merge: Merge,
    columns: Vec<usize>,
}

impl Spec for Merge {}

impl Layer<f64> for Merge {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<f64>>> {
        Layer::<f64>::build_from(self, &[inputs])
    }

    fn build_from(&self, inputs: &[usize]) -> Result<Box<dyn BuiltLayer<f64>>> {
        Ok(Box::new(Merged { merge: *self, columns: inputs.to_vec() }))
    }
}

impl Merged {
    /// The column of the result that the first one of an input goes to.
    fn first(&self, input: usize) -> usize {
        match self.merge {
            Merge::Add => 0,
            Merge::Concatenate => self.columns[..input].iter().sum(),
        }
    }
}

impl BuiltLayer<f64> for Merged {
    fn outputs(&self) -> usize {
        match self.merge {
            Merge::Add => self.columns[0],
            Merge::Concatenate => self.columns.iter().sum(),
        }
    }

    fn infer(&self, _: InferPass<'_, f64>, x: Batch<'_, f64>, mut y: BatchMut<'_, f64>) {
        y.copy_from(x);
    }

    fn infer_from(&self, _: InferPass<'_, f64>, x: Inputs<'_, f64>, mut y: BatchMut<'_, f64>) {
        assert_eq!(x.len(), self.columns.len());
        for column in 0..self.outputs() {
            y.column_mut(column).fill(0.0);
        }
        for (input, x) in x.iter().enumerate() {
            for column in 0..x.columns() {
                let to = y.column_mut(self.first(input) + column);
                to.iter_mut().zip(x.column(column)).for_each(|(to, x)| *to += x);
            }
        }
    }

    fn forward_from(&self, mut pass: TrainPass<'_, f64>, x: Inputs<'_, f64>, y: BatchMut<'_, f64>) {
        self.infer_from(pass.as_inference(), x, y);
    }

    fn backward(
        &self,
        _: TrainPass<'_, f64>,
        _: Batch<'_, f64>,
        _: Batch<'_, f64>,
        dy: Batch<'_, f64>,
        dx: Option<BatchMut<'_, f64>>,
    ) {
        dx.into_iter().for_each(|mut dx| dx.copy_from(dy));
    }

    fn backward_to(
        &self,
        _: TrainPass<'_, f64>,
        _: Inputs<'_, f64>,
        _: Batch<'_, f64>,
        dy: Batch<'_, f64>,
        dx: Option<(usize, BatchMut<'_, f64>)>,
    ) {
        let Some((input, mut dx)) = dx else { return };
        for column in 0..self.columns[input] {
            dx.column_mut(column).copy_from_slice(dy.column(self.first(input) + column));
        }
    }
}

/// One value with four readers, one that a node takes twice, the samples read again near the end.
fn graph(last: Dense<f64>) -> Result<Network<f64>> {
    let layers: Vec<Arc<dyn Layer<f64>>> = vec![
        Arc::new(Dense::new(4, Relu)),
        Arc::new(Dense::new(4, Tanh)),
        Arc::new(Dense::new(4, Relu)),
        Arc::new(Dense::new(4, Tanh)),
        Arc::new(Merge::Add),
        Arc::new(Merge::Concatenate),
        Arc::new(last),
    ];
    let values = [vec![0], vec![1], vec![1], vec![3], vec![2, 4, 1, 1], vec![5, 0, 5], vec![6]];
    Blueprint::of_graph(&layers, &values, Some(3), 3, usize::MAX)?.initialized()
}

fn samples(rows: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, 3, |i, j| ((i * (j + 3) + j) % 11) as f64 / 5.0 - 1.03)
}

/// `f` at a number and a little above and below it.
fn difference(at: f64, mut f: impl FnMut(f64) -> Result<f64>) -> Result<f64> {
    let h = 1e-6;
    Ok((f(at + h)? - f(at - h)?) / (2.0 * h))
}

#[test]
fn gradients_of_a_graph_are_those_of_finite_differences() -> Result<()> {
    let mut network = graph(Dense::new(2, Linear))?;
    let (x, upstream) = (samples(5), DMatrix::from_fn(5, 2, |i, j| (i + 2 * j) as f64 / 4.0 - 0.7));
    let gradients = network.gradients(&x, &upstream)?;
    let sum = |network: &Network<f64>, x: &DMatrix<f64>| -> Result<f64> { Ok(network.predict(x)?.dot(&upstream)) };
    for i in 0..gradients.weights.len() {
        let at = network.weights[i];
        let expected = difference(at, |weight| {
            network.weights[i] = weight;
            sum(&network, &x)
        })?;
        network.weights[i] = at;
        approx::assert_abs_diff_eq!(gradients.weights[i], expected, epsilon = 1e-7);
    }
    for i in 0..x.len() {
        let mut moved = x.clone();
        let expected = difference(x[i], |value| {
            moved[i] = value;
            sum(&network, &moved)
        })?;
        approx::assert_abs_diff_eq!(gradients.input[i], expected, epsilon = 1e-7);
    }
    assert!(gradients.weights.iter().filter(|gradient| gradient.abs() > 1e-3).count() > 40);
    Ok(())
}

#[test]
fn a_training_step_of_a_graph_finds_the_gradients_of_its_loss() -> Result<()> {
    let (x, y) = (samples(7), DMatrix::from_fn(7, 1, |i, _| (i % 2) as f64));
    let (x, y) = (Source::new(Samples::view(&x)), Source::new(Samples::view(&y)));
    let data = Dataset::new(&x, &y, None)?;
    let (loss, optimizer): (Arc<dyn Loss<f64>>, Arc<dyn Optimizer<f64>>) =
        (Arc::new(BinaryCrossentropy), Arc::new(SGD));
    for frozen in [&[][..], &["dense"], &["dense", "dense_2"], &["dense", "dense_1", "dense_2", "dense_3"]] {
        let mut network = graph(Dense::new(1, Sigmoid))?;
        frozen.iter().try_for_each(|layer| network.set_trainable(layer, false))?;
        let mut optimization = OptimizerState::of(&optimizer, &network)?;
        let mut step = TrainStep::new(&network, &loss, 1, 7, false)?;
        step.set_rows(7);
        step.load(&data, 0);
        let mut value = |network: &mut Network<f64>, optimization: &mut OptimizerState<f64>, backward: bool| {
            step.forward(network, optimization);
            let loss = step.compute_loss(network);
            if backward {
                step.backward(network, optimization);
            }
            loss
        };
        value(&mut network, &mut optimization, true);
        let gradients = optimization.gradients.to_vec();
        let trained: Vec<_> = network.variables.iter().filter(|variable| variable.trainable).cloned().collect();
        assert!(!trained.is_empty());
        for i in trained.iter().flat_map(|variable| variable.range()) {
            let at = network.weights[i];
            let expected = difference(at, |weight| {
                network.weights[i] = weight;
                Ok(value(&mut network, &mut optimization, false))
            })?;
            network.weights[i] = at;
            approx::assert_abs_diff_eq!(gradients[i], expected, epsilon = 1e-7);
        }
    }
    Ok(())
}

#[test]
fn prediction_in_few_places_is_that_in_all() -> Result<()> {
    let network = graph(Dense::new(2, Linear))?;
    for rows in [1, 7, 300] {
        let x = samples(rows);
        let kept = network.gradients(&x, &DMatrix::zeros(rows, 2))?.output;
        approx::assert_relative_eq!(network.predict(&x)?, kept, epsilon = 1e-12);
    }
    Ok(())
}

#[test]
fn what_is_no_graph_is_refused() {
    let dense = || -> Arc<dyn Layer<f64>> { Arc::new(Dense::new(2, Relu)) };
    let build = |values: &[Vec<usize>]| match Blueprint::of_graph(&[dense(), dense()], values, None, 3, usize::MAX) {
        Err(Error::Layer { reason, .. }) => reason,
        _ => "built".into(),
    };
    assert_eq!(build(&[vec![0], vec![1]]), "built");
    assert!(build(&[vec![1], vec![0]]).contains("layers before it"));
    assert!(build(&[vec![0], vec![]]).contains("layers before it"));
    assert!(build(&[vec![0], vec![0, 1]]).contains("it takes one input and was given 2"));
}
