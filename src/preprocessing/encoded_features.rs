//! What a feature space has learned.

use super::feature::{Feature, Kind};
use super::hashing::HashedAs;
use super::transformer::{Features, stated, table_of};
use super::{Column, FittedTransformer, Hashing, StringLookup, Table};
use crate::categories::{Lookup, OutputMode, Special, cross};
use crate::layers::{Discretization, IntegerLookup};
use crate::spec::Spec;
use crate::statistics::{Moments, standardize, unstandardize};
use crate::{Error, Result};
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// The least deviation that is divided by, as in Keras.
const SMALLEST_DEVIATION: f64 = 1e-7;

/// Features in the order of their columns, then crosses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EncodedFeatures {
    pub(super) features: Vec<Encoded>,
    pub(super) crosses: Vec<Cross>,
}

/// One feature with what it has learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Encoded {
    pub(super) column: String,
    plain_index: bool,
    encoder: Encoder,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Encoder {
    Float,
    Normalized { mean: f64, deviation: f64 },
    Rescaled { scale: f64, offset: f64 },
    Discretized { boundaries: Vec<f64> },
    Integers { vocabulary: Vec<i64>, num_oov_indices: usize },
    Texts(StringLookup),
    Hashed { num_bins: usize, text: bool },
}

/// Combinations of features by their hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cross {
    pub(super) columns: Vec<String>,
    pub(super) bins: usize,
}

impl Cross {
    pub(super) fn name(&self) -> String {
        self.columns.join("_X_")
    }
}

/// The numbers of a column as whole numbers.
fn integers(table: &Table, column: &str) -> Result<Vec<i64>> {
    let whole = |(row, value): (usize, &f64)| {
        // Above 2⁵³ not every whole number has a representation.
        if value.fract() == 0.0 && value.abs() <= 9.0e15 {
            return Ok(*value as i64);
        }
        let value = format!("{value} (it must be a whole number)");
        Err(Error::NotANumber { place: table.place(row), column: column.into(), value })
    };
    table.complete_numbers(column)?.iter().enumerate().map(whole).collect()
}

/// The numbers of a column, all finite.
fn finite(table: &Table, column: &str) -> Result<DVector<f64>> {
    let values = table.complete_numbers(column)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => Err(Error::NotFinite { what: "a feature's column", row, column: 0, value: values[row] }),
        None => Ok(DVector::from_column_slice(values)),
    }
}

impl Encoded {
    /// Learns what the feature needs; `dims` are the default bins of discretized and of hashed features.
    pub(super) fn learn(column: &str, feature: &Feature, dims: (usize, usize), table: &Table) -> Result<Self> {
        let kind = feature.kind()?;
        let bins = |default: usize| match feature.num_bins.unwrap_or(default) {
            0 => Err(feature.refused("num_bins", "0".into(), "at least 1")),
            bins => Ok(bins),
        };
        let places = feature.num_oov_indices.unwrap_or(1);
        let encoder = match kind {
            Kind::Float => Encoder::Float,
            Kind::FloatNormalized => {
                let moments = Moments::of(finite(table, column)?.iter().copied());
                // Of a constant column 1, as the layer Normalization has it.
                let deviation =
                    if moments.is_constant() { 1.0 } else { moments.deviation(0.0).max(SMALLEST_DEVIATION) };
                Encoder::Normalized { mean: moments.mean(), deviation }
            }
            Kind::FloatRescaled => {
                let (scale, offset) = (feature.scale.unwrap_or(1.0), feature.offset.unwrap_or(0.0));
                if !(scale.is_finite() && offset.is_finite()) {
                    return Err(feature.refused("scale, offset", format!("{scale}, {offset}"), "finite numbers"));
                }
                Encoder::Rescaled { scale, offset }
            }
            Kind::FloatDiscretized => {
                Encoder::Discretized { boundaries: boundaries(feature, bins(dims.0)?, table, column)? }
            }
            Kind::IntegerCategorical => {
                let numbers = integers(table, column)?.into_iter().map(|number| number as f64);
                let mut lookup = IntegerLookup::new().num_oov_indices(places);
                if let Some(most) = feature.max_tokens {
                    lookup = lookup.max_tokens(most);
                }
                let vocabulary = lookup.adapt(&DVector::from_iterator(table.nrows(), numbers))?.get_vocabulary()?;
                Encoder::Integers {
                    vocabulary: vocabulary[places.min(vocabulary.len())..].to_vec(),
                    num_oov_indices: places,
                }
            }
            Kind::StringCategorical => {
                let mut lookup = StringLookup::new().num_oov_indices(places);
                if let Some(most) = feature.max_tokens {
                    lookup = lookup.max_tokens(most);
                }
                Encoder::Texts(lookup.adapt(table, [column])?)
            }
            Kind::IntegerHashed => Encoder::Hashed { num_bins: bins(dims.1)?, text: false },
            Kind::StringHashed => Encoder::Hashed { num_bins: bins(dims.1)?, text: true },
        };
        let encoded = Encoded { column: column.into(), plain_index: feature.plain_index(), encoder };
        // What only a transformation would find wrong is told now.
        encoded.write(table, &mut Features::of(&mut Vec::<f64>::new(), table.nrows())?)?;
        Ok(encoded)
    }

