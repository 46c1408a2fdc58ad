//! Numbers as bins, and as their places within bins.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken, taken};
use super::missing::{keep_missing, refuse_infinite};
use crate::Result;
use crate::preprocessing::{
    BinEncoding, FittedKBinsDiscretizer, FittedPiecewiseLinearEncoder, FittedTransformer, MissingBins,
};

impl Form for FittedKBinsDiscretizer {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>(), false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let mut made = Vec::new();
        for (raw, column) in columns.iter().zip(&self.columns) {
            let raw = refuse_infinite(raw);
            let edges = column.inner_edges();
            let bin = match edges.is_empty() {
                true => &raw * 0.0,
                false => {
                    let edges = graph.constant(DataType::Double, &[1, edges.len()], edges);
                    raw.greater_or_equal(edges).cast(DataType::Double).sum(1, true)
                }
            };
            made.push(match self.encode {
                BinEncoding::Ordinal => keep_missing(&raw, bin),
                BinEncoding::OneHot => {
                    let bins: Vec<f64> = (0..column.bins()).map(|bin| bin as f64).collect();
                    let bins = graph.constant(DataType::Double, &[1, bins.len()], &bins);
                    keep_missing(&raw, bin.equal(bins).cast(DataType::Double))
                }
            });
        }
        Ok(made)
    }
}

impl Form for FittedPiecewiseLinearEncoder {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.inputs().into_iter().map(str::to_owned).collect::<Vec<_>>(), false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let mut made = Vec::new();
        let used = self.columns.iter().filter(|column| self.keep_number || column.bins() > 0);
        for (raw, column) in columns.iter().zip(used) {
            let raw = refuse_infinite(raw);
            if self.keep_number {
                made.push(raw.clone());
            }
            if column.bins() == 0 {
                continue;
            }
            // The smallest edge is 0 in every bin, as a missing number is to be.
            let x = match self.missing {
                MissingBins::Keep => raw.clone(),
                MissingBins::Zeros => {
                    let lowest = graph.constant(DataType::Double, &[], &column.edges[..1]);
                    raw.apply_kind("IsNaN", DataType::Bool).choose(&lowest, &raw)
                }
            };
            let row = |values: &[f64]| graph.constant(DataType::Double, &[1, values.len()], values);
            let (lows, highs) = (&column.edges[..column.bins()], &column.edges[1..]);
            // Halves where differences could exceed f64.
            let is_huge = column.edges.iter().any(|edge| edge.abs() > 1e290);
            let unit = if is_huge { 0.5 } else { 1.0 };
            let scaled: Vec<f64> = lows.iter().map(|low| low * unit).collect();
            let widths: Vec<f64> = lows.iter().zip(highs).map(|(low, high)| high * unit - low * unit).collect();
            let numbers = if is_huge { &x * unit } else { x.clone() };
            let codes = (numbers - row(&scaled)) / row(&widths);
            made.push(keep_missing(&x, self.clamped(&codes, column.bins(), graph)));
        }
        Ok(made)
    }
}

impl FittedPiecewiseLinearEncoder {
    /// Codes from 0 to 1, the outer ones without one of the bounds where they extrapolate.
    fn clamped<'g>(&self, codes: &Term<'g>, bins: usize, graph: &'g Graph) -> Term<'g> {
        if !self.extrapolate {
            return codes.clip(0.0, 1.0);
        }
        let bounds = |outer: usize, inside: f64, outside: f64| {
            let values: Vec<f64> = (0..bins).map(|bin| if bin == outer { outside } else { inside }).collect();
            graph.constant(DataType::Double, &[1, bins], &values)
        };
        codes.max(bounds(0, 0.0, f64::MIN)).min(bounds(bins - 1, 1.0, f64::MAX))
    }
}
