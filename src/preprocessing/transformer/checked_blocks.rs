//! Transformers that learn nothing of rows but the names and types of their columns.

use super::block_layout::BlockLayout;
use super::{Accumulator, FitInput, FittedTransformer, Transformer, of_pass_state, pass_state_of};
use crate::Result;
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;

/// The accumulator of a transformer that learns nothing but the names and types of its columns: each block is checked as the fit
/// checks the rows, and the fit is that to a table without rows.
pub(in super::super) fn stateless(transformer: &(impl Transformer + Clone)) -> Box<dyn Accumulator> {
    let layout = BlockLayout::new(transformer.class_name());
    Box::new(CheckedBlocks { transformer: Box::new(transformer.clone()), layout })
}

struct CheckedBlocks {
    transformer: Box<dyn Transformer>,
    layout: BlockLayout,
}

impl Accumulator for CheckedBlocks {
    fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        self.transformer.fit(FitInput::new(&self.layout.with_known_types(input.columns())?))?;
        self.layout.take(input.columns())
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        match later.downcast::<CheckedBlocks>() {
            Ok(later) => self.layout.merge(later.layout),
            Err(_) => Err(self.layout.not_the_same("one of another")),
        }
    }

    fn pass_state(&self) -> Result<Option<Value>> {
        pass_state_of(&self.transformer.class_name(), &self.layout)
    }

    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        let item = self.transformer.class_name();
        self.layout = BlockLayout::new(item.clone());
        states.into_iter().try_for_each(|state| self.layout.merge(of_pass_state(&item, state)?))
    }

    /// One block states names and types; the rows of the others are checked when they are transformed.
    fn needs_more_rows(&self) -> bool {
        self.layout.rows() == 0
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.layout.at_least_one_row()?;
        self.transformer.fit(FitInput::new(&self.layout.table_without_rows()?))
    }
}
