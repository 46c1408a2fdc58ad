//! Categories as their numbers in an order.

use super::category_counts::CategoryCounts;
use super::fitted_ordinal_encoder::{FittedOrdinalEncoder, OrdinalColumn};
use super::min_frequency::{MinFrequency, Rarity};
use super::one_hot_encoder::given_once;
use super::ordinal_codes::{MissingCode, UnknownCode};
use super::transformer::{ByColumn, restored};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::{Error, Result};
use std::sync::Arc;

item! {
    /// Turns each category of a column into its number in the order of the categories: 0, 1, 2, …
    ///
    /// The order is the sorted one of the training rows, or a given one. The infrequent categories share the code after those of
    /// the frequent ones, which follow each other without gaps. A column keeps its name.
    ///
    /// A missing value has a code where one was missing at the fit; it is not among the infrequent categories and does not count
    /// in `max_categories`. Where none was missing, it is an unknown category in other rows. (In scikit-learn a missing value stays
    /// missing by default, here [`MissingCode::Missing`].) Values are compared with the categories as by a
    /// [`OneHotEncoder`](struct@super::OneHotEncoder); weights of rows are ignored.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{FitInput, OrdinalEncoder, Table, Transformer, UnknownCode};
    ///
    /// let train = Table::new().with_strings("grade", ["low", "high", "low"])?;
    /// let encoder = OrdinalEncoder::new().categories([["low", "medium", "high"]]).unknown(UnknownCode::Value(-1.0));
    /// let fitted = Transformer::fit(&encoder, FitInput::new(&train))?;
    /// let other = Table::new().with_strings("grade", ["high", "medium", "none"])?;
    /// let codes = fitted.transform(&other)?;
    /// assert_eq!(codes.numbers("grade")?, [2.0, 1.0, -1.0]);
    /// assert_eq!(fitted.inverse_transform(&codes)?.strings("grade")?.get(0), Some("high"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.OrdinalEncoder*.
    pub struct OrdinalEncoder: "OrdinalEncoder" checked by has_codes {
        /// The categories of each column in their order, one list per column; without them those of the training rows, sorted.
        categories: Option<Vec<Vec<Value>>> [custom setter] = None,
        /// The treatment of unknown categories.
        unknown: UnknownCode = UnknownCode::Error,
        /// The treatment of missing values.
        missing: MissingCode = MissingCode::Category,
        /// Categories that occur less often than this, as a count or a fraction of the training rows, are infrequent.
        min_frequency: Option<MinFrequency> [custom setter] = None,
        /// The most codes of a column; the least frequent categories are infrequent, of equally frequent ones the first.
        max_categories: Option<usize> [at least 1] = None,
    }
}

impl OrdinalEncoder {
    /// The defaults.
    pub fn new() -> OrdinalEncoder {
        OrdinalEncoder
    }

    /// The categories of each column in their order, one list per column.
    #[must_use]
    pub fn categories(
        mut self,
        lists: impl IntoIterator<Item = impl IntoIterator<Item = impl Into<Value>>>,
    ) -> OrdinalEncoder {
        let lists = lists.into_iter().map(|list| list.into_iter().map(Into::into).collect());
        self.categories = Some(lists.collect());
        self
    }

    /// Categories that occur less often than this are infrequent: a count such as `5`, or a fraction of the training rows such as
    /// `0.01`.
    #[must_use]
    pub fn min_frequency(mut self, min_frequency: impl Into<MinFrequency>) -> OrdinalEncoder {
        self.min_frequency = Some(min_frequency.into());
        self
    }

    fn has_codes(&self) -> Result<()> {
        MinFrequency::check(self.min_frequency, self)?;
        match (self.unknown, self.missing) {
            (UnknownCode::Value(code), _) if !code.is_finite() => {
                Err(invalid(self, "unknown", code, "a finite number, or UnknownCode::Missing for NaN"))
            }
            (_, MissingCode::Value(code)) if !code.is_finite() => {
                Err(invalid(self, "missing", code, "a finite number, or MissingCode::Missing for NaN"))
            }
            _ => Ok(()),
        }
    }

