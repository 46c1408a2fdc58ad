//! Cross-validation of a pipeline: everything is fitted on the training rows of each fold.

use super::baseline::BaselineRows;
use super::cross_validation::{CrossValidation, FoldScores};
use super::default_columns::linear_columns;
use super::fit;
use super::pipeline_ranks::PipelineRanks;
use super::receipt::TableReceipt;
use super::truth::TrueValues;
use super::{FittedPipeline, FittedTarget, Pipeline};
use crate::distributed::Communicator;
use crate::items::{IntoItem, Item};
use crate::lists::try_map;
use crate::model_selection::{Fold, Folds, FoldsInput, folds_of};
use crate::preprocessing::{SelectedRows, Table};
use crate::random::{Purpose, fresh_seed, stream};
use crate::scores::{Score, ScoreInput, ScoreList, score_of};
use crate::{Error, Result, Scalar, num_threads};
use nalgebra::DMatrix;
use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Instant;

/// The scores of a pipeline on rows that it was not fitted to, fold by fold.
///
/// In each fold transformers, target and networks are fitted only to its training rows. Folds are fitted at the same time on the
/// threads that there are, without a progress display; the results are the same for any number of threads. The labels of a target are those of the
/// whole table, so a class may be absent from the training rows of a fold.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("x", (0..90).map(|row| f64::from(row % 30)))?
///     .with_booleans("large", (0..90).map(|row| row % 30 + row % 7 > 18))?;
/// let pipeline = Pipeline::new(Target::binary("large")).members(1).seed(1);
/// let scores = cross_validate(&pipeline, &table, StratifiedKFold::new(3), scores![RocAuc, LogLoss])?;
/// assert_eq!(scores.values("roc_auc").unwrap().len(), 3);
/// println!("{scores}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// [`CrossValidate`] has more options.
///
/// # Errors
///
/// The errors of [`CrossValidate::run`].
///
/// # References
///
/// scikit-learn, *sklearn.model_selection.cross_validate*.
pub fn cross_validate<T: Scalar, M, S>(
    pipeline: &Pipeline<T>,
    table: &Table,
    folds: impl IntoItem<dyn Folds, M>,
    scores: impl ScoreList<S>,
) -> Result<CrossValidation> {
    CrossValidate::new(folds, scores).run(pipeline, table)
}

/// Predictions for every row by the pipeline of the fold in which it is tested, rows × probabilities or numbers, as those of
/// [`FittedPipeline::predict_proba`](super::FittedPipeline::predict_proba) with one column for a binary target.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let predicted = cross_val_predict(&pipeline, &table, StratifiedKFold::new(3))?;
/// assert_eq!(predicted.shape(), (80, 1));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`CrossValidate::run`]; [`Error::Argument`] for folds that do not test each row once.
///
/// # References
///
/// scikit-learn, *sklearn.model_selection.cross_val_predict*.
pub fn cross_val_predict<T: Scalar, M>(
    pipeline: &Pipeline<T>,
    table: &Table,
    folds: impl IntoItem<dyn Folds, M>,
) -> Result<DMatrix<f64>> {
    let setup = Setup::new(pipeline, table, &folds.into_item())?;
    setup.test_each_row_once("cross_val_predict", table.nrows())?;
    let predicted =
        setup.each(|index, fold| setup.predicted(pipeline, index, fold).map(|(_, fold)| fold.prediction))?;
    let mut all = DMatrix::zeros(table.nrows(), setup.target.outputs());
    for (fold, prediction) in setup.folds.iter().zip(predicted) {
        for (from, &to) in fold.test.iter().enumerate() {
            all.set_row(to, &prediction.row(from));
        }
    }
    Ok(all)
}

/// The test rows of each fold, and the pipelines, each fitted without the rows that it tests.
type TestedPipelines<T> = (Vec<Vec<usize>>, Vec<FittedPipeline<T>>);

/// The pipelines of folds that test each row once.
pub(super) fn of_folds<T: Scalar, M>(
    item: &str,
    pipeline: &Pipeline<T>,
    table: &Table,
    folds: impl IntoItem<dyn Folds, M>,
) -> Result<TestedPipelines<T>> {
    let setup = Setup::new(pipeline, table, &folds.into_item())?;
    setup.test_each_row_once(item, table.nrows())?;
    let fitted = setup.each(|index, fold| setup.fitted(pipeline, index, fold))?;
    Ok((setup.folds.into_iter().map(|fold| fold.test).collect(), fitted))
}