    /// Whether it yields a bin or an index, which can be crossed.
    pub(super) fn has_indices(&self) -> bool {
        !matches!(self.encoder, Encoder::Float | Encoder::Normalized { .. } | Encoder::Rescaled { .. })
    }

    /// How many bins or indices there are.
    fn depth(&self) -> usize {
        match &self.encoder {
            Encoder::Discretized { boundaries } => boundaries.len() + 1,
            Encoder::Integers { vocabulary, num_oov_indices } => vocabulary.len().saturating_add(*num_oov_indices),
            Encoder::Texts(lookup) => lookup.get_vocabulary().map_or(0, |vocabulary| vocabulary.len()),
            Encoder::Hashed { num_bins, .. } => *num_bins,
            _ => 1,
        }
    }

    /// The bin or index of every row.
    fn indices(&self, table: &Table) -> Result<Vec<usize>> {
        let column = self.column.as_str();
        let of_matrix = |found: DMatrix<f64>| found.iter().map(|index| *index as usize).collect();
        match &self.encoder {
            Encoder::Discretized { boundaries } => {
                let bin = |value: &f64| boundaries.partition_point(|boundary| boundary <= value);
                Ok(table.complete_numbers(column)?.iter().map(bin).collect())
            }
            Encoder::Integers { vocabulary, num_oov_indices } => {
                let special = Special {
                    mask_token: None,
                    oov_token: -1,
                    num_oov_indices: *num_oov_indices,
                    max_tokens: None,
                    output_mode: OutputMode::Int,
                    invert: false,
                };
                let lookup = Lookup::new(special, vocabulary);
                let index = |(row, number): (usize, i64)| {
                    let place = || number.rem_euclid((*num_oov_indices).max(1) as i64) as usize;
                    lookup.index(&number, place).ok_or_else(|| Error::UnknownCategory {
                        place: table.place(row),
                        column: column.into(),
                        value: number.to_string(),
                        known: vocabulary.iter().map(ToString::to_string).collect(),
                    })
                };
                integers(table, column)?.into_iter().enumerate().map(index).collect()
            }
            Encoder::Texts(lookup) => Ok(of_matrix(lookup.transform(table, [column])?)),
            Encoder::Hashed { num_bins, text } => {
                match (table.column(column)?, text) {
                    (Column::Number(_) | Column::Boolean(_), false) => integers(table, column).map(drop)?,
                    (Column::Text(_), true) => {}
                    // A record's numbers are spelled as they are.
                    (_, true) if table.is_record() => {}
                    (other, _) => {
                        let expected = match text {
                            true => format!("text; read it with CsvOptions::new().text([\"{column}\"])"),
                            false => "whole numbers".into(),
                        };
                        return Err(Error::ColumnType { column: column.into(), expected, found: other.kind() });
                    }
                }
                let hashed_as = if *text { HashedAs::Text } else { HashedAs::Numbers };
                Ok(of_matrix(Hashing::new(*num_bins).transform_as(table, [(column, hashed_as)])?))
            }
            _ => Ok(vec![0; table.nrows()]),
        }
    }

