//! Scaling to a uniform or normal distribution by quantiles.

use super::normal::{normal_cdf, normal_quantile};
use super::quantile::quantile;
use super::ranked_numbers::RankedNumbers;
use super::scaled_columns::ScaledColumns;
use super::scaling::Scaler;
use super::sketched_columns::{RankedColumns, ranked_columns, sketched};
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::argument::plain;
use crate::items::{Spec, item};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The distribution of the output of a [`QuantileTransformer`](struct@QuantileTransformer).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputDistribution {
    /// Uniformly from 0 to 1.
    #[default]
    Uniform,
    /// Standard normally, cut off at about ±5.2.
    Normal,
}

plain!(OutputDistribution);

item! {
    /// Maps the numbers of each column to their ranks among the training rows, from 0 to 1, or to a normal distribution by these.
    ///
    /// `z = F(x)`, or `z = Φ⁻¹(F(x))`, where `F` interpolates linearly between quantiles of the training rows at equal distances;
    /// of equal quantiles it is the mean of the first and the last. There are at most as many quantiles as rows, counted with the
    /// missing values. Numbers beyond those of the fit become 0 or 1, and Φ⁻¹ is cut off at the fractions 1e-7 and 1 − 1e-7. A
    /// constant column becomes 0, or −5.2 in a normal distribution. Missing values are ignored by the fit and stay missing; the
    /// matrix of a network refuses them. The weights of rows are not used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) has the same bits up to 16,384 values of a column; beyond that its
    /// quantiles are those of a sketch with rank errors below 0.1 % of the rows. Minimum and maximum are exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, OutputDistribution, QuantileTransformer, Table};
    ///
    /// let table = Table::new().with_numbers("income", [1.0, 10.0, 1000.0])?;
    /// let x = |ranks: QuantileTransformer| Ok(ColumnTransformer::new().add(ranks, ["income"]).fit_transform::<f64>(&table)?.1);
    /// assert_eq!(x(QuantileTransformer::new())?.as_slice(), [0.0, 0.5, 1.0]);
    /// let normal = x(QuantileTransformer::new().output_distribution(OutputDistribution::Normal))?;
    /// assert!(normal[0] < -5.19 && normal[1] == 0.0 && normal[2] > 5.19);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The fit fails with [`Error::Argument`](crate::Error::Argument) without any quantile,
    /// [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number, and [`Error::Empty`](crate::Error::Empty) for a column
    /// in which every value is missing.
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.QuantileTransformer* with `subsample=None`.
    pub struct QuantileTransformer: "QuantileTransformer" {
        /// The number of quantiles, which is lowered to the number of rows.
        n_quantiles: usize [at least 1] = 1000,
        /// The distribution of the output.
        output_distribution: OutputDistribution = OutputDistribution::Uniform,
    }
}

impl QuantileTransformer {
    /// The defaults.
    pub fn new() -> QuantileTransformer {
        QuantileTransformer
    }

    fn fitted(&self, rows: usize, columns: RankedColumns) -> Arc<dyn FittedTransformer> {
        let count = self.n_quantiles.min(rows).max(1);
        let ranked = |values: &RankedNumbers| {
            let mut largest = f64::NEG_INFINITY;
            let quantiles = (0..count).map(|index| {
                // Scikit-learn counts in percent, and this rounding decides whether a quantile next to tied numbers equals them;
                // it must not put a quantile below that before it.
                largest = quantile(values, fraction(index, count) * 100.0 / 100.0).max(largest);
                largest
            });
            Ranked { quantiles: quantiles.collect(), normal: self.output_distribution == OutputDistribution::Normal }
        };
        let (names, numbers): (Vec<String>, Vec<RankedNumbers>) = columns.into_iter().unzip();
        ScaledColumns::shared(names, FittedQuantileTransformer { columns: numbers.iter().map(ranked).collect() })
    }
}

impl Transformer for QuantileTransformer {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        Ok(self.fitted(input.columns().nrows(), ranked_columns(input.columns())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let transformer = self.clone();
        Some(sketched(self.clone(), move |rows, columns| Ok(transformer.fitted(rows, columns))))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedQuantileTransformer>::restored("QuantileTransformer", state)
    }
}

/// The fraction of a quantile among this many, rounded as NumPy rounds it.
fn fraction(index: usize, count: usize) -> f64 {
    match index {
        0 => 0.0,
        _ if index + 1 == count => 1.0,
        _ => index as f64 * (1.0 / (count - 1) as f64),
    }
}

/// The quantiles of one column, in ascending order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ranked {
    pub(crate) quantiles: Vec<f64>,
    pub(crate) normal: bool,
}

impl Ranked {
    /// The fraction from which on numbers of a normal distribution are cut off.
    pub(crate) const BOUND: f64 = 1e-7;

    /// The first and the last quantile.
    pub(crate) fn ends(&self) -> (f64, f64) {
        let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
        (end(self.quantiles.first()), end(self.quantiles.last()))
    }

    /// The cut-off values of a normal distribution, as scikit-learn rounds them.
    pub(crate) fn normal_ends() -> (f64, f64) {
        let bound = Self::BOUND - f64::EPSILON;
        (normal_quantile(bound), normal_quantile(1.0 - bound))
    }

