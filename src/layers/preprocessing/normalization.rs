use super::Numbers;
use super::rescaling::LineCell;
use crate::layers::argument::Argument;
use crate::layers::description::layer;
use crate::layers::{Cell, Layer, LayerOptions};
use crate::samples::Samples;
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde_json::{Value, json};

/// The smallest deviation that is divided by.
const SMALLEST_DEVIATION: f64 = 1e-7;

/// Over what mean and variance are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Each column has its own; Keras's `axis=-1`.
    Columns,
    /// One for all values together; Keras's `axis=None`.
    Whole,
}

impl Argument for Axis {
    fn describe(&self) -> Result<Value> {
        Ok(if *self == Axis::Columns { json!(-1) } else { Value::Null })
    }

    fn read(value: Value) -> Result<Self> {
        match value.to_string().as_str() {
            "-1" | "1" | "[-1]" | "[1]" => Ok(Axis::Columns),
            "null" | "[]" => Ok(Axis::Whole),
            other => {
                let reason = format!("{other} is no axis of samples × features: -1, or null for all values");
                Err(Error::Configuration { item: "an argument".into(), reason })
            }
        }
    }
}

layer! {
    /// Shifts and scales columns to mean 0 and variance 1: `y = (x − mean)/max(√variance, 1e-7)`.
    ///
    /// (batch, columns) to (batch, columns). Mean and variance are given, or learned from training rows by
    /// [`adapt`](Normalization::adapt); training does not move them. They become part of the description, so a model
    /// that is stored carries them.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Normalization;
    ///
    /// let rows = dmatrix![1.0, 10.0; 3.0, 26.0];
    /// let network = Sequential::new().add(Normalization::new().adapt(&rows)?).build(2)?;
    /// assert_eq!(network.predict(&dmatrix![3.0, 18.0])?, dmatrix![1.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Normalization`. Unlike there, a layer that was neither given nor has learned its figures
    /// is an error.
    pub struct Normalization: "Normalization" of () {
        /// Whether each column has its own figures; default [`Axis::Columns`].
        axis: Axis = Axis::Columns,
        /// The means, one number or one for each column; with `variance`, in place of `adapt`.
        mean: Option<Numbers> = None,
        /// The variances, one number or one for each column, at least 0; with `mean`.
        variance: Option<Numbers> = None,
        /// Whether to go the way back, from normalized to raw values; default false.
        invert: bool = false,
    }
}

impl Normalization {
    /// A layer that has yet to learn its figures.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// Learns mean and variance (divided by the count) from samples.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a value, [`Error::NotFinite`] for a NaN or infinity.
    pub fn adapt<T: Scalar>(mut self, x: &impl Samples<T>) -> Result<Self> {
        let x = super::index_cell::source("x", x)?;
        let column = |j: usize| (0..x.rows).map(move |i| x.at(i, j).to_f64());
        let (means, variances) = match self.axis {
            Axis::Columns => {
                let (means, variances): (Vec<f64>, Vec<f64>) = (0..x.columns).map(|j| moments(&|| column(j))).unzip();
                (Numbers::Each(means), Numbers::Each(variances))
            }
            Axis::Whole => {
                let (mean, variance) = moments(&|| (0..x.columns).flat_map(column));
                (Numbers::One(mean), Numbers::One(variance))
            }
        };
        (self.mean, self.variance) = (Some(means), Some(variances));
        Ok(self)
    }
}

/// Mean and variance in two passes.
fn moments<I: Iterator<Item = f64>>(values: &impl Fn() -> I) -> (f64, f64) {
    let count = values().count() as f64;
    let mean = values().sum::<f64>() / count;
    (mean, values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count)
}

impl<T: Scalar> Layer<T> for Normalization {
    fn build(&self, inputs: usize) -> Result<Box<dyn Cell<T>>> {
        let (Some(mean), Some(variance)) = (&self.mean, &self.variance) else {
            let reason = "it does not know mean and variance; call adapt(&x) with the training rows, or give both";
            return Err(Error::Layer { layer: self.class_name(), reason: reason.into() });
        };
        let mean: Vec<f64> = mean.spread(self, "mean", inputs, (f64::is_finite, "a finite number"))?;
        let positive = |variance: f64| variance.is_finite() && variance >= 0.0;
        let variance: Vec<f64> =
            variance.spread(self, "variance", inputs, (positive, "a finite number of at least 0"))?;
        let lines = mean.iter().zip(&variance).map(|(mean, variance)| {
            let deviation = variance.sqrt().max(SMALLEST_DEVIATION);
            let (scale, offset) = if self.invert { (deviation, *mean) } else { (1.0 / deviation, -mean / deviation) };
            (T::of(scale), T::of(offset))
        });
        let (scale, offset) = lines.unzip();
        Ok(Box::new(LineCell { scale, offset }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
