//! Models as ONNX files.

mod activations;
mod columns;
mod described;
mod export;
mod graph;
mod layers;
mod proto;
mod term;

pub use export::{Export, Exportable, export};