    /// The mean of the interpolations from below and from above.
    fn rank(&self, x: f64) -> f64 {
        let (quantiles, last) = (&self.quantiles, self.quantiles.len() - 1);
        let (below, not_above) = (quantiles.partition_point(|q| *q < x), quantiles.partition_point(|q| *q <= x));
        let interpolated = |index: usize| {
            let (low, high) = (quantiles[index - 1], quantiles[index]);
            let gap = high - low;
            let part = if gap.is_finite() { (x - low) / gap } else { (x / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) };
            (index as f64 - 1.0 + part) / last as f64
        };
        match (below, not_above) {
            (_, 0) => 0.0,
            (below, _) if below > last => fraction(last, last + 1),
            // Between two quantiles.
            (below, not_above) if below == not_above => interpolated(below),
            (below, not_above) => 0.5 * (fraction(not_above - 1, last + 1) + fraction(below, last + 1)),
        }
    }
}

/// The quantiles of each column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedQuantileTransformer {
    columns: Vec<Ranked>,
}

impl Scaler for FittedQuantileTransformer {
    type Column = Ranked;

    fn columns(&self) -> &[Ranked] {
        &self.columns
    }

    fn apply(column: &Ranked, x: f64) -> f64 {
        let (low, high) = column.ends();
        let (is_low, is_high) = match column.normal {
            true => (x - Ranked::BOUND < low, x + Ranked::BOUND > high),
            false => (x == low, x == high),
        };
        let rank = match (is_low, is_high) {
            (true, _) => 0.0,
            (false, true) => 1.0,
            (false, false) => column.rank(x),
        };
        if !column.normal {
            return rank;
        }
        let (low, high) = Ranked::normal_ends();
        normal_quantile(rank).clamp(low, high)
    }

    fn invert(column: &Ranked, z: f64) -> f64 {
        let rank = if column.normal { normal_cdf(z) } else { z };
        if rank.is_nan() {
            return rank;
        }
        let (low, high) = column.ends();
        match rank {
            _ if column.normal && rank - Ranked::BOUND < 0.0 => low,
            _ if column.normal && rank + Ranked::BOUND > 1.0 => high,
            _ => quantile(&column.quantiles, rank.clamp(0.0, 1.0)),
        }
    }

    fn fits(&self, columns: usize) -> bool {
        let ranked = |column: &Ranked| {
            let quantiles = &column.quantiles;
            !quantiles.is_empty() && quantiles.is_sorted() && quantiles.iter().all(|quantile| quantile.is_finite())
        };
        self.columns.len() == columns && self.columns.iter().all(ranked)
    }

    fn dependence(_: &Ranked) -> Dependence {
        Dependence::Increasing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::preprocessing::scaler_tests::{assert_reference, assert_restored, made};
    use crate::reference;

    fn normal() -> QuantileTransformer {
        QuantileTransformer::new().output_distribution(OutputDistribution::Normal)
    }

    #[test]
    fn values_are_those_of_the_reference() {
        for case in reference::case("quantile_transformer").list("cases") {
            let ranks = if case.indices("normal") == [1] { normal() } else { QuantileTransformer::new() };
            assert_reference(&ranks.n_quantiles(case.indices("n_quantiles")[0]), &case, 1e-10);
        }
    }

    #[test]
    fn constant_columns_and_one_row_become_the_lower_end() {
        for values in [&[0.3, 0.3, 0.3][..], &[7.0]] {
            assert!(made(&QuantileTransformer::new(), values).unwrap().iter().all(|rank| *rank == 0.0));
            assert!(made(&normal(), values).unwrap().iter().all(|z| (z + 5.199).abs() < 1e-3));
        }
    }

    #[test]
    fn ranks_ascend_at_both_ends_of_the_range() {
        for size in [5e-324, 1e-310, 1.0, 5e307] {
            let x: Vec<f64> = (-3..=3).map(|step| f64::from(step) * size).collect();
            let table = Table::new().with_numbers("a", x.clone()).unwrap();
            let fitted = QuantileTransformer::new().n_quantiles(3).fit(FitInput::new(&table)).unwrap();
            let ranks = fitted.transform(&table).unwrap();
            for (rank, step) in ranks.numbers("a").unwrap().iter().zip(0..) {
                // Half a quantile's distance of the smallest numbers is itself rounded.
                assert!(
                    (rank - f64::from(step) / 6.0).abs() <= if size == 5e-324 { 0.1 } else { 1e-12 },
                    "{size:e}: {rank}"
                );
            }
            assert!(ranks.numbers("a").unwrap().is_sorted());
        }
    }

    #[test]
    fn infinite_numbers_and_columns_without_value_are_refused() {
        let message = |ranks: QuantileTransformer, x: f64| made(&ranks, &[x]).unwrap_err().to_string();
        assert!(message(QuantileTransformer::new().n_quantiles(0), 1.0).contains("n_quantiles is 0"));
        assert!(message(QuantileTransformer::new(), f64::NAN).contains("drop_empty_columns()"));
        assert!(message(QuantileTransformer::new(), f64::NEG_INFINITY).contains("the value is -inf"));
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, 4.0, 4.0, f64::NAN]).unwrap();
        let hostile = [("[1.0,", "[9.0,"), ("[1.0,", "[null,"), (r#"["a"]"#, r#"["a","b"]"#)];
        assert_restored(&normal().n_quantiles(3), &table, &hostile);
        let empty =
            serde_json::json!({ "columns": ["a"], "scaler": { "columns": [{ "quantiles": [], "normal": true }] } });
        assert!(QuantileTransformer::new().restore(empty).is_err());
    }
}
