use super::{Callback, Context};
use crate::{Error, Result, Scalar};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// Writes the figures of every epoch to a file of separated values.
///
/// | option | default | |
/// |---|---|---|
/// | `filename` | | the file |
/// | `separator` | `,` | between the values |
/// | `append` | false | goes on with a file that is there |
///
/// The columns are `epoch`, counted from 0, and the figures in alphabetical order; a figure that an epoch does not have
/// is `NA`. Numbers are written as Keras writes them. Every line is on the disk before the next epoch begins.
///
/// ```
/// use nalgebra::dmatrix;
/// use perceptra::prelude::*;
/// use perceptra::callbacks::CSVLogger;
///
/// let path = std::env::temp_dir().join("perceptra-log.csv");
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ["mae"]);
/// let fit = Fit::new().epochs(2).callback(CSVLogger::new(&path)).verbose(0);
/// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
/// let text = std::fs::read_to_string(&path).unwrap();
/// assert!(text.starts_with("epoch,loss,mae\n0,"));
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.callbacks.CSVLogger`; its lines end with a carriage return before the line feed, and it writes columns
/// of validation, all `NA`, for a fit without one.
#[derive(Debug)]
pub struct CSVLogger {
    filename: PathBuf,
    separator: String,
    append: bool,
    file: Option<File>,
    keys: Vec<String>,
    with_header: bool,
}

impl CSVLogger {
    /// Writes to this file, replacing one that is there.
    pub fn new(filename: impl AsRef<Path>) -> Self {
        CSVLogger {
            filename: filename.as_ref().to_path_buf(),
            separator: ",".into(),
            append: false,
            file: None,
            keys: Vec::new(),
            with_header: true,
        }
    }

    /// What stands between the values, one character that is no part of a number or a name; default a comma.
    ///
    /// A name that holds the separator is written in quotes.
    #[must_use]
    pub fn separator(mut self, separator: impl Into<String>) -> Self {
        self.separator = separator.into();
        self
    }

    /// Whether to go on with a file that is there; default false.
    #[must_use]
    pub fn append(mut self, append: bool) -> Self {
        self.append = append;
        self
    }

    /// Whether the file can be read back with this separator.
    fn check_separator(&self) -> Result<()> {
        let mut letters = self.separator.chars();
        let parts = |letter: char| !letter.is_alphanumeric() && !"+-._\"\r\n".contains(letter);
        match (letters.next(), letters.next()) {
            (Some(letter), None) if parts(letter) => Ok(()),
            _ => Err(Error::Argument {
                item: "CSVLogger".into(),
                argument: "separator",
                value: format!("{:?}", self.separator),
                expected: "one character that parts values, such as \",\", \";\" or \"\\t\"".into(),
            }),
        }
    }

    /// A name as a field of the file.
    fn field(&self, name: &str) -> String {
        match name.contains(&self.separator) || name.contains(['"', '\r', '\n']) {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => name.into(),
        }
    }

    fn io(&self, source: std::io::Error) -> Error {
        Error::Io { path: self.filename.clone(), source }
    }

    fn write(&self, line: &str) -> Result<()> {
        let Some(mut file) = self.file.as_ref() else { return Ok(()) };
        file.write_all(line.as_bytes()).map_err(|source| self.io(source))
    }
}

/// A number as Keras, that is Python, writes it: the shortest text that reads back to it, with a power of ten where it is
/// below 0.0001 or from 10¹⁶ on.
fn written(value: f64) -> String {
    let size = value.abs();
    match value {
        _ if value.is_nan() => "nan".into(),
        _ if size == f64::INFINITY || size == 0.0 || (1e-4..1e16).contains(&size) => format!("{value:?}"),
        _ => {
            let text = format!("{value:e}");
            let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
    }
}

impl<T: Scalar> Callback<T> for CSVLogger {
    fn on_train_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.check_separator()?;
        self.keys.clear();
        self.with_header = true;
        if self.append && self.filename.exists() {
            let mut first = String::new();
            let file = File::open(&self.filename).map_err(|source| self.io(source))?;
            BufReader::new(file).read_line(&mut first).map_err(|source| self.io(source))?;
            self.with_header = first.is_empty();
        }
        let mut options = OpenOptions::new();
        options.create(true).write(true).append(self.append).truncate(!self.append);
        self.file = Some(options.open(&self.filename).map_err(|source| self.io(source))?);
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if self.keys.is_empty() {
            let keys: BTreeSet<&str> = context.logs().names().chain(context.keys()).collect();
            self.keys = keys.into_iter().map(String::from).collect();
            if self.with_header {
                let names = std::iter::once("epoch".into()).chain(self.keys.iter().map(|key| self.field(key)));
                self.write(&format!("{}\n", names.collect::<Vec<_>>().join(&self.separator)))?;
            }
        }
        let mut line = context.epoch().to_string();
        for key in &self.keys {
            line += &self.separator;
            line += &context.logs().get(key).map_or("NA".into(), written);
        }
        line.push('\n');
        self.write(&line)
    }

    fn on_train_end(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.file = None;
        Ok(())
    }
}
