//! A scaler or encoder on columns of a table, before and after the fit.

use serde::{Deserialize, Serialize};

use super::encoded_features::EncodedFeatures;
use super::hashing::HashedAs;
use super::{
    FittedMinMaxScaler, FittedOneHotEncoder, FittedStandardScaler, Hashing, MinMaxScaler, OneHotEncoder,
    StandardScaler, StringLookup, Table,
};
use crate::error::{Error, Result};
use crate::scalar::Scalar;
use crate::statistics::{Extremes, Moments};

/// One way to transform columns; scalers and encoders convert into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Transformer {
    /// See [`StandardScaler`].
    StandardScaler(StandardScaler),
    /// See [`MinMaxScaler`].
    MinMaxScaler(MinMaxScaler),
    /// See [`OneHotEncoder`].
    OneHotEncoder(OneHotEncoder),
    /// See [`StringLookup`]; it adapts to the rows of the fit unless it was given a vocabulary.
    StringLookup(StringLookup),
    /// See [`Hashing`].
    Hashing(Hashing),
    /// The numbers as they are.
    Passthrough,
}

impl From<StandardScaler> for Transformer {
    fn from(scaler: StandardScaler) -> Transformer {
        Transformer::StandardScaler(scaler)
    }
}

impl From<MinMaxScaler> for Transformer {
    fn from(scaler: MinMaxScaler) -> Transformer {
        Transformer::MinMaxScaler(scaler)
    }
}

impl From<OneHotEncoder> for Transformer {
    fn from(encoder: OneHotEncoder) -> Transformer {
        Transformer::OneHotEncoder(encoder)
    }
}

impl From<StringLookup> for Transformer {
    fn from(lookup: StringLookup) -> Transformer {
        Transformer::StringLookup(lookup)
    }
}

impl From<Hashing> for Transformer {
    fn from(hashing: Hashing) -> Transformer {
        Transformer::Hashing(hashing)
    }
}

/// A transformer on its columns, with what it learned of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum FittedStep {
    StandardScaler {
        columns: Vec<String>,
        scaler: FittedStandardScaler,
    },
    MinMaxScaler {
        columns: Vec<String>,
        scaler: FittedMinMaxScaler,
    },
    OneHotEncoder {
        encoder: FittedOneHotEncoder,
    },
    StringLookup {
        columns: Vec<String>,
        lookup: StringLookup,
    },
    Hashing {
        columns: Vec<String>,
        hashing: Hashing,
        /// What each column was hashed as at the fit.
        #[serde(default)]
        hashed_as: Vec<HashedAs>,
    },
    Passthrough {
        columns: Vec<String>,
    },
    Features(EncodedFeatures),
}

impl FittedStep {
    pub(super) fn fit(transformer: &Transformer, columns: &[String], table: &Table) -> Result<FittedStep> {
        Ok(match transformer {
            Transformer::StandardScaler(scaler) => {
                let found = finite_numbers(columns, table)?;
                let scaler = scaler.fitted(found.iter().map(|values| Moments::of(values.iter().copied())));
                FittedStep::StandardScaler { columns: columns.to_vec(), scaler }
            }
            Transformer::MinMaxScaler(scaler) => {
                let found = finite_numbers(columns, table)?;
                let scaler = scaler.fitted(found.iter().map(|values| Extremes::of(values.iter().copied())))?;
                FittedStep::MinMaxScaler { columns: columns.to_vec(), scaler }
            }
            Transformer::OneHotEncoder(encoder) => FittedStep::OneHotEncoder { encoder: encoder.fit(table, columns)? },
            Transformer::StringLookup(lookup) => {
                let lookup = lookup.clone().adapted(table, columns)?;
                FittedStep::StringLookup { columns: columns.to_vec(), lookup }
            }
            Transformer::Hashing(hashing) => {
                hashing.transform::<f64>(table, columns)?;
                let hashed_as = columns.iter().map(|name| Ok(HashedAs::of(table.column(name)?)));
                let hashed_as = hashed_as.collect::<Result<Vec<_>>>()?;
                FittedStep::Hashing { columns: columns.to_vec(), hashing: hashing.clone(), hashed_as }
            }
            Transformer::Passthrough => {
                finite_numbers(columns, table)?;
                FittedStep::Passthrough { columns: columns.to_vec() }
            }
        })
    }

