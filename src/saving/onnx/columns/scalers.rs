//! Numbers that are scaled, or passed on as they are.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::{Term, concat};
use super::form::{Form, Taken, taken};
use super::missing::{keep_missing, refuse_infinite};
use crate::Result;
use crate::preprocessing::fitted::{FittedRobustScaler, PassedColumns, ScaledColumns, Scaler};
use crate::preprocessing::{FittedMinMaxScaler, FittedStandardScaler};

impl Form for PassedColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        Ok(concat(columns).into_iter().collect())
    }
}

impl Form for ScaledColumns<FittedStandardScaler> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        Ok(standardized(columns, &self.scaler.mean(), &self.scaler.scale(), graph))
    }
}

impl Form for ScaledColumns<FittedRobustScaler> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let (centers, scales): (Vec<f64>, Vec<f64>) =
            self.scaler.columns().iter().map(|column| (column.center, column.scale)).unzip();
        Ok(standardized(columns, &centers, &scales, graph))
    }
}

impl Form for ScaledColumns<FittedMinMaxScaler> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn keeps_missing(&self) -> bool {
        true
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let scaled = |(raw, column): (&Term<'g>, &<FittedMinMaxScaler as Scaler>::Column)| {
            let raw = &if column.clip { refuse_infinite(raw) } else { raw.clone() };
            let (low, high) = column.range;
            let (distance, unit) = centred(raw, &[column.min]);
            let width = if column.min == column.max { 1.0 } else { column.max - column.min };
            let part = match width.is_infinite() {
                true => distance / (column.max * unit - column.min * unit),
                false if unit == 1.0 => distance / width,
                false => distance / width / unit,
            };
            let scaled = part * (high - low) + low;
            if column.clip { keep_missing(raw, scaled.clip(low, high)) } else { scaled }
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(scaled).collect())
    }
}

/// `(x − center)/scale` for each column.
fn standardized<'g>(columns: &[Term<'g>], centers: &[f64], scales: &[f64], graph: &'g Graph) -> Vec<Term<'g>> {
    let scaled = |raw| {
        let (distance, unit) = centred(&raw, centers);
        let scaled = distance / graph.constant(DataType::Double, &[scales.len()], scales);
        if unit == 1.0 { scaled } else { scaled / unit }
    };
    concat(columns).map(scaled).into_iter().collect()
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
