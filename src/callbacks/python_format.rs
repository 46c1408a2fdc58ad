//! Formats numbers like Python: `repr`, and the format after the colon in `{val_loss:.4f}`.

/// Formats a number like Python's `repr`: the shortest string that reads back to it, in scientific notation below 0.0001 and from
/// 10¹⁶ on.
pub(super) fn repr(value: f64) -> String {
    let size = value.abs();
    match value {
        _ if value.is_nan() => "nan".into(),
        _ if size == f64::INFINITY || size == 0.0 || (1e-4..1e16).contains(&size) => format!("{value:?}"),
        _ => with_exponent(&format!("{value:e}")),
    }
}

/// A number that replaces a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FieldValue {
    /// An epoch or a batch; an `int` in Python.
    Count(usize),
    /// A metric; a `float` in Python.
    Metric(f64),
}

/// A format specification, `[[fill]align][sign][0][width][.precision][type]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FormatSpec {
    fill: char,
    align: Align,
    sign: Sign,
    width: usize,
    precision: Option<usize>,
    kind: Option<Presentation>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Align {
    Left,
    Right,
    Center,
    /// The padding is between the sign and the digits.
    AfterSign,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Negative,
    Always,
    Space,
}

/// The type, which is the last letter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Presentation {
    Decimal,
    Fixed,
    Exponent,
    General,
    Percent,
    /// `F`, `E` or `G`.
    Upper(UpperKind),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum UpperKind {
    Fixed,
    Exponent,
    General,
}

/// The largest width and precision that are accepted in a file name.
const WIDEST: usize = 64;

impl FormatSpec {
    /// Parses the part after the colon; the error states what is expected.
    pub(super) fn parse(text: &str) -> Result<FormatSpec, String> {
        let unknown = |what: &str| {
            format!(
                "{what}; expected [[fill]align][sign][0][width][.precision][type] with one of d, e, f, g, %, such as 02d, .4f or .3e"
            )
        };
        let mut rest = text;
        let (mut fill, mut align) = (None, Align::Right);
        let mut letters = rest.chars();
        match (letters.next(), letters.next().and_then(Align::from_letter)) {
            (Some(letter), Some(second)) => {
                (fill, align) = (Some(letter), second);
                rest = letters.as_str();
            }
            (Some(first), None) => {
                if let Some(first) = Align::from_letter(first) {
                    align = first;
                    rest = &rest[1..];
                }
            }
            _ => {}
        }
        let aligned = rest.len() < text.len();
        let mut sign = Sign::Negative;
        if let Some(found) = rest.chars().next().and_then(Sign::from_letter) {
            sign = found;
            rest = &rest[1..];
        }
        if rest.starts_with('0') {
            // Python keeps a given alignment, and fills with zeros unless a fill is given.
            if !aligned {
                align = Align::AfterSign;
            }
            fill = fill.or(Some('0'));
            rest = &rest[1..];
        }
        let width = number(&mut rest).map_err(|text| unknown(&text))?.unwrap_or(0);
        let precision = match rest.strip_prefix('.') {
            Some(after) => {
                rest = after;
                let digits = number(&mut rest).map_err(|text| unknown(&text))?;
                Some(digits.ok_or_else(|| unknown("there are no digits after the point"))?)
            }
            None => None,
        };
        let mut letters = rest.chars();
        let kind = match letters.next() {
            None => None,
            Some(letter) => Some(
                Presentation::from_letter(letter)
                    .ok_or_else(|| unknown(&format!("\"{letter}\" is not understood at this place")))?,
            ),
        };
        if let Some(letter) = letters.next() {
            return Err(unknown(&format!("\"{letter}\" is one too many")));
        }
        if kind == Some(Presentation::Decimal) && precision.is_some() {
            return Err(unknown("a whole number has no precision"));
        }
        Ok(FormatSpec { fill: fill.unwrap_or(' '), align, sign, width, precision, kind })
    }

    /// Checks that the format applies to this type of number; the error is Python's, with the cure.
    pub(super) fn check(&self, number: FieldValue) -> Result<(), String> {
        match (number, self.kind) {
            (FieldValue::Metric(_), Some(Presentation::Decimal)) => {
                Err("d is for whole numbers, and this is a fraction; use .0f, or .4f for four digits".into())
            }
            (FieldValue::Count(_), None) if self.precision.is_some() => {
                Err("a whole number has no precision; leave it out, or add f".into())
            }
            _ => Ok(()),
        }
    }

