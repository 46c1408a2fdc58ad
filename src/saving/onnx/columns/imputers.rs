//! Values in place of missing ones, and which were missing.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken};
use super::missing::{refuse_infinite, refuse_where};
use super::refused::refused;
use crate::Result;
use crate::preprocessing::fitted::{IndicatedColumn, IndicatedColumns};
use crate::preprocessing::{ColumnKind, FittedSimpleImputer, FittedTransformer, Value};

/// Why missing strings are refused.
const STRINGS: &str = "ONNX has no missing string; replace missing strings in the program that runs the model, and fit the encoder \
                       without an imputer in front of it";

impl Form for FittedSimpleImputer {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        let one = |name: &str| match self.fill_value(name) {
            Some(Value::String(_)) => Err(refused(name, STRINGS)),
            _ => Ok(Taken { name: name.to_owned(), is_text: false }),
        };
        self.inputs().into_iter().map(one).collect()
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let (mut filled, mut indicators) = (Vec::new(), Vec::new());
        // Columns that neither are filled nor have an indicator are not taken.
        let taken = self.columns.iter().filter(|column| column.fill.is_some() || column.indicator);
        for (raw, column) in columns.iter().zip(taken) {
            let is_missing = raw.apply_kind("IsNaN", DataType::Bool);
            let fill = match &column.fill {
                Some(Value::Number(fill)) => Some(*fill),
                Some(Value::Boolean(fill)) => Some(f64::from(u8::from(*fill))),
                Some(Value::String(_)) | None => None,
            };
            if let Some(fill) = fill {
                let fill = graph.constant(DataType::Double, &[], &[fill]);
                filled.push(is_missing.choose(&fill, refuse_infinite(raw)));
            }
            if column.indicator {
                indicators.push(is_missing.cast(DataType::Double));
            }
        }
        filled.append(&mut indicators);
        Ok(filled)
    }
}

impl Form for IndicatedColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        let taken = self.columns.iter().filter(|column| column.is_indicated || self.error_on_new);
        let one = |column: &IndicatedColumn| match column.kind {
            ColumnKind::Strings => Err(refused(&column.name, STRINGS)),
            _ => Ok(Taken { name: column.name.clone(), is_text: false }),
        };
        taken.map(one).collect()
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let taken = self.columns.iter().filter(|column| column.is_indicated || self.error_on_new);
        let missing = columns.iter().map(|raw| raw.apply_kind("IsNaN", DataType::Bool));
        let (indicated, others): (Vec<_>, Vec<_>) = missing.zip(taken).partition(|(_, column)| column.is_indicated);
        let mut made: Vec<Term<'g>> = indicated.iter().map(|(missing, _)| missing.cast(DataType::Double)).collect();
        if let Some(first) = made.first_mut() {
            // A missing value where none was at the fit stops the runtime.
            *first = others.iter().fold(first.clone(), |first, (missing, _)| refuse_where(&first, missing));
        }
        Ok(made)
    }
}
