//! Prediction of the rows of Parquet files, written to another file.

use crate::output::Output;
use crate::tables::{BadRows, FileRows};
use crate::{ParquetBatches, ParquetTables};
use perceptra::error::Place;
use perceptra::pipeline::FittedPipeline;
use perceptra::preprocessing::Table;
use perceptra::{Model, Network, Result, Scalar};
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

/// The number of tables that are read ahead of the one that is predicted.
const AHEAD: usize = 2;

/// Predicts the rows of Parquet files: a fitted pipeline takes [`ParquetTables`], a model or network takes
/// [`ParquetBatches`].
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra_parquet::{ParquetTables, PredictParquet, read_parquet, write_parquet};
///
/// # let folder = std::env::temp_dir().join(format!("perceptra-parquet-predict-{}", std::process::id()));
/// # let [new, scored] = ["new.parquet", "scored.parquet"].map(|name| folder.join(name));
/// let loans = |rows: u32| {
///     Table::new()
///         .with_integers("id", (0..rows).map(i64::from))?
///         .with_strings("home", (0..rows).map(|row| ["OWN", "RENT", "?"][row as usize % 40 / 19]))?
///         .with_booleans("default", (0..rows).map(|row| row % 40 > 18))
/// };
/// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
/// let pipeline = Pipeline::new(Target::binary("default"))
///     .columns(ColumnTransformer::new().add(OneHotEncoder::new(), ["home"]))
///     .model(model)
///     .options(Fit::new().verbose(0))
///     .seed(1);
/// let fitted = pipeline.fit(&loans(38)?)?;
///
/// write_parquet(&loans(400)?, &new)?;
/// let mut rows = ParquetTables::new([&new]).keep(["id"]).skip_bad_rows(true);
/// assert_eq!((fitted.predict_parquet(&mut rows, &scored)?, rows.skipped()), (380, 20));
/// assert!(rows.bad_rows()[0].to_string().contains("new.parquet, row 38 in row group 0"));
/// let predictions = read_parquet(&scored)?;
/// assert_eq!(predictions.names(), ["file", "row", "id", "default", "default_false", "default_true"]);
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait PredictParquet {
    /// The type of the source of rows.
    type Rows;

    /// Predicts the rows and writes the predictions to the file `path`, in order; returns the number of rows that were predicted. The file
    /// is Parquet if its name ends in `.parquet`, CSV if it ends in `.csv`.
    ///
    /// Each row has the file that it comes from, its position in that file, counted from 0, and its predictions: the columns of
    /// [`FittedPipeline::predict_table`], or for a model `prediction`, with several outputs `prediction_0`, `prediction_1` and so on. If a
    /// name is taken, `_2` is appended. Rows are read while earlier ones are predicted, in the memory of a few batches. The output is
    /// renamed to `path` when it is complete: after an error or an abort, the previous content of `path` remains.
    ///
    /// A bad row is an error with its file, row group and row, unless bad rows are skipped and counted, see
    /// [`ParquetTables::skip_bad_rows`] and [`ParquetBatches::skip_bad_rows`].
    ///
    /// # Errors
    ///
    /// The errors of [`read_parquet`](crate::read_parquet) and of [`FittedPipeline::predict`] or [`Network::predict_batches`]; [`Error::Io`](perceptra::Error::Io) for a file that
    /// cannot be written; [`Error::Argument`](perceptra::Error::Argument) for a path with another ending.
    fn predict_parquet(&self, rows: &mut Self::Rows, path: impl AsRef<Path>) -> Result<usize>;
}

impl<T: Scalar> PredictParquet for FittedPipeline<T> {
    type Rows = ParquetTables;

    fn predict_parquet(&self, rows: &mut ParquetTables, path: impl AsRef<Path>) -> Result<usize> {
        let mut output = Output::begin(path.as_ref())?;
        rows.begin_with(self.columns().inputs())?;
        let nothing = rows.empty()?;
        let (skip, kept) = (rows.skip_bad_rows, rows.kept.clone());
        let (mut count, mut bad) = (0, BadRows::default());
        let done = thread::scope(|scope| {
            let (sender, receiver) = sync_channel::<Result<FileRows>>(AHEAD);
            let rows = &mut *rows;
            scope.spawn(move || {
                while let Some(read) = rows.next_rows().transpose() {
                    let is_last = read.is_err();
                    // Sending fails if the receiver was dropped because of an error.
                    if sender.send(read).is_err() || is_last {
                        return;
                    }
                }
            });
            for read in receiver {
                let FileRows { table, file, first } = read?;
                let mut good = Vec::new();
                predict_good(self, &table, 0, skip.then_some(&mut bad), &mut good)?;
                for (start, predictions) in good {
                    let rows: Vec<usize> = (start..start + predictions.nrows()).collect();
                    count += rows.len();
                    let kept = table.select(&kept)?.take(&rows)?;
                    let numbers = rows.iter().map(|row| (first + row) as i64);
                    output.write(&joined(&file, numbers, &kept, &predictions)?)?;
                }
            }
            Ok(())
        });
        rows.bad = bad;
        done?;
        if count == 0 {
            // An empty output still has its columns; those of the predictions only if the pipeline accepts a table without rows.
            let predictions = self.predict_table(&nothing).unwrap_or_default();
            output.write(&joined("", [], &nothing.select(&kept)?, &predictions)?)?;
        }
        output.finish()?;
        Ok(count)
    }
}

