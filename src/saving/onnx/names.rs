//! What the inputs and outputs of a file are called.

use super::columns::ExportedColumns;
use crate::{Error, Result};

/// The names of inputs and outputs.
pub(super) struct GraphNames {
    columns: Vec<String>,
    pub(super) input: String,
    pub(super) output: String,
    pub(super) decision: String,
}

/// The names that a user has chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) input: Option<String>,
    pub(super) output: Option<String>,
    pub(super) decision: Option<String>,
}

impl GraphNames {
    /// The chosen names or the defaults, if they go together.
    pub(super) fn of(chosen: &Chosen, columns: Option<&ExportedColumns<'_>>, threshold: Option<f64>) -> Result<Self> {
        let or = |name: &Option<String>, default: &str| name.clone().unwrap_or_else(|| default.into());
        let names = GraphNames {
            columns: columns.map(ExportedColumns::inputs).unwrap_or_default(),
            input: or(&chosen.input, "input"),
            output: or(&chosen.output, if threshold.is_some() { "probability" } else { "output" }),
            decision: or(&chosen.decision, "decision"),
        };
        if columns.is_some() && chosen.input.is_some() {
            return Err(Error::argument(
                "onnx::Export",
                "input_name",
                names.input,
                "none: with preprocessing each column is an input",
            ));
        }
        let inputs = if columns.is_some() { &names.columns[..] } else { std::slice::from_ref(&names.input) };
        if let Some(empty) = inputs.iter().find(|name| name.is_empty()) {
            return Err(Error::argument(
                "onnx::Export",
                "input_name",
                format!("{empty:?}"),
                "a name of at least one letter",
            ));
        }
        if names.output.is_empty() || inputs.contains(&names.output) {
            return Err(Error::argument(
                "onnx::Export",
                "output_name",
                format!("{:?}", names.output),
                "a name that no input has",
            ));
        }
        let taken = names.decision.is_empty() || inputs.contains(&names.decision) || names.decision == names.output;
        if threshold.is_some() && taken {
            return Err(Error::argument(
                "onnx::Export",
                "decision_name",
                format!("{:?}", names.decision),
                "a name that no other value has",
            ));
        }
        Ok(names)
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().chain([&self.input, &self.output, &self.decision]).map(String::as_str)
    }
}
