//! Numbers that are scaled, or passed on as they are.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::{Term, concat};
use super::form::{Form, Taken, taken};
use crate::Result;
use crate::preprocessing::fitted::{PassedColumns, ScaledColumns, Scaler};
use crate::preprocessing::{FittedMinMaxScaler, FittedStandardScaler};

impl Form for PassedColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        Ok(concat(&present(columns)).into_iter().collect())
    }
}

impl Form for ScaledColumns<FittedStandardScaler> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let (means, scales) = (self.scaler.mean(), self.scaler.scale());
        let scaled = |raw| {
            let (distance, unit) = centred(&raw, &means);
            let scaled = distance / graph.constant(DataType::Double, &[scales.len()], &scales);
            if unit == 1.0 { scaled } else { scaled / unit }
        };
        Ok(concat(&present(columns)).map(scaled).into_iter().collect())
    }
}

impl Form for ScaledColumns<FittedMinMaxScaler> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let scaled = |(raw, column): (&Term<'g>, &<FittedMinMaxScaler as Scaler>::Column)| {
            let (low, high) = column.range;
            let (distance, unit) = centred(&refuse_missing(raw), &[column.min]);
            let width = if column.min == column.max { 1.0 } else { column.max - column.min };
            let part = match width.is_infinite() {
                true => distance / (column.max * unit - column.min * unit),
                false if unit == 1.0 => distance / width,
                false => distance / width / unit,
            };
            let scaled = part * (high - low) + low;
            if column.clip { scaled.clip(low, high) } else { scaled }
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(scaled).collect())
    }
}

fn present<'g>(columns: &[Term<'g>]) -> Vec<Term<'g>> {
    columns.iter().map(refuse_missing).collect()
}

/// The numbers of a column, none of which is missing or infinite.
///
/// A network may make anything of a NaN, and a comparison with one is false, which would be a decision. So a number that a
/// record lacks stops the runtime as an unknown category does: its place is one behind the end of a table.
fn refuse_missing<'g>(raw: &Term<'g>) -> Term<'g> {
    let place = (raw * 0.0).apply_kind("IsNaN", DataType::Bool).cast(DataType::Int64);
    raw * raw.graph.constant(raw.kind, &[1], &[1.0]).gather(&place)
}

/// `unit·(raw − center)` and the unit: a half where the difference could exceed `f64`, 1 otherwise.
fn centred<'g>(raw: &Term<'g>, centers: &[f64]) -> (Term<'g>, f64) {
    let row = |centers: &[f64]| raw.graph.constant(DataType::Double, &[centers.len()], centers);
    if centers.iter().all(|center| center.abs() < 1e290) {
        return (raw - row(centers), 1.0);
    }
    let halves: Vec<f64> = centers.iter().map(|center| center / 2.0).collect();
    (raw * 0.5 - row(&halves), 0.5)
}
