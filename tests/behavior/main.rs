//! Tests of the crate's behavior through the public API.

mod batches;
mod callbacks;
mod data;
mod decisions;
mod errors;
mod hostile_records;
mod layers_universal;
mod loan_classes;
mod loan_incomplete;
mod loan_portfolio;
mod memory;
mod monotone;
mod odd_tables;
mod optimizers;
mod own_items;
mod pipeline_files;
mod pipelines;
mod ranges;
mod receipts;
#[cfg(feature = "plot")]
mod reports;
mod searches;
mod single_rows;
mod table_sources;
mod threads;
mod training;
mod user_program;
