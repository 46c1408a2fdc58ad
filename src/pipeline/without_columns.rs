//! A pipeline without some of the columns that it takes.

use super::default_columns::default_columns;
use super::{Pipeline, fit};
use crate::preprocessing::Table;
use crate::{Result, Scalar};

impl<T: Scalar> Pipeline<T> {
    /// The columns of a table that its transformers take, each once.
    pub(crate) fn taken_columns(&self, table: &Table) -> Result<Vec<String>> {
        let features = fit::inputs(self, table)?;
        match &self.columns {
            Some(columns) => columns.taken(&features),
            None => default_columns(&features)?.taken(&features),
        }
    }

    /// Returns the pipeline without these columns, their directions, and the transformers that need one of them by its name.
    pub(crate) fn without_columns(&self, columns: &[String]) -> Self {
        let mut pipeline = self.clone();
        pipeline.columns = pipeline.columns.map(|transformer| transformer.without(columns));
        pipeline.monotone.retain(|(column, _)| !columns.contains(column));
        pipeline.known_after.retain(|column| !columns.contains(column));
        pipeline.excluded.extend(columns.iter().cloned());
        pipeline
    }
}
