//! The prediction of the target, as operators after the networks.

use super::adjustment::ExportedAdjustment;
use super::graph::Graph;
use super::names::GraphNames;
use super::proto::{AttributeProto, DataType};
use super::term::Term;
use crate::engine::Network;
use crate::preprocessing::Value;
use crate::{Error, Result, Scalar};

/// The meaning of the networks' outputs.
pub struct ExportedPrediction<'a> {
    pub(crate) link: LinkFunction,
    /// The adjustment of the mean of the networks' probabilities.
    pub(crate) adjustment: ExportedAdjustment,
    pub(crate) form: PredictedForm<'a>,
}

/// The function that makes probabilities of the outputs of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkFunction {
    /// They are what is predicted.
    Identity,
    /// They are logits, each of a separate probability.
    Sigmoid,
    /// They are the logits of classes.
    Softmax,
}

/// The outputs of a file.
pub(crate) enum PredictedForm<'a> {
    /// The outputs of a network.
    Outputs,
    /// A probability and whether it is above the threshold.
    Probability { threshold: f64 },
    /// Several probabilities, each with its decision.
    Probabilities { threshold: f64 },
    /// The probabilities of classes, the index of the largest one and its label.
    Class { labels: &'a [Value] },
    /// Numbers in the units of their columns.
    Numbers { log: bool, columns: Vec<NumberColumn> },
}

/// The transformation of a learned number to the units of its column.
pub(crate) struct NumberColumn {
    pub(crate) mean: f64,
    pub(crate) scale: f64,
    /// The least and the largest number that is predicted.
    pub(crate) range: Option<[f64; 2]>,
}

impl ExportedPrediction<'_> {
    /// The prediction of a network without a target; with a threshold it has one output, which is a logit if `predicts_logits` returns true.
    pub(crate) fn of_network<T: Scalar>(
        network: &Network<T>,
        threshold: Option<f64>,
        predicts_logits: impl FnOnce() -> Result<bool>,
    ) -> Result<Self> {
        let Some(threshold) = threshold else {
            let adjustment = ExportedAdjustment::default();
            return Ok(ExportedPrediction { link: LinkFunction::Identity, adjustment, form: PredictedForm::Outputs });
        };
        if network.outputs() != 1 {
            return Err(Error::Outputs {
                what: "a decision by threshold",
                expected: network.outputs(),
                found: 1,
                advice: "export several outputs without a threshold".into(),
            });
        }
        let link = if predicts_logits()? { LinkFunction::Sigmoid } else { LinkFunction::Identity };
        let adjustment = ExportedAdjustment::default();
        Ok(ExportedPrediction { link, adjustment, form: PredictedForm::Probability { threshold } })
    }
}

impl PredictedForm<'_> {
    /// The setters of the names of the outputs, with their defaults.
    pub(super) fn outputs(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            PredictedForm::Outputs => &[("output_name", "output")],
            PredictedForm::Probability { .. } => &[("output_name", "probability"), ("decision_name", "decision")],
            PredictedForm::Probabilities { .. } => &[("output_name", "probabilities"), ("decision_name", "decisions")],
            PredictedForm::Class { .. } => {
                &[("output_name", "probabilities"), ("index_name", "index"), ("label_name", "label")]
            }
            PredictedForm::Numbers { .. } => &[("output_name", "prediction")],
        }
    }

    /// The prefix of the names of the inner values.
    fn scope(&self) -> &'static str {
        match self {
            PredictedForm::Probability { .. } => "decision",
            _ => "prediction",
        }
    }
}

