//! Bins with known edges.

use super::missing_numbers::finite_or_missing;
use super::transformer::{Features, each_of_one, stated};
use super::{Column, FittedTransformer, Table};
use crate::Dependence;
use crate::categories::boundaries;
use crate::items::argument::plain;
use crate::lists::{joined, try_map};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The encoding of bins by a [`KBinsDiscretizer`](struct@super::KBinsDiscretizer).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BinEncoding {
    /// A column for each bin, 1 if a number is in it and 0 elsewhere.
    #[default]
    OneHot,
    /// The number of the bin, counted from 0.
    Ordinal,
}

plain!(BinEncoding);

/// A fitted [`KBinsDiscretizer`](struct@super::KBinsDiscretizer), with the edges of the bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedKBinsDiscretizer {
    pub(crate) columns: Vec<BinnedByEdges>,
    pub(crate) encode: BinEncoding,
}

/// A column with the edges of its bins: in ascending order, or twice the number of a constant column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BinnedByEdges {
    pub(crate) name: String,
    pub(crate) edges: Vec<f64>,
}

impl BinnedByEdges {
    pub(super) fn has_bins(&self) -> bool {
        let ascend = self.edges.windows(2).all(|pair| pair[0] < pair[1]);
        let is_constant = matches!(self.edges[..], [low, high] if low == high);
        self.edges.len() > 1 && self.edges.iter().all(|edge| edge.is_finite()) && (ascend || is_constant)
    }

    pub(crate) fn bins(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The edges between two bins.
    pub(crate) fn inner_edges(&self) -> &[f64] {
        self.edges.get(1..self.bins()).unwrap_or_default()
    }

    fn bin(&self, x: f64) -> usize {
        boundaries::bin(self.inner_edges(), x)
    }

    /// The number halfway between the edges of a bin.
    fn centre(&self, bin: usize) -> Option<f64> {
        Some(self.edges.get(bin)? / 2.0 + self.edges.get(bin + 1)? / 2.0)
    }

    fn names(&self) -> impl Iterator<Item = String> {
        (0..self.bins()).map(|bin| format!("{}_{bin}", self.name))
    }
}

impl FittedKBinsDiscretizer {
    /// The edges of a column's bins, twice the same for a constant column.
    pub fn bin_edges(&self, column: &str) -> Option<&[f64]> {
        self.columns.iter().find(|known| known.name == column).map(|known| known.edges.as_slice())
    }

    fn is_ordinal(&self) -> bool {
        self.encode == BinEncoding::Ordinal
    }

    /// The bin that each row of a transformed table states, if any.
    fn stated_bins(&self, column: &BinnedByEdges, table: &Table) -> Result<Vec<Option<usize>>> {
        let refused = |row: usize, name: &str, value: String| {
            let place = table.place(row);
            Err(Error::NotANumber { place, column: name.to_owned(), value })
        };
        if self.is_ordinal() {
            let bin = |(row, x): (usize, &f64)| match x {
                x if x.is_nan() => Ok(None),
                x if *x >= 0.0 && *x < column.bins() as f64 => Ok(Some(*x as usize)),
                x => refused(row, &column.name, format!("{x} (it must be a bin, from 0 to {})", column.bins() - 1)),
            };
            return table.numbers(&column.name)?.iter().enumerate().map(bin).collect();
        }
        let names: Vec<String> = column.names().collect();
        let ones = try_map(names.iter(), |name| table.numbers(name))?;
        let bin = |row: usize| {
            if ones.iter().any(|values| values[row].is_nan()) {
                return Ok(None);
            }
            let mut found = (0, 0.0);
            for (bin, values) in ones.iter().enumerate() {
                if values[row] > found.1 {
                    found = (bin, values[row]);
                }
            }
            match found.1 > 0.0 {
                true => Ok(Some(found.0)),
                false => refused(row, &names.join(", "), "0 in each (one must be 1)".into()),
            }
        };
        (0..table.nrows()).map(bin).collect()
    }
}

impl FittedTransformer for FittedKBinsDiscretizer {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        match self.is_ordinal() {
            true => self.columns.iter().map(|column| column.name.clone()).collect(),
            false => joined(&self.columns, |column| column.names().collect()),
        }
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        each_of_one(self.columns.iter().map(|column| if self.is_ordinal() { 1 } else { column.bins() }))
    }

    fn width(&self) -> usize {
        if self.is_ordinal() { self.columns.len() } else { self.columns.iter().map(BinnedByEdges::bins).sum() }
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for column in &self.columns {
            let values = finite_or_missing(table, &column.name)?;
            let of_each = |made: &dyn Fn(usize) -> f64| {
                Column::Number(values.iter().map(|&x| if x.is_nan() { x } else { made(column.bin(x)) }).collect())
            };
            match self.is_ordinal() {
                true => made.push(of_each(&|bin| bin as f64)),
                false => made.extend((0..column.bins()).map(|of| of_each(&|bin| f64::from(u8::from(bin == of))))),
            }
        }
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().try_for_each(|column| {
            table.complete_numbers(&column.name)?;
            let values = finite_or_missing(table, &column.name)?;
            let bins = values.iter().map(|&x| column.bin(x));
            match self.is_ordinal() {
                true => features.numbers(bins.map(|bin| bin as f64)),
                false => features.indicators(column.bins(), bins.map(Some)),
            }
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for column in &self.columns {
            let bins = self.stated_bins(column, table)?;
            let centre = |bin: Option<usize>| bin.and_then(|bin| column.centre(bin)).unwrap_or(f64::NAN);
            made.push((column.name.clone(), Column::Number(bins.into_iter().map(centre).collect())));
        }
        Ok(table.of_same_rows(made))
    }

    fn state(&self) -> Result<Value> {
        stated("KBinsDiscretizer", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let of = |known: &BinnedByEdges| match (known.name == column, self.is_ordinal()) {
            (false, true) => vec![Dependence::Independent],
            (true, true) => vec![Dependence::Increasing],
            (false, false) => vec![Dependence::Independent; known.bins()],
            (true, false) => vec![Dependence::Unknown; known.bins()],
        };
        joined(&self.columns, of)
    }
}
