use super::super::Value;

/// One value of a row on its way through transformers; see [`FittedTransformer::write_row`](super::FittedTransformer::write_row).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum RowValue<'a> {
    /// No value, as of a key that a record lacks.
    Missing,
    /// A number, which is not NaN.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A string.
    String(&'a str),
}

impl<'a> RowValue<'a> {
    /// A number, or a missing value for NaN.
    pub fn number(number: f64) -> Self {
        if number.is_nan() { RowValue::Missing } else { RowValue::Number(number) }
    }

    /// A value of a record.
    pub(crate) fn of(value: &'a Value) -> Self {
        match value {
            Value::Number(number) => RowValue::number(*number),
            Value::Boolean(value) => RowValue::Boolean(*value),
            Value::String(text) => RowValue::String(text),
        }
    }

    /// A finite number, a boolean as 1 or 0, NaN for a missing value; nothing for what transformers of numbers refuse.
    pub fn as_number(self) -> Option<f64> {
        match self {
            RowValue::Missing => Some(f64::NAN),
            RowValue::Number(number) => number.is_finite().then_some(number),
            RowValue::Boolean(value) => Some(f64::from(u8::from(value))),
            RowValue::String(_) => None,
        }
    }
}
