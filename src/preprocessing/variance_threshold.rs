//! Columns that vary.

use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::passthrough::as_numbers;
use super::transformer::{ByColumn, Features, restored, rising, stated};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer};
use crate::Dependence;
use crate::error::number;
use crate::items::{Spec, item};
use crate::lists::try_map;
use crate::statistics::{Extremes, Moments};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Removes the columns whose variance over the training rows does not exceed `threshold`.
    ///
    /// The variance has the denominator n. With the threshold 0, the default, the smaller one of variance and range counts, so that a
    /// constant column is removed whatever the rounding of its variance is; a column without any value is removed as well. The
    /// columns that stay are passed on as they are, and [`FittedVarianceThreshold::dropped`] names the others. Missing values are
    /// ignored by the fit and stay missing; the matrix of a network refuses them. Weights of rows are ignored. The inverse transformation
    /// returns the columns that stay.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact up to the rounding of the variances.
    ///
    /// ```
    /// use perceptra::preprocessing::{Table, VarianceThreshold};
    ///
    /// let train = Table::new().with_numbers("rate", [5.0, 7.5])?.with_numbers("policy_code", [1.0, 1.0])?;
    /// let fitted = VarianceThreshold::new().fit(&train, ["rate", "policy_code"])?;
    /// assert_eq!((fitted.kept(), fitted.dropped()), (vec!["rate"], vec!["policy_code"]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.feature_selection.VarianceThreshold*.
    pub struct VarianceThreshold: "VarianceThreshold" {
        /// The largest variance of a column that is removed.
        threshold: f64 [at least 0] = 0.0,
    }
}

impl VarianceThreshold {
    /// The defaults.
    pub fn new() -> Self {
        VarianceThreshold
    }

    /// Learns which of these columns vary.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::NotANumber`] for strings; [`Error::InfiniteValue`] for an infinite number; [`Error::Empty`] if no
    /// column exceeds the threshold.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedVarianceThreshold> {
        self.check()?;
        let column = |name: S| Ok((name.as_ref().to_owned(), spread(table, name.as_ref())?));
        self.fitted(try_map(columns, column)?)
    }

    fn fitted(&self, columns: Vec<(String, Spread)>) -> Result<FittedVarianceThreshold> {
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        if let Some(name) = name_given_twice(&names) {
            return Err(Error::argument(
                "VarianceThreshold",
                "columns",
                format!("\"{name}\" twice"),
                "each column once",
            ));
        }
        let mut fitted = FittedVarianceThreshold { kept: Vec::new(), dropped: Vec::new() };
        let mut largest = 0.0;
        for (name, spread) in columns {
            let variance = self.variance(spread);
            largest = variance.max(largest);
            // False for the variance of no value, which is NaN.
            if variance > self.threshold { fitted.kept.push(name) } else { fitted.dropped.push(name) }
        }
        if fitted.kept.is_empty() && !fitted.dropped.is_empty() {
            let advice = match largest > 0.0 {
                true => format!(
                    "lower the threshold below {}, the largest variance, or take other columns",
                    number(largest)
                ),
                false => "each of its columns has one value only; take other columns, or more rows".into(),
            };
            return Err(Error::Empty {
                what: format!("what VarianceThreshold keeps of {}", fitted.dropped.join(", ")),
                advice,
            });
        }
        Ok(fitted)
    }

    /// Returns the variance that is compared with the threshold.
    fn variance(&self, (moments, extremes): Spread) -> f64 {
        match self.threshold == 0.0 {
            true => moments.variance().min(extremes.max - extremes.min),
            false => moments.variance(),
        }
    }
}

/// Moments and extremes of a column.
type Spread = (Moments, Extremes);

fn spread(table: &Table, name: &str) -> Result<Spread> {
    let values = finite_or_missing(table, name)?;
    Ok((Moments::of(&values), Extremes::of(&values)))
}

impl Transformer for VarianceThreshold {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input.columns(), input.columns().names())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let threshold = self.clone();
        Some(ByColumn::boxed(
            "VarianceThreshold",
            spread,
            |known, later| *known = (known.0.merge(&later.0), known.1.merge(&later.1)),
            move |columns| Ok(Arc::new(threshold.fitted(columns)?)),
        ))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedVarianceThreshold = restored("VarianceThreshold", state)?;
        let names = [read.kept.as_slice(), &read.dropped].concat();
        match name_given_twice(&names) {
            None => Ok(Arc::new(read)),
            Some(name) => {
                let reason = format!("it has the column \"{name}\" twice");
                Err(Error::Configuration { item: "VarianceThreshold".into(), reason })
            }
        }
    }
}

/// A [`VarianceThreshold`](struct@VarianceThreshold) that knows which columns vary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedVarianceThreshold {
    kept: Vec<String>,
    dropped: Vec<String>,
}

