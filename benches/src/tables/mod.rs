//! Measures the default of `Pipeline` on public tables, and compares it with the predictions of other methods; `benches/tables/README.md`
//! describes the folder.

mod comparison;
mod measurement;
mod options;
mod predictions;
mod processor;
mod report;
mod scores;
mod set;
mod times;

pub use comparison::{Comparison, Method};
pub use measurement::{Measurement, measure};
pub use options::Options;
pub use processor::processor_seconds;
pub use report::report;
pub use set::{Set, sets_of};
pub use times::{Times, TimesFile};

/// A result with an error message for the terminal.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
