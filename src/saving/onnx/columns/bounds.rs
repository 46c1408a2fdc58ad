//! Numbers within bounds.

use super::super::graph::Graph;
use super::super::term::Term;
use super::form::{Form, Taken, taken};
use super::missing::{keep_missing, refuse_infinite};
use crate::Result;
use crate::preprocessing::fitted::{Bounds, FittedClip, FittedSmoothClip, ScaledColumns, Scaler};

impl Form for ScaledColumns<FittedClip> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let clipped = |(raw, column): (&Term<'g>, &Bounds)| {
            let raw = refuse_infinite(raw);
            keep_missing(&raw, raw.clip(column.low, column.high))
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(clipped).collect())
    }

    fn keeps_missing(&self) -> bool {
        true
    }
}

impl Form for ScaledColumns<FittedSmoothClip> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let clipped = |(raw, limit): (&Term<'g>, &f64)| {
            let raw = refuse_infinite(raw);
            let (part, magnitude) = (&raw / *limit, raw.apply("Abs"));
            let inverse = graph.constant(raw.kind, &[], &[1.0]) / &part;
            // No square exceeds the range of numbers.
            let outside = &raw / &magnitude * *limit / (&inverse * &inverse + 1.0).sqrt();
            let inside = &raw / (&part * &part + 1.0).sqrt();
            let bounded = magnitude.greater(*limit).choose(&outside, inside);
            keep_missing(&raw, bounded.clip(-limit.next_down(), limit.next_down()))
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(clipped).collect())
    }

    fn keeps_missing(&self) -> bool {
        true
    }
}
