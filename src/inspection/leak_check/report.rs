use super::finding::{LeakFinding, LeakKind};
use crate::Result;
use crate::error::counted;
use crate::preprocessing::Table;
use crate::terminal_lines::{WIDTH, truncated, wrapped};
use std::fmt;

/// The findings of a [`LeakCheck`](super::LeakCheck), the most serious first.
///
/// ```
/// use perceptra::inspection::LeakCheck;
/// use perceptra::prelude::*;
///
/// let loans = Table::new()
///     .with_numbers("recovered", (0..100).map(|row| f64::from(row % 4)))?
///     .with_booleans("default", (0..100).map(|row| row % 4 > 0))?;
/// let report = LeakCheck::new(Target::binary("default")).run(&loans, None)?;
/// assert!(!report.is_clean() && report.findings().len() == report.to_table()?.nrows());
/// println!("{report}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LeakReport {
    pub(super) train: usize,
    pub(super) test: Option<usize>,
    pub(super) columns: usize,
    pub(super) findings: Vec<LeakFinding>,
}

impl LeakReport {
    /// The findings, the most serious first.
    pub fn findings(&self) -> &[LeakFinding] {
        &self.findings
    }

    /// Whether there are no findings.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// The finding of a kind about a column.
    pub fn get(&self, kind: LeakKind, column: &str) -> Option<&LeakFinding> {
        self.findings.iter().find(|finding| finding.kind == kind && finding.column.as_deref() == Some(column))
    }

    /// The findings as a table with the columns `severity`, `kind`, `column`, `value`, `error`, `threshold` and `note`.
    ///
    /// # Errors
    ///
    /// The errors of [`Table::with_column`], although none is expected.
    pub fn to_table(&self) -> Result<Table> {
        let strings = |of: &dyn Fn(&LeakFinding) -> String| self.findings.iter().map(of).collect::<Vec<String>>();
        let numbers = |of: &dyn Fn(&LeakFinding) -> f64| self.findings.iter().map(of).collect::<Vec<f64>>();
        let columns = self.findings.iter().map(|finding| finding.column.as_deref());
        Table::new()
            .with_strings("severity", strings(&|finding| finding.severity.to_string()))?
            .with_strings("kind", strings(&|finding| finding.kind.to_string()))?
            .with_column("column", columns.collect::<crate::preprocessing::StringColumn>())?
            .with_numbers("value", numbers(&|finding| finding.value))?
            .with_numbers("error", numbers(&|finding| finding.error))?
            .with_numbers("threshold", numbers(&|finding| finding.threshold))?
            .with_strings("note", strings(&|finding| finding.note.clone()))
    }
}

/// One paragraph for each finding, in lines of at most 80 characters.
impl fmt::Display for LeakReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = match self.findings.len() {
            0 => "nothing found".to_owned(),
            count => counted(count, "finding"),
        };
        let rows = match self.test {
            Some(test) => format!("{} and {test} test rows", self.train),
            None => counted(self.train, "row"),
        };
        write!(f, "Leak check of {rows}, {}: {found}", counted(self.columns, "column"))?;
        for finding in &self.findings {
            let column = finding.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
            let head = format!("  {:<7} {}{column}", finding.severity.to_string(), finding.kind);
            write!(f, "\n{}", truncated(&head, WIDTH))?;
            write!(f, "\n{}", wrapped(&format!("          {}", finding.note), 0))?;
        }
        Ok(())
    }
}
