//! Categories as columns of zeros and ones.

use super::super::graph::Graph;
use super::super::layers::spread;
use super::super::proto::DataType;
use super::super::term::Term;
use super::category::KnownCategories;
use super::form::{Form, Taken};
use crate::Result;
use crate::layers::OutputMode;
use crate::preprocessing::fitted::EncodedColumn;
use crate::preprocessing::{FittedOneHotEncoder, Unknown};

impl Form for FittedOneHotEncoder {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        self.columns.iter().map(|column| known(column).taken()).collect()
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        // A single category that is dropped leaves nothing.
        let kept = columns.iter().zip(&self.columns).filter(|(_, encoded)| encoded.width() > 0);
        Ok(kept.map(|(raw, encoded)| one_hot(raw, encoded, self.unknown)).collect())
    }
}

fn known(column: &EncodedColumn) -> KnownCategories<'_> {
    KnownCategories { name: &column.name, values: &column.categories, missing: column.missing }
}

/// A column of zeros and ones for each category or group of them that is kept.
///
/// If an unknown category is an error, its index is one past the last row of a table, which stops the runtime.
fn one_hot<'g>(raw: &Term<'g>, encoded: &EncodedColumn, unknown: Unknown) -> Term<'g> {
    let first = f64::from(u8::from(encoded.drop_first));
    let mut places: Vec<f64> = encoded.group_of_each().into_iter().map(|group| group as f64 - first).collect();
    if unknown != Unknown::Error {
        places.push(encoded.group_of_unknown(unknown).map_or(-1.0, |group| group as f64 - first));
    }
    let places = raw.graph.constant(DataType::Int64, &[places.len()], &places);
    let place = places.gather(&known(encoded).index(raw));
    spread(&place, 1, OutputMode::OneHot, encoded.width(), raw.graph.element)
}
