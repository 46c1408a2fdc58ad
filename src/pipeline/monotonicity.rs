use crate::Dependence;
use std::fmt;

/// The direction in which a prediction may move as a raw column rises, see [`Pipeline::monotone`](super::Pipeline::monotone).
///
/// ```
/// use perceptra::pipeline::Monotonicity;
/// use perceptra::prelude::*;
///
/// let pipeline = Pipeline::<f32>::with_target(Target::binary("default"))
///     .monotone("annual_inc", Monotonicity::Decreasing)
///     .monotone("dti", Monotonicity::Increasing);
/// # let _ = pipeline;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Monotonicity {
    /// The prediction never falls as the column rises.
    Increasing,
    /// The prediction never rises as the column rises.
    Decreasing,
}

impl Monotonicity {
    pub(super) fn dependence(self) -> Dependence {
        match self {
            Monotonicity::Increasing => Dependence::Increasing,
            Monotonicity::Decreasing => Dependence::Decreasing,
        }
    }
}

impl fmt::Display for Monotonicity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Monotonicity::Increasing => "increasing",
            Monotonicity::Decreasing => "decreasing",
        })
    }
}
