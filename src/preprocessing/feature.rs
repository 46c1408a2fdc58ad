use super::{
    Discretization, Hashing, IntegerLookup, Integers, Passthrough, Rescaling, StandardScaler, StringLookup, Transformer,
};
use crate::categories::OutputMode;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The encoding of one column of a table, for a [`FeatureSpace`](struct@super::FeatureSpace).
///
/// Each is a transformer under Keras's name for what it is used for:
///
/// | feature | column | becomes | by |
/// |---|---|---|---|
/// | [`float`](Self::float) | numbers | the number | [`Passthrough`](struct@Passthrough) |
/// | [`float_normalized`](Self::float_normalized) | numbers | `(x − mean) / deviation` of the adapted rows | [`StandardScaler`](struct@StandardScaler) |
/// | [`float_rescaled`](Self::float_rescaled) | numbers | `x·scale + offset` | [`Rescaling`] |
/// | [`float_discretized`](Self::float_discretized) | numbers | its bin between learned quantiles, or given boundaries | [`Discretization`](struct@Discretization) |
/// | [`integer_categorical`](Self::integer_categorical) | whole numbers | its index in a learned vocabulary | [`IntegerLookup`](struct@IntegerLookup) |
/// | [`string_categorical`](Self::string_categorical) | strings | its index in a learned vocabulary | [`StringLookup`] |
/// | [`integer_hashed`](Self::integer_hashed) | whole numbers | the bin of its hash | [`Integers`](struct@Integers), then [`Hashing`] |
/// | [`string_hashed`](Self::string_hashed) | strings | the bin of its hash | [`Hashing`] |
///
/// A bin or index becomes a column for each of them, 1 in its own and 0 elsewhere, or with
/// [`output_mode`](Self::output_mode)`(OutputMode::Int)` one column with the number itself, for an embedding. Each of
/// these names as a string represents the feature with its defaults.
///
/// ```
/// use perceptra::preprocessing::{Feature, FeatureSpace};
///
/// let space = FeatureSpace::new()
///     .feature("age", Feature::float_discretized().num_bins(8))
///     .feature("home", Feature::string_categorical().max_tokens(20))
///     .feature("income", "float_normalized");
/// ```
///
/// # References
///
/// Keras: `keras.utils.FeatureSpace`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    kind: String,
    scale: Option<f64>,
    offset: Option<f64>,
    num_bins: Option<usize>,
    bin_boundaries: Option<Vec<f64>>,
    max_tokens: Option<usize>,
    num_oov_indices: Option<usize>,
    output_mode: Option<OutputMode>,
}

/// The kinds of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeatureKind {
    Float,
    FloatNormalized,
    FloatRescaled,
    FloatDiscretized,
    IntegerCategorical,
    StringCategorical,
    IntegerHashed,
    StringHashed,
}

impl FeatureKind {
    /// Whether it yields a bin or an index, which can be crossed.
    pub(super) fn has_indices(self) -> bool {
        !matches!(self, FeatureKind::Float | FeatureKind::FloatNormalized | FeatureKind::FloatRescaled)
    }
}

const KINDS: [(&str, FeatureKind); 8] = [
    ("float", FeatureKind::Float),
    ("float_normalized", FeatureKind::FloatNormalized),
    ("float_rescaled", FeatureKind::FloatRescaled),
    ("float_discretized", FeatureKind::FloatDiscretized),
    ("integer_categorical", FeatureKind::IntegerCategorical),
    ("string_categorical", FeatureKind::StringCategorical),
    ("integer_hashed", FeatureKind::IntegerHashed),
    ("string_hashed", FeatureKind::StringHashed),
];

/// A feature by its name, with its defaults.
impl From<&str> for Feature {
    fn from(kind: &str) -> Self {
        Feature {
            kind: kind.into(),
            scale: None,
            offset: None,
            num_bins: None,
            bin_boundaries: None,
            max_tokens: None,
            num_oov_indices: None,
            output_mode: None,
        }
    }
}

impl Feature {
    /// The number as it is.
    pub fn float() -> Self {
        "float".into()
    }

    /// The number less the mean of the adapted rows, divided by their deviation.
    pub fn float_normalized() -> Self {
        "float_normalized".into()
    }

    /// The number times a `scale` plus an `offset`; Keras's defaults are 1 and 0.
    pub fn float_rescaled(scale: f64, offset: f64) -> Self {
        Feature { scale: Some(scale), offset: Some(offset), ..Feature::from("float_rescaled") }
    }

    /// The bin of the number.
    pub fn float_discretized() -> Self {
        "float_discretized".into()
    }

    /// The index of a whole number in a vocabulary.
    pub fn integer_categorical() -> Self {
        "integer_categorical".into()
    }

    /// The index of a string in a vocabulary.
    pub fn string_categorical() -> Self {
        "string_categorical".into()
    }

    /// The bin of the hash of a whole number.
    pub fn integer_hashed() -> Self {
        "integer_hashed".into()
    }

    /// The bin of the hash of a string.
    pub fn string_hashed() -> Self {
        "string_hashed".into()
    }

