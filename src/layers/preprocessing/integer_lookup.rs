use super::forms::built_index::{BuiltIndex, source, values};
use crate::as_matrix::AsMatrix;
use crate::categories::{Encoding, Hash, Lookup, OutputMode, Salt, Special, floormod};
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Domain, InferPass, Layer, LayerOptions, TrainPass};
use crate::{Batch, BatchMut, Error, Result, Scalar};
use serde::{Deserialize, Serialize};

/// The index of a number that is not in the vocabulary, if there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OovMethod {
    /// The number modulo the number of indices for unknown numbers.
    Floormod,
    /// The hash of the number (FarmHash64, or SipHash64 with a salt) modulo the number of indices.
    Farmhash,
}

plain!(OovMethod);

item! {
    /// Replaces whole numbers by their index in a vocabulary, or indices by their numbers.
    ///
    /// The index of the mask comes first (if `mask_token` is set and the output mode is `Int`), then those for unknown numbers,
    /// then those of the vocabulary. (batch, columns) to the number of columns that the output mode determines. The
    /// vocabulary is given, or learned by [`adapt`](IntegerLookup::adapt). In a model in `f32`, whole numbers are exact up
    /// to 2²⁴.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::IntegerLookup;
    ///
    /// let lookup = IntegerLookup::new().adapt(&dmatrix![70.0; 50.0; 70.0f32])?;
    /// assert_eq!(lookup.get_vocabulary()?, [-1, 70, 50]);
    /// let network = Sequential::new().add(lookup).build(1)?;
    /// assert_eq!(network.predict(&dmatrix![50.0; 70.0; 8.0])?, dmatrix![2.0; 1.0; 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.IntegerLookup`.
    pub struct IntegerLookup: "IntegerLookup" () with options: LayerOptions checked by check_relations {
        /// The largest number of indices, special ones included; unlimited without it.
        max_tokens: Option<usize> [at least 2] = None,
        /// The number of indices for unknown numbers; with 0 an unknown number is an error.
        num_oov_indices: usize [at most 16777216] = 1,
        /// The number that represents a missing value.
        mask_token: Option<i64> = None,
        /// The number that is returned for an index of unknown numbers with `invert`.
        oov_token: i64 = -1,
        /// The vocabulary, in the order of its indices.
        vocabulary: Option<Vec<i64>> = None,
        /// Whether to map indices to numbers instead.
        invert: bool = false,
        /// The encoding of the indices.
        output_mode: OutputMode = OutputMode::Int,
        /// Whether there are columns for `max_tokens` indices even if the vocabulary has fewer.
        pad_to_max_tokens: bool = false,
        /// The mapping of unknown numbers to their indices.
        oov_method: OovMethod = OovMethod::Floormod,
        /// The key of SipHash64, one number or two, with [`OovMethod::Farmhash`].
        salt: Option<Salt> = None,
    }
}

impl IntegerLookup {
    /// Creates a layer without a vocabulary.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// Learns the vocabulary: the most frequent numbers first, among ties the greatest first.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no number to learn; [`Error::NotFinite`] and [`Error::Input`] for values that are not
    /// whole numbers.
    pub fn adapt<T: Scalar>(mut self, x: &impl AsMatrix<T>) -> Result<Self> {
        self.check()?;
        let x = source("x", x)?;
        Domain::Integers.check("x", &self.class_name(), &x, 0..x.columns)?;
        self.vocabulary = Some(self.special().learn(&self, values(x).map(|value| value as i64))?);
        Ok(self)
    }

    /// All numbers in the order of their indices, special ones first.
    ///
    /// # Errors
    ///
    /// [`Error::Layer`] if there is no vocabulary yet; [`Error::Argument`] if it is invalid.
    pub fn get_vocabulary(&self) -> Result<Vec<i64>> {
        Ok(self.lookup()?.vocabulary())
    }

    fn check_relations(&self) -> Result<()> {
        if self.pad_to_max_tokens && self.max_tokens.is_none() {
            return Err(invalid(self, "pad_to_max_tokens", true, "false, or max_tokens to be set"));
        }
        if self.invert && self.output_mode != OutputMode::Int {
            return Err(invalid(self, "output_mode", format!("{:?}", self.output_mode), "Int where invert is set"));
        }
        if self.salt.is_some() && self.oov_method == OovMethod::Floormod {
            return Err(invalid(self, "salt", "set", "none, or OovMethod::Farmhash"));
        }
        Ok(())
    }

    /// The indices of unknown numbers.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_oov_method(&self) -> OovMethod {
        self.oov_method
    }

    /// The indices of no number of the vocabulary.
    pub(crate) fn special(&self) -> Special<i64> {
        Special {
            mask_token: self.mask_token,
            oov_token: self.oov_token,
            num_oov_indices: self.num_oov_indices,
            max_tokens: self.max_tokens,
            output_mode: self.output_mode,
            invert: self.invert,
        }
    }

    /// The number of indices with columns, for a vocabulary of this many numbers.
    pub(crate) fn depth(&self, size: usize) -> usize {
        self.max_tokens.filter(|_| self.pad_to_max_tokens).unwrap_or(size)
    }

    fn lookup(&self) -> Result<Lookup<i64>> {
        self.check()?;
        let Some(vocabulary) = &self.vocabulary else {
            let reason = "it has no vocabulary; give one, or call adapt(&x) with the training rows";
            return Err(Error::Layer { layer: self.class_name(), reason: reason.into() });
        };
        let special = self.special();
        let tokens = special.tokens_of(self, vocabulary)?;
        Ok(Lookup::new(special, tokens))
    }
}

impl<T: Scalar> Layer<T> for IntegerLookup {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        let lookup = self.lookup()?;
        if self.invert {
            return Ok(Box::new(BuiltInverse { columns: inputs, lookup }));
        }
        let depth = self.depth(lookup.size());
        let encoding = Encoding { mode: self.output_mode, columns: inputs, depth };
        let domain = if self.num_oov_indices > 0 {
            Domain::Integers
        } else {
            let mut known: Vec<i64> = lookup.tokens().iter().copied().chain(self.mask_token).collect();
            known.sort_unstable();
            Domain::Vocabulary(known.into())
        };
        let (places, method) = (self.num_oov_indices, self.oov_method);
        let hash = Hash { bins: places.max(1), salt: self.salt };
        let index = move |x: T| {
            let number = x.to_f64() as i64;
            lookup.index(&number, || match method {
                OovMethod::Floormod => floormod(number, places),
                OovMethod::Farmhash => hash.of_number(number),
            })
        };
        Ok(Box::new(BuiltIndex { encoding, domain, index }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

/// The inverse: the number of each index.
struct BuiltInverse {
    columns: usize,
    lookup: Lookup<i64>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltInverse {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.map_from(x, |index| T::of(*self.lookup.token(index.to_f64() as i64) as f64));
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let Some(mut dx) = dx else { return };
        (0..dx.columns()).for_each(|j| dx.column_mut(j).fill(T::zero()));
    }

    fn domain(&self) -> Domain {
        Domain::Integers
    }

    fn blocks_gradients(&self) -> bool {
        true
    }
}
