//! The records of a CSV file with the lines they are on.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr_iter, memchr2};

use crate::error::{Error, Place, Result};

use super::format::Format;
use super::quotes::{Reason, scan};

/// The number of line breaks: line feeds, carriage returns, and both together as one.
pub(super) fn line_breaks(text: &[u8]) -> u64 {
    let feeds = memchr_iter(b'\n', text).count();
    let returns = memchr_iter(b'\r', text).filter(|&at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + returns) as u64
}

/// The text after this many lines.
pub(super) fn behind_lines(text: &[u8], lines: usize) -> &[u8] {
    let mut rest = text;
    for _ in 0..lines {
        let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else { return &[] };
        let both = rest[end..].starts_with(b"\r\n");
        rest = &rest[end + 1 + usize::from(both)..];
    }
    rest
}

/// The records of a file with the lines they start on.
pub(super) struct Records<'a> {
    text: &'a [u8],
    file: &'a str,
    format: Format,
    reader: Reader,
    /// How far the text is read, and the line there.
    at: usize,
    next_line: u64,
    /// The first quote from there on, or the end of the text.
    next_quote: usize,
    holds_nul: bool,
    fields: Vec<u8>,
    ends: Vec<usize>,
    quoted: Vec<bool>,
    /// Whether it is of interest which fields are in quotes.
    notes_quotes: bool,
    length: usize,
    pub(super) line: u64,
    /// Whether the text goes on after what is here, so that a record that reaches the end may be incomplete.
    partial: bool,
    /// Where the records that were returned end.
    returned: usize,
}

