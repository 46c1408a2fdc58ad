//! A parsed value as serde reads it.

use super::mismatch::{Mismatch, VisitedNumber, numeral};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected};
use serde::de::{IntoDeserializer, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value, map};
use std::slice;

/// A value that serde reads. It is consumed while it is read, so that a large value is not in memory twice.
///
/// Each method visits the one kind that its type is written as. A visitor has one method for every kind, and with
/// [`deserialize_any`](Deserializer::deserialize_any) all of them would be compiled for each type.
pub(super) struct JsonNode<'a>(pub(super) &'a mut Value);

impl JsonNode<'_> {
    #[inline(never)]
    fn unsigned(&self) -> Option<u64> {
        self.0.as_u64()
    }

    #[inline(never)]
    fn signed(&self) -> Option<i64> {
        self.0.as_i64()
    }

    #[inline(never)]
    fn float(&self) -> Option<f64> {
        match &*self.0 {
            Value::Number(number) => Some(number.as_f64().unwrap_or(f64::NAN)),
            _ => None,
        }
    }
}

/// Types that one kind of value is read as.
macro_rules! visited {
    ($($method:ident)* => $visit:ident($self:ident) $value:expr) => {
        $(fn $method<V: Visitor<'de>>($self, visitor: V) -> Result<V::Value, Mismatch> {
            match $value {
                Some(value) => visitor.$visit(value),
                None => Err(Mismatch::of_other_type($self.0, &visitor)),
            }
        })*
    };
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
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    visited! { deserialize_bool => visit_bool(self) self.0.as_bool() }
    visited! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => visit_u64(self) self.unsigned() }
    visited! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => visit_i64(self) self.signed() }
    visited! { deserialize_f64 => visit_f64(self) self.float() }
    visited! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier => visit_str(self) self.0.as_str()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            other => Err(Mismatch::of_other_type(other, &visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_unit(visitor)
    }

    /// Ignores the value.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Some(mut items) = Items::from_value(self.0) else {
            return Err(Mismatch::of_other_type(self.0, &visitor));
        };
        let read = visitor.visit_seq(&mut items);
        match items.left() {
            Some(mismatch) if read.is_ok() => Err(mismatch),
            _ => read,
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(entries) => visitor.visit_map(Entries::new(entries)),
            other => Err(Mismatch::of_other_type(other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(entries) => visitor.visit_map(Entries::new(entries)),
            other => Err(Mismatch::no_object(other, &visitor)),
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
        match JsonVariant::from_value(self.0, names) {
            Ok(variant) => visitor.visit_enum(variant),
            Err(mismatch) => Err(mismatch),
        }
    }

    forward_to_deserialize_any! { i128 u128 f32 bytes byte_buf }
}

/// The values of a list. A value that has been read is dropped when the next one is requested.
struct Items<'a> {
    rest: slice::IterMut<'a, Value>,
    last: Option<&'a mut Value>,
    read: usize,
}

impl<'a> Items<'a> {
    #[inline(never)]
    fn from_value(value: &'a mut Value) -> Option<Self> {
        match value {
            Value::Array(values) => Some(Items { rest: values.iter_mut(), last: None, read: 0 }),
            _ => None,
        }
    }

    /// The error for superfluous values.
    #[inline(never)]
    fn left(&self) -> Option<Mismatch> {
        match self.rest.len() {
            0 => None,
            left => Some(Mismatch::of_length(self.read, self.read + left)),
        }
    }

    #[inline(never)]
    fn advance(&mut self) -> Option<&mut Value> {
        if let Some(last) = self.last.take() {
            *last = Value::Null;
        }
        self.last = self.rest.next();
        self.read += usize::from(self.last.is_some());
        self.last.as_deref_mut()
    }

