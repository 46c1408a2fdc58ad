//! One value of a table as serde reads it.

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::super::Column;
use super::cell::CellReader;
use super::failure::RowFailure;

impl CellReader<'_> {
    fn is_missing(&self) -> bool {
        self.column.is_missing(self.row)
    }

    /// The value where an integer is expected: whole numbers are integers.
    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
        match self.column {
            Column::Number(values) => match values.get(self.row) {
                Some(&number) if number.fract() == 0.0 && number.abs() < 9.2e18 => visitor.visit_i64(number as i64),
                Some(&number) if number.is_finite() => Err(RowFailure(format!("{number} is not an integer"))),
                _ => self.deserialize_any(visitor),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    /// The value where a number is expected: NaN for a missing one.
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
        match self.column {
            Column::Number(_) | Column::Integer(_) if self.is_missing() => visitor.visit_f64(f64::NAN),
            Column::Integer(_) => match self.column.as_numbers().and_then(|values| values.get(self.row)) {
                Some(&number) => visitor.visit_f64(number),
                None => Err(RowFailure("of its integers an f64 cannot hold one".into())),
            },
            _ => self.deserialize_any(visitor),
        }
    }
}

/// Methods that read a value as a number of some type.
macro_rules! as_number {
    ($read:ident: $($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
            self.$read(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for CellReader<'_> {
    type Error = RowFailure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
        if self.is_missing() {
            return visitor.visit_unit();
        }
        let no_value = || RowFailure("it has no such row".into());
        match self.column {
            Column::Number(values) => visitor.visit_f64(*values.get(self.row).ok_or_else(no_value)?),
            Column::Integer(values) => visitor.visit_i64(values.get(self.row).ok_or_else(no_value)?),
            Column::Boolean(values) => visitor.visit_bool(values.get(self.row).ok_or_else(no_value)?),
            Column::DateTime(values) => visitor.visit_string(values.get(self.row).ok_or_else(no_value)?.to_string()),
            Column::String(strings) => visitor.visit_str(strings.get(self.row).ok_or_else(no_value)?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
        if self.is_missing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, RowFailure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowFailure> {
        match self.column {
            Column::String(strings) if !self.is_missing() => {
                let text: StrDeserializer<'_, RowFailure> =
                    strings.get(self.row).unwrap_or_default().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            other => Err(RowFailure(format!("{} are not an enum, and a missing value is none", other.kind()))),
        }
    }

    as_number! { integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16
    deserialize_u32 deserialize_u64 deserialize_u128 }
    as_number! { number: deserialize_f32 deserialize_f64 }

    forward_to_deserialize_any! {
        bool char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
