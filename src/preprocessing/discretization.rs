//! Numbers as bins.

use super::ranked_numbers::{RankedNumbers, SortedNumbers};
use super::scaling::finite_numbers;
use super::sketched_columns::{RankedColumns, ranked_columns, sketched};
use super::transformer::{Features, each_of_one, restored, stated, stateless};
use super::{Accumulator, Column, FitInput, FittedTransformer, Table, Transformer};
use crate::categories::{OutputMode, boundaries};
use crate::items::{Spec, invalid, item};
use crate::lists::joined;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Sorts the numbers of each column into bins: the bin of `x` is the number of boundaries at or below it.
    ///
    /// The boundaries are given, or learned for each column so that about as many of its numbers fall into each bin. Missing
    /// numbers are ignored by the fit and stay missing, in each column of a one-hot encoding; the matrix of a network refuses them.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) with given boundaries is exact; learned ones have the same bits up to
    /// 16,384 values of a column; beyond that they are those of a sketch with rank errors below 0.1 % of the rows. Minimum
    /// and maximum are exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Discretization, Table};
    ///
    /// let table = Table::new().with_numbers("age", [18.0, 35.0, 36.0, 70.0])?;
    /// let ages = Discretization::new().bin_boundaries([25.0, 36.0]);
    /// let (_, x) = ColumnTransformer::new().add(ages, ["age"]).fit_transform::<f32>(&table)?;
    /// assert_eq!(x.as_slice(), [0.0, 1.0, 2.0, 2.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Discretization`, which has the same boundaries for all columns; within a network it is
    /// [`layers::Discretization`](crate::layers::Discretization).
    pub struct Discretization: "Discretization" checked by has_bins {
        /// The number of bins to learn.
        num_bins: Option<usize> [at least 1] = None,
        /// The boundaries of all columns, in ascending order, in place of learned ones.
        bin_boundaries: Option<Vec<f64>> [finite] = None,
        /// The precision of learned boundaries, as a fraction of the numbers.
        epsilon: f64 [above 0 below 1] = 0.01,
        /// [`OutputMode::Int`], or [`OutputMode::OneHot`] for a column for each bin.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl Discretization {
    /// Creates a transformer that needs a number of bins, or boundaries.
    pub fn new() -> Self {
        Discretization
    }

    fn has_bins(&self) -> Result<()> {
        if !matches!(self.output_mode, OutputMode::Int | OutputMode::OneHot) {
            return Err(invalid(self, "output_mode", format!("{:?}", self.output_mode), "Int or OneHot"));
        }
        match (&self.bin_boundaries, self.num_bins) {
            (Some(boundaries), _) if !boundaries.is_sorted() => {
                Err(invalid(self, "bin_boundaries", format!("{boundaries:?}"), "numbers in ascending order"))
            }
            (None, None) => Err(invalid(self, "num_bins", "not set", "at least 1, or bin_boundaries to be set")),
            _ => Ok(()),
        }
    }
}

impl Discretization {
    fn fitted(&self, columns: RankedColumns) -> Arc<dyn FittedTransformer> {
        let (columns, numbers): (Vec<String>, Vec<RankedNumbers>) = columns.into_iter().unzip();
        let of_column = |numbers: &RankedNumbers| {
            let number = |rank| numbers.at(rank);
            boundaries::of_sorted(numbers.count(), &number, self.num_bins.unwrap_or(1), self.epsilon)
        };
        let boundaries = numbers.iter().map(of_column).collect();
        Arc::new(BinnedColumns { columns, boundaries, output_mode: self.output_mode })
    }
}

impl Transformer for Discretization {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let table = input.columns();
        let Some(given) = &self.bin_boundaries else { return Ok(self.fitted(ranked_columns(table)?)) };
        table.names().iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        let (columns, boundaries) = (table.names().to_vec(), vec![given.clone(); table.ncols()]);
        Ok(Arc::new(BinnedColumns { columns, boundaries, output_mode: self.output_mode }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let bins = self.clone();
        Some(match self.bin_boundaries {
            None => sketched(self.clone(), move |_, columns| Ok(bins.fitted(columns))),
            Some(_) => stateless(self),
        })
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: BinnedColumns = restored("Discretization", state)?;
        let as_given = |bounds: &Vec<f64>| {
            Discretization::new().bin_boundaries(bounds.as_slice()).output_mode(read.output_mode).check()
        };
        read.boundaries.iter().try_for_each(as_given)?;
        match read.boundaries.len() == read.columns.len() {
            true => Ok(Arc::new(read)),
            false => {
                let reason = format!("it has no boundaries for each of {}", read.columns.join(", "));
                Err(Error::Configuration { item: "Discretization".into(), reason })
            }
        }
    }
}

/// Columns with the boundaries of each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BinnedColumns {
    pub(crate) columns: Vec<String>,
    boundaries: Vec<Vec<f64>>,
    output_mode: OutputMode,
}

impl BinnedColumns {
    fn is_index(&self) -> bool {
        self.output_mode == OutputMode::Int
    }
}

