//! The crate's generic entry points, compiled here for `f32` and, with the feature of that name, for `f64`, instead of in
//! every program that uses them.
//!
//! Generic code is compiled where its types become known, as a rule in the program at the end. Here both types are
//! known beforehand: [`Monomorphized`] has a function for each entry into the engine and into the lists of items, and
//! its two implementations are plain code. A program that trains a model compiles in seconds for that.
//!
//! The file is on the top floor, since it names what is on all floors below. One import goes up to it: `Scalar` has
//! this trait as a supertrait, because only a supertrait is implied wherever the bound `T: Scalar` is, the methods of
//! user-defined generic code included.

use crate::activations::Activation;
use crate::batches::BatchSource;
use crate::callbacks::CallbackItem;
use crate::constraints::Constraint;
use crate::distributed::{Communicator, Distributed};
use crate::engine::{Architecture, Gradients, Logs, Network};
use crate::initializers::Initializer;
use crate::items::registry::Registry;
use crate::items::{Item, ItemEntry};
use crate::kernels::matmul;
use crate::kernels::matmul::Epilogue;
use crate::kernels::strided_view::StridedView;
use crate::layers::Layer;
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::models::{Evaluate, Fit, Model, Predict, WritePredictions};
use crate::optimizers::{Optimizer, OptimizerState};
#[cfg(feature = "tables")]
use crate::pipeline::{
    CrossValidate, CrossValidation, Evaluation, FittedPipeline, FittedTarget, HeldOut, Pipeline, WriteTablePredictions,
};
#[cfg(feature = "tables")]
use crate::preprocessing::{Record, SelectedRows, Table, TableSource};
use crate::regularizers::Regularizer;
#[cfg(all(feature = "plot", feature = "tables"))]
use crate::report::{BuiltReport, Report};
#[cfg(feature = "keras")]
use crate::saving::keras::{self, Exchangeable};
use crate::saving::native::{Contents, Opened};
#[cfg(feature = "tables")]
use crate::scores::Score;
#[cfg(feature = "tables")]
use crate::search::{Search, SearchResult, TrialResult};
use crate::{Result, Scalar, Variable};
use nalgebra::DMatrix;
use std::path::Path;

