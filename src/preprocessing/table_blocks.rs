use super::{SelectedRows, Table, TableSource};
use crate::Result;
use crate::random::{Purpose, shuffle, stream};

/// A table in memory as a [`TableSource`], in blocks of a number of rows.
///
/// ```
/// use perceptra::batches::{TableBlocks, TableSource};
/// use perceptra::preprocessing::Table;
///
/// let table = Table::new().with_numbers("rate", (0..10).map(f64::from))?;
/// let mut blocks = TableBlocks::new(&table).block_rows(4);
/// blocks.rewind()?;
/// let mut rows = Vec::new();
/// while let Some(block) = blocks.next_table()? {
///     rows.push(block.nrows());
/// }
/// assert_eq!(rows, [4, 4, 2]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TableBlocks {
    rows: SelectedRows,
    block_rows: usize,
    /// The blocks that a pass still has to return, the next one last.
    left: Vec<usize>,
}

impl TableBlocks {
    /// The rows of a table, whose columns are shared, in blocks of 1024 rows.
    pub fn new(table: &Table) -> TableBlocks {
        TableBlocks { rows: SelectedRows::all(table), block_rows: 1024, left: Vec::new() }
    }

    /// The rows of a block; 0 counts as 1. Defaults to 1024.
    #[must_use]
    pub fn block_rows(mut self, rows: usize) -> TableBlocks {
        self.block_rows = rows.max(1);
        self
    }
}

impl TableSource for TableBlocks {
    fn rows(&self) -> Option<usize> {
        Some(self.rows.nrows())
    }

    fn rewind(&mut self) -> Result<()> {
        self.left = (0..self.rows.nrows().div_ceil(self.block_rows)).rev().collect();
        Ok(())
    }

    /// The blocks come in random order.
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        self.rewind()?;
        shuffle(&mut self.left, &mut stream(seed, Purpose::BlockOrder, 0));
        Ok(())
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        let Some(index) = self.left.pop() else { return Ok(None) };
        let start = index * self.block_rows;
        Ok(Some(self.rows.block(start..(start + self.block_rows).min(self.rows.nrows()))))
    }
}
