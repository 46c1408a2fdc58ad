//! The type of a CSV column, found while it is read.

use super::Column;
use super::column::TextBuilder;

/// The fields that mean a missing value, found by their first byte before they are compared.
pub(super) struct Markers<'a> {
    markers: &'a [String],
    first: [bool; 256],
}

impl<'a> Markers<'a> {
    pub(super) fn new(markers: &'a [String]) -> Markers<'a> {
        let mut first = [false; 256];
        for byte in markers.iter().filter_map(|marker| marker.bytes().next()) {
            first[usize::from(byte)] = true;
        }
        Markers { markers, first }
    }

    fn contains(&self, field: &[u8]) -> bool {
        let field = field.trim_ascii();
        match field.first() {
            None => true,
            Some(&byte) => {
                self.first[usize::from(byte)] && self.markers.iter().any(|marker| marker.as_bytes() == field)
            }
        }
    }
}

/// Why a field does not fit its column.
pub(super) enum Refused {
    NotUtf8,
    NotANumber,
}

/// A column while it is read.
pub(super) enum Building {
    /// Only missing values so far, this many.
    Undecided(usize),
    Number(Vec<f64>),
    Text(TextBuilder),
    /// Numbers until a text came: to be read as text in a second pass.
    Reread,
}

impl Building {
    pub(super) fn push(
        &mut self,
        field: &[u8],
        markers: &Markers<'_>,
        declared: bool,
    ) -> std::result::Result<(), Refused> {
        if markers.contains(field) {
            match self {
                Building::Undecided(rows) => *rows += 1,
                Building::Number(values) => values.push(f64::NAN),
                Building::Text(texts) => texts.push_missing(1),
                Building::Reread => {}
            }
            return Ok(());
        }
        match self {
            Building::Undecided(rows) => match parse_number(field) {
                Some(value) => {
                    let mut values = vec![f64::NAN; *rows];
                    values.push(value);
                    *self = Building::Number(values);
                }
                None => {
                    let mut texts = TextBuilder::default();
                    texts.push_missing(*rows);
                    texts.push(std::str::from_utf8(field).map_err(|_| Refused::NotUtf8)?);
                    *self = Building::Text(texts);
                }
            },
            Building::Number(values) => match parse_number(field) {
                Some(value) => values.push(value),
                None if std::str::from_utf8(field).is_err() => return Err(Refused::NotUtf8),
                None if declared => return Err(Refused::NotANumber),
                None => *self = Building::Reread,
            },
            Building::Text(texts) => texts.push(std::str::from_utf8(field).map_err(|_| Refused::NotUtf8)?),
            Building::Reread => {}
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Column {
        match self {
            Building::Undecided(rows) => Column::Number(vec![f64::NAN; rows]),
            Building::Number(values) => Column::Number(values),
            Building::Text(texts) => Column::Text(texts.finish()),
            Building::Reread => Column::Number(Vec::new()),
        }
    }
}

/// The number that a field holds; spellings of NaN are none.
pub(super) fn parse_number(field: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(field.trim_ascii()).ok()?.parse().ok()?;
    (!value.is_nan()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_nan_are_no_numbers_but_infinity_is_one() {
        assert_eq!(parse_number(b" 1e3\t"), Some(1000.0));
        assert_eq!(parse_number(b"-inf"), Some(f64::NEG_INFINITY));
        for field in [&b"NAN"[..], b"+nan", b"", b"1,5", b"0x10", b"\xff"] {
            assert_eq!(parse_number(field), None);
        }
    }

    #[test]
    fn markers_are_compared_whole_and_without_spaces() {
        let markers = ["NA".to_owned(), "-999".to_owned()];
        let markers = Markers::new(&markers);
        assert!(markers.contains(b"") && markers.contains(b" NA ") && markers.contains(b"-999"));
        assert!(!markers.contains(b"na") && !markers.contains(b"-9990") && !markers.contains(b"N"));
    }
}
