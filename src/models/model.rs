use super::fit_ranks::FitRanks;
use super::warnings::{self, Warning};
use super::{Evaluate, Fit, LayerRef, Predict, Sequential, Summary};
use crate::as_matrix::AsMatrix;
use crate::engine::argument_names::ArgumentNames;
use crate::engine::evaluate_loop::EvaluateLoop;
use crate::engine::fit_loop::FitLoop;
use crate::engine::{
    Architecture, FitInputs, FitSettings, History, Logs, Measures, Network, SourceInputs, Trained, Verbosity, show_line,
};
use crate::items::{IntoItem, Item};
use crate::kernels::strided_view::StridedView;
use crate::layers::Layer;
use crate::losses::{self, Loss};
use crate::metrics::{Metric, MetricList};
use crate::optimizers::{Optimizer, OptimizerState};
use crate::saving::native::{Compiled, Contents, Opened};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use std::fmt;
use std::sync::Arc;

/// A compiled model: layers with an optimizer, a loss and metrics.
///
/// The number of features is learned from the data at the first [`fit`](Model::fit), or declared by an
/// [`Input`](crate::layers::Input) layer. A second fit continues where the first ended: weights, optimizer state and
/// step count are kept, as in Keras.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use perceptra::prelude::*;
///
/// // Is the sum of two numbers above 1?
/// let x = DMatrix::from_fn(200, 2, |i, j| ((i * (7 + 4 * j)) % 20) as f32 / 20.0);
/// let y = DVector::from_fn(200, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 1.0)));
///
/// let mut ann = Sequential::new()
///     .add(Dense::new(8, Relu))
///     .add(Dense::new(1, Sigmoid))
///     .seed(1)
///     .compile(Adam.learning_rate(0.02), BinaryCrossentropy, metrics![Accuracy]);
/// let history = ann.fit(&x, &y, Fit::new().epochs(60).verbose(0))?;
/// assert!(history.last("accuracy").unwrap() > 0.9);
/// let probability = ann.predict(&x)?;
/// assert_eq!(probability.shape(), (200, 1));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.Model`.
#[derive(Clone)]
pub struct Model<T: Scalar = f32> {
    architecture: Sequential<T>,
    network: Option<Network<T>>,
    optimizer: Item<dyn Optimizer<T>>,
    loss: Item<dyn Loss<T>>,
    metrics: Vec<Item<dyn Metric<T>>>,
    weighted_metrics: Vec<Item<dyn Metric<T>>>,
    optimizer_state: Option<OptimizerState<T>>,
    history: History,
    /// The warnings of the first fit.
    warnings: Option<Vec<Warning>>,
    /// Whether they have been printed.
    warned: bool,
    /// The warnings from reading it from a file.
    load_warnings: Vec<String>,
}

/// The data of a fit, with its options.
pub(super) enum FitData<'f, 'r, T: Scalar> {
    Matrices(FitSettings, FitInputs<'f, T>),
    Source(FitSettings, SourceInputs<'f, 'r, T>),
}

impl<T: Scalar> Model<T> {
    pub(super) fn new(
        architecture: Sequential<T>,
        network: Option<Network<T>>,
        optimizer: Item<dyn Optimizer<T>>,
        loss: Item<dyn Loss<T>>,
        metrics: Vec<Item<dyn Metric<T>>>,
    ) -> Self {
        Model {
            architecture,
            network,
            optimizer,
            loss,
            metrics,
            weighted_metrics: Vec::new(),
            optimizer_state: None,
            history: History::default(),
            warnings: None,
            warned: false,
            load_warnings: Vec::new(),
        }
    }

    /// A model that is not built, with other layers and the same optimizer, loss and metrics.
    pub(crate) fn with_layers(self, layers: Vec<Arc<dyn Layer<T>>>) -> Self {
        let seed = self.architecture.given_seed();
        let architecture = Architecture { layers, seed }.into();
        Model { architecture, network: None, optimizer_state: None, ..self }
    }

