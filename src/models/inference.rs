//! Prediction: samples through the layers, a block at a time.

use super::evaluation::Callbacks;
use super::network::Node;
use super::progress::Progress;
use super::{Logs, Network, Samples, Verbosity};
use crate::callbacks::Callback;
use crate::kernels::aligned::Aligned;
use crate::kernels::source::Source;
use crate::kernels::{LANES, padded};
use crate::layers::{Domain, Inference};
use crate::threads;
use crate::{Batch, BatchMut, Error, Result, Scalar};
use nalgebra::DMatrix;
use std::fmt;

/// Samples that go through the layers together: few enough that a block's activations stay in the
/// second-level cache, enough that the calls cost nothing.
const BLOCK: usize = 256;

/// Products of numbers that are worth a thread of their own.
const GRAIN: usize = 1 << 20;

/// The options of [`Network::predict_with`].
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 256 | samples that go through the layers together; it changes speed and memory, not the result |
/// | `steps` | all | predicts the first so many batches |
/// | `callbacks` | none | called before and after the prediction and each of its batches, which then go one by one |
/// | `verbose` | silent | what is shown on standard error; Keras shows a bar by default |
pub struct Predict<'a, T: Scalar = f32> {
    batch_size: Option<usize>,
    steps: Option<usize>,
    callbacks: Callbacks<'a, T>,
    verbosity: Option<Verbosity>,
}

impl<T: Scalar> Default for Predict<'_, T> {
    fn default() -> Self {
        Predict { batch_size: None, steps: None, callbacks: Vec::new(), verbosity: None }
    }
}

impl<T: Scalar> fmt::Debug for Predict<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predict")
            .field("batch_size", &self.batch_size)
            .field("steps", &self.steps)
            .field("callbacks", &self.callbacks.len())
            .field("verbosity", &self.verbosity)
            .finish()
    }
}

