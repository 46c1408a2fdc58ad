//! Notes and positions that are added to an error as it is passed up.

use super::wording::restored_weights;
use super::{Error, Place};

impl Error {
    /// Adds that the model now holds the weights of an epoch, counted from 1.
    pub(crate) fn with_restored_weights(self, epoch: usize) -> Self {
        match self {
            Error::Diverged { epoch: at, step, loss, .. } => {
                Error::Diverged { epoch: at, step, loss, restored_epoch: Some(epoch) }
            }
            other => other.with_note(&format!("the model holds {}", restored_weights(epoch))),
        }
    }

    /// Appends a note, if the variant has free text to append it to.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        if let Error::Fold { fold, source } = self {
            return source.with_note(note).in_fold(fold);
        }
        if let Error::InRow { place, source } = self {
            return Error::InRow { place, source: Box::new(source.with_note(note)) };
        }
        match &mut self {
            Error::Callback { reason: text, .. }
            | Error::Rank { reason: text, .. }
            | Error::Configuration { reason: text, .. }
            | Error::NotSerializable { reason: text, .. }
            | Error::Layer { reason: text, .. }
            | Error::ModelFile { reason: text, .. }
            | Error::Argument { expected: text, .. }
            | Error::Weights { found: text, .. }
            | Error::Empty { advice: text, .. } => *text = format!("{text}; {note}"),
            Error::Unknown { advice, .. }
            | Error::UnknownArgument { advice, .. }
            | Error::UnknownColumn { advice, .. } => {
                *advice = if advice.is_empty() { note.into() } else { format!("{advice}; {note}") };
            }
            Error::Io { source, .. } => *source = std::io::Error::new(source.kind(), format!("{source}; {note}")),
            _ => {}
        }
        self
    }

    /// The error of a fold, counted from 0.
    pub(crate) fn in_fold(self, fold: usize) -> Self {
        Error::Fold { fold, source: Box::new(self) }
    }

    /// Adds `first` to the row of an error about samples that were taken from row `first` on.
    pub(crate) fn moved_down(self, first: usize) -> Self {
        self.with_row(|row| row + first)
    }

    /// The row of a table that the error is about, if it names one: a line of a file, a row, the record.
    ///
    /// ```
    /// use perceptra::error::Place;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new().with_numbers("rate", [7.5, f64::NAN])?;
    /// assert_eq!(table.to_matrix::<f32>(["rate"]).unwrap_err().place(), Some(&Place::Row(1)));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn place(&self) -> Option<&Place> {
        match self {
            Error::Fold { source, .. } => source.place(),
            Error::InRow { place, .. }
            | Error::UnclosedQuote { place, .. }
            | Error::Ragged { place, .. }
            | Error::NotUtf8 { place, .. }
            | Error::Encoding { place, .. }
            | Error::NulByte { place, .. }
            | Error::NotANumber { place, .. }
            | Error::NotAnInteger { place, .. }
            | Error::NotADate { place, .. }
            | Error::NotABoolean { place, .. }
            | Error::MissingValue { place, .. }
            | Error::InfiniteValue { place, .. }
            | Error::Unmapped { place, .. }
            | Error::NoLeadingNumber { place, .. }
            | Error::UnknownCategory { place, .. } => Some(place),
            _ => None,
        }
    }

    /// The row that the error is about.
    pub(crate) fn row(&self) -> Option<usize> {
        match self {
            Error::NotFinite { row, .. }
            | Error::Input { row, .. }
            | Error::Target { row, .. }
            | Error::SampleWeight { row, .. } => Some(*row),
            _ => None,
        }
    }

    /// Replaces the row of the error.
    pub(crate) fn with_row(mut self, number: impl FnOnce(usize) -> usize) -> Self {
        match &mut self {
            Error::NotFinite { row, .. }
            | Error::Input { row, .. }
            | Error::Target { row, .. }
            | Error::SampleWeight { row, .. } => *row = number(*row),
            _ => {}
        }
        self
    }
}
