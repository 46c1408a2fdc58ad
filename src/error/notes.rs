//! What is added to an error on its way up.

use super::Error;
use super::wording::restored_weights;

impl Error {
    /// The same error of a fit whose model now holds the weights of an epoch, counted from 1.
    pub(crate) fn with_restored_weights(self, epoch: usize) -> Self {
        match self {
            Error::Diverged { epoch: at, step, loss, .. } => {
                Error::Diverged { epoch: at, step, loss, restored_epoch: Some(epoch) }
            }
            other => other.with_note(&format!("the model holds {}", restored_weights(epoch))),
        }
    }

    /// The same error with a note, where its variant has free text to append it to.
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

    /// The same error about samples that were taken from `first` on, as the caller counts them.
    pub(crate) fn moved_down(self, first: usize) -> Self {
        self.with_row(|row| row + first)
    }

    /// The row that it is about.
    pub(crate) fn row(&self) -> Option<usize> {
        match self {
            Error::NotFinite { row, .. }
            | Error::Input { row, .. }
            | Error::Target { row, .. }
            | Error::SampleWeight { row, .. } => Some(*row),
            _ => None,
        }
    }

    /// The same error with another number for its row.
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
