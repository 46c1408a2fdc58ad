//! The serializers that serde calls for a row and for a field of it.

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeStruct, Serializer};

use super::super::DateTime;
use super::super::date_time::SERDE_NAME;
use super::failure::RowFailure;
use super::growing::{CellValue, GrowingTable};

/// Writes one row.
pub(super) struct RowWriter<'a> {
    pub(super) table: &'a mut GrowingTable,
}

/// Writes one field.
struct FieldWriter<'a> {
    table: &'a mut GrowingTable,
    field: &'a str,
    /// Whether what comes next is the string of a date.
    is_date: bool,
}

/// Writes the entries of a row that is a map.
pub(super) struct EntryWriter<'a> {
    table: &'a mut GrowingTable,
    key: String,
}

impl FieldWriter<'_> {
    fn push(self, value: CellValue<'_>) -> Result<(), RowFailure> {
        self.table.push(self.field, value)
    }

    fn integer(self, value: impl TryInto<i64> + ToString + Copy) -> Result<(), RowFailure> {
        match value.try_into() {
            Ok(integer) => self.push(CellValue::Integer(integer)),
            Err(_) => {
                Err(RowFailure(format!("{} is beyond the range of i64; write it as a string", value.to_string())))
            }
        }
    }
}

fn nested(what: &str) -> RowFailure {
    let cure = "make its parts fields of the row, as with #[serde(flatten)], or leave it out with #[serde(skip)]";
    RowFailure(format!("{what} is not a single value; {cure}"))
}

fn no_row<T>(what: &str) -> Result<T, RowFailure> {
    Err(RowFailure(format!("{what} is not a row")))
}

/// Methods for the types of serde that a row cannot be, or a field cannot.
macro_rules! refused {
    ($refuse:expr; $($method:ident($($type:ty),*) $(<$generic:ident>)? -> $ok:ty, $what:literal;)+) => {
        $(fn $method $(<$generic: ?Sized + Serialize>)? (self, $(_: $type),*) -> Result<$ok, RowFailure> {
            $refuse($what)
        })+
    };
}

impl<'a> Serializer for RowWriter<'a> {
    type Ok = ();
    type Error = RowFailure;
    type SerializeSeq = Impossible<(), RowFailure>;
    type SerializeTuple = Impossible<(), RowFailure>;
    type SerializeTupleStruct = Impossible<(), RowFailure>;
    type SerializeTupleVariant = Impossible<(), RowFailure>;
    type SerializeMap = EntryWriter<'a>;
    type SerializeStruct = RowWriter<'a>;
    type SerializeStructVariant = Impossible<(), RowFailure>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<RowWriter<'a>, RowFailure> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<EntryWriter<'a>, RowFailure> {
        Ok(EntryWriter { table: self.table, key: String::new() })
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), RowFailure> {
        value.serialize(self)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), RowFailure> {
        value.serialize(self)
    }

    refused! { no_row;
        serialize_bool(bool) -> (), "a boolean";
        serialize_i8(i8) -> (), "an integer";
        serialize_i16(i16) -> (), "an integer";
        serialize_i32(i32) -> (), "an integer";
        serialize_i64(i64) -> (), "an integer";
        serialize_u8(u8) -> (), "an integer";
        serialize_u16(u16) -> (), "an integer";
        serialize_u32(u32) -> (), "an integer";
        serialize_u64(u64) -> (), "an integer";
        serialize_f32(f32) -> (), "a number";
        serialize_f64(f64) -> (), "a number";
        serialize_char(char) -> (), "a character";
        serialize_str(&str) -> (), "a string";
        serialize_bytes(&[u8]) -> (), "a list of bytes";
        serialize_none() -> (), "None";
        serialize_unit() -> (), "a unit";
        serialize_unit_struct(&'static str) -> (), "a struct without fields";
        serialize_unit_variant(&'static str, u32, &'static str) -> (), "an enum";
        serialize_newtype_variant(&'static str, u32, &'static str, &T) <T> -> (), "an enum with data";
        serialize_seq(Option<usize>) -> Self::SerializeSeq, "a list";
        serialize_tuple(usize) -> Self::SerializeTuple, "a tuple";
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct, "a struct of fields without names";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant, "an enum with data";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant, "an enum with data";
    }
}

impl SerializeStruct for RowWriter<'_> {
    type Ok = ();
    type Error = RowFailure;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, field: &'static str, value: &T) -> Result<(), RowFailure> {
        let writer = FieldWriter { table: self.table, field, is_date: false };
        value.serialize(writer).map_err(|failure| failure.in_field(field))
    }

    fn end(self) -> Result<(), RowFailure> {
        Ok(())
    }
}

