//! The one error type of the crate.

mod constructors;
mod notes;
mod place;
mod suggestion;
mod wording;

pub use place::Place;
use std::path::PathBuf;
pub(crate) use suggestion::suggestion;
use wording::{advice_suffix, held_weights, incomplete, list, vector_advice};
pub(crate) use wording::{counted, number, shortened};

/// The result of every fallible function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The errors of the crate, with one variant per kind of misuse or failure.
///
/// Each message states the expected and the actual value, and the cure; the values are in the fields.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // ---- cross-validation
    /// An error of one fold; rows are those of the whole table.
    #[error("in fold {fold} (counted from 0): {source}")]
    Fold {
        /// The fold, counted from 0.
        fold: usize,
        /// The error of the fold.
        source: Box<Error>,
    },

    /// An error about a row that was read from a file.
    #[error("{place}: {source}")]
    InRow {
        /// The file and line of the row.
        place: Place,
        /// The error; its row is counted from 0 in the order in which the rows were read.
        source: Box<Error>,
    },

    // ---- data that does not fit the model
    /// The input has another number of columns than the model has features.
    #[error(
        "{what} has {} but the model was built for {}; pass the same columns, in the same order, as at the first fit{}",
        counted(*found, "column"), counted(*expected, "feature"), vector_advice(*found)
    )]
    Features {
        /// The argument: `x`, `validation x`…
        what: &'static str,
        /// The model's number of features.
        expected: usize,
        /// The actual number of columns.
        found: usize,
    },

    /// The targets have another number of columns than the loss compares with the model's output.
    #[error("{what} has {} but the model's output has {expected}; {advice}", counted(*found, "column"))]
    Outputs {
        /// The argument: `y`, `validation y`…
        what: &'static str,
        /// The expected number of columns.
        expected: usize,
        /// The actual number of columns.
        found: usize,
        /// How to correct it.
        advice: String,
    },

    /// Two arguments that describe the same samples have different numbers of rows.
    #[error("{left} has {} but {right} has {right_rows}; they must describe the same samples", counted(*left_rows, "row"))]
    Rows {
        /// The first argument.
        left: &'static str,
        /// The number of its rows.
        left_rows: usize,
        /// The second argument.
        right: &'static str,
        /// The number of its rows.
        right_rows: usize,
    },

    /// An argument without a single row or column where at least one is needed.
    #[error("{what} is empty; {advice}")]
    Empty {
        /// The argument.
        what: String,
        /// How to correct it.
        advice: String,
    },

    /// A value that is NaN or infinite.
    #[error(
        "{what} holds {} at row {row}, column {column} (counted from 0); drop or impute such rows, and scale columns of extreme range",
        number(*value)
    )]
    NotFinite {
        /// The argument.
        what: &'static str,
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// `NaN`, `inf` or `-inf`.
        value: f64,
    },

    /// A value that the first layer does not accept, for example a code without a vector in an embedding.
    #[error("{what} holds {} at row {row}, column {column} (counted from 0), but layer {layer} takes {expected}", number(*value))]
    Input {
        /// The argument: `x`, `validation x`…
        what: &'static str,
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// The value that came.
        value: f64,
        /// The layer's name.
        layer: String,
        /// The values that the layer accepts.
        expected: String,
    },

    /// A target that the loss or metric does not accept.
    #[error("{item}: the target at row {row}, column {column} (counted from 0) is {}; expected {expected}", number(*value))]
    Target {
        /// The loss or metric.
        item: String,
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// The value that came.
        value: f64,
        /// The targets that the loss or metric accepts.
        expected: String,
    },

    /// The weight of a sample that is negative, NaN or infinite.
    #[error(
        "{what} holds {} at row {row} (counted from 0); expected one finite number of at least 0 for each sample, 0 for one that is not to count",
        number(*value)
    )]
    SampleWeight {
        /// The argument: `sample_weight`, `validation_weights`.
        what: &'static str,
        /// The row, counted from 0.
        row: usize,
        /// The weight.
        value: f64,
    },

    // ---- arguments and names
    /// An argument that is out of its range.
    #[error("{item}: {argument} is {value}; expected {expected}")]
    Argument {
        /// The item that received the argument: a layer, an optimizer, a function.
        item: String,
        /// The argument's name.
        argument: &'static str,
        /// The value that came.
        value: String,
        /// The valid values.
        expected: String,
    },

    /// An unknown name.
    #[error(
        "there is no {kind} \"{name}\"{}; known: {}{}",
        suggestion(name, known),
        list(known),
        advice_suffix(advice)
    )]
    Unknown {
        /// The kind of item: activation, loss, layer, column…
        kind: &'static str,
        /// The name that came.
        name: String,
        /// The names that exist.
        known: Vec<String>,
        /// Another possible cause and its remedy; may be empty.
        advice: String,
    },

    /// An argument that the item does not have, in its configuration.
    #[error(
        "{item} has no argument \"{name}\"{}; its arguments: {}{}",
        suggestion(name, known),
        list(known),
        advice_suffix(advice)
    )]
    UnknownArgument {
        /// The item of the configuration.
        item: String,
        /// The name that came.
        name: String,
        /// The arguments that the item has.
        known: Vec<String>,
        /// Another possible cause and its remedy; may be empty.
        advice: String,
    },

    /// Two layers, metrics or other parts of one model have the same name.
    #[error("the {kind} name \"{name}\" is used twice; name each differently with .name(…)")]
    DuplicateName {
        /// The kind of part: layer, metric…
        kind: &'static str,
        /// The name.
        name: String,
    },

    /// A configuration that cannot be read back.
    #[error("the configuration of {item} cannot be read: {reason}")]
    Configuration {
        /// The item of the configuration.
        item: String,
        /// The reason why it cannot be read.
        reason: String,
    },

    /// An item that cannot be written to a file, for example because it contains a closure.
    #[error("{item} cannot be saved: {reason}")]
    NotSerializable {
        /// The item.
        item: String,
        /// The reason and the cure.
        reason: String,
    },

    // ---- models
    /// The model has no layer.
    #[error("the model has no layers; add at least one, as in Sequential::new().add(Dense::new(1, Sigmoid))")]
    NoLayers,

    /// The model is not built, since its number of inputs is not known yet.
    #[error(
        "the model is not built, so it has no weights yet; call fit once, or declare the inputs first: Sequential::new().add(Input::new(d))"
    )]
    NotBuilt,

    /// Layers, widths or items that are not compatible.
    #[error("{layer}: {reason}")]
    Layer {
        /// The layer's name.
        layer: String,
        /// What is wrong and how to correct it.
        reason: String,
    },

    /// Weights with a shape that does not match the layer.
    #[error("weights of {layer}: expected {expected}, found {found}")]
    Weights {
        /// The layer's name.
        layer: String,
        /// The expected shapes.
        expected: String,
        /// The actual shapes.
        found: String,
    },

    /// An argument, a file or the data require more memory than the system has.
    #[error("{item}: there is no memory for {purpose}, {bytes} bytes; {advice}")]
    OutOfMemory {
        /// The layer, optimizer or function that needs the memory.
        item: String,
        /// The purpose of the memory.
        purpose: String,
        /// The requested number of bytes, saturating.
        bytes: u64,
        /// How to reduce the memory that is needed.
        advice: String,
    },

    /// The loss became NaN or infinite in training.
    #[error(
        "the loss became {} in epoch {epoch}, step {step}; lower the learning rate, scale the inputs, clip the gradients, or give the last layer the activation that the loss expects (the model holds {})",
        number(*loss),
        held_weights(*restored_epoch)
    )]
    Diverged {
        /// The epoch, counted from 1 as in the progress display.
        epoch: usize,
        /// The step within the epoch, counted from 1.
        step: usize,
        /// The loss.
        loss: f64,
        /// The epoch, counted from 1, of the weights that a callback has restored, for example the best one of
        /// [`EarlyStopping`](crate::callbacks::EarlyStopping); if `None`, the model has the weights from the beginning
        /// of the diverged epoch.
        restored_epoch: Option<usize>,
    },

    /// A callback ended the fit with an error.
    #[error("callback {callback}: {reason}")]
    Callback {
        /// The callback.
        callback: String,
        /// The reason.
        reason: String,
    },

    /// An error of another rank of a distributed fit.
    #[error("rank {rank}: {reason}")]
    Rank {
        /// The rank that failed, counted from 0.
        rank: usize,
        /// The reason of the failure on that rank.
        reason: String,
    },

    // ---- tables and files
    /// A file that cannot be opened, read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },

    /// A file that is not a complete model file, or file of cached rows, of this crate.
    #[error("{}: {reason}", path.display())]
    ModelFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with the file and how to correct it.
        reason: String,
    },

    /// An empty table file.
    #[error(
        "{file}, line {line}: the file is empty; expected a header line with the columns' names, then one line per row"
    )]
    EmptyFile {
        /// The file.
        file: String,
        /// The line at which it ends.
        line: u64,
    },

    /// A table file with a first line that does not contain the names of the columns.
    #[error("{file}, line {line}: no header with the columns' names: {reason}; {advice}")]
    NoHeader {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The part of the line that is not a name, and its column.
        reason: String,
        /// How to correct it.
        advice: String,
    },

    /// A table file with a single field in its first line, which contains a character that probably separates the fields.
    #[error(
        "{file}, line {line}: a single field, which holds {separator}: \"{field}\"; separate the fields there with CsvOptions::new().{advice}, or declare it as one column by naming the delimiter: .delimiter(',')"
    )]
    WrongDelimiter {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The character that probably separates the fields.
        separator: String,
        /// The field.
        field: String,
        /// The option that separates the fields there.
        advice: String,
    },

    /// A quote that is not closed at the end of its field.
    #[error(
        "{place}, column {column}: the quote that opens here {reason}; close it before the next delimiter, write a quote inside of quotes twice, or, if quotes are ordinary characters of the file, read it with CsvOptions::new().quote(None)"
    )]
    UnclosedQuote {
        /// The line where the quote opens.
        place: Place,
        /// The column: its name, or its position in a line without names.
        column: String,
        /// How the quoted field ends.
        reason: String,
    },

    /// A line of a table file with more or fewer fields than the header.
    #[error("{place}: {found} fields where {expected} are expected, {at} column {column}; {advice}")]
    Ragged {
        /// The line.
        place: Place,
        /// The fields of the header.
        expected: usize,
        /// The fields of the line.
        found: usize,
        /// `nothing for` or `too much after`.
        at: &'static str,
        /// The first column without a value, or the last one with a name.
        column: String,
        /// How to correct it.
        advice: String,
    },

    /// Bytes that are not UTF-8 text.
    #[error(
        "{place}, column {column}: not UTF-8 text; name the encoding of the file with CsvOptions::new().encoding(\"windows-1252\"), which is the most common other one, or whichever it is"
    )]
    NotUtf8 {
        /// The line.
        place: Place,
        /// The column: its name, or its position if the name is invalid too.
        column: String,
    },

    /// Bytes that are not text in the given encoding.
    #[error("{place}: not {encoding} text; name the encoding that the file has with CsvOptions::encoding")]
    Encoding {
        /// The line.
        place: Place,
        /// The given encoding, or that of a byte order mark.
        encoding: String,
    },

    /// A zero byte, which text does not contain.
    #[error("{place}: a byte 0, {advice}")]
    NulByte {
        /// The line.
        place: Place,
        /// The probable cause and its remedy.
        advice: String,
    },

    /// A string where a number is needed.
    #[error(
        "{place}, column \"{column}\": \"{}\" is not a number; {}",
        shortened(value),
        place.cure(
            "write a number without quotes, or null for a missing value",
            "correct it, declare it as missing when reading (CsvOptions::missing), or convert the strings of the column to numbers with \
             map_strings"
        )
    )]
    NotANumber {
        /// The line or row.
        place: Place,
        /// The column.
        column: String,
        /// The text that came.
        value: String,
    },

    /// A value that is not a 64-bit integer, where one is needed.
    #[error(
        "{place}, column \"{column}\": \"{}\" is not an integer: expected a whole number from −2⁶³ to 2⁶³ − 1; correct it, declare it as missing when reading (CsvOptions::missing), or read the column as numbers or strings",
        shortened(value)
    )]
    NotAnInteger {
        /// The line or row.
        place: Place,
        /// The column.
        column: String,
        /// The value that came.
        value: String,
    },

    /// A value where a date is needed.
    #[error(
        "{place}, column \"{column}\": \"{}\" is not a date: expected {expected}; correct it, declare it as missing when reading (CsvOptions::missing), or name the format of the column (CsvOptions::date_format)",
        shortened(value)
    )]
    NotADate {
        /// The line or row.
        place: Place,
        /// The column.
        column: String,
        /// The value that came.
        value: String,
        /// The form of date that was expected.
        expected: String,
    },

    /// A value where a boolean is needed.
    #[error(
        "{place}, column \"{column}\": \"{}\" is not a boolean: expected true or false (True, TRUE, 1; False, FALSE, 0); correct it, or declare it as missing when reading (CsvOptions::missing)",
        shortened(value)
    )]
    NotABoolean {
        /// The line.
        place: Place,
        /// The column.
        column: String,
        /// The value that came.
        value: String,
    },

    /// A column with another type than is needed.
    #[error("column \"{column}\" holds {found}; expected {expected}")]
    ColumnType {
        /// The column.
        column: String,
        /// The type that was expected.
        expected: String,
        /// The type of the column's values.
        found: &'static str,
    },

    /// A column that the table does not have.
    #[error(
        "{table} has no column \"{name}\"{}; its columns: {}{}",
        suggestion(name, known),
        list(known),
        advice_suffix(advice)
    )]
    UnknownColumn {
        /// The table: a file and the line of its header, or `the table`.
        table: String,
        /// The name that came.
        name: String,
        /// The names that exist.
        known: Vec<String>,
        /// Another possible cause and its remedy; may be empty.
        advice: String,
    },

    /// A missing value where every value is needed.
    #[error(
        "{place}, column \"{column}\": the value is missing; give one, replace it by an imputer such as SimpleImputer, or remove such rows with drop_missing_in([\"{column}\"])"
    )]
    MissingValue {
        /// The line, row or record.
        place: Place,
        /// The column.
        column: String,
    },

    /// An infinite number in a column of a table.
    #[error(
        "{place}, column \"{column}\": the value is {}; expected a finite number: {}, or scale a column of extreme range",
        number(*value),
        place.cure(
            "correct it, leave it out if it is missing",
            "correct it, declare it as missing when reading (CsvOptions::missing), drop such rows"
        )
    )]
    InfiniteValue {
        /// The line, row or record.
        place: Place,
        /// The column.
        column: String,
        /// `inf` or `-inf`.
        value: f64,
    },

    /// A finite number that becomes infinite in the transformers or in the number type of the network.
    #[error(
        "{place}, column \"{column}\": the value is {}, which transformed is beyond the numbers of {dtype}: {}, bound the column with \
         Clip in front of its transformers{}",
        number(*value),
        place.cure("correct it, leave it out if it is missing", "correct it, drop such rows"),
        if *dtype == "f32" { ", or use a pipeline of f64" } else { "" }
    )]
    Overflow {
        /// The line, row or record.
        place: Place,
        /// The column of the table.
        column: String,
        /// The number in the table.
        value: f64,
        /// The number type of the network, `f32` or `f64`.
        dtype: &'static str,
    },

    /// A table with a missing value in every row, so that no complete row is left.
    #[error("of {}, none is complete: {}", counted(*rows, "row"), incomplete(empty, most))]
    NoCompleteRow {
        /// The number of rows of the table.
        rows: usize,
        /// The columns without any value.
        empty: Vec<String>,
        /// The columns with the most missing values, with their number.
        most: Vec<(String, usize)>,
    },

    /// A string for which a mapping to numbers has no number.
    #[error(
        "{place}, column \"{column}\": the mapping has no number for \"{}\"; add it, or remove such rows",
        shortened(value)
    )]
    Unmapped {
        /// The line or row.
        place: Place,
        /// The column.
        column: String,
        /// The text without a number.
        value: String,
    },

    /// A string that does not begin with a number in the notation of
    /// [`TextToNumber::leading_number`](crate::preprocessing::TextToNumber::leading_number).
    #[error(
        "{place}, column \"{column}\": \"{}\" does not begin with a number whose decimals follow {decimal:?}; name another decimal sign with TextToNumber::leading_number().decimal({other:?}), list the strings with TextToNumber::pairs, or remove such rows",
        shortened(value)
    )]
    NoLeadingNumber {
        /// The line or row.
        place: Place,
        /// The column.
        column: String,
        /// The string.
        value: String,
        /// The decimal sign of the notation.
        decimal: char,
        /// The decimal sign that the notation can have instead.
        other: char,
    },

    /// A category that did not occur in the fit of the encoder.
    #[error(
        "{place}, column \"{column}\": category {} is unknown to the encoder, which knows {}; choose what becomes of such values with .unknown(…), as .unknown(Unknown::Zeros) of a OneHotEncoder, or list them with .categories([…])",
        shortened(value),
        list(known)
    )]
    UnknownCategory {
        /// The line, row or record.
        place: Place,
        /// The column.
        column: String,
        /// The category.
        value: String,
        /// The categories of the fit.
        known: Vec<String>,
    },
}
