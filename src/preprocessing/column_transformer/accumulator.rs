//! The fit of a column transformer to blocks of rows.

use super::super::table_layout::TableLayout;
use super::super::text_to_number::NumberedColumns;
use super::super::transformer::StepAccumulator;
use super::super::{BoxedTrainingEncoder, FitInput, Table, TableSource, Transformer};
use super::{ColumnTransformer, FittedColumnTransformer, fitted, leaves_numbers};
use crate::lists::try_map;
use crate::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

/// Fits the transformers of a [`ColumnTransformer`] over blocks of rows, all of them in the same passes.
pub(crate) struct ColumnAccumulator {
    columns: ColumnTransformer,
    /// The transformers, each with its columns.
    steps: Vec<(Vec<String>, StepAccumulator)>,
}

impl ColumnAccumulator {
    /// Of blocks that have the names and types of `table`'s columns, whose rows are not used; `target` are columns that are selected by their
    /// names only.
    pub(crate) fn new(columns: &ColumnTransformer, table: &Table, target: &[String]) -> Result<Self> {
        let table = fitted::converted(&columns.conversions, &table.head(0))?;
        let mut steps = Vec::new();
        for (transformer, names) in columns.planned(&table, target)? {
            table.select(&names)?;
            let step = StepAccumulator::new(Arc::clone(&transformer));
            let step = step.ok_or_else(|| needs_all_rows(&*transformer, &names))?;
            steps.push((names, step));
        }
        Ok(ColumnAccumulator { columns: columns.clone(), steps })
    }

    /// Learns from the rows of a block. The input provides the target and the weights; its columns are not used.
    pub(crate) fn update(&mut self, table: &Table, mut input: FitInput<'_>) -> Result<()> {
        let table = fitted::converted(&self.columns.conversions, table)?;
        for (names, step) in &mut self.steps {
            // Each step draws from a separate stream, as in a fit to the whole table.
            let columns = table.select(names)?;
            step.update(input.part(&columns))?;
        }
        Ok(())
    }

    /// Whether more rows of this pass can change the learned state.
    pub(crate) fn needs_more_rows(&self) -> bool {
        self.steps.iter().any(|(_, step)| step.needs_more_rows())
    }

    /// The state of each transformer after this pass, for other ranks.
    pub(crate) fn pass_states(&self) -> Result<Vec<Option<Value>>> {
        try_map(&self.steps, |(_, step)| step.pass_state())
    }

    /// Replaces the state of this pass by that of all ranks, in their order.
    pub(crate) fn join_states(&mut self, mut of_ranks: Vec<Vec<Option<Value>>>) -> Result<()> {
        for (_, step) in self.steps.iter_mut().rev() {
            step.join_states(of_ranks.iter_mut().map(|states| states.pop().flatten()).collect())?;
        }
        Ok(())
    }

    /// Ends a pass; true if another one is needed.
    pub(crate) fn next_pass(&mut self) -> Result<bool> {
        let mut more = false;
        for (_, step) in &mut self.steps {
            more |= step.next_pass()?;
        }
        Ok(more)
    }

    /// The fitted transformers, after the last pass, and the encoding of the training rows.
    pub(crate) fn finish(self) -> Result<(FittedColumnTransformer, ColumnTraining)> {
        let (mut steps, mut encoders) = (Vec::with_capacity(self.steps.len()), Vec::new());
        for (names, step) in self.steps {
            let (step, training) = step.finish()?;
            leaves_numbers(&*step.fitted)?;
            steps.push(step);
            encoders.push(training.map(|encoder| (names, encoder)));
        }
        let conversions = self.columns.conversions.clone();
        Ok((self.columns.joined(steps)?, ColumnTraining { conversions, encoders }))
    }
}

/// The encoding of the training rows in a fit over blocks, if it differs from that of other rows.
pub(crate) struct ColumnTraining {
    conversions: Vec<NumberedColumns>,
    /// For each transformer its columns and their encoding, if it encodes the training rows differently.
    encoders: Vec<Option<(Vec<String>, BoxedTrainingEncoder)>>,
}

impl ColumnTraining {
    /// Whether any transformer encodes the rows of the fit otherwise.
    pub(crate) fn differs(&self) -> bool {
        self.encoders.iter().any(Option::is_some)
    }

    /// The output of each of these transformers for training rows with these keys.
    pub(crate) fn made(&self, table: &Table, keys: &[u64]) -> Result<Vec<Option<Table>>> {
        let table = fitted::converted(&self.conversions, table)?;
        try_map(&self.encoders, |encoder| {
            let Some((names, encoder)) = encoder else { return Ok(None) };
            encoder.transform(FitInput::new(&table.select(names)?).with_row_keys(keys)?).map(Some)
        })
    }
}

/// The error about a transformer that cannot be fitted over blocks.
fn needs_all_rows(transformer: &dyn Transformer, names: &[String]) -> Error {
    let named = match names {
        [] => String::new(),
        [first] => format!(" for \"{first}\""),
        [first, others @ ..] => format!(" for \"{first}\" and {} more", others.len()),
    };
    let value = format!("{}{named}, which needs all rows at once", transformer.class_name());
    let expected = "transformers that are fitted over blocks of rows (Transformer::accumulator); or fit to a table in memory, such as a \
                    sample of the rows";
    Error::argument("ColumnTransformer", "add", value, expected)
}

impl ColumnTransformer {
    /// Learns from the rows of a source, which need not fit in memory; see [`batches`](crate::batches).
    ///
    /// All transformers learn in the same passes over the source: one where none of them is a chain, otherwise as many as the longest chain
    /// has steps that learn from rows. What is learned is what [`fit`](Self::fit) learns from all rows, to the bit where the transformer
    /// states that.
    ///
    /// ```
    /// use perceptra::batches::TableBlocks;
    /// use perceptra::preprocessing::{ColumnTransformer, MinMaxScaler, OneHotEncoder, Table};
    ///
    /// let table = Table::new()
    ///     .with_numbers("rate", (0..5000).map(f64::from))?
    ///     .with_strings("home", (0..5000).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?;
    /// let columns = ColumnTransformer::new().add(MinMaxScaler::new(), ["rate"]).add(OneHotEncoder::new(), ["home"]);
    /// assert_eq!(columns.fit_batches(&mut TableBlocks::new(&table))?, columns.fit(&table)?);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit); [`Error::Argument`] for a transformer that needs all rows at once; what the source returns as an error.
    pub fn fit_batches(&self, source: &mut dyn TableSource) -> Result<FittedColumnTransformer> {
        let layout = TableLayout::of_source(source)?;
        let mut accumulator = ColumnAccumulator::new(self, layout.table(), &[])?;
        loop {
            layout.each_block(source, &mut |block| {
                accumulator.update(&block, FitInput::new(&block))?;
                Ok(accumulator.needs_more_rows())
            })?;
            if !accumulator.next_pass()? {
                return accumulator.finish().map(|(fitted, _)| fitted);
            }
        }
    }
}
