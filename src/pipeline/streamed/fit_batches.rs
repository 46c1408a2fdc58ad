//! The fit of a pipeline to a source of tables.

use super::super::default_model::{self, TrainPairs};
use super::super::fitted_target::ClassForm;
use super::super::pipeline_ranks::PipelineRanks;
use super::super::prepared::{FitFacts, MemberPlan, build_member};
use super::super::receipt::{checksum_of, machine, release};
use super::super::{FittedPipeline, Pipeline, Receipt, monotone, output_link};
use super::cached_rows::TrainingRows;
use super::column_fit::fitted_columns;
use super::encoded_rows::{EncodedRows, RowEncoding, mean_of};
use super::survey::Survey;
use super::validation_rows::ValidationRows;
use crate::distributed::Distributed;
use crate::lists::try_map;
use crate::models::{Fit, FitOptions, Verbosity};
use crate::preprocessing::TableSource;
use crate::random::fresh_seed;
use crate::{Model, Result, Scalar};

impl<T: Scalar> Pipeline<T> {
    /// Fits the pipeline to the rows of a source, which need not fit in memory; see [`batches`](crate::batches).
    ///
    /// The rows are read in several passes: one for labels, types and checksum, then those of the transformers (usually one, and in a
    /// chain one for each stage that learns from rows), then one for each epoch of each member. Memory holds only
    /// a few blocks and, if rows are shuffled, a [window](Fit::shuffle_buffer) of rows.
    ///
    /// Without shuffling, the result is bitwise that of [`fit`](Self::fit) to the whole table for any size of the blocks, provided that the
    /// documentation of each transformer states this for its fit over blocks. With shuffling, which is the default, the same seed gives
    /// the same result. Members are trained one after another.
    ///
    /// Rows are chosen for [validation](Self::validation_split) by a hash of their values in all columns of the table: the same rows in
    /// every epoch, for every member and in every fit. Their fraction is approximately the requested one, and they are not stratified.
    ///
    /// ```
    /// use perceptra::batches::TableBlocks;
    /// use perceptra::prelude::*;
    /// use perceptra::preprocessing::{ColumnTransformer, MinMaxScaler, OneHotEncoder, Table};
    ///
    /// let loans = Table::new()
    ///     .with_numbers("annual_inc", (0..600).map(|row| 20.0 + f64::from(row * 7 % 60)))?
    ///     .with_strings("home_ownership", (0..600).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
    ///     .with_booleans("default", (0..600).map(|row| row * 7 % 60 < 30))?;
    /// let columns =
    ///     ColumnTransformer::new().add(MinMaxScaler::new(), ["annual_inc"]).add(OneHotEncoder::new(), ["home_ownership"]);
    /// let ann = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
    /// let pipeline = Pipeline::new(Target::binary("default"))
    ///     .columns(columns)
    ///     .model(ann)
    ///     .options(Fit::new().epochs(2).shuffle(false).verbose(0))
    ///     .seed(1);
    /// let fitted = pipeline.fit_batches(&mut TableBlocks::new(&loans).block_rows(100))?;
    /// assert_eq!(fitted.predict_proba(&loans)?, pipeline.fit(&loans)?.predict_proba(&loans)?);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit), except that rows are checked as they are read: an error names file and line if the source knows
    /// them. [`Error::Argument`](crate::Error::Argument) for a transformer that needs all rows at once; any error of the source.
    pub fn fit_batches(&self, source: &mut dyn TableSource) -> Result<FittedPipeline<T>> {
        T::fit_pipeline_batches(self, source, None)
    }

    /// The fraction of the rows for validation.
    fn streamed_fraction(&self, options: &FitOptions<T>) -> f64 {
        match (self.validation, options.settings.validation_hash) {
            (None, by_hash) if by_hash > 0.0 => by_hash,
            _ => self.validation_fraction(options),
        }
    }