impl<'a, T: Scalar> Predict<'a, T> {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a callback: a value, or `&mut` one that is to be looked at afterwards.
    #[must_use]
    pub fn callback(mut self, callback: impl Callback<T> + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
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

/// Copies samples into a batch.
pub(super) fn load<T: Scalar>(from: &Source<'_, T>, mut to: BatchMut<'_, T>) {
    if let (1, Some(sample)) = (to.stride(), from.first_row()) {
        return to.padded()[..sample.len()].copy_from_slice(sample);
    }
    for j in 0..from.columns {
        let column = to.column_mut(j);
        match from.column(j) {
            Some(values) => column.copy_from_slice(values),
            None => column.iter_mut().enumerate().for_each(|(i, value)| *value = from.at(i, j)),
        }
    }
}

/// What the samples of one block go through: two buffers in turn, and the layers' scratch.
#[derive(Clone, Copy)]
pub(super) struct Room {
    stride: usize,
    buffer: usize,
    scratch: usize,
}

impl Room {
    fn new<T: Scalar>(network: &Network<T>, rows: usize) -> Self {
        match network.single {
            Some(room) if rows == 1 => room,
            _ => Room::with_stride(&network.nodes, network.inputs, padded(rows)),
        }
    }

    /// One sample has its values side by side where the layers can take them so: a sixteenth of the memory, and none
    /// of the arithmetic on the room between columns.
    pub(super) fn of_one_sample<T: Scalar>(nodes: &[Node<T>], inputs: usize) -> Option<Self> {
        let packed = nodes.iter().all(|node| node.cell.takes_packed_sample());
        packed.then(|| Room::with_stride(nodes, inputs, 1))
    }

    fn with_stride<T: Scalar>(nodes: &[Node<T>], inputs: usize, stride: usize) -> Self {
        let widest = nodes.iter().map(|node| node.outputs).fold(inputs, usize::max);
        let scratch = nodes.iter().map(|node| node.cell.scratch(stride)).max().unwrap_or(0);
        // Buffers begin on lines of the cache.
        let [buffer, scratch] = [widest * stride, scratch].map(|length| length.next_multiple_of(LANES));
        Room { stride, buffer, scratch }
    }

    fn length(&self) -> usize {
        2 * self.buffer + self.scratch
    }
}

/// Samples to predict, and the columns that their predictions go to.
struct Job<'a, T> {
    x: Source<'a, T>,
    columns: Vec<&'a mut [T]>,
}

impl<'a, T: Scalar> Job<'a, T> {
    /// The first `left` of `parts` parts of the samples, and the others.
    fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let at = threads::boundary(self.x.rows, left, parts).next_multiple_of(BLOCK).min(self.x.rows);
        let (first, second) = (self.x.skip_rows(0, at), self.x.skip_rows(at, self.x.rows - at));
        let (before, behind) = self.columns.into_iter().map(|column| column.split_at_mut(at)).unzip();
        (Job { x: first, columns: before }, Job { x: second, columns: behind })
    }
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
    pub fn predict_with(&self, x: &impl Samples<T>, options: Predict<'_, T>) -> Result<DMatrix<T>> {
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

    pub(crate) fn run(&self, x: Source<'_, T>, mut options: Predict<'_, T>) -> Result<DMatrix<T>> {
        let block = options.batch_size.unwrap_or(BLOCK);
        super::fit::at_least_one("Predict", "batch_size", block)?;
        super::fit::at_least_one("Predict", "steps", options.steps.unwrap_or(1))?;
        let asked = options.steps.map_or(x.rows, |steps| steps.saturating_mul(block).min(x.rows));
        let x = x.skip_rows(0, asked);
        let mut predictions = DMatrix::zeros(x.rows, self.outputs());
        match options.callbacks.as_mut_slice() {
            [] => self.run_into(x, block, predictions.as_mut_slice())?,
            callbacks => self.run_observed(x, block, callbacks, &mut predictions)?,
        }
        Ok(predictions)
    }

    /// One batch after the other, between calls of the callbacks.
    fn run_observed(
        &self,
        x: Source<'_, T>,
        block: usize,
        callbacks: &mut [Box<dyn Callback<T> + '_>],
        predictions: &mut DMatrix<T>,
    ) -> Result<()> {
        self.check_input("x", &x)?;
        let mut each = |call: &mut dyn FnMut(&mut (dyn Callback<T> + '_)) -> Result<()>| -> Result<()> {
            callbacks.iter_mut().try_for_each(|callback| call(&mut **callback))
        };
        each(&mut |callback| callback.on_predict_begin(x.rows.div_ceil(block)))?;
        for (batch, start) in (0..x.rows).step_by(block).enumerate() {
            let rows = (x.rows - start).min(block);
            each(&mut |callback| callback.on_predict_batch_begin(batch))?;
            self.blocks(x.skip_rows(start, rows), block, |_, output| {
                for j in 0..output.columns() {
                    let at = j * x.rows + start;
                    predictions.as_mut_slice()[at..at + rows].copy_from_slice(output.column(j));
                }
            });
            each(&mut |callback| callback.on_predict_batch_end(batch))?;
        }
        each(&mut |callback| callback.on_predict_end())
    }

    /// Writes the predictions for samples into a matrix of samples × outputs that is there already.
    ///
    /// For whoever predicts again and again: nothing is allocated.
    ///
    /// ```
    /// use nalgebra::{DMatrix, RowDVector};
    /// use perceptra::prelude::*;
    ///
    /// let network = Sequential::new().add(Dense::new(2, Relu)).build(3)?;
    /// let mut y = DMatrix::zeros(1, 2);
    /// for i in 0..10 {
    ///     let x = RowDVector::from_element(3, i as f32);
    ///     network.predict_into(&x, &mut y)?;
    /// }
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`predict`](Network::predict); [`Error::Rows`] and [`Error::Outputs`] where the matrix has another shape.
    pub fn predict_into(&self, x: &impl Samples<T>, y: &mut DMatrix<T>) -> Result<()> {
        let x = Source::new(x.view());
        super::validation::same_rows(("x", x.rows), ("y", y.nrows()))?;
        if y.ncols() != self.outputs() {
            let advice = "pass a matrix with one column for each output".into();
            return Err(Error::Outputs { what: "y", expected: self.outputs(), found: y.ncols(), advice });
        }
        T::predict_into(self, x, BLOCK, y.as_mut_slice())
    }

    /// Checks the samples and predicts them into columns as long as there are samples.
    pub(crate) fn run_into(&self, x: Source<'_, T>, block: usize, predictions: &mut [T]) -> Result<()> {
        self.check_input("x", &x)?;
        let rows = x.rows;
        // A weight is a product, and each layer some overhead; it is the order of magnitude that matters.
        let parts = threads::parts(rows * (self.weights.len() + 16), GRAIN);
        if parts == 1 {
            self.blocks(x, block, |start, output| {
                for j in 0..output.columns() {
                    let at = j * rows + start;
                    predictions[at..at + output.rows()].copy_from_slice(output.column(j));
                }
            });
            return Ok(());
        }
        let job = Job { x, columns: predictions.chunks_mut(rows).collect() };
        threads::divide(job, parts, &Job::split, &|Job { x, mut columns }| {
            self.blocks(x, block, |start, output| {
                for (j, column) in columns.iter_mut().enumerate() {
                    column[start..start + output.rows()].copy_from_slice(output.column(j));
                }
            });
        });
        Ok(())
    }

    /// The way of samples through all layers, block by block; hands out where a block begins and what came out.
    fn blocks(&self, x: Source<'_, T>, block: usize, mut write: impl FnMut(usize, Batch<'_, T>)) {
        let room = Room::new(self, x.rows.min(block));
        T::with_room(|memory| {
            if memory.len() < room.length() {
                *memory = Aligned::zeros(room.length());
            }
            let mut start = 0;
            while start < x.rows {
                let rows = (x.rows - start).min(block);
                write(start, self.through(&x.skip_rows(start, rows), memory, room));
                start += rows;
            }
        });
    }

    /// The way of the samples of one block through all layers.
    fn through<'m>(&self, x: &Source<'_, T>, memory: &'m mut [T], room: Room) -> Batch<'m, T> {
        let (rows, stride) = (x.rows, padded(x.rows).min(room.stride));
        let (from, rest) = memory.split_at_mut(room.buffer);
        let (to, scratch) = rest.split_at_mut(room.buffer);
        let (mut from, mut to) = (from, to);
        let mut columns = x.columns;
        load(x, BatchMut::new(from, rows, columns, stride));
        for node in &self.nodes {
            let pass = Inference {
                weights: &self.weights[node.weights.clone()],
                state: &self.state[node.state.clone()],
                scratch: &mut scratch[..room.scratch],
                logits: false,
            };
            let (x, y) = (Batch::new(from, rows, columns, stride), BatchMut::new(to, rows, node.outputs, stride));
            node.cell.infer(pass, x, y);
            columns = node.outputs;
            std::mem::swap(&mut from, &mut to);
        }
        Batch::new(from, rows, columns, stride)
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