    /// Learns the categories of all columns of the input.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without any row; [`Error::InfiniteValue`] for an infinite number; [`Error::UnknownCategory`] if categories were
    /// given and an unknown one is an error; [`Error::Argument`] for an argument out of its range, for categories that were not
    /// given once for each column, and for a code that is that of a category.
    pub fn fit(&self, input: FitInput<'_>) -> Result<FittedOrdinalEncoder> {
        self.check()?;
        let table = input.columns();
        self.has_list_for_each(table.names())?;
        let column = |name: &String| {
            let counted = self.counted(table, name)?;
            self.knows_all(table, name, &counted)?;
            Ok((name.clone(), counted))
        };
        self.fitted(try_map(table.names().iter(), column)?)
    }

    fn has_list_for_each(&self, names: &[String]) -> Result<()> {
        match &self.categories {
            Some(lists) if lists.len() != names.len() => {
                let expected = format!("one list for each of the {} columns: {}", names.len(), names.join(", "));
                Err(invalid(self, "categories", format!("{} lists", lists.len()), expected))
            }
            _ => Ok(()),
        }
    }

    /// The categories that were given for a column of the table.
    fn given(&self, table: &Table, name: &str) -> Option<&[Value]> {
        let index = table.names().iter().position(|known| known == name)?;
        self.categories.as_ref()?.get(index).map(Vec::as_slice)
    }

    fn counted(&self, table: &Table, name: &str) -> Result<CategoryCounts> {
        match self.given(table, name) {
            Some(given) => CategoryCounts::of_given(given, table, name),
            None => CategoryCounts::of(table, name),
        }
    }

    /// Returns an error for a value that is not among given categories.
    fn knows_all(&self, table: &Table, name: &str, counted: &CategoryCounts) -> Result<()> {
        if self.unknown != UnknownCode::Error || self.categories.is_none() {
            return Ok(());
        }
        let (categories, missing) = (counted.values.clone(), counted.missing > 0);
        let column = OrdinalColumn { name: name.to_owned(), categories, missing, infrequent: Vec::new() };
        let fitted = FittedOrdinalEncoder { columns: Vec::new(), unknown: self.unknown, missing: self.missing };
        fitted.codes(&column, table).map(drop)
    }

    fn fitted(&self, columns: Vec<(String, CategoryCounts)>) -> Result<FittedOrdinalEncoder> {
        let rarity = Rarity { min_frequency: self.min_frequency, max_categories: self.max_categories };
        let column = |(name, counted): (String, CategoryCounts)| {
            given_once("OrdinalEncoder", &name, &counted)?;
            let (infrequent, missing) = (rarity.infrequent(&counted, false), counted.missing > 0);
            Ok(OrdinalColumn { name, categories: counted.values, missing, infrequent })
        };
        let columns = try_map(columns, column)?;
        let fitted = FittedOrdinalEncoder { columns, unknown: self.unknown, missing: self.missing };
        match fitted.ambiguous() {
            None => Ok(fitted),
            Some((argument, code, column)) => {
                let expected = format!("a number that is the code of no category of \"{column}\", such as -1");
                Err(invalid(self, argument, code, expected))
            }
        }
    }
}

impl Transformer for OrdinalEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input)?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let (encoder, of_block) = (self.clone(), self.clone());
        Some(ByColumn::boxed(
            "OrdinalEncoder",
            move |table, name| {
                of_block.has_list_for_each(table.names())?;
                let counted = of_block.counted(table, name)?;
                of_block.knows_all(table, name, &counted)?;
                Ok(counted)
            },
            CategoryCounts::add,
            move |columns| {
                encoder.check()?;
                Ok(Arc::new(encoder.fitted(columns)?))
            },
        ))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedOrdinalEncoder = restored("OrdinalEncoder", state)?;
        match read.invalid() {
            None => Ok(Arc::new(read)),
            Some(reason) => Err(Error::Configuration { item: "OrdinalEncoder".into(), reason }),
        }
    }
}
