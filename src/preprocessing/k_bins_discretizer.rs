//! Numbers as intervals of equal width, of equal frequency, or around centres.

use super::averaged_quantile::{averaged_inverted_cdf, evenly_spaced, weighted_averaged_inverted_cdf};
use super::fitted_k_bins_discretizer::{BinEncoding, BinnedByEdges, FittedKBinsDiscretizer};
use super::k_means::k_means;
use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::scaling::without_value;
use super::transformer::restored;
use super::{FitInput, FittedTransformer, Table, Transformer};
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::sorting;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Where the edges of the bins of a [`KBinsDiscretizer`](struct@KBinsDiscretizer) are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BinStrategy {
    /// At equal distances between the smallest and the largest number.
    Uniform,
    /// At quantiles, so that bins have about the same number of training rows.
    #[default]
    Quantile,
    /// Halfway between the centres of k-means, which starts at the centres of bins of equal width.
    KMeans,
}

plain!(BinStrategy);

/// Bins that are not wider are removed.
const NARROW: f64 = 1e-8;

item! {
    /// Sorts the numbers of each column into bins that are learned from the training rows.
    ///
    /// With the edges `e_0 < … < e_k` of a column, `x` is in bin `j` if `e_j ≤ x < e_{j+1}`; numbers below `e_1` are in the first bin,
    /// those from `e_{k−1}` on in the last. A constant column has one bin. With the strategies [`BinStrategy::Quantile`] and
    /// [`BinStrategy::KMeans`] bins that are not wider than 1e-8 are removed, so that there may be fewer than
    /// [`n_bins`](Self::n_bins). Quantiles are those of the averaged inverted distribution function.
    ///
    /// The columns of [`BinEncoding::OneHot`] are called `column_0`, `column_1`, …. Missing numbers are ignored by the fit and stay missing, in
    /// each column of a one-hot encoding; the matrix of a network refuses them. Weights of rows count as in scikit-learn: rows of weight
    /// 0 do not extend the range of uniform bins, quantiles and k-means are weighted. The inverse transformation makes of a bin the
    /// number halfway between its edges.
    ///
    /// ```
    /// use perceptra::preprocessing::{BinEncoding, BinStrategy, ColumnTransformer, KBinsDiscretizer, Table};
    ///
    /// let train = Table::new().with_numbers("age", [20.0, 30.0, 50.0, 80.0])?;
    /// let bins = KBinsDiscretizer::new().n_bins(3).strategy(BinStrategy::Uniform).encode(BinEncoding::Ordinal);
    /// assert_eq!(bins.fit(&train, ["age"])?.bin_edges("age"), Some(&[20.0, 40.0, 60.0, 80.0][..]));
    /// let (_, x) = ColumnTransformer::new().add(bins, ["age"]).fit_transform::<f32>(&train)?;
    /// assert_eq!(x.as_slice(), [0.0, 0.0, 1.0, 2.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.KBinsDiscretizer* with `subsample=None`.
    pub struct KBinsDiscretizer: "KBinsDiscretizer" {
        /// The number of bins of each column.
        n_bins: usize [in 2..=65536] = 5,
        /// What becomes of a bin.
        encode: BinEncoding = BinEncoding::OneHot,
        /// Where the edges of the bins are.
        strategy: BinStrategy = BinStrategy::Quantile,
    }
}

impl KBinsDiscretizer {
    /// The defaults.
    pub fn new() -> Self {
        KBinsDiscretizer
    }

