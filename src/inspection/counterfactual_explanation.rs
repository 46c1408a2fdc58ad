//! A change that reverses a decision.

use super::output::plain_within;
use crate::pipeline::Prediction;
use crate::preprocessing::{Record, Value};
use crate::significant::significant;
use crate::terminal_lines::truncated;
use std::fmt;

/// The change of a record that reverses the decision, from [`Counterfactual`](super::Counterfactual); `Display` writes a line
/// for each column.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let record = Record::new().with("income", 3.0);
/// if let Some(found) = Counterfactual::new().columns(["income"]).find(&fitted, &record, &table)? {
///     assert_eq!(found.changes()[0].column, "income");
///     assert_ne!(found.before().label(), found.after().label());
///     println!("{found}");
/// }
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CounterfactualExplanation {
    pub(super) changes: Vec<ColumnChange>,
    pub(super) cost: f64,
    pub(super) before: Prediction,
    pub(super) after: Prediction,
    pub(super) record: Record,
}

/// The change of one column.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let record = Record::new().with("income", 3.0);
/// let found = Counterfactual::new().columns(["income"]).find(&fitted, &record, &table)?;
/// for change in found.iter().flat_map(|found| found.changes()) {
///     println!("{} from {:?} to {:?}", change.column, change.from, change.to);
/// }
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ColumnChange {
    /// The column.
    pub column: String,
    /// The value in the record; `None` if it is missing.
    pub from: Option<Value>,
    /// The value that it is changed to.
    pub to: Option<Value>,
}

impl CounterfactualExplanation {
    /// The columns that change.
    pub fn changes(&self) -> &[ColumnChange] {
        &self.changes
    }

    /// The sum of the distances in standard deviations, and of 1 for each other category.
    pub fn cost(&self) -> f64 {
        self.cost
    }

    /// The prediction for the original record.
    pub fn before(&self) -> &Prediction {
        &self.before
    }

    /// The prediction for the changed record.
    pub fn after(&self) -> &Prediction {
        &self.after
    }

    /// The changed record.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("missing".into(), |value| plain_within(value, 20))
}

fn decision(prediction: &Prediction) -> String {
    match prediction {
        Prediction::Binary { label, probability, .. } | Prediction::Class { label, probability, .. } => {
            format!("{} ({})", plain_within(label, 20), significant(*probability))
        }
        other => format!("{other:?}"),
    }
}

impl fmt::Display for CounterfactualExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", decision(&self.before), decision(&self.after))?;
        self.changes.iter().try_for_each(|change| {
            write!(
                f,
                "\n  {}: {} → {}",
                truncated(&change.column, 30),
                shown(change.from.as_ref()),
                shown(change.to.as_ref())
            )
        })
    }
}
