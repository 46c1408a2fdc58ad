//! Finds the quoted fields of a record, and checks that every quote is closed at the end of its field.
//!
//! `csv-core` reads any text without an error and does not report what was quoted; the records that hold a quote are
//! gone through once more here.

use memchr::{memchr, memchr3};

use super::format::Format;

/// An invalid quote: its position in the record, the field, and the reason.
#[derive(Debug, PartialEq)]
pub(super) struct Unclosed {
    pub(super) at: usize,
    pub(super) field: usize,
    pub(super) reason: Reason,
}

#[derive(Debug, PartialEq)]
pub(super) enum Reason {
    /// The text ends before a quote closes the field.
    End,
    /// A later quote that was meant to open a field closes this one: text follows up to this position.
    TrailingCharacters(usize),
}

/// Notes for each field of a raw record, which may end with its line break, whether quotes enclose the whole of it.
pub(super) fn scan(record: &[u8], format: &Format, quoted: &mut Vec<bool>) -> Result<(), Unclosed> {
    quoted.clear();
    let end_of_field = |from: usize| {
        let rest = record.get(from..).unwrap_or_default();
        from + memchr3(format.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len())
    };
    let mut at = 0;
    loop {
        let opens = record.get(at).is_some_and(|byte| format.quote == Some(*byte));
        let end = if opens {
            let quote = record[at];
            let reason = |reason| Unclosed { at, field: quoted.len(), reason };
            let close = close(record, at, quote).ok_or_else(|| reason(Reason::End))?;
            let end = end_of_field(close);
            // In a field of several lines it is the sign of rows that were taken in by a quote never meant to open.
            let several_lines = record[at..close].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            if several_lines && !record[close..end].trim_ascii().is_empty() {
                return Err(reason(Reason::TrailingCharacters(close)));
            }
            quoted.push(close == end);
            end
        } else {
            quoted.push(false);
            end_of_field(at)
        };
        match record.get(end) {
            Some(&byte) if byte == format.delimiter => at = end + 1,
            _ => return Ok(()),
        }
    }
}

/// Behind the quote that closes the one at `open`.
fn close(record: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr(quote, record.get(at..)?)? + 1;
        match record.get(at) {
            Some(&byte) if byte == quote => at += 1,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::super::testing::{message, read, strings, with};
    use super::*;
    use std::io::Write;

    fn scanned(record: &str) -> Result<Vec<bool>, Unclosed> {
        let format = Format { delimiter: b',', quote: Some(b'"'), comment: None };
        let mut quoted = Vec::new();
        scan(record.as_bytes(), &format, &mut quoted).map(|()| quoted)
    }

    #[test]
    fn quoted_fields_are_distinguished_from_others() {
        assert_eq!(scanned("a,\"b\",5\" inch,\"\"\n").unwrap(), [false, true, false, true]);
        assert_eq!(scanned("\"a,\"\"b\"\"\nc\",\"x\"y,").unwrap(), [true, false, false]);
        assert_eq!(scanned("\"a\nb\" ,\"\r\"\r\n").unwrap(), [false, true]);
    }

    #[test]
    fn quotes_that_do_not_close_their_field_are_found() {
        assert_eq!(scanned("a,\"b\nc,d\n"), Err(Unclosed { at: 2, field: 1, reason: Reason::End }));
        assert_eq!(scanned("\""), Err(Unclosed { at: 0, field: 0, reason: Reason::End }));
        assert_eq!(scanned("\"a\"\""), Err(Unclosed { at: 0, field: 0, reason: Reason::End }));
        let behind = Unclosed { at: 2, field: 1, reason: Reason::TrailingCharacters(12) };
        assert_eq!(scanned("1,\"5 inch\n2\"ok\"\n"), Err(behind));
    }

    #[test]
    fn an_unclosed_quote_is_named_with_the_line_where_it_opens() {
        let many = format!("id,y\n{}7,\"5 inch\n{}", "1,ok\n".repeat(5000), "2,ok\n".repeat(5000));
        for (text, place) in [
            ("first,city\nAnn,Oslo\nRay,\"Rome\nFox,Bern\n", "line 3, column \"city\""),
            ("a,\"b\n1,2\n3,4\n", "line 1, column 2"),
            ("id,score\n1,2\n2,\"3\n3,4\n", "line 3, column \"score\""),
            ("note\nfine\n\"oops\nlost\n", "line 3, column \"note\""),
            ("a,b\n1,\"", "line 2, column \"b\""),
            ("a,b\n\"x\ny\",\"z", "line 3, column \"b\""),
            ("a,b\r1,\"2\r3,4", "line 2, column \"b\""),
            (&many, "line 5002, column \"y\""),
        ] {
            let expected =
                format!("f.csv, {place}: the quote that opens here is not closed before the end of the file");
            let found = message(with(CsvOptions::new(), text));
            assert!(found.starts_with(&expected), "{found}");
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            assert!(message(with(CsvOptions::new(), packed.finish().unwrap())).starts_with(&expected));
        }
        let named = with(CsvOptions::new().column_names(["a", "b"]), "1,2\n3,\"4\n");
        assert!(message(named).starts_with("f.csv, line 2, column \"b\": the quote that opens here"));
        // A later field's quote closes it, after rows that it took in.
        let closed = message(read("id,note\n1,\"5 inch\n2,\"ok\"\n3,fine\n"));
        assert!(
            closed.starts_with("loans.csv, line 2, column \"note\": the quote that opens here is closed in line 3"),
            "{closed}"
        );
        let plain = with(CsvOptions::new().quote(None), "id,note\n1,\"5 inch\n2,\"ok\"\n").unwrap();
        assert_eq!(strings(&plain, "note"), [Some("\"5 inch".into()), Some("\"ok\"".into())]);
    }

    #[test]
    fn quotes_that_are_closed_or_within_a_field_are_fine() {
        let table = read("a,b\n5\" inch,\"x\ny\"\n\"q\"\"\",\"z\" \n\"k\"l,\"\n\" \n").unwrap();
        assert_eq!(strings(&table, "a"), [Some("5\" inch".into()), Some("q\"".into()), Some("kl".into())]);
        assert_eq!(strings(&table, "b")[..2], [Some("x\ny".into()), Some("z ".into())]);
        let single = with(CsvOptions::new().quote('\''), "a,b\n'x, y',\"z\n").unwrap();
        assert_eq!(
            (strings(&single, "a"), strings(&single, "b")),
            (vec![Some("x, y".into())], vec![Some("\"z".into())])
        );
    }
}