    /// The number in this format.
    pub(super) fn write(&self, number: FieldValue) -> String {
        let value = match (number, self.kind) {
            (FieldValue::Count(count), None | Some(Presentation::Decimal)) => return self.pad("", &count.to_string()),
            (FieldValue::Count(count), _) => count as f64,
            (FieldValue::Metric(value), _) => value,
        };
        let size = value.abs();
        let precision = self.precision.unwrap_or(6);
        let digits = match self.kind {
            _ if value.is_nan() => "nan".into(),
            _ if size.is_infinite() => "inf".into(),
            Some(Presentation::Fixed | Presentation::Decimal | Presentation::Upper(UpperKind::Fixed)) => {
                format!("{size:.precision$}")
            }
            Some(Presentation::Exponent | Presentation::Upper(UpperKind::Exponent)) => {
                with_exponent(&format!("{size:.precision$e}"))
            }
            Some(Presentation::General | Presentation::Upper(UpperKind::General)) => general(size, precision, false),
            Some(Presentation::Percent) => format!("{:.precision$}", size * 100.0),
            None => self.precision.map_or_else(|| repr(size), |precision| general(size, precision, true)),
        };
        let digits = match self.kind {
            Some(Presentation::Upper(_)) => digits.to_uppercase(),
            Some(Presentation::Percent) => digits + "%",
            _ => digits,
        };
        self.pad(if value.is_sign_negative() && !value.is_nan() { "-" } else { "" }, &digits)
    }

    /// Pads sign and digits to the width.
    fn pad(&self, sign: &str, digits: &str) -> String {
        let sign = match (sign, self.sign) {
            ("", Sign::Always) => "+",
            ("", Sign::Space) => " ",
            _ => sign,
        };
        let missing = self.width.saturating_sub(sign.chars().count() + digits.chars().count());
        let fill = |count: usize| self.fill.to_string().repeat(count);
        match self.align {
            Align::Left => format!("{sign}{digits}{}", fill(missing)),
            Align::Right => format!("{}{sign}{digits}", fill(missing)),
            Align::Center => format!("{}{sign}{digits}{}", fill(missing / 2), fill(missing - missing / 2)),
            Align::AfterSign => format!("{sign}{}{digits}", fill(missing)),
        }
    }
}

impl Align {
    fn from_letter(letter: char) -> Option<Align> {
        match letter {
            '<' => Some(Align::Left),
            '>' => Some(Align::Right),
            '^' => Some(Align::Center),
            '=' => Some(Align::AfterSign),
            _ => None,
        }
    }
}

impl Sign {
    fn from_letter(letter: char) -> Option<Sign> {
        match letter {
            '-' => Some(Sign::Negative),
            '+' => Some(Sign::Always),
            ' ' => Some(Sign::Space),
            _ => None,
        }
    }
}

impl Presentation {
    fn from_letter(letter: char) -> Option<Presentation> {
        match letter {
            'd' => Some(Presentation::Decimal),
            'f' => Some(Presentation::Fixed),
            'e' => Some(Presentation::Exponent),
            'g' => Some(Presentation::General),
            '%' => Some(Presentation::Percent),
            'F' => Some(Presentation::Upper(UpperKind::Fixed)),
            'E' => Some(Presentation::Upper(UpperKind::Exponent)),
            'G' => Some(Presentation::Upper(UpperKind::General)),
            _ => None,
        }
    }
}

/// Takes the digits at the beginning, if there are any.
fn number(rest: &mut &str) -> Result<Option<usize>, String> {
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    match digits.parse::<usize>() {
        _ if digits.is_empty() => Ok(None),
        Ok(number) if number <= WIDEST => Ok(Some(number)),
        _ => Err(format!("{digits} is more than {WIDEST} characters")),
    }
}

/// Python's `g` for a nonnegative number, or with `point` Python's default format, which always contains a point.
fn general(value: f64, precision: usize, point: bool) -> String {
    let precision = precision.max(1);
    let text = format!("{value:.*e}", precision - 1);
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    if power < -4 || power >= precision as i32 - i32::from(point) {
        return with_exponent(&format!("{}e{power}", without_zeros(digits)));
    }
    let decimals = (precision as i32 - 1 - power).max(0) as usize;
    let fixed = format!("{value:.decimals$}");
    let short = without_zeros(&fixed);
    if point && !short.contains('.') { format!("{short}.0") } else { short.into() }
}