    pub(crate) fn fit_source(
        &self,
        source: &mut dyn TableSource,
        over: Option<Distributed<'_>>,
    ) -> Result<FittedPipeline<T>> {
        let ranks = PipelineRanks { over: over.map(|over| over.communicator()) };
        ranks.compare("Pipeline", self, Vec::new)?;
        let mut options = ranks.agree(self.check().and_then(|()| self.plain_options()))?;
        let validation = ValidationRows { fraction: self.streamed_fraction(&options) };
        // The blocks state which of their rows are for validation.
        (options.settings.validation_split, options.settings.validation_hash) = (0.0, 0.0);
        let seed = ranks.of_first(self.seed.unwrap_or_else(fresh_seed))?;
        let survey = Survey::of(self, source, validation, ranks)?;
        let (columns, training) = fitted_columns(self, &survey, source, (validation, seed), ranks)?;
        let signs = monotone::feature_signs(&columns, &self.monotone)?;
        let encoding = RowEncoding {
            layout: &survey.layout,
            columns: &columns,
            training: &training,
            target: &survey.target,
            form: ClassForm::OneHot,
            weights: self.weights.as_deref(),
            class_weight: survey.class_weight.as_deref(),
            validation,
            table: survey.own_table,
        };
        let cache = self.cache.as_deref().map(|path| ranks.file_of_rank(path));
        let mut rows = TrainingRows::new(EncodedRows::new(source, encoding), cache.as_deref());
        let train_pairs: TrainPairs<'_, T> = &mut |pairs| {
            let quiet = pairs.len() > 1;
            try_map(pairs.iter(), |(plan, member)| {
                let model = build_member(&plan.model, (columns.width(), &signs), seed, *member)?;
                trained(model, plan, &mut rows, (quiet, !signs.is_empty()), over)
            })
        };
        let members = match &self.model {
            Some(model) => {
                let plan = MemberPlan { model: monotone::constrained(model.clone(), &signs)?, options };
                train_pairs(&(0..self.members.unwrap_or(1)).map(|member| (&plan, member)).collect::<Vec<_>>())?
            }
            None => {
                let (training_rows, has_validation) = (survey.training_rows, validation.exist());
                let facts = FitFacts {
                    training_rows,
                    ranks: ranks.size(),
                    has_validation,
                    target: &survey.target,
                    signs: &signs,
                };
                default_model::train(self, facts, options, train_pairs)?
            }
        };
        let sums = ranks.agree(rows.encoded().sums::<T>())?;
        let baseline = mean_of(ranks.gather(sums)?);
        let link = output_link::fitting(&members[0], &survey.target)?.1;
        let known = survey.layout.table().names().to_vec();
        let mut fitted = FittedPipeline::new(columns, survey.target, members, link, self.threshold, seed, known);
        fitted.baseline = baseline;
        // Checked after training, since a callback may have set weights that violate the constraints.
        monotone::prove(&fitted, &self.monotone)?;
        let seeds = try_map(fitted.members.iter(), |member| Ok(member.network()?.seed()))?;
        fitted.receipt = Some(Receipt {
            table: survey.table,
            source: true,
            validation_table: None,
            validation: None,
            seed,
            member_seeds: seeds,
            release: release(),
            machine: machine(),
            dtype: T::DTYPE.to_string(),
            weights: checksum_of(&fitted.members)?,
            scores: Vec::new(),
            steps: Vec::new(),
        });
        Ok(fitted)
    }
}

