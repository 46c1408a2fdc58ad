//! Preprocessing as operators: raw columns of a table in, the features of a network out.
//!
//! Numbers come in and are scaled in double precision, as in a table; the features have the model's element type.

mod fitted;

use super::graph::Graph;
use super::layers::spread;
use super::proto::{AttributeProto, Kind};
use super::term::{Term, concat};
use crate::error::suggestion;
use crate::layers::OutputMode;
use crate::preprocessing::{FittedColumnTransformer, StringLookup, TextToNumber, Unknown, Value};
use crate::{Error, Result};
use fitted::{Encoded, Fitted, Step};

/// Fitted preprocessing that can be written.
pub(super) struct Columns {
    steps: Vec<Step>,
    inputs: Vec<Input>,
}

/// A raw column: what comes in under its name.
struct Input {
    name: String,
    is_text: bool,
    /// What turns its texts into numbers.
    pairs: Option<Vec<(String, f64)>>,
}

impl Columns {
    /// Of preprocessing that gives as many columns as a network takes.
    pub(super) fn of(columns: &FittedColumnTransformer, expected: usize, as_number: &[String]) -> Result<Self> {
        let found = columns.names().len();
        if found != expected {
            return Err(Error::Features { what: "the preprocessing", expected, found });
        }
        let Fitted { conversions, steps } = Fitted::of(columns)?;
        let read: Vec<&str> = conversions.iter().flat_map(|one| &one.columns).map(String::as_str).collect();
        if let Some(name) = as_number.iter().find(|name| !read.contains(&name.as_str())) {
            return Err(Error::argument(
                "onnx::Export",
                "as_number",
                name,
                match read.join(", ") {
                    none if none.is_empty() => "no column, for no TextToNumber reads one here".into(),
                    list => format!("a column that a TextToNumber reads: {list}{}", suggestion(name, &read)),
                },
            ));
        }
        let mut inputs: Vec<Input> = Vec::new();
        for (name, is_text) in steps.iter().map(Step::inputs).collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            let converts = |names: &[String]| names.contains(&name);
            let conversion = conversions.iter().find(|conversion| converts(&conversion.columns));
            if is_text && conversion.is_some() {
                return Err(refused(&name, "its texts are turned into numbers, and a transformer takes it as text"));
            }
            let pairs = match conversion.map(|conversion| &conversion.to_number) {
                Some(_) if as_number.contains(&name) => None,
                Some(TextToNumber::Pairs(pairs)) => Some(pairs.clone()),
                Some(_) => return Err(unreadable_text(&name)),
                None => None,
            };
            match inputs.iter().find(|input| input.name == name) {
                Some(input) if input.is_text != (is_text || pairs.is_some()) => {
                    let reason = "one transformer takes it as text and another as a number";
                    return Err(refused(&name, reason));
                }
                Some(_) => {}
                None => inputs.push(Input { is_text: is_text || pairs.is_some(), name, pairs }),
            }
        }
        Ok(Columns { steps, inputs })
    }

    /// The names of the raw columns.
    pub(super) fn inputs(&self) -> Vec<String> {
        self.inputs.iter().map(|input| input.name.clone()).collect()
    }
}

