//! Categories as columns of zeros and ones.

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::fitted_one_hot_encoder::{EncodedColumn, FittedOneHotEncoder, OneHotState, Unknown};
use super::transformer::{ByColumn, restored};
use super::{Accumulator, Categories, Column, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::error::{Error, Result};
use crate::items::argument::plain;
use crate::items::item;

/// Which category gets no column of its own, because the others' zeros tell it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DropCategory {
    /// Every category has its column.
    #[default]
    Never,
    /// The first one has none.
    First,
    /// The first one of two has none; columns with more categories keep all.
    IfBinary,
}

plain!(DropCategory);

item! {
    /// Turns each category of a column into a column that is 1 where it occurs and 0 elsewhere.
    ///
    /// A column of strings has its distinct strings as categories, a column of numbers its distinct numbers, one of booleans
    /// `false` and `true` as they occur, in sorted order. The new columns are called `column_category`.
    ///
    /// The fitted encoder decides how a value is read, not the type of the column it comes in, which may differ from file to
    /// file: a number or boolean is the string category that spells it (`1` of `"1"`, or `"01"`), a string the number or boolean that
    /// it spells. Where two string categories spell one number, a column of numbers is an error.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::preprocessing::{OneHotEncoder, Table, Unknown};
    ///
    /// let train = Table::new().with_text("home", ["RENT", "OWN", "RENT"])?;
    /// let encoder = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["home"])?;
    /// assert_eq!(encoder.names(), ["home_OWN", "home_RENT"]);
    /// let test = Table::new().with_text("home", ["RENT", "ANY"])?;
    /// assert_eq!(encoder.transform::<f32>(&test)?, DMatrix::from_row_slice(2, 2, &[0.0, 1.0, 0.0, 0.0]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.OneHotEncoder*.
    pub struct OneHotEncoder: "OneHotEncoder" {
        /// The categories in the order of their columns, for all columns of this encoder; without them those of the training rows.
        categories: Option<Vec<Value>> = None,
        /// What becomes of an unknown category.
        unknown: Unknown = Unknown::Error,
        /// Which category gets no column. With [`DropCategory::First`] a column of a single category yields none.
        drop_category: DropCategory = DropCategory::Never,
    }
}

impl OneHotEncoder {
    /// The defaults.
    pub fn new() -> OneHotEncoder {
        OneHotEncoder
    }

    /// Learns the categories of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::Empty`] if a column has no category; [`Error::UnknownCategory`] if
    /// categories were given and an unknown one is an error; [`Error::Argument`] if one was given twice.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedOneHotEncoder> {
        let column = |name: S| self.encoded(name.as_ref(), self.categories_of(table, name.as_ref())?);
        let columns = columns.into_iter().map(column).collect::<Result<_>>()?;
        let fitted = FittedOneHotEncoder { columns, unknown: self.unknown };
        for column in &fitted.columns {
            fitted.positions(column, table)?;
        }
        Ok(fitted)
    }

    /// The given categories, or those of these rows in sorted order.
    fn categories_of(&self, table: &Table, name: &str) -> Result<Vec<Value>> {
        Ok(match (&self.categories, table.column(name)?) {
            (Some(given), _) => given.clone(),
            (None, Column::Text(strings)) => strings.categories().into_iter().map(Value::from).collect(),
            (None, Column::Number(numbers)) => distinct(numbers).into_iter().map(Value::from).collect(),
            (None, Column::Boolean(values)) => {
                let occurs = |value: &bool| values.iter().any(|found| found == Some(*value));
                [false, true].into_iter().filter(occurs).map(Value::from).collect()
            }
        })
    }

    /// One column by its categories.
    fn encoded(&self, name: &str, categories: Vec<Value>) -> Result<EncodedColumn> {
        if categories.is_empty() {
            let what = format!("column \"{name}\"");
            return Err(Error::Empty { what, advice: "a one-hot encoding needs at least one category".into() });
        }
        if let Some(twice) = Categories::of_values(&categories).duplicate() {
            return Err(Error::argument(
                "OneHotEncoder",
                "categories",
                format!("{} twice", categories[twice]),
                "each category once",
            ));
        }
        let drop_first = match self.drop_category {
            DropCategory::Never => false,
            DropCategory::First => true,
            DropCategory::IfBinary => categories.len() == 2,
        };
        Ok(EncodedColumn { name: name.to_owned(), categories, drop_first })
    }
}

