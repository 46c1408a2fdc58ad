//! Categories as columns of zeros and ones.

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::category_counts::CategoryCounts;
use super::fitted_one_hot_encoder::{EncodedColumn, FittedOneHotEncoder, OneHotState, Unknown};
use super::known_values::KnownValues;
use super::min_frequency::{MinFrequency, Rarity};
use super::transformer::{ByColumn, restored};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::error::{Error, Result};
use crate::items::argument::plain;
use crate::items::{Spec, item};
use crate::lists::try_map;

/// The category without a column, which zeros in the other columns imply.
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
    /// Turns each category of a column into a column that is 1 if it occurs and 0 elsewhere.
    ///
    /// A column of strings has its distinct strings as categories, a column of numbers its distinct numbers, one of booleans
    /// `false` and `true` as they occur, in sorted order; infinite numbers are refused. The new columns are called `column_category`.
    ///
    /// Where a value is missing in the training rows, a missing value is a category, the last one, with the column `column_missing`;
    /// where none is, a missing value of other rows is an unknown category. Categories that are infrequent by `min_frequency` or
    /// `max_categories` share the last column, `column_infrequent`; the missing one may be among them. Where a
    /// string is called so itself, an underscore is appended: `column_missing_`. Weights of rows are ignored.
    ///
    /// The fitted encoder decides how a value is read, not the type of the column it comes in, which may differ from file to
    /// file: a number or boolean is the string category that spells it (`1` of `"1"`, or `"01"`), a string the number or boolean that
    /// it spells. Where two string categories spell one number, a column of numbers is an error.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::{OneHotEncoder, Table, Unknown};
    ///
    /// let train = Table::new().with_strings("home", ["RENT", "OWN", "RENT"])?;
    /// let encoder = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["home"])?;
    /// assert_eq!(encoder.names(), ["home_OWN", "home_RENT"]);
    /// let test = Table::new().with_strings("home", ["RENT", "ANY"])?;
    /// assert_eq!(encoder.transform::<f32>(&test)?, dmatrix![0.0, 1.0; 0.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.OneHotEncoder*.
    pub struct OneHotEncoder: "OneHotEncoder" checked by has_a_frequency {
        /// The categories in the order of their columns, for all columns of this encoder; without them those of the training rows.
        categories: Option<Vec<Value>> = None,
        /// The treatment of unknown categories.
        unknown: Unknown = Unknown::Error,
        /// The category without a column. With [`DropCategory::First`] a column with a single category yields none.
        drop_category: DropCategory = DropCategory::Never,
        /// Categories that occur less often than this, as a count or a fraction of the training rows, are infrequent.
        min_frequency: Option<MinFrequency> [custom setter] = None,
        /// The most columns of an encoded one, before one is dropped; the least frequent categories are infrequent, of equally
        /// frequent ones the first.
        max_categories: Option<usize> [at least 1] = None,
    }
}

impl OneHotEncoder {
    /// The defaults.
    pub fn new() -> OneHotEncoder {
        OneHotEncoder
    }

    /// Categories that occur less often than this are infrequent: a count such as `5`, or a fraction of the training rows such as
    /// `0.01`.
    #[must_use]
    pub fn min_frequency(mut self, min_frequency: impl Into<MinFrequency>) -> OneHotEncoder {
        self.min_frequency = Some(min_frequency.into());
        self
    }

    fn has_a_frequency(&self) -> Result<()> {
        MinFrequency::check(self.min_frequency, self)
    }

