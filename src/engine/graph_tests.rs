//! Tests of graphs with fan-out, fan-in, several inputs and several outputs: values are compared with explicit formulas, gradients
//! with finite differences.

use super::build::{Blueprint, Topology};
use super::dataset::Dataset;
use super::network::Network;
use super::pass::{self, Fused, Train, TrainForward};
use super::predict_loop::load;
use super::train_step::TrainStep;
use super::workspace::{GradientBuffers, Workspace};
use crate::as_matrix::AsMatrix;
use crate::dmatrix;
use crate::items::{IntoItem, Item, Spec};
use crate::kernels::strided_view::StridedView;
use crate::layers::{BuiltLayer, Dense, Embedding, InferPass, Inputs, Layer, TrainPass};
use crate::losses::{BinaryCrossentropy, Loss};
use crate::optimizers::{Optimizer, OptimizerState, SGD};
use crate::prelude::{Linear, Relu, Sigmoid, Tanh};
use crate::{Batch, BatchMut, Error, Result};
use nalgebra::DMatrix;
use std::sync::Arc;

/// A layer with several inputs, which returns their sum or their concatenation.
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
    /// The column of the result in which the columns of an input begin.
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

/// A graph with a value that four nodes read, a value that one node reads twice, and samples that are read again near the end.
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
    let takes = [vec![0], vec![1], vec![1], vec![3], vec![2, 4, 1, 1], vec![5, 0, 5], vec![6]];
    let graph = Topology { inputs: &[3], takes: &takes, outputs: &[7] };
    Blueprint::of_graph(&layers, &graph, Some(3), usize::MAX)?.initialized()
}

fn samples(rows: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, 3, |i, j| ((i * (j + 3) + j) % 11) as f64 / 5.0 - 1.03)
}

/// The central difference of `f` at a number.
fn difference(at: f64, mut f: impl FnMut(f64) -> Result<f64>) -> Result<f64> {
    let h = 1e-6;
    Ok((f(at + h)? - f(at - h)?) / (2.0 * h))
}

/// A network with two inputs, of two columns and one. A trunk reads the first input; the trunk is an output and is read by both
/// heads. The second head also reads the first head and the second input; it could fuse the first head's relu if that head were
/// not an output as well. The outputs are not in the order of the layers.
fn two_heads() -> Result<Network<f64>> {
    let layers: Vec<Arc<dyn Layer<f64>>> = vec![
        Arc::new(Dense::new(3, Tanh).name("trunk")),
        Arc::new(Dense::new(2, Relu).name("first")),
        Arc::new(Dense::new(2, Linear).name("above")),
        Arc::new(Merge::Concatenate),
        Arc::new(Dense::new(1, Sigmoid).name("second")),
    ];
    let takes = [vec![0], vec![2], vec![3], vec![4, 1, 2], vec![5]];
    let graph = Topology { inputs: &[2, 1], takes: &takes, outputs: &[6, 2, 3] };
    Blueprint::of_graph(&layers, &graph, Some(5), usize::MAX)?.initialized()
}

/// The output of [`two_heads`], computed with explicit formulas.
fn by_hand(network: &Network<f64>, x: &DMatrix<f64>) -> Result<DMatrix<f64>> {
    let dense = |layer: &str, x: &DMatrix<f64>, activation: fn(f64) -> f64| -> Result<DMatrix<f64>> {
        let [kernel, bias] = &network.weights(layer)?[..] else { panic!("{layer}") };
        let mut z = x * kernel;
        z.row_iter_mut().for_each(|mut row| row += bias);
        Ok(z.map(activation))
    };
    let concatenate = |parts: &[&DMatrix<f64>]| {
        let columns: Vec<_> =
            parts.iter().flat_map(|part| part.column_iter().map(|column| column.into_owned())).collect();
        DMatrix::from_columns(&columns)
    };
    let trunk = dense("trunk", &x.columns(0, 2).into_owned(), f64::tanh)?;
    let first = dense("first", &trunk, |z| z.max(0.0))?;
    let above = dense("above", &first, |z| z)?;
    let joined = concatenate(&[&above, &x.columns(2, 1).into_owned(), &trunk]);
    let second = dense("second", &joined, |z| 1.0 / (1.0 + (-z).exp()))?;
    Ok(concatenate(&[&second, &trunk, &first]))
}

