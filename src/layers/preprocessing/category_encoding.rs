use super::forms::built_index::{BuiltIndex, source};
use crate::as_matrix::AsMatrix;
use crate::categories::{Encoding, OutputMode};
use crate::items::{Spec, invalid, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Domain, Layer, LayerOptions};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

item! {
    /// Encodes codes from 0 to `num_tokens − 1` as columns.
    ///
    /// (batch, columns) to (batch, num_tokens), or for [`OutputMode::OneHot`] to (batch, columns·num_tokens), with the
    /// encoded columns one after another. A value that is no valid code is an error if the samples reach the layer
    /// unchanged; after a layer that computes, it is encoded as zeros.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::CategoryEncoding;
    ///
    /// let network = Sequential::new().add(CategoryEncoding::new(4)).build(2)?;
    /// let predicted = network.predict(&dmatrix![0.0, 2.0; 3.0, 3.0])?;
    /// assert_eq!(predicted, dmatrix![1.0, 0.0, 1.0, 0.0; 0.0, 0.0, 0.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.CategoryEncoding`.
    pub struct CategoryEncoding: "CategoryEncoding" (num_tokens: usize [in 1..=16777216]) with options: LayerOptions checked by check_output_mode {
        /// The encoding of the codes; not [`OutputMode::Int`].
        output_mode: OutputMode = OutputMode::MultiHot,
    }
}

impl CategoryEncoding {
    /// The number of codes and their output mode.
    #[cfg(feature = "onnx")]
    pub(crate) fn codes(&self) -> (usize, OutputMode) {
        (self.num_tokens, self.output_mode)
    }

    /// A layer for `num_tokens` codes, at least 1.
    pub fn new(num_tokens: usize) -> Self {
        Self::with(num_tokens)
    }

    /// Counts the codes of each sample, each with its weight: Keras's argument `count_weights`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::layers::CategoryEncoding;
    ///
    /// let (codes, weights) = (dmatrix![0.0, 2.0; 2.0, 2.0], dmatrix![0.5, 3.0; 1.0, 0.25]);
    /// assert_eq!(CategoryEncoding::new(3).count(&codes, &weights)?, dmatrix![0.5, 0.0, 3.0; 0.0, 0.0, 1.25]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] and [`Error::Features`] for weights of another shape; [`Error::Input`] for a value that is no
    /// code.
    pub fn count<T: Scalar>(&self, codes: &impl AsMatrix<T>, weights: &impl AsMatrix<T>) -> Result<DMatrix<T>> {
        self.check()?;
        let (codes, weights) = (source("codes", codes)?, source("weights", weights)?);
        if weights.columns != codes.columns {
            return Err(Error::Features { what: "weights", expected: codes.columns, found: weights.columns });
        }
        if weights.rows != codes.rows {
            let (left_rows, right_rows) = (codes.rows, weights.rows);
            return Err(Error::Rows { left: "codes", left_rows, right: "weights", right_rows });
        }
        Domain::Codes(self.num_tokens).check("codes", &self.class_name(), &codes, 0..codes.columns)?;
        let encoding = Encoding { mode: OutputMode::Count, columns: codes.columns, depth: self.num_tokens };
        let mut y = encoding.zeros(codes.rows)?;
        let index = code_below(self.num_tokens);
        encoding.write(y.batch_mut(), |i, j| index(codes.at(i, j)).map(|index| (index, weights.at(i, j))));
        Ok(y.to_matrix())
    }

    fn check_output_mode(&self) -> Result<()> {
        if self.output_mode == OutputMode::Int {
            return Err(invalid(self, "output_mode", "int", "one_hot, multi_hot or count"));
        }
        Ok(())
    }
}

/// The code that a value is, if it is one.
fn code_below<T: Scalar>(count: usize) -> impl Fn(T) -> Option<usize> {
    move |x| {
        let value = x.to_f64();
        (value >= 0.0 && value < count as f64).then_some(value as usize)
    }
}

impl<T: Scalar> Layer<T> for CategoryEncoding {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let encoding = Encoding { mode: self.output_mode, columns: inputs, depth: self.num_tokens };
        let domain = Domain::Codes(self.num_tokens);
        Ok(Box::new(BuiltIndex { encoding, domain, index: code_below::<T>(self.num_tokens) }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
