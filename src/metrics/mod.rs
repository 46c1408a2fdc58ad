//! Figures that say how well predictions agree with the truth.

mod values;

pub use values::{Number, Values};
