//! One number for all columns, or one for each.

use crate::items::argument::plain;
use crate::items::range::{Range, Ranged};
use crate::items::{Spec, invalid};
use crate::{Result, Scalar, memory};
use serde::{Deserialize, Serialize};

/// One number for all columns, or a list with one for each.
///
/// ```
/// use perceptra::layers::Rescaling;
///
/// let all_columns = Rescaling::new(0.5);
/// let each_column = Rescaling::new([0.5, 2.0, 1.0]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or a list of numbers")]
pub enum Numbers {
    /// One number for all columns.
    One(f64),
    /// One for each column.
    Each(Vec<f64>),
}

plain!(ranged Numbers);

/// Iterates over the numbers.
impl Ranged for Numbers {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        match self {
            Numbers::One(number) => number.out_of(range),
            Numbers::Each(numbers) => numbers.out_of(range),
        }
    }
}

impl From<f64> for Numbers {
    fn from(number: f64) -> Self {
        Numbers::One(number)
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(numbers: Vec<f64>) -> Self {
        Numbers::Each(numbers)
    }
}

impl<const N: usize> From<[f64; N]> for Numbers {
    fn from(numbers: [f64; N]) -> Self {
        Numbers::Each(numbers.to_vec())
    }
}

impl Numbers {
    /// The numbers as they were given: one, or one for each column.
    #[cfg(feature = "keras")]
    pub(crate) fn as_slice(&self) -> &[f64] {
        match self {
            Numbers::One(number) => std::slice::from_ref(number),
            Numbers::Each(numbers) => numbers,
        }
    }

    /// The numbers of `columns` columns, one for each.
    pub(crate) fn broadcast<T: Scalar>(
        &self,
        layer: &dyn Spec,
        argument: &'static str,
        columns: usize,
    ) -> Result<Vec<T>> {
        let each = match self {
            Numbers::One(number) => memory::filled(*number, &[columns]).map_err(|lack| {
                lack.error(layer.class_name(), format!("{argument} of {columns} columns"), "pass fewer columns")
            })?,
            Numbers::Each(numbers) => numbers.clone(),
        };
        if each.len() != columns {
            let found = format!("a list of {}", each.len());
            return Err(invalid(layer, argument, found, format!("one number, or one for each of {columns} columns")));
        }
        Ok(each.into_iter().map(T::of).collect())
    }
}
