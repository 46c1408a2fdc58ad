//! The columns that blocks of rows have in common.

use super::super::{BooleanColumn, Column, DateTimeColumn, IntegerColumn, StringColumn, Table};
use super::ColumnKind;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The names and types of the columns of the blocks that an accumulator has taken, and how many rows these had.
///
/// A column has one type in all blocks; a block without any of its values does not determine it.
#[derive(Debug, Serialize, Deserialize)]
pub(in super::super) struct BlockLayout {
    item: String,
    columns: Vec<BlockColumn>,
    rows: usize,
}

/// A column of the blocks.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct BlockColumn {
    name: String,
    kind: ColumnKind,
    /// Whether there was a value, so that the type is known.
    has_value: bool,
}

impl BlockLayout {
    pub(in super::super) fn new(item: String) -> Self {
        BlockLayout { item, columns: Vec::new(), rows: 0 }
    }

    /// The number of rows.
    pub(in super::super) fn rows(&self) -> usize {
        self.rows
    }

    /// Takes the rows of one more block, which have the columns of those before.
    pub(in super::super) fn take(&mut self, table: &Table) -> Result<()> {
        let column = |(name, column): (&str, &Column)| BlockColumn {
            name: name.to_owned(),
            kind: ColumnKind::of(column),
            has_value: column.missing() < column.len(),
        };
        self.add(table.nrows(), table.iter().map(column).collect())
    }

    /// Takes the rows that another one has taken.
    pub(in super::super) fn merge(&mut self, later: BlockLayout) -> Result<()> {
        if later.item != self.item {
            return Err(self.not_the_same(&later.item));
        }
        self.add(later.rows, later.columns)
    }

    fn add(&mut self, rows: usize, columns: Vec<BlockColumn>) -> Result<()> {
        if rows == 0 {
            return Ok(());
        }
        if self.rows == 0 {
            self.columns = columns;
        } else {
            let fits = |(known, found): (&BlockColumn, &BlockColumn)| {
                known.name == found.name && (known.kind == found.kind || !(known.has_value && found.has_value))
            };
            if self.columns.len() != columns.len() || !self.columns.iter().zip(&columns).all(fits) {
                let expected = format!("those of the rows before: {}", listed(&self.columns));
                return Err(self.refused("columns", listed(&columns), expected));
            }
            for (known, found) in self.columns.iter_mut().zip(columns) {
                if !known.has_value && found.has_value {
                    *known = found;
                }
            }
        }
        self.rows += rows;
        Ok(())
    }

    /// The block with its columns without values as ones of the known types.
    pub(in super::super) fn with_known_types(&self, table: &Table) -> Result<Table> {
        let mut typed = table.clone();
        for BlockColumn { name, kind, .. } in self.columns.iter().filter(|known| known.has_value) {
            let column = table.column(name)?;
            if ColumnKind::of(column) != *kind && column.missing() == column.len() {
                typed = typed.with_column(name, without_values(*kind, column.len()))?;
            }
        }
        Ok(typed)
    }

    /// A table with these columns and without rows.
    pub(in super::super) fn table_without_rows(&self) -> Result<Table> {
        let column = |table: Table, BlockColumn { name, kind, .. }: &BlockColumn| {
            table.with_column(name, without_values(*kind, 0))
        };
        self.columns.iter().try_fold(Table::new(), column)
    }

    /// Returns an error if there are no rows.
    pub(in super::super) fn at_least_one_row(&self) -> Result<()> {
        match self.rows {
            0 => {
                let what = format!("the accumulator of {}", self.item);
                Err(Error::Empty { what, advice: "update it with at least one row".into() })
            }
            _ => Ok(()),
        }
    }

    /// The error for what another transformer learned.
    pub(in super::super) fn not_the_same(&self, later: &str) -> Error {
        self.refused("later", later.into(), "one of the same transformer".into())
    }

    fn refused(&self, argument: &'static str, value: String, expected: String) -> Error {
        Error::Argument { item: format!("the accumulator of {}", self.item), argument, value, expected }
    }
}

/// A column of missing values.
pub(in super::super) fn without_values(kind: ColumnKind, rows: usize) -> Column {
    match kind {
        ColumnKind::Numbers => Column::Number(vec![f64::NAN; rows]),
        ColumnKind::Integers => Column::Integer((0..rows).map(|_| None).collect::<IntegerColumn>()),
        ColumnKind::Booleans => Column::Boolean((0..rows).map(|_| None).collect::<BooleanColumn>()),
        ColumnKind::Dates => Column::DateTime((0..rows).map(|_| None).collect::<DateTimeColumn>()),
        ColumnKind::Strings => Column::String((0..rows).map(|_| None::<&str>).collect::<StringColumn>()),
    }
}

/// The names and types, for messages.
fn listed(columns: &[BlockColumn]) -> String {
    let kind = |kind| without_values(kind, 0).kind();
    let columns: Vec<String> =
        columns.iter().map(|column| format!("{} ({})", column.name, kind(column.kind))).collect();
    columns.join(", ")
}
