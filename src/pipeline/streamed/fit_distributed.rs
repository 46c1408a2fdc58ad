//! The fit of a pipeline to the rows of several processes.

use super::super::{FittedPipeline, Pipeline};
use crate::distributed::Distributed;
use crate::preprocessing::TableSource;
use crate::{Result, Scalar};

impl<T: Scalar> Pipeline<T> {
    /// Fits the pipeline to the rows of all [ranks](crate::distributed). Each rank passes its own rows: a source, such as its own files,
    /// or a table as [`TableBlocks`](crate::batches::TableBlocks). All ranks return the same pipeline.
    ///
    /// The result corresponds to [`fit_batches`](Self::fit_batches) on the rows of rank 0, then those of rank 1 and so on. In each pass a
    /// rank processes its own rows, and the states of the transformers, the target and the default columns are merged
    /// in the order of the ranks. Counts, categories, labels and extremes equal those of one process; means and deviations are equal up to
    /// rounding; quantiles are exact up to 16,384 numbers of a column, and beyond that accurate to 0.1 % of the rows. The networks are
    /// trained with [`Fit::distributed`](crate::Fit::distributed), one member after another: a step uses one batch on each rank. The
    /// default network divides its batch size by the number of ranks, so that its steps have as many rows as those of one process.
    ///
    /// The seed, callbacks and the progress display are those of rank 0. Every rank needs a training row. Each rank has its own
    /// [cache](Self::cache) file, with the number of the rank in its name. Rows for validation are chosen by the hashes of their values, as
    /// in [`fit_batches`](Self::fit_batches).
    ///
    /// ```
    /// use perceptra::batches::TableBlocks;
    /// use perceptra::distributed::{Communicator, InProcess};
    /// use perceptra::prelude::*;
    /// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, StandardScaler, Table};
    ///
    /// let columns =
    ///     ColumnTransformer::new().add(StandardScaler::new(), ["annual_inc"]).add(OneHotEncoder::new(), ["home_ownership"]);
    /// let ann = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
    /// let pipeline = Pipeline::new(Target::binary("default"))
    ///     .columns(columns)
    ///     .model(ann)
    ///     .options(Fit::new().epochs(2).verbose(0))
    ///     .seed(1);
    /// let fitted = InProcess::run(2, |world| {
    ///     let rows = || world.local_rows(600);
    ///     let mine = Table::new()
    ///         .with_numbers("annual_inc", rows().map(|row| 20.0 + (row * 7 % 60) as f64))?
    ///         .with_strings("home_ownership", rows().map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
    ///         .with_booleans("default", rows().map(|row| row * 7 % 60 < 30))?;
    ///     pipeline.fit_distributed(world, &mut TableBlocks::new(&mine))
    /// })?;
    /// assert_eq!(fitted[0].receipt().unwrap().table.rows, 600);
    /// assert_eq!(fitted[0].receipt(), fitted[1].receipt());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`fit_batches`](Self::fit_batches), on all ranks: the others return [`Error::Rank`](crate::Error::Rank), which names the one that
    /// failed. [`Error::Argument`](crate::Error::Argument) for a rank with another program or another pipeline than rank 0, and for a
    /// transformer whose [`Accumulator`](crate::preprocessing::Accumulator) has no
    /// [`pass_state`](crate::preprocessing::Accumulator::pass_state).
    pub fn fit_distributed<'a>(
        &self,
        over: impl Into<Distributed<'a>>,
        source: &mut dyn TableSource,
    ) -> Result<FittedPipeline<T>> {
        T::fit_pipeline_batches(self, source, Some(over.into()))
    }
}