    /// How many columns come of it; an error where its parts do not fit together.
    pub(super) fn width(&self) -> Result<usize> {
        let (columns, fits) = match self {
            FittedStep::OneHotEncoder { encoder } => return Ok(encoder.width()),
            FittedStep::StringLookup { columns, lookup } => return lookup.width(columns.len()),
            FittedStep::Hashing { columns, hashing, .. } => return hashing.width(columns.len()),
            FittedStep::StandardScaler { columns, scaler } => (columns, scaler.fits(columns.len())),
            FittedStep::MinMaxScaler { columns, scaler } => (columns, scaler.fits(columns.len())),
            FittedStep::Passthrough { columns } => (columns, true),
            FittedStep::Features(features) if features.fits() => return Ok(features.width()),
            FittedStep::Features(_) => {
                let reason = "a cross has no bins, or names a feature that it does not have".into();
                return Err(Error::Configuration { item: "a FeatureSpace".into(), reason });
            }
        };
        match fits {
            true => Ok(columns.len()),
            false => Err(Error::Configuration {
                item: "a scaler".into(),
                reason: format!("it has no figures that could scale {}", columns.join(", ")),
            }),
        }
    }

    pub(super) fn inputs(&self) -> Vec<&str> {
        match self {
            FittedStep::OneHotEncoder { encoder } => encoder.inputs().collect(),
            FittedStep::Features(features) => features.inputs().collect(),
            FittedStep::StandardScaler { columns, .. }
            | FittedStep::MinMaxScaler { columns, .. }
            | FittedStep::StringLookup { columns, .. }
            | FittedStep::Hashing { columns, .. }
            | FittedStep::Passthrough { columns } => columns.iter().map(String::as_str).collect(),
        }
    }

    /// Appends the transformed columns one after another and returns how many they are.
    pub(super) fn append<T: Scalar>(&self, table: &Table, data: &mut Vec<T>) -> Result<usize> {
        let mut width = 0;
        let mut push = |name: &str, value: &dyn Fn(f64) -> f64| {
            data.extend(table.complete_numbers(name)?.iter().map(|&x| T::of(value(x))));
            width += 1;
            Ok(())
        };
        match self {
            FittedStep::StandardScaler { columns, scaler } => {
                let mut pairs = columns.iter().zip(&scaler.columns);
                pairs.try_for_each(|(name, figures)| push(name, &|x| figures.apply(x)))?;
            }
            FittedStep::MinMaxScaler { columns, scaler } => {
                let mut pairs = columns.iter().zip(&scaler.columns);
                pairs.try_for_each(|(name, figures)| push(name, &|x| figures.apply(x)))?;
            }
            FittedStep::Passthrough { columns } => columns.iter().try_for_each(|name| push(name, &|x| x))?,
            FittedStep::OneHotEncoder { encoder } => width = encoder.append(table, data)?,
            FittedStep::Features(features) => width = features.append(table, data)?,
            FittedStep::StringLookup { columns, lookup } => {
                let found = lookup.transform::<T>(table, columns)?;
                data.extend_from_slice(found.as_slice());
                width = found.ncols();
            }
            FittedStep::Hashing { columns, hashing, hashed_as } => {
                let known = |(index, name): (usize, &String)| {
                    let hashed_as = match hashed_as.get(index) {
                        Some(&hashed_as) => hashed_as,
                        None => HashedAs::of(table.column(name)?),
                    };
                    hashed_as.check(table, name)?;
                    Ok((name.clone(), hashed_as))
                };
                let columns = columns.iter().enumerate().map(known).collect::<Result<Vec<_>>>()?;
                let found = hashing.transform_as::<T>(table, columns)?;
                data.extend_from_slice(found.as_slice());
                width = found.ncols();
            }
        }
        Ok(width)
    }
}

fn finite_numbers<'a>(columns: &[String], table: &'a Table) -> Result<Vec<&'a [f64]>> {
    let of_column = |(column, name): (usize, &String)| {
        let values = table.complete_numbers(name)?;
        match values.iter().position(|value| value.is_infinite()) {
            Some(row) => Err(Error::NotFinite { what: "the transformer's columns", row, column, value: values[row] }),
            None => Ok(values),
        }
    };
    columns.iter().enumerate().map(of_column).collect()
}