/// Trains a built member on encoded rows.
fn trained<T: Scalar>(
    mut model: Model<T>,
    plan: &MemberPlan<T>,
    rows: &mut TrainingRows<'_, T>,
    (quiet, is_constrained): (bool, bool),
    over: Option<Distributed<'_>>,
) -> Result<Model<T>> {
    let encoding = &mut rows.encoded().encoding;
    encoding.form = output_link::trainable(&model, encoding.target)?.0;
    let mut options = plan.options.clone();
    options.settings.validation_hash = encoding.validation.fraction;
    let mut fit = Fit::from(options);
    if quiet {
        fit = fit.verbose(Verbosity::Silent);
    }
    if let Some(over) = over {
        fit = fit.distributed(over);
    }
    T::train_batches(&mut model, rows.source(), fit)?;
    if is_constrained {
        // As in Keras, the moving average is taken before the projection, so averaged weights may violate the constraints.
        model.network_mut()?.constrain();
    }
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batches::TableBlocks;
    use crate::prelude::*;

    fn table() -> Table {
        Table::new()
            .with_numbers("x", (0..500).map(|row| f64::from(row * 37 % 101)))
            .and_then(|table| table.with_strings("kind", (0..500).map(|row| ["a", "b", "c"][row * 7 % 3])))
            .and_then(|table| table.with_booleans("late", (0..500).map(|row| row * 37 % 101 < 40 || row % 11 == 0)))
            .and_then(|table| table.with_numbers("weight", (0..500).map(|row| f64::from(1 + row % 3))))
            .unwrap()
    }

    fn pipeline() -> Pipeline {
        let columns = ColumnTransformer::new().add(MinMaxScaler::new(), ["x"]).add(OneHotEncoder::new(), ["kind"]);
        let model = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid));
        Pipeline::new(Target::binary("late"))
            .columns(columns)
            .model(model.compile("adam", "bce", ["accuracy"]))
            .options(Fit::new().epochs(3).shuffle(false).verbose(0))
            .weights("weight")
            .class_weight(ClassWeight::Balanced)
            .seed(1)
    }

    #[test]
    fn rows_for_validation_are_those_of_their_hashes_in_every_epoch() -> Result<()> {
        let is_held_out: Vec<bool> = table().row_hashes().iter().map(|hash| *hash < 0.3).collect();
        let part = |wanted: bool| {
            let rows = (0..500).filter(|row| is_held_out[*row] == wanted).collect::<Vec<_>>();
            table().take(&rows)
        };
        let (train, validation) = (part(false)?, part(true)?);
        assert!((100..200).contains(&validation.nrows()));
        let expected = pipeline().fit_validated(&train, &validation)?;
        let by_pipeline = pipeline().validation_split(0.3);
        let by_options = |fit: Fit<'static, f32>| pipeline().options(fit.epochs(3).shuffle(false).verbose(0));
        for pipeline in
            [by_pipeline, by_options(Fit::new().validation_split(0.3)), by_options(Fit::new().validation_hash(0.3))]
        {
            for size in [7, 500] {
                let fitted = pipeline.fit_batches(&mut TableBlocks::new(&table()).block_rows(size))?;
                assert_eq!(fitted.first_difference(&expected)?, None);
                assert_eq!(fitted.baseline, expected.baseline);
                for metric in ["loss", "val_loss", "val_accuracy"] {
                    assert_eq!(fitted.members[0].history().get(metric), expected.members[0].history().get(metric));
                }
            }
        }
        Ok(())
    }

    #[test]
    fn the_baseline_is_that_of_all_training_rows_however_epochs_end() -> Result<()> {
        let expected = pipeline().fit(&table())?.baseline;
        let steps = Fit::new().epochs(2).steps_per_epoch(2).shuffle(false).verbose(0);
        let fitted = pipeline().options(steps).fit_batches(&mut TableBlocks::new(&table()).block_rows(64))?;
        assert_eq!(fitted.baseline, expected);
        Ok(())
    }

    #[test]
    fn a_cache_has_the_same_bits_and_is_read_by_the_next_fit() -> Result<()> {
        let path = std::env::temp_dir().join(format!("perceptra-pipeline-cache-{}.bin", std::process::id()));
        let mut source = TableBlocks::new(&table()).block_rows(33);
        for pipeline in [pipeline(), pipeline().validation_split(0.3)] {
            let plain = pipeline.fit_batches(&mut source)?;
            let cached = pipeline.clone().cache(&path);
            let first = cached.fit_batches(&mut source)?;
            let written = std::fs::read(&path).unwrap();
            let second = cached.members(2).fit_batches(&mut TableBlocks::new(&table()))?;
            assert_eq!(first.first_difference(&plain)?, None);
            assert_eq!(checksum_of(&second.members[..1])?, checksum_of(&plain.members)?);
            assert_eq!((&first.baseline, &second.baseline), (&plain.baseline, &plain.baseline));
            assert_eq!(std::fs::read(&path).unwrap(), written);
            let other = table().with_numbers("x", (0..500).map(f64::from))?;
            for error in [
                pipeline.clone().cache(&path).fit_batches(&mut TableBlocks::new(&other)).unwrap_err(),
                pipeline.clone().validation_split(0.1).cache(&path).fit_batches(&mut source).unwrap_err(),
                pipeline.class_weight([(true, 2.0)]).cache(&path).fit_batches(&mut source).unwrap_err(),
            ] {
                assert!(error.to_string().contains("another state of the source"), "{error}");
            }
            std::fs::remove_file(&path).unwrap();
        }
        assert!(pipeline().cache(&path).fit(&table()).unwrap_err().to_string().contains("fit_batches"));
        Ok(())
    }

    #[test]
    fn parts_without_rows_are_refused() {
        let message = |fraction| {
            let pipeline = pipeline().validation_split(fraction);
            pipeline.fit_batches(&mut TableBlocks::new(&table())).unwrap_err().to_string()
        };
        assert!(message(1e-9).contains("validation_split is 0.000000001"), "{}", message(1e-9));
        let nothing = pipeline().fit_batches(&mut TableBlocks::new(&table().head(0))).unwrap_err().to_string();
        assert!(nothing.contains("the source is empty"), "{nothing}");
    }
}
