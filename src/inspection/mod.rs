//! What is inspected beside training: leaks in the data before it.

mod leak_check;

pub use leak_check::{LeakCheck, LeakFinding, LeakKind, LeakReport, LeakSeverity};
