//! Every transformer of the crate, with its defaults and with other arguments.

use super::super::*;
use crate::categories::OutputMode;
use crate::items::IntoItem;
use serde_json::Value as Json;
use std::sync::Arc;

fn of<M>(transformer: impl IntoItem<dyn Transformer, M>) -> Arc<dyn Transformer> {
    transformer.into_item().checked().unwrap()
}

/// The arguments in addition to the defaults with which a transformer is checked; those without defaults must have a line here.
fn others(class_name: &str) -> Vec<Arc<dyn Transformer>> {
    match class_name {
        "Chain" => vec![
            of(SimpleImputer::median().indicator(true).then(StandardScaler::new())),
            of(TextToNumber::leading_number().then(MinMaxScaler::new())),
            of(OrdinalEncoder::new().then(OneHotEncoder::new())),
            of(SimpleImputer::most_frequent().indicator(true).then(FrequencyEncoder::new())),
        ],
        "Clip" => vec![of(Clip::values(-1.0, 2.0)), of(Clip::quantiles(0.1, 0.8))],
        "ColumnArithmetic" => vec![
            of(ColumnArithmetic::ratio("a", "b")),
            of(ColumnArithmetic::difference("a", "b").keep_inputs(true)),
            of(ColumnArithmetic::product("a", "a").name("square".to_string())),
        ],
        "DateParts" => vec![of(DateParts.cyclic(true))],
        "Elapsed" => {
            vec![
                of(Elapsed::since(DateTime::from_microseconds(0))),
                of(Elapsed::between("a", "b").unit(TimeUnit::Hours)),
            ]
        }
        "Discretization" => vec![
            of(Discretization.num_bins(3)),
            of(Discretization.bin_boundaries(vec![-1.0, 0.5]).output_mode(OutputMode::OneHot)),
        ],
        "FeatureSpace" => vec![
            of(FeatureSpace::new()
                .feature("a", Feature::float_normalized())
                .feature("b", Feature::float_discretized())),
            of(FeatureSpace::new().feature("a", "string_categorical").feature("b", "string_hashed").cross(["a", "b"])),
            of(FeatureSpace::new().feature("b", "integer_categorical").feature("a", "float")),
        ],
        "HashedCrossing" => {
            vec![of(HashedCrossing::new(7)), of(HashedCrossing::new(4).output_mode(OutputMode::OneHot))]
        }
        "Hashing" => vec![of(Hashing::new(5)), of(Hashing::new(3).output_mode(OutputMode::OneHot))],
        "IntegerLookup" => vec![of(IntegerLookup.max_tokens(3).output_mode(OutputMode::OneHot))],
        "KBinsDiscretizer" => vec![
            of(KBinsDiscretizer.n_bins(2).strategy(BinStrategy::Uniform)),
            of(KBinsDiscretizer.n_bins(3).strategy(BinStrategy::KMeans).encode(BinEncoding::Ordinal)),
        ],
        "MinMaxScaler" => vec![of(MinMaxScaler.feature_range(-1.0, 3.0).clip(true))],
        "MissingIndicator" => vec![of(MissingIndicator.features(IndicatorFeatures::All).error_on_new(false))],
        "OneHotEncoder" => vec![
            of(OneHotEncoder.drop_category(DropCategory::First).unknown(Unknown::Zeros)),
            of(OneHotEncoder.max_categories(2)),
            of(OneHotEncoder.min_frequency(0.4)),
        ],
        "OrdinalEncoder" => vec![
            of(OrdinalEncoder.unknown(UnknownCode::Value(-1.0)).missing(MissingCode::Value(-2.0))),
            of(OrdinalEncoder.max_categories(2)),
        ],
        "PiecewiseLinearEncoder" => vec![
            of(PiecewiseLinearEncoder.bins(3).keep_number(true).dominated_bins(2).missing(MissingBins::Zeros)),
            of(PiecewiseLinearEncoder.bins(2).extrapolate(true)),
        ],
        "PowerTransformer" => {
            vec![of(PowerTransformer.method(PowerMethod::BoxCox)), of(PowerTransformer.standardize(false))]
        }
        "QuantileTransformer" => {
            vec![of(QuantileTransformer.n_quantiles(5).output_distribution(OutputDistribution::Normal))]
        }
        "Rescaling" => vec![of(Rescaling::new(0.3).offset(-1.0))],
        "RobustScaler" => vec![of(RobustScaler.quantile_range(10.0, 90.0).unit_variance(true))],
        "SimpleImputer" => vec![
            of(SimpleImputer::median().indicator(true)),
            of(SimpleImputer::most_frequent().keep_empty_features(true)),
            of(SimpleImputer::constant(-7.0)),
            of(SimpleImputer::constant("none")),
        ],
        "SmoothClip" => vec![of(SmoothClip.limit(0.5))],
        "StandardScaler" => vec![of(StandardScaler.with_mean(false)), of(StandardScaler.with_std(false))],
        "StringLookup" => vec![of(StringLookup::new().max_tokens(3).output_mode(OutputMode::OneHot))],
        "TargetEncoder" => vec![of(TargetEncoder.smooth(2.0))],
        "TextToNumber" => vec![of(TextToNumber::pairs([("x", 1.0), ("y", 2.0), ("", 0.0), ("ü _z", -1.0)]))],
        "VarianceThreshold" => vec![of(VarianceThreshold.threshold(1.0))],
        _ => Vec::new(),
    }
}

/// Every transformer of the family.
pub(super) fn items() -> Vec<Arc<dyn Transformer>> {
    let mut items = Vec::new();
    for entry in all() {
        let (default, others) = ((entry.make)(Json::Null), others(entry.name));
        let name = entry.name;
        assert!(default.is_ok() || !others.is_empty(), "list {name} with arguments, for it has no defaults");
        // A space without features fits to nothing.
        items.extend(default.ok().filter(|item| item.check().is_ok() && name != "FeatureSpace"));
        items.extend(others);
    }
    items
}
