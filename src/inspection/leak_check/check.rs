use super::association::{Association, bins, cross_fitted};
use super::drift::distance;
use super::duplicates::duplicates;
use super::finding::{LeakFinding, LeakKind, LeakSeverity};
use super::outcome::Outcome;
use super::report::LeakReport;
use crate::error::counted;
use crate::pipeline::Target;
use crate::preprocessing::{Column, Table};
use crate::sorting;
use crate::{Error, Result};

/// A check of the rows before training for columns that reveal the target, columns with missing values that reveal it, rows that
/// occur in both parts, columns with different distributions in the parts, and identifiers.
///
/// | finding | measured by | reported | by default |
/// |---|---|---|---|
/// | one column predicts the target | AUC of a label, of each class against the rest, R² of a number | from [`predictor`](Self::predictor), and 3 standard errors of chance | 0.9 |
/// | missing values of a column predict it | AUC of the indicator, from [`missingness`](Self::missingness); R² from `(2·AUC − 1)²` of it | and 4 standard errors from chance | 0.55 |
/// | rows of the test part in the training part | the fraction of such rows | from [`duplicates`](Self::duplicates) | 0.01 |
/// | drift of a column | Kolmogorov–Smirnov, total variation of categories | from [`drift`](Self::drift), and 2.25 times the expectation by chance | 0.1 |
/// | identifiers | all values are distinct strings or whole numbers | from 20 rows | |
///
/// The AUC of a column is the larger of two: that of its numbers, and that of the mean outcome in its bins or categories, computed
/// from the other half of the rows. It detects relations that are not monotone, and a column of distinct categories predicts
/// nothing. Standard errors are those of Hanley and McNeil (1982).
///
/// # Leaks that no statistic can find
///
/// A column that is known only after the decision, for example the interest that was paid until a loan ended, looks like any other
/// predictor: its AUC may be lower than that of valid columns, it has the same distribution in both parts, and it helps on held-out
/// rows as much as on training rows. Only knowledge of *when* its value is recorded distinguishes it; state this with
/// [`Pipeline::known_after`](crate::pipeline::Pipeline::known_after).
///
/// ```
/// use perceptra::inspection::{LeakCheck, LeakKind};
/// use perceptra::prelude::*;
///
/// let rows = 0..400;
/// let loans = Table::new()
///     .with_numbers("annual_inc", rows.clone().map(|row| f64::from(row * 37 % 401)))?
///     // The balance is mostly missing where the loan was not paid back.
///     .with_numbers("tot_cur_bal", rows.clone().map(|row| if row % 5 == 0 && row % 4 != 0 { f64::NAN } else { f64::from(row % 83) }))?
///     .with_booleans("default", rows.map(|row| row % 5 == 0))?;
/// let (train, test) = train_test_split(&loans).test_size(0.3).seed(1).split()?;
/// let report = LeakCheck::new(Target::binary("default")).run(&train, Some(&test))?;
/// println!("{report}");
/// assert!(report.get(LeakKind::Missingness, "tot_cur_bal").is_some());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LeakCheck {
    target: Target,
    predictor: f64,
    missingness: f64,
    duplicates: f64,
    drift: f64,
    excluded: Vec<String>,
}

impl LeakCheck {
    /// Creates a check for this target, with the default thresholds.
    pub fn new(target: Target) -> Self {
        LeakCheck { target, predictor: 0.9, missingness: 0.55, duplicates: 0.01, drift: 0.1, excluded: Vec::new() }
    }

    /// The AUC or R², in [0, 1], from which one column is reported. Defaults to 0.9.
    #[must_use]
    pub fn predictor(mut self, threshold: f64) -> Self {
        self.predictor = threshold;
        self
    }

    /// The AUC of an indicator, in [0.5, 1], from which missing values are reported. Defaults to 0.55; for targets of numbers the
    /// R² that corresponds to it, `(2·AUC − 1)²`.
    #[must_use]
    pub fn missingness(mut self, threshold: f64) -> Self {
        self.missingness = threshold;
        self
    }

    /// The fraction of test rows, in [0, 1], from which duplicates are reported. Defaults to 0.01.
    #[must_use]
    pub fn duplicates(mut self, threshold: f64) -> Self {
        self.duplicates = threshold;
        self
    }

    /// The distance of two distributions, in [0, 1], from which drift is reported. Defaults to 0.1.
    #[must_use]
    pub fn drift(mut self, threshold: f64) -> Self {
        self.drift = threshold;
        self
    }

