//! Encodes the values of columns as codes; equal values have equal codes.

use crate::preprocessing::{Column, Table};
use crate::{Error, Result};
use std::collections::HashMap;

/// The code of a missing value.
pub(super) const MISSING: u32 = u32::MAX;

/// The codes of one column in several tables, counted from 0 in the order in which values occur.
pub(super) struct Codes {
    pub(super) tables: Vec<Vec<u32>>,
    /// The distinct values that are not missing.
    pub(super) count: usize,
}

/// The codes of a column, which has the same kind in all tables.
pub(super) fn codes(name: &str, tables: &[&Table]) -> Result<Codes> {
    let columns = tables.iter().map(|table| table.column(name)).collect::<Result<Vec<&Column>>>()?;
    if let Some(other) = columns.iter().find(|column| column.kind() != columns[0].kind()) {
        let (column, expected) = (name.to_owned(), format!("{}, as in the training rows", columns[0].kind()));
        return Err(Error::ColumnType { column, expected, found: other.kind() });
    }
    let mut known = HashMap::new();
    let tables = columns
        .iter()
        .map(|column| match column {
            Column::String(strings) => {
                let mut of_category: HashMap<&str, u32> = HashMap::new();
                let mut of = |text: &'_ str| {
                    let next = known.len() as u32;
                    *known.entry(CellKey::Text(text.to_owned())).or_insert(next)
                };
                for category in strings.categories() {
                    of_category.insert(category, of(category));
                }
                strings.iter().map(|text| text.map_or(MISSING, |text| of_category[text])).collect()
            }
            Column::Integer(values) => {
                let mut of = |value: i64| {
                    let next = known.len() as u32;
                    *known.entry(CellKey::Integer(value)).or_insert(next)
                };
                values.iter().map(|value| value.map_or(MISSING, &mut of)).collect()
            }
            Column::DateTime(values) => {
                let mut of = |value: i64| {
                    let next = known.len() as u32;
                    *known.entry(CellKey::Integer(value)).or_insert(next)
                };
                values.iter().map(|at| at.map_or(MISSING, |at| of(at.microseconds()))).collect()
            }
            other => {
                let mut of = |x: &f64| {
                    let next = known.len() as u32;
                    // Adding zero makes -0 and 0 one value.
                    if x.is_nan() { MISSING } else { *known.entry(CellKey::Bits((x + 0.0).to_bits())).or_insert(next) }
                };
                other.as_numbers().unwrap_or_default().iter().map(&mut of).collect()
            }
        })
        .collect();
    Ok(Codes { tables, count: known.len() })
}

#[derive(PartialEq, Eq, Hash)]
enum CellKey {
    Bits(u64),
    Integer(i64),
    Text(String),
}
