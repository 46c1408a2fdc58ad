//! Formats of dates and times, as of `strptime`.

use super::iso::Digits;
use super::{DateTime, time_of_day};
use crate::error::{Error, Result};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The written form of points in time.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum DateFormat {
    /// The format in which [`DateTime`] is displayed.
    Iso,
    /// By a format, and its parts.
    Pattern(String, Vec<FormatPart>),
}

/// One piece of a format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum FormatPart {
    Literal(char),
    /// One of the letters after `%`.
    Field(char),
}

/// The values of the fields of a string.
#[derive(Debug, Default)]
struct DateFields {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
    hour: u32,
    afternoon: Option<bool>,
    minute: u32,
    second: u32,
    fraction: u32,
    offset: i64,
}

impl DateFormat {
    pub(in super::super) fn new(format: &str) -> Result<DateFormat> {
        let refused = |expected: &str| Err(Error::argument("DateTime", "format", format!("\"{format}\""), expected));
        let known =
            "a format of %Y, %y, %m, %b, %B, %d, %H, %I, %p, %M, %S, %f, %z, %F, %T and %%, such as \"%d.%m.%Y\"";
        let (mut parts, mut letters) = (Vec::new(), format.chars());
        while let Some(letter) = letters.next() {
            if letter != '%' {
                parts.push(FormatPart::Literal(letter));
                continue;
            }
            let short = match letters.next() {
                Some('%') => {
                    parts.push(FormatPart::Literal('%'));
                    continue;
                }
                Some('F') => "Y-m-d",
                Some('T') => "H:M:S",
                Some(field) if "YymbBdHIpMSfz".contains(field) => {
                    parts.push(FormatPart::Field(field));
                    continue;
                }
                _ => return refused(known),
            };
            let part = |letter: char| {
                if "-:".contains(letter) { FormatPart::Literal(letter) } else { FormatPart::Field(letter) }
            };
            parts.extend(short.chars().map(part));
        }
        let has = |field: char| parts.contains(&FormatPart::Field(field));
        if !has('Y') && !has('y') {
            return refused("a format with a year, %Y or %y");
        }
        if has('I') != has('p') {
            return refused("a format with %I and %p, the hour to 12 and its half of the day, or with %H");
        }
        Ok(DateFormat::Pattern(format.to_owned(), parts))
    }

    /// The format as text, for messages.
    pub(in super::super) fn example(&self) -> String {
        match self {
            DateFormat::Iso => "2024-02-29 or 2024-02-29T18:30:00 (ISO 8601)".into(),
            DateFormat::Pattern(format, _) => format!("\"{format}\" has it"),
        }
    }

    /// Parses a string, ignoring spaces around it.
    pub(in super::super) fn parse(&self, text: &str) -> Option<DateTime> {
        let DateFormat::Pattern(_, parts) = self else { return DateTime::from_iso(text) };
        let (mut fields, mut rest) = (DateFields::default(), text.trim_ascii());
        for part in parts {
            rest = match *part {
                FormatPart::Literal(letter) => rest.strip_prefix(letter)?,
                FormatPart::Field(field) => fields.read(field, rest)?,
            };
        }
        if rest.is_empty() { fields.date_time() } else { None }
    }
}

impl DateFields {
    /// Reads a field and returns what follows.
    fn read<'a>(&mut self, field: char, text: &'a str) -> Option<&'a str> {
        match field {
            'b' | 'B' => {
                let fits = |name: &&str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
                let of = |(index, name): (usize, &&'static str)| {
                    let name = if field == 'b' { &name[..3] } else { name };
                    fits(&name).then_some((index, name.len()))
                };
                let (index, length) = MONTHS.iter().enumerate().find_map(of)?;
                self.month = Some(index as u32 + 1);
                return text.get(length..);
            }
            'p' => {
                let half = text.get(..2)?;
                self.afternoon = Some(half.eq_ignore_ascii_case("pm"));
                return (self.afternoon == Some(true) || half.eq_ignore_ascii_case("am")).then(|| text.get(2..))?;
            }
            _ => {}
        }
        let mut digits = Digits(text.as_bytes());
        match field {
            'Y' => self.year = i64::from(digits.exactly(4)?),
            'y' => {
                let year = i64::from(digits.exactly(2)?);
                self.year = if year < 69 { 2000 + year } else { 1900 + year };
            }
            'm' => self.month = Some(digits.between(1, 2)?),
            'd' => self.day = Some(digits.between(1, 2)?),
            'H' => self.hour = digits.between(1, 2)?,
            'I' => self.hour = digits.between(1, 2).filter(|hour| (1..=12).contains(hour))?,
            'M' => self.minute = digits.between(1, 2)?,
            'S' => self.second = digits.between(1, 2)?,
            'f' => self.fraction = digits.fraction()?,
            _ => self.offset = digits.offset()?,
        }
        // Only characters of ASCII were read.
        text.get(text.len() - digits.0.len()..)
    }

    fn date_time(&self) -> Option<DateTime> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let time = time_of_day(hour, self.minute, self.second, self.fraction)?;
        DateTime::on(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1), time - self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(format: &str, text: &str) -> Option<String> {
        DateFormat::new(format).unwrap().parse(text).map(|at| at.to_string())
    }

    #[test]
    fn strings_of_a_format_are_read() {
        for (format, text, expected) in [
            ("%d.%m.%Y", "9.2.2024", "2024-02-09"),
            ("%d.%m.%Y", " 29.02.2024 ", "2024-02-29"),
            ("%m/%d/%y", "12/31/68", "2068-12-31"),
            ("%m/%d/%y", "12/31/69", "1969-12-31"),
            ("%Y%m%d", "20240229", "2024-02-29"),
            ("%b-%Y", "dec-2011", "2011-12-01"),
            ("%B %d, %Y", "May 7, 2011", "2011-05-07"),
            ("%F %T.%f", "2024-02-29 01:02:03.5", "2024-02-29T01:02:03.5"),
            ("%d/%m/%Y %I:%M %p", "01/03/2024 12:05 AM", "2024-03-01T00:05:00"),
            ("%d/%m/%Y %I:%M%p", "01/03/2024 1:05pm", "2024-03-01T13:05:00"),
            ("%FT%T%z", "2024-02-29T00:00:00+0200", "2024-02-28T22:00:00"),
            ("%Y 100%%", "2024 100%", "2024-01-01"),
            ("%d. März %Y", "1. März 2024", "2024-01-01"),
        ] {
            assert_eq!(parsed(format, text).as_deref(), Some(expected), "{format} {text}");
        }
    }

    #[test]
    fn other_strings_and_formats_are_refused() {
        for (format, text) in [
            ("%d.%m.%Y", "2024-02-29"),
            ("%d.%m.%Y", "30.2.2024"),
            ("%d.%m.%Y", "1.2.2024 x"),
            ("%d.%m.%Y", "1.2.24"),
            ("%b %Y", "De 2011"),
            ("%b %Y", "ä 2011"),
            ("%I %p %Y", "13 PM 2011"),
            ("%I %p %Y", "1 XM 2011"),
            ("%Y", ""),
        ] {
            assert_eq!(parsed(format, text), None, "{format} {text}");
        }
        for format in ["%d.%m.", "%Q", "%Y %", "%Y %I", "%Y %H %p", ""] {
            assert!(matches!(DateFormat::new(format), Err(Error::Argument { argument: "format", .. })), "{format}");
        }
    }
}
