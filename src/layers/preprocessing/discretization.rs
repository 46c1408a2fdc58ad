use super::forms::built_index::{BuiltIndex, source, values};
use crate::as_matrix::AsMatrix;
use crate::categories::{Encoding, OutputMode, boundaries};
use crate::items::{Spec, invalid, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Domain, Layer, LayerOptions};
use crate::{Error, Result, Scalar};

item! {
    /// Sorts numbers into bins: the bin of `x` is the number of boundaries at or below it.
    ///
    /// (batch, columns) to as many columns as the output mode makes of `boundaries + 1` bins. The boundaries are
    /// given, or learned by [`adapt`](Discretization::adapt) so that about as many values fall into each bin; they are
    /// the same for all columns.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Discretization;
    ///
    /// let bins = Discretization::new().bin_boundaries([0.0, 1.5]);
    /// let network = Sequential::new().add(bins).build(1)?;
    /// let predicted = network.predict(&dmatrix![-1.0; 0.0; 1.0; 7.0])?;
    /// assert_eq!(predicted, dmatrix![0.0; 1.0; 1.0; 2.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Discretization`.
    pub struct Discretization: "Discretization" () with options: LayerOptions checked by check_order {
        /// The boundaries, in ascending order.
        bin_boundaries: Option<Vec<f64>> [finite] = None,
        /// The number of bins that `adapt` learns, at least 1.
        num_bins: Option<usize> = None,
        /// The accuracy of the learned boundaries, as a fraction of the values.
        epsilon: f64 [above 0 below 1] = 0.01,
        /// The encoding of the bins.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl Discretization {
    /// The boundaries and the output mode of the bins.
    #[cfg(feature = "onnx")]
    pub(crate) fn bins(&self) -> (&[f64], OutputMode) {
        (self.bin_boundaries.as_deref().unwrap_or_default(), self.output_mode)
    }

    /// A layer that needs boundaries, or a number of bins to learn.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// Learns the boundaries between `num_bins` bins from samples.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless `num_bins` is set; [`Error::Empty`] without a value; [`Error::NotFinite`] for a NaN or
    /// infinity.
    pub fn adapt<T: Scalar>(mut self, x: &impl AsMatrix<T>) -> Result<Self> {
        let Some(bins) = self.num_bins.filter(|bins| *bins > 0) else {
            let found = self.num_bins.map_or("not set".to_string(), |bins| bins.to_string());
            return Err(invalid(&self, "num_bins", found, "at least 1, to be adapted"));
        };
        self.check()?;
        let x = source("x", x)?;
        self.bin_boundaries = Some(boundaries::learned(values(x), bins, self.epsilon));
        Ok(self)
    }

    fn check_order(&self) -> Result<()> {
        let boundaries = self.bin_boundaries.as_deref().unwrap_or_default();
        if boundaries.is_sorted() {
            Ok(())
        } else {
            Err(invalid(self, "bin_boundaries", format!("{boundaries:?}"), "numbers in ascending order"))
        }
    }
}

impl<T: Scalar> Layer<T> for Discretization {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let Some(boundaries) = &self.bin_boundaries else {
            let reason = "it has no boundaries; give bin_boundaries, or num_bins and call adapt(&x)";
            return Err(Error::Layer { layer: self.class_name(), reason: reason.into() });
        };
        let known: Vec<T> = boundaries.iter().map(|boundary| T::of(*boundary)).collect();
        let encoding = Encoding { mode: self.output_mode, columns: inputs, depth: known.len() + 1 };
        let index = move |x: T| Some(boundaries::bin(&known, x));
        Ok(Box::new(BuiltIndex { encoding, domain: Domain::Real, index }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
