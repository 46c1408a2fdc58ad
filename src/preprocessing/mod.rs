//! Tables with named columns, and transformers that convert the columns to the matrix a network is trained on.
//!
//! A [`Table`] is read from a CSV file or built from columns. A [`Transformer`] is a small description of how columns become
//! others; `fit` learns what it needs from the training rows and returns a fitted value, and only that one can
//! `transform`, so that a forgotten fit does not compile and nothing of test rows leaks into the training. Transformers are
//! chained with [`then`](Transformer::then), and joined on the columns of a table by a [`ColumnTransformer`]. User-defined ones are
//! equal to those of the crate.
//!
//! ```
//! use perceptra::model_selection::train_test_split;
//! use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, StandardScaler, Table};
//!
//! let table = Table::new()
//!     .with_numbers("int_rate", (0..20).map(|row| 5.0 + f64::from(row)))?
//!     .with_strings("home_ownership", (0..20).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
//!     .with_numbers("loan_status", (0..20).map(|row| f64::from(row % 2)))?;
//! let (train, test) = train_test_split(&table).test_size(0.3).stratify("loan_status").seed(1).split()?;
//! let (columns, x_train) = ColumnTransformer::new()
//!     .add(StandardScaler::new(), ["int_rate"])
//!     .add(OneHotEncoder::new(), ["home_ownership"])
//!     .fit_transform::<f32>(&train)?;
//! let y_train = train.to_vector::<f32>("loan_status")?;
//! let x_test = columns.transform::<f32>(&test)?;
//! assert_eq!(columns.names(), ["int_rate", "home_ownership_OWN", "home_ownership_RENT"]);
//! assert_eq!((x_train.shape(), y_train.len(), x_test.shape()), ((14, 3), 14, (6, 3)));
//! # Ok::<(), perceptra::Error>(())
//! ```

use crate::items::family;

mod averaged_quantile;
mod brent;
mod category_counts;
mod chain_accumulator;
mod column_transformer;
mod cross_fit;
#[cfg(test)]
mod dependence_tests;
mod encoder_target;
#[cfg(test)]
mod encoder_tests;
mod encoding;
mod feature;
mod feature_accumulator;
mod fitted_features;
mod fitted_k_bins_discretizer;
mod fitted_one_hot_encoder;
mod fitted_ordinal_encoder;
mod fitted_piecewise_linear_encoder;
mod fitted_simple_imputer;
mod fn_tables;
mod frequent_values;
mod k_means;
mod known_values;
mod leading_number;
mod looked_up_columns;
mod mapped_columns;
mod min_frequency;
pub(crate) mod missing_numbers;
mod normal;
mod normalize;
mod ordinal_codes;
mod power;
mod quantile;
mod quantile_sketch;
mod ranked_numbers;
mod scaled_columns;
#[cfg(test)]
mod scaler_tests;
mod scaling;
mod sketched_columns;
mod string_counts;
mod table;
mod table_blocks;
mod table_layout;
mod table_source;
mod tables_ahead;
mod target_mean;
mod target_statistics;
mod to_categorical;
mod transformer;
#[cfg(test)]
mod universal_tests;

// One line per item: its file and its name.
family! {
    /// The transformer of a class name, with arguments by their names.
    ///
    /// ```
    /// use perceptra::preprocessing::{self, FitInput, Table};
    /// use serde_json::json;
    ///
    /// let scaler = preprocessing::get("StandardScaler", json!({ "with_std": false }))?;
    /// let table = Table::new().with_numbers("rate", [10.0, 20.0])?;
    /// let fitted = scaler.fit(FitInput::new(&table))?;
    /// assert_eq!(fitted.transform(&table)?.numbers("rate")?, [-5.0, 5.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    Transformer: "transformer", all(), str::to_string, &[];
    /// Adds a transformer of columns, which reads its state with [`Transformer::restore`].
    registered by transformer;
    chain: Chain;
    clip: Clip;
    column_arithmetic: ColumnArithmetic;
    date_parts: DateParts;
    discretization: Discretization;
    elapsed: Elapsed;
    feature_space: FeatureSpace;
    frequency_encoder: FrequencyEncoder;
    hashed_crossing: HashedCrossing;
    hashing: Hashing;
    integer_lookup: IntegerLookup;
    integers: Integers;
    k_bins_discretizer: KBinsDiscretizer;
    log1p: Log1p;
    min_max_scaler: MinMaxScaler;
    missing_indicator: MissingIndicator;
    one_hot_encoder: OneHotEncoder;
    ordinal_encoder: OrdinalEncoder;
    passthrough: Passthrough;
    piecewise_linear_encoder: PiecewiseLinearEncoder;
    power_transformer: PowerTransformer;
    quantile_transformer: QuantileTransformer;
    rescaling: Rescaling;
    robust_scaler: RobustScaler;
    simple_imputer: SimpleImputer;
    smooth_clip: SmoothClip;
    standard_scaler: StandardScaler;
    string_lookup: StringLookup;
    target_encoder: TargetEncoder;
    text_to_number: TextToNumber;
    variance_threshold: VarianceThreshold;
    weight_of_evidence: WeightOfEvidence;
}

