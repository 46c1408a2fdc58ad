//! Layers that prepare raw columns; what they need of the data they learn by `adapt`, before training.

mod arguments;
mod forms;
use super::Layer;
use crate::items::group;
pub use arguments::numbers::Numbers;
pub use integer_lookup::OovMethod;
pub use normalization::Axis;

group! {
    Layer<T>:
    category_encoding: CategoryEncoding;
    discretization: Discretization;
    hashing: Hashing;
    integer_lookup: IntegerLookup;
    normalization: Normalization;
    rescaling: Rescaling;
}
