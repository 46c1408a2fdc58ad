//! A string lookup as a transformer: learned from, and on, named columns of a table.

use super::encoding::{sources, write_encoded};
use super::string_counts::{StringCounts, add, counted};
use super::transformer::{ByColumn, Features, restored, stated, table_of};
use super::{Accumulator, FitInput, FittedTransformer, StringLookup, Table, Transformer};
use crate::Result;
use crate::categories::Encoding;
use crate::items::arguments::configuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A lookup with a vocabulary, and the names of the columns whose strings it looks up.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookedUpColumns {
    pub(crate) columns: Vec<String>,
    #[serde(with = "configuration")]
    pub(crate) lookup: StringLookup,
}

impl LookedUpColumns {
    /// Of a lookup whose vocabulary and options go together.
    pub(super) fn shared(columns: Vec<String>, lookup: StringLookup) -> Result<Arc<dyn FittedTransformer>> {
        lookup.lookup(false)?;
        Ok(Arc::new(LookedUpColumns { columns, lookup }))
    }

    pub(super) fn restored(state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let LookedUpColumns { columns, lookup } = restored("StringLookup", state)?;
        LookedUpColumns::shared(columns, lookup)
    }

    /// The number of indices.
    pub(crate) fn depth(&self) -> usize {
        self.lookup.lookup(false).map_or(0, |lookup| self.lookup.depth(&lookup))
    }
}

impl Transformer for StringLookup {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let (table, columns) = (input.columns(), input.columns().names());
        let lookup = match self.vocabulary {
            Some(_) => self.clone(),
            None => self.clone().adapt(table, columns)?,
        };
        LookedUpColumns::shared(columns.to_vec(), lookup)
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let (lookup, is_given) = (self.clone(), self.vocabulary.is_some());
        Some(ByColumn::boxed(
            "StringLookup",
            move |table, name| if is_given { Ok(StringCounts::new()) } else { counted(table, name) },
            add,
            move |columns| {
                let mut all = StringCounts::new();
                let (names, counts): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
                counts.into_iter().for_each(|counts| add(&mut all, counts));
                LookedUpColumns::shared(names, if is_given { lookup } else { lookup.learned(all)? })
            },
        ))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        LookedUpColumns::restored(state)
    }
}

impl FittedTransformer for LookedUpColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.lookup.names(&self.columns)
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        sources(self.lookup.output_mode, self.depth(), self.columns.len())
    }

    fn width(&self) -> usize {
        let (mode, depth) = (self.lookup.output_mode, self.depth());
        Encoding { mode, columns: self.columns.len(), depth }.outputs()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let (indices, depth) = self.lookup.indices(table, &self.inputs())?;
        write_encoded(features, self.lookup.output_mode, depth, &indices)
    }

    fn state(&self) -> Result<Value> {
        stated("StringLookup", self)
    }
}
