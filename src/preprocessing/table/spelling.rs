//! The spellings of numbers and booleans, in files and in strings that are compared with them.

/// The number that a string holds, spaces around it aside; spellings of NaN are none.
pub(crate) fn number(text: &str) -> Option<f64> {
    let value: f64 = text.trim_ascii().parse().ok()?;
    (!value.is_nan()).then_some(value)
}

/// The boolean that a string holds, spaces around it aside: `true`, `True`, `TRUE` and the same of `false`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.trim_ascii() {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Whether `value`, to which this spelling of a number was parsed, is that number to the last digit, if it is a whole one.
///
/// Above 2⁵³ not every whole number has an `f64`, so that two identifiers could become one.
pub(crate) fn is_exact(spelling: &str, value: f64) -> bool {
    // Fifteen digits always fit.
    if spelling.len() <= 15 {
        return true;
    }
    let unsigned = spelling.strip_prefix(['+', '-']).unwrap_or(spelling);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_whole = fraction.bytes().all(|byte| byte == b'0') && whole.bytes().all(|byte| byte.is_ascii_digit());
    let digits = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    !is_whole || value.abs().to_string() == digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_nan_are_no_numbers_but_infinity_is_one() {
        assert_eq!(number(" 1e3\t"), Some(1000.0));
        assert_eq!(number("-inf"), Some(f64::NEG_INFINITY));
        for text in ["NAN", "+nan", "", "1,5", "0x10", "true"] {
            assert_eq!(number(text), None);
        }
        assert_eq!(
            (boolean(" True"), boolean("FALSE"), boolean("tRUE"), boolean("1")),
            (Some(true), Some(false), None, None)
        );
    }

    #[test]
    fn a_whole_number_is_exact_if_its_digits_come_back() {
        let exact = |spelling: &str| is_exact(spelling, number(spelling).unwrap());
        for spelling in [
            "9007199254740992",
            "-9007199254740994.0",
            "1000000000000000000",
            "00000000000000000012",
            "0000000000000000",
        ] {
            assert!(exact(spelling), "{spelling}");
        }
        // Not whole, or not written with all digits: rounded as any measurement.
        assert!(exact("0.12345678901234567890") && exact("1.2345678901234567e18"));
        for spelling in ["9007199254740993", "1925036343869802844", "-1925036343869802844.00", "1152921504606846976"] {
            assert!(!exact(spelling), "{spelling}");
        }
    }
}