impl<T: Scalar> PredictParquet for Network<T> {
    type Rows = ParquetBatches;

    fn predict_parquet(&self, rows: &mut ParquetBatches, path: impl AsRef<Path>) -> Result<usize> {
        let mut output = Output::begin(path.as_ref())?;
        let mut count = 0;
        let table = |file: &str, rows: Vec<i64>, values: Vec<Vec<f64>>| {
            let several = values.len() > 1;
            let name = |output: usize| if several { format!("prediction_{output}") } else { "prediction".into() };
            let columns = values.into_iter().enumerate();
            let predictions = columns
                .into_iter()
                .try_fold(Table::new(), |made, (output, values)| made.with_numbers(name(output), values))?;
            joined(file, rows, &Table::new(), &predictions)
        };
        self.predict_batches(rows, |block, predictions| {
            let places = (0..block.rows()).map(|row| block.place(row));
            let (mut file, mut numbers) = (String::new(), Vec::with_capacity(block.rows()));
            for place in places {
                if let Some(Place::FileRow { file: name, row, .. }) = place {
                    file = name;
                    numbers.push(row as i64);
                }
            }
            let values = predictions.column_iter().map(|column| column.iter().map(|value| value.to_f64()).collect());
            count += block.rows();
            output.write(&table(&file, numbers, values.collect())?)
        })?;
        if count == 0 {
            output.write(&table("", Vec::new(), vec![Vec::new(); self.outputs()])?)?;
        }
        output.finish()?;
        Ok(count)
    }
}

impl<T: Scalar> PredictParquet for Model<T> {
    type Rows = ParquetBatches;

    fn predict_parquet(&self, rows: &mut ParquetBatches, path: impl AsRef<Path>) -> Result<usize> {
        self.network()?.predict_parquet(rows, path)
    }
}

/// Returns the predictions of a table in parts, each with the number of its first row. Rows that cannot be predicted are found by
/// bisection and skipped, if bad rows may be skipped.
fn predict_good<T: Scalar>(
    fitted: &FittedPipeline<T>,
    table: &Table,
    first: usize,
    mut bad: Option<&mut BadRows>,
    good: &mut Vec<(usize, Table)>,
) -> Result<()> {
    let error = match fitted.predict_table(table) {
        Ok(predictions) => {
            good.push((first, predictions));
            return Ok(());
        }
        Err(error) => error,
    };
    let Some(bad) = bad.as_mut().filter(|_| matches!(error.place(), Some(Place::FileRow { .. }))) else {
        return Err(error);
    };
    if table.nrows() <= 1 {
        bad.push(error);
        return Ok(());
    }
    let half = table.nrows() / 2;
    for rows in [0..half, half..table.nrows()] {
        let start = first + rows.start;
        predict_good(fitted, &table.take(&rows.collect::<Vec<_>>())?, start, Some(bad), good)?;
    }
    Ok(())
}

/// Joins the file and position of rows, the columns that are kept, and the predictions.
fn joined(file: &str, rows: impl IntoIterator<Item = i64>, kept: &Table, predictions: &Table) -> Result<Table> {
    let rows: Vec<i64> = rows.into_iter().collect();
    let mut all = Table::new().with_strings("file", vec![file; rows.len()])?.with_integers("row", rows)?;
    for (name, column) in kept.iter().chain(predictions.iter()) {
        let is_taken = |name: &String| all.names().contains(name);
        let names = std::iter::once(name.to_owned()).chain((2..=u32::MAX).map(|number| format!("{name}_{number}")));
        let free = names.into_iter().find(|name| !is_taken(name)).unwrap_or_else(|| name.to_owned());
        all = all.with_column(free, column.clone())?;
    }
    Ok(all)
}
