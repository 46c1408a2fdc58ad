//! Everything a program usually needs: `use perceptra::prelude::*;`.
//!
//! The losses are here under their own names; a metric whose name a loss or a layer already has is reached as
//! `metrics::…`, and the layer `Softmax`, whose name the activation has, as `layers::Softmax`.

pub use crate::activations::items::*;
pub use crate::activations::{HardSwish, Swish};
pub use crate::callbacks::items::*;
pub use crate::callbacks::{Callback, LambdaCallback, LearningRateScheduler};
pub use crate::constraints::items::*;
pub use crate::layers::{
    Activation, ActivityRegularization, AlphaDropout, BatchNormalization, CategoryEncoding, Dense, Discretization,
    Dropout, ELU, Embedding, Flatten, GaussianDropout, GaussianNoise, GroupNormalization, Hashing, Identity, Input,
    IntegerLookup, Lambda, LayerNormalization, LeakyReLU, Normalization, PReLU, RMSNormalization, ReLU, Rescaling,
    SpectralNormalization, UnitNormalization,
};
pub use crate::losses::items::*;
pub use crate::metrics;
pub use crate::metrics::{
    AUC, Accuracy, BinaryAccuracy, CategoricalAccuracy, ConcordanceCorrelation, Crossentropy, ExactAccuracy, F1Score,
    FBetaScore, FalseNegatives, FalsePositives, LogCoshError, Mean, PearsonCorrelation, Precision, PrecisionAtRecall,
    R2Score, Recall, RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity, SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy, SpecificityAtSensitivity, Sum, TopKCategoricalAccuracy, TrueNegatives,
    TruePositives,
};
pub use crate::models::{
    Evaluate, Fit, FitOptions, History, Model, Network, Predict, Registry, Samples, Scorer, Sequential,
};
pub use crate::optimizers::items::*;
pub use crate::optimizers::schedules::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
};
pub use crate::regularizers::items::*;
