//! Fitted preprocessing as its own serialized form describes it.

use crate::layers::OutputMode;
use crate::preprocessing::{FittedColumnTransformer, TextToNumber, Unknown, Value};
use crate::{Error, Result};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value as Json;

#[derive(Deserialize)]
pub(super) struct Fitted {
    #[serde(default)]
    pub(super) conversions: Vec<Conversion>,
    pub(super) steps: Vec<Step>,
}

#[derive(Deserialize)]
pub(super) struct Conversion {
    pub(super) to_number: TextToNumber,
    pub(super) columns: Vec<String>,
}

#[derive(Deserialize)]
pub(super) enum Step {
    StandardScaler {
        columns: Vec<String>,
        scaler: Scaler<Standard>,
    },
    MinMaxScaler {
        columns: Vec<String>,
        scaler: Scaler<MinMax>,
    },
    OneHotEncoder {
        encoder: Encoder,
    },
    StringLookup {
        columns: Vec<String>,
        lookup: Lookup,
    },
    Hashing {
        columns: Vec<String>,
    },
    Passthrough {
        columns: Vec<String>,
    },
    /// Those of a `FeatureSpace`.
    Features(IgnoredAny),
}

#[derive(Deserialize)]
pub(super) struct Scaler<F> {
    pub(super) columns: Vec<F>,
}

#[derive(Deserialize)]
pub(super) struct Standard {
    pub(super) mean: f64,
    pub(super) scale: f64,
}

#[derive(Deserialize)]
pub(super) struct MinMax {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) range: (f64, f64),
    pub(super) clip: bool,
}

#[derive(Deserialize)]
pub(super) struct Encoder {
    pub(super) columns: Vec<Encoded>,
    pub(super) unknown: Unknown,
}

#[derive(Deserialize)]
pub(super) struct Encoded {
    pub(super) name: String,
    pub(super) categories: Vec<Value>,
    pub(super) drop_first: bool,
}

impl Encoded {
    /// Whether the categories are texts; a column holds either.
    pub(super) fn is_text(&self) -> bool {
        self.categories.iter().all(|category| matches!(category, Value::Text(_)))
    }

    /// The columns that come out.
    pub(super) fn width(&self) -> usize {
        self.categories.len().saturating_sub(usize::from(self.drop_first))
    }

    fn is_mixed(&self) -> bool {
        !self.is_text() && self.categories.iter().any(|category| matches!(category, Value::Text(_)))
    }
}

#[derive(Deserialize)]
pub(super) struct Lookup {
    pub(super) num_oov_indices: usize,
    pub(super) mask_token: Option<String>,
    pub(super) max_tokens: Option<usize>,
    pub(super) output_mode: OutputMode,
    pub(super) pad_to_max_tokens: bool,
    /// The whole of it, for the vocabulary that it makes of its arguments.
    #[serde(skip)]
    pub(super) whole: Json,
}

impl Fitted {
    /// The description, with the steps' own forms.
    pub(super) fn of(columns: &FittedColumnTransformer) -> Result<Self> {
        let whole = serde_json::to_value(columns).map_err(|error| unreadable(&error))?;
        let mut fitted: Fitted = read(whole.clone())?;
        for (index, step) in fitted.steps.iter_mut().enumerate() {
            if let Step::StringLookup { lookup, .. } = step {
                lookup.whole = whole["steps"][index]["StringLookup"]["lookup"].clone();
            }
        }
        Ok(fitted)
    }
}

impl Step {
    /// The raw columns it takes, and whether they are texts.
    pub(super) fn inputs(&self) -> Result<Vec<(String, bool)>> {
        let all = |columns: &[String], is_text| columns.iter().map(|name| (name.clone(), is_text)).collect();
        Ok(match self {
            Step::StandardScaler { columns, .. } | Step::MinMaxScaler { columns, .. } => all(columns, false),
            Step::Passthrough { columns } => all(columns, false),
            Step::StringLookup { columns, .. } => all(columns, true),
            Step::Features(_) => return Err(super::refused("a FeatureSpace", super::FEATURES)),
            Step::Hashing { columns } => return Err(super::refused(&columns.join(", "), super::HASHED)),
            Step::OneHotEncoder { encoder } => {
                if let Some(mixed) = encoder.columns.iter().find(|column| column.is_mixed()) {
                    return Err(super::refused(
                        &mixed.name,
                        "its categories are numbers and texts; give one kind only",
                    ));
                }
                encoder.columns.iter().map(|column| (column.name.clone(), column.is_text())).collect()
            }
        })
    }
}

/// A part of the description.
pub(super) fn read<A: DeserializeOwned>(value: Json) -> Result<A> {
    serde_json::from_value(value).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::Configuration { item: "the preprocessing".into(), reason: error.to_string() }
}
