//! Scaling by given numbers.

use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, finite_numbers};
use super::transformer::stateless;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::{Spec, item};
use crate::statistics::{standardize, unstandardize};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Multiplies numbers by a scale and adds an offset: `x·scale + offset`.
    ///
    /// A missing number stays missing; the matrix of a network refuses it.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Rescaling, Table};
    ///
    /// let table = Table::new().with_numbers("fraction", [25.0, 50.0])?;
    /// let (_, x) = ColumnTransformer::new().add(Rescaling::new(0.02).offset(-1.0), ["fraction"]).fit_transform::<f32>(&table)?;
    /// assert_eq!(x.as_slice(), [-0.5, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Rescaling`; within a network it is [`layers::Rescaling`](crate::layers::Rescaling).
    #[derive(PartialEq)]
    pub struct Rescaling: "Rescaling" (scale: f64 [finite]) {
        /// The summand.
        offset: f64 [finite] = 0.0,
    }
}

impl Rescaling {
    /// Multiplies by a scale, a finite number.
    pub fn new(scale: f64) -> Self {
        Self::with(scale)
    }

    fn line(&self) -> ScaleAndOffset {
        ScaleAndOffset { scale: self.scale, offset: self.offset }
    }
}

impl Transformer for Rescaling {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, names) = (input.columns(), input.columns().names());
        names.iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        Ok(ScaledColumns::shared(names.to_vec(), FittedRescaling { columns: vec![self.line(); names.len()] }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedRescaling>::restored("Rescaling", state)
    }
}

/// The scale and offset of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScaleAndOffset {
    scale: f64,
    offset: f64,
}

/// The scale and offset of each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedRescaling {
    columns: Vec<ScaleAndOffset>,
}

impl Scaler for FittedRescaling {
    type Column = ScaleAndOffset;

    fn columns(&self) -> &[ScaleAndOffset] {
        &self.columns
    }

    fn apply(column: &ScaleAndOffset, x: f64) -> f64 {
        unstandardize(x, column.offset, column.scale)
    }

    fn invert(column: &ScaleAndOffset, z: f64) -> f64 {
        standardize(z, column.offset, column.scale)
    }

    fn fits(&self, columns: usize) -> bool {
        self.columns.len() == columns
            && self.columns.iter().all(|column| column.scale.is_finite() && column.offset.is_finite())
    }

    fn dependence(column: &ScaleAndOffset) -> Dependence {
        Dependence::of_factor(column.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{ColumnTransformer, FittedColumnTransformer, Table};

    #[test]
    fn numbers_come_back() -> Result<()> {
        let table = Table::new().with_numbers("a", [0.0, 2.5, -1e308])?.with_numbers("b", [1.0, 2.0, 3.0])?;
        let fitted = ColumnTransformer::new().add(Rescaling::new(-0.5).offset(3.0), ["a", "b"]).fit(&table)?;
        let x = fitted.transform::<f64>(&table)?;
        assert_eq!(x.as_slice(), [3.0, 1.75, 5e307, 2.5, 2.0, 1.5]);
        let transformer = Rescaling::new(-0.5).offset(3.0).fit(FitInput::new(&table))?;
        let back = transformer.inverse_transform(&transformer.transform(&table)?)?;
        assert_eq!((back.numbers("a")?[..2].to_vec(), back.numbers("b")?), (vec![0.0, 2.5], table.numbers("b")?));
        let text = serde_json::to_string(&fitted).expect("JSON");
        assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&text).expect("the same"), fitted);
        Ok(())
    }

    #[test]
    fn arguments_and_numbers_are_finite() {
        let fit = |rescaling: Rescaling, number: f64| {
            let table = Table::new().with_numbers("a", [number]).unwrap();
            ColumnTransformer::new().add(rescaling, ["a"]).fit(&table).map(drop).map_err(|error| error.to_string())
        };
        assert!(fit(Rescaling::new(f64::NAN), 1.0).unwrap_err().contains("scale is NaN"));
        assert!(fit(Rescaling::new(1.0).offset(f64::INFINITY), 1.0).unwrap_err().contains("offset is inf"));
        assert!(fit(Rescaling::new(1.0), f64::INFINITY).is_err());
        assert!(fit(Rescaling::new(0.0), 1.0).is_ok());
    }
}
