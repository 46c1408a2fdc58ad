//! Rows of a table that are copied a few columns, or a block of rows, at a time.

use super::{Origin, Table};
use crate::{Error, Result};
use std::ops::Range;
use std::sync::Arc;

/// The most blocks that rows are divided into, since what is done once per block may be dear.
const MOST_BLOCKS: usize = 16;

/// A block has at least this many rows.
const BLOCK: usize = 8192;

/// Rows of a table by their positions: nothing is copied before it is needed.
#[derive(Debug, Clone)]
pub(crate) struct SelectedRows {
    table: Table,
    /// All of them if there are no positions.
    rows: Option<Arc<Vec<usize>>>,
}

impl SelectedRows {
    /// All rows of a table.
    pub(crate) fn all(table: &Table) -> Self {
        SelectedRows { table: table.clone(), rows: None }
    }

    /// The rows of these positions.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a position beyond the last row.
    pub(crate) fn of(table: &Table, rows: Vec<usize>) -> Result<Self> {
        table.check_rows(&rows)?;
        Ok(SelectedRows { table: table.clone(), rows: Some(Arc::new(rows)) })
    }

    /// Of these rows those of these positions, which exist.
    pub(crate) fn take(&self, mut rows: Vec<usize>) -> Self {
        if let Some(known) = &self.rows {
            rows.iter_mut().for_each(|row| *row = known[*row]);
        }
        SelectedRows { table: self.table.clone(), rows: Some(Arc::new(rows)) }
    }

    /// The number of rows.
    pub(crate) fn nrows(&self) -> usize {
        self.rows.as_ref().map_or(self.table.nrows(), |rows| rows.len())
    }

    /// The columns, of all rows of the table: what depends only on their names and types can be asked of them.
    pub(crate) fn columns(&self) -> &Table {
        &self.table
    }

    /// Returns these rows of some of the columns.
    ///
    /// # Errors
    ///
    /// The errors of [`Table::select`].
    pub(crate) fn select<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        Ok(SelectedRows { table: self.table.select(names)?, rows: self.rows.clone() })
    }

    /// The table of the rows, which knows their positions; it shares the columns where it has all of them.
    pub(crate) fn table(&self) -> Table {
        match &self.rows {
            Some(rows) => self.copied(Arc::clone(rows)),
            None => self.table.clone(),
        }
    }

    /// The blocks to which the rows are divided, in their order; at least one.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = self.nrows();
        let size = BLOCK.max(rows.div_ceil(MOST_BLOCKS));
        (0..rows.div_ceil(size).max(1)).map(move |block| block * size..((block + 1) * size).min(rows))
    }

    /// The table of one block of the rows.
    pub(crate) fn block(&self, block: Range<usize>) -> Table {
        match &self.rows {
            _ if block.len() == self.nrows() => self.table(),
            Some(rows) => self.copied(Arc::new(rows[block].to_vec())),
            None => self.copied(Arc::new(block.collect())),
        }
    }

    /// An error about one of these rows as one about that row of the table.
    pub(crate) fn about_rows(&self, error: Error) -> Error {
        match &self.rows {
            Some(rows) => self.table.about_rows(error.with_row(|row| rows.get(row).copied().unwrap_or(row))),
            None => self.table.about_rows(error),
        }
    }

    fn copied(&self, rows: Arc<Vec<usize>>) -> Table {
        let copied = self.table.gather(&rows);
        match self.table.origin.as_deref() {
            Some(Origin::Rows { .. } | Origin::Record) => copied,
            _ => {
                let origin = Origin::Rows { rows, of: self.table.origin.clone() };
                Table { origin: Some(Arc::new(origin)), ..copied }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_rows_are_those_of_the_table() {
        let table = Table::new().with_numbers("a", (0..9).map(f64::from)).unwrap();
        let table = table.with_strings("b", (0..9).map(|row| row.to_string())).unwrap();
        let rows = SelectedRows::of(&table, vec![8, 1, 3, 5]).unwrap().take(vec![2, 0]).select(["a"]).unwrap();
        assert_eq!((rows.nrows(), rows.table().numbers("a").unwrap()), (2, &[3.0, 8.0][..]));
        assert_eq!(rows.table().place(1).to_string(), SelectedRows::all(&table).table().place(8).to_string());
        let error = Error::NotFinite { what: "x", row: 1, column: 0, value: f64::NAN };
        assert!(matches!(rows.about_rows(error), Error::NotFinite { row: 8, .. }));
        assert!(matches!(SelectedRows::of(&table, vec![9]), Err(Error::Argument { .. })));
        assert_eq!(
            SelectedRows::all(&table).table().numbers("a").unwrap().as_ptr(),
            table.numbers("a").unwrap().as_ptr()
        );
    }

    #[test]
    fn tables_of_the_same_rows_share_their_positions() {
        let table =
            Table::new().with_numbers("a", [1.0, 2.0, 3.0]).unwrap().with_numbers("b", [4.0, 5.0, 6.0]).unwrap();
        let rows = SelectedRows::of(&table, vec![2, 0]).unwrap();
        let positions = |table: &Table| match table.origin.as_deref() {
            Some(Origin::Rows { rows, .. }) => rows.as_ptr(),
            other => panic!("{other:?}"),
        };
        let (one, other) = (rows.select(["a"]).unwrap().table(), rows.select(["b"]).unwrap().table());
        assert_eq!(positions(&one), positions(&other));
    }

    #[test]
    fn blocks_are_all_rows_in_their_order() {
        for count in [0, 1, 8192, 8193, 200_000] {
            let table = Table::new().with_numbers("a", (0..count).map(f64::from)).unwrap();
            for rows in
                [SelectedRows::all(&table), SelectedRows::of(&table, (0..count as usize).rev().collect()).unwrap()]
            {
                let blocks: Vec<Table> = rows.blocks().map(|block| rows.block(block)).collect();
                let joined: Vec<f64> =
                    blocks.iter().flat_map(|block| block.numbers("a").unwrap().iter().copied()).collect();
                assert_eq!(joined, rows.table().numbers("a").unwrap());
                assert_eq!(blocks.len(), (count as usize).div_ceil(8192.max((count as usize).div_ceil(16))).max(1));
            }
        }
    }
}