pub use column_arithmetic::ArithmeticOperation;
pub(crate) use column_transformer::{ColumnAccumulator, ColumnTraining};
pub use column_transformer::{ColumnTransformer, FittedColumnTransformer, Remainder, Selector};
pub use date_parts::DatePart;
pub use elapsed::{TimeSpan, TimeUnit};
pub use encoder_target::TargetType;
pub use feature::Feature;
pub use fitted_k_bins_discretizer::{BinEncoding, FittedKBinsDiscretizer};
pub use fitted_one_hot_encoder::{FittedOneHotEncoder, Unknown};
pub use fitted_ordinal_encoder::FittedOrdinalEncoder;
pub use fitted_piecewise_linear_encoder::{FittedPiecewiseLinearEncoder, MissingBins};
pub use fitted_simple_imputer::FittedSimpleImputer;
pub use fn_tables::FnTables;
pub use frequency_encoder::FittedFrequencyEncoder;
pub use k_bins_discretizer::BinStrategy;
pub use min_frequency::MinFrequency;
pub use min_max_scaler::FittedMinMaxScaler;
pub use missing_indicator::IndicatorFeatures;
pub use normalize::{Order, normalize};
pub use one_hot_encoder::DropCategory;
pub use ordinal_codes::{MissingCode, UnknownCode};
pub use power_transformer::PowerMethod;
pub use quantile_transformer::OutputDistribution;
pub use simple_imputer::ImputeStrategy;
pub use standard_scaler::FittedStandardScaler;
#[cfg(feature = "csv")]
pub(crate) use table::BadRows;
pub use table::{
    Aggregate, BooleanColumn, Column, Correlation, DateTime, DateTimeColumn, DateTimeSummary, GroupBy, IntegerColumn,
    NumberSummary, Record, Row, SortKey, StringColumn, StringSummary, Table, TableSummary, Value,
};
pub(crate) use table::{BlockwiseChecksum, SelectedRows};
use table::{Categories, Found};
#[cfg(feature = "csv")]
pub use table::{CsvBatches, CsvOptions, CsvTables, CsvWriter, Delimiter, DuplicateNames, Header, Ragged};
pub use table_blocks::TableBlocks;
pub(crate) use table_layout::TableLayout;
pub use table_source::TableSource;
pub(crate) use tables_ahead::each_table;
pub use target_encoder::FittedTargetEncoder;
pub use target_mean::Smooth;
pub use to_categorical::to_categorical;
pub use weight_of_evidence::FittedWeightOfEvidence;
/// The fitted types of transformers, for writing them in other formats.
#[cfg(feature = "onnx")]
pub(crate) mod fitted {
    pub(crate) use super::chain::FittedChain;
    pub(crate) use super::clip::{Bounds, FittedClip};
    pub(crate) use super::column_arithmetic::ArithmeticColumns;
    pub(crate) use super::date_parts::DatedColumns;
    pub(crate) use super::discretization::BinnedColumns;
    pub(crate) use super::elapsed::ElapsedColumns;
    pub(crate) use super::fitted_features::FittedFeatures;
    pub(crate) use super::fitted_one_hot_encoder::EncodedColumn;
    pub(crate) use super::fitted_ordinal_encoder::OrdinalColumn;
    pub(crate) use super::hashed_crossing::CrossedColumns;
    pub(crate) use super::hashing::HashedColumns;
    pub(crate) use super::integer_lookup::LookedUpIntegers;
    pub(crate) use super::integers::IntegerColumns;
    pub(crate) use super::log1p::FittedLog1p;
    pub(crate) use super::looked_up_columns::LookedUpColumns;
    pub(crate) use super::mapped_columns::MappedColumn;
    pub(crate) use super::missing_indicator::{IndicatedColumn, IndicatedColumns};
    pub(crate) use super::normal::normal_coefficients;
    pub(crate) use super::passthrough::PassedColumns;
    pub(crate) use super::power::Power;
    pub(crate) use super::power_transformer::{FittedPowerTransformer, Powered};
    pub(crate) use super::quantile_transformer::{FittedQuantileTransformer, Ranked};
    pub(crate) use super::rescaling::FittedRescaling;
    pub(crate) use super::robust_scaler::FittedRobustScaler;
    pub(crate) use super::scaled_columns::ScaledColumns;
    pub(crate) use super::scaling::Scaler;
    pub(crate) use super::smooth_clip::FittedSmoothClip;
    pub(crate) use super::text_to_number::NumberedColumns;
    pub(crate) use super::transformer::FittedStep;
}
pub use transformer::{
    Accumulator, BoxedTrainingEncoder, ColumnKind, Features, FitInput, FittedTransformer, RowValue, TrainingEncoder,
    Transformer,
};
pub use variance_threshold::FittedVarianceThreshold;
