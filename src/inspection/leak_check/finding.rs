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
    /// Test rows equal a training row including the target; the value is the fraction of such test rows.
    DuplicateRows,
    /// Missing values of a column predict the target; the value is the AUC or R² of the indicator.
    Missingness,
    /// Test rows have the same features as a training row; the value is the fraction of such test rows.
    DuplicateFeatures,
    /// The distributions of a column differ between the parts; the value is the largest difference of the distribution functions, or half
    /// the sum of the differences of the fractions of categories.
    Drift,
    /// All values of the column are distinct, like those of an identifier; the value is their number.
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

/// The severity of a [`LeakFinding`], in ascending order.
///
/// ```
/// use perceptra::inspection::LeakSeverity;
///
/// assert!(LeakSeverity::High > LeakSeverity::Medium);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeakSeverity {
    /// For information: an identifier.
    Low,
    /// The finding may distort scores: drift, duplicate features, missingness.
    Medium,
    /// Scores can hardly be trusted: a column that nearly determines the target, missingness that strongly predicts it, rows that occur
    /// in both parts.
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

/// One finding of a [`LeakReport`](super::LeakReport).
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
    /// The kind of the finding.
    pub kind: LeakKind,
    /// The severity of the finding.
    pub severity: LeakSeverity,
    /// The column; `None` for findings about rows.
    pub column: Option<String>,
    /// The value, as described at the [kind](LeakKind).
    pub value: f64,
    /// The standard error of an AUC or R²; for drift the expected value without drift; otherwise 0.
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
