//! The crate's own file format.
//!
//! # Layout
//!
//! The user's guide, `docs/guide.md`, says the same to users. A file is in the published `safetensors` layout, so any
//! reader of that layout opens the weights: the length of a JSON header as a little-endian `u64`, the header, the values
//! in little-endian order without gaps.
//!
//! | tensor | shape | holds |
//! |---|---|---|
//! | `<layer>/<variable>` | that of the variable | weights and state: `dense_1/kernel` (inputs, units) |
//! | `optimizer/<slot>/<layer>/<variable>` | the same | a slot of the optimizer |
//! | `optimizer/<scalar>` | () | a number that the optimizer keeps, always `F64` |
//! | `callback/<index>/<layer>/<variable>` | that of the variable | in a backup: weights and state that a callback keeps |
//!
//! | key of `__metadata__` | holds |
//! |---|---|
//! | `format` | `perceptra` |
//! | `version` | the version of the format, `1` |
//! | `release` | the release of this crate that wrote the file; optional, for people alone |
//! | `checksum` | CRC-32C of the whole file with this value as zeros, eight hexadecimal digits; optional |
//! | `config` | JSON: layers with class, configuration, name and trainability, seed, inputs; optimizer, loss and metrics; steps, epochs and learning rate; in a backup the position, the history and what callbacks remember; the fitted preprocessing and the threshold of a [`Scorer`](crate::models::Scorer) |
//!
//! # Promise
//!
//! Every later release of this crate reads every file of version 1. A change that an earlier reader could
//! misunderstand raises the version; a file of a higher version is refused by name, never misread.
//!
//! # What a reader guards against
//!
//! A file that is truncated, altered or made to do harm gives an [`Error`](crate::Error): lengths and places are checked
//! before anything is allocated, and reading takes at most 100 times the size of the file, plus one mebibyte. What a
//! network needs to compute is allocated when it computes.

pub(crate) mod architecture;
pub(crate) mod backup;
pub(crate) mod callback_names;
mod configuration;
mod contents;
mod decode;
mod document;
mod graph;
mod item;
mod layout;
mod version_1;
pub(crate) mod weights;

pub(crate) use contents::Contents;
#[cfg(feature = "keras")]
pub(crate) use contents::shape;
pub(crate) use decode::{Compiled, Opened};
