//! Transformers one after another.

pub use super::transformer::Chain;
use super::transformer::{Description, Features, Step, restored, stated};
use super::{ColumnKind, FitInput, FittedTransformer, Table, Transformer};
use crate::spec::Spec;
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use std::sync::Arc;

impl Chain {
    /// The chain with `next` behind its last transformer.
    #[must_use]
    pub fn then(mut self, next: impl Transformer) -> Chain {
        self.stages.push(Arc::new(next));
        self
    }

    /// The fitted stages, the table that the last one was fitted to, and what it makes of that if it says so; whether one of the
    /// others makes of the rows of the fit what it does not make of other rows.
    fn stages(&self, mut input: FitInput<'_>) -> Result<Fit> {
        let mut fit = Fit { stages: Vec::new(), table: input.columns().clone(), made: None, differs: false };
        for transformer in &self.stages {
            if let Some(before) = fit.stages.last() {
                fit.differs |= fit.made.is_some();
                fit.table = match fit.made.take() {
                    Some(made) => made,
                    None => before.fitted.transform(&fit.table)?,
                };
            }
            let (fitted, made) = transformer.fit_transform(input.part(&fit.table))?;
            fit.stages.push(Step::new(transformer.clone(), fitted));
            fit.made = made;
        }
        Ok(fit)
    }
}

/// What comes of fitting one stage after another.
struct Fit {
    stages: Vec<Step>,
    table: Table,
    made: Option<Table>,
    differs: bool,
}

/// The arguments of a chain in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stages {
    stages: Vec<Description>,
}

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let Stages { stages } = Stages::deserialize(deserializer)?;
        match stages.is_empty() {
            true => Err(de::Error::custom("a chain has at least one stage")),
            false => Ok(Chain { stages: stages.into_iter().map(|Description(stage)| stage).collect() }),
        }
    }
}

impl Spec for Chain {
    fn config(&self) -> Result<Value> {
        self.stages.iter().try_for_each(|stage| stage.config().map(drop))?;
        stated("Chain", &Stages { stages: self.stages.iter().cloned().map(Description).collect() })
    }

    fn check(&self) -> Result<()> {
        self.stages.iter().try_for_each(|stage| stage.check())
    }
}

impl Transformer for Chain {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(FittedChain { stages: self.stages(input)?.stages }))
    }

    fn fit_transform(&self, input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let Fit { stages, table, made, differs } = self.stages(input)?;
        let made = match (made, stages.last()) {
            (None, Some(last)) if differs => Some(last.fitted.transform(&table)?),
            (made, _) => made,
        };
        Ok((Arc::new(FittedChain { stages }), made))
    }

    /// Of the states of the stages in their order.
    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let states: Vec<Value> = restored("Chain", state)?;
        if states.len() != self.stages.len() {
            let reason = format!("it has {} stages and the states of {}", self.stages.len(), states.len());
            return Err(Error::Configuration { item: "Chain".into(), reason });
        }
        let step = |(transformer, state): (&Arc<dyn Transformer>, Value)| {
            Ok(Step::new(transformer.clone(), transformer.restore(state)?))
        };
        let stages = self.stages.iter().zip(states).map(step).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(FittedChain { stages }))
    }
}

/// Fitted transformers one after another, at least one.
#[derive(Debug)]
pub(crate) struct FittedChain {
    pub(crate) stages: Vec<Step>,
}

impl FittedChain {
    /// The last stage, and the table that those before it make.
    fn before_last(&self, table: &Table) -> Result<Option<(&dyn FittedTransformer, Table)>> {
        let Some((last, before)) = self.stages.split_last() else { return Ok(None) };
        let table = before.iter().try_fold(table.clone(), |table, stage| stage.fitted.transform(&table))?;
        Ok(Some((&*last.fitted, table)))
    }
}

impl FittedTransformer for FittedChain {
    fn inputs(&self) -> Vec<&str> {
        self.stages.first().map(|first| first.fitted.inputs()).unwrap_or_default()
    }

    fn outputs(&self) -> Vec<String> {
        self.stages.last().map(|last| last.fitted.outputs()).unwrap_or_default()
    }

    fn output_kinds(&self) -> Vec<ColumnKind> {
        self.stages.last().map(|last| last.fitted.output_kinds()).unwrap_or_default()
    }

    fn width(&self) -> usize {
        self.stages.last().map_or(0, |last| last.width)
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        match self.before_last(table)? {
            Some((last, table)) => last.transform(&table),
            None => Ok(table.clone()),
        }
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        match self.before_last(table)? {
            Some((last, table)) => last.write(&table, features),
            None => Ok(()),
        }
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        self.stages.iter().rev().try_fold(table.clone(), |table, stage| stage.fitted.inverse_transform(&table))
    }

    fn state(&self) -> Result<Value> {
        self.stages.iter().map(|stage| stage.fitted.state()).collect::<Result<Vec<_>>>().map(Value::Array)
    }
}
