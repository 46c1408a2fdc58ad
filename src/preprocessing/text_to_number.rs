//! Numbers that a table holds as strings.

use super::leading_number::LeadingNumber;
use super::scaling::finite_numbers;
use super::transformer::{restored, rising, stated, stateless};
use super::{Accumulator, Categories, Column, FitInput, FittedTransformer, RowValue, Table, Transformer};
use crate::Dependence;
use crate::items::argument::plain;
use crate::items::arguments::configuration;
use crate::items::{Spec, invalid, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// A conversion of strings to numbers as data, so that it can be saved with the model, unlike a closure.
    ///
    /// | kind | `"36 months"` | |
    /// |---|---|---|
    /// | [`leading_number`](Self::leading_number) | 36 | the number at the beginning, whatever words follow it |
    /// | [`pairs`](Self::pairs) | as listed | each string and its number |
    ///
    /// A missing string becomes a missing number. A column that came as numbers or booleans, as a file's may whose strings all look
    /// like such, is paired by the strings that spell them; where no pair has such a string, and for a leading number, it stays as it is.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Record, StandardScaler, Table, TextToNumber};
    ///
    /// let train = Table::new().with_strings("term", ["36 months", "60 months"])?;
    /// let columns = ColumnTransformer::new()
    ///     .text_to_number(TextToNumber::leading_number(), ["term"])
    ///     .add(StandardScaler::new(), ["term"])
    ///     .fit(&train)?;
    /// let x = columns.transform_record::<f32>(&Record::new().with("term", "60 months"))?;
    /// assert_eq!(x.as_slice(), [1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub struct TextToNumber: "TextToNumber" checked by has_a_notation {
        /// The decimal separator of a leading number: `'.'` or `','`.
        decimal: char = '.',
        /// Each string with its number, instead of leading numbers; see [`TextToNumber::pairs`].
        pairs: Option<Vec<(String, f64)>> [custom setter] = None,
    }
}

plain!((String, f64));

impl TextToNumber {
    /// The number at the beginning of a string; any words may follow. `" 36 months"` is 36, `"$1,250.50"` is
    /// 1250.5, `"1e3"` is 1000; `"< 1 year"` and `"12,5"` have none, the latter unless [`decimal`](Self::decimal) declares the
    /// comma as the decimal separator.
    ///
    /// | part | form |
    /// |---|---|
    /// | sign | `-` or `+`, before or after a currency sign |
    /// | currency sign | `$`, `€`, `£` or another one, with or without spaces next to it |
    /// | digits | all together, or in groups of exactly three, separated by `,` `'` `’` a space, a no-break space (U+00A0, U+202F) or a thin one (U+2009) |
    /// | fraction | `.` and digits |
    /// | exponent | `e` or `E` and a whole number |
    ///
    /// With [`decimal(',')`](Self::decimal) comma and point change places. A number that goes on in another form has none: `"12,5"`
    /// is neither 125 nor 12, and so it is with `"1,2,3"`, `"1.2.3"`, `"10 20"`, `"1/2"`,
    /// `"10-20"`, `"10~20"`, `"2020-05-01"`, `"1_000"`, `"10^3"` and `"0x1F"`.
    ///
    /// ```
    /// use perceptra::preprocessing::TextToNumber;
    ///
    /// let point = TextToNumber::leading_number();
    /// assert_eq!(point.number("$1,250.50 a month"), Some(1250.5));
    /// assert_eq!(point.number("2.5e3"), Some(2500.0));
    /// assert_eq!(point.number("12,5"), None);
    /// let comma = TextToNumber::leading_number().decimal(',');
    /// assert_eq!(comma.number("12,5"), Some(12.5));
    /// assert_eq!(comma.number("1.234,56 €"), Some(1234.56));
    /// ```
    pub fn leading_number() -> Self {
        TextToNumber
    }

    /// Each string with its number; any other string is an error.
    pub fn pairs<S: Into<String>>(pairs: impl IntoIterator<Item = (S, f64)>) -> Self {
        let pairs = pairs.into_iter().map(|(text, number)| (text.into(), number)).collect();
        TextToNumber { pairs: Some(pairs), ..TextToNumber }
    }

    /// The number of a string, if it has one.
    pub fn number(&self, text: &str) -> Option<f64> {
        match &self.pairs {
            None => self.notation().number(text),
            Some(pairs) => pairs.iter().find(|(known, _)| known == text).map(|(_, number)| *number),
        }
    }

    fn notation(&self) -> LeadingNumber {
        LeadingNumber { decimal: self.decimal }
    }

    fn has_a_notation(&self) -> Result<()> {
        match (&self.pairs, self.decimal) {
            (Some(_), other) if other != '.' => {
                Err(invalid(self, "decimal", format!("{other:?}"), "none, since pairs have no decimal sign"))
            }
            (_, other) if !self.notation().is_known() => {
                Err(invalid(self, "decimal", format!("{other:?}"), "'.' or ','"))
            }
            _ => Ok(()),
        }
    }