    /// Learns the categories of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::Empty`] if a column has no row; [`Error::InfiniteValue`] for an infinite number;
    /// [`Error::UnknownCategory`] if categories were given and an unknown one is an error; [`Error::Argument`] if one was given
    /// twice, or for an argument out of its range.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedOneHotEncoder> {
        self.check()?;
        let column = |name: S| {
            let counted = self.counted(table, name.as_ref())?;
            let column = self.encoded(name.as_ref(), counted)?;
            self.knows(&column, table)?;
            Ok(column)
        };
        let columns = try_map(columns, column)?;
        Ok(FittedOneHotEncoder { columns, unknown: self.unknown })
    }

    /// The given categories, or those of these rows in sorted order.
    fn counted(&self, table: &Table, name: &str) -> Result<CategoryCounts> {
        match &self.categories {
            Some(given) => CategoryCounts::of_given(given, table, name),
            None => CategoryCounts::of(table, name),
        }
    }

    /// Returns an error for a value that is not among given categories.
    fn knows(&self, column: &EncodedColumn, table: &Table) -> Result<()> {
        match self.categories.is_some() && self.unknown == Unknown::Error {
            true => {
                let fitted = FittedOneHotEncoder { columns: Vec::new(), unknown: self.unknown };
                fitted.positions(column, table).map(drop)
            }
            false => Ok(()),
        }
    }

    /// Encodes one column with its categories.
    fn encoded(&self, name: &str, counted: CategoryCounts) -> Result<EncodedColumn> {
        given_once("OneHotEncoder", name, &counted)?;
        let rarity = Rarity { min_frequency: self.min_frequency, max_categories: self.max_categories };
        let infrequent = rarity.infrequent(&counted, true);
        let missing = counted.missing > 0;
        let mut column =
            EncodedColumn { name: name.to_owned(), categories: counted.values, drop_first: false, missing, infrequent };
        column.drop_first = match self.drop_category {
            DropCategory::Never => false,
            DropCategory::First => true,
            DropCategory::IfBinary => column.groups() == 2,
        };
        Ok(column)
    }
}

/// Returns an error for a column without categories, and given ones that an encoder cannot distinguish.
pub(super) fn given_once(item: &str, name: &str, counted: &CategoryCounts) -> Result<()> {
    let known = KnownValues { name, values: &counted.values, missing: counted.missing > 0 };
    if known.len() == 0 {
        let advice = "an encoding needs at least one category; fit to at least one row".into();
        return Err(Error::Empty { what: format!("column \"{name}\""), advice });
    }
    match known.invalid() {
        None => Ok(()),
        Some(reason) => Err(Error::argument(item, "categories", reason, "each category once, numbers finite")),
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
                let counted = of_block.counted(table, name)?;
                if let Some(given) = &of_block.categories {
                    // The place of a value that is no category is known now.
                    let (categories, missing) = (given.clone(), counted.missing > 0);
                    let column = EncodedColumn {
                        name: name.into(),
                        categories,
                        drop_first: false,
                        missing,
                        infrequent: Vec::new(),
                    };
                    of_block.knows(&column, table)?;
                }
                Ok(counted)
            },
            CategoryCounts::add,
            move |columns| {
                encoder.check()?;
                let column = |(name, counted): (String, CategoryCounts)| encoder.encoded(&name, counted);
                let columns = try_map(columns, column)?;
                Ok(Arc::new(FittedOneHotEncoder { columns, unknown: encoder.unknown }))
            },
        ))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let state: OneHotState<FittedOneHotEncoder> = restored("OneHotEncoder", state)?;
        Ok(Arc::new(state.encoder.checked()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{Column, StringColumn};
    use nalgebra::DMatrix;

    fn homes(strings: &[&str]) -> Table {
        Table::new().with_strings("home", strings).unwrap()
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
        let missing: StringColumn = [Some("OWN"), None].into_iter().collect();
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
        let strings = |strings: &[&str]| Column::from(strings.iter().map(Some).collect::<StringColumn>());
        let of_strings = zeros(&Table::new().with_strings("c", ["1", "2", "X", "true"]).unwrap());
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
        let zips = zeros(&Table::new().with_strings("c", ["04109", "4109", "X"]).unwrap());
        assert!(matches!(rows(&zips, vec![4109.0].into()), Err(Error::ColumnType { .. })));
        let strict = OneHotEncoder::new().fit(&Table::new().with_strings("c", ["1"]).unwrap(), ["c"]).unwrap();
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
