//! Numbers of any scale in columns of ten characters.

/// The widest number.
pub(crate) const WIDTH: usize = 10;

/// A number with at least four significant digits in at most [`WIDTH`] characters: four decimals from 0.001 to 1000, fewer for larger
/// ones, in scientific notation for others.
pub(crate) fn significant(value: f64) -> String {
    let size = value.abs();
    let scientific = |digits: usize| format!("{value:.digits$e}");
    match size {
        _ if !value.is_finite() => value.to_string(),
        0.0 => "0.0000".into(),
        _ if (0.001..1e3).contains(&size) => format!("{value:.4}"),
        _ if (1e3..1e5).contains(&size) => format!("{value:.2}"),
        _ if (1e5..1e8).contains(&size) => format!("{value:.0}"),
        // An exponent of many digits leaves fewer for the number.
        _ => (0..=3).rev().map(scientific).find(|text| text.len() <= WIDTH).unwrap_or_else(|| scientific(0)),
    }
}

/// A difference, with a sign of either kind: as [`significant`] writes it, but a small part of a probability without an exponent.
pub(crate) fn signed(value: f64) -> String {
    let text = match (0.0001..0.001).contains(&value.abs()) {
        true => format!("{value:.5}"),
        false => significant(value),
    };
    if value.is_nan() || text.starts_with('-') { text } else { format!("+{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_significant_digits_and_fits() {
        for (value, text) in [
            (0.0, "0.0000"),
            (0.71823, "0.7182"),
            (-12.0, "-12.0000"),
            (999.5, "999.5000"),
            (52_345.678, "52345.68"),
            (1_234_567.8, "1234568"),
            (1.23456e12, "1.235e12"),
            (0.000_123_45, "1.234e-4"),
            (-1.5e-300, "-1.50e-300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(significant(value), text);
        }
        assert_eq!([0.25, -0.25, 0.0, 1e12].map(signed), ["+0.2500", "-0.2500", "+0.0000", "+1.000e12"]);
        assert_eq!([3.519e-4, -3.519e-5].map(signed), ["+0.00035", "-3.519e-5"]);
        for exponent in -320..309 {
            let value = -9.99999 * 10f64.powi(exponent);
            let text = significant(value);
            assert!(text.len() <= WIDTH, "{text}");
            let read: f64 = text.parse().unwrap();
            assert!(!value.is_finite() || exponent < -300 || (read / value - 1.0).abs() < 6e-3, "{text} of {value}");
        }
    }
}
