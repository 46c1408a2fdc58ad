//! Points in time as ISO 8601 has them.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DateTime, SECOND, time_of_day};
use crate::error::{Error, Result};

/// The name under which serde is given a point in time, so that rows of a table know it from a string. Formats such as JSON write the string
/// alone.
pub(in super::super) const SERDE_NAME: &str = "perceptra::DateTime";

impl fmt::Display for DateTime {
    /// A date without a time is midnight.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, !self.is_midnight())
    }
}

impl DateTime {
    /// With the time of the day or without.
    pub(in super::super) fn write(self, f: &mut impl fmt::Write, with_time: bool) -> fmt::Result {
        let (year, month, day) = self.civil();
        match year {
            0..=9999 => write!(f, "{year:04}-{month:02}-{day:02}")?,
            _ => write!(f, "{year:+05}-{month:02}-{day:02}")?,
        }
        if with_time {
            write!(f, "T{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
            if self.subsecond() > 0 {
                let fraction = format!("{:06}", self.subsecond());
                write!(f, ".{}", fraction.trim_end_matches('0'))?;
            }
        }
        Ok(())
    }

    /// Parses a string in ISO 8601, ignoring spaces around it.
    pub(in super::super) fn from_iso(text: &str) -> Option<DateTime> {
        let mut rest = Digits(text.trim_ascii().as_bytes());
        let negative = match rest.0.first() {
            Some(b'-') => Some(true),
            Some(b'+') => Some(false),
            _ => None,
        };
        let year = match negative {
            None => rest.exactly(4)?,
            Some(_) => {
                rest.skip_one();
                rest.between(4, 6)?
            }
        };
        let year = if negative == Some(true) { -i64::from(year) } else { i64::from(year) };
        let month = rest.after(b'-')?.exactly(2)?;
        let day = rest.after(b'-')?.exactly(2)?;
        if rest.0.is_empty() {
            return DateTime::on(year, month, day, 0);
        }
        if !matches!(rest.0.first(), Some(b'T' | b't' | b' ')) {
            return None;
        }
        rest.skip_one();
        let hour = rest.exactly(2)?;
        let minute = rest.after(b':')?.exactly(2)?;
        let (mut second, mut fraction) = (0, 0);
        if rest.0.first() == Some(&b':') {
            second = rest.after(b':')?.exactly(2)?;
            if matches!(rest.0.first(), Some(b'.' | b',')) {
                rest.skip_one();
                fraction = rest.fraction()?;
            }
        }
        let time = time_of_day(hour, minute, second, fraction)?;
        let offset = if rest.0.is_empty() { 0 } else { rest.offset()? };
        if !rest.0.is_empty() {
            return None;
        }
        DateTime::on(year, month, day, time - offset)
    }
}

/// The bytes that are still to be read.
pub(super) struct Digits<'a>(pub(super) &'a [u8]);

impl Digits<'_> {
    pub(super) fn skip_one(&mut self) {
        self.0 = self.0.get(1..).unwrap_or_default();
    }

    /// Behind this sign.
    pub(super) fn after(&mut self, sign: u8) -> Option<&mut Self> {
        (self.0.first() == Some(&sign)).then(|| self.skip_one())?;
        Some(self)
    }

    pub(super) fn exactly(&mut self, count: usize) -> Option<u32> {
        self.between(count, count)
    }

    /// The number of as many digits as there are within these bounds, at most nine.
    pub(super) fn between(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = (count >= least).then(|| self.0.split_at(count))?;
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    /// Microseconds of one to nine digits of a fraction.
    pub(super) fn fraction(&mut self) -> Option<u32> {
        let before = self.0.len();
        let digits = self.between(1, 9)?;
        let count = before - self.0.len();
        Some(match count {
            0..=6 => digits * 10_u32.pow((6 - count) as u32),
            _ => digits / 10_u32.pow((count - 6) as u32),
        })
    }

    /// Microseconds of `Z` or of hours and minutes east of Greenwich.
    pub(super) fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.first()? {
            b'Z' | b'z' => 0,
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.skip_one();
        if sign == 0 {
            return Some(0);
        }
        let hours = self.exactly(2)?;
        if self.0.first() == Some(&b':') {
            self.skip_one();
        }
        let minutes = if self.0.first().is_some_and(u8::is_ascii_digit) { self.exactly(2)? } else { 0 };
        let exists = hours < 24 && minutes < 60;
        exists.then_some(sign * i64::from(hours * 60 + minutes) * 60 * SECOND)
    }
}

impl FromStr for DateTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<DateTime> {
        DateTime::from_iso(text).ok_or_else(|| {
            let expected = "a date or a date and time of ISO 8601, such as 2024-02-29 or 2024-02-29T18:30:00";
            Error::argument("DateTime", "text", format!("\"{text}\""), expected)
        })
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(SERDE_NAME, &self.to_string())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<DateTime, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cases;
    use rand::RngExt;

    #[test]
    fn strings_are_read() {
        for (text, written) in [
            (" 2024-02-29 ", "2024-02-29"),
            ("2024-02-29T00:00:00Z", "2024-02-29"),
            ("2024-02-29 18:30", "2024-02-29T18:30:00"),
            ("2024-02-29t18:30:05.1234567z", "2024-02-29T18:30:05.123456"),
            ("2024-02-29T00:30:00+01:00", "2024-02-28T23:30:00"),
            ("2024-02-29T23:30:00,5-0100", "2024-03-01T00:30:00.5"),
            ("2024-02-29T10:00:00+05", "2024-02-29T05:00:00"),
            ("0000-03-01", "0000-03-01"),
            ("+12345-06-07", "+12345-06-07"),
            ("-0044-03-15", "-0044-03-15"),
        ] {
            assert_eq!(text.parse::<DateTime>().map(|at| at.to_string()).unwrap(), written, "{text}");
        }
    }

    #[test]
    fn other_strings_are_refused() {
        for text in [
            "",
            "2024",
            "2024-02",
            "2024-2-9",
            "24-02-29",
            "2023-02-29",
            "2024-02-29T",
            "2024-02-29T18",
            "2024-02-29T24:00",
            "2024-02-29T18:60",
            "2024-02-29T18:30:60",
            "2024-02-29T18:30:",
            "2024-02-29T18:30:00.",
            "2024-02-29x",
            "20240229",
            "2024-02-29T18:30+24:00",
            "2024-02-29T18:30:00+01:00x",
            "29.02.2024",
            "+999999-01-01",
            "２024-02-29",
            "-",
            "NaT",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
        let error = "29.02.2024".parse::<DateTime>().unwrap_err().to_string();
        assert!(error.contains("\"29.02.2024\"; expected") && error.contains("2024-02-29T18:30:00"), "{error}");
    }

    #[test]
    fn every_point_in_time_is_read_back() {
        let back = |at: DateTime| assert_eq!(at.to_string().parse::<DateTime>().unwrap(), at, "{at}");
        [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX].into_iter().map(DateTime::from_microseconds).for_each(back);
        random_cases::check(2000, |random| {
            let shift = random.random_range(0..40);
            back(DateTime::from_microseconds(random.random::<i64>() >> shift));
        });
        let at = DateTime::from_microseconds(1_500_000);
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"1970-01-01T00:00:01.5\"");
        assert_eq!(serde_json::from_str::<DateTime>("\"1970-01-01T00:00:01.5\"").unwrap(), at);
        assert!(serde_json::from_str::<DateTime>("\"x\"").unwrap_err().to_string().contains("ISO 8601"));
    }
}
