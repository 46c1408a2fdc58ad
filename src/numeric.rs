/// A primitive number or Boolean: every integer and floating-point type, and `bool`.
///
/// Scores, splits and plots take any of them and compute in `f64`.
///
/// ```
/// use perceptra::Numeric;
///
/// assert_eq!((3_u8.to_f64(), (-1.5_f32).to_f64(), true.to_f64()), (3.0, -1.5, 1.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a primitive number",
    label = "not an integer, a floating-point number or a `bool`"
)]
pub trait Numeric: Copy {
    /// The nearest `f64`: exact for integers up to 2⁵³ in magnitude; 1 for `true` and 0 for `false`.
    fn to_f64(self) -> f64;
}

macro_rules! numeric {
    ($($number:ty),*) => { $(
        impl Numeric for $number {
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )* };
}
numeric!(f32, f64, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl Numeric for bool {
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_beyond_2_to_the_53_are_rounded_to_the_nearest() {
        assert_eq!(i8::MIN.to_f64(), -128.0);
        assert_eq!(((1_u64 << 53) + 1).to_f64(), 9_007_199_254_740_992.0);
        assert_eq!(((1_i128 << 53) + 3).to_f64(), 9_007_199_254_740_996.0);
        assert_eq!(u128::MAX.to_f64(), 2.0_f64.powi(128));
        assert_eq!((true.to_f64(), false.to_f64()), (1.0, 0.0));
    }
}
