//! Files: written, read back, damaged, hostile, and exchanged with other programs.

mod hostile;
#[cfg(feature = "keras")]
mod keras;
#[cfg(feature = "onnx")]
#[path = "interop/onnx/mod.rs"]
mod onnx;
mod saving;
