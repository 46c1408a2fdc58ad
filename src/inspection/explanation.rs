//! The contribution of each raw column to one prediction.

use super::output::plain_within;
use crate::preprocessing::{Record, Value};
use crate::significant::{signed, significant};
use crate::sorting;
use crate::terminal_lines::truncated;
use std::fmt;

/// The contribution of each raw column to the prediction for one record, relative to a baseline; returned by
/// [`FittedPipeline::explain`](crate::pipeline::FittedPipeline::explain), [`IntegratedGradients`](super::IntegratedGradients)
/// or [`ShapleyValues`](super::ShapleyValues).
///
/// The values of all columns add up to the prediction minus the baseline, within `1e-4` for a probability; for numbers and logits,
/// which may have any size, within `1e-4` times the larger of the two. `Display` writes the columns in descending order of their
/// contributions, with at most 80 characters per line.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let explanation = fitted.explain(&Record::new().with("income", 70.0))?;
/// let difference = explanation.prediction() - explanation.baseline();
/// assert!((explanation.sum() - difference).abs() <= 1e-4 && explanation.values()[0].column == "income");
/// println!("{explanation}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    pub(super) output: String,
    pub(super) compared_with: &'static str,
    pub(super) prediction: f64,
    pub(super) baseline: f64,
    pub(super) columns: Vec<Contribution>,
}

/// The contribution of one raw column to a prediction.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let explanation = fitted.explain(&Record::new().with("income", 70.0))?;
/// let income = &explanation.values()[0];
/// assert_eq!((income.column.as_str(), income.raw.clone(), income.standard_error), ("income", Some(70.0.into()), None));
/// println!("{income}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Contribution {
    /// The column of the table.
    pub column: String,
    /// The value in the record; `None` if it is missing.
    pub raw: Option<Value>,
    /// The contribution: positive if it raises the explained output.
    pub value: f64,
    /// The standard error of a sampled value.
    pub standard_error: Option<f64>,
}

impl Contribution {
    pub(super) fn of(record: &Record, column: &str, value: f64, standard_error: Option<f64>) -> Self {
        Contribution { column: column.into(), raw: record.get(column).cloned(), value, standard_error }
    }

    fn shown(&self) -> String {
        self.raw.as_ref().map_or("missing".into(), |raw| plain_within(raw, 20))
    }
}

impl Explanation {
    /// The description of the explained output, for example `probability of default = 1`.
    pub fn output(&self) -> &str {
        &self.output
    }

    /// The prediction for the record.
    pub fn prediction(&self) -> f64 {
        self.prediction
    }

    /// The prediction for the baseline.
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// The contribution of each column, in the order of the pipeline's inputs.
    pub fn values(&self) -> &[Contribution] {
        &self.columns
    }

    /// The contribution of the column with this name; 0 for one that the pipeline does not use.
    pub fn value(&self, column: &str) -> f64 {
        self.columns.iter().find(|known| known.column == column).map_or(0.0, |known| known.value)
    }

    /// The sum of all values.
    pub fn sum(&self) -> f64 {
        self.columns.iter().map(|column| column.value).sum()
    }

    /// The at most `count` columns that raise the output most, the largest first: the principal reasons against an applicant if
    /// the output is the probability of a default.
    ///
    /// If another output is the adverse one, select it with
    /// [`IntegratedGradients::output`](super::IntegratedGradients::output); for the other label of a binary target all values
    /// change their signs.
    pub fn reasons(&self, count: usize) -> Vec<&Contribution> {
        let mut raising: Vec<&Contribution> = self.columns.iter().filter(|column| column.value > 0.0).collect();
        sorting::by_number(&mut raising, |column| -column.value);
        raising.truncate(count);
        raising
    }

    /// The columns in descending order of the size of their contributions.
    fn by_size(&self) -> Vec<&Contribution> {
        let mut columns: Vec<&Contribution> = self.columns.iter().collect();
        sorting::by_number(&mut columns, |column| -column.value.abs());
        columns
    }

    /// Plots the `count` largest contributions as bars.
    #[cfg(feature = "plot")]
    pub fn picture(&self, count: usize) -> crate::plot::Bars {
        let [prediction, baseline] = [self.prediction, self.baseline].map(significant);
        let subtitle = format!("{prediction}, {} {baseline}", self.compared_with);
        let bars = crate::plot::Bars::new(truncated(&self.output, 60))
            .subtitle(subtitle)
            .value_label("added by the column")
            .horizontal();
        self.by_size().into_iter().take(count).fold(bars, |bars, column| {
            let raw = column.raw.as_ref().map_or("missing".into(), super::output::in_picture);
            let label = format!("{} = {}", truncated(&column.column, 40), truncated(&raw, 24));
            bars.bar_with_error(label, column.value, column.standard_error.unwrap_or(0.0))
        })
    }
}

impl fmt::Display for Contribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (column, raw) = (truncated(&self.column, 30), self.shown());
        write!(f, "{column} = {raw}: {}", signed(self.value))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.columns.iter().map(|column| column.column.chars().count()).max().unwrap_or(0).clamp(6, 30);
        write!(
            f,
            "{}: {}\n{} {}",
            truncated(&self.output, 60),
            significant(self.prediction),
            self.compared_with,
            significant(self.baseline)
        )?;
        for column in self.by_size() {
            let (name, raw) = (truncated(&column.column, width), column.shown());
            write!(f, "\n  {name:width$}  {raw:>20}  {:>11}", signed(column.value))?;
            if let Some(error) = column.standard_error {
                write!(f, " ± {}", significant(error))?;
            }
        }
        Ok(())
    }
}
