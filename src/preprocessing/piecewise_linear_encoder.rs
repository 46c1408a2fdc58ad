//! Piecewise-linear encoding of numbers by quantile bins.

use super::averaged_quantile::evenly_spaced;
use super::fitted_piecewise_linear_encoder::{FittedPiecewiseLinearEncoder, MissingBins, PiecewiseColumn};
use super::quantile::quantile;
use super::ranked_numbers::{RankedNumbers, SortedNumbers};
use super::scaling::present_numbers;
use super::sketched_columns::{RankedColumns, sketched};
use super::transformer::restored;
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer};
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Piecewise-linear encoding: for each number 1 in the quantile bins below it, a fraction in the bin that contains it, 0 in the bins
    /// above it.
    ///
    /// With the quantiles `e_0 < e_1 < … < e_T` of the training values at `0, 1/bins, …, 1`, interpolated linearly, equal ones
    /// once, the column of bin `t`, called `name_bin0`, `name_bin1`, …, is
    ///
    /// ```text
    /// c_t = min(max((x − e_t) / (e_{t+1} − e_t), 0), 1)        0 ≤ t < T
    /// ```
    ///
    /// With [`extrapolate`](Self::extrapolate) the first bin falls below 0 to the left of `e_0`, the last one rises above 1 to the right of
    /// `e_T`, and a single one does both. A constant column has no bins and makes no columns
    /// ([`FittedPiecewiseLinearEncoder::dropped`]), except the number itself with [`keep_number`](Self::keep_number). Missing values are ignored
    /// by the fit. Weights of rows are ignored. The inverse transformation returns the number, within the range of the training values
    /// unless it was extrapolated.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) has the same bits up to 16,384 values of a column; beyond that its
    /// quantiles are those of a sketch with rank errors below 0.1 % of the rows. Minimum and maximum are exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, PiecewiseLinearEncoder, Table};
    ///
    /// let train = Table::new().with_numbers("rate", [0.0, 1.0, 3.0, 7.0, 15.0])?;
    /// let columns = ColumnTransformer::new().add(PiecewiseLinearEncoder::new().bins(2), ["rate"]).fit(&train)?;
    /// assert_eq!(columns.names(), ["rate_bin0", "rate_bin1"]);
    /// let x = columns.transform::<f32>(&Table::new().with_numbers("rate", [1.5, 6.0, 99.0])?)?;
    /// assert_eq!(x.as_slice(), [0.5, 1.0, 1.0, 0.0, 0.25, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Gorishniy, Rubachev and Babenko, *On embeddings for numerical features in tabular deep learning*, 2022.
    pub struct PiecewiseLinearEncoder: "PiecewiseLinearEncoder" {
        /// The number of quantile bins of each column; fewer where quantiles coincide.
        bins: usize [in 1..=65536] = 16,
        /// The number of further bins where one value dominates a column, because more than a tenth of the training values have
        /// it: between the quantiles of the other values, if there are at least 20, with an edge at that value.
        dominated_bins: Option<usize> [in 1..=65536] = None,
        /// Whether to keep the unencoded number as a column before its bins, under its name.
        keep_number: bool = false,
        /// Whether the outer bins are linear beyond the range of the training values.
        extrapolate: bool = false,
        /// The encoding of missing numbers. The column of [`keep_number`](Self::keep_number) stays missing.
        missing: MissingBins = MissingBins::Keep,
    }
}

impl PiecewiseLinearEncoder {
    /// The defaults.
    pub fn new() -> Self {
        PiecewiseLinearEncoder
    }

    /// Learns the edges of the bins of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::NotANumber`] for strings; [`Error::InfiniteValue`] for an infinite number; [`Error::Empty`] for a
    /// column without any value; [`Error::Argument`] for columns whose bins would have the same names.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedPiecewiseLinearEncoder> {
        self.check()?;
        let ranked = |name: S| {
            let name = name.as_ref();
            Ok((name.to_owned(), RankedNumbers::of(present_numbers(table, name)?)))
        };
        self.fitted(try_map(columns, ranked)?)
    }

    fn fitted(&self, columns: RankedColumns) -> Result<FittedPiecewiseLinearEncoder> {
        let column = |(name, numbers): (String, RankedNumbers)| {
            let levels = evenly_spaced(0.0, 1.0, self.bins).into_iter();
            let mut edges: Vec<f64> = levels.map(|level| quantile(&numbers, level)).collect();
            if let Some(bins) = self.dominated_bins {
                edges.extend(edges_around_a_dominant_value(&numbers, bins));
                edges.sort_unstable_by(f64::total_cmp);
            }
            edges.dedup();
            PiecewiseColumn { name, edges }
        };
        let columns = columns.into_iter().map(column).collect();
        let (keep_number, extrapolate, missing) = (self.keep_number, self.extrapolate, self.missing);
        let fitted = FittedPiecewiseLinearEncoder { columns, keep_number, extrapolate, missing };
        match fitted.unusable() {
            None => Ok(fitted),
            Some(reason) => Err(invalid(self, "columns", reason, "each column once; rename a column")),
        }
    }
}

