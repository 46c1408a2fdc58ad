//! Checks the arguments of a fit of matrices or of a block source, and allocates its buffers.

use super::argument_names::ArgumentNames;
use super::block_reader::BlockReader;
use super::callback::Callback;
use super::checks::{self, same_rows};
use super::context::LogKey;
use super::dataset::Dataset;
use super::epoch_iterator::EpochIterator;
use super::evaluate_loop::EvaluateLoop;
use super::fit_inputs::{FitInputs, SourceInputs, ValidationSet};
use super::fit_loop::{FitLoop, FitSource};
use super::fit_settings::FitSettings;
use super::history::History;
use super::logs::Logs;
use super::measures::Measures;
use super::network::Network;
use super::resumable_fit::ResumableFit;
use super::row_stream::{HashPart, RowStream, window};
use super::running_metrics::RunningMetrics;
use super::train_step::TrainStep;
use crate::kernels::matmul;
use crate::metrics::Width;
use crate::optimizers::OptimizerState;
use crate::{Result, Scalar, threads};

/// From this batch size on, rows of matrices are copied window by window instead of all at the start, if another thread is
/// available to do so.
const WINDOWED: usize = 256;

/// The parts of a model that a fit changes.
pub(crate) struct Trained<'a, T: Scalar> {
    pub(crate) network: &'a mut Network<T>,
    pub(crate) optimizer_state: &'a mut OptimizerState<T>,
    pub(crate) history: &'a mut History,
}

/// The data of a fit with its batches, buffers and validation.
struct PreparedFit<'f, 'r, T: Scalar> {
    data: Dataset<'f, T>,
    source: Option<FitSource<'r, T>>,
    validation: Option<EvaluateLoop<T>>,
    step: TrainStep<T>,
    batches: EpochIterator,
    targets: usize,
    callbacks: Vec<Box<dyn Callback<T> + 'f>>,
    resumable: Option<&'f mut ResumableFit<T>>,
}

impl<'a, 'f, 'r, T: Scalar> FitLoop<'a, 'f, 'r, T> {
    /// Checks the data and options and allocates all buffers.
    pub(crate) fn prepare(
        model: Trained<'a, T>,
        measures: Measures<'a, T>,
        options: FitSettings,
        inputs: FitInputs<'f, T>,
    ) -> Result<Self> {
        same_rows(("x", inputs.x.rows), ("y", inputs.y.rows))?;
        // Checked before the validation split, so that the message states the numbers that the caller passed.
        if let Some(weights) = inputs.sample_weight {
            same_rows(("x", inputs.x.rows), ("sample_weight", weights.len()))?;
        }
        let (kept, validation) = inputs.split(&options)?;
        let (x, y) = (inputs.x.skip_rows(0, kept), inputs.y.skip_rows(0, kept));
        let network = &*model.network;
        network.check_input("x", &x)?;
        check_trainable(network)?;
        let batch_size = options.batch_size.min(kept).max(1);
        let weighted = inputs.sample_weight.is_some() || !options.class_weight.0.is_empty();
        let step = TrainStep::new(network, measures.loss, y.columns, batch_size, weighted)?;
        checks::targets("y", &y, step.loss.loss(), network.outputs())?;
        checks::check_classes(&options.class_weight.0, step.loss.loss(), y.columns, network.outputs())?;
        let weights = inputs.weights(&options, kept)?;
        let validation = match validation {
            Some(ValidationSet { x, y, weights, shared, first, names }) => {
                let evaluation =
                    EvaluateLoop::new(network, &measures, (x, y), shared, weights, validation_size(&options), &names);
                Some(evaluation.map_err(|error| error.moved_down(first))?)
            }
            None => None,
        };
        // Existing records do not contain class weights.
        let shared = inputs.shared.train.filter(|_| options.class_weight.0.is_empty());
        let is_divided = step.row_parts.is_some() || divides_products(network, batch_size);
        let copies = options.copy_rows.unwrap_or(batch_size < WINDOWED || !threads::has_others() || is_divided);
        let data = if shared.is_some() || copies {
            Dataset::new(&x, &y, weights.as_deref(), shared)?
        } else {
            Dataset::windowed(x, y, weights, batch_size)?
        };
        let prepared = PreparedFit {
            data,
            source: None,
            validation,
            step,
            batches: EpochIterator::new(kept, batch_size, options.steps_per_epoch),
            targets: y.columns,
            callbacks: inputs.callbacks,
            resumable: inputs.resumable,
        };
        Self::assemble(model, measures, options, prepared)
    }

