//! Storage of the operands of kernels: aligned buffers, padding, records, and the caller's matrices.

pub(crate) mod aligned;
mod cache_aligned;
pub(crate) mod huge_pages;
pub(crate) mod joined_rows;
mod padding;
mod prefetch;
pub(crate) mod strided_view;
mod workspace;

pub(crate) use cache_aligned::CacheAligned;
pub(crate) use padding::{LANES, padded};
pub(crate) use prefetch::{prefetch_all, prefetch_for_writing, prefetch_span};
pub(crate) use workspace::Workspaces;
