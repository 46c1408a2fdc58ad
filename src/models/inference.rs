//! Prediction: samples through the layers, a block at a time.

use super::progress::Progress;
use super::{Logs, Network, Samples, Verbosity};
use crate::kernels::aligned::Aligned;
use crate::kernels::padded;
use crate::kernels::source::Source;
use crate::layers::{Domain, Inference};
use crate::{BatchBuffer, Error, Result, Scalar};
use nalgebra::DMatrix;

/// Samples that go through the layers together: few enough that a block's activations stay in the
/// second-level cache, enough that the calls cost nothing.
const BLOCK: usize = 256;

/// The options of [`Network::predict_with`].
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 256 | samples that go through the layers together; it changes speed and memory, not the result |
/// | `steps` | all | predicts the first so many batches |
/// | `verbose` | silent | what is shown on standard error; Keras shows a bar by default |
#[derive(Debug, Clone, Copy, Default)]
pub struct Predict {
    batch_size: Option<usize>,
    steps: Option<usize>,
    verbosity: Option<Verbosity>,
}

impl Predict {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Samples that go through the layers together, at least 1; default 256 (32 in Keras).
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = Some(batch_size);
        self
    }

    /// Predicts the first so many batches, at least 1; by default all.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// What is shown: a [`Verbosity`], or Keras's 0, 1 or 2; nothing by default.
    #[must_use]
    pub fn verbose(mut self, verbosity: impl Into<Verbosity>) -> Self {
        self.verbosity = Some(verbosity.into());
        self
    }
}

/// The buffers of one thread's prediction.
pub(super) struct Workspace<T> {
    /// What goes into the first layer, and what comes out of each.
    activations: Vec<BatchBuffer<T>>,
    scratch: Vec<Aligned<T>>,
}

impl<T: Scalar> Workspace<T> {
    pub(super) fn new(network: &Network<T>, rows: usize) -> Self {
        let widths = std::iter::once(network.inputs()).chain(network.nodes.iter().map(|node| node.outputs));
        Workspace {
            activations: widths.map(|columns| BatchBuffer::zeros(rows, columns)).collect(),
            scratch: network.nodes.iter().map(|node| Aligned::zeros(node.cell.scratch(padded(rows)))).collect(),
        }
    }

    /// The samples to come.
    pub(super) fn input(&mut self, rows: usize) -> &mut BatchBuffer<T> {
        for buffer in &mut self.activations {
            buffer.set_rows(rows);
        }
        &mut self.activations[0]
    }

    /// The input's way through all layers.
    pub(super) fn run(&mut self, network: &Network<T>) -> &BatchBuffer<T> {
        for (i, node) in network.nodes.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(i + 1);
            let pass = Inference {
                weights: &network.weights[node.weights.clone()],
                state: &network.state[node.state.clone()],
                scratch: &mut self.scratch[i],
                logits: false,
            };
            node.cell.infer(pass, before[i].batch(), after[0].batch_mut());
        }
        &self.activations[network.nodes.len()]
    }
}

/// Copies samples `start..start + rows` into a batch.
pub(super) fn load<T: Scalar>(from: &Source<'_, T>, start: usize, to: &mut BatchBuffer<T>) {
    let rows = to.batch().rows();
    let mut to = to.batch_mut();
    for j in 0..from.columns {
        let column = to.column_mut(j);
        match from.column(j, start, rows) {
            Some(values) => column.copy_from_slice(values),
            None => column.iter_mut().enumerate().for_each(|(i, value)| *value = from.at(start + i, j)),
        }
    }
    to.clear_padding();
}

impl<T: Scalar> Network<T> {
    /// The predictions for samples: one row a sample, one column an output.
    ///
    /// Takes the model by shared reference, so many threads may predict at once.
    ///
    /// # Errors
    ///
    /// [`Error::Features`] for another number of columns, [`Error::NotFinite`] for a NaN or infinity,
    /// [`Error::Input`] for a value that the first layer cannot take.
    pub fn predict(&self, x: &impl Samples<T>) -> Result<DMatrix<T>> {
        self.predict_with(x, Predict::new())
    }

    /// The predictions for samples, with options.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::prelude::*;
    /// use perceptra::models::Predict;
    ///
    /// let network = Sequential::new().add(Dense::new(2, Relu)).build(3)?;
    /// let x = DMatrix::from_element(100, 3, 0.5);
    /// let some = network.predict_with(&x, Predict::new().batch_size(32).steps(2))?;
    /// assert_eq!(some, network.predict(&x)?.rows(0, 64));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`predict`](Network::predict); [`Error::Argument`] for options out of range.
    pub fn predict_with(&self, x: &impl Samples<T>, options: Predict) -> Result<DMatrix<T>> {
        let x = Source::new(x.view());
        let Some(verbosity) = options.verbosity else { return T::predict(self, x, options) };
        let batches = x.rows.div_ceil(options.batch_size.unwrap_or(BLOCK).max(1));
        let mut progress = Progress::of_pass(verbosity, options.steps.unwrap_or(batches).min(batches));
        let predictions = T::predict(self, x, options);
        match &predictions {
            Ok(_) => progress.end_pass(&Logs::default()),
            Err(_) => progress.abandon(),
        }
        predictions
    }

    pub(crate) fn run(&self, x: Source<'_, T>, options: Predict) -> Result<DMatrix<T>> {
        let block = options.batch_size.unwrap_or(BLOCK);
        super::fit::at_least_one("Predict", "batch_size", block)?;
        super::fit::at_least_one("Predict", "steps", options.steps.unwrap_or(1))?;
        self.check_input("x", &x)?;
        let asked = options.steps.map_or(x.rows, |steps| steps.saturating_mul(block).min(x.rows));
        let x = x.skip_rows(0, asked);
        let mut predictions = DMatrix::zeros(x.rows, self.outputs());
        let mut workspace = Workspace::new(self, x.rows.min(block));
        for start in (0..x.rows).step_by(block) {
            let rows = (x.rows - start).min(block);
            load(&x, start, workspace.input(rows));
            let output = workspace.run(self).batch();
            for j in 0..output.columns() {
                let at = j * x.rows + start;
                predictions.as_mut_slice()[at..at + rows].copy_from_slice(output.column(j));
            }
        }
        Ok(predictions)
    }

    /// Whether samples fit this network and are numbers throughout.
    pub(super) fn check_input(&self, what: &'static str, x: &Source<'_, T>) -> Result<()> {
        if x.columns != self.inputs() {
            return Err(Error::Features { what, expected: self.inputs(), found: x.columns });
        }
        super::validation::finite_source(what, x)?;
        let domains = self.nodes.iter().map(|node| (&node.name, node.cell.domain()));
        match { domains }.find(|(_, domain)| *domain != Domain::OfNext) {
            Some((layer, domain)) => domain.check(what, layer, x),
            None => Ok(()),
        }
    }
}