    /// Metrics in which a sample counts its weight; those given to `compile` count every sample once.
    #[must_use]
    pub fn weighted_metrics<M>(mut self, metrics: impl MetricList<T, M>) -> Self {
        self.weighted_metrics = metrics.into_list();
        (self.warnings, self.warned) = (None, false);
        self
    }

    /// Replaces optimizer, loss and metrics; the weights are kept.
    ///
    /// Resets the optimizer's state.
    #[must_use]
    pub fn compile<O, L, M>(
        self,
        optimizer: impl IntoItem<dyn Optimizer<T>, O>,
        loss: impl IntoItem<dyn Loss<T>, L>,
        metrics: impl MetricList<T, M>,
    ) -> Self {
        Model::new(self.architecture, self.network, optimizer.into_item(), loss.into_item(), metrics.into_list())
    }

    /// Trains on samples `x` (samples × features) with targets `y` (samples × outputs).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for options out of range, [`Error::Unknown`] for names that do not exist,
    /// [`Error::Features`], [`Error::Outputs`] and [`Error::Rows`] for shapes that do not fit,
    /// [`Error::NotFinite`] and [`Error::Target`] for values that cannot be learned from; nothing has been
    /// trained then. [`Error::Diverged`] if the loss becomes NaN or infinite: the model then has the weights
    /// from the beginning of that epoch, or those that a callback has restored. What a callback returns as an error ends
    /// the fit too. After any error [`history`](Model::history) has the epochs that were finished, and the best weights of
    /// [`EarlyStopping`](crate::callbacks::EarlyStopping) are restored.
    pub fn fit(&mut self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>, options: Fit<'_, T>) -> Result<History> {
        let (x, y) = (StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix()));
        T::train(self, x, y, options)?;
        Ok(self.history.clone())
    }

    pub(crate) fn train(&mut self, x: StridedView<'_, T>, y: StridedView<'_, T>, options: Fit<'_, T>) -> Result<()> {
        let mut ranks = FitRanks::new(options.ranks());
        let result = self.train_on(x, y, options, &mut ranks);
        ranks.end(result)
    }