/// Declares an input for every raw column and adds what turns them into features.
pub(super) fn write<'g>(columns: &Columns, graph: &'g Graph) -> Result<Term<'g>> {
    graph.enter("preprocessing");
    let declare = |input: &Input| {
        let kind = if input.is_text { Kind::Text } else { Kind::Double };
        let raw = graph.input(&input.name, kind, 1);
        match &input.pairs {
            Some(pairs) => {
                let numbers: Vec<f64> = pairs.iter().map(|(_, number)| *number).collect();
                let row = position(&raw, pairs.iter().map(|(text, _)| text.as_str()), numbers.len());
                graph.constant(Kind::Double, &[numbers.len()], &numbers).gather(&row)
            }
            None => raw,
        }
    };
    let inputs: Vec<(&str, Term<'g>)> = columns.inputs.iter().map(|input| (&*input.name, declare(input))).collect();
    let column = |name: &String| {
        let found = inputs.iter().find(|(known, _)| known == name).map(|(_, term)| term.clone());
        found.ok_or_else(|| refused(name, "no input has its name"))
    };
    let all = |names: &[String]| names.iter().map(column).collect::<Result<Vec<_>>>();
    let present = |name: &String| column(name).map(|raw| refuse_missing(&raw));
    let all_present = |names: &[String]| names.iter().map(present).collect::<Result<Vec<_>>>();
    let mut features = Vec::new();
    for step in &columns.steps {
        match step {
            Step::Passthrough { columns } => features.extend(concat(&all_present(columns)?)),
            Step::StandardScaler { columns, scaler } => {
                let (means, scales): (Vec<f64>, Vec<f64>) =
                    scaler.columns.iter().map(|column| (column.mean, column.scale)).unzip();
                let scaled = |raw| {
                    let (distance, unit) = centred(&raw, &means);
                    let scaled = distance / graph.constant(Kind::Double, &[scales.len()], &scales);
                    if unit == 1.0 { scaled } else { scaled / unit }
                };
                features.extend(concat(&all_present(columns)?).map(scaled));
            }
            Step::MinMaxScaler { columns, scaler } => {
                for (name, figures) in columns.iter().zip(&scaler.columns) {
                    let (low, high) = figures.range;
                    let (distance, unit) = centred(&present(name)?, &[figures.min]);
                    let width = if figures.min == figures.max { 1.0 } else { figures.max - figures.min };
                    let part = match width.is_infinite() {
                        true => distance / (figures.max * unit - figures.min * unit),
                        false if unit == 1.0 => distance / width,
                        false => distance / width / unit,
                    };
                    let scaled = part * (high - low) + low;
                    features.push(if figures.clip { scaled.clip(low, high) } else { scaled });
                }
            }
            Step::OneHotEncoder { encoder } => {
                // A single category that is dropped leaves nothing.
                for encoded in encoder.columns.iter().filter(|encoded| encoded.width() > 0) {
                    features.push(one_hot(&column(&encoded.name)?, encoded, encoder.unknown));
                }
            }
            Step::StringLookup { columns, lookup } => {
                let indices = all(columns)?.iter().map(|raw| lookup.index(raw)).collect::<Result<Vec<_>>>()?;
                if let Some(indices) = concat(&indices) {
                    features.push(lookup.spread(&indices, columns.len(), graph.element)?);
                }
            }
            Step::Hashing { columns } => return Err(refused(&columns.join(", "), HASHED)),
            Step::Features(_) => return Err(refused("a FeatureSpace", FEATURES)),
        }
    }
    let features: Vec<Term<'g>> = features.iter().map(|feature| feature.cast(graph.element)).collect();
    concat(&features).ok_or_else(|| refused("the preprocessing", "it has no columns"))
}

/// The numbers of a column, none of which is missing or infinite.
///
/// A network may make anything of a NaN, and a comparison with one is false, which would be a decision. So a number that a
/// record lacks stops the runtime as an unknown category does: its place is one behind the end of a table.
fn refuse_missing<'g>(raw: &Term<'g>) -> Term<'g> {
    let place = (raw * 0.0).apply_kind("IsNaN", Kind::Bool).cast(Kind::Int64);
    raw * raw.graph.constant(raw.kind, &[1], &[1.0]).gather(&place)
}

/// `unit·(raw − center)` and the unit: a half where the difference could exceed `f64`, 1 otherwise.
fn centred<'g>(raw: &Term<'g>, centers: &[f64]) -> (Term<'g>, f64) {
    let row = |centers: &[f64]| raw.graph.constant(Kind::Double, &[centers.len()], centers);
    if centers.iter().all(|center| center.abs() < 1e290) {
        return (raw - row(centers), 1.0);
    }
    let halves: Vec<f64> = centers.iter().map(|center| center / 2.0).collect();
    (raw * 0.5 - row(&halves), 0.5)
}

/// The position of a text among these; `unknown` for others.
fn position<'g, 'k>(raw: &Term<'g>, keys: impl Iterator<Item = &'k str>, unknown: usize) -> Term<'g> {
    let keys: Vec<&str> = keys.collect();
    let attributes = vec![
        AttributeProto::strings("keys_strings", keys.iter().copied()),
        AttributeProto::ints("values_int64s", (0..keys.len() as i64).collect()),
        AttributeProto::int("default_int64", unknown as i64),
    ];
    raw.graph.node("LabelEncoder", &[raw], attributes, Kind::Int64)
}