/// The options of a cross-validation; [`cross_validate`] is the short form.
///
/// ```
/// use perceptra::pipeline::CrossValidate;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("x", (0..60).map(f64::from))?
///     .with_numbers("y", (0..60).map(|row| 3.0 * f64::from(row)))?;
/// let pipeline = Pipeline::new(Target::regression("y")).members(1).seed(1);
/// let scores = CrossValidate::new(KFold::new(3).shuffle(true), scores!["r2"]).baselines(true).run(&pipeline, &table)?;
/// assert!(scores.baseline("linear", "r2").unwrap().iter().all(|r2| *r2 > 0.99));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is fitted before .run(…)"]
pub struct CrossValidate {
    folds: Item<dyn Folds>,
    scores: Vec<Item<dyn Score>>,
    baselines: bool,
}

impl CrossValidate {
    /// Creates a cross-validation with these folds and scores.
    pub fn new<M, S>(folds: impl IntoItem<dyn Folds, M>, scores: impl ScoreList<S>) -> Self {
        CrossValidate { folds: folds.into_item(), scores: scores.into_list(), baselines: false }
    }

    /// Whether two baselines are scored on the same folds: `dummy`, the fractions of the classes or the mean of the numbers, and
    /// `linear`, a logistic or ridge regression with an L2 penalty of 1 on standardized inputs, fitted to convergence. Defaults to
    /// false.
    pub fn baselines(mut self, baselines: bool) -> Self {
        self.baselines = baselines;
        self
    }

    /// The settings that must be the same on all ranks.
    fn identity(&self, table: &Table) -> Vec<(&'static str, String)> {
        vec![
            ("the folds", format!("{:?}", self.folds)),
            ("the scores", format!("{:?}", self.scores)),
            ("baselines", self.baselines.to_string()),
            ("the table", TableReceipt::of(table).to_string()),
        ]
    }

    /// Fits and scores the pipeline on each fold.
    ///
    /// Everything random follows from the seed of the pipeline: the folds where they have none, and a seed for the fit of each.
    ///
    /// # Errors
    ///
    /// The errors of the folds, such as a missing group column; [`Error::Fold`] with an error of [`Pipeline::fit`] or of a score,
    /// whose rows are counted in `table`.
    pub fn run<T: Scalar>(&self, pipeline: &Pipeline<T>, table: &Table) -> Result<CrossValidation> {
        T::cross_validation(self, pipeline, table, None)
    }

    /// Fits and scores the pipeline on all [ranks](crate::distributed), each of which passes the same pipeline and the same table: the folds
    /// are distributed over the ranks, and all ranks return the scores of all folds, bitwise equal to those of [`run`](Self::run) for any number of ranks. The
    /// seed of a pipeline that has none is drawn by rank 0.
    ///
    /// ```
    /// use perceptra::distributed::InProcess;
    /// use perceptra::pipeline::CrossValidate;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..60).map(f64::from))?
    ///     .with_numbers("y", (0..60).map(|row| 3.0 * f64::from(row)))?;
    /// let pipeline = Pipeline::new(Target::regression("y")).members(1).seed(1);
    /// let options = CrossValidate::new(KFold::new(3), scores!["r2"]);
    /// let of_ranks = InProcess::run(2, |world| options.run_distributed(world, &pipeline, &table))?;
    /// let expected = options.run(&pipeline, &table)?;
    /// assert!(of_ranks.iter().all(|scores| scores.values("r2") == expected.values("r2")));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`run`](Self::run), on all ranks: the others return [`Error::Rank`], which names the one that failed; [`Error::Argument`] for a rank
    /// whose program, pipeline, options or table differ from those of rank 0.
    pub fn run_distributed<T: Scalar>(
        &self,
        communicator: &dyn Communicator,
        pipeline: &Pipeline<T>,
        table: &Table,
    ) -> Result<CrossValidation> {
        T::cross_validation(self, pipeline, table, Some(communicator))
    }

