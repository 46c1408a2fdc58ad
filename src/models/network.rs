use super::{Sequential, Summary};
use crate::Scalar;
use crate::engine::Network;

impl<T: Scalar> Network<T> {
    /// The description it was built from.
    pub fn architecture(&self) -> Sequential<T> {
        self.described().into()
    }

    /// The layers as a table, with output shapes and parameter counts.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }
}
