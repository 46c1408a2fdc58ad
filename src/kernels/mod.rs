//! Products, element-wise functions and reductions.

/// What the kernels need of an element type.
pub trait Element {}
impl Element for f32 {}
impl Element for f64 {}
