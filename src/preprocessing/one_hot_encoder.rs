//! Categories as columns of zeros and ones.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::{Categories, Column, Found, Table, Value};
use crate::error::{Error, Result};
use crate::scalar::Scalar;

/// What becomes of a category that was not there at the fit, and of a missing value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unknown {
    /// An error that names it.
    #[default]
    Error,
    /// Zeros in all columns of the encoded one.
    Zeros,
}

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

/// Turns each category of a column into a column that is 1 where it occurs and 0 elsewhere.
///
/// A column of strings has its distinct strings as categories, a column of numbers its distinct numbers, one of booleans
/// `false` and `true` as they occur, in sorted order. The new columns are called `column_category`.
///
/// The fitted encoder decides how a value is read, not the type of the column it comes in, which may differ from file to
/// file: a number or boolean is the string category that spells it (`1` of `"1"`, or `"01"`), a string the number or boolean that
/// it spells. Where two string categories spell one number, a column of numbers is an error.
///
/// | option | default |
/// |---|---|
/// | [`categories`](Self::categories) | those of the training rows |
/// | [`unknown`](Self::unknown) | [`Unknown::Error`] |
/// | [`drop_category`](Self::drop_category) | [`DropCategory::Never`] |
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OneHotEncoder {
    categories: Option<Vec<Value>>,
    unknown: Unknown,
    drop_category: DropCategory,
}

impl OneHotEncoder {
    /// The defaults.
    pub fn new() -> OneHotEncoder {
        OneHotEncoder::default()
    }

    /// The categories in the order of their columns, for all columns of this encoder.
    #[must_use]
    pub fn categories(mut self, categories: impl IntoIterator<Item = impl Into<Value>>) -> OneHotEncoder {
        self.categories = Some(categories.into_iter().map(Into::into).collect());
        self
    }

    /// What becomes of an unknown category. Defaults to [`Unknown::Error`].
    #[must_use]
    pub fn unknown(mut self, unknown: Unknown) -> OneHotEncoder {
        self.unknown = unknown;
        self
    }

    /// Which category gets no column. Defaults to [`DropCategory::Never`]. With [`DropCategory::First`] a column of a
    /// single category yields none.
    #[must_use]
    pub fn drop_category(mut self, drop_category: DropCategory) -> OneHotEncoder {
        self.drop_category = drop_category;
        self
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
        let columns = columns.into_iter().map(|name| self.fit_column(table, name.as_ref()));
        let fitted = FittedOneHotEncoder { columns: columns.collect::<Result<_>>()?, unknown: self.unknown };
        for column in &fitted.columns {
            fitted.positions(column, table)?;
        }
        Ok(fitted)
    }

