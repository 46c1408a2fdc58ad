//! Transformers that learn nothing of rows but the names and types of their columns.

use super::column_layout::ColumnLayout;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Result;
use std::any::Any;
use std::sync::Arc;

/// The accumulator of a transformer that learns nothing but the names and types of its columns: each block is checked as the fit
/// checks the rows, and the fit is that to a table without rows.
pub(in super::super) fn stateless(transformer: &(impl Transformer + Clone)) -> Box<dyn Accumulator> {
    let layout = ColumnLayout::new(transformer.class_name());
    Box::new(CheckedBlocks { transformer: Box::new(transformer.clone()), layout })
}

struct CheckedBlocks {
    transformer: Box<dyn Transformer>,
    layout: ColumnLayout,
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

    /// One block states names and types; the rows of the others are checked when they are transformed.
    fn needs_more_rows(&self) -> bool {
        self.layout.rows() == 0
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.layout.at_least_one_row()?;
        self.transformer.fit(FitInput::new(&self.layout.table_without_rows()?))
    }
}