impl Transformer for OneHotEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input.columns(), input.columns().names())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let (encoder, of_block) = (self.clone(), self.clone());
        Some(ByColumn::boxed(
            "OneHotEncoder",
            move |table, name| {
                let categories = of_block.categories_of(table, name)?;
                // Of values that are no category the place is known now.
                let column = EncodedColumn { name: name.into(), categories, drop_first: false };
                FittedOneHotEncoder { columns: Vec::new(), unknown: of_block.unknown }.positions(&column, table)?;
                Ok((of_block.categories.is_some(), column.categories))
            },
            |known, later| {
                if !known.0 {
                    known.1.extend(later.1);
                    known.1.sort_by(in_order);
                    known.1.dedup();
                }
            },
            move |columns| {
                let column = |(name, (_, categories)): (String, (bool, Vec<Value>))| encoder.encoded(&name, categories);
                let columns = columns.into_iter().map(column).collect::<Result<_>>()?;
                Ok(Arc::new(FittedOneHotEncoder { columns, unknown: encoder.unknown }))
            },
        ))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let state: OneHotState<FittedOneHotEncoder> = restored("OneHotEncoder", state)?;
        Ok(Arc::new(state.encoder))
    }
}

/// Booleans, numbers and strings, each in their own order.
fn in_order(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => {
            let rank = |value: &Value| match value {
                Value::Boolean(_) => 0,
                Value::Number(_) => 1,
                Value::Text(_) => 2,
            };
            rank(a).cmp(&rank(b))
        }
    }
}