    /// Learns the edges of the bins of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::NotANumber`] for strings; [`Error::InfiniteValue`] for an infinite number; [`Error::Empty`] for a
    /// column without any value; [`Error::Argument`] if k-means has fewer values than bins.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedKBinsDiscretizer> {
        self.fitted(table, columns, None)
    }

    fn fitted<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
        weights: Option<&[f64]>,
    ) -> Result<FittedKBinsDiscretizer> {
        self.check()?;
        let column = |name: S| {
            let (name, mut pairs) = (name.as_ref(), Vec::new());
            for (row, x) in finite_or_missing(table, name)?.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
                pairs.push((*x, weights.and_then(|weights| weights.get(row)).copied().unwrap_or(1.0)));
            }
            Ok(BinnedByEdges { name: name.to_owned(), edges: self.edges(name, pairs, weights.is_some())? })
        };
        let columns = try_map(columns, column)?;
        let fitted = FittedKBinsDiscretizer { columns, encode: self.encode };
        match name_given_twice(&fitted.outputs()) {
            None => Ok(fitted),
            Some(name) => Err(invalid(self, "columns", format!("two that make \"{name}\""), "each column once")),
        }
    }

    /// The edges of the bins of numbers with weights.
    fn edges(&self, name: &str, mut pairs: Vec<(f64, f64)>, is_weighted: bool) -> Result<Vec<f64>> {
        if pairs.is_empty() {
            return Err(without_value(name));
        }
        if pairs.iter().all(|(_, weight)| *weight == 0.0) {
            let value = format!("0 for every value of column \"{name}\"");
            return Err(invalid(self, "weights", value, "a weight above 0"));
        }
        sorting::by_number(&mut pairs, |pair| pair.0);
        // Rows without weight count among the quantiles' candidates alone, which pass over them.
        let counted = pairs.iter().filter(|(_, weight)| self.strategy == BinStrategy::Quantile || *weight != 0.0);
        let (low, high) =
            counted.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
        if low == high {
            return Ok(vec![low, low]);
        }
        let mut edges = match self.strategy {
            BinStrategy::Uniform => return Ok(evenly_spaced(low, high, self.n_bins)),
            BinStrategy::Quantile => {
                let sorted: Vec<f64> = pairs.iter().map(|(x, _)| *x).collect();
                // In percent first, as NumPy is asked: whether a level falls on a number depends on its last digit.
                let levels = evenly_spaced(0.0, 100.0, self.n_bins).into_iter().map(|percent| percent / 100.0);
                match is_weighted {
                    true => levels.map(|level| weighted_averaged_inverted_cdf(&pairs, level)).collect::<Vec<_>>(),
                    false => levels.map(|level| averaged_inverted_cdf(&sorted, level)).collect(),
                }
            }
            BinStrategy::KMeans => {
                if pairs.len() < self.n_bins {
                    let expected =
                        format!("at most {}, the number of values of column \"{name}\", for k-means", pairs.len());
                    return Err(invalid(self, "n_bins", self.n_bins, expected));
                }
                let even = evenly_spaced(low, high, self.n_bins);
                let halfway =
                    |edges: &[f64]| edges.windows(2).map(|pair| pair[0] / 2.0 + pair[1] / 2.0).collect::<Vec<_>>();
                let (values, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
                let centres = k_means(&values, &weights, halfway(&even));
                [vec![low], halfway(&centres), vec![high]].concat()
            }
        };
        let wide: Vec<bool> = edges.windows(2).map(|pair| pair[1] - pair[0] > NARROW).collect();
        let mut kept = std::iter::once(true).chain(wide);
        edges.retain(|_| kept.next().unwrap_or(true));
        // Where no bin is wide enough there is one.
        Ok(if edges.len() < 2 { vec![low, high] } else { edges })
    }
}

impl Transformer for KBinsDiscretizer {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fitted(input.columns(), input.columns().names(), input.weights())?))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedKBinsDiscretizer = restored("KBinsDiscretizer", state)?;
        let unusable = |reason: String| Error::Configuration { item: "KBinsDiscretizer".into(), reason };
        if let Some(column) = read.columns.iter().find(|column| !column.has_bins()) {
            return Err(unusable(format!(
                "the edges of \"{}\" are not finite numbers in ascending order",
                column.name
            )));
        }
        match name_given_twice(&read.outputs()) {
            None => Ok(Arc::new(read)),
            Some(name) => Err(unusable(format!("two columns are called \"{name}\""))),
        }
    }
}

#[cfg(test)]
mod tests;
