use super::forms::built_index::BuiltIndex;
use crate::categories::{Encoding, Hash, OutputMode, Salt};
use crate::items::{Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Domain, Layer, LayerOptions};
use crate::{Result, Scalar};

item! {
    /// Hashes whole numbers into bins, without a vocabulary.
    ///
    /// A number is hashed in its decimal form, by FarmHash64 or, with a salt, by SipHash64, modulo the number
    /// of bins. (batch, columns) to as many columns as the output mode makes of the bins. Text columns of a table are
    /// hashed by [`preprocessing::Hashing`](crate::preprocessing::Hashing).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Hashing;
    ///
    /// let network = Sequential::new().add(Hashing::new(1000)).build(1)?;
    /// assert_eq!(network.predict(&dmatrix![10.0; 30.0])?, dmatrix![862.0; 138.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// K. Weinberger et al., *Feature hashing for large scale multitask learning*, ICML 2009.
    /// Keras: `keras.layers.Hashing`.
    pub struct Hashing: "Hashing" (num_bins: usize [at least 1]) with options: LayerOptions checked by has_columns {
        /// The number that bin 0 is reserved for.
        mask_value: Option<i64> = None,
        /// The key of SipHash64, one number or two.
        salt: Option<Salt> = None,
        /// The encoding of the bins.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl Hashing {
    /// A layer with `num_bins` bins, at least 1.
    pub fn new(num_bins: usize) -> Self {
        Self::with(num_bins)
    }

    fn has_columns(&self) -> Result<()> {
        self.output_mode.check_depth(self, "num_bins", self.num_bins)
    }
}

impl<T: Scalar> Layer<T> for Hashing {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let encoding = Encoding { mode: self.output_mode, columns: inputs, depth: self.num_bins };
        // A single bin leaves none for a mask.
        let mask = self.mask_value.filter(|_| self.num_bins > 1);
        let shift = usize::from(mask.is_some());
        let hash = Hash { bins: self.num_bins - shift, salt: self.salt };
        let index = move |x: T| {
            let number = x.to_f64() as i64;
            Some(if mask == Some(number) { 0 } else { hash.of_number(number) + shift })
        };
        Ok(Box::new(BuiltIndex { encoding, domain: Domain::Integers, index }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
