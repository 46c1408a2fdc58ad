//! Categories as numbers, which are looked up.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::category::KnownCategories;
use super::form::{Form, Taken};
use crate::Result;
use crate::preprocessing::fitted::{MappedColumn, OrdinalColumn};
use crate::preprocessing::{FittedFrequencyEncoder, FittedOrdinalEncoder, FittedTargetEncoder, FittedWeightOfEvidence};

impl Form for FittedOrdinalEncoder {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        self.columns.iter().map(|column| ordered(column).taken()).collect()
    }

    /// If an unknown category is an error, its index is past the end of the table of codes, which stops the runtime.
    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let codes = |(raw, column): (&Term<'g>, &OrdinalColumn)| {
            let codes: Vec<f64> = column.codes(self.missing).into_iter().chain(self.unknown_code()).collect();
            let table = raw.graph.constant(DataType::Double, &[codes.len()], &codes);
            table.gather(&ordered(column).index(raw))
        };
        Ok(columns.iter().zip(&self.columns).map(codes).collect())
    }

    fn keeps_missing(&self) -> bool {
        let is_missing = |column: &OrdinalColumn| column.codes(self.missing).iter().any(|code| code.is_nan());
        self.unknown_code().is_some_and(f64::is_nan) || self.columns.iter().any(is_missing)
    }
}

fn ordered(column: &OrdinalColumn) -> KnownCategories<'_> {
    KnownCategories { name: &column.name, values: &column.categories, missing: column.missing }
}

fn mapped(column: &MappedColumn) -> KnownCategories<'_> {
    KnownCategories { name: &column.name, values: &column.categories, missing: column.missing }
}

/// The numbers of a column's categories, a column for each output.
fn numbers<'g>(raw: &Term<'g>, column: &MappedColumn) -> Vec<Term<'g>> {
    let index = mapped(column).index(raw);
    let of_output = |values: &Vec<f64>| raw.graph.constant(DataType::Double, &[values.len()], values).gather(&index);
    column.values.iter().map(of_output).collect()
}

macro_rules! mapped_forms {
    ($($fitted:ty),+ $(,)?) => {
        $(impl Form for $fitted {
            fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
                self.columns.iter().map(|column| mapped(column).taken()).collect()
            }

            fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
                Ok(columns.iter().zip(&self.columns).flat_map(|(raw, column)| numbers(raw, column)).collect())
            }
        })+
    };
}

mapped_forms!(FittedFrequencyEncoder, FittedTargetEncoder, FittedWeightOfEvidence);
