//! A check of the data before training: columns that reveal the target, rows that occur in both parts, and parts that differ.

mod association;
mod cells;
mod check;
mod drift;
mod duplicates;
mod finding;
mod outcome;
mod report;

pub use check::LeakCheck;
pub use finding::{LeakFinding, LeakKind, LeakSeverity};
pub use report::LeakReport;

#[cfg(test)]
mod tests;
