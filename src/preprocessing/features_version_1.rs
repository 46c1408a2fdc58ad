//! The state of a feature space as version 1 of the file format began: a list of what each kind of feature knew.

use super::fitted_features::{Crossed, FittedFeatures};
use super::transformer::{Step, restored as read};
use super::{
    Discretization, HashedCrossing, Hashing, IntegerLookup, Integers, Passthrough, Rescaling, StandardScaler,
    StringLookup, Transformer,
};
use crate::categories::OutputMode;
use crate::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    features: Vec<Encoded>,
    crosses: Vec<Cross>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encoded {
    column: String,
    plain_index: bool,
    encoder: Encoder,
}

#[derive(Deserialize)]
enum Encoder {
    Float,
    Normalized { mean: f64, deviation: f64 },
    Rescaled { scale: f64, offset: f64 },
    Discretized { boundaries: Vec<f64> },
    Integers { vocabulary: Vec<i64>, num_oov_indices: usize },
    Texts(StringLookup),
    Hashed { num_bins: usize, text: bool },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cross {
    columns: Vec<String>,
    bins: usize,
}

/// Whether a state has this form.
pub(super) fn is_state(state: &Value) -> bool {
    let first = state.get("features").and_then(|features| features.get(0));
    first.is_some_and(|feature| feature.get("encoder").is_some())
}

/// The transformers that do the same.
pub(super) fn restored(state: Value) -> Result<FittedFeatures> {
    let State { features, crosses } = read("FeatureSpace", state)?;
    let crossed = |Cross { columns, bins }: &Cross| {
        let part = |name: &String| match features.iter().find(|feature| feature.column == *name) {
            Some(feature) => feature.step(true),
            None => {
                let reason = format!("a cross names \"{name}\", a feature that it does not have");
                Err(Error::Configuration { item: "FeatureSpace".into(), reason })
            }
        };
        let parts = columns.iter().map(part).collect::<Result<_>>()?;
        let crossing = HashedCrossing::new(*bins).output_mode(OutputMode::OneHot);
        let state = json!({ "columns": columns, "crossing": crossing });
        Ok(Crossed { parts, crossing: step(crossing, state)? })
    };
    let crosses = crosses.iter().map(crossed).collect::<Result<_>>()?;
    Ok(FittedFeatures { features: features.iter().map(|feature| feature.step(false)).collect::<Result<_>>()?, crosses })
}

fn step(transformer: impl Transformer, state: Value) -> Result<Step> {
    let fitted = transformer.restore(state)?;
    Ok(Step::new(Arc::new(transformer), fitted))
}

impl Encoded {
    /// The transformer with what it knows; `as_index` asks for the bin or index itself.
    fn step(&self, as_index: bool) -> Result<Step> {
        let columns = [&self.column];
        let mode = if as_index || self.plain_index { OutputMode::Int } else { OutputMode::OneHot };
        match &self.encoder {
            Encoder::Float => step(Passthrough, json!({ "columns": columns })),
            Encoder::Normalized { mean, deviation } => {
                let scaler = json!({ "columns": [{ "mean": mean, "scale": deviation }] });
                step(StandardScaler::new(), json!({ "columns": columns, "scaler": scaler }))
            }
            Encoder::Rescaled { scale, offset } => {
                let rescaling = Rescaling::new(*scale).offset(*offset);
                step(rescaling, json!({ "columns": columns, "scaler": { "columns": [rescaling] } }))
            }
            Encoder::Discretized { boundaries } => {
                let bins = Discretization::new().bin_boundaries(boundaries.as_slice()).output_mode(mode);
                step(bins, json!({ "columns": columns, "boundaries": [boundaries], "output_mode": mode }))
            }
            Encoder::Integers { vocabulary, num_oov_indices } => {
                let lookup = IntegerLookup::new().vocabulary(vocabulary.as_slice()).num_oov_indices(*num_oov_indices);
                let state = json!({
                    "columns": columns,
                    "vocabulary": vocabulary,
                    "num_oov_indices": num_oov_indices,
                    "output_mode": mode,
                });
                step(lookup.output_mode(mode), state)
            }
            Encoder::Texts(lookup) => {
                let lookup = lookup.clone().output_mode(mode);
                let state = json!({ "columns": columns, "lookup": lookup });
                step(lookup, state)
            }
            Encoder::Hashed { num_bins, text } => {
                let hashing = Hashing::new(*num_bins).output_mode(mode);
                let hashed_as = if *text { "Text" } else { "Numbers" };
                let state = json!({ "columns": columns, "hashing": hashing, "hashed_as": [hashed_as] });
                match text {
                    true => step(hashing, state),
                    false => step(Integers.then(hashing), json!([{ "columns": columns }, state])),
                }
            }
        }
    }
}
