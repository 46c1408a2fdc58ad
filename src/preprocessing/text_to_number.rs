//! Numbers that a table holds as text.

use super::transformer::{restored, stated};
use super::{Categories, Column, FitInput, FittedTransformer, LeadingNumber, Table, Transformer};
use crate::spec::Spec;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// How texts become numbers, as data: it is saved with the model, where a closure could not be.
///
/// | kind | `"36 months"` | |
/// |---|---|---|
/// | [`leading_number`](Self::leading_number) | 36 | the number at the beginning, whatever words follow it |
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
#[serde(from = "Stored", into = "Stored")]
#[non_exhaustive]
pub enum TextToNumber {
    /// See [`TextToNumber::leading_number`].
    LeadingNumber(LeadingNumber),
    /// See [`TextToNumber::pairs`].
    Pairs(Vec<(String, f64)>),
}

/// The forms that a file has: the default notation is its name alone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Name(Name),
    Options(Options),
}

#[derive(Serialize, Deserialize)]
enum Name {
    LeadingNumber,
}

#[derive(Serialize, Deserialize)]
enum Options {
    LeadingNumber(LeadingNumber),
    Pairs(Vec<(String, f64)>),
}

impl From<Stored> for TextToNumber {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Name(Name::LeadingNumber) => LeadingNumber::default().into(),
            Stored::Options(Options::LeadingNumber(number)) => number.into(),
            Stored::Options(Options::Pairs(pairs)) => TextToNumber::Pairs(pairs),
        }
    }
}

impl From<TextToNumber> for Stored {
    fn from(to_number: TextToNumber) -> Self {
        match to_number {
            TextToNumber::LeadingNumber(number) if number == LeadingNumber::default() => {
                Stored::Name(Name::LeadingNumber)
            }
            TextToNumber::LeadingNumber(number) => Stored::Options(Options::LeadingNumber(number)),
            TextToNumber::Pairs(pairs) => Stored::Options(Options::Pairs(pairs)),
        }
    }
}

impl From<LeadingNumber> for TextToNumber {
    fn from(number: LeadingNumber) -> Self {
        TextToNumber::LeadingNumber(number)
    }
}

impl TextToNumber {
    /// The number that a string begins with, after spaces, a sign and a currency sign. `" 36 months"` is 36, `"$1,250.50"` is
    /// 1250.5, `"1e3"` is 1000; `"< 1 year"` and `"12,5"` have none, the latter unless [`LeadingNumber::decimal`] says that its
    /// comma is the decimal sign.
    pub fn leading_number() -> LeadingNumber {
        LeadingNumber::default()
    }

    /// Each text with its number; any other text is an error.
    pub fn pairs<S: Into<String>>(pairs: impl IntoIterator<Item = (S, f64)>) -> Self {
        TextToNumber::Pairs(pairs.into_iter().map(|(text, number)| (text.into(), number)).collect())
    }

    /// The number of a text, if it has one.
    pub fn number(&self, text: &str) -> Option<f64> {
        match self {
            TextToNumber::LeadingNumber(number) => number.number(text),
            TextToNumber::Pairs(pairs) => pairs.iter().find(|(known, _)| known == text).map(|(_, number)| *number),
        }
    }

    /// The error for a string without a number, with the cure for this kind.
    fn explain(&self, error: Error) -> Error {
        match (self, error) {
            (TextToNumber::LeadingNumber(number), Error::Unmapped { place, column, value }) => {
                let (decimal, other) = number.decimals();
                Error::NoLeadingNumber { place, column, value, decimal, other }
            }
            (_, error) => error,
        }
    }

    /// The table with these columns as numbers.
    fn apply(&self, table: &Table, columns: &[String]) -> Result<Table> {
        self.check()?;
        columns.iter().try_fold(table.clone(), |table, name| match (table.column(name)?, self) {
            (Column::Text(_), _) => table.map_text(name, |text| self.number(text)).map_err(|error| self.explain(error)),
            (_, TextToNumber::Pairs(pairs)) if !Categories::of_texts(texts(pairs)).are_strings_of_words() => {
                table.replace_text(name, pairs.iter().map(|(text, number)| (text, *number)))
            }
            _ => Ok(table),
        })
    }
}

