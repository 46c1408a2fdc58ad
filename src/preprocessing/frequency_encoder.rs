//! Categories as how often they occur.

use super::category_counts::CategoryCounts;
use super::mapped_columns::{MappedColumn, checked, counted, mapped};
use super::one_hot_encoder::given_once;
use super::transformer::{ByColumn, restored};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::Result;
use crate::items::{Spec, item};
use crate::lists::try_map;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Turns each category of a column into the fraction of the training rows that have it, or into their number.
    ///
    /// For a category in nᶜ of n training rows it is nᶜ / n, or nᶜ with `normalize(false)`. A missing value is a category where one
    /// was missing at the fit; an unknown category is 0, as is a missing value otherwise. A column keeps its name. Values are
    /// compared with the categories as by a [`OneHotEncoder`](struct@super::OneHotEncoder); weights of rows are ignored. It has no
    /// inverse, since two categories may be equally frequent.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{FitInput, FrequencyEncoder, Table, Transformer};
    ///
    /// let train = Table::new().with_strings("city", ["Rome", "Oslo", "Rome", "Lima"])?;
    /// let fitted = Transformer::fit(&FrequencyEncoder::new(), FitInput::new(&train))?;
    /// let other = Table::new().with_strings("city", ["Rome", "Lima", "Bern"])?;
    /// assert_eq!(fitted.transform(&other)?.numbers("city")?, [0.5, 0.25, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Category Encoders, *category_encoders.count.CountEncoder*.
    pub struct FrequencyEncoder: "FrequencyEncoder" {
        /// Whether it is the fraction of the rows rather than their number.
        normalize: bool = true,
    }
}

impl FrequencyEncoder {
    /// The defaults.
    pub fn new() -> FrequencyEncoder {
        FrequencyEncoder
    }

    /// Counts the categories of all columns of the input.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`](crate::Error::Empty) without any row; [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number.
    pub fn fit(&self, input: FitInput<'_>) -> Result<FittedFrequencyEncoder> {
        self.check()?;
        let table = input.columns();
        let column = |name: &String| Ok(self.mapped(name.clone(), counted(table, name)?));
        let columns = try_map(table.names().iter(), column)?;
        Ok(FittedFrequencyEncoder { columns })
    }

    fn mapped(&self, name: String, counted: CategoryCounts) -> MappedColumn {
        let rows = if self.normalize { counted.rows() as f64 } else { 1.0 };
        let missing = counted.missing > 0;
        let counts = counted.counts.iter().copied().chain(missing.then_some(counted.missing)).chain([0]);
        let values = vec![counts.map(|count| count as f64 / rows).collect()];
        MappedColumn { outputs: vec![name.clone()], name, categories: counted.values, missing, values }
    }
}

impl Transformer for FrequencyEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input)?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let encoder = self.clone();
        Some(ByColumn::boxed("FrequencyEncoder", CategoryCounts::of, CategoryCounts::add, move |columns| {
            let column = |(name, counted): (String, CategoryCounts)| {
                given_once("FrequencyEncoder", &name, &counted)?;
                Ok(encoder.mapped(name, counted))
            };
            Ok(Arc::new(FittedFrequencyEncoder { columns: try_map(columns, column)? }))
        }))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedFrequencyEncoder = restored("FrequencyEncoder", state)?;
        checked("FrequencyEncoder", &read.columns)?;
        Ok(Arc::new(read))
    }
}

/// A fitted [`FrequencyEncoder`](struct@FrequencyEncoder), with the categories of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedFrequencyEncoder {
    pub(crate) columns: Vec<MappedColumn>,
}

mapped!(FittedFrequencyEncoder: "FrequencyEncoder");
