//! Predictions of CSV files, written to another one.

use super::FittedPipeline;
use crate::batches::CsvTables;
use crate::error::Place;
use crate::preprocessing::{BadRows, CsvWriter, Table, each_table};
use crate::{Error, Result, Scalar};
use std::path::Path;

impl<T: Scalar> FittedPipeline<T> {
    /// Predicts the rows of CSV files and writes the predictions to the CSV file `path`, in order; returns the number of rows that were
    /// predicted.
    ///
    /// A line has the file and the line that the row comes from, the columns that [`CsvTables::keep`] names, and the columns of
    /// [`predict_table`](Self::predict_table): the class or number, and probabilities. A name that is taken has `_2` appended. Rows are read,
    /// predicted on all cores and written as a stream, in the memory of a few blocks. The output is renamed to `path` when it is complete:
    /// after an error, or if the program ends before, what was there before remains. The rows need not have the columns of the target.
    ///
    /// # Bad rows
    ///
    /// A row that cannot be read or predicted, such as one with a field too many, a word in a column of numbers or a category that an
    /// encoder does not know, is an error that names file and line. With [`CsvTables::skip_bad_rows`] it is left out:
    /// [`CsvTables::skipped`] counts such rows, and [`CsvTables::bad_rows`] has the first of them with the reason.
    ///
    /// ```
    /// use perceptra::batches::CsvTables;
    /// use perceptra::prelude::*;
    ///
    /// # let folder = std::env::temp_dir().join(format!("perceptra-pipeline-csv-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # let (new, scored) = (folder.join("new.csv"), folder.join("scored.csv"));
    /// # std::fs::write(&new, "id,income\n1,31\n2,unknown\n3,52\n").unwrap();
    /// let table = Table::new()
    ///     .with_numbers("income", (0..80).map(f64::from))?
    ///     .with_booleans("default", (0..80).map(|row| row < 40))?;
    /// let fitted = Pipeline::new(Target::binary("default")).members(1).seed(1).fit(&table)?;
    ///
    /// let mut rows = CsvTables::new([&new]).keep(["id"]).skip_bad_rows(true);
    /// assert_eq!((fitted.predict_csv(&mut rows, &scored)?, rows.skipped()), (2, 1));
    /// assert!(rows.bad_rows()[0].to_string().contains("new.csv, line 3, column \"income\""));
    /// let predictions = Table::read_csv(&scored)?;
    /// assert_eq!(predictions.names(), ["file", "line", "id", "default", "default_false", "default_true"]);
    /// assert_eq!(predictions.numbers("line")?, [2.0, 4.0]);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of reading and those of [`predict`](Self::predict); [`Error::UnknownColumn`] for a column that is used or kept and that the
    /// files do not have; [`Error::Io`] for a file that cannot be written.
    pub fn predict_csv(&self, rows: &mut CsvTables, path: impl AsRef<Path>) -> Result<usize> {
        let path = path.as_ref();
        loop {
            let mut pass = Pass { fitted: self, skips: rows.skip_bad_rows, bad: BadRows::default(), wrong_type: None };
            match (pass.run(rows, path), pass.wrong_type) {
                // Each column is read as another type at most once.
                (Err(_), Some((column, as_booleans))) if rows.read_as(&column, as_booleans) => {}
                (result, _) => return result,
            }
        }
    }
}

/// Makes one pass over the rows.
struct Pass<'a, T: Scalar> {
    fitted: &'a FittedPipeline<T>,
    skips: bool,
    /// Rows that were read and cannot be predicted.
    bad: BadRows,
    /// A column of numbers, or of booleans (true), that words of bad rows have made one of strings.
    wrong_type: Option<(String, bool)>,
}

impl<T: Scalar> Pass<'_, T> {
    fn run(&mut self, rows: &mut CsvTables, path: &Path) -> Result<usize> {
        let mut output = CsvWriter::begin(path)?;
        let kept = rows.kept.clone();
        let (mut count, mut is_begun) = (0, false);
        each_table(rows, &mut |block| {
            let mut good = Vec::new();
            if block.nrows() > 0 {
                self.predict_good(block, &mut good)?;
            }
            for (block, predictions) in good {
                count += block.nrows();
                is_begun = true;
                output.write(&with_places(&block, &kept, &predictions)?)?;
            }
            Ok(true)
        })?;
        rows.bad.merge(std::mem::take(&mut self.bad), &rows.file_names());
        if let (false, Some(nothing)) = (is_begun, rows.empty()?) {
            // The names of the columns; those of the predictions only if the pipeline accepts a table without rows.
            let predictions = self.fitted.predict_table(&nothing).unwrap_or_default();
            output.write(&with_places(&nothing, &kept, &predictions)?)?;
        }
        output.finish()?;
        Ok(count)
    }

    /// Appends parts of a block with their predictions, without the rows that cannot be predicted where these are to be left out: they are
    /// found by halves.
    fn predict_good(&mut self, block: Table, good: &mut Vec<(Table, Table)>) -> Result<()> {
        let error = match self.fitted.predict_table(&block) {
            Ok(predictions) => {
                good.push((block, predictions));
                return Ok(());
            }
            Err(error) => error,
        };
        if !self.skips {
            return Err(error);
        }
        self.wrong_type = self.wrong_type_of(&block, &error);
        if self.wrong_type.is_some() || !matches!(error.place(), Some(Place::Line { .. })) {
            return Err(error);
        }
        if block.nrows() == 1 {
            self.bad.push(error);
            return Ok(());
        }
        let half = block.nrows() / 2;
        for part in [0..half, half..block.nrows()] {
            self.predict_good(block.take(&part.collect::<Vec<usize>>())?, good)?;
        }
        Ok(())
    }

    /// The column that an error is about, if it came as one of strings and is to be one of numbers or booleans. Strings that a
    /// transformer makes numbers of are none.
    fn wrong_type_of(&self, block: &Table, error: &Error) -> Option<(String, bool)> {
        let column = match error {
            Error::NotANumber { column, .. } => column,
            Error::ColumnType { column, expected, .. } if expected.starts_with("numbers") => column,
            _ => return None,
        };
        let strings = block.strings(column).ok()?;
        if self.fitted.columns.number_notation(column).is_some() {
            return None;
        }
        let booleans = strings
            .iter()
            .flatten()
            .filter(|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"));
        Some((column.clone(), 2 * booleans.count() > strings.iter().flatten().count()))
    }
}

/// Rows with their file and line, the kept columns, and the predictions.
fn with_places(block: &Table, kept: &[String], predictions: &Table) -> Result<Table> {
    let (mut files, mut lines) = (Vec::with_capacity(block.nrows()), Vec::with_capacity(block.nrows()));
    for row in 0..block.nrows() {
        if let Place::Line { file, line } = block.place(row) {
            files.push(file);
            lines.push(i64::try_from(line).unwrap_or(i64::MAX));
        }
    }
    let all = Table::new().with_strings("file", files)?.with_integers("line", lines)?;
    block.select(kept)?.iter().chain(predictions.iter()).try_fold(all, |all, (name, column)| {
        let is_taken = |name: &String| all.names().contains(name);
        let numbered = (2_u64..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !is_taken(name));
        all.with_column(free.unwrap_or_else(|| name.to_owned()), column.clone())
    })
}
