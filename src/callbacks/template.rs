//! File names with figures in them: `model-{epoch:02d}-{val_loss:.4f}`.

use crate::models::Logs;

/// Puts numbers into the braces of a template; the error says what is wrong with it.
///
/// A field is a name, or a name and a format behind a colon: `[0][width][.precision][d|e|f]`, as in Python. `{{` and
/// `}}` stand for braces. `counts` goes before `logs`.
pub(super) fn fill(template: &str, counts: &[(&str, usize)], logs: &Logs) -> Result<String, String> {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(place) = rest.find(['{', '}']) {
        filled.push_str(&rest[..place]);
        let brace = &rest[place..=place];
        rest = &rest[place + 1..];
        if let Some(behind) = rest.strip_prefix(brace) {
            filled.push_str(brace);
            rest = behind;
            continue;
        }
        let (field, behind) = match rest.split_once('}') {
            Some(parts) if brace == "{" => parts,
            _ => return Err(format!("\"{template}\" has a brace without its counterpart")),
        };
        let (name, format) = field.split_once(':').unwrap_or((field, ""));
        let format = Format::parse(format).ok_or_else(|| {
            format!("\"{{{field}}}\" has a format that is not known; expected one like 02d, .4f or .3e")
        })?;
        let count = counts.iter().find(|(known, _)| *known == name).map(|(_, count)| *count as f64);
        let value = count.or_else(|| logs.get(name)).ok_or_else(|| {
            let known: Vec<&str> = counts.iter().map(|(name, _)| *name).chain(logs.names()).collect();
            format!("there is no figure \"{name}\" for \"{template}\"; there are {}", known.join(", "))
        })?;
        filled.push_str(&format.write(value));
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[derive(Debug)]
struct Format {
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    kind: Option<char>,
}

/// Wider numbers than this are no part of a file's name.
const WIDEST: usize = 64;

/// A number of digits alone; a sign would mean something else in Python.
fn number(text: &str) -> Option<usize> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl Format {
    fn parse(text: &str) -> Option<Format> {
        let kind = text.chars().last().filter(|c| c.is_ascii_alphabetic());
        if kind.is_some_and(|kind| !matches!(kind, 'd' | 'e' | 'f')) {
            return None;
        }
        let text = &text[..text.len() - kind.map_or(0, char::len_utf8)];
        let (width, precision) = match text.split_once('.') {
            Some((width, precision)) => (width, Some(number(precision)?)),
            None => (text, None),
        };
        let zeros = width.starts_with('0');
        let width = if width.is_empty() { 0 } else { number(width)? };
        (width <= WIDEST && precision.is_none_or(|digits| digits <= WIDEST)).then_some(Format {
            zeros,
            width,
            precision,
            kind,
        })
    }

    fn write(&self, value: f64) -> String {
        let digits = match (self.kind, self.precision) {
            (Some('d'), _) => format!("{value:.0}"),
            (Some('e'), precision) => scientific(value, precision.unwrap_or(6)),
            (Some(_), precision) => format!("{value:.*}", precision.unwrap_or(6)),
            (None, Some(precision)) => format!("{value:.precision$}"),
            (None, None) => format!("{value}"),
        };
        let width = self.width;
        match (self.zeros, digits.strip_prefix('-')) {
            (true, Some(digits)) => format!("-{digits:0>width$}", width = width.saturating_sub(1)),
            (true, None) => format!("{digits:0>width$}"),
            (false, _) => format!("{digits:>width$}"),
        }
    }
}

/// `1.500e-03`, with at least two digits in the exponent as in Python.
fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    match text.split_once('e').map(|(digits, exponent)| (digits, exponent.parse::<i32>())) {
        Some((digits, Ok(exponent))) => {
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Result<String, String> {
        let mut logs = Logs::default();
        logs.set("val_loss", 0.123_456);
        logs.set("gain", -2.5);
        fill(template, &[("epoch", 7), ("batch", 12)], &logs)
    }

    #[test]
    fn fields_are_python_s() {
        for (template, expected) in [
            ("plain", "plain"),
            ("m-{epoch:02d}-{val_loss:.4f}.st", "m-07-0.1235.st"),
            ("{epoch}/{batch:5d}", "7/   12"),
            ("{val_loss:.2e}", "1.23e-01"),
            ("{gain:06.1f}", "-002.5"),
            ("{val_loss:f}", "0.123456"),
            ("{{{epoch}}}", "{7}"),
            ("é{epoch}ß", "é7ß"),
        ] {
            assert_eq!(filled(template).unwrap(), expected);
        }
    }

    #[test]
    fn mistakes_are_explained() {
        assert!(filled("{loss}").unwrap_err().contains("there are epoch, batch, val_loss, gain"));
        for wrong in
            ["{epoch", "epoch}", "{epoch:x}", "{epoch:+3d}", "{epoch:.}", "{epoch:999d}", "{epoch:é}", "{", "}{"]
        {
            assert!(filled(wrong).is_err(), "{wrong}");
        }
    }
}
