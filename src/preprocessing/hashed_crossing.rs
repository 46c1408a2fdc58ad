//! Combinations of columns as bins.

use super::encoding::{names, write_encoded};
use super::integers::integers;
use super::transformer::{Features, restored, stated, stateless, table_of};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer};
use crate::Result;
use crate::categories::{Encoding, OutputMode, cross};
use crate::items::arguments::configuration;
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Hashes each combination of the values of two or more columns into one of `num_bins` bins.
    ///
    /// The columns hold indices or other whole numbers, as an [`IntegerLookup`](struct@super::IntegerLookup), a
    /// [`StringLookup`](super::StringLookup) or a [`Discretization`](struct@super::Discretization) makes them. What comes out is named
    /// `a_X_b`.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, HashedCrossing, StringLookup, Table, Transformer};
    ///
    /// let table = Table::new().with_strings("home", ["RENT", "OWN", "RENT"])?.with_strings("state", ["CA", "CA", "CA"])?;
    /// let crossed = StringLookup::new().then(HashedCrossing::new(10));
    /// let (columns, x) = ColumnTransformer::new().add(crossed, ["home", "state"]).fit_transform::<f32>(&table)?;
    /// assert_eq!(columns.names(), ["home_X_state"]);
    /// assert_eq!(x[0], x[2]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: the crosses of `keras.utils.FeatureSpace`, which are `keras.layers.HashedCrossing` on indices.
    #[derive(PartialEq)]
    pub struct HashedCrossing: "HashedCrossing" (num_bins: usize [at least 1]) checked by has_a_form {
        /// [`OutputMode::Int`], or [`OutputMode::OneHot`] for a column for each bin.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl HashedCrossing {
    /// Creates a crossing with `num_bins` bins, at least 1.
    pub fn new(num_bins: usize) -> Self {
        Self::with(num_bins)
    }

    fn has_a_form(&self) -> Result<()> {
        match self.output_mode {
            OutputMode::Int | OutputMode::OneHot => self.output_mode.check_depth(self, "num_bins", self.num_bins),
            mode => Err(invalid(self, "output_mode", format!("{mode:?}"), "Int or OneHot")),
        }
    }
}

impl Transformer for HashedCrossing {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        if columns.len() < 2 {
            return Err(invalid(self, "columns", format!("{columns:?}"), "two columns or more"));
        }
        columns.iter().try_for_each(|name| integers(table, name).map(drop))?;
        Ok(Arc::new(CrossedColumns { columns, crossing: self.clone() }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: CrossedColumns = restored("HashedCrossing", state)?;
        read.crossing.check()?;
        Ok(Arc::new(read))
    }
}

/// A crossing of named columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CrossedColumns {
    pub(crate) columns: Vec<String>,
    #[serde(with = "configuration")]
    crossing: HashedCrossing,
}

impl CrossedColumns {
    fn bins(&self, table: &Table) -> Result<Vec<Option<usize>>> {
        let parts = try_map(self.columns.iter(), |name| integers(table, name))?;
        let bin = |row: usize| Some(cross(parts.iter().map(|part| part[row] as u64), self.crossing.num_bins));
        Ok((0..table.nrows()).map(bin).collect())
    }
}

impl FittedTransformer for CrossedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let HashedCrossing { num_bins, output_mode } = self.crossing;
        names(output_mode, num_bins, &[self.columns.join("_X_")], &|bin| bin.to_string())
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        vec![(0..self.columns.len()).collect(); self.width()]
    }

    fn width(&self) -> usize {
        Encoding { mode: self.crossing.output_mode, columns: 1, depth: self.crossing.num_bins }.outputs()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let HashedCrossing { num_bins, output_mode } = self.crossing;
        write_encoded(features, output_mode, num_bins, &[self.bins(table)?])
    }

    fn state(&self) -> Result<Value> {
        stated("HashedCrossing", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{ColumnTransformer, FittedColumnTransformer};

    #[test]
    fn equal_combinations_share_a_bin_and_their_order_counts() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, 2.0, 1.0, -7.0])?.with_numbers("b", [2.0, 1.0, 2.0, 0.0])?;
        let crossed = |columns: [&str; 2], mode| {
            let crossing = HashedCrossing::new(1000).output_mode(mode);
            ColumnTransformer::new().add(crossing, columns).fit_transform::<f64>(&table)
        };
        let (fitted, bins) = crossed(["a", "b"], OutputMode::Int)?;
        assert_eq!((fitted.names(), bins[0]), (vec!["a_X_b".into()], bins[2]));
        assert!(bins[0] != bins[1] && bins.iter().all(|bin| (0.0..1000.0).contains(bin)), "{bins}");
        // In the second table a is where b was.
        assert_eq!(crossed(["b", "a"], OutputMode::Int)?.1[1], bins[0]);
        let (spread, ones) = crossed(["a", "b"], OutputMode::OneHot)?;
        assert_eq!(spread.names()[7], "a_X_b_7");
        assert!((0..4).all(|row| ones[(row, bins[row] as usize)] == 1.0 && ones.row(row).sum() == 1.0));
        let text = serde_json::to_string(&fitted).expect("JSON");
        assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&text).expect("the same"), fitted);
        Ok(())
    }

    #[test]
    fn columns_that_cannot_be_crossed_are_rejected() {
        let table = Table::new().with_numbers("a", [1.0]).unwrap().with_numbers("b", [0.5]).unwrap();
        let message = |crossing: HashedCrossing, columns: &[&str]| {
            ColumnTransformer::new().add(crossing, columns.to_vec()).fit(&table).unwrap_err().to_string()
        };
        assert!(message(HashedCrossing::new(0), &["a", "b"]).contains("num_bins is 0"));
        assert!(message(HashedCrossing::new(3), &["a"]).contains("two columns or more"));
        assert!(message(HashedCrossing::new(3), &["a", "b"]).contains("whole number"));
        let counted = HashedCrossing::new(3).output_mode(OutputMode::Count);
        assert!(message(counted, &["a", "b"]).contains("Int or OneHot"));
    }
}
