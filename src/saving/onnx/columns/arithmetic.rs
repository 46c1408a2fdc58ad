//! Columns that are selected, and what is computed of two.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken, taken};
use super::missing::refuse_infinite;
use super::refused::refused;
use crate::Result;
use crate::preprocessing::fitted::ArithmeticColumns;
use crate::preprocessing::{ArithmeticOperation, ColumnKind, FittedTransformer, FittedVarianceThreshold};

impl Form for FittedVarianceThreshold {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.outputs(), false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        Ok(columns.iter().map(refuse_infinite).collect())
    }
}

impl Form for ArithmeticColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        if let Some((name, _)) = self.kept.iter().find(|(_, kind)| *kind == ColumnKind::Strings) {
            let reason = "ColumnArithmetic passes its strings on, for which there is no operator; give it only columns of numbers";
            return Err(refused(name, reason));
        }
        Ok(taken(&self.inputs().into_iter().map(str::to_owned).collect::<Vec<_>>(), false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let names = self.inputs();
        let term = |name: &String| {
            let place = names.iter().position(|known| known == name);
            place.and_then(|place| columns.get(place)).ok_or_else(|| refused(name, "no input has its name"))
        };
        let (left, right) = (term(&self.arithmetic.left)?, term(&self.arithmetic.right)?);
        let (left, right) = (refuse_infinite(left), refuse_infinite(right));
        let result = match self.arithmetic.operation {
            ArithmeticOperation::Ratio => {
                let missing = graph.constant(DataType::Double, &[], &[f64::NAN]);
                right.equal(0.0).choose(&missing, refuse_infinite(&(&left / &divisor(&right))))
            }
            ArithmeticOperation::Difference => refuse_infinite(&(&left - &right)),
            ArithmeticOperation::Product => refuse_infinite(&(&left * &right)),
        };
        Ok(columns.iter().take(self.kept.len()).map(refuse_infinite).chain([result]).collect())
    }
}

/// The number, 1 in place of 0, by which the runtime would make an infinite one.
fn divisor<'g>(number: &Term<'g>) -> Term<'g> {
    number.equal(0.0).choose(&number.graph.constant(DataType::Double, &[], &[1.0]), number)
}