impl SerializeMap for EntryWriter<'_> {
    type Ok = ();
    type Error = RowFailure;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), RowFailure> {
        // What is a key in JSON is one here.
        match serde_json::to_value(key) {
            Ok(serde_json::Value::String(key)) => self.key = key,
            Ok(other) => return Err(RowFailure(format!("the key {other} is not a string"))),
            Err(error) => return Err(RowFailure(format!("a key is not a string: {error}"))),
        }
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), RowFailure> {
        let writer = FieldWriter { table: self.table, field: &self.key, is_date: false };
        value.serialize(writer).map_err(|failure| failure.in_field(&self.key))
    }

    fn end(self) -> Result<(), RowFailure> {
        Ok(())
    }
}

impl Serializer for FieldWriter<'_> {
    type Ok = ();
    type Error = RowFailure;
    type SerializeSeq = Impossible<(), RowFailure>;
    type SerializeTuple = Impossible<(), RowFailure>;
    type SerializeTupleStruct = Impossible<(), RowFailure>;
    type SerializeTupleVariant = Impossible<(), RowFailure>;
    type SerializeMap = Impossible<(), RowFailure>;
    type SerializeStruct = Impossible<(), RowFailure>;
    type SerializeStructVariant = Impossible<(), RowFailure>;

    fn serialize_bool(self, value: bool) -> Result<(), RowFailure> {
        self.push(CellValue::Boolean(value))
    }

    fn serialize_i8(self, value: i8) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), RowFailure> {
        self.integer(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), RowFailure> {
        self.push(CellValue::Number(f64::from(value)))
    }

    fn serialize_f64(self, value: f64) -> Result<(), RowFailure> {
        self.push(CellValue::Number(value))
    }

    fn serialize_char(self, value: char) -> Result<(), RowFailure> {
        self.push(CellValue::String(value.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, value: &str) -> Result<(), RowFailure> {
        match self.is_date.then(|| DateTime::from_iso(value)).flatten() {
            Some(at) => self.push(CellValue::Microseconds(at.microseconds())),
            None => self.push(CellValue::String(value)),
        }
    }

    fn serialize_none(self) -> Result<(), RowFailure> {
        self.push(CellValue::Missing)
    }

    fn serialize_unit(self) -> Result<(), RowFailure> {
        self.push(CellValue::Missing)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), RowFailure> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), RowFailure> {
        self.push(CellValue::String(variant))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<(), RowFailure> {
        value.serialize(FieldWriter { is_date: name == SERDE_NAME, ..self })
    }

    refused! { |what| Err(nested(what));
        serialize_bytes(&[u8]) -> (), "a list of bytes";
        serialize_unit_struct(&'static str) -> (), "a struct without fields";
        serialize_newtype_variant(&'static str, u32, &'static str, &T) <T> -> (), "an enum with data";
        serialize_seq(Option<usize>) -> Self::SerializeSeq, "a list";
        serialize_tuple(usize) -> Self::SerializeTuple, "a tuple";
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct, "a struct";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant, "an enum with data";
        serialize_map(Option<usize>) -> Self::SerializeMap, "a map";
        serialize_struct(&'static str, usize) -> Self::SerializeStruct, "a struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant, "an enum with data";
    }
}