/// The distinct numbers in ascending order.
fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::TextColumn;
    use nalgebra::DMatrix;

    fn homes(strings: &[&str]) -> Table {
        Table::new().with_text("home", strings).unwrap()
    }

    #[test]
    fn categories_are_sorted_or_given() {
        let table = homes(&["RENT", "ANY", "OWN", "RENT"]);
        let encoder = OneHotEncoder::new().fit(&table, ["home"]).unwrap();
        assert_eq!(encoder.names(), ["home_ANY", "home_OWN", "home_RENT"]);
        let given = OneHotEncoder::new().categories(["RENT", "OWN", "ANY", "NONE"]).fit(&table, ["home"]).unwrap();
        let expected = DMatrix::from_row_slice(
            4,
            4,
            &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        );
        assert_eq!(given.transform::<f64>(&table).unwrap(), expected);
        let twice = OneHotEncoder::new().categories(["RENT", "RENT"]).unknown(Unknown::Zeros);
        assert!(matches!(twice.fit(&table, ["home"]), Err(Error::Argument { .. })));
        assert!(matches!(
            OneHotEncoder::new().categories(["X"]).fit(&table, ["home"]),
            Err(Error::UnknownCategory { .. })
        ));
    }

    #[test]
    fn an_unknown_category_is_an_error_or_zeros() {
        let train = homes(&["OWN", "RENT"]);
        let strict = OneHotEncoder::new().fit(&train, ["home"]).unwrap();
        let error = strict.transform::<f32>(&homes(&["OWN", "ANY"])).unwrap_err().to_string();
        assert!(error.starts_with(
            "row 1 (counted from 0), column \"home\": category \"ANY\" is unknown to the encoder, which knows \"OWN\", \"RENT\""
        ));
        let missing: TextColumn = [Some("OWN"), None].into_iter().collect();
        let missing = Table::new().with_column("home", missing).unwrap();
        assert!(matches!(strict.transform::<f32>(&missing), Err(Error::MissingValue { .. })));
        let zeros = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["home"]).unwrap();
        assert_eq!(zeros.transform::<f32>(&missing).unwrap(), DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, 0.0]));
    }

    #[test]
    fn numbers_are_categories_too_and_the_first_can_be_dropped() {
        let terms = Table::new().with_numbers("term", [60.0, 36.0, 60.0]).unwrap();
        let first = OneHotEncoder::new().drop_category(DropCategory::First).fit(&terms, ["term"]).unwrap();
        assert_eq!(first.names(), ["term_60"]);
        assert_eq!(first.transform::<f64>(&terms).unwrap(), DMatrix::from_row_slice(3, 1, &[1.0, 0.0, 1.0]));
        let binary = OneHotEncoder::new().drop_category(DropCategory::IfBinary);
        assert_eq!(binary.fit(&terms, ["term"]).unwrap().names(), ["term_60"]);
        assert_eq!(binary.fit(&homes(&["a", "b", "c"]), ["home"]).unwrap().names().len(), 3);
    }

    #[test]
    fn a_category_is_the_same_whatever_type_its_column_has() {
        let zeros = |table: &Table| OneHotEncoder::new().unknown(Unknown::Zeros).fit(table, ["c"]).unwrap();
        let rows = |encoder: &FittedOneHotEncoder, column: Column| {
            let x = encoder.transform::<f64>(&Table::new().with_column("c", column).unwrap())?;
            Ok::<_, Error>(x.row_iter().map(|row| row.iter().position(|&value| value == 1.0)).collect::<Vec<_>>())
        };
        let strings = |strings: &[&str]| Column::from(strings.iter().map(Some).collect::<TextColumn>());
        let of_strings = zeros(&Table::new().with_text("c", ["1", "2", "X", "true"]).unwrap());
        assert_eq!(rows(&of_strings, strings(&["2", "X"])).unwrap(), [Some(1), Some(2)]);
        assert_eq!(rows(&of_strings, vec![1.0, 2.0, 3.0, f64::NAN].into()).unwrap(), [Some(0), Some(1), None, None]);
        assert_eq!(rows(&of_strings, vec![true, false].into()).unwrap(), [Some(3), None]);
        let of_numbers = zeros(&Table::new().with_numbers("c", [60.0, 36.0]).unwrap());
        assert_eq!(rows(&of_numbers, strings(&["36", "60.0", "36 months"])).unwrap(), [Some(0), Some(1), None]);
        let of_booleans = zeros(&Table::new().with_booleans("c", [true, false]).unwrap());
        assert_eq!(of_booleans.names(), ["c_false", "c_true"]);
        assert_eq!(rows(&of_booleans, strings(&["True", "FALSE", "no"])).unwrap(), [Some(1), Some(0), None]);
        assert_eq!(rows(&of_booleans, vec![0.0, 1.0].into()).unwrap(), [Some(0), Some(1)]);
        assert_eq!(rows(&of_booleans, vec![true].into()).unwrap(), [Some(1)]);
        let zips = zeros(&Table::new().with_text("c", ["04109", "4109", "X"]).unwrap());
        assert!(matches!(rows(&zips, vec![4109.0].into()), Err(Error::ColumnType { .. })));
        let strict = OneHotEncoder::new().fit(&Table::new().with_text("c", ["1"]).unwrap(), ["c"]).unwrap();
        let error = rows(&strict, vec![2.0].into()).unwrap_err().to_string();
        assert!(error.contains("category 2 is unknown to the encoder, which knows \"1\""), "{error}");
    }

    #[test]
    fn a_single_category_that_is_dropped_yields_no_column() {
        let encoder = OneHotEncoder::new().drop_category(DropCategory::First).fit(&homes(&["OWN", "OWN"]), ["home"]);
        let encoder = encoder.unwrap();
        assert_eq!((encoder.names().len(), encoder.transform::<f32>(&homes(&["OWN"])).unwrap().shape()), (0, (1, 0)));
        assert!(encoder.transform::<f32>(&homes(&["RENT"])).is_err(), "an unknown category is still one");
    }

    #[test]
    fn it_survives_serialization() {
        let encoder = OneHotEncoder::new().fit(&homes(&["OWN", "RENT"]), ["home"]).unwrap();
        let text = serde_json::to_string(&encoder).unwrap();
        assert_eq!(serde_json::from_str::<FittedOneHotEncoder>(&text).unwrap(), encoder);
    }
}
