use crate::Dependence;
use std::fmt;

/// The direction in which a prediction may move as a raw column rises, see [`Pipeline::monotone`](super::Pipeline::monotone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It never falls.
    Increasing,
    /// It never rises.
    Decreasing,
}

impl Direction {
    pub(super) fn dependence(self) -> Dependence {
        match self {
            Direction::Increasing => Dependence::Increasing,
            Direction::Decreasing => Dependence::Decreasing,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Direction::Increasing => "increasing",
            Direction::Decreasing => "decreasing",
        })
    }
}
