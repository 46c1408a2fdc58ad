//! Transformers one after another.

pub use super::transformer::Chain;
use super::transformer::{Features, FittedStep, restored};
use super::{ColumnKind, FitInput, FittedTransformer, Table, Transformer};
use crate::items::{IntoItem, Item, Spec};
use crate::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

impl Chain {
    /// The chain with `next` behind its last transformer.
    #[must_use]
    pub fn then<M>(mut self, next: impl IntoItem<dyn Transformer, M>) -> Chain {
        self.stages.push(next.into_item());
        self
    }

    /// The fitted stages, the table that the last one was fitted to, and what it makes of that if it reports it; whether one of the
    /// others makes of the rows of the fit what it does not make of other rows.
    fn stages(&self, mut input: FitInput<'_>) -> Result<FittedStages> {
        let mut fit = FittedStages { stages: Vec::new(), table: input.columns().clone(), made: None, differs: false };
        for stage in &self.stages {
            let transformer = stage.get()?;
            if let Some(before) = fit.stages.last() {
                fit.differs |= fit.made.is_some();
                fit.table = match fit.made.take() {
                    Some(made) => made,
                    None => before.fitted.transform(&fit.table)?,
                };
            }
            let (fitted, made) = transformer.fit_transform(input.part(&fit.table))?;
            fit.stages.push(FittedStep::new(transformer, fitted));
            fit.made = made;
        }
        Ok(fit)
    }
}

/// What comes of fitting one stage after another.
struct FittedStages {
    stages: Vec<FittedStep>,
    table: Table,
    made: Option<Table>,
    differs: bool,
}

impl Transformer for Chain {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(FittedChain { stages: self.stages(input)?.stages }))
    }

    fn fit_transform(&self, input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let FittedStages { stages, table, made, differs } = self.stages(input)?;
        let made = match (made, stages.last()) {
            (None, Some(last)) if differs => Some(last.fitted.transform(&table)?),
            (made, _) => made,
        };
        Ok((Arc::new(FittedChain { stages }), made))
    }

    /// Of the states of the stages in their order.
    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let states: Vec<Value> = restored("Chain", state)?;
        if states.len() != self.stages.len() {
            let reason = format!("it has {} stages and the states of {}", self.stages.len(), states.len());
            return Err(Error::Configuration { item: "Chain".into(), reason });
        }
        let step = |(stage, state): (&Item<dyn Transformer>, Value)| {
            let transformer = stage.get()?;
            let fitted = transformer.restore(state)?;
            Ok(FittedStep::new(transformer, fitted))
        };
        let stages = self.stages.iter().zip(states).map(step).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(FittedChain { stages }))
    }
}

/// Fitted transformers one after another, at least one.
#[derive(Debug)]
pub(crate) struct FittedChain {
    pub(crate) stages: Vec<FittedStep>,
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
