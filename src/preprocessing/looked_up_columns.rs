//! A lookup on named columns of a table.

use super::transformer::{Features, restored, stated, table_of};
use super::{FittedTransformer, StringLookup, Table};
use crate::Result;
use crate::tokens::Encoding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A lookup with a vocabulary, and the names of the columns whose strings it looks up.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookedUpColumns {
    pub(crate) columns: Vec<String>,
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

    /// How many indices there are.
    pub(crate) fn depth(&self) -> usize {
        self.lookup.lookup(false).map_or(0, |lookup| self.lookup.depth(&lookup))
    }
}

impl FittedTransformer for LookedUpColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.lookup.names(&self.columns)
    }

    fn width(&self) -> usize {
        let (mode, depth) = (self.lookup.output_mode, self.depth());
        Encoding { mode, columns: self.columns.len(), depth }.outputs()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        features.matrix(|| self.lookup.transform(table, &self.columns), || self.lookup.transform(table, &self.columns))
    }

    fn state(&self) -> Result<Value> {
        stated("StringLookup", self)
    }
}
