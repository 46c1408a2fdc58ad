//! Numbers that a table holds as text.

use super::{Categories, Column, Table};
use crate::Result;
use serde::{Deserialize, Serialize};

/// How texts become numbers, as data: it is saved with the model, where a closure could not be.
///
/// | kind | `"36 months"` | |
/// |---|---|---|
/// | [`leading_number`](Self::leading_number) | 36 | the number at the beginning, whatever follows it |
/// | [`pairs`](Self::pairs) | as listed | each text and its number |
///
/// A missing string becomes a missing number. A column that came as numbers or booleans, as a file's may whose strings all look
/// like such, is paired by the strings that spell them; where no pair has such a string, and for a leading number, it stays as it is.
///
/// ```
/// use perceptra::preprocessing::{ColumnTransformer, Record, StandardScaler, Table, TextToNumber};
///
/// let train = Table::new().with_text("term", ["36 months", "60 months"])?;
/// let columns = ColumnTransformer::new()
///     .text_to_number(TextToNumber::leading_number(), ["term"])
///     .add(StandardScaler::new(), ["term"])
///     .fit(&train)?;
/// let x = columns.transform_record::<f32>(&Record::new().with("term", "60 months"))?;
/// assert_eq!(x.as_slice(), [1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TextToNumber {
    /// See [`TextToNumber::leading_number`].
    LeadingNumber,
    /// See [`TextToNumber::pairs`].
    Pairs(Vec<(String, f64)>),
}

impl TextToNumber {
    /// The number that a text begins with: digits with sign, point and thousands' commas, after spaces or a currency
    /// sign. `" 36 months"` is 36, `"$1,250.50"` is 1250.5, `"10+ years"` is 10, `"< 1 year"` is none.
    pub fn leading_number() -> Self {
        TextToNumber::LeadingNumber
    }

    /// Each text with its number; any other text is an error.
    pub fn pairs<S: Into<String>>(pairs: impl IntoIterator<Item = (S, f64)>) -> Self {
        TextToNumber::Pairs(pairs.into_iter().map(|(text, number)| (text.into(), number)).collect())
    }

    /// The number of a text, if it has one.
    pub fn number(&self, text: &str) -> Option<f64> {
        match self {
            TextToNumber::LeadingNumber => leading(text),
            TextToNumber::Pairs(pairs) => pairs.iter().find(|(known, _)| known == text).map(|(_, number)| *number),
        }
    }

    /// The table with these columns as numbers.
    pub(super) fn apply(&self, table: &Table, columns: &[String]) -> Result<Table> {
        columns.iter().try_fold(table.clone(), |table, name| match (table.column(name)?, self) {
            (Column::Text(_), _) => table.map_text(name, |text| self.number(text)),
            (_, TextToNumber::Pairs(pairs)) if !Categories::of_texts(texts(pairs)).are_strings_of_words() => {
                table.replace_text(name, pairs.iter().map(|(text, number)| (text, *number)))
            }
            _ => Ok(table),
        })
    }
}

fn texts(pairs: &[(String, f64)]) -> impl Iterator<Item = &str> {
    pairs.iter().map(|(text, _)| text.as_str())
}

fn leading(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.strip_prefix(['$', '€', '£']).unwrap_or(text);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let digits = text[..end].trim_end_matches([',', '.']).replace(',', "");
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn the_number_at_the_beginning() {
        let cases = [
            (" 36 months", Some(36.0)),
            ("60months", Some(60.0)),
            ("$1,250.50", Some(1250.5)),
            ("-3.5 %", Some(-3.5)),
            ("10+ years", Some(10.0)),
            ("7.", Some(7.0)),
            ("months", None),
            ("< 1 year", None),
            ("1.2.3", None),
            ("", None),
            (",", None),
        ];
        for (text, number) in cases {
            assert_eq!(TextToNumber::leading_number().number(text), number, "{text}");
        }
    }

    #[test]
    fn a_column_of_numbers_stays_and_an_unknown_text_is_named() {
        let table = Table::new().with_numbers("n", [1.0]).unwrap().with_text("grade", ["B"]).unwrap();
        let grades = TextToNumber::pairs([("A", 1.0), ("B", 2.0)]);
        let columns = ["n".to_string(), "grade".to_string()];
        let numbers = grades.apply(&table, &columns).unwrap();
        assert_eq!((numbers.numbers("n").unwrap(), numbers.numbers("grade").unwrap()), (&[1.0][..], &[2.0][..]));
        let ranks = TextToNumber::pairs([("1", 10.0), ("2", 20.0), ("True", 30.0)]);
        let apply = |table: Table| ranks.apply(&table, &columns[..1])?.numbers("n").map(<[f64]>::to_vec);
        assert_eq!(apply(Table::new().with_numbers("n", [2.0, 1.0]).unwrap()).unwrap(), [20.0, 10.0]);
        assert_eq!(apply(Table::new().with_booleans("n", [true]).unwrap()).unwrap(), [30.0]);
        assert!(matches!(apply(Table::new().with_numbers("n", [3.0]).unwrap()), Err(Error::Unmapped { .. })));
        let other = Table::new().with_text("grade", ["C"]).unwrap();
        assert!(matches!(grades.apply(&other, &columns[1..]), Err(Error::Unmapped { .. })));
    }
}