impl FittedTransformer for BinnedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        if self.is_index() {
            return self.columns.clone();
        }
        let bins = |(name, bounds): (&String, &Vec<f64>)| -> Vec<String> {
            (0..=bounds.len()).map(|bin| format!("{name}_{bin}")).collect()
        };
        joined(self.columns.iter().zip(&self.boundaries), bins)
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        each_of_one(self.boundaries.iter().map(|bounds| if self.is_index() { 1 } else { bounds.len() + 1 }))
    }

    fn width(&self) -> usize {
        if self.is_index() { self.columns.len() } else { self.boundaries.iter().map(|bounds| bounds.len() + 1).sum() }
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for (name, bounds) in self.columns.iter().zip(&self.boundaries) {
            let values = finite_numbers(table, name)?;
            let bin = |x: f64| boundaries::bin(bounds, x);
            let of_each = |made: &dyn Fn(f64) -> f64| {
                Column::Number(values.iter().map(|&x| if x.is_nan() { x } else { made(x) }).collect())
            };
            match self.is_index() {
                true => made.push(of_each(&|x| bin(x) as f64)),
                false => made.extend((0..=bounds.len()).map(|of| of_each(&|x| f64::from(u8::from(bin(x) == of))))),
            }
        }
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().zip(&self.boundaries).try_for_each(|(name, bounds)| {
            table.complete_numbers(name)?;
            let bins = finite_numbers(table, name)?.iter().map(|&x| boundaries::bin(bounds, x));
            match self.is_index() {
                true => features.numbers(bins.map(|bin| bin as f64)),
                false => features.indicators(bounds.len() + 1, bins.map(Some)),
            }
        })
    }

    fn state(&self) -> Result<Value> {
        stated("Discretization", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;
    use crate::preprocessing::ColumnTransformer;
    use nalgebra::DMatrix;

    #[test]
    fn each_column_has_the_bins_that_the_layer_would_learn() -> Result<()> {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..60).map(|i| (f64::from(i * 7 % 60), f64::from(i * i))).unzip();
        let table = Table::new().with_numbers("a", a.clone())?.with_numbers("b", b.clone())?;
        let bins = Discretization::new().num_bins(4);
        let (fitted, x) = ColumnTransformer::new().add(bins.clone(), ["a", "b"]).fit_transform::<f64>(&table)?;
        for (j, column) in [a, b].into_iter().enumerate() {
            let column = DMatrix::from_vec(60, 1, column);
            let layer = layers::Discretization::new().num_bins(4).adapt(&column)?;
            let network = crate::Sequential::<f64>::default().add(layer).build(1)?;
            assert_eq!(network.predict(&column)?.column(0), x.column(j));
        }
        let text = serde_json::to_string(&fitted).expect("JSON");
        assert_eq!(serde_json::from_str::<super::super::FittedColumnTransformer>(&text).expect("the same"), fitted);
        let spread = ColumnTransformer::new().add(bins.output_mode(OutputMode::OneHot), ["a", "b"]).fit(&table)?;
        assert_eq!(spread.names()[..5], ["a_0", "a_1", "a_2", "a_3", "b_0"]);
        let ones = spread.transform::<f64>(&table)?;
        for i in 0..60 {
            assert_eq!((ones[(i, x[(i, 0)] as usize)], ones[(i, 4 + x[(i, 1)] as usize)]), (1.0, 1.0));
            assert_eq!(ones.row(i).sum(), 2.0);
        }
        Ok(())
    }

    #[test]
    fn a_missing_number_stays_missing_in_a_table() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, f64::NAN, 3.0])?;
        let bins = Discretization::new().bin_boundaries([2.0]);
        let made = bins.fit(FitInput::new(&table))?.transform(&table)?;
        assert_eq!(format!("{:?}", made.numbers("a")?), "[0.0, NaN, 1.0]");
        let ones = bins.clone().output_mode(OutputMode::OneHot).fit(FitInput::new(&table))?.transform(&table)?;
        assert_eq!(format!("{:?}", ones.numbers("a_1")?), "[0.0, NaN, 1.0]");
        let columns = ColumnTransformer::new().add(Discretization::new().num_bins(3), ["a"]);
        let gaps = (0..40).map(|row| if row % 4 == 1 { f64::NAN } else { f64::from(row * row) });
        let gaps = Table::new().with_numbers("a", gaps)?;
        assert_eq!(columns.fit(&gaps)?, columns.fit(&gaps.drop_missing()?)?);
        assert!(matches!(columns.fit_transform::<f64>(&table), Err(Error::MissingValue { .. })));
        let empty = Table::new().with_numbers("a", [f64::NAN])?;
        assert!(matches!(columns.fit(&empty), Err(Error::Empty { .. })));
        Ok(())
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let table = Table::new().with_numbers("a", [1.0]).unwrap();
        let message =
            |bins: Discretization| ColumnTransformer::new().add(bins, ["a"]).fit(&table).unwrap_err().to_string();
        let new = Discretization::new;
        assert!(message(new()).contains("num_bins is not set"));
        assert!(message(new().num_bins(0)).contains("num_bins is 0"));
        assert!(message(new().num_bins(2).epsilon(1.0)).contains("epsilon is 1"));
        assert!(message(new().bin_boundaries([2.0, 1.0])).contains("ascending"));
        assert!(message(new().num_bins(2).output_mode(OutputMode::Count)).contains("Int or OneHot"));
    }
}