macro_rules! monomorphized {
    ($($(#[$cfg:meta])? fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $generic:path;)*) => {
        /// The functions that exist compiled for both element types.
        #[doc(hidden)]
        #[allow(private_interfaces, private_bounds, missing_docs)]
        pub trait Monomorphized: Sized {
            $($(#[$cfg])? fn $name($($argument: $type),*) $(-> $result)? where Self: Scalar;)*
        }

        monomorphized!(@for f32 $([] $(#[$cfg])? fn $name($($argument: $type),*) $(-> $result)? = $generic;)*);
        // What may be inlined is compiled where it is used: a program that trains only in `f32`, as most do, does
        // not wait for `f64`.
        monomorphized!(@for f64 $(
            [cfg_attr(not(feature = "f64"), inline)]
            $(#[$cfg])? fn $name($($argument: $type),*) $(-> $result)? = $generic;
        )*);
    };
    (@for $t:ident $(
        [$($inline:meta)?]
        $(#[$cfg:meta])? fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $generic:path;
    )*) => {
        #[allow(private_interfaces, private_bounds)]
        impl Monomorphized for $t {
            $($(#[$inline])? $(#[$cfg])? fn $name($($argument: $type),*) $(-> $result)? {
                $generic($($argument),*)
            })*
        }
    };
}

monomorphized! {
    fn activations() -> Vec<ItemEntry<dyn Activation<Self>>> = crate::activations::all;
    fn callbacks() -> Vec<ItemEntry<dyn CallbackItem<Self>>> = crate::callbacks::all;
    fn constraints() -> Vec<ItemEntry<dyn Constraint<Self>>> = crate::constraints::all;
    fn initializers() -> Vec<ItemEntry<dyn Initializer<Self>>> = crate::initializers::all;
    fn layers() -> Vec<ItemEntry<dyn Layer<Self>>> = crate::layers::all;
    fn losses() -> Vec<ItemEntry<dyn Loss<Self>>> = crate::losses::all;
    fn metrics() -> Vec<ItemEntry<dyn Metric<Self>>> = crate::metrics::all;
    fn optimizers() -> Vec<ItemEntry<dyn Optimizer<Self>>> = crate::optimizers::all;
    fn regularizers() -> Vec<ItemEntry<dyn Regularizer<Self>>> = crate::regularizers::all;

    fn build(architecture: Architecture<Self>, inputs: usize) -> Result<Network<Self>> = Architecture::build;
    fn train(model: &mut Model<Self>, x: StridedView<'_, Self>, y: StridedView<'_, Self>, options: Fit<'_, Self>) -> Result<()>
        = Model::train;
    fn train_batches(model: &mut Model<Self>, source: &mut dyn BatchSource<Self>, options: Fit<'_, Self>) -> Result<()>
        = Model::train_batches;
    fn evaluate_batches(model: &Model<Self>, source: &mut dyn BatchSource<Self>, options: Evaluate<'_, Self>) -> Result<Logs>
        = Model::measure_batches;
    fn predict_batches(network: &Network<Self>, source: &mut dyn BatchSource<Self>, write: WritePredictions<'_, Self>)
        -> Result<()> = Network::run_batches;
    fn evaluate(model: &Model<Self>, x: StridedView<'_, Self>, y: StridedView<'_, Self>, options: Evaluate<'_, Self>)
        -> Result<Logs> = Model::measure;
    fn predict(network: &Network<Self>, x: StridedView<'_, Self>) -> Result<DMatrix<Self>> = Network::run;
    fn predict_with(network: &Network<Self>, x: StridedView<'_, Self>, options: Predict<'_, Self>) -> Result<DMatrix<Self>>
        = Network::run_with;
    fn predict_into(network: &Network<Self>, x: StridedView<'_, Self>, block: usize, predictions: &mut [Self]) -> Result<()>
        = Network::run_into;
    fn gradients(network: &Network<Self>, x: StridedView<'_, Self>, upstream: StridedView<'_, Self>) -> Result<Gradients<Self>>
        = Network::gradients_of;
    fn set_weights(network: &mut Network<Self>, layer: &str, values: &[DMatrix<Self>]) -> Result<()> = Network::copy_weights;
    fn optimizer_state(optimizer: Item<dyn Optimizer<Self>>, variables: &[Variable], weights: &[Self])
        -> Result<OptimizerState<Self>> = OptimizerState::of_item;
    fn read(bytes: &[u8], path: &Path, registry: &Registry<Self>) -> Result<Opened<Self>> = Opened::from_bytes;
    fn write(contents: &Contents<'_, Self>) -> Result<Vec<u8>> = Contents::to_bytes;

    #[cfg(feature = "tables")]
    fn fit_pipeline(
        pipeline: &Pipeline<Self>,
        rows: &SelectedRows,
        validation: Option<&Table>,
        labels: Option<&FittedTarget>,
    ) -> Result<FittedPipeline<Self>> = Pipeline::fit_rows;
    #[cfg(feature = "tables")]
    fn fit_pipeline_batches(
        pipeline: &Pipeline<Self>,
        source: &mut dyn TableSource,
        over: Option<Distributed<'_>>,
    ) -> Result<FittedPipeline<Self>> = Pipeline::fit_source;
    #[cfg(feature = "tables")]
    fn predict_pipeline_batches(
        pipeline: &FittedPipeline<Self>,
        source: &mut dyn TableSource,
        write: WriteTablePredictions<'_>,
    ) -> Result<()> = FittedPipeline::predict_source;
    #[cfg(feature = "tables")]
    fn evaluate_pipeline_batches(
        pipeline: &FittedPipeline<Self>,
        source: &mut dyn TableSource,
        scores: &[Item<dyn Score>],
        strict: bool,
    ) -> Result<Evaluation> = FittedPipeline::evaluate_source;
    #[cfg(feature = "tables")]
    fn pipeline_values(pipeline: &FittedPipeline<Self>, rows: &SelectedRows) -> Result<DMatrix<f64>>
        = FittedPipeline::encode_and_predict;
    #[cfg(feature = "tables")]
    fn pipeline_record(pipeline: &FittedPipeline<Self>, record: &Record) -> Result<DMatrix<f64>>
        = FittedPipeline::record_values;
    #[cfg(feature = "tables")]
    fn cross_validation(
        options: &CrossValidate,
        pipeline: &Pipeline<Self>,
        table: &Table,
        over: Option<&dyn Communicator>,
    ) -> Result<CrossValidation> = CrossValidate::run_folds;

    #[cfg(feature = "tables")]
    fn save_pipeline(pipeline: &FittedPipeline<Self>, path: &Path) -> Result<()> = FittedPipeline::write_file;
    #[cfg(feature = "tables")]
    fn load_pipeline(path: &Path, registry: &Registry<Self>) -> Result<FittedPipeline<Self>> = FittedPipeline::read_file;
    #[cfg(feature = "tables")]
    fn evaluate_pipeline(
        pipeline: &FittedPipeline<Self>,
        rows: HeldOut<'_>,
        scores: &[Item<dyn Score>],
        strict: bool,
    ) -> Result<Evaluation> = FittedPipeline::evaluated;
    #[cfg(feature = "tables")]
    fn search(search: &Search<'_, Self>, table: &Table, over: Option<&dyn Communicator>) -> Result<SearchResult>
        = Search::run_trials;
    #[cfg(feature = "tables")]
    fn search_trial(search: &Search<'_, Self>, table: &Table, line: &str) -> Result<TrialResult> = Search::repeat_trial;
    #[cfg(all(feature = "plot", feature = "tables"))]
    fn report(report: &Report<'_, Self>) -> Result<BuiltReport> = Report::compute;

    #[cfg(feature = "keras")]
    fn keras_open(path: &Path, registry: &Registry<Self>, compiled: bool) -> Result<Opened<Self>> = keras::open::open;
    #[cfg(feature = "keras")]
    fn keras_layers(text: &str, registry: &Registry<Self>) -> Result<Architecture<Self>> = keras::open::architecture;
    #[cfg(feature = "keras")]
    fn keras_weights(model: &mut dyn Exchangeable<Self>, path: &Path, skip: bool) -> Result<Vec<String>> = keras::load::take;
    #[cfg(feature = "keras")]
    fn keras_file(contents: &Contents<'_, Self>, path: &Path) -> Result<Vec<u8>> = keras::save::file;
    #[cfg(feature = "keras")]
    fn keras_weights_file(contents: &Contents<'_, Self>) -> Result<Vec<u8>> = keras::weights_file::weights;
    #[cfg(feature = "keras")]
    fn keras_json(contents: &Contents<'_, Self>) -> Result<String> = keras::save::description;

    fn forward(
        shape: matmul::DenseShape,
        x: &[Self],
        parameters: &[Self],
        y: &mut [Self],
        epilogue: Epilogue,
    ) = matmul::forward;
    fn input_gradient(
        shape: matmul::DenseShape,
        dz: &[Self],
        weights: &[Self],
        dx: &mut [Self],
        relu_mask: Option<&[Self]>,
    ) = matmul::input_gradient;
    fn weight_gradient(
        shape: matmul::DenseShape,
        x: &[Self],
        dz: &[Self],
        transposed: &mut [Self],
        dw: &mut [Self],
        db: Option<&mut [Self]>,
    ) = matmul::weight_gradient;
}
