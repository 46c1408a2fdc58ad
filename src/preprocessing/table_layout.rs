//! The names and types that all blocks of a source have.

use super::transformer::without_values;
use super::{Column, ColumnKind, Table, TableSource, each_table};
use crate::error::suggestion;
use crate::{Error, Result};

/// The names and types of the columns of a source's blocks.
#[derive(Debug, Clone)]
pub(crate) struct TableLayout {
    /// Without rows.
    table: Table,
    /// For each column whether a value was seen, so that its type is known.
    is_known: Vec<bool>,
}

impl TableLayout {
    /// Reads a source from its first row until the type of each column is known: as a rule one block.
    pub(crate) fn of_source(source: &mut dyn TableSource) -> Result<TableLayout> {
        let mut layout: Option<TableLayout> = None;
        source.rewind()?;
        while let Some(block) = source.next_table()? {
            match &mut layout {
                None => layout = Some(TableLayout::of(&block)),
                Some(layout) => layout.complete(&block)?,
            }
            if layout.as_ref().is_some_and(|layout| layout.is_known.iter().all(|known| *known)) {
                break;
            }
        }
        layout.ok_or_else(|| Error::Empty {
            what: "the source".into(),
            advice: "let a pass over it return at least one block with a row".into(),
        })
    }

    fn of(block: &Table) -> TableLayout {
        let is_known = block.iter().map(|(_, column)| column.missing() < column.len()).collect();
        TableLayout { table: block.head(0), is_known }
    }

    /// Takes the types of columns that had no value before from a block in which they have one.
    fn complete(&mut self, block: &Table) -> Result<()> {
        for index in 0..self.is_known.len() {
            let name = self.table.names()[index].clone();
            let column = self.column_of(block, &name)?;
            if !self.is_known[index] && column.missing() < column.len() {
                self.table = self.table.with_column(name, column.take_some(&[]))?;
                self.is_known[index] = true;
            }
        }
        Ok(())
    }

    /// The name and type of each column, and whether the type is known, for other ranks.
    pub(crate) fn columns(&self) -> Vec<(String, ColumnKind, bool)> {
        let columns = self.table.iter().zip(&self.is_known);
        columns.map(|((name, column), known)| (name.to_owned(), ColumnKind::of(column), *known)).collect()
    }

    /// The layout of the rows of all ranks: a column has the type that it has on the first rank if it is known.
    pub(crate) fn of_ranks(ranks: Vec<Vec<(String, ColumnKind, bool)>>) -> Result<TableLayout> {
        let mut layout: Option<TableLayout> = None;
        for columns in ranks {
            let typed = |table: Table, (name, kind, _): &(String, ColumnKind, bool)| {
                table.with_column(name, without_values(*kind, 0))
            };
            let table = columns.iter().try_fold(Table::new(), typed)?;
            let Some(before) = &mut layout else {
                layout = Some(TableLayout { table, is_known: columns.iter().map(|(.., known)| *known).collect() });
                continue;
            };
            for index in 0..before.is_known.len() {
                let name = before.table.names()[index].clone();
                let column = before.column_of(&table, &name)?.clone();
                let is_known = columns.iter().any(|(found, _, known)| *found == name && *known);
                if !before.is_known[index] && is_known {
                    before.table = before.table.with_column(name, column)?;
                    before.is_known[index] = true;
                }
            }
        }
        layout.ok_or_else(|| Error::Empty { what: "the source".into(), advice: "pass rows on each rank".into() })
    }

    /// The columns, without rows.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Passes on the blocks of a pass that have rows, with the columns of the layout, until `take` returns false.
    pub(crate) fn each_block(
        &self,
        source: &mut dyn TableSource,
        take: &mut dyn FnMut(Table) -> Result<bool>,
    ) -> Result<()> {
        let mut before = 0;
        each_table(source, &mut |block| {
            if block.nrows() == 0 {
                return Ok(true);
            }
            let conformed = self.conform(&block, before)?;
            before += block.nrows();
            take(conformed)
        })
    }

