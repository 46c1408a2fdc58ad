use super::{Table, TableSource};
use crate::Result;
use std::fmt;

/// A closure as a [`TableSource`]: it is given the number of a block, counted from 0, and returns that block, or `None` after the last
/// one.
///
/// ```
/// use perceptra::batches::{FnTables, TableSource};
/// use perceptra::preprocessing::Table;
///
/// let mut months = FnTables::new(|month| match month {
///     12.. => Ok(None),
///     month => Table::new().with_numbers("month", vec![month as f64; 100]).map(Some),
/// });
/// let mut rows = 0;
/// while let Some(block) = months.next_table()? {
///     rows += block.nrows();
/// }
/// assert_eq!(rows, 1200);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone)]
pub struct FnTables<F> {
    next: usize,
    read: F,
}

impl<F: FnMut(usize) -> Result<Option<Table>> + Send> FnTables<F> {
    /// The blocks that `read` returns for 0, 1, 2 and so on.
    pub fn new(read: F) -> Self {
        FnTables { next: 0, read }
    }
}

impl<F: FnMut(usize) -> Result<Option<Table>> + Send> TableSource for FnTables<F> {
    fn rewind(&mut self) -> Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        self.next += 1;
        (self.read)(self.next - 1)
    }
}

impl<F> fmt::Debug for FnTables<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnTables").field("next", &self.next).finish_non_exhaustive()
    }
}
