//! Which numbers a layer can take.

use crate::kernels::source::Source;
use crate::{Error, Result, Scalar};
use std::sync::Arc;

/// The numbers that a [`Cell`](super::Cell) can take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Domain {
    /// All finite ones.
    Real,
    /// Those of the cell behind it, to which it hands its input on as it is.
    OfNext,
    /// Whole numbers.
    Integers,
    /// Whole numbers from 0 to below this one.
    Codes(usize),
    /// These whole numbers, in ascending order.
    Tokens(Arc<[i64]>),
}

impl Domain {
    /// Refuses samples with a value outside.
    pub(crate) fn check<T: Scalar>(&self, what: &'static str, layer: &str, x: &Source<'_, T>) -> Result<()> {
        if matches!(self, Domain::Real | Domain::OfNext) {
            return Ok(());
        }
        for row in 0..x.rows {
            for column in 0..x.columns {
                let value = x.at(row, column).to_f64();
                if !self.holds(value) {
                    let (layer, expected) = (layer.into(), self.to_string());
                    return Err(Error::Input { what, row, column, value, layer, expected });
                }
            }
        }
        Ok(())
    }

    fn holds(&self, value: f64) -> bool {
        let whole = value.fract() == 0.0;
        match self {
            Domain::Real | Domain::OfNext => true,
            Domain::Integers => whole,
            Domain::Codes(count) => whole && value >= 0.0 && value < *count as f64,
            Domain::Tokens(tokens) => whole && tokens.binary_search(&(value as i64)).is_ok(),
        }
    }
}

impl std::fmt::Display for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Domain::Real | Domain::OfNext => f.write_str("finite numbers"),
            Domain::Integers => f.write_str("whole numbers"),
            Domain::Codes(count) => write!(f, "whole numbers from 0 to below {count}"),
            Domain::Tokens(tokens) => write!(f, "the {} numbers of its vocabulary", tokens.len()),
        }
    }
}
