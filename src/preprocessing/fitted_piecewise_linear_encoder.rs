//! A piecewise-linear encoding with known edges.

use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::transformer::{Features, each_of_one, stated};
use super::{Column, FittedTransformer, RowValue, Table};
use crate::Dependence;
use crate::items::argument::plain;
use crate::lists::joined;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The treatment of missing numbers by a [`PiecewiseLinearEncoder`](struct@super::PiecewiseLinearEncoder).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingBins {
    /// Missing in every bin; the matrix of a network refuses it.
    #[default]
    Keep,
    /// 0 in every bin, as for the smallest training value.
    Zeros,
}

plain!(MissingBins);

/// A fitted [`PiecewiseLinearEncoder`](struct@super::PiecewiseLinearEncoder), with the quantiles of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedPiecewiseLinearEncoder {
    pub(crate) columns: Vec<PiecewiseColumn>,
    pub(crate) keep_number: bool,
    pub(crate) extrapolate: bool,
    pub(crate) missing: MissingBins,
}

/// A column with the edges of its bins in ascending order; a single one for a constant column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PiecewiseColumn {
    pub(crate) name: String,
    pub(crate) edges: Vec<f64>,
}

impl PiecewiseColumn {
    pub(crate) fn bins(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    fn names(&self) -> impl Iterator<Item = String> {
        (0..self.bins()).map(|bin| format!("{}_bin{bin}", self.name))
    }
}

impl FittedPiecewiseLinearEncoder {
    /// The edges of a column's bins, a single one for a constant column.
    pub fn edges(&self, column: &str) -> Option<&[f64]> {
        self.columns.iter().find(|known| known.name == column).map(|known| known.edges.as_slice())
    }

    /// The columns without bins, whose training values were all equal.
    pub fn dropped(&self) -> Vec<&str> {
        self.columns.iter().filter(|column| column.bins() == 0).map(|column| column.name.as_str()).collect()
    }

    /// Returns why the edges or column names are invalid, `None` if they are valid.
    pub(super) fn unusable(&self) -> Option<String> {
        let ascend = |edges: &[f64]| edges.windows(2).all(|pair| pair[0] < pair[1]);
        let has_edges = |edges: &[f64]| !edges.is_empty() && edges.iter().all(|edge| edge.is_finite()) && ascend(edges);
        if let Some(column) = self.columns.iter().find(|column| !has_edges(&column.edges)) {
            return Some(format!("the edges of \"{}\" are not finite numbers in ascending order", column.name));
        }
        name_given_twice(&self.outputs()).map(|name| format!("two columns are called \"{name}\""))
    }

    /// The column of a bin.
    fn code(&self, column: &PiecewiseColumn, bin: usize, x: f64) -> f64 {
        if x.is_nan() {
            return if self.missing == MissingBins::Zeros { 0.0 } else { x };
        }
        let (low, high) = (column.edges[bin], column.edges[bin + 1]);
        let (distance, width) = (x - low, high - low);
        let code = match distance.is_finite() && width.is_finite() {
            true => distance / width,
            false => (x / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0),
        };
        let is_open_below = self.extrapolate && bin == 0;
        let is_open_above = self.extrapolate && bin + 1 == column.bins();
        let code = if is_open_below { code } else { code.max(0.0) };
        if is_open_above { code } else { code.min(1.0) }
    }

    /// Each column that is made of a column of the table.
    fn codes(&self, table: &Table, take: &mut dyn FnMut(Vec<f64>) -> Result<()>) -> Result<()> {
        for column in self.columns.iter().filter(|column| self.keep_number || column.bins() > 0) {
            let values = finite_or_missing(table, &column.name)?;
            if self.keep_number {
                take(values.to_vec())?;
            }
            for bin in 0..column.bins() {
                take(values.iter().map(|&x| self.code(column, bin, x)).collect())?;
            }
        }
        Ok(())
    }
}

impl FittedTransformer for FittedPiecewiseLinearEncoder {
    /// The fitted columns, without constant ones, which are dropped.
    fn inputs(&self) -> Vec<&str> {
        let used = self.columns.iter().filter(|column| self.keep_number || column.bins() > 0);
        used.map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let made = |column: &PiecewiseColumn| -> Vec<String> {
            self.keep_number.then(|| column.name.clone()).into_iter().chain(column.names()).collect()
        };
        joined(&self.columns, made)
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let used = self.columns.iter().filter(|column| self.keep_number || column.bins() > 0);
        each_of_one(used.map(|column| usize::from(self.keep_number) + column.bins()))
    }

    fn width(&self) -> usize {
        self.columns.iter().map(|column| usize::from(self.keep_number) + column.bins()).sum()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        self.codes(table, &mut |codes| {
            made.push(Column::Number(codes));
            Ok(())
        })?;
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let is_filled = self.missing == MissingBins::Zeros && !self.keep_number;
        for name in self.inputs() {
            match finite_or_missing(table, name)?.iter().position(|x| x.is_nan()) {
                Some(row) if !is_filled => {
                    return Err(Error::MissingValue { place: table.place(row), column: name.to_owned() });
                }
                _ => {}
            }
        }
        self.codes(table, &mut |codes| features.column(&codes))
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        let used = self.columns.iter().filter(|column| self.keep_number || column.bins() > 0);
        values.iter().zip(used).all(|(value, column)| {
            let Some(x) = value.as_number() else { return false };
            made.extend(self.keep_number.then(|| RowValue::number(x)));
            made.extend((0..column.bins()).map(|bin| RowValue::number(self.code(column, bin, x))));
            true
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for PiecewiseColumn { name, edges } in &self.columns {
            if self.keep_number {
                made.push((name.clone(), table.column(name)?.clone()));
                continue;
            }
            let mut values = vec![edges.first().copied().unwrap_or_default(); table.nrows()];
            for (bin, pair) in edges.windows(2).enumerate() {
                let codes = table.numbers(&format!("{name}_bin{bin}"))?;
                values.iter_mut().zip(codes).for_each(|(value, code)| *value += code * pair[1] - code * pair[0]);
            }
            made.push((name.clone(), Column::Number(values)));
        }
        Ok(table.of_same_rows(made))
    }

    fn state(&self) -> Result<Value> {
        stated("PiecewiseLinearEncoder", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let of = |known: &PiecewiseColumn| {
            let dependence = if known.name == column { Dependence::Increasing } else { Dependence::Independent };
            vec![dependence; usize::from(self.keep_number) + known.bins()]
        };
        joined(&self.columns, of)
    }
}
