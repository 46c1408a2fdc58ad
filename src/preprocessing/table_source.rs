use super::Table;
use crate::Result;

/// A table that is read in blocks of rows, any number of times.
///
/// Every pass returns the same rows in the same order, in blocks of any size that fits in memory; all blocks have the same columns.
/// A column has one kind in all blocks; in a block without any of its values it may have any kind. A source is called from one
/// thread at a time.
///
/// ```
/// use perceptra::Result;
/// use perceptra::batches::TableSource;
/// use perceptra::preprocessing::Table;
///
/// /// Applications, a month at a time.
/// struct Months {
///     next: u32,
/// }
///
/// impl TableSource for Months {
///     fn rewind(&mut self) -> Result<()> {
///         self.next = 0;
///         Ok(())
///     }
///
///     fn next_table(&mut self) -> Result<Option<Table>> {
///         self.next += 1;
///         match self.next {
///             13.. => Ok(None),
///             month => Ok(Some(Table::new().with_numbers("month", [f64::from(month); 100])?)),
///         }
///     }
/// }
///
/// let mut months = Months { next: 0 };
/// let mut rows = 0;
/// while let Some(block) = months.next_table()? {
///     rows += block.nrows();
/// }
/// assert_eq!(rows, 1200);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait TableSource: Send {
    /// The number of rows of a pass, if it is known before the rows are read. Defaults to `None`.
    fn rows(&self) -> Option<usize> {
        None
    }

    /// A description of where the rows come from and of its state, such as the sizes and times of files, by which a stale
    /// [cache](crate::batches::CachedBatches) is detected. Defaults to `None`: only the columns are then compared with those of a cache.
    ///
    /// # Errors
    ///
    /// Any error that prevents the state from being determined.
    fn origin(&self) -> Result<Option<String>> {
        Ok(None)
    }

    /// Begins a pass: the next block begins with the first row.
    ///
    /// # Errors
    ///
    /// Any error that prevents the source from being read.
    fn rewind(&mut self) -> Result<()>;

    /// Begins a pass over the same rows with larger parts of them, such as files, in an order that `seed` determines: called in
    /// place of [`rewind`](Self::rewind) by a fit that shuffles. Defaults to `rewind`.
    ///
    /// # Errors
    ///
    /// The errors of [`rewind`](Self::rewind).
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        let _ = seed;
        self.rewind()
    }

    /// The next rows; `None` at the end of the pass. A block without rows is skipped.
    ///
    /// # Errors
    ///
    /// Any error that prevents the rows from being read.
    fn next_table(&mut self) -> Result<Option<Table>>;
}

impl<S: TableSource + ?Sized> TableSource for &mut S {
    fn rows(&self) -> Option<usize> {
        (**self).rows()
    }

    fn origin(&self) -> Result<Option<String>> {
        (**self).origin()
    }

    fn rewind(&mut self) -> Result<()> {
        (**self).rewind()
    }

    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        (**self).rewind_shuffled(seed)
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        (**self).next_table()
    }
}
