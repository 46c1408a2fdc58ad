//! JSON read by serde, with messages in the crate's words: what was expected and what came.
//!
//! serde names Rust's types (`expected u32`, `untagged enum Written`), which a user has never seen; the deserializer of this
//! file states the same for people. Types are read from a parsed value alone, so each is compiled once.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess};
use serde::de::{IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value, map};
use std::marker::PhantomData;
use std::{fmt, vec};

/// The longest string that a message repeats.
const LONGEST_QUOTED: usize = 80;

/// A value of a type; the error is the reason why the JSON is none.
pub(crate) fn from_value<V: DeserializeOwned>(mut value: Value) -> Result<V, String> {
    JsonNode(&mut value).read(PhantomData).map_err(|mismatch| mismatch.reason)
}

/// A value of a type; the error is the reason why the text is none, with line and column where it is no JSON.
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

/// What is wrong with a value.
#[derive(Debug)]
struct Mismatch {
    reason: String,
    /// Whether the reason has the key or the place of what is wrong.
    is_within: bool,
}

impl Mismatch {
    fn new(reason: String) -> Self {
        Mismatch { reason, is_within: false }
    }

    /// The same, of a part of a value.
    #[cold]
    fn at(self, part: &str) -> Self {
        Mismatch { reason: format!("{part}: {}", self.reason), is_within: true }
    }

    /// What was found, behind a reason that states only what is expected; a list has had `many` values.
    #[cold]
    fn found(mut self, value: &Value, many: Option<usize>) -> Self {
        if !self.is_within && self.reason.starts_with("expected ") && !self.reason.contains(", not ") {
            let found = many.map_or_else(|| of_value(value), |length| format!("a list of {length}"));
            self.reason = format!("{}, not {found}", self.reason);
        }
        self
    }

    #[cold]
    fn of_length(expected: usize, found: usize) -> Self {
        Mismatch::new(format!("expected a list of {expected}, not one of {found}"))
    }