/// Declares the outputs of a file after those of its networks, which have `width` columns each.
pub(super) fn write<'g>(
    prediction: &ExportedPrediction<'_>,
    graph: &'g Graph,
    networks: &[Term<'g>],
    names: &GraphNames,
    width: usize,
) {
    let form = &prediction.form;
    graph.enter(form.scope());
    let predicted = networks.iter().map(|outputs| {
        let linked = prediction.link.apply(outputs);
        match form {
            PredictedForm::Numbers { log, columns } => decode(&linked, *log, columns),
            _ => linked,
        }
    });
    let Some(mean) = mean(predicted.collect()) else { return };
    let mean = prediction.adjustment.apply(graph, mean, width);
    let mut outputs = Vec::new();
    match form {
        PredictedForm::Outputs | PredictedForm::Numbers { .. } => outputs.push((mean, width)),
        PredictedForm::Probability { threshold } | PredictedForm::Probabilities { threshold } => {
            let probability = mean.cast(graph.element);
            let decision = probability.greater(*threshold);
            outputs.extend([(probability, width), (decision, width)]);
        }
        PredictedForm::Class { labels } => {
            // The first of the largest, as in the crate.
            let attributes = vec![AttributeProto::int("axis", 1), AttributeProto::int("keepdims", 1)];
            let index = graph.node("ArgMax", &[&mean], attributes, DataType::Int64);
            let label = labels_of(labels, graph).gather(&index);
            outputs.extend([(mean.cast(graph.element), width), (index, 1), (label, 1)]);
        }
    }
    for ((term, columns), name) in outputs.iter().zip(&names.outputs) {
        graph.output(term, name, *columns);
    }
}

impl LinkFunction {
    fn apply<'g>(self, outputs: &Term<'g>) -> Term<'g> {
        match self {
            LinkFunction::Identity => outputs.clone(),
            LinkFunction::Sigmoid => outputs.apply("Sigmoid"),
            LinkFunction::Softmax => outputs.apply_with("Softmax", [AttributeProto::int("axis", -1)]),
        }
    }
}

/// The mean of what several networks predict, in double precision as in the crate.
fn mean(terms: Vec<Term<'_>>) -> Option<Term<'_>> {
    let count = terms.len() as f64;
    let mut terms = terms.into_iter();
    let first = terms.next()?;
    if terms.len() == 0 {
        return Some(first);
    }
    let sum = terms.fold(first.cast(DataType::Double), |sum, term| sum + term.cast(DataType::Double));
    Some(sum / count)
}

/// Learned numbers in the units of their columns, in double precision.
fn decode<'g>(learned: &Term<'g>, log: bool, columns: &[NumberColumn]) -> Term<'g> {
    let row = |of: fn(&NumberColumn) -> f64| {
        let values: Vec<f64> = columns.iter().map(of).collect();
        learned.graph.constant(DataType::Double, &[1, values.len()], &values)
    };
    let mut numbers = learned.cast(DataType::Double);
    if columns.iter().any(|column| (column.mean, column.scale) != (0.0, 1.0)) {
        numbers = numbers * row(|column| column.scale) + row(|column| column.mean);
    }
    if log {
        numbers = numbers.apply("Exp") - 1.0;
    }
    if columns.iter().any(|column| column.range.is_some()) {
        let low = row(|column| column.range.map_or(f64::NEG_INFINITY, |[low, _]| low));
        let high = row(|column| column.range.map_or(f64::INFINITY, |[_, high]| high));
        numbers = numbers.max(low).min(high);
    }
    numbers
}

/// The labels in their order; those of one target are of one type.
fn labels_of<'g>(labels: &[Value], graph: &'g Graph) -> Term<'g> {
    let number = |label: &Value| match label {
        Value::Number(number) => *number,
        Value::Boolean(value) => f64::from(u8::from(*value)),
        Value::String(_) => f64::NAN,
    };
    let numbers = || labels.iter().map(number).collect::<Vec<f64>>();
    match labels.first() {
        Some(Value::Number(_)) => graph.constant(DataType::Double, &[labels.len()], &numbers()),
        Some(Value::Boolean(_)) => graph.constant(DataType::Bool, &[labels.len()], &numbers()),
        _ => graph.strings(labels.iter().map(|label| match label {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })),
    }
}
