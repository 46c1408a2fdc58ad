//! The reason why a value cannot be read, as a readable message.

use serde::de::{Error, Expected, Unexpected};
use serde_json::Value;
use std::fmt;

/// The longest string that a message repeats.
const LONGEST_QUOTED: usize = 80;

/// The reason why a value is not of the expected form; boxed so that results are small.
#[derive(Debug)]
pub(super) struct Mismatch(Box<MismatchReason>);

#[derive(Debug)]
pub(super) struct MismatchReason {
    reason: String,
    /// Whether the reason already contains the key or the position of the invalid value.
    is_within: bool,
}

impl Mismatch {
    fn new(reason: String) -> Self {
        Mismatch(Box::new(MismatchReason { reason, is_within: false }))
    }

    pub(super) fn into_reason(self) -> String {
        self.0.reason
    }

    /// The same, of a part of a value.
    #[cold]
    #[inline(never)]
    pub(super) fn at(mut self, part: &str) -> Self {
        self.0.reason = format!("{part}: {}", self.0.reason);
        self.0.is_within = true;
        self
    }

    /// Appends the actual value to a reason that states only the expected one.
    #[cold]
    #[inline(never)]
    pub(super) fn found(mut self, value: &Value) -> Self {
        let MismatchReason { reason, is_within } = &mut *self.0;
        if !*is_within && reason.starts_with("expected ") && !reason.contains(", not ") {
            *reason = format!("{reason}, not {}", of_value(value));
        }
        self
    }

    /// Adds the key and the value in which the mismatch was found.
    #[cold]
    #[inline(never)]
    pub(super) fn of_key(self, key: &str, value: &Value) -> Self {
        self.found(value).at(&quoted(key))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn of_length(expected: usize, found: usize) -> Self {
        Mismatch::new(format!("expected a list of {expected}, not one of {found}"))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn none_of(names: &[&str], value: &Value) -> Self {
        Mismatch::new(format!("expected {}, not {}", one_of(names), of_value(value)))
    }

    /// A value of another type.
    #[cold]
    #[inline(never)]
    pub(super) fn of_other_type(value: &Value, expected: &dyn Expected) -> Self {
        let found = match value {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::String(text) => Unexpected::Str(text),
            Value::Number(number) => match numeral(number) {
                VisitedNumber::Unsigned(value) => Unexpected::Unsigned(value),
                VisitedNumber::Signed(value) => Unexpected::Signed(value),
                VisitedNumber::Float(value) => Unexpected::Float(value),
            },
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Self::invalid_type(found, expected)
    }

    /// A value that is no object.
    #[cold]
    #[inline(never)]
    pub(super) fn no_object(value: &Value, expected: &dyn Expected) -> Self {
        match value {
            Value::Array(values) => Self::invalid_length(values.len(), expected),
            other => Self::of_other_type(other, expected),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.reason)
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

/// The words of a message for one of serde's names of types.
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

/// The words of a message for a value that serde found.
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

pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTED) {
        Some((end, _)) => format!("{:?} and so on", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A number as serde visits it.
pub(super) enum VisitedNumber {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

pub(super) fn numeral(number: &serde_json::Number) -> VisitedNumber {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => VisitedNumber::Unsigned(value),
        (_, Some(value)) => VisitedNumber::Signed(value),
        _ => VisitedNumber::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}
