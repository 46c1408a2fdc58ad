//! Model files of other programs.
//!
//! The crate's own format, which holds everything, is reached by `save` and `load` of the models themselves.

#[cfg(feature = "onnx")]
pub mod onnx;
