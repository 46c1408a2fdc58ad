//! Formats numbers for plots: thousands separators, a true minus sign, a limited number of digits.

use crate::numeric::Numeric;
use nalgebra::{Dim, Matrix, RawStorage};

/// The rows of a matrix or view, element by element, so that any strides are read rightly.
pub(in crate::plot) fn rows<T: Numeric, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    matrix: &Matrix<T, R, C, S>,
) -> Vec<Vec<f64>> {
    let (rows, columns) = matrix.shape();
    (0..rows).map(|i| (0..columns).map(|j| matrix[(i, j)].to_f64()).collect()).collect()
}

/// More decimals than this are noise in a picture.
const MOST_DECIMALS: usize = 12;

/// `value` with a fixed number of decimals and thousands separators; NaN is empty.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return String::new();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return format!("{sign}∞");
    }
    if value.abs() >= 1e15 {
        return scientific(value, 2);
    }
    let digits = format!("{:.*}", decimals.min(MOST_DECIMALS), value.abs());
    // A number that rounds to zero has no sign.
    let sign = if digits.bytes().all(|b| matches!(b, b'0' | b'.')) { "" } else { sign };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits.as_str(), String::new()),
    };
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

/// `value` in about four significant digits, whole numbers in full.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if is_whole(value) || size >= 1000.0 || !value.is_finite() {
        fixed(value, 0)
    } else if size >= 100.0 {
        fixed(value, 1)
    } else if size >= 10.0 {
        fixed(value, 2)
    } else if size >= 0.01 {
        fixed(value, 3)
    } else {
        scientific(value, 2)
    }
}

/// [`short`] without zeros at the end of the decimals.
pub(crate) fn plain(value: f64) -> String {
    let text = short(value);
    match text.contains('.') && !text.contains('e') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// `value` as mantissa and power of ten, with a true minus sign.
pub(crate) fn scientific(value: f64, decimals: usize) -> String {
    format!("{:.*e}", decimals.min(MOST_DECIMALS), value).replace('-', "−")
}

/// Whether `value` is a whole number that is written without decimals.
pub(crate) fn is_whole(value: f64) -> bool {
    value.is_finite() && value.fract() == 0.0
}

/// A fraction as a percentage with two decimals; a dash if the denominator is 0.
pub(crate) fn percent(fraction: f64) -> String {
    if fraction.is_finite() { format!("{}%", fixed(100.0 * fraction, 2)) } else { "–".to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_and_zero_has_no_sign() {
        assert_eq!(fixed(490_421.0, 0), "490,421");
        assert_eq!(fixed(-1_234_567.891, 2), "−1,234,567.89");
        assert_eq!(fixed(999.0, 0), "999");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(f64::NAN, 2), "");
        assert_eq!(fixed(f64::NEG_INFINITY, 2), "−∞");
    }

    #[test]
    fn any_number_of_decimals_and_any_size_is_written() {
        assert_eq!(fixed(0.5, usize::MAX), "0.500000000000");
        assert_eq!(fixed(-1e300, 2), "−1.00e300");
    }

    #[test]
    fn short_numbers_keep_the_readable_digits() {
        assert_eq!(short(88_905.0), "88,905");
        assert_eq!(short(0.68214), "0.682");
        assert_eq!(short(12.3456), "12.35");
        assert_eq!(short(0.000123), "1.23e−4");
        assert_eq!(plain(0.5), "0.5");
        assert_eq!(plain(100.0), "100");
        assert_eq!(percent(0.7120), "71.20%");
        assert_eq!(percent(f64::NAN), "–");
    }
}