/// The quantiles of the values other than the most frequent one, and that one, where it is more than a tenth of them.
fn edges_around_a_dominant_value(numbers: &RankedNumbers, bins: usize) -> Vec<f64> {
    let dominates = |run: &(f64, usize)| 10 * run.1 > numbers.count();
    let Some((value, _)) = numbers.runs().into_iter().max_by_key(|run| run.1).filter(dominates) else {
        return Vec::new();
    };
    let others = numbers.without(value);
    if others.count() < 20 {
        return Vec::new();
    }
    let levels = evenly_spaced(0.0, 1.0, bins).into_iter();
    levels.map(|level| quantile(&others, level)).chain([value]).collect()
}

impl Transformer for PiecewiseLinearEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input.columns(), input.columns().names())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let encoder = self.clone();
        Some(sketched(self.clone(), move |_, columns| Ok(Arc::new(encoder.fitted(columns)?))))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedPiecewiseLinearEncoder = restored("PiecewiseLinearEncoder", state)?;
        match read.unusable() {
            None => Ok(Arc::new(read)),
            Some(reason) => Err(Error::Configuration { item: "PiecewiseLinearEncoder".into(), reason }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, ColumnTransformer, Record};
    use super::*;
    use crate::reference;

    #[test]
    fn values_around_a_dominant_one_have_bins_of_their_own() -> Result<()> {
        let gains = (0..100).map(|row| if row < 80 { 0.0 } else { f64::from(row) });
        let train = Table::new().with_numbers("gain", gains)?;
        let edges =
            |encoder: PiecewiseLinearEncoder| Ok(encoder.fit(&train, ["gain"])?.edges("gain").map(<[f64]>::to_vec));
        let encoder = PiecewiseLinearEncoder::new().bins(4);
        assert_eq!(edges(encoder.clone())?, Some(vec![0.0, 99.0]));
        assert_eq!(edges(encoder.dominated_bins(2))?, Some(vec![0.0, 80.0, 89.5, 99.0]));
        let few = Table::new().with_numbers("gain", (0..30).map(|row| f64::from(row.max(15))))?;
        let fitted = PiecewiseLinearEncoder::new().bins(1).dominated_bins(9).fit(&few, ["gain"])?;
        assert_eq!(fitted.edges("gain"), Some(&[15.0, 29.0][..]));
        Ok(())
    }

    #[test]
    fn codes_are_those_of_the_reference() -> Result<()> {
        let case = reference::case("piecewise_linear");
        for one in case.list("cases") {
            let train = Table::new().with_numbers("x", one.numbers("x"))?;
            let other = Table::new().with_numbers("x", one.numbers("other"))?;
            let extrapolate = one.text("extrapolate") == "true";
            let encoder = PiecewiseLinearEncoder::new().bins(one.indices("bins")[0]).extrapolate(extrapolate);
            let fitted = encoder.fit(&train, ["x"])?;
            one.assert_close("edges", fitted.edges("x").unwrap_or_default(), 1e-12);
            let made = fitted.transform(&other)?;
            let found: Vec<f64> = made.names().iter().flat_map(|name| made.numbers(name).unwrap().to_vec()).collect();
            one.assert_close("codes", found, 1e-12);
            if extrapolate {
                let back = fitted.inverse_transform(&made)?;
                let (back, x) = (back.numbers("x")?, one.numbers("other"));
                approx::assert_relative_eq!(back, x.as_slice(), max_relative = 1e-12, epsilon = 1e-12);
            }
        }
        Ok(())
    }

    #[test]
    fn a_constant_column_makes_no_columns() -> Result<()> {
        let train = Table::new().with_numbers("x", [0.0, 4.0])?.with_numbers("same", [2.0, 2.0])?;
        let fitted = PiecewiseLinearEncoder::new().bins(2).fit(&train, ["same", "x"])?;
        assert_eq!((fitted.outputs(), fitted.dropped()), (vec!["x_bin0".into(), "x_bin1".into()], vec!["same"]));
        let back = fitted.inverse_transform(&fitted.transform(&train)?)?;
        assert_eq!((back.numbers("same")?, back.numbers("x")?), (&[2.0, 2.0][..], &[0.0, 4.0][..]));
        let kept = PiecewiseLinearEncoder::new().keep_number(true).bins(1).fit(&train, ["same", "x"])?;
        assert_eq!(kept.outputs(), ["same", "x", "x_bin0"]);
        assert_eq!(kept.transform(&train)?.numbers("x")?, [0.0, 4.0]);
        Ok(())
    }

    #[test]
    fn a_missing_number_stays_missing_or_has_zeros() -> Result<()> {
        let train = Table::new().with_numbers("x", [1.0, f64::NAN, 3.0])?;
        let keep = PiecewiseLinearEncoder::new().bins(1);
        let made = keep.fit(&train, ["x"])?.transform(&train)?;
        assert!(made.numbers("x_bin0")?[1].is_nan());
        let fit = |encoder| ColumnTransformer::new().add(encoder, ["x"]).fit_transform::<f64>(&train);
        assert!(matches!(fit(keep.clone()), Err(Error::MissingValue { .. })));
        let (fitted, x) = fit(keep.clone().missing(MissingBins::Zeros))?;
        assert_eq!(x.as_slice(), [0.0, 0.0, 1.0]);
        assert_eq!(fitted.transform_record::<f64>(&Record::new())?.as_slice(), [0.0]);
        assert!(matches!(fit(keep.missing(MissingBins::Zeros).keep_number(true)), Err(Error::MissingValue { .. })));
        let empty = train.with_numbers("x", [f64::NAN; 3])?;
        assert!(matches!(PiecewiseLinearEncoder::new().fit(&empty, ["x"]), Err(Error::Empty { .. })));
        Ok(())
    }

    #[test]
    fn the_whole_range_is_encoded() -> Result<()> {
        let train = Table::new().with_numbers("x", [-1.7e308, 0.0, 1.7e308])?;
        let made = PiecewiseLinearEncoder::new().bins(1).fit(&train, ["x"])?.transform(&train)?;
        assert_eq!(made.numbers("x_bin0")?, [0.0, 0.5, 1.0]);
        let infinite = train.with_numbers("x", [0.0, f64::INFINITY, 1.0])?;
        assert!(matches!(PiecewiseLinearEncoder::new().fit(&infinite, ["x"]), Err(Error::InfiniteValue { .. })));
        let fitted = PiecewiseLinearEncoder::new().fit(&train, ["x"])?;
        assert!(matches!(fitted.transform(&infinite), Err(Error::InfiniteValue { .. })));
        Ok(())
    }

    #[test]
    fn edges_survive_a_file_and_unsorted_ones_are_refused() -> Result<()> {
        let train = Table::new().with_numbers("x", [1.0, 2.0, 5.0])?;
        let encoder = PiecewiseLinearEncoder::new().bins(2).keep_number(true);
        let state = encoder.fit(&train, ["x"])?.state()?;
        let again = encoder.restore(state.clone())?.transform(&train)?;
        let Column::Number(codes) = again.column("x_bin1")? else { panic!("numbers") };
        assert_eq!(codes, &[0.0, 0.0, 1.0]);
        for edges in ["[2,1]", "[1,1]", "[]", "[1,null]", "[1,1e999]"] {
            let hostile = state.to_string().replace("[1.0,2.0,5.0]", edges);
            assert_ne!(hostile, state.to_string());
            let read = serde_json::from_str(&hostile).map(|state| encoder.restore(state));
            assert!(matches!(read, Err(_) | Ok(Err(Error::Configuration { .. }))), "{edges}");
        }
        let twice = train.with_numbers("x_bin0", [1.0, 2.0, 3.0])?;
        assert!(matches!(encoder.fit(&twice, ["x", "x_bin0"]), Err(Error::Argument { argument: "columns", .. })));
        Ok(())
    }
}