    /// Checks the options and the shape of a source's rows, and allocates all buffers; the rows are checked when they are read.
    pub(crate) fn prepare_source(
        model: Trained<'a, T>,
        measures: Measures<'a, T>,
        mut options: FitSettings,
        inputs: SourceInputs<'f, 'r, T>,
    ) -> Result<Self> {
        let SourceInputs { source, validation_source, validation_data, callbacks } = inputs;
        let network = &*model.network;
        check_trainable(network)?;
        let part = match options.validation_hash {
            0.0 => HashPart::All,
            fraction => HashPart::Training(fraction),
        };
        options.batch_size = source.rows.map_or(options.batch_size, |rows| options.batch_size.min(rows)).max(1);
        let shuffled = options.shuffle.then_some(options.shuffle_buffer);
        let capacity = window::<T>(source.shape, options.batch_size, shuffled);
        let stream = RowStream::new((source.shape, source.rows), capacity, part, ArgumentNames::SOURCE);
        let stream = stream.class_weight(&options.class_weight.0);
        let targets = stream.outputs();
        let step = TrainStep::new(network, measures.loss, targets, options.batch_size, stream.weighted())?;
        stream.check_shape(network, step.loss.loss())?;
        checks::check_classes(&options.class_weight.0, step.loss.loss(), targets, network.outputs())?;
        let size = validation_size(&options);
        let mut reader: Option<BlockReader<'r, T>> = None;
        let validation = if let Some(other) = validation_source {
            let capacity = window::<T>(other.shape, size.0, None);
            let stream = RowStream::new((other.shape, other.rows), capacity, HashPart::All, ArgumentNames::VALIDATION);
            reader = Some(other.reader);
            Some(EvaluateLoop::of_stream(network, &measures, stream, size)?)
        } else if let Some(((x, y), weights)) = validation_data {
            Some(EvaluateLoop::new(network, &measures, (x, y), None, weights, size, &ArgumentNames::VALIDATION)?)
        } else if let HashPart::Training(fraction) = part {
            let capacity = window::<T>(source.shape, size.0, None);
            let part = HashPart::Validation(fraction);
            let stream = RowStream::new((source.shape, source.rows), capacity, part, ArgumentNames::SOURCE);
            Some(EvaluateLoop::of_stream(network, &measures, stream, size)?)
        } else {
            None
        };
        let prepared = PreparedFit {
            data: stream.dataset()?,
            batches: EpochIterator::of_source(stream.rows(), options.batch_size, options.steps_per_epoch),
            source: Some(FitSource { stream, reader: source.reader, validation: reader }),
            validation,
            step,
            targets,
            callbacks,
            resumable: None,
        };
        Self::assemble(model, measures, options, prepared)
    }

    fn assemble(
        model: Trained<'a, T>,
        measures: Measures<'a, T>,
        options: FitSettings,
        prepared: PreparedFit<'f, 'r, T>,
    ) -> Result<Self> {
        let Trained { network, optimizer_state, history } = model;
        let PreparedFit { data, source, validation, step, batches, targets, callbacks, resumable } = prepared;
        let width = Width { targets, outputs: network.outputs() };
        let metrics = RunningMetrics::new(measures.metrics, measures.weighted_metrics, width)?;
        let (keys, known) = keys(metrics.keys(), validation.is_some(), &callbacks);
        optimizer_state.set_trainable_variables(network.variables());
        // The file may have been saved while the averages replaced the weights; training continues with the weights.
        if optimizer_state.swapped {
            optimizer_state.swap_averages(&mut network.weights);
        }
        *history = History::default();
        Ok(FitLoop {
            network,
            optimizer_state,
            history,
            data,
            source,
            validation,
            step,
            metrics,
            batches,
            order: 0,
            options,
            callbacks,
            keys,
            known,
            measures,
            logs: Logs::default(),
            stop: false,
            resume: None,
            backups: Vec::new(),
            restored: None,
            resumable,
            ranks: None,
        })
    }
}

/// Whether the products of the largest kernel are divided among threads.
fn divides_products<T: Scalar>(network: &Network<T>, batch_size: usize) -> bool {
    let largest = network.variables().iter().map(|variable| variable.shape.count()).max().unwrap_or(0);
    matmul::is_divided(largest.saturating_mul(batch_size))
}

fn check_trainable<T: Scalar>(network: &Network<T>) -> Result<()> {
    network.check_differentiable()?;
    network.check_gradients_arrive()?;
    network.check_softmax()
}

/// The batch size and the steps of a validation.
fn validation_size(options: &FitSettings) -> (usize, Option<usize>) {
    (options.validation_batch_size.unwrap_or(options.batch_size), options.validation_steps)
}

/// The names of all values in the logs, and for each callback the number of leading names that are in the logs when it is called
/// at the end of an epoch: those without the values that later callbacks add.
fn keys<T: Scalar>(
    mut keys: Vec<LogKey>,
    validated: bool,
    callbacks: &[Box<dyn Callback<T> + '_>],
) -> (Vec<LogKey>, Vec<usize>) {
    if validated {
        let of_validation = |key: &LogKey| LogKey { name: format!("val_{}", key.name), by_batch: false, ..key.clone() };
        let validation: Vec<_> = keys.iter().map(of_validation).collect();
        keys.extend(validation);
    }
    let mut known = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        for name in callback.added_logs() {
            if !keys.iter().any(|key| key.name == name) {
                keys.push(LogKey { name, direction: None, by_batch: false });
            }
        }
        known.push(keys.len());
    }
    (keys, known)
}
