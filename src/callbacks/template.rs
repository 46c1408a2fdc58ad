//! File names with fields for metrics: `model-{epoch:02d}-{val_loss:.4f}`.

use super::python_format::{FieldValue, FormatSpec};

/// A file name with fields for epoch, batch and metrics.
///
/// A field is a name, optionally followed by a colon and a format as in Python. `{{` and `}}` denote braces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template {
    parts: Vec<TemplatePart>,
}

#[derive(Debug, Clone, PartialEq)]
enum TemplatePart {
    Text(String),
    Field { name: String, format: FormatSpec },
}

/// The fields that are counters, and therefore whole numbers.
const COUNTS: [&str; 2] = ["epoch", "batch"];

impl Template {
    /// Parses a name; the error states what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(place) = rest.find(['{', '}']) {
            plain.push_str(&rest[..place]);
            let brace = &rest[place..=place];
            rest = &rest[place + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let (field, after) = match rest.split_once('}') {
                Some(parts) if brace == "{" => parts,
                _ => return Err("a name whose braces come in pairs; {{ and }} denote braces themselves".into()),
            };
            let (name, spec) = field.split_once(':').unwrap_or((field, ""));
            let explain = |reason: String| {
                format!("a name whose fields can be filled: the format of {{{field}}} is not valid: {reason}")
            };
            let format = FormatSpec::parse(spec).map_err(explain)?;
            // The name of a field determines the type of its number.
            let number = if COUNTS.contains(&name) { FieldValue::Count(1) } else { FieldValue::Metric(0.5) };
            format.check(number).map_err(explain)?;
            parts.push(TemplatePart::Text(std::mem::take(&mut plain)));
            parts.push(TemplatePart::Field { name: name.into(), format });
            rest = after;
        }
        plain.push_str(rest);
        parts.push(TemplatePart::Text(plain));
        Ok(Template { parts })
    }

    /// The names of the fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Field { name, .. } => Some(name.as_str()),
        })
    }

    /// The name with its values; `None` if one of them is missing.
    pub(super) fn fill(&self, number: impl Fn(&str) -> Option<FieldValue>) -> Option<String> {
        let parts = self.parts.iter().map(|part| match part {
            TemplatePart::Text(text) => Some(text.clone()),
            TemplatePart::Field { name, format } => Some(format.write(number(name)?)),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Option<String> {
        let number = |name: &str| match name {
            "epoch" => Some(FieldValue::Count(7)),
            "batch" => Some(FieldValue::Count(12)),
            "val_loss" => Some(FieldValue::Metric(0.123_456)),
            "gain" => Some(FieldValue::Metric(-2.5)),
            _ => None,
        };
        Template::parse(template).unwrap().fill(number)
    }

    #[test]
    fn fields_are_python_s() {
        for (template, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("m-{epoch:02d}-{val_loss:.4f}.st", "m-07-0.1235.st"),
            ("{epoch}/{batch:5d}", "7/   12"),
            ("{val_loss:.2e}", "1.23e-01"),
            ("{val_loss:.3g}", "0.123"),
            ("{gain:06.1f}", "-002.5"),
            ("{val_loss:f}", "0.123456"),
            ("{gain}", "-2.5"),
            ("{{{epoch}}}", "{7}"),
            ("é{epoch:>3}ß", "é  7ß"),
        ] {
            assert_eq!(filled(template).unwrap(), expected);
        }
        assert_eq!(filled("{epoch}-{loss}"), None);
    }

    #[test]
    fn errors_explain_invalid_names() {
        let error = Template::parse("m-{val_loss:d}").unwrap_err();
        assert!(error.contains("the format of {val_loss:d} is not valid: d is for whole numbers"), "{error}");
        for wrong in ["{epoch", "epoch}", "{epoch:x}", "{epoch:.}", "{epoch:999d}", "{epoch:é}", "{", "}{"] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }
}
