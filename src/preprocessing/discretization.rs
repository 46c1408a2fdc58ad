//! Numbers as bins.

use super::scaling::finite_numbers;
use super::transformer::{Features, restored, stated, table_of};
use super::{FitInput, FittedTransformer, Table, Transformer};
use crate::categories::{OutputMode, boundaries};
use crate::spec::{Spec, invalid};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Sorts the numbers of each column into bins: the bin of `x` is the number of boundaries at or below it.
///
/// The boundaries are given, or learned for each column so that about as many of its numbers fall into each bin.
///
/// | option | default | |
/// |---|---|---|
/// | [`num_bins`](Self::num_bins) | none | the number of bins to learn, at least 1 |
/// | [`bin_boundaries`](Self::bin_boundaries) | none | the boundaries of all columns, in ascending order, in place of learned ones |
/// | [`epsilon`](Self::epsilon) | 0.01 | how exact learned boundaries are, as a share of the numbers, in (0, 1) |
/// | [`output_mode`](Self::output_mode) | [`OutputMode::Int`] | `Int`, or `OneHot` for a column for each bin |
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discretization {
    num_bins: Option<usize>,
    bin_boundaries: Option<Vec<f64>>,
    epsilon: f64,
    output_mode: OutputMode,
}

impl Default for Discretization {
    fn default() -> Self {
        Discretization { num_bins: None, bin_boundaries: None, epsilon: 0.01, output_mode: OutputMode::Int }
    }
}

impl Discretization {
    /// One that needs a number of bins, or boundaries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of bins to learn, at least 1.
    #[must_use]
    pub fn num_bins(mut self, num_bins: usize) -> Self {
        self.num_bins = Some(num_bins);
        self
    }

    /// The boundaries of all columns, in ascending order, in place of learned ones.
    #[must_use]
    pub fn bin_boundaries(mut self, boundaries: impl Into<Vec<f64>>) -> Self {
        self.bin_boundaries = Some(boundaries.into());
        self
    }

    /// How exact learned boundaries are, as a share of the numbers, in (0, 1); default 0.01.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    /// [`OutputMode::Int`], the default, or [`OutputMode::OneHot`].
    #[must_use]
    pub fn output_mode(mut self, output_mode: OutputMode) -> Self {
        self.output_mode = output_mode;
        self
    }
}

impl Spec for Discretization {
    fn config(&self) -> Result<Value> {
        stated("Discretization", self)
    }

    fn check(&self) -> Result<()> {
        boundaries::check(self, self.bin_boundaries.as_deref().unwrap_or_default(), self.epsilon)?;
        if !matches!(self.output_mode, OutputMode::Int | OutputMode::OneHot) {
            return Err(invalid(self, "output_mode", format!("{:?}", self.output_mode), "Int or OneHot"));
        }
        match (&self.bin_boundaries, self.num_bins) {
            (_, Some(0)) => Err(invalid(self, "num_bins", 0, "at least 1")),
            (None, None) => Err(invalid(self, "num_bins", "not set", "at least 1, or bin_boundaries to be set")),
            _ => Ok(()),
        }
    }
}

impl Transformer for Discretization {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        let of_column = |name: &String| {
            let values = finite_numbers(table, name)?;
            Ok(match (&self.bin_boundaries, self.num_bins) {
                (Some(given), _) => given.clone(),
                (None, _) if values.is_empty() => {
                    let what = format!("column \"{name}\"");
                    return Err(Error::Empty { what, advice: "there is nothing to learn from".into() });
                }
                (None, bins) => boundaries::learned(values.iter().copied(), bins.unwrap_or(1), self.epsilon),
            })
        };
        let boundaries = columns.iter().map(of_column).collect::<Result<_>>()?;
        Ok(Arc::new(BinnedColumns { columns, boundaries, output_mode: self.output_mode }))
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
        self.columns.iter().zip(&self.boundaries).flat_map(bins).collect()
    }

    fn width(&self) -> usize {
        if self.is_index() { self.columns.len() } else { self.boundaries.iter().map(|bounds| bounds.len() + 1).sum() }
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().zip(&self.boundaries).try_for_each(|(name, bounds)| {
            let bins = table.complete_numbers(name)?.iter().map(|&x| boundaries::bin(bounds, x));
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
