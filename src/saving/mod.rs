//! Model files of other programs.
//!
//! The crate's own format, which holds everything, is reached by `save` and `load` of the models themselves.

#[cfg(feature = "keras")]
pub mod keras;
#[cfg(feature = "onnx")]
pub mod onnx;
