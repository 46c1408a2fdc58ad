use super::super::Table;
use super::{BoxedTrainingEncoder, FitInput, FittedTransformer};
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;

/// Fits a transformer over blocks of rows; [`Transformer::accumulator`](super::Transformer::accumulator) makes it.
///
/// Blocks are taken one after another with [`update`](Self::update), or by several accumulators whose results are merged in the
/// order of their rows.
///
/// # Passes
///
/// Most transformers learn in one pass over the rows. One that needs the rows again, like a chain with several stages that learn, returns
/// true from [`next_pass`](Self::next_pass), which is called after each pass. One that learns nothing from the
/// values of rows, like a logarithm, returns false from [`needs_more_rows`](Self::needs_more_rows) after one block.
///
/// ```
/// use perceptra::preprocessing::{FitInput, MinMaxScaler, Table, Transformer};
///
/// let scaler = MinMaxScaler::new();
/// let mut blocks = scaler.accumulator().expect("it fits over blocks");
/// for block in [[1.0, 3.0], [2.0, 5.0]] {
///     blocks.update(FitInput::new(&Table::new().with_numbers("rate", block)?))?;
/// }
/// let fitted = blocks.finish()?;
/// assert_eq!(fitted.transform(&Table::new().with_numbers("rate", [2.0])?)?.numbers("rate")?, [0.25]);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Accumulator: Any + Send {
    /// Takes a block of rows, with the same columns as those before.
    ///
    /// # Errors
    ///
    /// The errors of [`Transformer::fit`](super::Transformer::fit); [`Error::Argument`] for other columns.
    fn update(&mut self, input: FitInput<'_>) -> Result<()>;

    /// Takes what another one of the same transformer made of later rows of the same pass.
    ///
    /// It is associative: rows that are divided among accumulators give the same result however these are merged, as long as the order
    /// of the rows is kept.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for one of another transformer or of other columns.
    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()>;

    /// Returns the state learned in this pass so far, which other processes add with [`join_states`](Self::join_states); `None`, the
    /// default, for an accumulator that stays in its process.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for what cannot be written.
    fn pass_state(&self) -> Result<Option<Value>> {
        Ok(None)
    }

    /// Replaces what it has learned in this pass by what accumulators of the same transformer, in the same pass, have learned: their
    /// [`pass_state`](Self::pass_state)s in the order of their rows, its own among them. The result is that of
    /// [`merge`](Self::merge).
    ///
    /// # Errors
    ///
    /// The errors of [`merge`](Self::merge); [`Error::Configuration`] for a state that cannot be read, and by default.
    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        let reason = format!("{} states were passed to one that has none", states.len());
        Err(Error::Configuration { item: "an accumulator".into(), reason })
    }

    /// Ends a pass over all rows; true if it has to be updated with all of them once more, in the same order. Defaults to
    /// false: the transformer can be finished after one pass.
    ///
    /// # Errors
    ///
    /// The errors of [`Transformer::fit`](super::Transformer::fit).
    fn next_pass(&mut self) -> Result<bool> {
        Ok(false)
    }

    /// Whether more rows can change what it learns. Defaults to true; false for a transformer that learns the names and
    /// types of columns, once it has taken a block with a row.
    fn needs_more_rows(&self) -> bool {
        true
    }

    /// The transformer that is fitted to all rows.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without any row; otherwise as [`Transformer::fit`](super::Transformer::fit).
    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>>;

    /// The fitted transformer, and what encodes the training rows if their encoding differs from that of other rows; `None`, the default, if not.
    /// See [`Transformer::fit_transform`](super::Transformer::fit_transform).
    ///
    /// # Errors
    ///
    /// The errors of [`finish`](Self::finish); [`Error::Argument`] for rows that cannot be cross-fitted.
    fn finish_training(self: Box<Self>) -> Result<(Arc<dyn FittedTransformer>, Option<BoxedTrainingEncoder>)> {
        Ok((self.finish()?, None))
    }
}

/// The state of an accumulator.
pub(in super::super) fn pass_state_of(item: &str, state: &impl Serialize) -> Result<Option<Value>> {
    serde_json::to_value(state).map(Some).map_err(|error| Error::configuration(item, error))
}

/// Restores the value from which a state was made.
pub(in super::super) fn of_pass_state<V: DeserializeOwned>(item: &str, state: Value) -> Result<V> {
    serde_json::from_value(state).map_err(|error| Error::configuration(item, error))
}

