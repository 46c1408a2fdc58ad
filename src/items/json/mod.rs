//! Reads JSON with serde, with messages in the crate's style: the expected and the actual value.
//!
//! serde names Rust's types (`expected u32`, `untagged enum Written`), which a user has never seen; the deserializer of this
//! file states the same for people. Types are read only from a parsed value, so each is compiled once.

mod mismatch;
mod node;

use mismatch::quoted;
use node::JsonNode;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A value of a type; the error is the reason why the JSON is none.
pub(crate) fn from_value<V: DeserializeOwned>(mut value: Value) -> Result<V, String> {
    match V::deserialize(JsonNode(&mut value)) {
        Ok(read) => Ok(read),
        Err(mismatch) => Err(mismatch.found(&value).into_reason()),
    }
}

/// Parses a value; the error is the reason why this is not possible, with line and column if the text is not JSON.
pub(crate) fn from_str<V: DeserializeOwned>(text: &str) -> Result<V, String> {
    from_value(parse(text)?)
}

/// A JSON text; the error is the reason why it is none, with line and column.
fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map(|Unambiguous(value)| value).map_err(|error| error.to_string())
}

/// A value in which no key of an object comes twice.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_string<E>(self, value: String) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Value, S::Error> {
                let mut values = Vec::new();
                while let Some(Unambiguous(value)) = items.next_element()? {
                    values.push(value);
                }
                Ok(values.into())
            }

            fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Value, M::Error> {
                let mut object = Map::new();
                while let Some(key) = entries.next_key::<String>()? {
                    if object.contains_key(&key) {
                        return Err(M::Error::custom(format_args!("the key {} comes twice", quoted(&key))));
                    }
                    let Unambiguous(value) = entries.next_value()?;
                    object.insert(key, value);
                }
                Ok(object.into())
            }
        }

        deserializer.deserialize_any(Any).map(Unambiguous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Outline {
        Round,
        Square,
        Sided(u32),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged, expecting = "expected a number or a list of numbers")]
    enum Sizes {
        One(f64),
        Each(Vec<f64>),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Piece {
        name: String,
        sizes: Vec<u8>,
        shape: Option<Outline>,
    }

    fn reason<V: DeserializeOwned + fmt::Debug>(value: Value) -> String {
        let text = value.to_string();
        let of_value = from_value::<V>(value).unwrap_err();
        assert_eq!(from_str::<V>(&text).unwrap_err(), of_value);
        of_value
    }

    #[test]
    fn messages_state_the_expected_and_the_actual_value() {
        assert_eq!(reason::<u32>(json!("half")), "expected a whole number from 0 to 4294967295, not \"half\"");
        assert_eq!(reason::<u32>(json!(-1)), "expected a whole number from 0 to 4294967295, not -1");
        assert_eq!(reason::<u8>(json!(1.5)), "expected a whole number from 0 to 255, not 1.5");
        assert_eq!(reason::<f64>(json!([1, 2])), "expected a number, not a list");
        assert_eq!(reason::<f64>(json!(null)), "expected a number, not null");
        assert_eq!(reason::<bool>(json!("yes")), "expected true or false, not \"yes\"");
        assert_eq!(reason::<char>(json!("yes")), "expected one character, not \"yes\"");
        assert_eq!(reason::<String>(json!({ "a": 1 })), "expected a string, not an object");
        assert_eq!(reason::<Vec<f64>>(json!(3)), "expected a list, not 3");
        assert_eq!(reason::<Vec<f64>>(json!([0.5, true])), "[1]: expected a number, not true");
        assert_eq!(reason::<(f64, f64)>(json!([0.5])), "expected a list of 2, not one of 1");
        assert_eq!(reason::<(f64, f64)>(json!([0.5, 1.5, 2.5])), "expected a list of 2, not one of 3");
        assert_eq!(reason::<Outline>(json!("oval")), "expected \"round\", \"square\" or \"sided\", not \"oval\"");
        assert_eq!(reason::<Outline>(json!(3)), "expected \"round\", \"square\" or \"sided\", not 3");
        assert_eq!(reason::<Sizes>(json!("x")), "expected a number or a list of numbers, not \"x\"");
        assert_eq!(reason::<Option<Sizes>>(json!({})), "expected a number or a list of numbers, not an object");
        let count = "expected a whole number from 0 to 18446744073709551615";
        assert_eq!(reason::<BTreeMap<u64, f64>>(json!({ "one": 1.0 })), format!("{count}, not \"one\""));
        assert_eq!(reason::<BTreeMap<u64, f64>>(json!({ "1": "one" })), "\"1\": expected a number, not \"one\"");
        assert!(reason::<u8>(json!("é".repeat(99))).ends_with("é\" and so on"));
    }

    #[test]
    fn each_type_is_read_from_its_kind() {
        assert_eq!(from_value::<(f64, i64, u64)>(json!([3, -3, 3])), Ok((3.0, -3, 3)));
        assert_eq!(from_value::<f32>(json!(0.5)), Ok(0.5));
        assert_eq!(from_value::<(bool, char, ())>(json!([true, "a", null])), Ok((true, 'a', ())));
        assert_eq!(from_value::<Vec<Option<Sizes>>>(json!([null, 1])), Ok(vec![None, Some(Sizes::One(1.0))]));
        let outlines = json!(["round", { "round": null }, { "sided": 3 }]);
        let read = vec![Outline::Round, Outline::Round, Outline::Sided(3)];
        assert_eq!(from_value::<Vec<Outline>>(outlines), Ok(read));
        let piece = json!({ "name": "a", "sizes": [1, 2], "shape": null });
        let named = json!({ "b": piece, "a": piece });
        let read = Piece { name: "a".into(), sizes: vec![1, 2], shape: None };
        assert_eq!(from_value::<BTreeMap<String, Piece>>(named).map(|read| read["b"] == read["a"]), Ok(true));
        assert_eq!(from_value::<Piece>(piece), Ok(read));
        assert_eq!(reason::<i64>(json!(u64::MAX)).rsplit(' ').next(), Some("18446744073709551615"));
        assert_eq!(reason::<u64>(json!(-1)).rsplit(' ').next(), Some("-1"));
    }

    #[test]
    fn messages_name_the_position_of_the_invalid_value() {
        let part = |key: &str, value: Value| {
            let mut part = json!({ "name": "a", "sizes": [1], "shape": "round" });
            part[key] = value;
            reason::<Vec<Piece>>(json!([part]))
        };
        assert_eq!(
            part("sizes", json!([1, 256])),
            "[0]: \"sizes\": [1]: expected a whole number from 0 to 255, not 256"
        );
        assert_eq!(
            part("shape", json!({ "sided": null })),
            "[0]: \"shape\": \"sided\": expected a whole number from 0 to 4294967295, not null"
        );
        assert_eq!(
            part("nam", json!(1)),
            "[0]: there is no \"nam\" among its keys, which are \"name\", \"sizes\" and \"shape\""
        );
        assert_eq!(reason::<Piece>(json!({ "sizes": [] })), "it lacks \"name\"");
        assert_eq!(reason::<Piece>(json!("a")), "expected an object, not \"a\"");
        assert_eq!(reason::<Piece>(json!([])), "expected an object, not a list of 0");
        assert_eq!(reason::<Piece>(json!(["a", [1], "round"])), "expected an object, not a list of 3");
    }

    #[test]
    fn invalid_json_is_reported_with_line_and_column() {
        let error = from_str::<Piece>("{\n  \"name\": ]").unwrap_err();
        assert_eq!(error, "expected value at line 2 column 11");
        let twice = from_str::<Piece>("{\"name\": \"a\", \"sizes\": [], \"name\": \"b\"}").unwrap_err();
        assert!(twice.starts_with("the key \"name\" comes twice at line 1"), "{twice}");
    }
}
