//! Transformers one after another.

use super::super::graph::Graph;
use super::super::proto::{AttributeProto, DataType};
use super::super::term::{Term, concat};
use super::form::{Form, Taken, of};
use super::refused::refused;
use crate::Result;
use crate::preprocessing::fitted::{FittedChain, FittedStep};

impl Form for FittedChain {
    fn takes(&self, as_number: &[String]) -> Result<Vec<Taken>> {
        // What the later ones take is made here, but each must have a form, and one that takes what the one before it makes.
        for stage in self.stages.iter().skip(1) {
            if of(stage)?.takes(&[])?.iter().any(|taken| taken.is_text) {
                let reason = "strings that one transformer makes for another have no operators; put the one that takes strings first";
                return Err(refused(&stage.fitted.inputs().join(", "), reason));
            }
        }
        match self.stages.first() {
            Some(first) => of(first)?.takes(as_number),
            None => Ok(Vec::new()),
        }
    }

    fn reads(&self) -> &[String] {
        self.stages.first().and_then(|first| of(first).ok()).map_or(&[], |first| first.reads())
    }

    fn keeps_missing(&self) -> bool {
        self.stages.last().and_then(|last| of(last).ok()).is_some_and(Form::keeps_missing)
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let mut made: Vec<Term<'g>> = columns.to_vec();
        let mut before: Option<&FittedStep> = None;
        for stage in &self.stages {
            let form = of(stage)?;
            if let Some(before) = before {
                made = next_columns(before, &made, form, graph)?;
            }
            made = form.write(&made, graph)?;
            before = Some(stage);
        }
        Ok(made)
    }
}

/// The columns that the next form takes, one by one, of those that a step has made.
fn next_columns<'g>(
    before: &FittedStep,
    made: &[Term<'g>],
    next: &dyn Form,
    graph: &'g Graph,
) -> Result<Vec<Term<'g>>> {
    let names = before.fitted.outputs();
    let all = concat(made);
    let column = |taken: Taken| {
        let place = names.iter().position(|name| *name == taken.name);
        let (Some(place), Some(all)) = (place, &all) else {
            return Err(refused(&taken.name, "the transformer before it in its chain does not make it"));
        };
        let place = graph.constant(DataType::Int64, &[1], &[place as f64]);
        Ok(graph.node("Gather", &[all, &place], vec![AttributeProto::int("axis", 1)], all.kind).cast(DataType::Double))
    };
    next.takes(&[])?.into_iter().map(column).collect()
}
