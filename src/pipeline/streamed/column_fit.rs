//! The fit of the transformers to the training rows of a source.

use super::super::Pipeline;
use super::super::fit::named;
use super::super::pipeline_ranks::PipelineRanks;
use super::survey::Survey;
use super::validation_rows::ValidationRows;
use crate::preprocessing::{ColumnAccumulator, ColumnTraining, FitInput, FittedColumnTransformer, TableSource};
use crate::{Result, Scalar};

/// Fits the transformers, in as many passes as they need. The second result encodes the training rows.
pub(super) fn fitted_columns<T: Scalar>(
    pipeline: &Pipeline<T>,
    survey: &Survey,
    source: &mut dyn TableSource,
    (validation, seed): (ValidationRows, u64),
    ranks: PipelineRanks<'_>,
) -> Result<(FittedColumnTransformer, ColumnTraining)> {
    let features = survey.features(pipeline)?;
    let target_columns = &pipeline.target.columns;
    let accumulator = ColumnAccumulator::new(&survey.columns, &features, target_columns);
    let mut accumulator = ranks.agree(accumulator.map_err(|error| named(error, pipeline)))?;
    loop {
        let passed = survey.layout.each_block(source, &mut |block| {
            let train = validation.training(&block)?;
            if train.nrows() == 0 {
                return Ok(true);
            }
            let (columns, targets) = (train.select(features.names())?, train.select(target_columns)?);
            let keys = train.row_keys();
            let mut input = FitInput::new(&targets).with_target(&targets)?.with_row_keys(&keys)?.with_seed(seed);
            if let Some(name) = &pipeline.weights {
                input = input.with_weights(train.numbers(name)?)?;
            }
            accumulator.update(&columns, input).map_err(|error| named(error, pipeline))?;
            Ok(accumulator.needs_more_rows())
        });
        ranks.agree(passed)?;
        if ranks.are_many() {
            let states = ranks.gather(ranks.agree(accumulator.pass_states())?)?;
            ranks.agree(accumulator.join_states(states))?;
        }
        // The merged state is the same on all ranks, so that all of them continue or all of them fail.
        if !accumulator.next_pass()? {
            return accumulator.finish();
        }
    }
}
