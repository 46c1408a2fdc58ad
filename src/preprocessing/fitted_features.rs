//! What a feature space has learned: a fitted transformer for each feature, and for each part of a cross.

use super::transformer::{Features, FittedStep, stated, table_of};
use super::{FittedTransformer, Table};
use crate::Dependence;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Features in the order of their columns, then crosses.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedFeatures {
    pub(super) features: Vec<FittedStep>,
    pub(super) crosses: Vec<Crossed>,
}

/// A cross: its features as indices, and what hashes their combinations.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Crossed {
    pub(super) parts: Vec<FittedStep>,
    pub(super) crossing: FittedStep,
}

/// The columns that transformers make of a table, side by side.
pub(super) fn side_by_side(steps: &[FittedStep], table: &Table) -> Result<Table> {
    let mut columns = Vec::new();
    for step in steps {
        let made = step.fitted.transform(table)?;
        for name in step.fitted.outputs() {
            let column = made.column(&name)?.clone();
            columns.push((name, column));
        }
    }
    Ok(table.of_same_rows(columns))
}

impl Crossed {
    /// The columns of the crossing, joined.
    pub(super) fn name(&self) -> String {
        self.crossing.fitted.inputs().join("_X_")
    }

    /// Whether the parts make the columns that are crossed.
    fn fits(&self) -> bool {
        // More names than one each might not fit into memory, where a file reports it.
        if self.parts.iter().any(|part| part.width != 1) {
            return false;
        }
        let made: Vec<String> = self.parts.iter().flat_map(|part| part.fitted.outputs()).collect();
        self.crossing.fitted.inputs() == made
    }
}

impl FittedFeatures {
    /// Whether its parts fit together, after it was read from a file.
    pub(super) fn checked(self) -> Result<Self> {
        match self.crosses.iter().all(Crossed::fits) {
            true => Ok(self),
            false => {
                let reason = "a cross is not one of the features that it has".into();
                Err(Error::Configuration { item: "FeatureSpace".into(), reason })
            }
        }
    }

    /// The steps whose columns come out.
    fn last(&self) -> impl Iterator<Item = &FittedStep> {
        self.features.iter().chain(self.crosses.iter().map(|crossed| &crossed.crossing))
    }
}

impl FittedTransformer for FittedFeatures {
    fn inputs(&self) -> Vec<&str> {
        self.features.iter().flat_map(|feature| feature.fitted.inputs()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.last().flat_map(|step| step.fitted.outputs()).collect()
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let inputs = self.inputs();
        let place = |name: &str| inputs.iter().position(|input| *input == name);
        let of_feature = |step: &FittedStep| -> Vec<Vec<usize>> {
            let places: Vec<Option<usize>> = step.fitted.inputs().into_iter().map(place).collect();
            let of = |sources: Vec<usize>| sources.into_iter().filter_map(|source| *places.get(source)?).collect();
            step.fitted.sources().into_iter().map(of).collect()
        };
        let of_cross = |crossed: &Crossed| -> Vec<Vec<usize>> {
            let parts = crossed.parts.iter().flat_map(|part| part.fitted.inputs());
            vec![parts.filter_map(place).collect(); crossed.crossing.width]
        };
        self.features.iter().flat_map(of_feature).chain(self.crosses.iter().flat_map(of_cross)).collect()
    }

    fn width(&self) -> usize {
        self.last().map(|step| step.width).fold(0, usize::saturating_add)
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.features.iter().try_for_each(|feature| feature.fitted.write(table, features))?;
        self.crosses
            .iter()
            .try_for_each(|crossed| crossed.crossing.fitted.write(&side_by_side(&crossed.parts, table)?, features))
    }

    fn state(&self) -> Result<Value> {
        stated("FeatureSpace", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let of_crosses = |crossed: &Crossed| {
            let parts: Vec<_> = crossed.parts.iter().flat_map(|part| part.fitted.dependences(column)).collect();
            vec![Dependence::mixed(&parts); crossed.crossing.width]
        };
        let features = self.features.iter().flat_map(|feature| feature.fitted.dependences(column));
        features.chain(self.crosses.iter().flat_map(of_crosses)).collect()
    }
}
