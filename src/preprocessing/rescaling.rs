//! Scaling by given numbers.

use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, finite_numbers};
use super::transformer::stated;
use super::{FitInput, FittedTransformer, Transformer};
use crate::Result;
use crate::spec::{Spec, invalid};
use crate::statistics::{standardize, unstandardize};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Multiplies numbers by a scale and adds an offset: `x·scale + offset`.
///
/// | option | default | range |
/// |---|---|---|
/// | `scale` | | a finite number |
/// | [`offset`](Self::offset) | 0 | a finite number |
///
/// ```
/// use perceptra::preprocessing::{ColumnTransformer, Rescaling, Table};
///
/// let table = Table::new().with_numbers("share", [25.0, 50.0])?;
/// let (_, x) = ColumnTransformer::new().add(Rescaling::new(0.02).offset(-1.0), ["share"]).fit_transform::<f32>(&table)?;
/// assert_eq!(x.as_slice(), [-0.5, 0.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.layers.Rescaling`; within a network it is [`layers::Rescaling`](crate::layers::Rescaling).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rescaling {
    scale: f64,
    offset: f64,
}

impl Default for Rescaling {
    /// Numbers as they are.
    fn default() -> Self {
        Rescaling::new(1.0)
    }
}

impl Rescaling {
    /// By a scale, a finite number.
    pub fn new(scale: f64) -> Self {
        Rescaling { scale, offset: 0.0 }
    }

    /// What is added, a finite number; default 0.
    #[must_use]
    pub fn offset(mut self, offset: f64) -> Self {
        self.offset = offset;
        self
    }
}

impl Spec for Rescaling {
    fn config(&self) -> Result<Value> {
        stated("Rescaling", self)
    }

    fn check(&self) -> Result<()> {
        for (argument, value) in [("scale", self.scale), ("offset", self.offset)] {
            if !value.is_finite() {
                return Err(invalid(self, argument, value, "a finite number"));
            }
        }
        Ok(())
    }
}

impl Transformer for Rescaling {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, names) = (input.columns(), input.columns().names());
        names.iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        Ok(ScaledColumns::shared(names.to_vec(), FittedRescaling { columns: vec![*self; names.len()] }))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedRescaling>::restored("Rescaling", state)
    }
}

/// The scale and offset of each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedRescaling {
    columns: Vec<Rescaling>,
}

impl Scaler for FittedRescaling {
    type Column = Rescaling;

    fn columns(&self) -> &[Rescaling] {
        &self.columns
    }

    fn apply(column: &Rescaling, x: f64) -> f64 {
        unstandardize(x, column.offset, column.scale)
    }

    fn invert(column: &Rescaling, z: f64) -> f64 {
        standardize(z, column.offset, column.scale)
    }

    fn fits(&self, columns: usize) -> bool {
        self.columns.len() == columns && self.columns.iter().all(|column| column.check().is_ok())
    }
}
