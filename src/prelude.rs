//! Everything a program usually needs: `use perceptra::prelude::*;`.
//!
//! The losses are here under their own names; a metric whose name a loss or a layer already has is reached as
//! `metrics::…`.

pub use crate::activations::{
    Celu, Elu, Exponential, Gelu, HardShrink, HardSigmoid, HardSilu, HardSwish, HardTanh, LeakyRelu, Linear,
    LogSigmoid, LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, SoftShrink, Softmax, Softplus, Softsign,
    SparsePlus, SparseSigmoid, Sparsemax, Squareplus, Swish, Tanh, TanhShrink, Threshold,
};
pub use crate::callbacks::{Callback, EarlyStopping, LambdaCallback};
pub use crate::constraints::{MaxNorm, MinMaxNorm, NonNeg, UnitNorm};
pub use crate::layers::{Dense, Dropout, Input};
pub use crate::losses::{
    BinaryCrossentropy, CategoricalCrossentropy, MeanAbsoluteError, MeanSquaredError, SparseCategoricalCrossentropy,
};
pub use crate::metrics;
pub use crate::metrics::{Accuracy, BinaryAccuracy, Precision, Recall};
pub use crate::models::{Evaluate, Fit, History, Model, Network, Samples, Sequential};
pub use crate::optimizers::schedules::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
};
pub use crate::optimizers::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, RMSprop, SGD, ScheduleFreeAdamW,
};
pub use crate::regularizers::{L1, L1L2, L2, OrthogonalRegularizer};
