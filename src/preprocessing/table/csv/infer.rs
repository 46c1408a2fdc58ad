//! The type of a CSV column, found while it is read.

use super::super::column::TextBuilder;
use super::super::{Column, spelling};
use super::notation::Notation;
use super::options::Kind;

/// The fields that mean a missing value, found by their first byte before they are compared.
pub(super) struct Markers {
    markers: Vec<Vec<u8>>,
    first: [bool; 256],
    /// Those that are numbers, which stand for a number however it is spelled.
    numbers: Vec<f64>,
}

impl Markers {
    pub(super) fn new(markers: &[String], notation: &Notation) -> Markers {
        let markers: Vec<Vec<u8>> = markers.iter().map(|marker| marker.as_bytes().trim_ascii().to_vec()).collect();
        let mut first = [false; 256];
        for byte in markers.iter().filter_map(|marker| marker.first()) {
            first[usize::from(*byte)] = true;
        }
        let numbers = markers.iter().filter_map(|marker| notation.parse(marker)).map(|numeral| numeral.value);
        Markers { first, numbers: numbers.collect(), markers }
    }

    fn contains(&self, field: &[u8]) -> bool {
        let field = field.trim_ascii();
        match field.first() {
            None => true,
            Some(&byte) => self.first[usize::from(byte)] && self.markers.iter().any(|marker| marker == field),
        }
    }
}

/// Why a field does not fit its column.
pub(super) enum Refused {
    NotUtf8,
    NotANumber,
    NotABoolean,
}

/// What fields mean in a file.
pub(super) struct Meaning {
    pub(super) markers: Markers,
    pub(super) notation: Notation,
}

impl Meaning {
    /// The number in a field, NaN for one that a marker stands for; none for digits that would be rounded, unless they may be.
    fn number(&self, field: &[u8], rounded: bool) -> Option<f64> {
        let numeral = self.notation.parse(field).filter(|numeral| numeral.exact || rounded)?;
        let marked = !self.markers.numbers.is_empty() && self.markers.numbers.contains(&numeral.value);
        Some(if marked { f64::NAN } else { numeral.value })
    }
}

/// A column while it is read.
pub(super) struct Building {
    values: Values,
    /// Whether its type was declared, so that what does not fit is refused.
    declared: bool,
}

enum Values {
    /// Only missing values so far, this many.
    Undecided(usize),
    Number(Vec<f64>),
    Boolean(Vec<Option<bool>>),
    Text(TextBuilder),
    /// Numbers or booleans until something else came: to be read as text in a second pass.
    Reread,
}

impl Building {
    pub(super) fn undecided() -> Building {
        Building { values: Values::Undecided(0), declared: false }
    }

    pub(super) fn declared(kind: Kind) -> Building {
        let values = match kind {
            Kind::Number => Values::Number(Vec::new()),
            Kind::Boolean => Values::Boolean(Vec::new()),
            Kind::Text => Values::Text(TextBuilder::default()),
        };
        Building { values, declared: true }
    }

    /// Whether it has to be read once more, as text.
    pub(super) fn is_to_reread(&self) -> bool {
        matches!(self.values, Values::Reread)
    }

    /// Takes the field of the next row; `text` for one whose quotes say that it is text.
    pub(super) fn push(&mut self, field: &[u8], text: bool, meaning: &Meaning) -> std::result::Result<(), Refused> {
        // What was declared does not depend on quotes.
        let text = text && (!self.declared || matches!(self.values, Values::Text(_)));
        if !text && meaning.markers.contains(field) {
            self.push_missing();
            return Ok(());
        }
        match &mut self.values {
            Values::Undecided(rows) => {
                let rows = *rows;
                let number = if text { None } else { meaning.number(field, false) };
                let boolean = || if text { None } else { boolean(field) };
                self.values = if let Some(number) = number {
                    let mut numbers = vec![f64::NAN; rows];
                    numbers.push(number);
                    Values::Number(numbers)
                } else if let Some(boolean) = boolean() {
                    let mut booleans = vec![None; rows];
                    booleans.push(Some(boolean));
                    Values::Boolean(booleans)
                } else {
                    let mut texts = TextBuilder::default();
                    texts.push_missing(rows);
                    texts.push(utf8(field)?);
                    Values::Text(texts)
                };
            }
            Values::Number(numbers) => {
                let number = if text { None } else { meaning.number(field, self.declared) };
                match number {
                    Some(number) => numbers.push(number),
                    None => self.refuse(field, Refused::NotANumber)?,
                }
            }
            Values::Boolean(booleans) => {
                let boolean = if text { None } else { boolean(field) };
                let digit = || match field.trim_ascii() {
                    b"1" if self.declared => Some(true),
                    b"0" if self.declared => Some(false),
                    _ => None,
                };
                match boolean.or_else(digit) {
                    Some(boolean) => booleans.push(Some(boolean)),
                    None => self.refuse(field, Refused::NotABoolean)?,
                }
            }
            Values::Text(texts) => texts.push(utf8(field)?),
            Values::Reread => {}
        }
        Ok(())
    }

    /// Takes the value of a row that has no such field.
    pub(super) fn push_missing(&mut self) {
        match &mut self.values {
            Values::Undecided(rows) => *rows += 1,
            Values::Number(numbers) => numbers.push(f64::NAN),
            Values::Boolean(booleans) => booleans.push(None),
            Values::Text(texts) => texts.push_missing(1),
            Values::Reread => {}
        }
    }

    /// A field that is none of the column's type.
    fn refuse(&mut self, field: &[u8], reason: Refused) -> std::result::Result<(), Refused> {
        utf8(field)?;
        if self.declared {
            return Err(reason);
        }
        self.values = Values::Reread;
        Ok(())
    }

    pub(super) fn finish(self) -> Column {
        match self.values {
            Values::Undecided(rows) => Column::Number(vec![f64::NAN; rows]),
            Values::Number(numbers) => Column::Number(numbers),
            Values::Boolean(booleans) => Column::Boolean(booleans.into_iter().collect()),
            Values::Text(texts) => Column::Text(texts.finish()),
            Values::Reread => Column::Number(Vec::new()),
        }
    }
}

fn utf8(field: &[u8]) -> std::result::Result<&str, Refused> {
    std::str::from_utf8(field).map_err(|_| Refused::NotUtf8)
}

fn boolean(field: &[u8]) -> Option<bool> {
    spelling::boolean(std::str::from_utf8(field).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::*;

    #[test]
    fn markers_are_compared_whole_and_without_spaces() {
        let notation = Notation::of(&CsvOptions::new()).unwrap();
        let markers = Markers::new(&["NA".to_owned(), "-999".to_owned(), " ? ".to_owned()], &notation);
        assert!(
            markers.contains(b"") && markers.contains(b" NA ") && markers.contains(b"-999") && markers.contains(b"?")
        );
        assert!(!markers.contains(b"na") && !markers.contains(b"-9990") && !markers.contains(b"N"));
        assert_eq!(markers.numbers, [-999.0]);
    }
}
