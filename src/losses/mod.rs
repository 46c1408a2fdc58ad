//! Losses: the functions that training minimizes.
//!
//! Each is a value with its arguments: [`BinaryCrossentropy`](struct@BinaryCrossentropy) with the defaults,
//! `BinaryCrossentropy.label_smoothing(0.1)` with one changed, or a name as in
//! `compile("adam", "binary_crossentropy", metrics![])`. A user-defined one implements [`Loss`].

mod arithmetic;
mod forms;
mod loss;
mod reduction;

use crate::items::{family, snake_case};
pub use crate::outputs::Outputs;

pub(crate) use arithmetic::weigh::{count, weigh};
pub use categorical_focal_crossentropy::Alpha;
#[cfg(feature = "keras")]
pub(crate) use crossentropy::is_by_shape;
pub(crate) use loss::for_shape;
pub use loss::{LogitLoss, Loss, Targets};
pub use reduction::Reduction;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[
    ("ce", "crossentropy"),
    ("bce", "BinaryCrossentropy"),
    ("BCE", "BinaryCrossentropy"),
    ("mse", "MeanSquaredError"),
    ("MSE", "MeanSquaredError"),
    ("mae", "MeanAbsoluteError"),
    ("MAE", "MeanAbsoluteError"),
    ("mape", "MeanAbsolutePercentageError"),
    ("MAPE", "MeanAbsolutePercentageError"),
    ("msle", "MeanSquaredLogarithmicError"),
    ("MSLE", "MeanSquaredLogarithmicError"),
    ("kld", "KLDivergence"),
    ("KLD", "KLDivergence"),
];

// One line for each item: its file and its names.
family! {
    /// The loss of Keras's class name, its snake-case form or an alias, with arguments under Keras's names; `null`
    /// takes the defaults.
    Loss<T>: "loss", T::losses(), snake_case, ALIASES;
    /// Adds a loss.
    registered by loss;
    binary_crossentropy: BinaryCrossentropy;
    binary_focal_crossentropy: BinaryFocalCrossentropy;
    categorical_crossentropy: CategoricalCrossentropy;
    categorical_focal_crossentropy: CategoricalFocalCrossentropy;
    categorical_generalized_cross_entropy: CategoricalGeneralizedCrossEntropy;
    categorical_hinge: CategoricalHinge;
    cosine_similarity: CosineSimilarity;
    crossentropy: Crossentropy;
    dice: Dice;
    hinge: Hinge;
    huber: Huber;
    kl_divergence: KLDivergence;
    log_cosh: LogCosh;
    mean_absolute_error: MeanAbsoluteError;
    mean_absolute_percentage_error: MeanAbsolutePercentageError;
    mean_squared_error: MeanSquaredError;
    mean_squared_logarithmic_error: MeanSquaredLogarithmicError;
    poisson: Poisson;
    sparse_categorical_crossentropy: SparseCategoricalCrossentropy;
    squared_hinge: SquaredHinge;
    tversky: Tversky;
}
