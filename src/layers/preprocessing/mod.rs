//! Layers that prepare raw columns; `adapt` learns their statistics or vocabularies from the data before training.

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