/// A column of zeros and ones for each category that is kept.
///
/// Where an unknown category is an error, its place is one behind the last row of a table: the runtime stops there.
fn one_hot<'g>(raw: &Term<'g>, encoded: &Encoded, unknown: Unknown) -> Term<'g> {
    let graph = raw.graph;
    let count = encoded.categories.len();
    let first = usize::from(encoded.drop_first);
    if !encoded.is_text() {
        let number = |category: &Value| match category {
            Value::Number(number) => *number,
            // Booleans come in as 1 and 0.
            Value::Boolean(value) => f64::from(u8::from(*value)),
            Value::Text(_) => f64::NAN,
        };
        let numbers: Vec<f64> = encoded.categories.iter().map(number).collect();
        let row = |numbers: &[f64]| graph.constant(Kind::Double, &[1, numbers.len()], numbers);
        let kept = raw.equal(row(numbers.get(first..).unwrap_or_default())).cast(graph.element);
        if unknown == Unknown::Zeros {
            return kept;
        }
        let found = raw.equal(row(&numbers)).cast(Kind::Int64).sum(1, true);
        let missing = graph.constant(Kind::Int64, &[], &[1.0]) - found;
        return kept * graph.constant(graph.element, &[1], &[1.0]).gather(&missing);
    }
    let keys = encoded.categories.iter().filter_map(|category| match category {
        Value::Text(text) => Some(text.as_str()),
        Value::Number(_) | Value::Boolean(_) => None,
    });
    let place = position(raw, keys, count);
    let mut places: Vec<f64> = (0..count).map(|place| place as f64 - first as f64).collect();
    if unknown == Unknown::Zeros {
        places.push(-1.0);
    }
    let place = graph.constant(Kind::Int64, &[places.len()], &places).gather(&place);
    spread(&place, 1, OutputMode::OneHot, encoded.width(), graph.element)
}

impl fitted::Lookup {
    /// The index of each text, −1 for one that stands for nothing.
    fn index<'g>(&self, raw: &Term<'g>) -> Result<Term<'g>> {
        let (vocabulary, places) = (self.vocabulary()?, self.num_oov_indices);
        if places > 1 {
            let reason = "several places for unknown texts are told apart by a hash, for which ONNX has no operator; \
                          use one place";
            return Err(refused("StringLookup", reason));
        }
        let first_unknown = usize::from(self.mask_token.is_some() && self.output_mode == OutputMode::Int);
        let first_token = first_unknown + places;
        let tokens = vocabulary.iter().skip(first_token).map(String::as_str);
        let keys: Vec<&str> = tokens.chain(self.mask_token.as_deref()).collect();
        let known = vocabulary.len().saturating_sub(first_token);
        let mut indices: Vec<f64> = (0..known).map(|index| (first_token + index) as f64).collect();
        if self.mask_token.is_some() {
            indices.push(if self.output_mode == OutputMode::Int { 0.0 } else { -1.0 });
        }
        let row = position(raw, keys.into_iter(), indices.len());
        if places == 1 {
            indices.push(first_unknown as f64);
        }
        Ok(raw.graph.constant(Kind::Int64, &[indices.len()], &indices).gather(&row))
    }

    fn spread<'g>(&self, indices: &Term<'g>, columns: usize, element: Kind) -> Result<Term<'g>> {
        let depth = match self.max_tokens.filter(|_| self.pad_to_max_tokens) {
            Some(most) => most,
            None => self.vocabulary()?.len(),
        };
        Ok(spread(indices, columns, self.output_mode, depth, element))
    }

    fn vocabulary(&self) -> Result<Vec<String>> {
        let whole: StringLookup = fitted::read(self.whole.clone())?;
        whole.get_vocabulary()
    }
}

/// Why a hash is refused.
const HASHED: &str = "ONNX has no operator for a hash; hash in the program that runs the model, or use a \
                      StringLookup with a vocabulary";

/// Why a space of features is refused.
const FEATURES: &str = "it has no operators here; transform in the program that runs the model and export the network \
                        alone, or join scalers and encoders in a ColumnTransformer";

fn refused(column: &str, reason: &str) -> Error {
    Error::NotSerializable { item: format!("the preprocessing of {column} as ONNX"), reason: reason.into() }
}

fn unreadable_text(column: &str) -> Error {
    let reason = format!(
        "ONNX has no operator that reads a number from a text such as \"36 months\"; pass the numbers with \
         .as_number(\"{column}\"), or fit with TextToNumber::pairs"
    );
    refused(column, &reason)
}
