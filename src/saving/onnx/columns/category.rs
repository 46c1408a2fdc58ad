//! The index of a value among an encoder's categories.

use super::super::proto::DataType;
use super::super::term::Term;
use super::form::Taken;
use super::missing::refuse_infinite;
use super::position::position;
use super::refused::refused;
use crate::Result;
use crate::preprocessing::Value;

/// The categories of a column; the missing one, if there is one, comes after the values.
pub(super) struct KnownCategories<'a> {
    pub(super) name: &'a str,
    pub(super) values: &'a [Value],
    pub(super) missing: bool,
}

impl KnownCategories<'_> {
    /// A column holds strings or numbers, where booleans are 1 and 0. A missing string comes in as the empty one.
    pub(super) fn taken(&self) -> Result<Taken> {
        let count = self.string_count();
        if self.values.is_empty() {
            let reason =
                "every value was missing at the fit, so that the type of its input is unknown; leave the column out";
            return Err(refused(self.name, reason));
        }
        if count != 0 && count != self.values.len() {
            return Err(refused(self.name, "its categories are numbers and strings; use one kind only"));
        }
        if self.missing && self.strings().any(str::is_empty) {
            let reason = "ONNX has no missing string, so that the empty one is taken for it, which is a category here too; \
                          read it as missing with CsvOptions::missing";
            return Err(refused(self.name, reason));
        }
        Ok(Taken { name: self.name.into(), is_text: count > 0 })
    }

    /// The number of categories, which is the index of an unknown one.
    pub(super) fn len(&self) -> usize {
        self.values.len() + usize::from(self.missing)
    }

    /// The index of each value's category.
    pub(super) fn index<'g>(&self, raw: &Term<'g>) -> Term<'g> {
        let unknown = self.len();
        if self.string_count() > 0 {
            return position(raw, self.strings().chain(self.missing.then_some("")), unknown);
        }
        let raw = &refuse_infinite(raw);
        let graph = raw.graph;
        let numbers: Vec<f64> = self.values.iter().map(number).collect();
        let steps: Vec<f64> = (0..numbers.len()).map(|index| index as f64 - unknown as f64).collect();
        let row = |kind, values: &[f64]| graph.constant(kind, &[1, values.len()], values);
        let found = raw.equal(row(DataType::Double, &numbers)).cast(DataType::Int64) * row(DataType::Int64, &steps);
        let mut index = found.sum(1, true) + graph.constant(DataType::Int64, &[], &[unknown as f64]);
        if self.missing {
            let step = graph.constant(DataType::Int64, &[], &[-1.0]);
            index = index + raw.apply_kind("IsNaN", DataType::Bool).cast(DataType::Int64) * step;
        }
        index
    }

    fn strings(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(|category| match category {
            Value::String(text) => Some(text.as_str()),
            Value::Number(_) | Value::Boolean(_) => None,
        })
    }

    fn string_count(&self) -> usize {
        self.strings().count()
    }
}

fn number(category: &Value) -> f64 {
    match category {
        Value::Number(number) => *number,
        // Booleans come in as 1 and 0.
        Value::Boolean(value) => f64::from(u8::from(*value)),
        Value::String(_) => f64::NAN,
    }
}
