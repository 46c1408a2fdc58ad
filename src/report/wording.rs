//! Numbers, names and counts in the sentences of the report.

use crate::plot::number;

/// The most characters of a name that are shown.
const LONGEST_NAME: usize = 60;

/// A count with thousands separators.
pub(super) fn count(n: usize) -> String {
    number::fixed(n as f64, 0)
}

/// A count with its noun in the singular or the plural, `1 row`, `1,234 rows`.
pub(super) fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// A fraction as a percentage with one decimal; two below 1%.
pub(super) fn percent(fraction: f64) -> String {
    let decimals = if fraction.abs() < 0.01 && fraction != 0.0 { 2 } else { 1 };
    if fraction.is_finite() { format!("{}%", number::fixed(100.0 * fraction, decimals)) } else { "–".into() }
}

/// A number with this many decimals; a dash if it is not finite.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    if value.is_finite() { number::fixed(value, decimals) } else { "–".into() }
}

/// A number with about four significant digits; a dash if it is not finite.
pub(super) fn short(value: f64) -> String {
    if value.is_finite() { number::plain(value) } else { "–".into() }
}

/// `value ± error`; only the value if the error is not finite.
pub(super) fn with_error(value: f64, error: f64, write: fn(f64) -> String) -> String {
    if error.is_finite() { format!("{} ± {}", write(value), write(error)) } else { write(value) }
}

/// A name of a column or category in one line: at most 60 characters, and what is written from right to left isolated from the
/// text around it.
pub(super) fn name(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_NAME + 1).filter(|c| !is_control(*c)).collect();
    let shown_count = shown.chars().count();
    if shown_count > LONGEST_NAME || text.chars().nth(LONGEST_NAME + 1).is_some() {
        shown = shown.chars().take(LONGEST_NAME - 1).collect();
        shown.push('…');
    }
    if shown.trim().is_empty() {
        return "(empty)".into();
    }
    if shown.chars().any(is_right_to_left) { format!("\u{2068}{shown}\u{2069}") } else { shown }
}

/// Items in a sentence: `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A text in lower case ASCII letters, digits and hyphens, for the name of a file.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if slug.len() >= 48 {
            break;
        }
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "picture".into() } else { slug.into() }
}

/// Characters that would break a line, or change the direction of what follows.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_of_limited_length_and_direction() {
        assert_eq!(name("home_ownership"), "home_ownership");
        assert_eq!(name("a\nb\u{202e}c"), "abc");
        assert_eq!(name(&"x".repeat(10_000)).chars().count(), LONGEST_NAME);
        assert_eq!(name(&"x".repeat(LONGEST_NAME)), "x".repeat(LONGEST_NAME));
        assert_eq!(name("שלום"), "\u{2068}שלום\u{2069}");
        assert_eq!(name(" "), "(empty)");
    }

    #[test]
    fn numbers_and_lists_read_as_in_a_sentence() {
        assert_eq!([counted(1, "row"), counted(1_234, "row")], ["1 row", "1,234 rows"]);
        assert_eq!(
            [percent(0.1813), percent(0.00123), percent(0.0), percent(f64::NAN)],
            ["18.1%", "0.12%", "0.0%", "–"]
        );
        assert_eq!(with_error(0.5, 0.01, |v| fixed(v, 2)), "0.50 ± 0.01");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }

    #[test]
    fn a_slug_is_safe_in_a_file_name() {
        assert_eq!(slug("ROC: <b>../x"), "roc-b-x");
        assert_eq!(slug("שלום"), "picture");
        assert!(slug(&"long ".repeat(100)).len() <= 48);
    }
}
