//! One row of a table as serde reads it.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::super::{Column, Table};
use super::failure::RowFailure;

/// Reads one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowReader<'a> {
    pub(super) table: &'a Table,
    pub(super) row: usize,
}

/// Reads one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellReader<'a> {
    pub(super) column: &'a Column,
    pub(super) row: usize,
}

/// The columns that are still to be read, as entries of a map.
struct Columns<'a> {
    row: RowReader<'a>,
    next: usize,
}

impl<'de> Deserializer<'de> for RowReader<'_> {
    type Error = RowFailure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowFailure> {
        visitor.visit_map(Columns { row: self, next: 0 })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, RowFailure> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Columns<'_> {
    type Error = RowFailure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, RowFailure> {
        match self.row.table.names.get(self.next) {
            None => Ok(None),
            Some(name) => {
                let key: StrDeserializer<'_, RowFailure> = name.as_str().into_deserializer();
                seed.deserialize(key).map(Some)
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, RowFailure> {
        let RowReader { table, row } = self.row;
        let Some(column) = table.columns.get(self.next) else {
            return Err(RowFailure("a value is read without its name".into()));
        };
        let name = table.names.get(self.next).map_or("", String::as_str);
        self.next += 1;
        seed.deserialize(CellReader { column, row }).map_err(|failure| failure.in_field(name))
    }
}