    pub(crate) fn run_folds<T: Scalar>(
        &self,
        pipeline: &Pipeline<T>,
        table: &Table,
        over: Option<&dyn Communicator>,
    ) -> Result<CrossValidation> {
        let ranks = PipelineRanks { over };
        ranks.compare("CrossValidate", pipeline, || self.identity(table))?;
        let seed = ranks.of_first(pipeline.seed.unwrap_or_else(fresh_seed))?;
        let setup = ranks.agree(Setup::new(&pipeline.clone().seed(seed), table, &self.folds))?;
        let items = ranks.agree(try_map(self.scores.iter(), Item::checked))?;
        let scored = setup.each_of(ranks, |index, fold| {
            let (test, predicted) = setup.predicted(pipeline, index, fold)?;
            let began = Instant::now();
            let targets = test.select(&pipeline.target.columns)?.table();
            let truth = TrueValues::of(&setup.target, &targets).map_err(|error| test.about_rows(error))?;
            drop(targets);
            let weights = fit::selected_weights(pipeline, &test)?;
            let values = |prediction: &DMatrix<f64>| {
                let mut input = ScoreInput::new(truth.truth(), prediction).with_threshold(pipeline.threshold);
                input.weights = weights.as_deref();
                let of_rows = |error: Error| test.about_rows(error);
                try_map(self.scores.iter(), |score| score_of(score.clone(), &input).map_err(of_rows))
            };
            let scores = values(&predicted.prediction)?;
            let score_seconds = predicted.seconds + began.elapsed().as_secs_f64();
            let baselines = match self.baselines {
                true => {
                    let [dummy, linear] = setup.baselines(pipeline, fold, &test)?;
                    vec![values(&dummy)?, values(&linear)?]
                }
                false => Vec::new(),
            };
            let rows = (fold.train_rows(table.nrows()), fold.test.len());
            let (checksum, fit_seconds) = (truth.checksum(&fold.test), predicted.fit_seconds);
            Ok(FoldScores { scores, baselines, rows, checksum, fit_seconds, score_seconds })
        })?;
        Ok(CrossValidation::new(&items, scored, setup.seed))
    }
}

/// The rows of a fold; the training rows are stored only if they are not all others in ascending order.
struct CompactFold {
    train: Option<Vec<usize>>,
    test: Vec<usize>,
}

impl CompactFold {
    fn of(Fold { train, test }: Fold, rows: usize) -> Self {
        let fold = CompactFold { train: None, test };
        let is_complement = fold.train_rows(rows) == train.len() && train.is_sorted();
        // Rows of one part are never in the other one.
        CompactFold { train: (!is_complement).then_some(train), ..fold }
    }

    /// The number of training rows.
    fn train_rows(&self, rows: usize) -> usize {
        self.train.as_ref().map_or(rows - self.test.len(), Vec::len)
    }

    /// The training rows.
    fn train(&self, rows: usize) -> Vec<usize> {
        match &self.train {
            Some(train) => train.clone(),
            None => {
                let mut is_test = vec![false; rows];
                self.test.iter().for_each(|&row| is_test[row] = true);
                let mut train = Vec::with_capacity(rows - self.test.len());
                train.extend((0..rows).filter(|&row| !is_test[row]));
                train
            }
        }
    }
}

/// The data that all folds use.
struct Setup {
    table: Table,
    folds: Vec<CompactFold>,
    /// The target with the labels of all rows.
    target: FittedTarget,
    seed: u64,
}

/// The predictions of one fold for its test rows.
struct Predicted {
    prediction: DMatrix<f64>,
    fit_seconds: f64,
    /// The time of the prediction.
    seconds: f64,
}

impl Setup {
    fn new<T: Scalar>(pipeline: &Pipeline<T>, table: &Table, folds: &Item<dyn Folds>) -> Result<Self> {
        pipeline.check()?;
        fit::not_empty(table.nrows(), "cross-validation")?;
        let seed = pipeline.seed.unwrap_or_else(fresh_seed);
        let target = pipeline.target.fit(&table.select(&pipeline.target.columns)?, None)?;
        let classes = if target.task().has_classes() { Some(target.classes(table)?) } else { None };
        let mut input = FoldsInput::of(table).with_seed(seed);
        if let Some(classes) = &classes {
            input = input.with_classes(classes)?;
        }
        let folds = folds_of(folds.clone(), &input)?;
        drop(classes);
        let folds = folds.into_iter().map(|fold| CompactFold::of(fold, table.nrows())).collect();
        Ok(Setup { table: table.clone(), folds, target, seed })
    }

