use super::csv_file::{CsvFile, ExistingFile};
use super::open::Open;
use super::python_format::repr;
use super::{Callback, CallbackItem, CallbackState, Context};
use crate::items::{Spec, item};
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

item! {
    /// Writes the loss and the metrics of every epoch to a file of separated values.
    ///
    /// The columns are `epoch`, counted from 0, and the values of the logs in alphabetical order; a value that an epoch does not
    /// have is `NA`. As in Keras, a fit without validation also has columns for validation, so that a later fit with validation
    /// can be appended, and a value that first occurs in a later epoch has no column. Numbers have Keras's format. Every line is
    /// written to disk before the next epoch begins. An existing file is replaced when the first epoch has ended.
    ///
    /// Epochs are counted from the fit's `initial_epoch`, as in Keras: a fit that is appended without it begins with 0 again.
    ///
    /// With `append`, values are written to the columns with their names, in any order; columns without a value in this fit are
    /// `NA`, and a missing line end is added to the last line. A file without a column for a value of this fit, with an unreadable
    /// header, or with an incomplete last line is an error before the first epoch; in Keras the values are written under other
    /// names.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::callbacks::CSVLogger;
    ///
    /// let path = std::env::temp_dir().join("perceptra-log.csv");
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ["mae"]);
    /// let fit = Fit::new().epochs(2).callback(CSVLogger::new(&path)).verbose(0);
    /// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// let text = std::fs::read_to_string(&path).unwrap();
    /// assert!(text.starts_with("epoch,loss,mae,val_loss,val_mae\n0,"));
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.CSVLogger`; its lines end with a carriage return before the line feed.
    pub struct CSVLogger: "CSVLogger" (filename: PathBuf) keeps log: Open<Log> checked by check_separator {
        /// The separator of the values, one character that is no part of a number or a name; default a comma.
        ///
        /// A name that contains the separator is quoted.
        separator: String = ",",
        /// Whether to continue an existing file; default false.
        append: bool = false,
    }
}

/// The log of one fit.
struct Log {
    file: CsvFile,
    /// The column names after `epoch`, in order; empty before the header is known.
    columns: Vec<String>,
    line_end: &'static str,
    /// Whether the previous line lacks its line end.
    open_end: bool,
    /// Whether the columns are those of an existing file, and no epoch has ended yet.
    unchecked: bool,
}

/// The length of the log at the time of the backup.
#[derive(Serialize, Deserialize)]
struct CsvLoggerBackup {
    columns: Vec<String>,
    length: u64,
    open_end: bool,
    unchecked: bool,
}

impl CSVLogger {
    /// Writes to this file, and replaces an existing one.
    pub fn new(filename: impl AsRef<Path>) -> Self {
        Self::with(filename.as_ref().to_path_buf())
    }

    /// A name as a field of the file.
    fn field(&self, name: &str) -> String {
        match name.contains(&self.separator) || name.contains(['"', '\r', '\n']) {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => name.into(),
        }
    }

    /// The log in a new file.
    fn replaced(&self) -> Result<Log> {
        let file = CsvFile::open(&self.filename, 0)?;
        Ok(Log { file, columns: Vec::new(), line_end: "\n", open_end: false, unchecked: false })
    }

    /// The log in an existing file, which must have columns for all values of this fit.
    fn continued<T: Scalar>(&self, context: &Context<'_, T>) -> Result<Log> {
        let ExistingFile { columns, length, line_end, open_end } = ExistingFile::read(&self.filename, self.split())?;
        if !columns.is_empty() {
            self.check_columns(&columns, context.keys())?;
        }
        let unchecked = !columns.is_empty();
        Ok(Log { file: CsvFile::open(&self.filename, length)?, columns, line_end, open_end, unchecked })
    }

    /// Checks that each of these names has exactly one column.
    fn check_columns<'n>(&self, columns: &[String], names: impl Iterator<Item = &'n str>) -> Result<()> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = columns.iter().find(|column| !seen.insert(column.as_str())) {
            return Err(self.misfit(format!("has the column {twice} twice"), columns));
        }
        let missing: Vec<&str> = std::iter::once("epoch").chain(names).filter(|name| !seen.contains(name)).collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(self.misfit(format!("has no column for {}", missing.join(", ")), columns)),
        }
    }

    fn misfit(&self, what: String, columns: &[String]) -> Error {
        let reason = format!(
            "{} {what}; its columns are {}; log to another file, or leave out .append(true) to replace it",
            self.filename.display(),
            columns.join(", ")
        );
        Error::Callback { callback: "CSVLogger".into(), reason }
    }

    /// Whether the file can be read back with this separator.
    fn check_separator(&self) -> Result<()> {
        let mut letters = self.separator.chars();
        let parts = |letter: char| !letter.is_alphanumeric() && !"+-._\"\r\n".contains(letter);
        match (letters.next(), letters.next()) {
            (Some(letter), None) if parts(letter) => Ok(()),
            _ => Err(Error::argument(
                "CSVLogger",
                "separator",
                format!("{:?}", self.separator),
                "one character that parts values, such as \",\", \";\" or \"\\t\"",
            )),
        }
    }

    /// The separator, which has been checked.
    fn split(&self) -> char {
        self.separator.chars().next().unwrap_or(',')
    }

    /// The columns of a new file, in Keras's order.
    fn new_columns<T: Scalar>(context: &Context<'_, T>) -> Vec<String> {
        let names: BTreeSet<&str> =
            context.logs().names().chain(context.keys()).filter(|name| *name != "epoch").collect();
        let mut columns: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        if !names.iter().any(|name| name.starts_with("val_")) {
            columns.extend(names.iter().map(|name| format!("val_{name}")));
        }
        columns.insert(0, "epoch".into());
        columns
    }

    /// The line of an epoch, preceded by the header in a new file.
    fn line<T: Scalar>(&self, log: &mut Log, context: &Context<'_, T>) -> Result<String> {
        if std::mem::take(&mut log.unchecked) {
            // Values that a callback adds without naming them in `added_logs`.
            self.check_columns(&log.columns, context.logs().names())?;
        }
        let mut text = String::new();
        if std::mem::take(&mut log.open_end) {
            text += log.line_end;
        }
        let mut add = |fields: Vec<String>| {
            text += &fields.join(&self.separator);
            text += log.line_end;
        };
        if log.columns.is_empty() {
            log.columns = Self::new_columns(context);
            add(log.columns.iter().map(|column| self.field(column)).collect());
        }
        let value = |column: &String| match column.as_str() {
            "epoch" => context.epoch().to_string(),
            name => context.logs().get(name).map_or("NA".into(), repr),
        };
        add(log.columns.iter().map(value).collect());
        Ok(text)
    }
}

impl<T: Scalar> Callback<T> for CSVLogger {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        self.log = Open::new(match self.append {
            true => self.continued(context)?,
            false => self.replaced()?,
        });
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let Some(mut log) = self.log.take() else { return Ok(()) };
        let line = self.line(&mut log, context)?;
        let result = log.file.write(&line);
        self.log = Open::new(log);
        result
    }

    fn on_train_end(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.log = Open::default();
        Ok(())
    }

    fn on_train_error(&mut self, _: &Error, _: &mut Context<'_, T>) -> Result<()> {
        self.log = Open::default();
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let memory = self.log.as_ref().map(|log| CsvLoggerBackup {
            columns: log.columns.clone(),
            length: log.file.length().unwrap_or_default(),
            open_end: log.open_end,
            unchecked: log.unchecked,
        });
        CallbackState::new(memory).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, context: &mut Context<'_, T>) -> Result<()> {
        let Some(CsvLoggerBackup { columns, length, open_end, unchecked }) = state.values()? else { return Ok(()) };
        let ExistingFile { columns: found, length: there, line_end, .. } =
            ExistingFile::head(&self.filename, self.split())?;
        self.log = Open::new(if columns.is_empty() {
            // Nothing had been written at the backup, so all lines belong to epochs that are trained again.
            self.replaced()?
        } else if found == columns && there >= length {
            self.check_columns(&columns, context.keys())?;
            // Lines of epochs that are trained again are removed when the next line is written.
            let file = CsvFile::open(&self.filename, length)?;
            Log { file, columns, line_end, open_end, unchecked }
        } else {
            // The file is a different one, or missing; its content is kept.
            self.continued(context)?
        });
        Ok(())
    }
}