/// Compares the gradients with respect to weights and samples with finite differences.
fn check_gradients(network: &mut Network<f64>, x: &DMatrix<f64>) -> Result<()> {
    let upstream = DMatrix::from_fn(x.nrows(), network.outputs(), |i, j| (i + 2 * j) as f64 / 4.0 - 0.7);
    let gradients = network.gradients(x, &upstream)?;
    let sum = |network: &Network<f64>, x: &DMatrix<f64>| -> Result<f64> { Ok(network.predict(x)?.dot(&upstream)) };
    for i in 0..gradients.weights.len() {
        let at = network.weights[i];
        let expected = difference(at, |weight| {
            network.weights[i] = weight;
            sum(network, x)
        })?;
        network.weights[i] = at;
        approx::assert_abs_diff_eq!(gradients.weights[i], expected, epsilon = 1e-7);
    }
    for i in 0..x.len() {
        let mut moved = x.clone();
        let expected = difference(x[i], |value| {
            moved[i] = value;
            sum(network, &moved)
        })?;
        approx::assert_abs_diff_eq!(gradients.input[i], expected, epsilon = 1e-7);
    }
    let moving = gradients.weights.iter().filter(|gradient| gradient.abs() > 1e-3).count();
    assert!(3 * moving > 2 * gradients.weights.len(), "{moving} of {}", gradients.weights.len());
    Ok(())
}

#[test]
fn gradients_of_a_graph_are_those_of_finite_differences() -> Result<()> {
    check_gradients(&mut graph(Dense::new(2, Linear))?, &samples(5))
}

#[test]
fn two_heads_over_a_trunk_and_two_inputs_give_what_is_written_out() -> Result<()> {
    let network = two_heads()?;
    assert_eq!((network.inputs(), network.outputs()), (3, 1 + 3 + 2));
    for rows in [1, 7, 300] {
        let x = samples(rows);
        let expected = by_hand(&network, &x)?;
        approx::assert_relative_eq!(network.predict(&x)?, expected, epsilon = 1e-12);
        let kept = network.gradients(&x, &DMatrix::zeros(rows, 6))?.output;
        approx::assert_relative_eq!(kept, expected, epsilon = 1e-12);
    }
    Ok(())
}

#[test]
fn the_gradient_of_an_output_that_is_read_above_sums_both() -> Result<()> {
    check_gradients(&mut two_heads()?, &samples(6))
}

/// A training pass that starts from the gradients of three losses agrees with [`Network::gradients`], with relus fused where
/// this is possible, and has the same result when it is repeated.
#[test]
fn a_walk_of_training_starts_from_the_gradients_of_all_outputs() -> Result<()> {
    let (network, rows) = (two_heads()?, 6);
    let (x, upstream) = (samples(rows), DMatrix::from_fn(rows, 6, |i, j| ((i + 3 * j) % 5) as f64 - 1.7));
    let expected = network.gradients(&x, &upstream)?.weights;
    let mut workspace = Workspace::for_training(&network, rows).unwrap();
    let mut gradients = GradientBuffers::new(&network, network.wanted(), rows).unwrap();
    let fused = Fused::for_network(&network, false);
    for _ in 0..2 {
        let (mut state, mut weights) = (network.state.clone(), vec![f64::NAN; network.weights.len()]);
        let mut train = Train {
            weights: &network.weights,
            state: &mut state,
            gradients: &mut weights,
            seed: 0,
            step: 0,
            inference: false,
        };
        load(&StridedView::new(x.as_matrix()), workspace.input_mut());
        let (mut values, scratch) = workspace.split();
        pass::forward(&network.nodes, &mut values, false, &mut TrainForward { train: &mut train, scratch });
        let mut first = 0;
        for &output in &network.outputs {
            let part = upstream.columns(first, network.columns_of(output)).into_owned();
            load(&StridedView::new(part.as_matrix()), gradients.value_mut(output));
            first += part.ncols();
        }
        pass::backward(
            &network.nodes,
            &mut workspace,
            &mut gradients,
            &mut train,
            &fused,
            None,
            &mut pass::TrainBackward,
        );
        for (found, expected) in weights.iter().zip(&expected) {
            approx::assert_relative_eq!(found, expected, epsilon = 1e-12);
        }
    }
    Ok(())
}

