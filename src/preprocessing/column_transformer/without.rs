//! A column transformer without some of its columns.

use super::super::Table;
use super::super::text_to_number::NumberedColumns;
use super::{ColumnTransformer, Remainder};
use crate::Result;

impl ColumnTransformer {
    /// The columns of a table that it takes, each once.
    pub(crate) fn taken(&self, table: &Table) -> Result<Vec<String>> {
        if self.remainder == Remainder::Passthrough {
            return Ok(table.names().to_vec());
        }
        let mut taken: Vec<String> = Vec::new();
        for (_, selector) in &self.steps {
            for name in selector.names(table)? {
                if !taken.contains(&name) {
                    taken.push(name);
                }
            }
        }
        Ok(taken)
    }

    /// Returns the transformer for tables without these columns: steps that need one of them, or that have no other column, are
    /// left out.
    pub(crate) fn without(mut self, columns: &[String]) -> ColumnTransformer {
        let is_left = |name: &String| !columns.contains(name);
        let conversions = self.conversions.into_iter().map(|conversion| {
            let columns = conversion.columns.into_iter().filter(is_left).collect();
            NumberedColumns { columns, ..conversion }
        });
        self.conversions = conversions.filter(|conversion| !conversion.columns.is_empty()).collect();
        let steps = self.steps.into_iter().filter_map(|(transformer, selector)| {
            let needs = transformer.get().map(|transformer| transformer.required()).unwrap_or_default();
            let selector = selector.without(columns)?;
            needs.iter().all(is_left).then_some((transformer, selector))
        });
        self.steps = steps.collect();
        self
    }
}
