//! The traits of transformers, before and after the fit.

use serde_json::Value;
use std::sync::Arc;

mod accumulator;
mod block_layout;
mod checked_blocks;
mod features;
mod fit_input;
mod fitted;
mod fitted_step;
mod folded_columns;
mod row_value;
mod step_accumulator;
mod training_encoder;

pub use accumulator::Accumulator;
pub use features::Features;
pub use fit_input::FitInput;
pub use fitted::{ColumnKind, FittedTransformer};
pub use row_value::RowValue;
pub use training_encoder::{BoxedTrainingEncoder, TrainingEncoder};

pub(super) use accumulator::{ByColumn, of_pass_state, pass_state_of};
pub(super) use block_layout::{BlockLayout, without_values};
pub(super) use checked_blocks::stateless;
pub(super) use fitted::{
    each_of_one, leaves_no_numbers, restored, rising, stated, table_of, with_indicators, without_indicators,
};
pub(crate) use fitted_step::FittedStep;
pub(super) use folded_columns::{FoldedColumns, Folding};
pub(super) use step_accumulator::{FittedForTraining, StepAccumulator};

use super::Table;
use crate::items::{IntoItem, Item, Spec, invalid, item};
use crate::{Error, Result};

/// A description of how columns of a table become other columns; [`fit`](Self::fit) learns from rows what it needs for that.
///
/// Built-in and user-defined ones are the same: each is passed to
/// [`ColumnTransformer::add`](super::ColumnTransformer::add), chained with [`then`](Self::then), and saved with a model.
/// To be saved it describes itself with [`Spec::config`], its fitted form writes its [`state`](FittedTransformer::state), and
/// [`restore`](Self::restore) reads that back; the program that loads the file names it with
/// [`Registry::transformer`](crate::models::Registry::transformer).
///
/// ```
/// use perceptra::preprocessing::{
///     ColumnTransformer, FitInput, FittedTransformer, Selector, StandardScaler, Table, Transformer,
/// };
/// use perceptra::{Error, Result, items::Spec};
/// use serde::{Deserialize, Serialize};
/// use serde_json::{Value, json};
/// use std::sync::Arc;
///
/// /// Replaces a missing number by the largest of its column.
/// #[derive(Debug)]
/// struct FillLargest;
///
/// #[derive(Debug, Serialize, Deserialize)]
/// struct FittedFillLargest {
///     columns: Vec<String>,
///     largest: Vec<f64>,
/// }
///
/// impl Spec for FillLargest {
///     fn config(&self) -> Result<Value> {
///         Ok(json!({}))
///     }
/// }
///
/// impl Transformer for FillLargest {
///     fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
///         let columns = input.columns().names().to_vec();
///         let largest = |name: &String| Ok(input.columns().numbers(name)?.iter().copied().fold(f64::NAN, f64::max));
///         let largest = columns.iter().map(largest).collect::<Result<_>>()?;
///         Ok(Arc::new(FittedFillLargest { columns, largest }))
///     }
///
///     fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
///         let fitted: FittedFillLargest = serde_json::from_value(state)
///             .map_err(|error| Error::Configuration { item: self.class_name(), reason: error.to_string() })?;
///         Ok(Arc::new(fitted))
///     }
/// }
///
/// impl FittedTransformer for FittedFillLargest {
///     fn inputs(&self) -> Vec<&str> {
///         self.columns.iter().map(String::as_str).collect()
///     }
///
///     fn outputs(&self) -> Vec<String> {
///         self.columns.clone()
///     }
///
///     fn transform(&self, table: &Table) -> Result<Table> {
///         self.columns.iter().zip(&self.largest).try_fold(table.select(&self.columns)?, |filled, (name, largest)| {
///             let fill = |x: &f64| if x.is_nan() { *largest } else { *x };
///             filled.with_numbers(name, table.numbers(name)?.iter().map(fill))
///         })
///     }
///
///     fn state(&self) -> Result<Value> {
///         Ok(json!(self))
///     }
/// }
///
/// let train = Table::new().with_numbers("annual_inc", [10.0, f64::NAN, 30.0])?.with_numbers("id", [1.0, 2.0, 3.0])?;
/// let (columns, x) = ColumnTransformer::new()
///     .add(FillLargest.then(StandardScaler::new()), Selector::matching("annual_*"))
///     .fit_transform::<f64>(&train)?;
/// assert_eq!(columns.names(), ["annual_inc"]);
/// assert_eq!(x[1], x[2]);
/// # Ok::<(), Error>(())
/// ```
pub trait Transformer: Spec {
    /// Learns from the columns, all of which it is to transform, what [`FittedTransformer::transform`] needs.
    ///
    /// # Errors
    ///
    /// An error that names the column and the row that cannot be used.
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>>;

    /// Fits, and returns the encoded training rows if they differ from `transform` of the fitted transformer; `None`, the default, if not.
    ///
    /// They differ for an encoder that uses the target: the encoding of a training row must not depend on the target of that row, so
    /// each fold is encoded with what was learned on the other folds (cross-fitting).
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    fn fit_transform(&self, input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        Ok((self.fit(input)?, None))
    }

    /// The columns without which it cannot be fitted, by their names in its arguments; none by default. Where one of them is left out of a
    /// pipeline, so is the transformer.
    fn required(&self) -> Vec<String> {
        Vec::new()
    }

    /// Returns an accumulator that is fitted over blocks of rows, for tables that do not fit into memory; `None`, the default, if the
    /// transformer needs all rows at once.
    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        None
    }

    /// The fitted transformer that wrote this [`state`](FittedTransformer::state).
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a state that it cannot have written; [`Error::NotSerializable`] unless it is implemented.
    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let _ = state;
        let reason = "it does not read its state back; implement Transformer::restore".into();
        Err(Error::NotSerializable { item: self.class_name(), reason })
    }

    /// This transformer, and then `next` on the columns that it makes.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, StandardScaler, Table, TextToNumber, Transformer};
    ///
    /// let train = Table::new().with_strings("term", ["36 months", "60 months"])?;
    /// let columns = ColumnTransformer::new()
    ///     .add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"]);
    /// assert_eq!(columns.fit_transform::<f32>(&train)?.1.as_slice(), [-1.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    fn then<M>(self, next: impl IntoItem<dyn Transformer, M>) -> Chain
    where
        Self: Sized,
    {
        Chain::with(vec![self.into_item(), next.into_item()])
    }
}

item! {
    /// Transformers one after another, each on the columns that the one before it makes; [`Transformer::then`] makes it.
    ///
    /// The [`indicators`](FittedTransformer::indicators) of a transformer are not passed to the next one: they follow, unchanged,
    /// after the columns that the last one makes. The inverse transformation leaves them out.
    #[derive(PartialEq)]
    pub struct Chain: "Chain" (stages: Vec<Item<dyn Transformer>>) checked by has_a_stage {}
}

impl Chain {
    fn has_a_stage(&self) -> Result<()> {
        match self.stages.is_empty() {
            true => Err(invalid(self, "stages", "[]", "at least one stage")),
            false => Ok(()),
        }
    }
}