    /// The error for a string without a number, with the cure for this kind.
    fn explain(&self, error: Error) -> Error {
        match (&self.pairs, error) {
            (None, Error::Unmapped { place, column, value }) => {
                let (decimal, other) = self.notation().decimals();
                Error::NoLeadingNumber { place, column, value, decimal, other }
            }
            (_, error) => error,
        }
    }

    /// Whether a column of numbers is changed too, since its numbers are the spelled ones of the pairs.
    fn replaces_numbers(&self) -> bool {
        self.pairs.as_ref().is_some_and(|pairs| !Categories::of_strings(strings(pairs)).are_strings_of_words())
    }

    /// The table with these columns as numbers.
    fn apply(&self, table: &Table, columns: &[String]) -> Result<Table> {
        self.check()?;
        columns.iter().try_fold(table.clone(), |table, name| match (table.column(name)?, &self.pairs) {
            (Column::String(_), _) => {
                table.map_strings(name, |text| self.number(text)).map_err(|error| self.explain(error))
            }
            (_, Some(pairs)) if self.replaces_numbers() => {
                table.replace_strings(name, pairs.iter().map(|(text, number)| (text, *number)))
            }
            // Numbers are taken as they are, and booleans as numbers.
            _ => {
                let numbers = finite_numbers(&table, name)?.to_vec();
                table.with_numbers(name, numbers)
            }
        })
    }
}

impl Transformer for TextToNumber {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let columns = input.columns().names().to_vec();
        self.apply(input.columns(), &columns)?;
        Ok(Arc::new(NumberedColumns { to_number: self.clone(), columns }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(restored::<NumberedColumns>("TextToNumber", state)?))
    }
}

/// Columns of strings that become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberedColumns {
    #[serde(with = "configuration")]
    pub(crate) to_number: TextToNumber,
    pub(crate) columns: Vec<String>,
}

impl NumberedColumns {
    /// Converts one value of a record; `None` if this needs a table or is an error.
    pub(super) fn converted<'a>(&self, value: RowValue<'a>) -> Option<RowValue<'a>> {
        match value {
            RowValue::String(text) => self.to_number.number(text),
            _ if self.to_number.replaces_numbers() => None,
            other => other.as_number(),
        }
        .map(RowValue::number)
    }

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

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        self.to_number.check().is_ok()
            && values.iter().all(|value| self.converted(*value).map(|value| made.push(value)).is_some())
    }

    fn state(&self) -> Result<Value> {
        stated("TextToNumber", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let next = if self.to_number.replaces_numbers() { Dependence::Unknown } else { Dependence::Increasing };
        rising(&self.columns, column).into_iter().map(|rising| rising.then(next)).collect()
    }
}

fn strings(pairs: &[(String, f64)]) -> impl Iterator<Item = &str> {
    pairs.iter().map(|(text, _)| text.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, Record};
    use super::*;
    use crate::items::arguments::Declared;
    use serde_json::json;

    #[test]
    fn a_notation_is_stored() {
        let table = Table::new().with_strings("rate", ["12,5 %", "1.000,25 %"]).unwrap();
        for (to_number, config) in [
            (TextToNumber::leading_number(), json!({ "decimal": ".", "pairs": null })),
            (TextToNumber::leading_number().decimal(','), json!({ "decimal": ",", "pairs": null })),
            (TextToNumber::pairs([("A", 1.0)]), json!({ "decimal": ".", "pairs": [["A", 1.0]] })),
        ] {
            assert_eq!(to_number.config().unwrap(), config);
            assert_eq!(TextToNumber::read(config).unwrap(), to_number);
        }
        let both = TextToNumber::pairs([("A", 1.0)]).decimal(',').check().unwrap_err().to_string();
        assert!(both.contains("decimal is ','") && both.contains("pairs have no decimal sign"), "{both}");
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
        let table = Table::new().with_numbers("n", [1.0]).unwrap().with_strings("grade", ["B"]).unwrap();
        let grades = TextToNumber::pairs([("A", 1.0), ("B", 2.0)]);
        let columns = ["n".to_string(), "grade".to_string()];
        let numbers = grades.apply(&table, &columns).unwrap();
        assert_eq!((numbers.numbers("n").unwrap(), numbers.numbers("grade").unwrap()), (&[1.0][..], &[2.0][..]));
        let ranks = TextToNumber::pairs([("1", 10.0), ("2", 20.0), ("True", 30.0)]);
        let apply = |table: Table| ranks.apply(&table, &columns[..1])?.numbers("n").map(<[f64]>::to_vec);
        assert_eq!(apply(Table::new().with_numbers("n", [2.0, 1.0]).unwrap()).unwrap(), [20.0, 10.0]);
        assert_eq!(apply(Table::new().with_booleans("n", [true]).unwrap()).unwrap(), [30.0]);
        assert!(matches!(apply(Table::new().with_numbers("n", [3.0]).unwrap()), Err(Error::Unmapped { .. })));
        let other = Table::new().with_strings("grade", ["C"]).unwrap();
        assert!(matches!(grades.apply(&other, &columns[1..]), Err(Error::Unmapped { .. })));
    }
}
