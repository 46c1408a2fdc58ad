use std::fmt;

/// The kinds of a [`LeakFinding`], the most serious first.
///
/// ```
/// use perceptra::inspection::LeakKind;
///
/// assert!(LeakKind::Predictor < LeakKind::Identifier);
/// assert_eq!(LeakKind::DuplicateRows.to_string(), "duplicate rows");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LeakKind {
    /// A single column predicts the target; the value is its AUC, or R² for numbers.
    Predictor,
    /// Rows of the test part that occur in the training part with their target: their fraction.
    DuplicateRows,
    /// Whether the value of a column is missing predicts the target: AUC or R² of the indicator.
    Missingness,
    /// Rows of the test part of which all features occur in a training row: their fraction.
    DuplicateFeatures,
    /// The column is distributed differently in both parts: the largest difference of the distribution functions, or half the sum
    /// of the differences of the fractions of categories.
    Drift,
    /// Every value of the column is distinct, as those of an identifier: the number of values.
    Identifier,
}

impl fmt::Display for LeakKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            LeakKind::Predictor => "predictor",
            LeakKind::Missingness => "missingness",
            LeakKind::DuplicateFeatures => "duplicate features",
            LeakKind::DuplicateRows => "duplicate rows",
            LeakKind::Drift => "drift",
            LeakKind::Identifier => "identifier",
        })
    }
}

/// How serious a [`LeakFinding`] is; later ones are more so.
///
/// ```
/// use perceptra::inspection::LeakSeverity;
///
/// assert!(LeakSeverity::High > LeakSeverity::Medium);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeakSeverity {
    /// It is worth a look: an identifier.
    Low,
    /// It may distort what is measured: drift, duplicate features, missingness.
    Medium,
    /// What is measured can hardly be trusted: one column that nearly predicts the target, missingness that strongly does, rows
    /// that occur in both parts.
    High,
}

impl fmt::Display for LeakSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            LeakSeverity::Low => "low",
            LeakSeverity::Medium => "medium",
            LeakSeverity::High => "high",
        })
    }
}

/// One suspicion of a [`LeakReport`](super::LeakReport).
///
/// ```
/// use perceptra::inspection::{LeakCheck, LeakKind, LeakSeverity};
/// use perceptra::prelude::*;
///
/// let loans = Table::new()
///     .with_numbers("recovered", (0..100).map(|row| f64::from(row % 4)))?
///     .with_booleans("default", (0..100).map(|row| row % 4 > 0))?;
/// let report = LeakCheck::new(Target::binary("default")).run(&loans, None)?;
/// let finding = report.get(LeakKind::Predictor, "recovered").expect("it is above 0 in every default");
/// assert_eq!((finding.severity, finding.value), (LeakSeverity::High, 1.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LeakFinding {
    /// What it is about.
    pub kind: LeakKind,
    /// How serious it is.
    pub severity: LeakSeverity,
    /// The column; none for rows.
    pub column: Option<String>,
    /// The value that its [kind](LeakKind) states.
    pub value: f64,
    /// The standard error of an AUC or R²; for drift the value that is expected without any; 0 if there is none.
    pub error: f64,
    /// The threshold that the value reaches.
    pub threshold: f64,
    /// The finding in one sentence.
    pub note: String,
}

impl LeakFinding {
    /// The more serious ones first, then by kind, then those that exceed their threshold by more.
    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let excess = |finding: &Self| finding.value / finding.threshold;
        let column = |finding: &Self| finding.column.clone().unwrap_or_default();
        other
            .severity
            .cmp(&self.severity)
            .then(self.kind.cmp(&other.kind))
            .then(excess(other).total_cmp(&excess(self)))
            .then_with(|| column(self).cmp(&column(other)))
    }
}