impl<'a> Records<'a> {
    /// Of a string that begins on that line of the file.
    pub(super) fn new(text: &'a [u8], file: &'a str, format: Format, line: u64) -> Records<'a> {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(format.delimiter);
        match format.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        let mut records = Records {
            text,
            file,
            format,
            reader: builder.build(),
            at: 0,
            next_line: line,
            next_quote: 0,
            holds_nul: memchr(0, text).is_some(),
            fields: vec![0; 256],
            ends: vec![0; 32],
            quoted: Vec::new(),
            notes_quotes: true,
            length: 0,
            line,
            partial: false,
            returned: 0,
        };
        records.find_quote();
        records
    }

    /// If `partial`, a record that reaches the end of the text is not returned. The text does not end between the two
    /// bytes of a line break.
    pub(super) fn partial(mut self, partial: bool) -> Records<'a> {
        self.partial = partial;
        self
    }

    /// Where the records that were returned end; [`line`](Self::line) is the one there, once there are no more.
    pub(super) fn returned(&self) -> usize {
        self.returned
    }

    /// Moves to the next record; false at the end. Empty lines and comments are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::UnclosedQuote`], [`Error::NulByte`].
    pub(super) fn next(&mut self) -> Result<bool> {
        self.pass_over();
        self.line = self.next_line;
        let start = self.at;
        self.returned = start;
        if start == self.text.len() {
            self.length = 0;
            return Ok(false);
        }
        let (mut written, mut ended) = (0, 0);
        loop {
            let rest = &self.text[self.at..];
            let (result, read, wrote, ends) =
                self.reader.read_record(rest, &mut self.fields[written..], &mut self.ends[ended..]);
            self.at += read;
            written += wrote;
            ended += ends;
            match result {
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                // With nothing left the reader is asked once more, and ends the record.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if self.partial && self.at == self.text.len() {
            self.length = 0;
            return Ok(false);
        }
        self.length = ended;
        if self.text[start..self.at].ends_with(b"\r") && self.text.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        self.quoted.clear();
        if self.next_quote < self.at {
            // A record of one line that ends before the text does has closed all its quotes.
            let record = &self.text[start..self.at];
            let first_break = memchr2(b'\n', b'\r', record);
            let is_one_line = first_break.is_some_and(|at| record[at..].len() <= 1 || &record[at..] == b"\r\n");
            if self.notes_quotes || !is_one_line || self.at == self.text.len() {
                self.check_quotes(start)?;
            }
            self.next_line += if is_one_line { 1 } else { line_breaks(&self.text[start..self.at]) };
            self.find_quote();
        } else {
            self.next_line += u64::from(self.text[..self.at].ends_with(b"\n") || self.text[..self.at].ends_with(b"\r"));
        }
        if self.holds_nul {
            self.check_nul()?;
        }
        Ok(true)
    }

    /// Notes from now on which fields are in quotes, or does not, which saves the time.
    pub(super) fn note_quotes(&mut self, notes_quotes: bool) {
        self.notes_quotes = notes_quotes || self.holds_nul;
    }

    /// The number of fields of the record.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// A field of the record, without its quotes.
    #[inline]
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.fields[start..self.ends[index]]
    }

    /// Whether quotes enclose a field of the record.
    pub(super) fn is_quoted(&self, index: usize) -> bool {
        self.quoted.get(index).copied().unwrap_or(false)
    }

    /// Whether no field of the record is in quotes.
    pub(super) fn is_plain(&self) -> bool {
        self.quoted.is_empty()
    }

    /// Whether the line after the record is empty.
    pub(super) fn is_followed_by_empty_line(&self) -> bool {
        matches!(self.text.get(self.at), Some(b'\n' | b'\r'))
    }

    pub(super) fn place(&self) -> Place {
        Place::Line { file: self.file.to_owned(), line: self.line }
    }

    /// Moves over empty lines and comments.
    fn pass_over(&mut self) {
        loop {
            match self.text.get(self.at) {
                Some(b'\n') => self.at += 1,
                Some(b'\r') => self.at += 1 + usize::from(self.text.get(self.at + 1) == Some(&b'\n')),
                Some(&byte) if self.format.comment == Some(byte) => {
                    let end = self.text.len() - behind_lines(&self.text[self.at..], 1).len();
                    if self.partial && end == self.text.len() {
                        break;
                    }
                    self.at = end;
                }
                _ => break,
            }
            self.next_line += 1;
        }
        if self.next_quote < self.at {
            self.find_quote();
        }
    }

    fn find_quote(&mut self) {
        let found = self.format.quote.and_then(|quote| memchr(quote, &self.text[self.at..]));
        self.next_quote = found.map_or(self.text.len(), |found| self.at + found);
    }

    fn check_quotes(&mut self, start: usize) -> Result<()> {
        let record = &self.text[start..self.at];
        let Err(unclosed) = scan(record, &self.format, &mut self.quoted) else { return Ok(()) };
        let line_of = |at: usize| self.line + line_breaks(&record[..at]);
        let reason = match unclosed.reason {
            Reason::End => "is not closed before the end of the file".to_owned(),
            Reason::TrailingCharacters(at) => {
                format!("is closed in line {} by a quote with text behind it", line_of(at))
            }
        };
        let place = Place::Line { file: self.file.to_owned(), line: line_of(unclosed.at) };
        Err(Error::UnclosedQuote { place, column: (unclosed.field + 1).to_string(), reason })
    }

    fn check_nul(&self) -> Result<()> {
        let holds_nul = |index: &usize| !self.is_quoted(*index) && self.field(*index).contains(&0);
        if !(0..self.length).any(|index| holds_nul(&index)) {
            return Ok(());
        }
        let advice = match self.text {
            [0, _, ..] => {
                "as in UTF-16 without a byte order mark; read it with CsvOptions::new().encoding(\"utf-16be\")"
            }
            [_, 0, ..] => {
                "as in UTF-16 without a byte order mark; read it with CsvOptions::new().encoding(\"utf-16le\")"
            }
            _ => {
                "which text does not hold; the file is damaged, or in another encoding, which CsvOptions::encoding names"
            }
        };
        Err(Error::NulByte { place: self.place(), advice: advice.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cases;

    fn records(text: &str) -> Vec<(u64, Vec<String>)> {
        let format = Format { delimiter: b',', quote: Some(b'"'), comment: Some(b'#') };
        let mut records = Records::new(text.as_bytes(), "f", format, 1);
        let mut all = Vec::new();
        while records.next().unwrap() {
            let fields = (0..records.len()).map(|index| String::from_utf8_lossy(records.field(index)).into_owned());
            all.push((records.line, fields.collect()));
        }
        all
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "# \"", "\"x", "y\",", "c,d"].join(end);
            let found = records(&text);
            let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 4, 6], "{end:?}");
            assert_eq!(found[1].1, [format!("x{end}y"), String::new()]);
            assert_eq!(found, records(&(text + end)));
        }
    }

    #[test]
    fn long_records_fit() {
        let long = vec!["0123456789"; 100].join(",");
        assert_eq!(records(&format!("{long}\n{long}"))[1].1.len(), 100);
    }

    /// A second pass over the record finds which fields are quoted, and must find the same fields.
    #[test]
    fn both_passes_over_a_record_find_the_same_fields() {
        random_cases::check(256, |random| {
            let text = random_cases::string(random, "a#,\"\r\n ", 40);
            let format = Format { delimiter: b',', quote: Some(b'"'), comment: None };
            let mut records = Records::new(text.as_bytes(), "f", format, 1);
            while let Ok(true) = records.next() {
                assert!(records.is_plain() || records.quoted.len() == records.len());
            }
        });
    }
}
