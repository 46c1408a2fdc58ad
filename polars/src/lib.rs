//! Converts between tables of [`perceptra`] and frames of [Polars](https://pola.rs).
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra_polars::{from_polars, predict_frame};
//! use polars_core::df;
//!
//! let loans = df!(
//!     "rate" => (0..300).map(|row| f64::from(row % 30)).collect::<Vec<_>>(),
//!     "home" => (0..300).map(|row| if row % 7 == 0 { None } else { Some(["OWN", "RENT"][row % 2]) }).collect::<Vec<_>>(),
//!     "default" => (0..300).map(|row| row % 30 > 17).collect::<Vec<_>>(),
//! ).unwrap();
//! # let options = Fit::new().epochs(2).verbose(0);
//! let fitted = Pipeline::new(Target::binary("default")).options(options).seed(1).fit(&from_polars(&loans)?)?;
//!
//! let scored = predict_frame(&fitted, &loans.drop("default").unwrap())?;
//! assert_eq!(scored.get_column_names(), ["rate", "home", "default", "default_false", "default_true"]);
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! | | |
//! |---|---|
//! | [`from_polars`] | a frame as a table, with the types of its columns |
//! | [`to_polars`] | a table as a frame |
//! | [`predict_frame`] | a frame with the predictions of a fitted pipeline as additional columns |
//!
//! A frame is the `DataFrame` of `polars` and `polars-core` in the version of [`polars_core`], which is re-exported.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod from_polars;
mod predict_frame;
mod to_polars;

pub use from_polars::from_polars;
pub use polars_core;
pub use predict_frame::predict_frame;
pub use to_polars::to_polars;
