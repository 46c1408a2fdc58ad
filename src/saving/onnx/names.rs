//! The names of the inputs and outputs of a file.

use super::columns::ExportedColumns;
use crate::{Error, Result};
use std::collections::BTreeMap;

/// The names of inputs and outputs.
pub(super) struct GraphNames {
    columns: Vec<String>,
    pub(super) input: String,
    /// The names of the outputs, in order.
    pub(super) outputs: Vec<String>,
}

/// The names that a user has chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) input: Option<String>,
    /// The names of the outputs, by the setters that were called.
    pub(super) outputs: BTreeMap<&'static str, String>,
}

impl GraphNames {
    /// The chosen names or the defaults of these outputs, if they go together.
    pub(super) fn new(
        chosen: &Chosen,
        columns: Option<&ExportedColumns<'_>>,
        outputs: &[(&'static str, &str)],
    ) -> Result<Self> {
        let or = |name: Option<&String>, default: &str| name.cloned().unwrap_or_else(|| default.into());
        let names = GraphNames {
            columns: columns.map(ExportedColumns::inputs).unwrap_or_default(),
            input: or(chosen.input.as_ref(), "input"),
            outputs: outputs.iter().map(|(setter, default)| or(chosen.outputs.get(setter), default)).collect(),
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
        for (index, (name, (setter, _))) in names.outputs.iter().zip(outputs).enumerate() {
            let before = &names.outputs[..index];
            if name.is_empty() || inputs.contains(name) || before.contains(name) {
                let expected = if index == 0 { "a name that no input has" } else { "a name that no other value has" };
                return Err(Error::argument("onnx::Export", setter, format!("{name:?}"), expected));
            }
        }
        Ok(names)
    }

    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().chain([&self.input]).chain(&self.outputs).map(String::as_str)
    }
}
