//! Parts of the messages that depend on the values.

/// A number in a message: in full if it has few digits, else in scientific notation.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    match value == 0.0 || !value.is_finite() || (1e-5..1e16).contains(&size) {
        true => value.to_string(),
        false => format!("{value:e}"),
    }
}

/// The largest number of characters of a value that a message quotes.
const QUOTED: usize = 300;

/// The largest number of names of a list that a message quotes.
const LISTED: usize = 100;

/// A value in a message: a number too long to be read digit by digit as [`number`] writes it, the beginning of a long string, all else
/// as it is.
pub(super) fn value(text: String) -> String {
    let is_long = text.len() > 20 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    match text.parse() {
        Ok(value) if is_long => number(value),
        _ if text.len() > 4 * QUOTED => shortened(&text),
        _ => text,
    }
}

/// A string in a message; only the beginning of a long string.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
        None => text.to_owned(),
    }
}

/// The names of a list in one line; only the first ones of a long list.
pub(super) fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".into();
    }
    let mut listed: Vec<String> = names.iter().take(LISTED).map(|name| shortened(name)).collect();
    if let more @ 1.. = names.len().saturating_sub(LISTED) {
        listed.push(format!("{more} more"));
    }
    listed.join(", ")
}

/// The advice as the last clause of a message; empty if there is none.
pub(super) fn advice_suffix(advice: &str) -> String {
    if advice.is_empty() { String::new() } else { format!("; {advice}") }
}

/// The columns that cause every row to be incomplete, and the remedy.
pub(super) fn incomplete(empty: &[String], most: &[(String, usize)]) -> String {
    if empty.is_empty() {
        let most: Vec<String> = most.iter().map(|(name, count)| format!("\"{name}\" ({count})")).collect();
        return format!(
            "most are missing in {}; leave such columns out with drop_columns, or fill them",
            most.join(", ")
        );
    }
    let names: Vec<String> = empty.iter().map(|name| format!("\"{name}\"")).collect();
    format!("no row has a value in {}; remove such columns first with drop_empty_columns()", names.join(", "))
}

/// The usual cause of a single column where more are expected, and its remedy.
pub(super) fn vector_advice(columns: usize) -> &'static str {
    match columns {
        1 => "; a single sample is a row: a vector of its values is passed as .transpose()",
        _ => "",
    }
}

/// The weights that the model holds after its loss became NaN or infinite.
pub(super) fn held_weights(restored_epoch: Option<usize>) -> String {
    match restored_epoch {
        Some(epoch) => restored_weights(epoch),
        None => "the weights from the beginning of that epoch".into(),
    }
}

/// The weights that the model holds after a callback restored those of an epoch.
pub(super) fn restored_weights(epoch: usize) -> String {
    format!("the weights of epoch {epoch}, which a callback has restored")
}

/// A count with its noun in the singular or the plural, `1 row`, `20 rows`; the plural of a class or a category is irregular.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    if let Some(stem) = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{count} {stem}ies");
    }
    match noun.ends_with("ss") || noun.ends_with('x') || noun.ends_with("ch") {
        true => format!("{count} {noun}es"),
        false => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_one_has_the_singular() {
        let cases =
            [(0, "row", "0 rows"), (1, "row", "1 row"), (2, "class", "2 classes"), (3, "category", "3 categories")];
        for (count, noun, expected) in cases {
            assert_eq!(counted(count, noun), expected);
        }
        assert_eq!((counted(2, "day"), counted(1, "class")), ("2 days".into(), "1 class".into()));
    }

    #[test]
    fn numbers_are_short_in_messages() {
        for (value, text) in [
            (0.0, "0"),
            (-1.5, "-1.5"),
            (1e6, "1000000"),
            (1e308, "1e308"),
            (f64::MAX, "1.7976931348623157e308"),
            (1e-320, "1e-320"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
            assert!(super::value(value.to_string()) == text, "{value:e}");
        }
        assert_eq!(value("18446744073709551615".into()), "18446744073709551615");
        assert_eq!(value("a name of more than twenty letters".into()), "a name of more than twenty letters");
    }

    #[test]
    fn long_strings_and_lists_are_cut_off_in_messages() {
        let long = "ä".repeat(3 * QUOTED);
        assert_eq!(value(long.clone()), format!("{}… (900 characters)", "ä".repeat(QUOTED)));
        assert_eq!((shortened("short"), value("z".repeat(4 * QUOTED)).len()), ("short".into(), 4 * QUOTED));
        let names: Vec<String> = (0..LISTED + 2).map(|index| index.to_string()).collect();
        assert!(list(&names).ends_with("98, 99, 2 more"));
    }
}