    /// Columns that are not checked, for example because the pipeline excludes them.
    #[must_use]
    pub fn exclude(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.excluded.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Checks training rows, and compares them with test rows if there are any.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a threshold out of its range and a target that does not fit the rows; [`Error::UnknownColumn`];
    /// [`Error::MissingValue`] for a row without target; [`Error::ColumnType`] for a column of another type in the test rows;
    /// [`Error::Empty`] without rows.
    pub fn run(&self, train: &Table, test: Option<&Table>) -> Result<LeakReport> {
        self.check_arguments()?;
        for (table, what) in [(Some(train), "the training rows"), (test, "the test rows")] {
            if table.is_some_and(|table| table.nrows() == 0) {
                return Err(Error::Empty { what: what.into(), advice: "pass at least one row".into() });
            }
        }
        if let Some(unknown) = self.excluded.iter().find(|name| !train.names().contains(name)) {
            return Err(Error::unknown_column("the training rows", unknown, train.names()));
        }
        let outcomes = Outcome::of(&self.target, train)?;
        let is_target = |name: &str| self.target.columns().iter().any(|column| column == name);
        let columns: Vec<&str> = train.names().iter().map(String::as_str).collect();
        let columns: Vec<&str> =
            columns.into_iter().filter(|name| !self.excluded.iter().any(|excluded| excluded == name)).collect();
        let features: Vec<&str> = columns.iter().copied().filter(|name| !is_target(name)).collect();
        let mut findings = Vec::new();
        for name in &features {
            findings.extend(self.predictor_of(name, train, &outcomes)?);
            findings.extend(self.missingness_of(name, train, &outcomes)?);
            findings.extend(identifier(name, train)?);
        }
        if let Some(test) = test {
            // The target of test rows need not be known.
            let has_target = self.target.columns().iter().all(|name| test.names().contains(name));
            let compared = if has_target { &columns } else { &features };
            for name in compared {
                findings.extend(self.drift_of(name, train, test)?);
            }
            findings.extend(self.duplicates_of(&features, has_target.then_some(&columns), train, test)?);
        }
        sorting::by(&mut findings, LeakFinding::order);
        Ok(LeakReport { train: train.nrows(), test: test.map(Table::nrows), columns: columns.len(), findings })
    }

    fn check_arguments(&self) -> Result<()> {
        let ranges = [
            ("predictor", self.predictor, 0.0),
            ("missingness", self.missingness, 0.5),
            ("duplicates", self.duplicates, 0.0),
            ("drift", self.drift, 0.0),
        ];
        match ranges.into_iter().find(|(_, value, low)| !(*low..=1.0).contains(value)) {
            None => Ok(()),
            Some((argument, value, low)) => {
                Err(Error::argument("LeakCheck", argument, value, format!("a number in [{low}, 1]")))
            }
        }
    }

    fn predictor_of(&self, name: &str, train: &Table, outcomes: &[Outcome]) -> Result<Option<LeakFinding>> {
        let bins = bins(name, train)?;
        let numbers = train.column(name)?.as_numbers().filter(|values| values.iter().all(|x| x.is_finite()));
        let best = best(outcomes, |outcome| {
            let of_bins = Association::of(outcome, &cross_fitted(&bins, &outcome.as_numbers()))?;
            let of_numbers = numbers.map(|values| Association::of(outcome, values)).transpose()?.flatten();
            let best = [of_bins, of_numbers].into_iter().flatten().max_by(|a, b| a.value.total_cmp(&b.value));
            Ok(best.filter(|best| best.exceeds_chance(outcome, 3.0)))
        })?;
        let Some((found, outcome)) = best.filter(|(found, _)| found.value >= self.predictor) else { return Ok(None) };
        let (what, of) = measure(outcome);
        let Association { value, error } = found;
        Ok(Some(LeakFinding {
            kind: LeakKind::Predictor,
            severity: LeakSeverity::High,
            column: Some(name.into()),
            value,
            error,
            threshold: self.predictor,
            note: format!(
                "This column alone predicts {of} with {what} {value:.3} ± {error:.3}; is it known at the decision? If not, \
                 .known_after([…]) excludes it."
            ),
        }))
    }

    fn missingness_of(&self, name: &str, train: &Table, outcomes: &[Outcome]) -> Result<Option<LeakFinding>> {
        let column = train.column(name)?;
        if column.missing() == 0 {
            return Ok(None);
        }
        let missing: Vec<bool> = (0..column.len()).map(|row| column.is_missing(row)).collect();
        let best = best(outcomes, |outcome| {
            let found = Association::of_missingness(outcome, &missing)?;
            Ok(found.filter(|found| found.exceeds_chance(outcome, 3.0)))
        })?;
        let Some((Association { value, error }, outcome)) = best else { return Ok(None) };
        let (what, of) = measure(outcome);
        let (chance, threshold) = match outcome {
            Outcome::Label { .. } => (0.5, self.missingness),
            Outcome::Number { .. } => (0.0, (2.0 * self.missingness - 1.0).powi(2)),
        };
        if value < threshold || value - chance < 4.0 * error || value == chance {
            return Ok(None);
        }
        let is_strong = value - chance >= 2.0 * (threshold - chance);
        let detail = match outcome {
            Outcome::Label { is, .. } => {
                let fraction = |label: bool| {
                    let count = is.iter().filter(|is| **is == label).count() as f64;
                    let of_label = is.iter().zip(&missing).filter(|(is, missing)| **is == label && **missing).count();
                    100.0 * of_label as f64 / count
                };
                format!(": missing in {:.1}% of such rows and in {:.1}% of the others", fraction(true), fraction(false))
            }
            Outcome::Number { .. } => String::new(),
        };
        Ok(Some(LeakFinding {
            kind: LeakKind::Missingness,
            severity: if is_strong { LeakSeverity::High } else { LeakSeverity::Medium },
            column: Some(name.into()),
            value,
            error,
            threshold,
            note: format!("Whether the value is missing predicts {of} with {what} {value:.3} ± {error:.3}{detail}."),
        }))
    }

    fn drift_of(&self, name: &str, train: &Table, test: &Table) -> Result<Option<LeakFinding>> {
        let distance = distance(name, train, test)?;
        let (value, error) = (distance.value, distance.expected);
        Ok((value >= self.drift && value > 2.25 * error).then(|| LeakFinding {
            kind: LeakKind::Drift,
            severity: LeakSeverity::Medium,
            column: Some(name.into()),
            value,
            error,
            threshold: self.drift,
            note: format!("Its distributions in training and test differ by {value:.3}, where {error:.3} is chance."),
        }))
    }

    fn duplicates_of(
        &self,
        features: &[&str],
        columns: Option<&Vec<&str>>,
        train: &Table,
        test: &Table,
    ) -> Result<Option<LeakFinding>> {
        let rows = columns.map(|columns| duplicates(columns, train, test)).transpose()?;
        let of_features = duplicates(features, train, test)?;
        let fraction = |count: usize, table: &Table| count as f64 / table.nrows() as f64;
        let found = |kind, severity, found: &super::duplicates::Duplicates, what: &str| {
            let value = fraction(found.across, test);
            (found.across > 0 && value >= self.duplicates).then(|| LeakFinding {
                kind,
                severity,
                column: None,
                value,
                error: 0.0,
                threshold: self.duplicates,
                note: format!(
                    "{} ({:.1}%) {} among the training rows {what}; of the training rows {:.1}% occur more \
                     than once.",
                    counted(found.across, "test row"),
                    100.0 * value,
                    if found.across == 1 { "occurs" } else { "occur" },
                    100.0 * fraction(found.within, train)
                ),
            })
        };
        // Rows that are equal including the target are also equal in their features.
        let of_rows =
            rows.and_then(|rows| found(LeakKind::DuplicateRows, LeakSeverity::High, &rows, "with the same target"));
        let what = "in all columns but the target";
        Ok(of_rows.or_else(|| found(LeakKind::DuplicateFeatures, LeakSeverity::Medium, &of_features, what)))
    }
}

/// The outcome that is predicted best, with its score.
fn best(
    outcomes: &[Outcome],
    of: impl Fn(&Outcome) -> Result<Option<Association>>,
) -> Result<Option<(Association, &Outcome)>> {
    outcomes.iter().try_fold(None, |best: Option<(Association, &Outcome)>, outcome| {
        let found = of(outcome)?;
        Ok(match (best, found) {
            (Some(best), Some(found)) if found.value > best.0.value => Some((found, outcome)),
            (None, Some(found)) => Some((found, outcome)),
            (best, _) => best,
        })
    })
}

/// The name of the measure of an outcome, and of the outcome.
fn measure(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Label { .. } => ("AUC", format!("\"{}\"", outcome.name().trim_matches('"'))),
        Outcome::Number { .. } => ("R²", outcome.name().to_owned()),
    }
}

/// The finding about a column of distinct strings or whole numbers, if it is one.
fn identifier(name: &str, train: &Table) -> Result<Option<LeakFinding>> {
    let column = train.column(name)?;
    let is_whole = match column {
        Column::Number(values) => values.iter().all(|x| x.is_nan() || x.fract() == 0.0),
        Column::Boolean(_) | Column::DateTime(_) => false,
        Column::Integer(_) | Column::String(_) => true,
    };
    let present = column.len() - column.missing();
    let distinct = if is_whole && present >= 20 { super::cells::codes(name, &[train])?.count } else { 0 };
    Ok((distinct == present && distinct > 0).then(|| LeakFinding {
        kind: LeakKind::Identifier,
        severity: LeakSeverity::Low,
        column: Some(name.into()),
        value: distinct as f64,
        error: 0.0,
        threshold: distinct as f64,
        note: format!("All {distinct} values are distinct, as those of an identifier; .exclude([…]) leaves it out."),
    }))
}