    #[cold]
    fn none_of(names: &[&str], value: &Value) -> Self {
        Mismatch::new(format!("expected {}, not {}", one_of(names), of_value(value)))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Mismatch {}

impl Error for Mismatch {
    fn custom<D: fmt::Display>(message: D) -> Self {
        Mismatch::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mismatch::new(format!("expected {}, not {}", of_type(&expected.to_string()), of_serde(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = of_type(&expected.to_string());
        let found = if expected.starts_with("a list") { "one" } else { "a list" };
        Mismatch::new(format!("expected {expected}, not {found} of {length}"))
    }

    fn unknown_variant(found: &str, names: &'static [&'static str]) -> Self {
        Mismatch::new(format!("expected {}, not {}", one_of(names), quoted(found)))
    }

    fn unknown_field(found: &str, names: &'static [&'static str]) -> Self {
        Mismatch::new(format!("there is no {} among its keys, which are {}", quoted(found), listed(names, "and")))
    }

    fn missing_field(name: &'static str) -> Self {
        Mismatch::new(format!("it lacks \"{name}\""))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Mismatch::new(format!("\"{name}\" comes twice"))
    }
}

fn one_of(names: &[&str]) -> String {
    listed(names, "or")
}

fn listed(names: &[&str], last: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// What serde calls a type, for people.
fn of_type(expected: &str) -> String {
    let whole = |low: &dyn fmt::Display, high: &dyn fmt::Display| format!("a whole number from {low} to {high}");
    match expected {
        "u8" => whole(&u8::MIN, &u8::MAX),
        "u16" => whole(&u16::MIN, &u16::MAX),
        "u32" => whole(&u32::MIN, &u32::MAX),
        "u64" => whole(&u64::MIN, &u64::MAX),
        "usize" => whole(&usize::MIN, &usize::MAX),
        "i32" => whole(&i32::MIN, &i32::MAX),
        "i64" => whole(&i64::MIN, &i64::MAX),
        "f32" | "f64" => "a number".into(),
        "a boolean" => "true or false".into(),
        "a character" => "one character".into(),
        "path string" => "a path".into(),
        "unit" => "null".into(),
        "a sequence" => "a list".into(),
        "a map" => "an object".into(),
        other => {
            let length = |start: &str| other.strip_prefix(start).filter(|rest| rest.parse::<usize>().is_ok());
            match length("a tuple of size ").or(length("an array of length ")) {
                Some(length) => format!("a list of {length}"),
                None if other.starts_with("struct ") => "an object".into(),
                None if other.starts_with("tuple struct ") => "a list".into(),
                None => other.into(),
            }
        }
    }
}

/// What serde found, for people.
fn of_serde(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Char(value) => quoted(&value.to_string()),
        Unexpected::Str(value) => quoted(value),
        Unexpected::Unit | Unexpected::Option => "null".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "an object".into(),
        other => other.to_string(),
    }
}

fn of_value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(values) => format!("a list of {}", values.len()),
        Value::Object(_) => "an object".into(),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTED) {
        Some((end, _)) => format!("{:?} and so on", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A number as serde visits it.
enum VisitedNumber {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

fn numeral(number: &serde_json::Number) -> VisitedNumber {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => VisitedNumber::Unsigned(value),
        (_, Some(value)) => VisitedNumber::Signed(value),
        _ => VisitedNumber::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

/// A value as serde reads it, which takes out what it holds: a large one is not held twice.
struct JsonNode<'a>(&'a mut Value);

impl JsonNode<'_> {
    fn read<'de, S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Mismatch> {
        let many = match &*self.0 {
            Value::Array(values) => Some(values.len()),
            _ => None,
        };
        let value = self.0;
        match seed.deserialize(JsonNode(value)) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(mismatch.found(value, many)),
        }
    }
}

impl<'de> Deserializer<'de> for JsonNode<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(text) => visitor.visit_str(text),
            Value::Number(number) => match numeral(number) {
                VisitedNumber::Unsigned(value) => visitor.visit_u64(value),
                VisitedNumber::Signed(value) => visitor.visit_i64(value),
                VisitedNumber::Float(value) => visitor.visit_f64(value),
            },
            Value::Array(values) => {
                let mut items = Items { rest: std::mem::take(values).into_iter(), read: 0 };
                let read = visitor.visit_seq(&mut items)?;
                match items.rest.len() {
                    0 => Ok(read),
                    left => Err(Mismatch::of_length(items.read, items.read + left)),
                }
            }
            Value::Object(entries) => visitor.visit_map(Entries::of(entries)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(StrDeserializer::new(name)),
            Value::Object(entries) if entries.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(Entries::of(entries)))
            }
            other => Err(Mismatch::none_of(names, other)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The values of a list.
struct Items {
    rest: vec::IntoIter<Value>,
    read: usize,
}

impl<'de> SeqAccess<'de> for &mut Items {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some(mut value) = self.rest.next() else { return Ok(None) };
        match JsonNode(&mut value).read(seed) {
            Ok(read) => {
                self.read += 1;
                Ok(Some(read))
            }
            Err(mismatch) => Err(mismatch.at(&format!("[{}]", self.read))),
        }
    }
}

/// The entries of an object.
struct Entries {
    rest: map::IntoIter,
    next: Option<(String, Value)>,
}

impl Entries {
    fn of(entries: &mut Map<String, Value>) -> Self {
        Entries { rest: std::mem::take(entries).into_iter(), next: None }
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        let read = seed.deserialize(JsonKey(&key)).map(Some);
        self.next = Some((key, value));
        read
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let (key, mut value) = self.next.take().unwrap_or_default();
        match JsonNode(&mut value).read(seed) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(mismatch.at(&quoted(&key))),
        }
    }
}

/// The key of an entry, a string that may spell a number.
struct JsonKey<'a>(&'a str);

/// Integers as keys.
macro_rules! integers {
    ($($method:ident: $type:ty => $visit:ident),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            match self.0.parse::<$type>() {
                Ok(number) => visitor.$visit(number),
                Err(_) => Err(Mismatch::invalid_type(Unexpected::Str(self.0), &visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for JsonKey<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_str(self.0)
    }

    integers!(deserialize_u32: u32 => visit_u32, deserialize_u64: u64 => visit_u64, deserialize_i64: i64 => visit_i64);

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
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
    fn what_was_expected_and_what_came_is_in_plain_words() {
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
    fn the_place_of_what_is_wrong_is_named() {
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
    }

    #[test]
    fn what_is_no_json_has_line_and_column() {
        let error = from_str::<Piece>("{\n  \"name\": ]").unwrap_err();
        assert_eq!(error, "expected value at line 2 column 11");
        let twice = from_str::<Piece>("{\"name\": \"a\", \"sizes\": [], \"name\": \"b\"}").unwrap_err();
        assert!(twice.starts_with("the key \"name\" comes twice at line 1"), "{twice}");
    }
}
