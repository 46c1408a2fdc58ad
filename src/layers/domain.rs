//! The numbers that a layer can take.

use crate::kernels::strided_view::StridedView;
use crate::{Error, Result, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// 2⁶³.
const I64: f64 = 9_223_372_036_854_775_808.0;

/// The numbers that a [`BuiltLayer`](super::BuiltLayer) can take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Domain {
    /// All finite numbers.
    Real,
    /// The domain of the next layer, to which it passes its input unchanged.
    OfNext,
    /// Whole numbers of 64 bits.
    Integers,
    /// Whole numbers from 0 to below this one.
    Codes(usize),
    /// These whole numbers, in ascending order.
    Vocabulary(Arc<[i64]>),
}

impl Domain {
    /// Returns an error for samples with a value outside in some of their columns.
    pub(crate) fn check<T: Scalar>(
        &self,
        what: &'static str,
        layer: &str,
        x: &StridedView<'_, T>,
        columns: Range<usize>,
    ) -> Result<()> {
        if matches!(self, Domain::Real | Domain::OfNext) {
            return Ok(());
        }
        for row in 0..x.rows {
            for column in columns.clone() {
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
            // 2⁶³ itself is one too many; −2⁶³ is the least.
            Domain::Integers => whole && (-I64..I64).contains(&value),
            Domain::Codes(count) => whole && value >= 0.0 && value < *count as f64,
            Domain::Vocabulary(vocabulary) => whole && vocabulary.binary_search(&(value as i64)).is_ok(),
        }
    }
}

impl std::fmt::Display for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Domain::Real | Domain::OfNext => f.write_str("finite numbers"),
            Domain::Integers => f.write_str("whole numbers of 64 bits"),
            Domain::Codes(count) => write!(f, "whole numbers from 0 to below {count}"),
            Domain::Vocabulary(vocabulary) => write!(f, "the {} numbers of its vocabulary", vocabulary.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_those_that_64_bits_hold() {
        for value in [0.0, -3.0, 9_007_199_254_740_994.0, -I64] {
            assert!(Domain::Integers.holds(value), "{value}");
        }
        // Each would be hashed or looked up as another number.
        for value in [0.5, f64::INFINITY, f64::NAN, I64, -2.0 * I64, 1e300] {
            assert!(!Domain::Integers.holds(value), "{value}");
        }
    }
}
