//! One transformer of several that are fitted in the same passes over blocks of rows.

use super::{Accumulator, BoxedTrainingEncoder, FitInput, FittedStep, Transformer};
use crate::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

/// A fitted transformer, and what encodes the rows of the fit where that differs.
pub(in super::super) type FittedForTraining = (FittedStep, Option<BoxedTrainingEncoder>);

/// A transformer that takes part in as many passes as it needs, and is fitted after the last of them.
pub(in super::super) struct StepAccumulator {
    transformer: Arc<dyn Transformer>,
    /// Until it is fitted.
    learning: Option<Box<dyn Accumulator>>,
    fitted: Option<FittedForTraining>,
}

impl StepAccumulator {
    /// Nothing for a transformer that needs all rows at once.
    pub(in super::super) fn new(transformer: Arc<dyn Transformer>) -> Option<Self> {
        let learning = Some(transformer.accumulator()?);
        Some(StepAccumulator { transformer, learning, fitted: None })
    }

    pub(in super::super) fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        match &mut self.learning {
            Some(learning) if learning.needs_more_rows() => learning.update(input),
            _ => Ok(()),
        }
    }

    pub(in super::super) fn merge(&mut self, later: StepAccumulator) -> Result<()> {
        match (&mut self.learning, later.learning) {
            (Some(learning), Some(later)) => learning.merge(later),
            _ => Ok(()),
        }
    }

    /// Returns the state that was learned in this pass; `None` once the step is fitted.
    pub(in super::super) fn pass_state(&self) -> Result<Option<Value>> {
        let Some(learning) = &self.learning else { return Ok(None) };
        match learning.pass_state()? {
            None => {
                let item = self.transformer.class_name();
                let expected =
                    "an Accumulator with pass_state and join_states, without which ranks cannot merge what they learn";
                Err(Error::argument("fit_distributed", "columns", format!("one with {item}"), expected))
            }
            state => Ok(state),
        }
    }

    /// Replaces what it has learned in this pass by what those of all ranks have learned.
    pub(in super::super) fn join_states(&mut self, states: Vec<Option<Value>>) -> Result<()> {
        match &mut self.learning {
            Some(learning) => learning.join_states(states.into_iter().flatten().collect()),
            None => Ok(()),
        }
    }

    pub(in super::super) fn needs_more_rows(&self) -> bool {
        self.learning.as_ref().is_some_and(|learning| learning.needs_more_rows())
    }

    pub(in super::super) fn next_pass(&mut self) -> Result<bool> {
        let Some(mut learning) = self.learning.take() else { return Ok(false) };
        if learning.next_pass()? {
            self.learning = Some(learning);
            return Ok(true);
        }
        let (fitted, training) = learning.finish_training()?;
        self.fitted = Some((FittedStep::new(Arc::clone(&self.transformer), fitted), training));
        Ok(false)
    }

    pub(in super::super) fn finish(self) -> Result<FittedForTraining> {
        match (self.fitted, self.learning) {
            (Some(fitted), _) => Ok(fitted),
            (None, Some(learning)) => {
                let (fitted, training) = learning.finish_training()?;
                Ok((FittedStep::new(self.transformer, fitted), training))
            }
            (None, None) => {
                let item = format!("the accumulator of {}", self.transformer.class_name());
                Err(Error::argument(item, "finish", "called after an error", "a new accumulator after an error"))
            }
        }
    }
}
