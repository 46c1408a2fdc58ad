//! Pipelines on sources of tables, whose rows need not fit in memory.
//!
//! A fit goes through these files in this order: `survey` (a pass: labels, classes, types of columns, checksum), `column_fit` (passes for the
//! transformers), `encoded_rows` (the rows as the networks take them, for every epoch), `cached_rows` (the same in a
//! file), `fit_batches` (all of it). `fit_distributed` is the same for ranks that each have their own rows.

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
