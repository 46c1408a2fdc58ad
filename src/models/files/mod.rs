//! The models' methods that write and read files; the formats themselves are in [`saving`](crate::saving).

mod json;
#[cfg(feature = "keras")]
pub(crate) mod keras;
mod load;
#[cfg(feature = "onnx")]
mod onnx;
mod save;
mod weights;
