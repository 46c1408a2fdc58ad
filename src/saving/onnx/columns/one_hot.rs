//! Categories as columns of zeros and ones.

use super::super::graph::Graph;
use super::super::layers::spread;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken};
use super::position::position;
use super::refused::refused;
use crate::Result;
use crate::layers::OutputMode;
use crate::preprocessing::fitted::EncodedColumn;
use crate::preprocessing::{FittedOneHotEncoder, Unknown, Value};

impl Form for FittedOneHotEncoder {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        let one = |column: &EncodedColumn| match string_count(column) {
            // A column holds either.
            count if count == 0 || count == column.categories.len() => {
                Ok(Taken { name: column.name.clone(), is_text: count > 0 })
            }
            _ => Err(refused(&column.name, "its categories are numbers and strings; use one kind only")),
        };
        self.columns.iter().map(one).collect()
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        // A single category that is dropped leaves nothing.
        let kept = columns.iter().zip(&self.columns).filter(|(_, encoded)| encoded.width() > 0);
        Ok(kept.map(|(raw, encoded)| one_hot(raw, encoded, self.unknown)).collect())
    }
}

/// How many of the categories are strings.
fn string_count(column: &EncodedColumn) -> usize {
    column.categories.iter().filter(|category| matches!(category, Value::Text(_))).count()
}

/// A column of zeros and ones for each category that is kept.
///
/// Where an unknown category is an error, its place is one behind the last row of a table: the runtime stops there.
fn one_hot<'g>(raw: &Term<'g>, encoded: &EncodedColumn, unknown: Unknown) -> Term<'g> {
    let graph = raw.graph;
    let count = encoded.categories.len();
    let first = usize::from(encoded.drop_first);
    if string_count(encoded) == 0 {
        let number = |category: &Value| match category {
            Value::Number(number) => *number,
            // Booleans come in as 1 and 0.
            Value::Boolean(value) => f64::from(u8::from(*value)),
            Value::Text(_) => f64::NAN,
        };
        let numbers: Vec<f64> = encoded.categories.iter().map(number).collect();
        let row = |numbers: &[f64]| graph.constant(DataType::Double, &[1, numbers.len()], numbers);
        let kept = raw.equal(row(numbers.get(first..).unwrap_or_default())).cast(graph.element);
        if unknown == Unknown::Zeros {
            return kept;
        }
        let found = raw.equal(row(&numbers)).cast(DataType::Int64).sum(1, true);
        let missing = graph.constant(DataType::Int64, &[], &[1.0]) - found;
        return kept * graph.constant(graph.element, &[1], &[1.0]).gather(&missing);
    }
    let keys = encoded.categories.iter().filter_map(|category| match category {
        Value::Text(text) => Some(text.as_str()),
        Value::Number(_) | Value::Boolean(_) => None,
    });
    let place = position(raw, keys, count);
    let mut places: Vec<f64> = (0..count).map(|place| place as f64 - first as f64).collect();
    if unknown == Unknown::Zeros {
        places.push(-1.0);
    }
    let place = graph.constant(DataType::Int64, &[places.len()], &places).gather(&place);
    spread(&place, 1, OutputMode::OneHot, encoded.width(), graph.element)
}
