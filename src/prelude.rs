//! Everything a program usually needs: `use perceptra::prelude::*;`.
//!
//! The losses are here under their names; a metric whose name a loss or a layer already has is reached as
//! `metrics::…`, the layer `Softmax`, whose name the activation has, as `layers::Softmax`, and a transformer whose name a layer
//! has as `preprocessing::…`. Likewise a score whose name a metric has is `scores::…`. The names of tables and of what is fitted to
//! them are here with the feature `tables`.

pub use crate::activations::items::*;
pub use crate::activations::{HardSwish, Swish};
#[cfg(feature = "tables")]
pub use crate::calibration::{IsotonicCalibration, PlattScaling, PriorCorrection, TemperatureScaling};
pub use crate::callbacks::items::*;
pub use crate::callbacks::{Callback, LambdaCallback, LearningRateScheduler};
pub use crate::constraints::items::*;
#[cfg(feature = "tables")]
pub use crate::decisions::{CostMatrix, ThresholdFor};
#[cfg(feature = "tables")]
pub use crate::inspection::{
    AccumulatedLocalEffects, Counterfactual, DropColumnImportance, IntegratedGradients, PartialDependence,
    PermutationImportance, ShapleyValues,
};
pub use crate::layers::Lambda;
pub use crate::layers::items::*;
pub use crate::losses::items::*;
pub use crate::metrics;
pub use crate::metrics::items::*;
pub use crate::model_selection::items::*;
pub use crate::model_selection::{folds_of, train_test_split};
pub use crate::models::{AsMatrix, Evaluate, Fit, FitOptions, History, Model, Network, Predict, Registry, Sequential};
pub use crate::optimizers::items::*;
pub use crate::optimizers::schedules::items::*;
#[cfg(feature = "tables")]
pub use crate::pipeline::{
    ClassWeight, FittedPipeline, Pipeline, Prediction, Target, cross_val_predict, cross_validate,
};
#[cfg(feature = "tables")]
pub use crate::preprocessing::{
    Clip, ColumnArithmetic, ColumnTransformer, DateParts, DateTime, Elapsed, FrequencyEncoder, KBinsDiscretizer, Log1p,
    MinMaxScaler, MissingIndicator, OneHotEncoder, OrdinalEncoder, PiecewiseLinearEncoder, PowerTransformer,
    QuantileTransformer, Record, RobustScaler, Selector, SimpleImputer, SmoothClip, StandardScaler, Table,
    TargetEncoder, TextToNumber, Transformer, VarianceThreshold, WeightOfEvidence,
};
pub use crate::regularizers::items::*;
#[cfg(feature = "tables")]
pub use crate::scores;
#[cfg(feature = "tables")]
pub use crate::scores::{
    AveragePrecision, BalancedAccuracy, Brier, CohenKappa, ExplainedVariance, FBeta, Gini, KolmogorovSmirnov, LogLoss,
    MatthewsCorrelation, MaxError, MedianAbsoluteError, PinballLoss, R2, RocAuc, TopKAccuracy,
};
#[cfg(feature = "tables")]
pub use crate::search::items::*;
#[cfg(feature = "tables")]
pub use crate::search::{Search, SearchSpace};
pub use crate::{dmatrix, dvector};

// Names that two families have.
pub use crate::activations::Softmax;
pub use crate::losses::{
    BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, CosineSimilarity, Hinge, KLDivergence,
    MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson,
    SparseCategoricalCrossentropy, SquaredHinge,
};
pub use crate::metrics::Crossentropy;
