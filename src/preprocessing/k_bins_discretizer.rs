//! Numbers as intervals of equal width, of equal frequency, or around centres.

use super::averaged_quantile::{averaged_inverted_cdf, evenly_spaced, weighted_averaged_inverted_cdf};
use super::fitted_k_bins_discretizer::{BinEncoding, BinnedByEdges, FittedKBinsDiscretizer};
use super::k_means::k_means;
use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::quantile_sketch::QuantileSketch;
use super::ranked_numbers::RankedNumbers;
use super::scaling::without_value;
use super::transformer::{FoldedColumns, Folding, restored};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer};
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::sorting;
use crate::statistics::Extremes;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The rule for the edges of the bins of a [`KBinsDiscretizer`](struct@KBinsDiscretizer).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BinStrategy {
    /// Edges at equal distances between the smallest and the largest number.
    Uniform,
    /// Edges at quantiles, so that bins have about the same number of training rows.
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
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact for uniform bins. For quantiles and k-means it has the same
    /// bits up to 16,384 values of a column; beyond that quantiles are those of a sketch with rank errors below 0.1 % of the
    /// total weight, and k-means runs on the numbers of the sketch.
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
        /// The encoding of the bins.
        encode: BinEncoding = BinEncoding::OneHot,
        /// The rule for the edges of the bins.
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
            let name = name.as_ref();
            let block = BlockNumbers::of(table, name, weights)?;
            let mut known = KnownNumbers::default();
            known.count(&block);
            let mut pairs = block.pairs;
            sorting::by_number(&mut pairs, |pair| pair.0);
            Ok(BinnedByEdges { name: name.to_owned(), edges: self.edges(name, pairs, &known)? })
        };
        self.of_columns(try_map(columns, column)?)
    }

    fn of_columns(&self, columns: Vec<BinnedByEdges>) -> Result<FittedKBinsDiscretizer> {
        let fitted = FittedKBinsDiscretizer { columns, encode: self.encode };
        match name_given_twice(&fitted.outputs()) {
            None => Ok(fitted),
            Some(name) => Err(invalid(self, "columns", format!("two that make \"{name}\""), "each column once")),
        }
    }

    /// The edges of the bins of numbers with weights.
    fn edges(&self, name: &str, pairs: Vec<(f64, f64)>, known: &KnownNumbers) -> Result<Vec<f64>> {
        if known.values == 0 {
            return Err(without_value(name));
        }
        if known.weighted.min.is_nan() {
            let value = format!("0 for every value of column \"{name}\"");
            return Err(invalid(self, "weights", value, "a weight above 0"));
        }
        // Rows without weight count only among the quantiles' candidates, which skip them.
        let counted = if self.strategy == BinStrategy::Quantile { known.all } else { known.weighted };
        let (low, high) = (counted.min, counted.max);
        if low == high {
            return Ok(vec![low, low]);
        }
        let mut edges = match self.strategy {
            BinStrategy::Uniform => return Ok(evenly_spaced(low, high, self.n_bins)),
            BinStrategy::Quantile => {
                // In percent first, as NumPy is asked: whether a level falls on a number depends on its last digit.
                let levels = evenly_spaced(0.0, 100.0, self.n_bins).into_iter().map(|percent| percent / 100.0);
                if known.is_weighted {
                    let mut edges: Vec<f64> =
                        levels.map(|level| weighted_averaged_inverted_cdf(&pairs, level)).collect();
                    // The ends of a sketch are known exactly.
                    if !known.sketch.is_exact() {
                        let last = edges.len() - 1;
                        (edges[0], edges[last]) = (known.weighted.min, known.weighted.max);
                    }
                    edges
                } else {
                    let counted = pairs.into_iter().map(|(x, weight)| (x, weight as usize));
                    let sorted = RankedNumbers::counted(counted, (low, high));
                    levels.map(|level| averaged_inverted_cdf(&sorted, level)).collect()
                }
            }
            BinStrategy::KMeans => {
                if known.values < self.n_bins {
                    let expected =
                        format!("at most {}, the number of values of column \"{name}\", for k-means", known.values);
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

/// The numbers of a block of rows with their weights.
struct BlockNumbers {
    pairs: Vec<(f64, f64)>,
    is_weighted: bool,
}

impl BlockNumbers {
    fn of(table: &Table, name: &str, weights: Option<&[f64]>) -> Result<Self> {
        let weight = |row: usize| weights.and_then(|weights| weights.get(row)).copied().unwrap_or(1.0);
        let numbers = finite_or_missing(table, name)?;
        let present = numbers.iter().enumerate().filter(|(_, x)| !x.is_nan());
        let pairs = present.map(|(row, x)| (*x, weight(row))).collect();
        Ok(BlockNumbers { pairs, is_weighted: weights.is_some() })
    }
}

/// The statistics of the numbers of a column.
#[derive(Serialize, Deserialize)]
struct KnownNumbers {
    values: usize,
    all: Extremes,
    /// Of the numbers whose weight is not 0.
    weighted: Extremes,
    is_weighted: bool,
    /// Of a fit over blocks.
    sketch: QuantileSketch,
}

impl Default for KnownNumbers {
    fn default() -> Self {
        let (all, weighted) = (Extremes::of(&[]), Extremes::of(&[]));
        KnownNumbers { values: 0, all, weighted, is_weighted: false, sketch: QuantileSketch::default() }
    }
}

impl KnownNumbers {
    fn count(&mut self, block: &BlockNumbers) {
        self.is_weighted |= block.is_weighted;
        self.values += block.pairs.len();
        for (x, weight) in &block.pairs {
            let of_one = Extremes { min: *x, max: *x };
            self.all = self.all.merge(&of_one);
            if *weight != 0.0 {
                self.weighted = self.weighted.merge(&of_one);
            }
        }
    }

    fn add(&mut self, block: BlockNumbers) {
        self.count(&block);
        block.pairs.into_iter().for_each(|(x, weight)| self.sketch.insert_weighted(x, weight));
    }

    fn merge(&mut self, later: KnownNumbers) {
        self.is_weighted |= later.is_weighted;
        self.values += later.values;
        self.all = self.all.merge(&later.all);
        self.weighted = self.weighted.merge(&later.weighted);
        self.sketch.merge(later.sketch);
    }
}

impl Transformer for KBinsDiscretizer {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fitted(input.columns(), input.columns().names(), input.weights())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let bins = self.clone();
        let folding = Folding {
            measure: Box::new(|input: &FitInput<'_>, name: &str| {
                BlockNumbers::of(input.columns(), name, input.weights())
            }),
            add: KnownNumbers::add,
            merge: KnownNumbers::merge,
        };
        Some(FoldedColumns::boxed(self.clone(), folding, move |_, columns: Vec<(String, KnownNumbers)>| {
            let column = |(name, known): (String, KnownNumbers)| {
                let edges = bins.edges(&name, known.sketch.weighted(), &known)?;
                Ok(BinnedByEdges { name, edges })
            };
            Ok(Arc::new(bins.of_columns(try_map(columns, column)?)?))
        }))
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