    fn fit_column(&self, table: &Table, name: &str) -> Result<EncodedColumn> {
        let categories = match (&self.categories, table.column(name)?) {
            (Some(given), _) => given.clone(),
            (None, Column::Text(texts)) => texts.categories().into_iter().map(Value::from).collect(),
            (None, Column::Number(numbers)) => distinct(numbers).into_iter().map(Value::from).collect(),
            (None, Column::Boolean(values)) => {
                let occurs = |value: &bool| values.iter().any(|found| found == Some(*value));
                [false, true].into_iter().filter(occurs).map(Value::from).collect()
            }
        };
        if categories.is_empty() {
            let what = format!("column \"{name}\"");
            return Err(Error::Empty { what, advice: "a one-hot encoding needs at least one category".into() });
        }
        let given = self.categories.as_deref().unwrap_or_default();
        if let Some(twice) = Categories::of_values(given).duplicate() {
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

/// A [`OneHotEncoder`] that knows the categories of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOneHotEncoder {
    columns: Vec<EncodedColumn>,
    unknown: Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EncodedColumn {
    name: String,
    categories: Vec<Value>,
    drop_first: bool,
}

impl EncodedColumn {
    fn width(&self) -> usize {
        self.categories.len().saturating_sub(usize::from(self.drop_first))
    }
}

impl FittedOneHotEncoder {
    /// The names of the new columns.
    pub fn names(&self) -> Vec<String> {
        let of_column = |column: &EncodedColumn| {
            let kept = column.categories[column.categories.len() - column.width()..].iter();
            let label = |category: &Value| match category {
                Value::Number(number) => format!("{}_{number}", column.name),
                Value::Boolean(value) => format!("{}_{value}", column.name),
                Value::Text(text) => format!("{}_{text}", column.name),
            };
            kept.map(label).collect::<Vec<_>>()
        };
        self.columns.iter().flat_map(of_column).collect()
    }

    /// The number of the new columns.
    pub(super) fn width(&self) -> usize {
        self.columns.iter().map(EncodedColumn::width).sum()
    }

    /// The columns that are encoded.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The categories of an encoded column, in the order of the new columns.
    pub fn categories(&self, column: &str) -> Option<&[Value]> {
        self.columns.iter().find(|known| known.name == column).map(|known| known.categories.as_slice())
    }

    /// The new columns, rows × categories, of the table's columns of the same names as at the fit.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::UnknownCategory`] or [`Error::MissingValue`] unless such values
    /// become zeros.
    pub fn transform<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        let mut data = Vec::new();
        let width = self.append(table, &mut data)?;
        Ok(DMatrix::from_vec(table.nrows(), width, data))
    }

    /// Appends the new columns one after another and returns how many they are.
    pub(super) fn append<T: Scalar>(&self, table: &Table, data: &mut Vec<T>) -> Result<usize> {
        let mut width = 0;
        for column in &self.columns {
            let start = data.len();
            data.resize(start + column.width() * table.nrows(), T::zero());
            for (row, position) in self.positions(column, table)?.into_iter().enumerate() {
                if let Some(position) = position {
                    data[start + position * table.nrows() + row] = T::one();
                }
            }
            width += column.width();
        }
        Ok(width)
    }

    /// Which new column is 1 in each row, if any.
    fn positions(&self, column: &EncodedColumn, table: &Table) -> Result<Vec<Option<usize>>> {
        let name = &column.name;
        let position = |(row, found): (usize, Found)| match (found, self.unknown) {
            (Found::Known(index), _) => Ok(if column.drop_first { index.checked_sub(1) } else { Some(index) }),
            (_, Unknown::Zeros) => Ok(None),
            (Found::Missing, Unknown::Error) => {
                Err(Error::MissingValue { place: table.place(row), column: name.clone() })
            }
            (Found::Unknown, Unknown::Error) => Err(Error::UnknownCategory {
                place: table.place(row),
                column: name.clone(),
                value: table.value(name, row).map(|value| value.to_string()).unwrap_or_default(),
                known: column.categories.iter().map(Value::to_string).collect(),
            }),
        };
        let found = Categories::of_values(&column.categories).find(table, name)?;
        found.into_iter().enumerate().map(position).collect()
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

    fn homes(texts: &[&str]) -> Table {
        Table::new().with_text("home", texts).unwrap()
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
        let texts = |texts: &[&str]| Column::from(texts.iter().map(Some).collect::<TextColumn>());
        let of_texts = zeros(&Table::new().with_text("c", ["1", "2", "X", "true"]).unwrap());
        assert_eq!(rows(&of_texts, texts(&["2", "X"])).unwrap(), [Some(1), Some(2)]);
        assert_eq!(rows(&of_texts, vec![1.0, 2.0, 3.0, f64::NAN].into()).unwrap(), [Some(0), Some(1), None, None]);
        assert_eq!(rows(&of_texts, vec![true, false].into()).unwrap(), [Some(3), None]);
        let of_numbers = zeros(&Table::new().with_numbers("c", [60.0, 36.0]).unwrap());
        assert_eq!(rows(&of_numbers, texts(&["36", "60.0", "36 months"])).unwrap(), [Some(0), Some(1), None]);
        let of_booleans = zeros(&Table::new().with_booleans("c", [true, false]).unwrap());
        assert_eq!(of_booleans.names(), ["c_false", "c_true"]);
        assert_eq!(rows(&of_booleans, texts(&["True", "FALSE", "no"])).unwrap(), [Some(1), Some(0), None]);
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
