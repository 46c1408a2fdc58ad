//! Pipelines on sources of tables, whose rows need not fit in memory.
//!
//! A fit uses these files in this order: `survey` (a pass for labels, classes, types of columns and checksum), `column_fit` (passes for the
//! transformers), `encoded_rows` (encodes the rows for the networks in every epoch), `cached_rows` (caches the encoded rows in a
//! file). `fit_batches` calls all of them; `fit_distributed` does so for ranks that each have their own rows.

mod cached_rows;
mod column_fit;
mod encoded_rows;
mod evaluate_batches;
mod fit_batches;
mod fit_distributed;
mod predict_batches;
mod survey;
mod validation_rows;
mod verify_batches;

pub(crate) use predict_batches::WriteTablePredictions;
