//! Transformers one after another.

use super::super::graph::Graph;
use super::super::proto::{AttributeProto, DataType};
use super::super::term::{Term, concat};
use super::form::{Form, Taken, by, of};
use super::refused::refused;
use crate::Result;
use crate::preprocessing::fitted::{FittedChain, FittedStep};

impl Form for FittedChain {
    fn takes(&self, as_number: &[String]) -> Result<Vec<Taken>> {
        let Some((first, later)) = self.stages.split_first() else { return Ok(Vec::new()) };
        let taken = of(first)?.takes(as_number).map_err(by(first))?;
        // What the later ones take is made here, but each must have a form, and one that takes what the one before it makes.
        for stage in later {
            if of(stage)?.takes(&[]).map_err(by(stage))?.iter().any(|taken| taken.is_text) {
                let reason = "strings that one transformer makes for another have no operators; put the one that takes strings first";
                return Err(by(stage)(refused(&stage.fitted.inputs().join(", "), reason)));
            }
        }
        Ok(taken)
    }

    fn reads(&self) -> &[String] {
        self.stages.first().and_then(|first| of(first).ok()).map_or(&[], |first| first.reads())
    }

    fn keeps_missing(&self) -> bool {
        self.stages.last().and_then(|last| of(last).ok()).is_some_and(Form::keeps_missing)
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let mut made: Vec<Term<'g>> = columns.to_vec();
        let (mut before, mut indicators): (Option<&FittedStep>, _) = (None, Vec::new());
        for stage in &self.stages {
            let form = of(stage)?;
            if let Some(before) = before {
                indicators.extend(columns_called(before, &made, before.fitted.indicators(), graph)?);
                let next = form.takes(&[])?.into_iter().map(|taken| taken.name).collect();
                made = columns_called(before, &made, next, graph)?;
            }
            made = form.write(&made, graph).map_err(by(stage))?;
            before = Some(stage);
        }
        made.extend(indicators);
        Ok(made)
    }
}

/// The columns of these names, one by one, of those that a step has made.
fn columns_called<'g>(
    before: &FittedStep,
    made: &[Term<'g>],
    names: Vec<String>,
    graph: &'g Graph,
) -> Result<Vec<Term<'g>>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let outputs = before.fitted.outputs();
    // Encoders make numbers of the model's type, others numbers in double precision.
    let made: Vec<Term<'g>> = made.iter().map(|term| term.cast(DataType::Double)).collect();
    let all = concat(&made);
    let column = |name: String| {
        let place = outputs.iter().position(|output| *output == name);
        let (Some(place), Some(all)) = (place, &all) else {
            return Err(refused(&name, "the transformer before it in its chain does not make it"));
        };
        let place = graph.constant(DataType::Int64, &[1], &[place as f64]);
        Ok(graph.node("Gather", &[all, &place], vec![AttributeProto::int("axis", 1)], DataType::Double))
    };
    names.into_iter().map(column).collect()
}
