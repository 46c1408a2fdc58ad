//! The methods on the page, by path: that this file compiles shows that they exist, with these arguments.

use nalgebra::DMatrix;
use perceptra::metrics::MetricList;
use perceptra::models::{Evaluate, Fit, History, LayerRef, Logs, Predict, Summary};
use perceptra::prelude::*;
use perceptra::{Network, Result};

/// Names each method and holds it to its type.
macro_rules! methods {
    ($($owner:ident::$name:ident: $type:ty),* $(,)?) => {
        /// Every path, without the crate's name.
        pub(super) fn all() -> Vec<String> {
            $(let _: $type = $owner::$name;)*
            vec![$(concat!(stringify!($owner), "::", stringify!($name)).to_string()),*]
        }
    };
}

type X = DMatrix<f32>;
type Layers = Sequential<f32>;
type Metrics = Vec<perceptra::items::Item<dyn metrics::Metric<f32>>>;

fn assert_list<K, M: MetricList<f32, K>>() {}

#[test]
fn metrics_come_as_values_and_names() {
    assert_list::<_, Metrics>();
    assert_list::<_, [&'static str; 2]>();
}

methods! {
    Sequential::add: fn(Layers, Dense) -> Layers,
    Sequential::pop: fn(Layers) -> Layers,
    Sequential::seed: fn(Layers, u64) -> Layers,
    Sequential::build: fn(Layers, usize) -> Result<Network>,
    Sequential::compile: fn(Layers, &'static str, &'static str, Metrics) -> Model,
    Sequential::to_json: fn(&Layers) -> Result<String>,
    Sequential::from_json: fn(&str) -> Result<Layers>,
    Model::weighted_metrics: fn(Model, Metrics) -> Model,
    Model::fit: fn(&mut Model, &X, &X, Fit<'_, f32>) -> Result<History>,
    Model::evaluate: fn(&Model, &X, &X) -> Result<Logs>,
    Model::evaluate_with: fn(&Model, &X, &X, Evaluate<'_, f32>) -> Result<Logs>,
    Model::predict: fn(&Model, &X) -> Result<X>,
    Model::predict_with: fn(&Model, &X, Predict<'static, f32>) -> Result<X>,
    Model::train_on_batch: fn(&mut Model, &X, &X) -> Result<Logs>,
    Model::train_on_batch_with: fn(&mut Model, &X, &X, Fit<'_, f32>) -> Result<Logs>,
    Model::test_on_batch: fn(&Model, &X, &X) -> Result<Logs>,
    Model::test_on_batch_with: fn(&Model, &X, &X, Evaluate<'_, f32>) -> Result<Logs>,
    Model::predict_on_batch: fn(&Model, &X) -> Result<X>,
    Model::summary: fn(&Model) -> Result<Summary>,
    Model::save: fn(&Model, &'static str) -> Result<()>,
    Model::load: fn(&'static str) -> Result<Model>,
    Model::save_weights: fn(&Model, &'static str) -> Result<()>,
    Model::load_weights: fn(&mut Model, &'static str) -> Result<()>,
    Model::load_weights_skip_mismatch: fn(&mut Model, &'static str) -> Result<Vec<String>>,
    Model::get_layer: for<'a> fn(&'a Model, &str) -> Result<LayerRef<'a, f32>>,
    Model::get_layer_at: fn(&Model, usize) -> Result<LayerRef<'_, f32>>,
    Model::weights: fn(&Model, &str) -> Result<Vec<X>>,
    Model::set_weights: fn(&mut Model, &str, &[X]) -> Result<()>,
    Model::count_params: fn(&Model) -> Result<usize>,
    Network::flat_weights: fn(&Network) -> &[f32],
    Network::set_flat: fn(&mut Network, &[f32], &[f32]) -> Result<()>,
}
