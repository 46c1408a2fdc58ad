//! Preprocessing as operators: raw columns of a table in, the features of a network out.
//!
//! Numbers come in and are scaled in double precision, as in a table; the features have the model's element type.

mod arithmetic;
mod bins;
mod bounds;
mod category;
mod chain;
mod encoders;
mod form;
mod imputers;
mod lookup;
mod missing;
mod one_hot;
mod position;
mod powers;
mod quantiles;
mod refused;
mod scalers;
mod text_to_number;
mod without_operators;

use super::graph::Graph;
use super::proto::DataType;
use super::term::{Term, concat};
use crate::error::suggestion;
use crate::preprocessing::FittedColumnTransformer;
use crate::preprocessing::fitted::FittedStep;
use crate::{Error, Result};
use form::{Form, Taken, by};
use missing::refuse_missing;
use refused::refused;

/// Fitted preprocessing that can be written.
pub(super) struct ExportedColumns<'a> {
    /// The conversions of strings to numbers, which come first.
    conversions: Vec<&'a dyn Form>,
    steps: Vec<(&'a FittedStep, &'a dyn Form)>,
    as_number: &'a [String],
    inputs: Vec<RawColumn>,
}

/// A raw column: the input with its name.
struct RawColumn {
    name: String,
    is_text: bool,
}

impl<'a> ExportedColumns<'a> {
    /// Exports preprocessing that returns as many columns as a network takes.
    pub(super) fn new(
        columns: &'a FittedColumnTransformer,
        expected: usize,
        as_number: &'a [String],
    ) -> Result<ExportedColumns<'a>> {
        let found = columns.width();
        if found != expected {
            return Err(Error::Features { what: "the preprocessing", expected, found });
        }
        let conversions: Vec<&dyn Form> = columns.conversions.iter().map(|one| one as &dyn Form).collect();
        let of = |step: &'a FittedStep| Ok((step, form::of(step)?));
        let steps = columns.steps.iter().map(of).collect::<Result<Vec<_>>>()?;
        let forms = conversions.iter().copied().chain(steps.iter().map(|step| step.1));
        let read: Vec<&str> = forms.flat_map(|form| form.reads()).map(String::as_str).collect();
        if let Some(name) = as_number.iter().find(|name| !read.contains(&name.as_str())) {
            let expected = match read.join(", ") {
                none if none.is_empty() => "no column, for no TextToNumber reads one here".into(),
                list => format!("a column that a TextToNumber reads: {list}{}", suggestion(name, &read)),
            };
            return Err(Error::argument("onnx::Export", "as_number", name, expected));
        }
        let mut converted = Vec::new();
        for conversion in &conversions {
            converted.extend(conversion.takes(as_number)?);
        }
        let mut inputs: Vec<RawColumn> = Vec::new();
        for (step, form) in &steps {
            for Taken { name, mut is_text } in form.takes(as_number).map_err(by(step))? {
                if let Some(conversion) = converted.iter().find(|one| one.name == name) {
                    if is_text {
                        let reason = "its strings are converted to numbers, and a transformer takes them as strings; put the \
                                      TextToNumber before the other transformers of the column with .then(…)";
                        return Err(by(step)(refused(&name, reason)));
                    }
                    is_text = conversion.is_text;
                }
                match inputs.iter().find(|input| input.name == name) {
                    Some(input) if input.is_text != is_text => {
                        let reason = "one transformer takes it as a string and another as a number; give one of them a copy of \
                                      the column under another name";
                        return Err(by(step)(refused(&name, reason)));
                    }
                    Some(_) => {}
                    None => inputs.push(RawColumn { name, is_text }),
                }
            }
        }
        Ok(ExportedColumns { conversions, steps, as_number, inputs })
    }

    /// The names of the raw columns.
    pub(super) fn inputs(&self) -> Vec<String> {
        self.inputs.iter().map(|input| input.name.clone()).collect()
    }
}

/// Declares an input for every raw column and adds what turns them into features.
pub(super) fn write<'g>(columns: &ExportedColumns<'_>, graph: &'g Graph) -> Result<Term<'g>> {
    graph.enter("preprocessing");
    let kind = |input: &RawColumn| if input.is_text { DataType::Text } else { DataType::Double };
    let declare = |input: &RawColumn| (input.name.clone(), graph.input(&input.name, kind(input), 1));
    let mut known: Vec<(String, Term<'g>)> = columns.inputs.iter().map(declare).collect();
    for conversion in &columns.conversions {
        let (names, raw) = columns.of_form(*conversion, &known)?;
        for (name, number) in names.into_iter().zip(conversion.write(&raw, graph)?) {
            known.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, term)| *term = number.clone());
        }
    }
    let mut features = Vec::new();
    for (step, form) in &columns.steps {
        let (_, raw) = columns.of_form(*form, &known)?;
        let made = form.write(&raw, graph).map_err(by(step))?;
        match form.keeps_missing() {
            true => features.extend(made.iter().map(refuse_missing)),
            false => features.extend(made),
        }
    }
    let features: Vec<Term<'g>> = features.iter().map(|feature| feature.cast(graph.element)).collect();
    concat(&features).ok_or_else(|| refused("the preprocessing", "it has no columns"))
}

impl ExportedColumns<'_> {
    /// The columns that a form takes, by name.
    fn of_form<'g>(&self, form: &dyn Form, known: &[(String, Term<'g>)]) -> Result<(Vec<String>, Vec<Term<'g>>)> {
        let term = |taken: Taken| {
            let found =
                known.iter().find(|(name, _)| *name == taken.name).map(|(name, term)| (name.clone(), term.clone()));
            found.ok_or_else(|| refused(&taken.name, "no input has its name"))
        };
        Ok(form.takes(self.as_number)?.into_iter().map(term).collect::<Result<Vec<_>>>()?.into_iter().unzip())
    }
}
