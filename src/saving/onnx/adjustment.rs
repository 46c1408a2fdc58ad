//! Calibration and prior correction as operators, in double precision as in the crate.

use super::graph::Graph;
use super::proto::{AttributeProto, DataType};
use super::term::{Term, concat};

/// The adjustment of the networks' probabilities.
#[derive(Default)]
pub(crate) struct ExportedAdjustment {
    /// One map for each column; a single one for classes with a temperature, and for two columns, where it is that of the second.
    pub(crate) maps: Vec<ProbabilityMap>,
    /// Whether the probabilities of a row sum to 1.
    pub(crate) exclusive: bool,
    /// The factors of the classes' probabilities, which are then divided by their sum; empty without a correction.
    pub(crate) prior: Vec<f64>,
    /// The distance from 0 and 1 within which probabilities are taken as that far.
    pub(crate) clip: f64,
}

/// A monotone function of a probability.
pub(crate) enum ProbabilityMap {
    /// `σ(slope·ln(p/(1−p)) + intercept)`.
    LogOdds { slope: f64, intercept: f64 },
    /// `softmax(factor·ln p)` of all classes.
    Softmax { factor: f64 },
    /// Linear between places, constant beyond them.
    Pieces { places: Vec<f64>, values: Vec<f64> },
}

impl ExportedAdjustment {
    /// Adjusted probabilities of this many columns.
    pub(super) fn apply<'g>(&self, graph: &'g Graph, probabilities: Term<'g>, width: usize) -> Term<'g> {
        if self.maps.is_empty() && self.prior.is_empty() {
            return probabilities;
        }
        let mut p = probabilities.cast(DataType::Double);
        match &self.maps[..] {
            [] => {}
            [ProbabilityMap::Softmax { factor }] => {
                let logits = p.max(self.clip).apply("Log") * *factor;
                p = logits.apply_with("Softmax", [AttributeProto::int("axis", -1)]);
            }
            // Of two columns that sum to 1 the second is calibrated.
            [map] if width == 2 => {
                let second = self.mapped(map, &column(graph, &p, 1));
                let first = graph.constant(DataType::Double, &[], &[1.0]) - &second;
                p = concat(&[first, second]).unwrap_or(p);
            }
            maps => {
                let columns: Vec<Term<'g>> = match maps {
                    [map] => vec![self.mapped(map, &p)],
                    _ => maps.iter().enumerate().map(|(at, map)| self.mapped(map, &column(graph, &p, at))).collect(),
                };
                p = concat(&columns).unwrap_or(p);
                if self.exclusive {
                    let sum = p.sum(1, true);
                    let uniform = graph.constant(DataType::Double, &[1, width], &vec![1.0 / width as f64; width]);
                    p = sum.equal(0.0).choose(&uniform, p / &sum);
                }
            }
        }
        match self.prior[..] {
            [] => p,
            [negative, positive] if width == 1 => {
                let others = (graph.constant(DataType::Double, &[], &[1.0]) - &p) * negative;
                let weighted = p * positive;
                &weighted / (&weighted + others)
            }
            _ => {
                let weighted = p * graph.constant(DataType::Double, &[1, self.prior.len()], &self.prior);
                let sum = weighted.sum(1, true);
                weighted / sum
            }
        }
    }

    /// A function of one column of probabilities.
    fn mapped<'g>(&self, map: &ProbabilityMap, p: &Term<'g>) -> Term<'g> {
        let graph = p.graph;
        match map {
            ProbabilityMap::LogOdds { slope, intercept } => {
                let p = p.clip(self.clip, 1.0 - self.clip);
                let others = graph.constant(DataType::Double, &[], &[1.0]) - &p;
                ((p / others).apply("Log") * *slope + *intercept).apply("Sigmoid")
            }
            ProbabilityMap::Softmax { .. } => p.clone(),
            ProbabilityMap::Pieces { places, values } => {
                let (count, last) = (places.len(), places.len().saturating_sub(1));
                let table = |of: &dyn Fn(usize) -> f64| {
                    let numbers: Vec<f64> = (0..count).map(of).collect();
                    graph.constant(DataType::Double, &[count], &numbers)
                };
                let step = |numbers: &[f64], at: usize| numbers[(at + 1).min(last)] - numbers[at];
                // Behind the last place nothing is added, whatever it is divided by.
                let width = |at: usize| if at < last { step(places, at) } else { 1.0 };
                let p = p.clip(places[0], places[last]);
                let reached = p.greater_or_equal(graph.constant(DataType::Double, &[1, count], places));
                let at = (reached.cast(DataType::Double).sum(1, true) - 1.0).cast(DataType::Int64);
                let part = (p - table(&|at| places[at]).gather(&at)) / table(&width).gather(&at);
                table(&|at| values[at]).gather(&at) + table(&|at| step(values, at)).gather(&at) * part
            }
        }
    }
}

/// Selects one column of several.
fn column<'g>(graph: &'g Graph, p: &Term<'g>, at: usize) -> Term<'g> {
    let at = graph.integers(&[at as i64]);
    graph.node("Gather", &[p, &at], vec![AttributeProto::int("axis", 1)], p.kind)
}
