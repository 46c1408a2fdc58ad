//! Training, evaluation and prediction on sources of blocks.

use super::fit_ranks::FitRanks;
use super::model::FitData;
use super::options::{WEIGHTS, of_matrices};
use super::{Evaluate, Fit, Model};
use crate::batches::{BatchSource, Block};
use crate::engine::block_reader::with_source;
use crate::engine::evaluate_loop::EvaluateLoop;
use crate::engine::predict_loop::BLOCK;
use crate::engine::{History, Logs, Network, SourceInputs, Verbosity};
use crate::error::counted;
use crate::kernels::strided_view::StridedView;
use crate::{Error, Result, Scalar, memory};
use nalgebra::DMatrix;

/// The function that receives the blocks of a source with their predictions.
pub(crate) type WritePredictions<'a, T> = &'a mut dyn FnMut(&Block<T>, &DMatrix<T>) -> Result<()>;

impl<T: Scalar> Model<T> {
    /// Trains on the rows of a source, which need not fit in memory; see [`batches`](crate::batches).
    ///
    /// Without shuffling the model has the bits of [`fit`](Model::fit) with all rows as matrices. With it, which is the
    /// default, rows are shuffled within a window of [`shuffle_buffer`](Fit::shuffle_buffer) rows, and parts of the source, such as
    /// files, where it has some: the same seed gives the same order. A fit that is resumed from a
    /// [backup](crate::callbacks::BackupAndRestore), in the middle of an epoch too, has the bits of one that was not interrupted.
    ///
    /// Weights come from the source. For validation there are [`validation_batches`](Fit::validation_batches),
    /// [`validation_hash`](Fit::validation_hash) and `validation_data`.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Model::fit), except that rows are checked when they are read, so that an invalid one is found while the model
    /// trains: the model then has the weights from the beginning of that epoch. Rows in errors are counted from 0 in the order in which
    /// the source returned them. Also the errors of the source, and [`Error::Argument`] for a source that returns another number of rows in
    /// another pass, and for options that need matrices.
    pub fn fit_batches(&mut self, source: &mut dyn BatchSource<T>, options: Fit<'_, T>) -> Result<History> {
        T::train_batches(self, source, options)?;
        Ok(self.history().clone())
    }

    pub(crate) fn train_batches(&mut self, source: &mut dyn BatchSource<T>, options: Fit<'_, T>) -> Result<()> {
        let mut ranks = FitRanks::new(options.ranks());
        let result = self.train_on_batches(source, options, &mut ranks);
        ranks.end(result)
    }

    fn train_on_batches<'f>(
        &mut self,
        source: &mut dyn BatchSource<T>,
        options: Fit<'f, T>,
        ranks: &mut FitRanks<'f>,
    ) -> Result<()> {
        let is_shown = options.verbosity() != Verbosity::Silent;
        options.check()?;
        options.check_of_source()?;
        check_targets(&*source)?;
        let (settings, validation_data, mut validation, callbacks) = options.into_source_parts()?;
        with_source(source, |source| {
            let shape = (source.shape.inputs, source.shape.outputs);
            let inputs = SourceInputs { source, validation_source: None, validation_data, callbacks };
            match &mut validation {
                None => self.run_fit(shape, (is_shown, ranks), FitData::Source(settings, inputs)),
                Some(validation) => with_source(&mut **validation, |validation| {
                    let inputs = SourceInputs { validation_source: Some(validation), ..inputs };
                    self.run_fit(shape, (is_shown, ranks), FitData::Source(settings, inputs))
                }),
            }
        })
    }

    /// Loss and metrics on the rows of a source, in batches of 32.
    ///
    /// They have the bits of [`evaluate`](Model::evaluate) with all rows as matrices.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit; else as [`fit_batches`](Model::fit_batches).
    pub fn evaluate_batches(&self, source: &mut dyn BatchSource<T>) -> Result<Logs> {
        self.evaluate_batches_with(source, Evaluate::new())
    }

    /// Loss and metrics on the rows of a source, with options.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate_batches`](Model::evaluate_batches).
    pub fn evaluate_batches_with(&self, source: &mut dyn BatchSource<T>, options: Evaluate<'_, T>) -> Result<Logs> {
        T::evaluate_batches(self, source, options)
    }

    pub(crate) fn measure_batches(
        &self,
        source: &mut dyn BatchSource<T>,
        mut options: Evaluate<'_, T>,
    ) -> Result<Logs> {
        let (batch_size, steps, weights) = options.parts()?;
        if let Some(weights) = weights {
            return Err(of_matrices("Evaluate", "sample_weight", counted(weights.len(), "number"), WEIGHTS));
        }
        check_targets(&*source)?;
        let network = self.network()?;
        let shown = (options.verbosity(), &mut options.callbacks);
        with_source(source, |mut source| {
            let mut logs = Logs::default();
            let mut evaluator = EvaluateLoop::of_source(network, &self.measures(), &source, (batch_size, steps))?;
            evaluator.run_shown(network, shown, Some(&mut source.reader), &mut logs)?;
            Ok(logs)
        })
    }

    /// Predicts the rows of a source; see [`Network::predict_batches`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit; else as [`Network::predict_batches`].
    pub fn predict_batches(
        &self,
        source: &mut dyn BatchSource<T>,
        write: impl FnMut(&Block<T>, &DMatrix<T>) -> Result<()>,
    ) -> Result<()> {
        self.network()?.predict_batches(source, write)
    }
}

impl<T: Scalar> Network<T> {
    /// Predicts the rows of a source block by block, on all cores, and passes each block with its predictions to `write`, in
    /// order.
    ///
    /// The predictions are those of [`predict`](Network::predict). Targets of the source, if there are any, are not used.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Network::predict), with rows counted over all blocks; the errors of the source and of `write`.
    pub fn predict_batches(
        &self,
        source: &mut dyn BatchSource<T>,
        mut write: impl FnMut(&Block<T>, &DMatrix<T>) -> Result<()>,
    ) -> Result<()> {
        T::predict_batches(self, source, &mut write)
    }

    pub(crate) fn run_batches(&self, source: &mut dyn BatchSource<T>, write: WritePredictions<'_, T>) -> Result<()> {
        with_source(source, |mut source| {
            source.reader.rewind(None)?;
            let mut block = Block::new(source.shape);
            let mut before = 0;
            while source.reader.next(&mut block)? {
                let x = StridedView::new(block.x());
                let values = memory::filled(T::zero(), &[x.rows, self.outputs()]).map_err(|lack| {
                    lack.error("predict_batches", "the predictions of a block", "return smaller blocks from the source")
                })?;
                let mut predictions = DMatrix::from_vec(x.rows, self.outputs(), values);
                let done = self.run_into(x, BLOCK, predictions.as_mut_slice());
                done.map_err(|error| block.about_rows(error, before))?;
                before += x.rows;
                write(&block, &predictions)?;
            }
            Ok(())
        })
    }
}

/// Returns an error for a source without targets, since its rows can only be predicted.
fn check_targets<T: Scalar>(source: &dyn BatchSource<T>) -> Result<()> {
    match source.shape().outputs {
        0 => Err(Error::Empty {
            what: "the list of the source's targets".into(),
            advice: "a fit and an evaluation need some: name the column, as with CsvBatches::target, or give y".into(),
        }),
        _ => Ok(()),
    }
}