    /// The block with the columns of the layout, in its order and of its types; errors about rows count them from `before`.
    pub(crate) fn conform(&self, block: &Table, before: usize) -> Result<Table> {
        let mut conformed = match block.names() == self.table.names() {
            true => block.clone(),
            false => {
                self.table.names().iter().try_for_each(|name| self.column_of(block, name).map(drop))?;
                block.select(self.table.names())?
            }
        };
        for (name, expected) in self.table.iter() {
            let column = conformed.column(name)?;
            if column.kind() == expected.kind() {
                continue;
            }
            if column.missing() < column.len() {
                let found = column.kind();
                let expected = format!("{}, as in the blocks before; let the source return one type", expected.kind());
                return Err(Error::ColumnType { column: name.to_owned(), expected, found });
            }
            conformed = conformed.with_column(name, expected.take_some(&vec![None; block.nrows()]))?;
        }
        Ok(conformed.counted_from(before))
    }

    fn column_of<'t>(&self, block: &'t Table, name: &str) -> Result<&'t Column> {
        block.column(name).map_err(|_| {
            let value = format!("a block without the column \"{name}\"{}", suggestion(name, block.names()));
            let expected = format!("the columns of the first block in every block: {}", self.table.names().join(", "));
            Error::argument("TableSource", "next_table", value, expected)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FnTables, StringColumn};
    use super::*;

    #[test]
    fn a_column_without_values_takes_the_type_that_it_has_elsewhere() -> Result<()> {
        let empty = || Table::new().with_numbers("home", [f64::NAN; 2])?.with_numbers("rate", [1.0, 2.0]);
        let full = || Table::new().with_numbers("rate", [3.0])?.with_strings("home", ["OWN"]);
        let mut source = FnTables::new(|index| match index {
            0 | 2 => empty().map(Some),
            1 => full().map(Some),
            _ => Ok(None),
        });
        let layout = TableLayout::of_source(&mut source)?;
        let mut blocks = Vec::new();
        layout.each_block(&mut source, &mut |block| {
            blocks.push(block);
            Ok(true)
        })?;
        let whole = Table::concat_rows(&blocks)?;
        let homes: StringColumn = [None, None, Some("OWN"), None, None].into_iter().collect();
        assert_eq!(
            whole.checksum(),
            Table::new().with_column("home", homes)?.with_numbers("rate", [1.0, 2.0, 3.0, 1.0, 2.0])?.checksum()
        );
        let place = blocks[2].complete_numbers("home").unwrap_err().to_string();
        assert!(blocks[2].strings("home")?.get(0).is_none() && place.contains("home"), "{place}");
        assert_eq!(blocks[2].place(1).to_string(), "row 4 (counted from 0)");
        Ok(())
    }

    #[test]
    fn blocks_of_other_columns_and_types_are_refused() -> Result<()> {
        let of = |second: Table| -> String {
            let mut source = FnTables::new(move |index| match index {
                0 => Table::new().with_numbers("rate", [1.0]).map(Some),
                1 => Ok(Some(second.clone())),
                _ => Ok(None),
            });
            let layout = TableLayout::of_source(&mut source).unwrap();
            layout.each_block(&mut source, &mut |_| Ok(true)).unwrap_err().to_string()
        };
        let message = of(Table::new().with_numbers("rte", [1.0])?);
        assert!(message.contains("without the column \"rate\"; did you mean \"rte\""), "{message}");
        assert!(of(Table::new().with_strings("rate", ["x"])?).contains("numbers, as in the blocks before"));
        let nothing = TableLayout::of_source(&mut FnTables::new(|_| Ok(None))).unwrap_err().to_string();
        assert!(nothing.contains("the source is empty"), "{nothing}");
        Ok(())
    }
}
