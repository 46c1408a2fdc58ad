//! The fit of a feature space to blocks of rows.

use super::fitted_features::{Crossed, FittedFeatures, side_by_side};
use super::transformer::{Accumulator, FittedStep, StepAccumulator, of_pass_state, pass_state_of};
use super::{Column, FitInput, FittedTransformer, HashedCrossing, Table, Transformer};
use crate::lists::try_map;
use crate::{Error, Result};
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;

/// Fits the features and the parts of the crosses of a feature space, all of them in the same passes.
pub(super) struct FeatureAccumulator {
    features: Vec<FeatureStep>,
    crosses: Vec<(Vec<FeatureStep>, HashedCrossing)>,
    /// The first row; its indices determine the crosses.
    first: Option<Table>,
}

/// The transformer of a feature and its column.
pub(super) struct FeatureStep {
    pub(super) column: String,
    pub(super) step: StepAccumulator,
    /// Returns an error for a column of another type.
    pub(super) check: fn(&str, &Column) -> Result<()>,
}

impl FeatureAccumulator {
    pub(super) fn boxed(
        features: Vec<FeatureStep>,
        crosses: Vec<(Vec<FeatureStep>, HashedCrossing)>,
    ) -> Box<dyn Accumulator> {
        Box::new(FeatureAccumulator { features, crosses, first: None })
    }

    fn steps(&mut self) -> impl Iterator<Item = &mut FeatureStep> {
        self.features.iter_mut().chain(self.crosses.iter_mut().flat_map(|(parts, _)| parts))
    }

    fn refused(value: &str, expected: &str) -> Error {
        Error::argument("the accumulator of FeatureSpace", "later", value, expected)
    }
}

impl Accumulator for FeatureAccumulator {
    fn update(&mut self, mut input: FitInput<'_>) -> Result<()> {
        let table = input.columns();
        if table.nrows() == 0 {
            return Ok(());
        }
        self.first.get_or_insert_with(|| table.head(1));
        for FeatureStep { column, step, check } in self.steps() {
            check(column, table.column(column)?)?;
            let alone = table.select([&*column])?;
            step.update(input.part(&alone))?;
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        let Ok(mut later) = later.downcast::<FeatureAccumulator>() else {
            return Err(Self::refused("that of another transformer", "one of the same feature space"));
        };
        let columns = |one: &mut Self| one.steps().map(|step| step.column.clone()).collect::<Vec<_>>();
        if columns(self) != columns(&mut later) {
            return Err(Self::refused("that of other features", "one of the same feature space"));
        }
        self.first = self.first.take().or(later.first);
        let parts = later.crosses.into_iter().flat_map(|(parts, _)| parts);
        for (one, other) in self.steps().zip(later.features.into_iter().chain(parts)) {
            one.step.merge(other.step)?;
        }
        Ok(())
    }

    fn pass_state(&self) -> Result<Option<Value>> {
        let parts = self.crosses.iter().flat_map(|(parts, _)| parts);
        let states = try_map(self.features.iter().chain(parts), |feature| feature.step.pass_state())?;
        pass_state_of("FeatureSpace", &states)
    }

    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        let mut of_all: Vec<Vec<Option<Value>>> = try_map(states, |state| of_pass_state("FeatureSpace", state))?;
        of_all.iter_mut().for_each(|states| states.reverse());
        for step in self.steps() {
            step.step.join_states(of_all.iter_mut().map(|states| states.pop().flatten()).collect())?;
        }
        Ok(())
    }

    fn next_pass(&mut self) -> Result<bool> {
        let mut more = false;
        for step in self.steps() {
            more |= step.step.next_pass()?;
        }
        Ok(more)
    }

    fn needs_more_rows(&self) -> bool {
        let parts = self.crosses.iter().flat_map(|(parts, _)| parts);
        self.first.is_none() || self.features.iter().chain(parts).any(|step| step.step.needs_more_rows())
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        let Some(first) = self.first else {
            let what = "the accumulator of FeatureSpace".into();
            return Err(Error::Empty { what, advice: "update it with at least one row".into() });
        };
        let fitted = |steps: Vec<FeatureStep>| try_map(steps, |step| step.step.finish().map(|(fitted, _)| fitted));
        let features = fitted(self.features)?;
        let mut crosses = try_map(self.crosses, |(parts, crossing)| Crossed::of(fitted(parts)?, crossing, &first))?;
        Crossed::sort(&mut crosses);
        Ok(Arc::new(FittedFeatures { features, crosses }))
    }
}

impl Crossed {
    /// The cross of fitted features, of which a table has rows.
    pub(super) fn of(parts: Vec<FittedStep>, crossing: HashedCrossing, table: &Table) -> Result<Self> {
        let fitted = crossing.fit(FitInput::new(&side_by_side(&parts, table)?))?;
        Ok(Crossed { parts, crossing: FittedStep::new(Arc::new(crossing), fitted) })
    }
}
