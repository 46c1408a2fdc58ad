//! Removal of spaces and tabs around fields, before records are split.

use super::format::Format;

/// Removes the spaces and tabs around fields; if `whitespace`, they separate fields and each run of them becomes one delimiter.
/// Line breaks, quoted fields and comments are not changed.
pub(super) fn without_blanks(text: &[u8], format: &Format, whitespace: bool) -> Vec<u8> {
    let delimiter = format.delimiter;
    let is_blank = |byte: u8| (byte == b' ' || byte == b'\t') && (whitespace || byte != delimiter);
    let mut kept = Vec::with_capacity(text.len());
    let mut at = 0;
    let (mut line_start, mut field_start) = (true, true);
    // Blanks that were skipped since the last byte of a field.
    let mut blanks = 0..0;
    while let Some(&byte) = text.get(at) {
        if is_blank(byte) {
            blanks = if blanks.end == at { blanks.start..at + 1 } else { at..at + 1 };
            at += 1;
            continue;
        }
        let run = std::mem::replace(&mut blanks, 0..0);
        let ends_field = matches!(byte, b'\n' | b'\r') || (!whitespace && byte == delimiter);
        if !run.is_empty() && !line_start && !ends_field {
            if whitespace {
                kept.push(delimiter);
                field_start = true;
            } else if !field_start {
                kept.extend_from_slice(&text[run]);
            }
        }
        if ends_field {
            kept.push(byte);
            at += 1;
            field_start = true;
            line_start = byte != delimiter;
            continue;
        }
        let end = if line_start && format.comment == Some(byte) {
            at + text[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len() - at)
        } else if field_start && format.quote == Some(byte) {
            let quoted = memchr::memchr_iter(byte, &text[at + 1..]);
            // A doubled quote is part of the field.
            closing(quoted.map(|quote| at + 1 + quote), text, byte)
        } else {
            at + 1
        };
        kept.extend_from_slice(&text[at..end]);
        at = end;
        (line_start, field_start) = (false, false);
    }
    kept
}

/// Returns the position after the closing quote, the first one that is not doubled, or the end of the text.
fn closing(mut quotes: impl Iterator<Item = usize>, text: &[u8], quote: u8) -> usize {
    while let Some(at) = quotes.next() {
        if text.get(at + 1) != Some(&quote) {
            return at + 1;
        }
        quotes.next();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::super::testing::{read, strings, with};
    use super::*;

    fn shown(text: &str, delimiter: u8, whitespace: bool) -> String {
        let format = Format { delimiter, quote: Some(b'"'), comment: Some(b'#') };
        String::from_utf8(without_blanks(text.as_bytes(), &format, whitespace)).unwrap()
    }

    #[test]
    fn blanks_around_fields_are_left_out() {
        assert_eq!(
            shown(" a , b c\t,\" d \" , \r\n # \" ,\n \"x \"\" , y\"\n", b',', false),
            "a,b c,\" d \",\r\n# \" ,\n\"x \"\" , y\"\n"
        );
        assert_eq!(shown("a \t b\t \n", b'\t', false), "a\tb\t\n");
        assert_eq!(shown("a, \"open , \n", b',', false), "a,\"open , \n");
        assert_eq!(shown("5 \" , x", b',', false), "5 \",x");
    }

    #[test]
    fn runs_of_blanks_separate_fields() {
        assert_eq!(shown("  1.5 \t 2  \n\n 3  \"a  b\"  4", b' ', true), "1.5 2\n\n3 \"a  b\" 4");
        assert_eq!(shown("# a  b\n1  2", b' ', true), "# a  b\n1 2");
    }

    #[test]
    fn spaces_around_fields_are_trimmed_by_choice() {
        let text = "age, job\n39, State-gov \n50,\" Private, \"\n";
        assert_eq!(strings(&read(text).unwrap(), "job")[0], Some(" State-gov ".into()));
        let table = with(CsvOptions::new().trim(true), text).unwrap();
        assert_eq!(strings(&table, "job"), [Some("State-gov".into()), Some(" Private, ".into())]);
        let behind = with(CsvOptions::new().trim(true), "a, b\n1, \"x, y\" \n").unwrap();
        assert_eq!(strings(&behind, "b"), [Some("x, y".into())]);
    }
}