    #[cold]
    #[inline(never)]
    fn mismatch(&self, mismatch: Mismatch) -> Mismatch {
        let mismatch = match &self.last {
            Some(value) => mismatch.found(value),
            None => mismatch,
        };
        mismatch.at(&format!("[{}]", self.read.saturating_sub(1)))
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        match self.advance() {
            None => Ok(None),
            Some(value) => match seed.deserialize(JsonNode(value)) {
                Ok(read) => Ok(Some(read)),
                Err(mismatch) => Err(self.mismatch(mismatch)),
            },
        }
    }
}

/// The entries of an object. A value that has been read is dropped when the next key is requested.
struct Entries<'a> {
    rest: map::IterMut<'a>,
    last: Option<(&'a str, &'a mut Value)>,
    /// The value, if no key was requested.
    none: Value,
}

impl<'a> Entries<'a> {
    #[inline(never)]
    fn new(entries: &'a mut Map<String, Value>) -> Self {
        Entries { rest: entries.iter_mut(), last: None, none: Value::Null }
    }

    #[inline(never)]
    fn advance(&mut self) -> Option<&'a str> {
        if let Some((_, last)) = self.last.take() {
            *last = Value::Null;
        }
        self.last = self.rest.next().map(|(key, value)| (key.as_str(), value));
        self.last.as_ref().map(|(key, _)| *key)
    }

    #[inline(never)]
    fn value(&mut self) -> &mut Value {
        match &mut self.last {
            Some((_, value)) => value,
            None => &mut self.none,
        }
    }

    #[cold]
    #[inline(never)]
    fn mismatch(&self, mismatch: Mismatch) -> Mismatch {
        match &self.last {
            Some((key, value)) => mismatch.of_key(key, value),
            None => mismatch.of_key("", &self.none),
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        match self.advance() {
            None => Ok(None),
            Some(key) => match seed.deserialize(JsonKey(key)) {
                Ok(key) => Ok(Some(key)),
                Err(mismatch) => Err(mismatch),
            },
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        match seed.deserialize(JsonNode(self.value())) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(self.mismatch(mismatch)),
        }
    }
}

/// A variant of an enum: its name, or an object with one entry, from the name to the fields of the variant.
struct JsonVariant<'a> {
    name: &'a str,
    value: Option<&'a mut Value>,
}

impl<'a> JsonVariant<'a> {
    #[inline(never)]
    fn from_value(value: &'a mut Value, names: &[&str]) -> Result<Self, Mismatch> {
        match value {
            Value::String(name) => Ok(JsonVariant { name, value: None }),
            Value::Object(entries) => match (entries.len(), entries.iter_mut().next()) {
                (1, Some((name, value))) => Ok(JsonVariant { name, value: Some(value) }),
                _ => Err(Mismatch::none_of(names, &Value::Object(Map::new()))),
            },
            other => Err(Mismatch::none_of(names, other)),
        }
    }

    /// The name and the value of the variant; `expected` describes the value for the error.
    #[inline(never)]
    fn held(self, expected: &str) -> Result<(&'a str, &'a mut Value), Mismatch> {
        match self.value {
            Some(value) => Ok((self.name, value)),
            None => Err(Mismatch::invalid_type(Unexpected::UnitVariant, &expected)),
        }
    }
}

impl<'de> EnumAccess<'de> for JsonVariant<'_> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        match seed.deserialize(JsonKey(self.name)) {
            Ok(name) => Ok((name, self)),
            Err(mismatch) => Err(mismatch),
        }
    }
}

impl<'de> VariantAccess<'de> for JsonVariant<'_> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.value {
            None => Ok(()),
            Some(value) => <()>::deserialize(JsonNode(value)).map_err(|mismatch| mismatch.of_key(self.name, value)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Mismatch> {
        let (name, value) = self.held("newtype variant")?;
        match seed.deserialize(JsonNode(value)) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(mismatch.of_key(name, value)),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        let (name, value) = self.held("tuple variant")?;
        match JsonNode(value).deserialize_seq(visitor) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(mismatch.of_key(name, value)),
        }
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        let (name, value) = self.held("struct variant")?;
        match JsonNode(value).deserialize_struct("", &[], visitor) {
            Ok(read) => Ok(read),
            Err(mismatch) => Err(mismatch.of_key(name, value)),
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