    /// The number of bins, at least 1, of a discretized or hashed feature; default that of the space.
    #[must_use]
    pub fn num_bins(mut self, num_bins: usize) -> Self {
        self.num_bins = Some(num_bins);
        self
    }

    /// The boundaries of a discretized feature, in ascending order, in place of learned ones.
    #[must_use]
    pub fn bin_boundaries(mut self, boundaries: impl Into<Vec<f64>>) -> Self {
        self.bin_boundaries = Some(boundaries.into());
        self
    }

    /// The most indices of a categorical feature, that of unknown values included; by default as many as it takes.
    #[must_use]
    pub fn max_tokens(mut self, max_tokens: usize) -> Self {
        self.max_tokens = Some(max_tokens);
        self
    }

    /// The places for unknown values of a categorical feature; default 1.
    #[must_use]
    pub fn num_oov_indices(mut self, num_oov_indices: usize) -> Self {
        self.num_oov_indices = Some(num_oov_indices);
        self
    }

    /// [`OutputMode::OneHot`], the default, or [`OutputMode::Int`], which Keras does not put into a matrix.
    #[must_use]
    pub fn output_mode(mut self, output_mode: OutputMode) -> Self {
        self.output_mode = Some(output_mode);
        self
    }

    /// The transformer that makes the feature of its column, with the bins of discretized and of hashed features that were
    /// given no number; `as_index` asks for the bin or index itself whatever the output mode.
    pub(super) fn transformer(&self, dims: (usize, usize), as_index: bool) -> Result<Arc<dyn Transformer>> {
        let mode = match as_index {
            true => OutputMode::Int,
            false => self.output_mode.unwrap_or(OutputMode::OneHot),
        };
        let hashing = || Hashing::new(self.num_bins.unwrap_or(dims.1)).output_mode(mode);
        let places = self.num_oov_indices.unwrap_or(1);
        Ok(match self.kind()? {
            FeatureKind::Float => Arc::new(Passthrough),
            FeatureKind::FloatNormalized => Arc::new(StandardScaler::new()),
            FeatureKind::FloatRescaled => {
                Arc::new(Rescaling::new(self.scale.unwrap_or(1.0)).offset(self.offset.unwrap_or(0.0)))
            }
            FeatureKind::FloatDiscretized => {
                let bins = Discretization::new().num_bins(self.num_bins.unwrap_or(dims.0)).output_mode(mode);
                match &self.bin_boundaries {
                    Some(given) => Arc::new(bins.bin_boundaries(given.as_slice())),
                    None => Arc::new(bins),
                }
            }
            FeatureKind::IntegerCategorical => {
                let lookup = IntegerLookup::new().num_oov_indices(places).output_mode(mode);
                Arc::new(match self.max_tokens {
                    Some(most) => lookup.max_tokens(most),
                    None => lookup,
                })
            }
            FeatureKind::StringCategorical => {
                let lookup = StringLookup::new().num_oov_indices(places).output_mode(mode);
                Arc::new(match self.max_tokens {
                    Some(most) => lookup.max_tokens(most),
                    None => lookup,
                })
            }
            FeatureKind::IntegerHashed => Arc::new(Integers.then(hashing())),
            FeatureKind::StringHashed => Arc::new(hashing()),
        })
    }

    /// The kind, once all arguments are ones that it takes.
    pub(super) fn kind(&self) -> Result<FeatureKind> {
        let found = KINDS.iter().find(|(name, _)| *name == self.kind);
        let Some((_, kind)) = found else {
            return Err(Error::unknown("feature", &self.kind, KINDS.map(|(name, _)| name)));
        };
        let (discretized, rescaled) = (*kind == FeatureKind::FloatDiscretized, *kind == FeatureKind::FloatRescaled);
        let hashed = matches!(kind, FeatureKind::IntegerHashed | FeatureKind::StringHashed);
        let categorical = matches!(kind, FeatureKind::IntegerCategorical | FeatureKind::StringCategorical);
        let given = [
            ("scale", self.scale.is_some(), rescaled),
            ("offset", self.offset.is_some(), rescaled),
            ("num_bins", self.num_bins.is_some(), discretized || hashed),
            ("bin_boundaries", self.bin_boundaries.is_some(), discretized),
            ("max_tokens", self.max_tokens.is_some(), categorical),
            ("num_oov_indices", self.num_oov_indices.is_some(), categorical),
            ("output_mode", self.output_mode.is_some(), discretized || hashed || categorical),
        ];
        if let Some((argument, ..)) = given.into_iter().find(|(_, given, takes)| *given && !*takes) {
            return Err(self.refused(argument, "set".into(), "nothing: this feature has no such argument"));
        }
        match self.output_mode {
            Some(mode) if !matches!(mode, OutputMode::Int | OutputMode::OneHot) => {
                Err(self.refused("output_mode", format!("{mode:?}"), "OneHot or Int"))
            }
            _ => Ok(*kind),
        }
    }

    fn refused(&self, argument: &'static str, value: String, expected: &str) -> Error {
        Error::argument(format!("feature {}", self.kind), argument, value, expected)
    }
}