impl Spec for TextToNumber {
    fn config(&self) -> Result<Value> {
        stated("TextToNumber", self)
    }

    fn check(&self) -> Result<()> {
        match self {
            TextToNumber::LeadingNumber(number) => number.is_decimal(),
            TextToNumber::Pairs(_) => Ok(()),
        }
    }
}

impl Transformer for TextToNumber {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let columns = input.columns().names().to_vec();
        self.apply(input.columns(), &columns)?;
        Ok(Arc::new(NumberedColumns { to_number: self.clone(), columns }))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(restored::<NumberedColumns>("TextToNumber", state)?))
    }
}

impl Spec for LeadingNumber {
    fn class_name(&self) -> String {
        TextToNumber::from(*self).class_name()
    }

    fn config(&self) -> Result<Value> {
        TextToNumber::from(*self).config()
    }

    fn check(&self) -> Result<()> {
        self.is_decimal()
    }
}

/// The same as [`TextToNumber::LeadingNumber`].
impl Transformer for LeadingNumber {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        TextToNumber::from(*self).fit(input)
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        TextToNumber::from(*self).restore(state)
    }
}

/// Columns whose strings become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberedColumns {
    pub(crate) to_number: TextToNumber,
    pub(crate) columns: Vec<String>,
}

impl NumberedColumns {
    /// The whole table with these columns as numbers.
    pub(super) fn replace(&self, table: &Table) -> Result<Table> {
        self.to_number.apply(table, &self.columns)
    }
}

impl FittedTransformer for NumberedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        self.replace(&table.select(&self.columns)?)
    }

    fn state(&self) -> Result<Value> {
        stated("TextToNumber", self)
    }
}

fn texts(pairs: &[(String, f64)]) -> impl Iterator<Item = &str> {
    pairs.iter().map(|(text, _)| text.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, Record};
    use super::*;

    #[test]
    fn a_notation_is_stored_and_the_default_as_ever() {
        let table = Table::new().with_text("rate", ["12,5 %", "1.000,25 %"]).unwrap();
        for (number, stored) in [
            (LeadingNumber::default(), r#""LeadingNumber""#),
            (LeadingNumber::default().decimal(','), r#"{"LeadingNumber":{"decimal":","}}"#),
        ] {
            let to_number = TextToNumber::from(number);
            assert_eq!(serde_json::to_string(&to_number).unwrap(), stored);
            assert_eq!(serde_json::from_str::<TextToNumber>(stored).unwrap(), to_number);
        }
        let pairs = TextToNumber::pairs([("A", 1.0)]);
        assert_eq!(serde_json::from_str::<TextToNumber>(r#"{"Pairs":[["A",1.0]]}"#).unwrap(), pairs);
        let transformer = |decimal| {
            let reader = TextToNumber::leading_number().decimal(decimal);
            ColumnTransformer::new().text_to_number(reader, ["rate"]).passthrough(["rate"])
        };
        let (fitted, x) = transformer(',').fit_transform::<f64>(&table).unwrap();
        assert_eq!(x.as_slice(), [12.5, 1000.25]);
        let again: FittedColumnTransformer = serde_json::from_str(&serde_json::to_string(&fitted).unwrap()).unwrap();
        let record = again.transform_record::<f64>(&Record::new().with("rate", "0,75 %")).unwrap();
        assert_eq!(record.as_slice(), [0.75]);
        let error = transformer('.').fit(&table).unwrap_err().to_string();
        assert!(
            error.starts_with("row 0 (counted from 0), column \"rate\": \"12,5 %\" does not begin with a number"),
            "{error}"
        );
        assert!(error.contains("leading_number().decimal(',')"), "{error}");
        assert!(matches!(transformer(';').fit(&table), Err(Error::Argument { .. })));
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
