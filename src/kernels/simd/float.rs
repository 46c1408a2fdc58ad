//! The numbers that kernels compute with.

/// `f32` or `f64`.
#[doc(hidden)]
pub trait Float: Copy + PartialOrd + Send + Sync + 'static {
    /// Relative spacing of the numbers near one.
    const EPSILON: f64;
    /// The smallest normal number.
    const MIN_POSITIVE: f64;

    /// The value of the type that is nearest to `value`.
    fn literal(value: f64) -> Self;
}

impl Float for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
    const MIN_POSITIVE: f64 = f32::MIN_POSITIVE as f64;

    #[inline(always)]
    fn literal(value: f64) -> f32 {
        value as f32
    }
}

impl Float for f64 {
    const EPSILON: f64 = f64::EPSILON;
    const MIN_POSITIVE: f64 = f64::MIN_POSITIVE;

    #[inline(always)]
    fn literal(value: f64) -> f64 {
        value
    }
}