    fn train_on<'f>(
        &mut self,
        x: StridedView<'f, T>,
        y: StridedView<'f, T>,
        options: Fit<'f, T>,
        ranks: &mut FitRanks<'f>,
    ) -> Result<()> {
        let is_shown = options.verbosity() != Verbosity::Silent;
        options.check()?;
        options.check_of_matrices()?;
        let (options, inputs) = options.into_parts(x, y)?;
        inputs.check()?;
        let shape = (inputs.x.columns, inputs.y.columns);
        self.run_fit(shape, (is_shown, ranks), FitData::Matrices(options, inputs))
    }

    /// Builds the model, and trains it on samples of this many features and targets.
    pub(super) fn run_fit<'f>(
        &mut self,
        (inputs, targets): (usize, usize),
        (is_shown, ranks): (bool, &mut FitRanks<'f>),
        data: FitData<'f, '_, T>,
    ) -> Result<()> {
        self.build(inputs)?;
        let Model { network, optimizer, loss, metrics, weighted_metrics, optimizer_state, history, .. } = self;
        let network = network.as_mut().ok_or(Error::NotBuilt)?;
        let mut state = match optimizer_state.take() {
            Some(state) => state,
            None => OptimizerState::for_network(optimizer, network)?,
        };
        let measures = Measures { loss, metrics, weighted_metrics };
        let (warnings, warned) = (&mut self.warnings, &mut self.warned);
        let found = if warnings.is_none() { warnings::of(network, &measures, targets).ok() } else { None };
        let model = Trained { network, optimizer_state: &mut state, history };
        let prepared = match data {
            FitData::Matrices(options, inputs) => FitLoop::prepare(model, measures, options, inputs),
            FitData::Source(options, inputs) => FitLoop::prepare_source(model, measures, options, inputs),
        };
        let is_shown = is_shown && ranks.is_shown();
        let result = ranks.begin(prepared).and_then(|fit| {
            let found = warnings.get_or_insert_with(|| found.unwrap_or_default());
            if is_shown && !std::mem::replace(warned, true) {
                found.iter().for_each(|warning| show_line(format_args!("warning: {warning}")));
            }
            fit.run()
        });
        *optimizer_state = Some(state);
        result
    }

    /// Gives the model weights for samples of `features`, unless it has some.
    ///
    /// # Errors
    ///
    /// The errors of [`Sequential::build`]; [`Error::Unknown`] and [`Error::Argument`] for an optimizer, a loss or metrics that were
    /// compiled with invalid arguments; [`Error::Features`] if it is already built for another number.
    pub fn build(&mut self, features: usize) -> Result<&mut Network<T>> {
        match &mut self.network {
            Some(network) if network.inputs() != features => {
                Err(Error::Features { what: "x", expected: network.inputs(), found: features })
            }
            Some(network) => Ok(network),
            empty => {
                let network = self.architecture.clone().build(features)?;
                // Report invalid arguments of `compile` now, and not in the first fit.
                OptimizerState::for_network(&self.optimizer, &network)?;
                self.loss.get()?.for_shape(1, network.outputs())?;
                self.metrics.iter().chain(&self.weighted_metrics).try_for_each(|metric| metric.get().map(drop))?;
                Ok(empty.insert(network))
            }
        }
    }

    /// Loss and metrics on samples, in batches of 32.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit; else as [`fit`](Model::fit).
    pub fn evaluate(&self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>) -> Result<Logs> {
        self.evaluate_with(x, y, Evaluate::new())
    }

    /// Loss and metrics on samples, with options.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate`](Model::evaluate).
    pub fn evaluate_with(&self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>, options: Evaluate<'_, T>) -> Result<Logs> {
        T::evaluate(self, StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix()), options)
    }

    pub(crate) fn measure(
        &self,
        x: StridedView<'_, T>,
        y: StridedView<'_, T>,
        mut options: Evaluate<'_, T>,
    ) -> Result<Logs> {
        let (batch_size, steps, weights) = options.parts()?;
        let verbosity = options.verbosity();
        let names = ArgumentNames { x: "x", y: "y", weights: "sample_weight" };
        let network = self.network()?;
        let mut logs = Logs::default();
        let size = (batch_size, steps);
        let mut evaluator = EvaluateLoop::new(network, &self.measures(), (x, y), None, weights, size, &names)?;
        evaluator.run_shown(network, (verbosity, &mut options.callbacks), None, &mut logs)?;
        Ok(logs)
    }

    /// The predictions for samples; see [`Network::predict`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit; [`Error::Features`], [`Error::NotFinite`].
    pub fn predict(&self, x: &impl AsMatrix<T>) -> Result<DMatrix<T>> {
        self.network()?.predict(x)
    }

    /// Writes the predictions into a matrix that is there already; see [`Network::predict_into`].
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Model::predict); [`Error::Rows`] and [`Error::Outputs`] if the matrix has another shape.
    pub fn predict_into(&self, x: &impl AsMatrix<T>, y: &mut DMatrix<T>) -> Result<()> {
        self.network()?.predict_into(x, y)
    }

    /// The predictions for samples, with options; see [`Network::predict_with`].
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Model::predict); [`Error::Argument`] for options out of range.
    pub fn predict_with(&self, x: &impl AsMatrix<T>, options: Predict<'_, T>) -> Result<DMatrix<T>> {
        self.network()?.predict_with(x, options)
    }

    /// A layer by its name; see [`Network::get_layer`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], [`Error::Unknown`].
    pub fn get_layer(&self, name: &str) -> Result<LayerRef<'_, T>> {
        self.network()?.get_layer(name)
    }

    /// Takes one optimizer step on one batch; returns loss and metrics of the batch before the step.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Model::fit).
    pub fn train_on_batch(&mut self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>) -> Result<Logs> {
        self.train_on_batch_with(x, y, Fit::new())
    }

    /// Takes one optimizer step on one batch with its `sample_weight` or `class_weight` taken from `options`.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Model::fit).
    pub fn train_on_batch_with(
        &mut self,
        x: &impl AsMatrix<T>,
        y: &impl AsMatrix<T>,
        options: Fit<'_, T>,
    ) -> Result<Logs> {
        let rows = x.as_matrix().nrows().max(1);
        let options = options.batch_size(rows).epochs(1).initial_epoch(0).shuffle(false).verbose(0);
        let history = self.fit(x, y, options.validation_split(0.0))?;
        let mut logs = Logs::default();
        for name in history.names() {
            logs.set(name, history.last(name).unwrap_or(f64::NAN));
        }
        Ok(logs)
    }

    /// Loss and metrics of one batch, without training.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate`](Model::evaluate).
    pub fn test_on_batch(&self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>) -> Result<Logs> {
        self.test_on_batch_with(x, y, Evaluate::new())
    }

    /// Loss and metrics of one batch with its `sample_weight` taken from `options`, without training.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate`](Model::evaluate).
    pub fn test_on_batch_with(
        &self,
        x: &impl AsMatrix<T>,
        y: &impl AsMatrix<T>,
        options: Evaluate<'_, T>,
    ) -> Result<Logs> {
        self.evaluate_with(x, y, options.batch_size(x.as_matrix().nrows().max(1)))
    }

    /// A layer by its position; see [`Network::get_layer_at`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], [`Error::Argument`].
    pub fn get_layer_at(&self, index: usize) -> Result<LayerRef<'_, T>> {
        self.network()?.get_layer_at(index)
    }

    /// The number of all parameters: weights and state.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit.
    pub fn count_params(&self) -> Result<usize> {
        Ok(self.network()?.count_params())
    }

    /// The predictions for one batch; the same as [`predict`](Model::predict).
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Model::predict).
    pub fn predict_on_batch(&self, x: &impl AsMatrix<T>) -> Result<DMatrix<T>> {
        self.predict(x)
    }

    /// The model's layers and weights.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit.
    pub fn network(&self) -> Result<&Network<T>> {
        self.network.as_ref().ok_or(Error::NotBuilt)
    }

    /// The model's layers and weights, to change them.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit.
    pub fn network_mut(&mut self) -> Result<&mut Network<T>> {
        self.network.as_mut().ok_or(Error::NotBuilt)
    }

    /// Returns only the layers and weights, for deployment.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit.
    pub fn into_network(self) -> Result<Network<T>> {
        self.network.ok_or(Error::NotBuilt)
    }

    /// The layers as a table.
    ///
    /// # Errors
    ///
    /// Before the first fit: [`Error::NotBuilt`] unless the inputs are declared, and what building the layers
    /// reports.
    pub fn summary(&self) -> Result<Summary> {
        match &self.network {
            Some(network) => Ok(network.summary()),
            None => Ok(self.architecture.clone().build_declared()?.summary()),
        }
    }

    /// The weights of a layer; see [`Network::weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], [`Error::Unknown`].
    pub fn weights(&self, layer: &str) -> Result<Vec<DMatrix<T>>> {
        self.network()?.weights(layer)
    }

    /// Replaces the weights of a layer; see [`Network::set_weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], [`Error::Unknown`], [`Error::Weights`], [`Error::NotFinite`].
    pub fn set_weights(&mut self, layer: &str, values: &[DMatrix<T>]) -> Result<()> {
        self.network_mut()?.set_weights(layer, values)
    }

    /// Freezes or thaws a layer, from the next fit on.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], [`Error::Unknown`].
    pub fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        self.network_mut()?.set_trainable(layer, trainable)
    }

    /// The description of the layers.
    pub fn architecture(&self) -> &Sequential<T> {
        &self.architecture
    }

    /// The metrics of the last fit, also of one that ended with an error.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The warnings of the first fit about combinations that are probably unintended, such as a sigmoid before a loss that takes logits; see [`Warning`].
    ///
    /// Empty before that fit.
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.as_deref().unwrap_or_default()
    }

    /// The warnings from reading the model from a file: one sentence each, empty for a model that was not read or
    /// if there is none.
    ///
    /// A file of Keras 2 may hold a state of the optimizer that cannot be continued, or none: the model then opens with a
    /// fresh state, which is reported here and on standard error.
    pub fn load_warnings(&self) -> &[String] {
        &self.load_warnings
    }

    /// The optimizer steps taken since the model was compiled.
    pub fn iterations(&self) -> u64 {
        self.optimizer_state.as_ref().map_or(0, |state| state.iterations)
    }

    /// The learning rate of the next step.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] for the name of an optimizer that does not exist, [`Error::Argument`] for one whose arguments are
    /// out of range.
    pub fn learning_rate(&self) -> Result<f64> {
        match &self.optimizer_state {
            Some(state) => Ok(state.current_rate()),
            None => Ok(self.optimizer.checked()?.learning_rate().at(0)),
        }
    }

    /// The network; it is built first if the layers declare their inputs.
    pub(crate) fn network_or_declared(&mut self) -> Result<&mut Network<T>> {
        match (self.network.is_some(), self.architecture.declared_inputs()) {
            (false, Some(inputs)) => self.build(inputs),
            _ => self.network_mut(),
        }
    }

    /// The parts that are saved.
    pub(crate) fn contents(&self) -> Contents<'_, T> {
        Contents {
            architecture: Some(self.architecture.as_architecture().clone()),
            network: self.network.as_ref(),
            compiled: Some((self.optimizer.clone(), self.measures())),
            optimizer_state: self.optimizer_state.as_ref(),
            fit: None,
            threshold: None,
            pipeline: None,
        }
    }

    /// The optimizer's state before its first step.
    #[cfg(feature = "keras")]
    pub(crate) fn fresh_state(&self, network: &Network<T>) -> Result<OptimizerState<T>> {
        OptimizerState::for_network(&self.optimizer, network)
    }

    /// Replaces the state of the optimizer.
    #[cfg(feature = "keras")]
    pub(crate) fn set_state(&mut self, state: OptimizerState<T>) {
        self.optimizer_state = Some(state);
    }

    /// The model of a file, unless the file holds none that was compiled.
    pub(crate) fn from_file(file: Opened<T>) -> Option<Self> {
        let Opened { architecture, network, compiled, optimizer_state, warnings, .. } = file;
        let Compiled { optimizer, loss, metrics, weighted_metrics } = compiled?;
        let compiled = Model::new(architecture.into(), network, optimizer, loss, metrics);
        Some(Model { weighted_metrics, optimizer_state, load_warnings: warnings, ..compiled })
    }

    /// The loss, looked up if it was given by name.
    pub(crate) fn resolved_loss(&self, targets: usize, outputs: usize) -> Result<Arc<dyn Loss<T>>> {
        losses::for_shape(&self.loss, targets, outputs)
    }

    /// Sets the seed of the weights, of dropout and of the order of samples; a model that is built keeps its weights.
    pub(crate) fn seeded(mut self, seed: u64) -> Self {
        self.architecture = self.architecture.seed(seed);
        self
    }

    /// Replaces the network by one of the same layers.
    pub(crate) fn with_network(mut self, network: Network<T>) -> Self {
        self.network = Some(network);
        self
    }

    /// Whether it has weights.
    pub(crate) fn is_built(&self) -> bool {
        self.network.is_some()
    }

    pub(super) fn measures(&self) -> Measures<'_, T> {
        Measures { loss: &self.loss, metrics: &self.metrics, weighted_metrics: &self.weighted_metrics }
    }
}

impl<T: Scalar> fmt::Debug for Model<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("layers", &self.architecture.layers())
            .field("network", &self.network)
            .field("optimizer", &self.optimizer)
            .field("loss", &self.loss)
            .field("metrics", &self.metrics)
            .finish_non_exhaustive()
    }
}
