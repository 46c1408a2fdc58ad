//! Numbers of few digits, which most fields of most files are.

/// Powers of ten that an `f64` holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number of at most fifteen digits, with a sign and a point, that the bytes are; none for any other spelling.
///
/// Digits and power of ten are exact then, so that their quotient is the nearest number. It saves most of the time that
/// reading a table takes.
pub(super) fn short_decimal(bytes: &[u8]) -> Option<f64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 16 {
        return None;
    }
    let mut value: u64 = 0;
    let mut count = 0;
    let mut point = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = 10 * value + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    let number = value as f64 / TENS[point.map_or(0, |point| count - point)];
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Random, random_cases};
    use rand::RngExt;

    /// Mostly a decimal number of up to 16 digits before and after the point.
    fn decimal(random: &mut Random) -> String {
        if random.random_bool(0.2) {
            return random_cases::string(random, "0123456789.e+-", 6);
        }
        let sign = random_cases::one_of(random, &["", "-"]);
        let point = random_cases::one_of(random, &["", "."]);
        let [before, after] = [(); 2].map(|()| random_cases::string(random, "0123456789", 16));
        format!("{sign}{before}{point}{after}")
    }

    #[test]
    fn a_short_decimal_is_the_nearest_number() {
        random_cases::check(2000, |random| {
            let text = decimal(random);
            if let Some(number) = short_decimal(text.as_bytes()) {
                assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits());
            } else {
                let plain = text.trim_start_matches('-');
                let short = plain.bytes().filter(u8::is_ascii_digit).count() <= 15;
                assert!(!short || text.parse::<f64>().is_err() || plain.contains(['e', '+']), "{text}");
            }
        });
    }
}
