//! Fits over blocks of rows that learn each column separately.

use super::block_layout::BlockLayout;
use super::{Accumulator, FitInput, FittedTransformer, of_pass_state, pass_state_of};
use crate::Result;
use crate::items::Spec;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;

/// Computes the summary of one block of a column.
type MeasureBlock<B> = Box<dyn Fn(&FitInput<'_>, &str) -> Result<B> + Send>;
/// Creates the fitted transformer from the number of rows and the accumulated state of each column.
type FinishColumns<K> = Box<dyn FnOnce(usize, Vec<(String, K)>) -> Result<Arc<dyn FittedTransformer>> + Send>;

/// An accumulator that adds the summary `B` of each block of a column to the accumulated state `K` of the column.
pub(in super::super) struct FoldedColumns<B, K> {
    item: Box<dyn Spec>,
    layout: BlockLayout,
    columns: Vec<(String, K)>,
    folding: Folding<B, K>,
    finish: FinishColumns<K>,
}

/// The functions with which columns are learned.
pub(in super::super) struct Folding<B, K> {
    pub(in super::super) measure: MeasureBlock<B>,
    pub(in super::super) add: fn(&mut K, B),
    pub(in super::super) merge: fn(&mut K, K),
}

impl<B: 'static, K: Default + Serialize + DeserializeOwned + Send + 'static> FoldedColumns<B, K> {
    pub(in super::super) fn boxed(
        item: impl Spec,
        folding: Folding<B, K>,
        finish: impl FnOnce(usize, Vec<(String, K)>) -> Result<Arc<dyn FittedTransformer>> + Send + 'static,
    ) -> Box<dyn Accumulator> {
        let layout = BlockLayout::new(item.class_name());
        let (item, finish) = (Box::new(item), Box::new(finish));
        Box::new(FoldedColumns { item, layout, columns: Vec::new(), folding, finish })
    }

    /// Merges the state that another accumulator has learned from later rows.
    fn take_later(&mut self, layout: BlockLayout, columns: Vec<(String, K)>) -> Result<()> {
        let (is_first, has_rows) = (self.layout.rows() == 0, layout.rows() > 0);
        self.layout.merge(layout)?;
        if is_first {
            self.columns = columns;
        } else if has_rows {
            for ((_, known), (_, found)) in self.columns.iter_mut().zip(columns) {
                (self.folding.merge)(known, found);
            }
        }
        Ok(())
    }
}

impl<B: 'static, K: Default + Serialize + DeserializeOwned + Send + 'static> Accumulator for FoldedColumns<B, K> {
    fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        self.item.check()?;
        let table = input.columns();
        let mut measured = Vec::new();
        for name in table.names() {
            measured.push((self.folding.measure)(&input, name)?);
        }
        self.layout.take(table)?;
        if self.columns.is_empty() {
            self.columns = table.names().iter().map(|name| (name.clone(), K::default())).collect();
        }
        for ((_, known), block) in self.columns.iter_mut().zip(measured) {
            (self.folding.add)(known, block);
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        let Ok(later) = later.downcast::<FoldedColumns<B, K>>() else {
            return Err(self.layout.not_the_same("one of another"));
        };
        self.take_later(later.layout, later.columns)
    }

    fn pass_state(&self) -> Result<Option<Value>> {
        pass_state_of(&self.item.class_name(), &(&self.layout, &self.columns))
    }

    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        let item = self.item.class_name();
        self.layout = BlockLayout::new(item.clone());
        self.columns.clear();
        for state in states {
            let (layout, columns) = of_pass_state(&item, state)?;
            self.take_later(layout, columns)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.layout.at_least_one_row()?;
        (self.finish)(self.layout.rows(), self.columns)
    }
}
