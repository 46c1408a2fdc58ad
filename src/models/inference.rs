//! Prediction: samples through the layers, a block at a time.

use super::{Network, Samples};
use crate::kernels::aligned::Aligned;
use crate::kernels::padded;
use crate::kernels::source::Source;
use crate::layers::{Domain, Inference};
use crate::{BatchBuffer, Error, Result, Scalar};
use nalgebra::DMatrix;

/// Samples that go through the layers together: few enough that a block's activations stay in the
/// second-level cache, enough that the calls cost nothing.
const BLOCK: usize = 256;

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
        T::predict(self, Source::new(x.view()))
    }

    pub(crate) fn run(&self, x: Source<'_, T>) -> Result<DMatrix<T>> {
        self.check_input("x", &x)?;
        let mut predictions = DMatrix::zeros(x.rows, self.outputs());
        let mut workspace = Workspace::new(self, x.rows.min(BLOCK));
        for start in (0..x.rows).step_by(BLOCK) {
            let rows = (x.rows - start).min(BLOCK);
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
