//! Tables larger than memory: sources that return rows in blocks.
//!
//! A [`BatchSource`] is a reader that can be rewound and returns the rows of a table block by block.
//! [`Model::fit_batches`](crate::Model::fit_batches), [`evaluate_batches`](crate::Model::evaluate_batches) and
//! [`predict_batches`](crate::Model::predict_batches) take one in place of matrices. The batches do not depend on the size of
//! the blocks: without shuffling, a fit to a source has bitwise the same result as the fit to the whole matrix. While the model trains
//! on a block, the next ones are read on another thread.
//!
//! | source | rows |
//! |---|---|
//! | [`CsvBatches`] | columns of CSV files (feature `csv`) |
//! | [`MatrixBatches`] | matrices in memory |
//! | [`CachedBatches`] | those of another source, cached in a binary file |
//! | [`FnBatches`] | the rows that a closure adds to a block |
//! | a type that implements [`BatchSource`] | anything else |
//!
//! A [`TableSource`] returns blocks of a [`Table`](crate::preprocessing::Table), with the names and types of its columns:
//! [`Pipeline::fit_batches`](crate::pipeline::Pipeline::fit_batches) takes one.
//!
//! | source | rows |
//! |---|---|
//! | [`CsvTables`] | CSV files (feature `csv`) |
//! | [`TableBlocks`] | a table in memory |
//! | [`FnTables`] | the tables that a closure returns |
//! | a type that implements [`TableSource`] | anything else |
//!
#![cfg_attr(feature = "csv", doc = "```")]
#![cfg_attr(not(feature = "csv"), doc = "```ignore")]
//! use perceptra::batches::CsvBatches;
//! use perceptra::prelude::*;
//!
//! # let folder = std::env::temp_dir().join(format!("perceptra-batches-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let [a, b] = ["a.csv", "b.csv"].map(|name| folder.join(name));
//! # let lines = |from: u32| (from..from + 500).map(|i| format!("{},{},{}\n", i % 60, i % 7, u8::from(i % 60 > 30))).collect::<String>();
//! # std::fs::write(&a, format!("age,income,default\n{}", lines(0))).unwrap();
//! # std::fs::write(&b, format!("age,income,default\n{}", lines(500))).unwrap();
//! let mut train = CsvBatches::new([a, b]).inputs(["age", "income"]).target("default");
//! let mut model = Sequential::new()
//!     .add(Dense::new(8, Relu))
//!     .add(Dense::new(1, Sigmoid))
//!     .seed(1)
//!     .compile(Adam, BinaryCrossentropy, metrics![Accuracy]);
//! let history = model.fit_batches(&mut train, Fit::new().epochs(3).batch_size(100).verbose(0))?;
//! let logs = model.evaluate_batches(&mut train)?;
//! let mut scored = 0;
//! model.predict_batches(&mut train, |rows, predictions| {
//!     assert_eq!(rows.rows(), predictions.nrows());
//!     scored += predictions.nrows();
//!     Ok(())
//! })?;
//! assert_eq!((history.epochs().len(), logs.loss().is_finite(), scored), (3, true, 1000));
//! # std::fs::remove_dir_all(folder).unwrap();
//! # Ok::<(), perceptra::Error>(())
//! ```

mod block;
mod cached_batches;
mod fn_batches;
mod matrix_batches;
mod row_file;

use crate::{Result, Scalar};

#[cfg(feature = "csv")]
pub use crate::preprocessing::{CsvBatches, CsvTables};
#[cfg(feature = "tables")]
pub use crate::preprocessing::{FnTables, TableBlocks, TableSource};
pub use block::{Block, RowShape};
pub use cached_batches::CachedBatches;
pub use fn_batches::FnBatches;
pub use matrix_batches::MatrixBatches;

/// Rows that are read in blocks, any number of times.
///
/// Every pass returns the same rows in the same order, in blocks of any size that fits in memory. A source is called from one
/// thread at a time, usually not the caller's; if it panics, the call that reads it panics.
///
/// ```
/// use perceptra::batches::{BatchSource, Block, RowShape};
/// use perceptra::prelude::*;
///
/// /// The squares of 0, 0.1, 0.2 and so on.
/// struct Squares {
///     next: usize,
/// }
///
/// impl BatchSource<f32> for Squares {
///     fn shape(&self) -> RowShape {
///         RowShape::new(1, 1)
///     }
///
///     fn rewind(&mut self) -> perceptra::Result<()> {
///         self.next = 0;
///         Ok(())
///     }
///
///     fn next_block(&mut self, block: &mut Block<f32>) -> perceptra::Result<bool> {
///         for i in self.next..(self.next + 64).min(1000) {
///             let x = i as f32 / 10.0;
///             block.push(&[x], &[x * x], 1.0)?;
///         }
///         self.next += 64;
///         Ok(block.rows() > 0)
///     }
/// }
///
/// let mut model = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Linear)).compile("adam", "mse", ());
/// let history = model.fit_batches(&mut Squares { next: 0 }, Fit::new().epochs(2).verbose(0))?;
/// assert_eq!(history.epochs(), [0, 1]);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait BatchSource<T: Scalar = f32>: Send {
    /// The numbers of columns of its rows, which do not change.
    fn shape(&self) -> RowShape;

    /// The number of rows of a pass, if it is known before the rows are read. Defaults to `None`.
    fn rows(&self) -> Option<usize> {
        None
    }

    /// A description of where the rows come from and of its state, such as the sizes and times of files, by which a stale
    /// [cache](CachedBatches) is detected. Defaults to `None`: only the numbers of columns are then compared with those of a cache.
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
    /// Any error that prevents the source from being read; it ends the fit.
    fn rewind(&mut self) -> Result<()>;

    /// Begins a pass over the same rows whose larger parts, such as files, are in an order determined by `seed`. A fit that
    /// shuffles calls it in place of [`rewind`](Self::rewind). Defaults to `rewind`.
    ///
    /// # Errors
    ///
    /// The errors of [`rewind`](Self::rewind).
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        let _ = seed;
        self.rewind()
    }

    /// Adds the next rows to an empty block of the source's [`shape`](Self::shape); returns false at the end of the pass. A block that
    /// remains without rows is skipped.
    ///
    /// # Errors
    ///
    /// Any error that prevents the rows from being read; it ends the fit.
    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool>;
}

impl<T: Scalar, S: BatchSource<T> + ?Sized> BatchSource<T> for &mut S {
    fn shape(&self) -> RowShape {
        (**self).shape()
    }

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

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        (**self).next_block(block)
    }
}
