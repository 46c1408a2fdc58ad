//! The fitted state of a feature space: a fitted transformer for each feature, and for each part of a cross.

use super::transformer::{Features, FittedStep, stated, table_of};
use super::{FittedTransformer, Table};
use crate::Dependence;
use crate::sorting;
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
    /// Sorts crosses by the names of their columns.
    pub(super) fn sort(crosses: &mut [Crossed]) {
        sorting::by(crosses, |a, b| a.name().cmp(&b.name()));
    }

    /// The columns of the crossing, joined.
    fn name(&self) -> String {
        self.crossing.fitted.inputs().join("_X_")
    }

    /// Whether the parts make the columns that are crossed.
    fn fits(&self) -> bool {
        // More names than one each might not fit into memory, where a file reports it.
        if self.parts.iter().any(|part| part.width != 1) {
            return false;
        }
        let mut made = Vec::new();
        self.parts.iter().for_each(|part| made.extend(part.fitted.outputs()));
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

    /// The steps with columns in the output.
    fn last(&self) -> impl Iterator<Item = &FittedStep> {
        self.features.iter().chain(self.crosses.iter().map(|crossed| &crossed.crossing))
    }
}

impl FittedTransformer for FittedFeatures {
    fn inputs(&self) -> Vec<&str> {
        let mut inputs = Vec::new();
        self.features.iter().for_each(|feature| inputs.extend(feature.fitted.inputs()));
        inputs
    }

    fn outputs(&self) -> Vec<String> {
        let mut outputs = Vec::new();
        self.last().for_each(|step| outputs.extend(step.fitted.outputs()));
        outputs
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let inputs = self.inputs();
        let place = |name: &str| inputs.iter().position(|input| *input == name);
        let mut all: Vec<Vec<usize>> = Vec::new();
        for step in &self.features {
            let places: Vec<Option<usize>> = step.fitted.inputs().into_iter().map(place).collect();
            for sources in step.fitted.sources() {
                all.push(sources.into_iter().filter_map(|source| *places.get(source)?).collect());
            }
        }
        for crossed in &self.crosses {
            let mut sources = Vec::new();
            for part in &crossed.parts {
                sources.extend(part.fitted.inputs().into_iter().filter_map(place));
            }
            all.resize(all.len() + crossed.crossing.width, sources);
        }
        all
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
        let mut dependences = Vec::new();
        self.features.iter().for_each(|feature| dependences.extend(feature.fitted.dependences(column)));
        for crossed in &self.crosses {
            let mut parts = Vec::new();
            crossed.parts.iter().for_each(|part| parts.extend(part.fitted.dependences(column)));
            dependences.resize(dependences.len() + crossed.crossing.width, Dependence::mixed(&parts));
        }
        dependences
    }
}