    /// Runs something for each fold, on the ranks that there are.
    fn each_of<R: Send + Serialize + DeserializeOwned>(
        &self,
        ranks: PipelineRanks<'_>,
        run: impl Fn(usize, &CompactFold) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        let (rank, size) = ranks.place();
        let of_rank = self.each(|index, fold| (index % size == rank).then(|| run(index, fold)).transpose());
        let mut of_ranks: Vec<_> = ranks.gather(ranks.agree(of_rank)?)?.into_iter().map(Vec::into_iter).collect();
        // Each rank has an entry for every fold, and in its own ones a result.
        let result = |_| of_ranks.iter_mut().filter_map(|folds| folds.next().flatten()).last();
        Ok((0..self.folds.len()).filter_map(result).collect())
    }

    /// Runs a function for each fold, on several threads if available; errors name the fold.
    fn each<R: Send>(&self, run: impl Fn(usize, &CompactFold) -> Result<R> + Sync) -> Result<Vec<R>> {
        let one = |(index, fold): (usize, &CompactFold)| run(index, fold).map_err(|error| error.in_fold(index));
        match num_threads() > 1 {
            // If several folds fail, the error is that of the first fold.
            true => {
                let all: Vec<Result<R>> = self.folds.par_iter().enumerate().with_max_len(1).map(one).collect();
                all.into_iter().collect()
            }
            false => self.folds.iter().enumerate().map(one).collect(),
        }
    }

    /// Whether the folds test each of this many rows once.
    fn test_each_row_once(&self, item: &str, rows: usize) -> Result<()> {
        let mut tested = vec![0_usize; rows];
        self.folds.iter().flat_map(|fold| &fold.test).for_each(|&row| tested[row] += 1);
        match tested.iter().position(|count| *count != 1) {
            Some(row) => {
                let value = format!("folds that test row {row} {} times", tested[row]);
                Err(Error::argument(item, "folds", value, "folds that test each row once, as KFold"))
            }
            None => Ok(()),
        }
    }

    /// The pipeline of one fold.
    fn fitted<T: Scalar>(&self, pipeline: &Pipeline<T>, index: usize, fold: &CompactFold) -> Result<FittedPipeline<T>> {
        let seed = stream(self.seed, Purpose::Fold, index as u64).next_u64();
        fit::quietly(&pipeline.clone().seed(seed), &self.train(fold)?, &self.target)
    }

    fn train(&self, fold: &CompactFold) -> Result<SelectedRows> {
        SelectedRows::of(&self.table, fold.train(self.table.nrows()))
    }

    /// The test rows of a fold, and the predictions for them.
    fn predicted<T: Scalar>(
        &self,
        pipeline: &Pipeline<T>,
        index: usize,
        fold: &CompactFold,
    ) -> Result<(SelectedRows, Predicted)> {
        let began = Instant::now();
        let fitted = self.fitted(pipeline, index, fold)?;
        let fit_seconds = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let test = SelectedRows::of(&self.table, fold.test.clone())?;
        let prediction = fitted.row_values(&test)?;
        Ok((test, Predicted { prediction, fit_seconds, seconds: began.elapsed().as_secs_f64() }))
    }

    /// The predictions of the dummy and of the linear model for the test rows.
    fn baselines<T: Scalar>(
        &self,
        pipeline: &Pipeline<T>,
        fold: &CompactFold,
        test: &SelectedRows,
    ) -> Result<[DMatrix<f64>; 2]> {
        let (train, test) = (self.train(fold)?.table(), &test.table());
        let (classes, values) = match TrueValues::of(&self.target, &train)? {
            TrueValues::Classes { labels, .. } => (labels, DMatrix::zeros(0, 0)),
            TrueValues::Numbers(values) | TrueValues::Indicators(values) => (Vec::new(), values),
        };
        let weights = fit::row_weights::<T>(pipeline.weights.as_deref(), &train)?;
        let rows =
            BaselineRows { target: &self.target, classes: &classes, values: &values, weights: weights.as_deref() };
        let dummy = rows.dummy(test.nrows());
        let (train, test) = (fit::inputs(pipeline, &train)?, fit::inputs(pipeline, test)?);
        let (columns, x) = linear_columns(&train)?.fit_transform::<f64>(&train)?;
        Ok([dummy, rows.linear(&x, &columns.transform::<f64>(&test)?)?])
    }
}
