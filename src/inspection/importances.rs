//! The importance of columns for a score, as a table and as a plot.

use crate::model_selection::critical_t;
use crate::significant::significant;
use crate::sorting;
use crate::terminal_lines::truncated;
use std::fmt;

/// The importance of each column, or group of columns, for a score, the most important first; from
/// [`PermutationImportance`](super::PermutationImportance) or [`DropColumnImportance`](super::DropColumnImportance).
///
/// An importance states how much worse the score is without the information in the column: it is positive if the column
/// helps, also for scores where smaller is better. `Display` writes a table with at most 80 characters per line.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let importances = PermutationImportance::new(LogLoss).seed(1).compute(&fitted, &table)?;
/// assert_eq!((importances.score(), importances.columns().len()), ("log_loss", 1));
/// assert!(importances.get("income").is_some() && importances.baseline() > 0.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnImportances {
    pub(super) method: &'static str,
    pub(super) score: String,
    pub(super) baseline: f64,
    pub(super) level: f64,
    pub(super) columns: Vec<ColumnImportance>,
}

/// The importance of one column, or of a group of columns that belong together.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let importances = PermutationImportance::new(LogLoss).repeats(7).seed(1).compute(&fitted, &table)?;
/// let income = &importances.columns()[0];
/// assert_eq!(income.values.len(), 7);
/// assert!(income.interval.0 <= income.mean && income.mean <= income.interval.1);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ColumnImportance {
    /// The name of the column or of the group.
    pub name: String,
    /// The columns.
    pub columns: Vec<String>,
    /// The mean over repeats or folds.
    pub mean: f64,
    /// The standard deviation over repeats or folds, with the denominator `n − 1`; NaN for one.
    pub standard_deviation: f64,
    /// The standard error of the mean; for folds it is corrected for shared training rows.
    pub standard_error: f64,
    /// The ends of the confidence interval of the mean by Student's t distribution; NaN for one repeat.
    pub interval: (f64, f64),
    /// The importance in each repeat or fold.
    pub values: Vec<f64>,
}

impl ColumnImportance {
    pub(super) fn new(name: String, columns: Vec<String>, values: Vec<f64>, error: Option<f64>, level: f64) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_deviation = if values.len() > 1 { (squares / (count - 1.0)).sqrt() } else { f64::NAN };
        let standard_error = error.unwrap_or(standard_deviation / count.sqrt());
        let reach = match values.len() > 1 {
            true => critical_t(level, values.len() - 1) * standard_error,
            false => f64::NAN,
        };
        let interval = (mean - reach, mean + reach);
        ColumnImportance { name, columns, mean, standard_deviation, standard_error, interval, values }
    }
}

impl ColumnImportances {
    pub(super) fn sorted(mut self) -> Self {
        sorting::by_number(&mut self.columns, |column| -column.mean);
        self
    }

    /// The name of the score.
    pub fn score(&self) -> &str {
        &self.score
    }

    /// The score with all columns unchanged; for folds its mean.
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// The importances, the largest first.
    pub fn columns(&self) -> &[ColumnImportance] {
        &self.columns
    }

    /// The importance of a column or a group by its name.
    pub fn get(&self, name: &str) -> Option<&ColumnImportance> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Plots the `count` largest importances as bars with their intervals.
    ///
    /// ```
    /// use perceptra::inspection::PermutationImportance;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("a", (0..60).map(f64::from))?
    ///     .with_numbers("y", (0..60).map(|row| 3.0 * f64::from(row)))?;
    /// let fitted = Pipeline::new(Target::regression("y")).members(1).seed(1).fit(&table)?;
    /// let svg = PermutationImportance::new(R2).seed(1).compute(&fitted, &table)?.picture(10).to_svg()?;
    /// assert!(svg.contains("<svg"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[cfg(feature = "plot")]
    pub fn picture(&self, count: usize) -> crate::plot::Bars {
        let bars = crate::plot::Bars::new(self.method).subtitle(format!(
            "loss of {}, {} with all columns",
            self.score,
            significant(self.baseline)
        ));
        let shown = self.columns.iter().take(count);
        shown.fold(bars.value_label(format!("loss of {}", self.score)).horizontal(), |bars, column| {
            let reach = (column.interval.1 - column.mean).abs();
            bars.bar_with_error(&column.name, column.mean, if reach.is_finite() { reach } else { 0.0 })
        })
    }
}

impl fmt::Display for ColumnImportances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0).clamp(6, 30);
        let score = truncated(&self.score, 30);
        write!(f, "{}: {score} {} with all columns", self.method, significant(self.baseline))?;
        let interval = format!("{}% interval", self.level * 100.0);
        write!(f, "\n{:width$}  {:>10}  {:>10}  {interval:>22}", "column", "loss", "deviation")?;
        for column in &self.columns {
            let name = truncated(&column.name, width);
            let (low, high) = column.interval;
            write!(
                f,
                "\n{name:width$}  {:>10}  {:>10}  {:>10}  {:>10}",
                significant(column.mean),
                significant(column.standard_deviation),
                significant(low),
                significant(high)
            )?;
        }
        Ok(())
    }
}
