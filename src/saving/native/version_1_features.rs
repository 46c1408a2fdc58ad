//! The state of a feature space as version 1 began: a list of what each kind of feature knew, in place of transformers.

use crate::items::json::from_value;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureSpaceV1 {
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
    Texts(Value),
    Hashed { num_bins: usize, text: bool },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cross {
    columns: Vec<String>,
    bins: usize,
}

/// The state of version 2; one that has its form already stays as it is.
pub(super) fn upgrade(state: Value) -> Result<Value, String> {
    let first = state.get("features").and_then(|features| features.get(0));
    if first.is_some_and(|feature| feature.get("encoder").is_none()) {
        return Ok(state);
    }
    let FeatureSpaceV1 { features, crosses } =
        from_value(state).map_err(|error| format!("the state of its FeatureSpace cannot be read: {error}"))?;
    let crossed = |Cross { columns, bins }: &Cross| {
        let part = |name: &String| match features.iter().find(|feature| feature.column == *name) {
            Some(feature) => Ok(feature.step(true)),
            None => Err(format!("a cross of its FeatureSpace names \"{name}\", a feature that it does not have")),
        };
        let parts = columns.iter().map(part).collect::<Result<Vec<_>, _>>()?;
        let crossing = json!({ "num_bins": bins, "output_mode": "one_hot" });
        let state = json!({ "columns": columns, "crossing": crossing });
        Ok(json!({ "parts": parts, "crossing": step("HashedCrossing", crossing, state) }))
    };
    let crosses = crosses.iter().map(crossed).collect::<Result<Vec<_>, String>>()?;
    let features: Vec<Value> = features.iter().map(|feature| feature.step(false)).collect();
    Ok(json!({ "features": features, "crosses": crosses }))
}

/// An object with these entries, without the code that `json!` writes for each.
fn object<const N: usize>(mut entries: [(&str, Value); N]) -> Value {
    taken(&mut entries)
}

fn taken(entries: &mut [(&str, Value)]) -> Value {
    entries.iter_mut().map(|(key, value)| (*key, value.take())).collect()
}

fn list(value: Value) -> Value {
    Value::Array(vec![value])
}

fn item(class_name: &str, config: Value) -> Value {
    object([("class_name", class_name.into()), ("config", config)])
}

/// A fitted transformer.
fn step(class_name: &str, config: Value, state: Value) -> Value {
    object([("class_name", class_name.into()), ("config", config), ("state", state)])
}

/// The state of a scaler of one column.
fn scaled(columns: Value, column: Value) -> Value {
    object([("columns", columns), ("scaler", object([("columns", list(column))]))])
}

impl Encoded {
    /// The transformer with what it knows; `as_index` asks for the bin or index itself.
    fn step(&self, as_index: bool) -> Value {
        let columns = list(self.column.as_str().into());
        let mode = if as_index || self.plain_index { "int" } else { "one_hot" };
        match &self.encoder {
            Encoder::Float => step("Passthrough", object([]), object([("columns", columns)])),
            &Encoder::Normalized { mean, deviation } => {
                let column = object([("mean", mean.into()), ("scale", deviation.into())]);
                step("StandardScaler", object([]), scaled(columns, column))
            }
            &Encoder::Rescaled { scale, offset } => {
                let rescaling = object([("scale", scale.into()), ("offset", offset.into())]);
                step("Rescaling", rescaling.clone(), scaled(columns, rescaling))
            }
            Encoder::Discretized { boundaries } => {
                let boundaries: Value = boundaries.as_slice().into();
                let config = object([("bin_boundaries", boundaries.clone()), ("output_mode", mode.into())]);
                let state = [("columns", columns), ("boundaries", list(boundaries)), ("output_mode", mode.into())];
                step("Discretization", config, object(state))
            }
            Encoder::Integers { vocabulary, num_oov_indices } => {
                let lookup = object([
                    ("vocabulary", vocabulary.as_slice().into()),
                    ("num_oov_indices", (*num_oov_indices).into()),
                    ("output_mode", mode.into()),
                ]);
                let mut state = lookup.clone();
                state["columns"] = columns;
                step("IntegerLookup", lookup, state)
            }
            Encoder::Texts(lookup) => {
                let mut lookup = lookup.clone();
                if let Some(arguments) = lookup.as_object_mut() {
                    arguments.insert("output_mode".into(), mode.into());
                }
                step("StringLookup", lookup.clone(), object([("columns", columns), ("lookup", lookup)]))
            }
            Encoder::Hashed { num_bins, text } => {
                let hashing = object([("num_bins", (*num_bins).into()), ("output_mode", mode.into())]);
                let hashed_as = list(if *text { "Strings" } else { "Numbers" }.into());
                let state =
                    object([("columns", columns.clone()), ("hashing", hashing.clone()), ("hashed_as", hashed_as)]);
                if *text {
                    return step("Hashing", hashing, state);
                }
                let stages = vec![item("Integers", object([])), item("Hashing", hashing)];
                let states = vec![object([("columns", columns)]), state];
                step("Chain", object([("stages", stages.into())]), states.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{FittedColumnTransformer, Table};

    /// A feature space with a feature of each kind as it was written, a table, and what was made of that, in all digits.
    fn file() -> Value {
        serde_json::from_str(include_str!("../../../tests/saving/files/feature-space-version-1.json")).unwrap()
    }

    fn table(columns: &Value) -> Table {
        columns.as_object().unwrap().iter().fold(Table::new(), |table, (name, values)| {
            let values = values.as_array().unwrap();
            match values[0].is_string() {
                true => table.with_strings(name, values.iter().map(|string| string.as_str().unwrap())).unwrap(),
                false => table.with_numbers(name, values.iter().map(|number| number.as_f64().unwrap())).unwrap(),
            }
        })
    }

    fn read(mut fitted: Value) -> Result<FittedColumnTransformer, String> {
        let state = &mut fitted["steps"][0]["state"];
        *state = upgrade(state.take())?;
        serde_json::from_value(fitted).map_err(|error| error.to_string())
    }

    #[test]
    fn feature_spaces_of_version_1_have_the_same_output() {
        let file = file();
        let table = table(&file["table"]);
        assert!(
            file["fitted"]["steps"][0]["state"]["features"][0]["encoder"].is_string(),
            "the file has the form of before"
        );
        let fitted = read(file["fitted"].clone()).unwrap();
        assert_eq!(json!(fitted.names()), file["names"]);
        let now = serde_json::to_value(&fitted).unwrap();
        assert_eq!(now["steps"][0]["state"]["features"][0]["class_name"], "Passthrough");
        let again = read(now).unwrap();
        assert_eq!(again, fitted);
        for row in 0..table.nrows() {
            for fitted in [&fitted, &again] {
                let found: Vec<f64> =
                    fitted.transform_record::<f64>(&table.record(row).unwrap()).unwrap().iter().copied().collect();
                assert_eq!(json!(found), file["matrix"][row]);
            }
        }
        let all = fitted.transform::<f64>(&table).unwrap();
        let rows: Vec<Vec<f64>> = all.row_iter().map(|row| row.iter().copied().collect()).collect();
        assert_eq!(json!(rows), file["matrix"]);
    }

    #[test]
    fn a_state_that_does_not_fit_together_is_refused() {
        let refused = |pointer: &str, value: Value| {
            let mut fitted = file()["fitted"].clone();
            *fitted.pointer_mut(pointer).unwrap() = value;
            read(fitted).unwrap_err()
        };
        let message = refused("/steps/0/state/crosses/0/columns/0", "age".into());
        assert!(message.contains("\"age\", a feature that it does not have"), "{message}");
        for (pointer, value, part) in [
            ("/steps/0/state/crosses/0/bins", json!(0), "num_bins is 0"),
            (
                "/steps/0/state/features/10/encoder",
                json!({ "Hashed": { "num_bins": 0, "text": false } }),
                "num_bins is 0",
            ),
            ("/steps/0/state/features/4/encoder", json!({ "Discretized": { "boundaries": [2.0, 1.0] } }), "ascending"),
            ("/steps/0/state/features/1/encoder", json!({ "Normalized": { "mean": 0.0, "deviation": 0.0 } }), "scale"),
            ("/steps/0/state/features/0", json!({ "column": "a" }), "cannot be read"),
        ] {
            let message = refused(pointer, value);
            assert!(message.contains(part), "{message}");
        }
    }
}
