//! Everything a program usually needs: `use perceptra::prelude::*;`.
//!
//! The losses are here under their own names; a metric whose name a loss or a layer already has is reached as
//! `metrics::…`, and the layer `Softmax`, whose name the activation has, as `layers::Softmax`.

pub use crate::activations::{
    Celu, Elu, Exponential, Gelu, HardShrink, HardSigmoid, HardSilu, HardSwish, HardTanh, LeakyRelu, Linear,
    LogSigmoid, LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, SoftShrink, Softmax, Softplus, Softsign,
    SparsePlus, SparseSigmoid, Sparsemax, Squareplus, Swish, Tanh, TanhShrink, Threshold,
};
pub use crate::callbacks::{Callback, EarlyStopping, LambdaCallback};
pub use crate::constraints::{MaxNorm, MinMaxNorm, NonNeg, UnitNorm};
pub use crate::layers::{
    Activation, ActivityRegularization, AlphaDropout, BatchNormalization, CategoryEncoding, Dense, Discretization,
    Dropout, ELU, Embedding, Flatten, GaussianDropout, GaussianNoise, GroupNormalization, Hashing, Identity, Input,
    IntegerLookup, Lambda, LayerNormalization, LeakyReLU, Normalization, PReLU, RMSNormalization, ReLU, Rescaling,
    SpectralNormalization, UnitNormalization,
};
pub use crate::losses::{
    BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy, CategoricalHinge, CosineSimilarity, Dice, Hinge, Huber, KLDivergence, LogCosh,
    MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson,
    SparseCategoricalCrossentropy, SquaredHinge, Tversky,
};
pub use crate::metrics;
pub use crate::metrics::{
    AUC, Accuracy, BinaryAccuracy, CategoricalAccuracy, ConcordanceCorrelation, Crossentropy, ExactAccuracy, F1Score,
    FBetaScore, FalseNegatives, FalsePositives, LogCoshError, Mean, PearsonCorrelation, Precision, PrecisionAtRecall,
    R2Score, Recall, RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity, SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy, SpecificityAtSensitivity, Sum, TopKCategoricalAccuracy, TrueNegatives,
    TruePositives,
};
pub use crate::models::{Evaluate, Fit, History, Model, Network, Samples, Sequential};
pub use crate::optimizers::schedules::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
};
pub use crate::optimizers::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, RMSprop, SGD, ScheduleFreeAdamW,
};
pub use crate::regularizers::{L1, L1L2, L2, OrthogonalRegularizer};