/// Removes the zeros at the end of the fraction.
fn without_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// `1.5e-3` as `1.5e-03`: with a sign and at least two digits in the exponent.
fn with_exponent(text: &str) -> String {
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected strings are those of `format(value, spec)` in CPython 3.12.
    #[test]
    fn numbers_are_python_s() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (spec, value, expected) in [
            ("", 0.1, "0.1"),
            ("", 5.0, "5.0"),
            ("", 1e16, "1e+16"),
            ("", 1e-5, "1e-05"),
            ("", -2.5, "-2.5"),
            (".2", 1234.5, "1.2e+03"),
            (".3", 0.123_456, "0.123"),
            (".0", 5.0, "5e+00"),
            (".1", 1e-5, "1e-05"),
            (".1", 0.0, "0e+00"),
            (".2", 10.0, "1e+01"),
            (".3", 10.0, "10.0"),
            (".17", 0.1, "0.10000000000000001"),
            (".3g", 0.000_123_45, "0.000123"),
            (".3g", 123_456.0, "1.23e+05"),
            (".3g", 0.0, "0"),
            (".0g", 0.5, "0.5"),
            ("g", 1e-5, "1e-05"),
            ("g", 100_000.0, "100000"),
            ("g", 1e6, "1e+06"),
            ("G", 1e-10, "1E-10"),
            ("08.2f", -1.5, "-0001.50"),
            (">8.2f", 1.5, "    1.50"),
            ("<8.2f", 1.5, "1.50    "),
            ("^8.2f", 1.5, "  1.50  "),
            ("=8.2f", -1.5, "-   1.50"),
            ("+.2f", 1.5, "+1.50"),
            (" .2f", 1.5, " 1.50"),
            ("+", 1.5, "+1.5"),
            ("x>6", 1.5, "xxx1.5"),
            ("06", 1.5, "0001.5"),
            ("<06", 1.5, "1.5000"),
            (" <06", 1.5, "1.5   "),
            (".2%", 0.1234, "12.34%"),
            ("%", 0.5, "50.000000%"),
            ("8.1%", 0.5, "   50.0%"),
            (".0e", 1.5, "2e+00"),
            ("e", 0.0, "0.000000e+00"),
            (".2E", 1e-300, "1.00E-300"),
            ("g", nan, "nan"),
            ("F", nan, "NAN"),
            ("06.1f", inf, "000inf"),
            ("06.1f", -inf, "-00inf"),
            ("10", 0.1, "       0.1"),
            ("-5.1f", 2.0, "  2.0"),
            (".1f", -0.04, "-0.0"),
            (".0f", 0.5, "0"),
            (".0f", 1.5, "2"),
        ] {
            let format = FormatSpec::parse(spec).unwrap();
            assert_eq!(format.check(FieldValue::Metric(value)), Ok(()), "{spec}");
            assert_eq!(format.write(FieldValue::Metric(value)), expected, "{spec} {value}");
        }
        for (spec, expected) in [
            ("", "7"),
            ("d", "7"),
            ("02d", "07"),
            ("3", "  7"),
            (">3", "  7"),
            ("<3d", "7  "),
            ("^4", " 7  "),
            ("=+4d", "+  7"),
            ("+d", "+7"),
            (" d", " 7"),
            ("04", "0007"),
            ("f", "7.000000"),
            (".2f", "7.00"),
            ("e", "7.000000e+00"),
            ("g", "7"),
            (".1%", "700.0%"),
            ("<04", "7000"),
            (">03", "007"),
            ("*^5", "**7**"),
            ("05.1f", "007.0"),
        ] {
            let format = FormatSpec::parse(spec).unwrap();
            assert_eq!(format.check(FieldValue::Count(7)), Ok(()), "{spec}");
            assert_eq!(format.write(FieldValue::Count(7)), expected, "{spec}");
        }
    }

    #[test]
    fn formats_that_python_rejects_and_unsupported_ones_are_rejected() {
        let fraction = |spec: &str| FormatSpec::parse(spec).unwrap().check(FieldValue::Metric(0.5));
        assert!(fraction("d").unwrap_err().contains("use .0f"));
        assert!(fraction("03d").is_err());
        assert!(FormatSpec::parse(".3").unwrap().check(FieldValue::Count(7)).unwrap_err().contains("add f"));
        for spec in [".3d", "s", "q", "x", "z.1f", "#x", "_", ",", "10_d", ".", "999d", ".99f", "é", "dd", "3 d", "+-d"]
        {
            assert!(FormatSpec::parse(spec).unwrap_err().contains("such as 02d, .4f or .3e"), "{spec}");
        }
    }
}
