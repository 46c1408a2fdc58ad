//! Strings that become numbers.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken};
use super::position::position;
use super::refused::refused;
use crate::preprocessing::fitted::NumberedColumns;
use crate::{Error, Result};

impl Form for NumberedColumns {
    fn takes(&self, as_number: &[String]) -> Result<Vec<Taken>> {
        let one = |name: &String| match &self.to_number.pairs {
            _ if as_number.contains(name) => Ok(Taken { name: name.clone(), is_text: false }),
            Some(_) => Ok(Taken { name: name.clone(), is_text: true }),
            None => Err(unreadable_text(name)),
        };
        self.columns.iter().map(one).collect()
    }

    fn reads(&self) -> &[String] {
        &self.columns
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let one = |raw: &Term<'g>| match &self.to_number.pairs {
            Some(pairs) if raw.kind == DataType::Text => {
                let numbers: Vec<f64> = pairs.iter().map(|(_, number)| *number).collect();
                let row = position(raw, pairs.iter().map(|(text, _)| text.as_str()), numbers.len());
                graph.constant(DataType::Double, &[numbers.len()], &numbers).gather(&row)
            }
            // Of a column that comes as numbers.
            _ => raw.clone(),
        };
        Ok(columns.iter().map(one).collect())
    }
}

fn unreadable_text(column: &str) -> Error {
    let reason = format!(
        "ONNX has no operator that reads a number from a string such as \"36 months\"; pass the numbers with \
         .as_number(\"{column}\"), or fit with TextToNumber::pairs"
    );
    refused(column, &reason)
}