#[test]
fn each_input_is_checked_by_the_layers_that_read_it() -> Result<()> {
    let layers: Vec<Arc<dyn Layer<f64>>> =
        vec![Arc::new(Embedding::new(3, 2)), Arc::new(Merge::Concatenate), Arc::new(Dense::new(1, Linear))];
    let takes = [vec![1], vec![0, 2], vec![3]];
    let graph = Topology { inputs: &[2, 1], takes: &takes, outputs: &[4] };
    let network = Blueprint::of_graph(&layers, &graph, Some(5), usize::MAX)?.initialized()?;
    network.predict(&dmatrix![0.5, -0.5, 2.0])?;
    match network.predict(&dmatrix![0.5, -0.5, 0.0; 0.5, -0.5, 3.0]) {
        Err(Error::Input { row: 1, column: 2, layer, .. }) => assert_eq!(layer, "embedding"),
        other => panic!("{other:?}"),
    }
    Ok(())
}

#[test]
fn one_loss_does_not_take_several_outputs() -> Result<()> {
    let loss: Item<dyn Loss<f64>> = BinaryCrossentropy.into_item();
    match TrainStep::new(&two_heads()?, &loss, 1, 7, false) {
        Err(Error::Layer { reason, .. }) => assert!(reason.contains("3 outputs"), "{reason}"),
        _ => panic!("made"),
    }
    Ok(())
}

#[test]
fn a_training_step_of_a_graph_finds_the_gradients_of_its_loss() -> Result<()> {
    let (x, y) = (samples(7), DMatrix::from_fn(7, 1, |i, _| (i % 2) as f64));
    let (x, y) = (StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix()));
    let mut data = Dataset::new(&x, &y, None, None)?;
    let (loss, optimizer): (Item<dyn Loss<f64>>, Item<dyn Optimizer<f64>>) =
        (BinaryCrossentropy.into_item(), SGD.into_item());
    for frozen in [&[][..], &["dense"], &["dense", "dense_2"], &["dense", "dense_1", "dense_2", "dense_3"]] {
        let mut network = graph(Dense::new(1, Sigmoid))?;
        frozen.iter().try_for_each(|layer| network.set_trainable(layer, false))?;
        let mut optimizer_state = OptimizerState::for_network(&optimizer, &network)?;
        let mut step = TrainStep::new(&network, &loss, 1, 7, false)?;
        step.set_rows(7);
        step.load(&mut data, 0);
        let mut value = |network: &mut Network<f64>, optimizer_state: &mut OptimizerState<f64>, backward: bool| {
            step.forward(network, optimizer_state);
            let loss = step.compute_loss(network);
            if backward {
                step.backward(network, optimizer_state);
            }
            loss
        };
        value(&mut network, &mut optimizer_state, true);
        let gradients = optimizer_state.gradients.to_vec();
        let trained: Vec<_> = network.variables.iter().filter(|variable| variable.trainable).cloned().collect();
        assert!(!trained.is_empty());
        for i in trained.iter().flat_map(|variable| variable.range()) {
            let at = network.weights[i];
            let expected = difference(at, |weight| {
                network.weights[i] = weight;
                Ok(value(&mut network, &mut optimizer_state, false))
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
    let of_outputs = |takes: &[Vec<usize>], outputs: &[usize]| {
        let graph = Topology { inputs: &[3], takes, outputs };
        match Blueprint::of_graph(&[dense(), dense()], &graph, None, usize::MAX) {
            Err(Error::Layer { reason, .. }) => reason,
            _ => "built".into(),
        }
    };
    let build = |takes: &[Vec<usize>]| of_outputs(takes, &[2]);
    assert_eq!(build(&[vec![0], vec![1]]), "built");
    assert!(build(&[vec![1], vec![0]]).contains("layers before it"));
    assert!(build(&[vec![0], vec![]]).contains("layers before it"));
    assert!(build(&[vec![0], vec![0, 1]]).contains("it takes one input and was given 2"));
    let chain = [vec![0], vec![1]];
    assert_eq!(of_outputs(&chain, &[2, 1, 0]), "built");
    assert!(of_outputs(&chain, &[]).contains("no output"));
    assert!(of_outputs(&chain, &[2, 3]).contains("3 is not"));
    assert!(of_outputs(&chain, &[2, 2]).contains("2 is not"));
    assert!(of_outputs(&chain, &[1]).contains("nothing takes its values"));
    assert!(build(&[vec![0], vec![0]]).contains("nothing takes its values"));
}