    /// Writes its columns one after another.
    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let numbers = || Ok(table.complete_numbers(&self.column)?.iter().copied());
        match &self.encoder {
            Encoder::Float => features.numbers(numbers()?),
            Encoder::Normalized { mean, deviation } => {
                features.numbers(numbers()?.map(|x| standardize(x, *mean, *deviation)))
            }
            Encoder::Rescaled { scale, offset } => {
                features.numbers(numbers()?.map(|x| unstandardize(x, *offset, *scale)))
            }
            _ => {
                let indices = self.indices(table)?;
                match self.plain_index {
                    true => features.numbers(indices.into_iter().map(|index| index as f64)),
                    false => features.indicators(self.depth(), indices.into_iter().map(Some)),
                }
            }
        }
    }

    /// How many columns come of it, of which there may be more than names would fit into memory.
    fn width(&self) -> usize {
        match &self.encoder {
            Encoder::Float | Encoder::Normalized { .. } | Encoder::Rescaled { .. } => 1,
            _ if self.plain_index => 1,
            _ => self.depth(),
        }
    }

    fn names(&self) -> Vec<String> {
        let labels: Vec<String> = match &self.encoder {
            _ if self.plain_index => return vec![self.column.clone()],
            Encoder::Float | Encoder::Normalized { .. } | Encoder::Rescaled { .. } => return vec![self.column.clone()],
            Encoder::Texts(lookup) => {
                let lookup = lookup.clone().output_mode(OutputMode::OneHot);
                return lookup.names(std::slice::from_ref(&self.column));
            }
            Encoder::Integers { vocabulary, num_oov_indices } => {
                let unknown = |place: usize| match num_oov_indices {
                    1 => "[UNK]".to_string(),
                    _ => format!("[UNK]_{place}"),
                };
                (0..*num_oov_indices).map(unknown).chain(vocabulary.iter().map(i64::to_string)).collect()
            }
            _ => (0..self.depth()).map(|bin| bin.to_string()).collect(),
        };
        labels.into_iter().map(|label| format!("{}_{label}", self.column)).collect()
    }
}

/// Given boundaries, or those learned for a number of bins.
fn boundaries(feature: &Feature, bins: usize, table: &Table, column: &str) -> Result<Vec<f64>> {
    if let Some(boundaries) = &feature.bin_boundaries {
        let layer = Discretization::new().bin_boundaries(boundaries.as_slice());
        layer.check()?;
        return Ok(boundaries.clone());
    }
    let layer = Discretization::new().num_bins(bins).adapt(&finite(table, column)?)?;
    let learned = layer.config()?["bin_boundaries"].as_array().cloned().unwrap_or_default();
    Ok(learned.iter().filter_map(serde_json::Value::as_f64).collect())
}

impl EncodedFeatures {
    /// Whether every cross is one of its features, after it was read from a file.
    pub(super) fn fits(&self) -> bool {
        let has = |name: &String| self.features.iter().any(|feature| feature.column == *name);
        let bins = |feature: &Encoded| !matches!(feature.encoder, Encoder::Hashed { num_bins: 0, .. });
        self.features.iter().all(bins)
            && self.crosses.iter().all(|cross| cross.bins > 0 && cross.columns.iter().all(has))
    }
}

impl FittedTransformer for EncodedFeatures {
    fn inputs(&self) -> Vec<&str> {
        self.features.iter().map(|feature| feature.column.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let of_cross =
            |cross: &Cross| -> Vec<String> { (0..cross.bins).map(|bin| format!("{}_{bin}", cross.name())).collect() };
        self.features.iter().flat_map(Encoded::names).chain(self.crosses.iter().flat_map(of_cross)).collect()
    }

    fn width(&self) -> usize {
        let features = self.features.iter().map(Encoded::width);
        features.chain(self.crosses.iter().map(|cross| cross.bins)).fold(0, usize::saturating_add)
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.features.iter().try_for_each(|feature| feature.write(table, features))?;
        for crossed in &self.crosses {
            let of = |name: &String| self.features.iter().find(|feature| feature.column == *name);
            let parts = crossed.columns.iter().filter_map(of).map(|feature| feature.indices(table));
            let parts = parts.collect::<Result<Vec<_>>>()?;
            let bin = |row: usize| Some(cross(parts.iter().map(|part| part[row]), crossed.bins));
            features.indicators(crossed.bins, (0..table.nrows()).map(bin))?;
        }
        Ok(())
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("FeatureSpace", self)
    }
}
