//! Arrow's crates, of the version that tables are made of and written to.
//!
//! One major version belongs to a release of this crate. Arrays of another version are exchanged through Arrow's C data interface, the feature
//! `ffi` of both, which copies nothing.
//!
//! See [`Table::from_record_batches`](crate::preprocessing::Table::from_record_batches) and
//! [`Table::to_record_batch`](crate::preprocessing::Table::to_record_batch).

pub use arrow_array as array;
pub use arrow_schema as schema;