/// Measures one block of one column.
type Measure<F> = Box<dyn Fn(&Table, &str) -> Result<F> + Send>;
/// Makes the fitted transformer of what is known of each column.
type Finish<F> = Box<dyn FnOnce(Vec<(String, F)>) -> Result<Arc<dyn FittedTransformer>> + Send>;

/// The rows that an accumulator has taken.
struct TakenRows {
    class_name: &'static str,
    /// The names and types of the columns.
    layout: String,
    rows: usize,
}

impl TakenRows {
    /// Counts more rows of these columns, which are those of the rows before.
    fn take(&mut self, rows: usize, layout: String) -> Result<()> {
        if self.rows > 0 && self.layout != layout {
            return Err(self.refused("columns", layout, format!("those of the rows before: {}", self.layout)));
        }
        (self.rows, self.layout) = (self.rows + rows, layout);
        Ok(())
    }

    fn at_least_one(&self) -> Result<()> {
        match self.rows {
            0 => {
                let what = format!("the accumulator of {}", self.class_name);
                Err(Error::Empty { what, advice: "update it with at least one row".into() })
            }
            _ => Ok(()),
        }
    }

    fn refused(&self, argument: &'static str, value: String, expected: String) -> Error {
        Error::Argument { item: format!("the accumulator of {}", self.class_name), argument, value, expected }
    }

    fn not_the_same(&self, later: &str) -> Error {
        self.refused("later", later.into(), "one of the same transformer".into())
    }
}

/// An accumulator that keeps a separate state for each column.
pub(in super::super) struct ByColumn<F> {
    taken: TakenRows,
    columns: Vec<(String, F)>,
    measure: Measure<F>,
    merge: fn(&mut F, F),
    finish: Finish<F>,
}

impl<F: Serialize + DeserializeOwned + Send + 'static> ByColumn<F> {
    pub(in super::super) fn boxed(
        class_name: &'static str,
        measure: impl Fn(&Table, &str) -> Result<F> + Send + 'static,
        merge: fn(&mut F, F),
        finish: impl FnOnce(Vec<(String, F)>) -> Result<Arc<dyn FittedTransformer>> + Send + 'static,
    ) -> Box<dyn Accumulator> {
        let taken = TakenRows { class_name, layout: String::new(), rows: 0 };
        let (measure, finish) = (Box::new(measure), Box::new(finish));
        Box::new(ByColumn { taken, columns: Vec::new(), measure, merge, finish })
    }

    fn take(&mut self, rows: usize, layout: String, columns: Vec<(String, F)>) -> Result<()> {
        if rows == 0 {
            return Ok(());
        }
        let is_first = self.taken.rows == 0;
        self.taken.take(rows, layout)?;
        if is_first {
            self.columns = columns;
            return Ok(());
        }
        for ((_, known), (_, found)) in self.columns.iter_mut().zip(columns) {
            (self.merge)(known, found);
        }
        Ok(())
    }
}

/// The names and types of the columns, for comparison and messages.
fn layout_of(table: &Table) -> String {
    let columns: Vec<String> = table.iter().map(|(name, column)| format!("{name} ({})", column.kind())).collect();
    columns.join(", ")
}

impl<F: Serialize + DeserializeOwned + Send + 'static> Accumulator for ByColumn<F> {
    fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        let table = input.columns();
        let mut measured = Vec::new();
        for name in table.names() {
            measured.push((name.clone(), (self.measure)(table, name)?));
        }
        self.take(table.nrows(), layout_of(table), measured)
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        match later.downcast::<ByColumn<F>>() {
            Ok(later) if later.taken.class_name == self.taken.class_name => {
                self.take(later.taken.rows, later.taken.layout, later.columns)
            }
            Ok(later) => Err(self.taken.not_the_same(later.taken.class_name)),
            Err(_) => Err(self.taken.not_the_same("one of another")),
        }
    }

    fn pass_state(&self) -> Result<Option<Value>> {
        let TakenRows { class_name, layout, rows } = &self.taken;
        pass_state_of(class_name, &(layout, rows, &self.columns))
    }

    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        self.taken.rows = 0;
        self.columns.clear();
        for state in states {
            let (layout, rows, columns) = of_pass_state(self.taken.class_name, state)?;
            self.take(rows, layout, columns)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.taken.at_least_one()?;
        (self.finish)(self.columns)
    }
}
