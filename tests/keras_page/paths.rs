//! The items on the page, by path: that this file compiles shows that they exist.

/// The crate, with schedules beside the families.
mod perceptra_and {
    pub(super) use perceptra::optimizers::schedules;
    pub(super) use perceptra::*;
}

macro_rules! paths {
    ($($module:ident { $($name:ident),* $(,)? })*) => {
        $(mod $module {
            $(#[allow(unused_imports)] use super::perceptra_and::$module::$name as _;)*
        })*

        /// Every path, without the crate's name.
        pub(super) fn all() -> Vec<String> {
            vec![$($(concat!(stringify!($module), "::", stringify!($name)).to_string()),*),*]
        }
    };
}

paths! {
    activations {
        Celu, Elu, Exponential, Gelu, HardShrink, HardSigmoid, HardSilu, HardSwish, HardTanh, LeakyRelu, Linear, LogSigmoid,
        LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, SoftShrink, Softmax, Softplus, Softsign, SparsePlus,
        SparseSigmoid, Sparsemax, Squareplus, Swish, Tanh, TanhShrink, Threshold,
    }
    losses {
        BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
        CategoricalGeneralizedCrossEntropy, CategoricalHinge, CosineSimilarity, Dice, Hinge, Huber, KLDivergence, LogCosh,
        MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson,
        SparseCategoricalCrossentropy, SquaredHinge, Tversky,
    }
    metrics {
        AUC, ExactAccuracy, BinaryAccuracy, BinaryCrossentropy, CategoricalAccuracy, CategoricalCrossentropy,
        CategoricalHinge, ConcordanceCorrelation, CosineSimilarity, F1Score, FBetaScore, FalseNegatives, FalsePositives,
        Hinge, KLDivergence, LogCoshError, Mean, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
        MeanSquaredLogarithmicError, PearsonCorrelation, Poisson, Precision, PrecisionAtRecall, R2Score, Recall,
        RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity, SparseCategoricalAccuracy,
        SparseCategoricalCrossentropy, SparseTopKCategoricalAccuracy, SpecificityAtSensitivity, SquaredHinge, Sum,
        TopKCategoricalAccuracy, TrueNegatives, TruePositives,
    }
    optimizers {
        Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, RMSprop, SGD, ScheduleFreeAdamW,
    }
    schedules {
        CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
    }
    initializers {
        Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Identity, LecunNormal, LecunUniform, Ones, Orthogonal,
        RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Zeros,
    }
    regularizers { L1, L1L2, L2, OrthogonalRegularizer }
    constraints { MaxNorm, MinMaxNorm, NonNeg, UnitNorm }
    callbacks {
        BackupAndRestore, CSVLogger, EarlyStopping, History, LambdaCallback, LearningRateScheduler, ModelCheckpoint,
        ProgbarLogger, ReduceLROnPlateau, SwapEMAWeights, TensorBoard, TerminateOnNaN,
    }
    layers {
        Activation, ActivityRegularization, AlphaDropout, BatchNormalization, CategoryEncoding, Dense, Discretization,
        Dropout, ELU, Embedding, Flatten, GaussianDropout, GaussianNoise, GroupNormalization, Hashing, Identity, Input,
        IntegerLookup, Lambda, LayerNormalization, LeakyReLU, Normalization, PReLU, RMSNormalization, ReLU, Rescaling,
        Softmax, SpectralNormalization, UnitNormalization,
    }
    models { Model, Network, Sequential }
    preprocessing {
        Discretization, FeatureSpace, Hashing, IntegerLookup, Rescaling, StringLookup, normalize, to_categorical,
    }
    model_selection { train_test_split }
    plot { ModelPlot }
}
