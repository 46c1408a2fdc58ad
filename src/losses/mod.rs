//! Losses: what training makes small.
//!
//! Each is a value with its arguments: [`BinaryCrossentropy`](struct@BinaryCrossentropy) with the defaults,
//! `BinaryCrossentropy.label_smoothing(0.1)` with one changed, or a name as in
//! `compile("adam", "binary_crossentropy", metrics![])`. One of your own implements [`Loss`].

mod categorical;
mod focus;
mod loss;
mod margin;
mod names;
mod overlap;
mod pointwise;
mod reduction;
mod rowwise;
mod weigh;

pub use crate::outputs::Outputs;
use crate::registry::family;

pub use categorical_focal_crossentropy::Alpha;
pub use loss::{LogitLoss, Loss, Targets};
pub use names::get;
pub(crate) use names::{BY_SHAPE, get_from_file, resolve};
pub use reduction::Reduction;
pub(crate) use weigh::weigh;

// One line an item: its file, and what it is called.
family! {
    Loss:
    binary_crossentropy: BinaryCrossentropy;
    binary_focal_crossentropy: BinaryFocalCrossentropy;
    categorical_crossentropy: CategoricalCrossentropy;
    categorical_focal_crossentropy: CategoricalFocalCrossentropy;
    categorical_generalized_cross_entropy: CategoricalGeneralizedCrossEntropy;
    categorical_hinge: CategoricalHinge;
    cosine_similarity: CosineSimilarity;
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