impl FittedVarianceThreshold {
    /// The columns that stay.
    pub fn kept(&self) -> Vec<&str> {
        self.kept.iter().map(String::as_str).collect()
    }

    /// The columns that are removed.
    pub fn dropped(&self) -> Vec<&str> {
        self.dropped.iter().map(String::as_str).collect()
    }
}

impl FittedTransformer for FittedVarianceThreshold {
    /// Returns the columns that are kept.
    fn inputs(&self) -> Vec<&str> {
        self.kept()
    }

    fn outputs(&self) -> Vec<String> {
        self.kept.clone()
    }

    fn width(&self) -> usize {
        self.kept.len()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        as_numbers(table, &self.kept)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.kept.iter().try_for_each(|name| {
            finite_or_missing(table, name)?;
            features.column(table.complete_numbers(name)?)
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        table.select(&self.kept)
    }

    fn state(&self) -> Result<Value> {
        stated("VarianceThreshold", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        rising(&self.kept, column)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer};
    use super::*;
    use crate::reference;

    #[test]
    fn the_columns_of_the_reference_stay() -> Result<()> {
        for case in reference::case("variance_threshold").list("cases") {
            let mut columns = case.list("columns").into_iter().enumerate();
            let table = columns.try_fold(Table::new(), |table, (index, column)| {
                table.with_numbers(format!("c{index}"), column.numbers("x"))
            })?;
            let threshold = VarianceThreshold::new().threshold(case.numbers("threshold")[0]);
            let variances = table.names().iter().map(|name| Ok(threshold.variance(spread(&table, name)?)));
            case.assert_close("variances", variances.collect::<Result<Vec<_>>>()?, 1e-10);
            let kept: Vec<String> = case.indices("kept").iter().map(|index| format!("c{index}")).collect();
            assert_eq!(threshold.fit(&table, table.names())?.kept(), kept);
        }
        Ok(())
    }

    #[test]
    fn a_constant_column_is_removed_and_named() -> Result<()> {
        // The variance of 0.1 as often is not 0 in floating point.
        let table = Table::new().with_numbers("same", [0.1; 7])?.with_numbers("x", (0..7).map(f64::from))?;
        let gaps =
            table.with_numbers("gap", [f64::NAN; 7])?.with_numbers("x", [1.0, f64::NAN, 2.0, 1.0, 1.0, 1.0, 1.0])?;
        let fitted = VarianceThreshold::new().fit(&gaps, gaps.names())?;
        assert_eq!((fitted.kept(), fitted.dropped()), (vec!["x"], vec!["same", "gap"]));
        assert!(fitted.transform(&gaps)?.numbers("x")?[1].is_nan());
        let columns = ColumnTransformer::new().add(VarianceThreshold::new(), ["same", "x", "gap"]);
        assert!(matches!(columns.fit_transform::<f64>(&gaps), Err(Error::MissingValue { .. })));
        let columns = ColumnTransformer::new().add(VarianceThreshold::new(), ["same", "x"]);
        let (fitted, x) = columns.fit_transform::<f64>(&table)?;
        assert_eq!((fitted.inputs(), x.as_slice()), (vec!["x"], table.numbers("x")?));
        let text = serde_json::to_string(&fitted).expect("JSON");
        assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&text).expect("the same"), fitted);
        let hostile = text.replace("\"dropped\":[\"same\"]", "\"dropped\":[\"x\"]");
        assert!(hostile != text && serde_json::from_str::<FittedColumnTransformer>(&hostile).is_err());
        Ok(())
    }

    #[test]
    fn a_threshold_that_no_column_exceeds_is_refused() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, 3.0])?.with_numbers("b", [2.0, 2.0])?;
        let message = |threshold: f64, columns: &[&str]| {
            VarianceThreshold::new().threshold(threshold).fit(&table, columns).unwrap_err().to_string()
        };
        let high = message(1.0, &["a", "b"]);
        assert!(high.contains("keeps of a, b is empty") && high.contains("below 1, the largest variance"), "{high}");
        assert!(message(0.0, &["b"]).contains("one value only"));
        assert!(message(-1.0, &["a"]).contains("threshold is -1"));
        assert!(matches!(VarianceThreshold::new().fit(&table.head(1), ["a"]), Err(Error::Empty { .. })));
        Ok(())
    }

    #[test]
    fn a_fit_over_blocks_equals_a_fit_on_all_rows() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, 1.0, 3.0])?.with_numbers("b", [2.0; 3])?;
        let mut blocks = VarianceThreshold::new().accumulator().expect("it fits over blocks");
        blocks.update(FitInput::new(&table.take(&[0, 1])?))?;
        blocks.update(FitInput::new(&table.take(&[2])?))?;
        assert_eq!(blocks.finish()?.outputs(), ["a"]);
        Ok(())
    }
}
