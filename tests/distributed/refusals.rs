//! Ranks that differ from rank 0, or have no rows, are refused by their number before anything is computed.

use super::pipelines::table;
use super::refused_fits::OtherVersion;
use perceptra::batches::TableBlocks;
use perceptra::distributed::{Communicator, InProcess};
use perceptra::pipeline::CrossValidate;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    Accumulator, ColumnTransformer, FitInput, FittedTransformer, MinMaxScaler, StandardScaler, Transformer,
};
use perceptra::search::FunctionSearch;
use perceptra::{Result, Scalar};
use std::sync::Arc;

/// The messages of three ranks, which name rank 2 and its fault.
fn assert_refused<R>(results: Vec<Result<R>>, fault: &str) {
    let found: Vec<String> =
        results.into_iter().map(|result| result.err().map(|error| error.to_string()).unwrap_or_default()).collect();
    assert!(found[2].contains(fault), "{found:?}");
    for other in &found[..2] {
        assert_eq!(*other, format!("rank 2: {}", found[2]));
    }
}

fn pipeline<T: Scalar>() -> Pipeline<T> {
    let columns = ColumnTransformer::new().add(StandardScaler::new(), ["debt"]);
    let model = Sequential::<T>::default().add(Dense::new(1, "sigmoid")).compile("adam", "bce", ());
    Pipeline::<T>::with_target(Target::binary("late"))
        .columns(columns)
        .model(model)
        .options(Fit::new().epochs(1).verbose(0))
}

fn fit<T: Scalar>(world: &impl Communicator, pipeline: &Pipeline<T>, rows: usize) -> Result<()> {
    pipeline.fit_distributed(world, &mut TableBlocks::new(&table(0..rows)?)).map(drop)
}

#[test]
fn another_version() {
    let other = |world: &InProcess, work: &dyn Fn(&OtherVersion<'_, InProcess>) -> Result<()>| {
        let is_other = world.rank() == 2;
        work(&OtherVersion { world, is_other })
    };
    let version = "in the crate's version";
    assert_refused(InProcess::run_each(3, |world| other(world, &|world| fit(world, &pipeline::<f32>(), 60))), version);
    let model = |world: &OtherVersion<'_, InProcess>| {
        let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
        let x = dmatrix![1.0f32; 2.0; 3.0];
        model.fit(&x, &x, Fit::new().distributed(world).verbose(0)).map(drop)
    };
    assert_refused(InProcess::run_each(3, |world| other(world, &model)), version);
    let folds = |world: &OtherVersion<'_, InProcess>| {
        let options = CrossValidate::new(KFold::new(3), scores![LogLoss]);
        options.run_distributed(world, &pipeline::<f32>(), &table(0..60)?).map(drop)
    };
    assert_refused(InProcess::run_each(3, |world| other(world, &folds)), version);
    let search = |world: &OtherVersion<'_, InProcess>| {
        let search = FunctionSearch::new(SearchSpace::new().float("x", 0.0..=1.0), |trial| trial.float("x"));
        search.seed(1).progress(false).run_distributed(world).map(drop)
    };
    assert_refused(InProcess::run_each(3, |world| other(world, &search)), version);
}

#[test]
fn another_element_type() {
    let results = InProcess::run_each(3, |world| match world.rank() {
        2 => fit(world, &pipeline::<f64>(), 60),
        _ => fit(world, &pipeline::<f32>(), 60),
    });
    assert_refused(results, "in the element type: float64; expected float32, as there");
}

#[test]
fn another_pipeline_or_table() {
    let is_odd = |world: &InProcess| world.rank() == 2;
    let fitted = |change: &(dyn Fn(Pipeline) -> Pipeline + Sync)| {
        InProcess::run_each(3, |world| fit(world, &if is_odd(world) { change(pipeline()) } else { pipeline() }, 60))
    };
    assert_refused(
        fitted(&|pipeline| pipeline.columns(ColumnTransformer::new().add(MinMaxScaler::new(), ["debt"]))),
        "rank 0 in the columns",
    );
    assert_refused(fitted(&|pipeline| pipeline.members(3)), "rank 0 in members");
    let model = || Sequential::new().add(Dense::new(2, Relu)).add(Dense::new(1, Sigmoid));
    assert_refused(fitted(&|pipeline| pipeline.model(model().compile("adam", "bce", ()))), "in the number of layers");
    assert_refused(fitted(&|pipeline| pipeline.exclude(["nothing"])), "rank 0 in exclude");

    let folds = InProcess::run_each(3, |world| {
        let options = CrossValidate::new(KFold::new(3), scores![LogLoss]);
        options.run_distributed(world, &pipeline::<f32>(), &table(0..60 + usize::from(is_odd(world)))?)
    });
    assert_refused(folds, "rank 0 in the table: 61 rows");
    let searches = InProcess::run_each(3, |world| {
        let search = Search::new(SearchSpace::new().float("x", 0.0..=1.0), |_| Ok(pipeline::<f32>())).progress(false);
        search.seed(1).run_distributed(world, &table(0..60 + usize::from(is_odd(world)))?)
    });
    assert_refused(searches, "rank 0 in the table");
    let spaces = InProcess::run_each(3, |world| {
        let space = SearchSpace::new().float("x", 0.0..=1.0 + f64::from(u8::from(is_odd(world))));
        FunctionSearch::new(space, |trial| trial.float("x")).progress(false).run_distributed(world)
    });
    assert_refused(spaces, "rank 0 in the space");
}

#[test]
fn a_rank_without_rows_or_with_other_columns() {
    let rows = |world: &InProcess| if world.rank() == 2 { 0 } else { 60 };
    assert_refused(InProcess::run_each(3, |world| fit(world, &pipeline::<f32>(), rows(world))), "the source is empty");
    let results = InProcess::run_each(3, |world| {
        let mut mine = table(0..60)?;
        if world.rank() == 2 {
            mine = mine.with_strings("debt", ["much"; 60])?;
        }
        pipeline::<f32>().fit_distributed(world, &mut TableBlocks::new(&mine)).map(drop)
    });
    assert_refused(results, "debt");
}

#[derive(Debug)]
struct Stays;

struct Counts(Box<dyn Accumulator>);

impl perceptra::items::Spec for Stays {
    fn config(&self) -> Result<serde_json::Value> {
        Ok(serde_json::json!({}))
    }
}

impl Transformer for Stays {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Transformer::fit(&StandardScaler::new(), input)
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(Box::new(Counts(StandardScaler::new().accumulator()?)))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        StandardScaler::new().restore(state)
    }
}

impl Accumulator for Counts {
    fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        self.0.update(input)
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        self.0.merge(later)
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.0.finish()
    }
}

#[test]
fn an_accumulator_that_stays_in_its_process() {
    let results = InProcess::run_each(2, |world| {
        fit(world, &pipeline::<f32>().columns(ColumnTransformer::new().add(Stays, ["debt"])), 60)
    });
    for result in results {
        let message = result.unwrap_err().to_string();
        assert!(message.contains("one with Stays") && message.contains("pass_state"), "{message}");
    }
}
