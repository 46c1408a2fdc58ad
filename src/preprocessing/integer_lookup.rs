//! Whole numbers as places in a vocabulary.

use super::encoding::{names, sources, write_encoded};
use super::integers::integers;
use super::transformer::{Features, FoldedColumns, Folding, restored, stated, table_of};
use super::{Accumulator, FitInput, FittedTransformer, Table, Transformer};
use crate::categories::{Encoding, Lookup, OutputMode, Special, floormod};
use crate::items::{Spec, item};
use crate::lists::try_map;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// The number that represents unknown ones, as in Keras: it is not learned.
const UNKNOWN: i64 = -1;

item! {
    /// Replaces whole numbers by their index in a vocabulary of all columns.
    ///
    /// The indices count the places for numbers that the vocabulary does not hold, then the vocabulary. Where there are several
    /// such places, the remainder of the number's division by how many there are chooses. A vocabulary is learned with the most
    /// frequent numbers first, of those as frequent the greatest first; −1 represents unknown numbers.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) counts the same numbers and is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, IntegerLookup, Table};
    ///
    /// let table = Table::new().with_numbers("branch", [70.0, 50.0, 70.0])?;
    /// let columns = ColumnTransformer::new().add(IntegerLookup::new(), ["branch"]).fit(&table)?;
    /// let later = Table::new().with_numbers("branch", [50.0, 70.0, 8.0])?;
    /// assert_eq!(columns.transform::<f32>(&later)?.as_slice(), [2.0, 1.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.IntegerLookup`; within a network it is [`layers::IntegerLookup`](crate::layers::IntegerLookup).
    pub struct IntegerLookup: "IntegerLookup" {
        /// The most indices there may be, places for unknown numbers included; by default as many as it takes.
        max_tokens: Option<usize> [at least 2] = None,
        /// The places for unknown numbers. With none an unknown number is an error.
        num_oov_indices: usize [at most 16777216] = 1,
        /// The numbers in the order of their indices, in place of learned ones.
        vocabulary: Option<Vec<i64>> = None,
        /// The encoding of the indices.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl IntegerLookup {
    /// A lookup that learns its vocabulary.
    pub fn new() -> Self {
        IntegerLookup
    }

    fn special(&self) -> Special<i64> {
        Special {
            mask_token: None,
            oov_token: UNKNOWN,
            num_oov_indices: self.num_oov_indices,
            max_tokens: self.max_tokens,
            output_mode: self.output_mode,
            invert: false,
        }
    }

    /// On these columns, with a vocabulary that fits the other arguments.
    fn fitted(&self, columns: Vec<String>, vocabulary: &[i64]) -> Result<Arc<dyn FittedTransformer>> {
        let vocabulary = self.special().tokens_of(self, vocabulary)?.to_vec();
        let (num_oov_indices, output_mode) = (self.num_oov_indices, self.output_mode);
        Ok(Arc::new(LookedUpIntegers { columns, vocabulary, num_oov_indices, output_mode }))
    }
}

fn add_counts(counts: &mut HashMap<i64, usize>, others: HashMap<i64, usize>) {
    for (number, count) in others {
        *counts.entry(number).or_default() += count;
    }
}

impl Transformer for IntegerLookup {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        let numbers = try_map(columns.iter(), |name| integers(table, name))?;
        match &self.vocabulary {
            Some(given) => self.fitted(columns, given),
            None => {
                let learned = self.special().learn(self, numbers.into_iter().flatten())?;
                self.fitted(columns, &learned)
            }
        }
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let lookup = self.clone();
        let folding = Folding {
            measure: Box::new(|input: &FitInput<'_>, name: &str| integers(input.columns(), name)),
            add: |counts: &mut HashMap<i64, usize>, numbers: Vec<i64>| {
                numbers.into_iter().for_each(|number| *counts.entry(number).or_default() += 1);
            },
            merge: add_counts,
        };
        let finish = move |_, columns: Vec<(String, HashMap<i64, usize>)>| {
            let (names, counts): (Vec<String>, Vec<HashMap<i64, usize>>) = columns.into_iter().unzip();
            if let Some(given) = &lookup.vocabulary {
                return lookup.fitted(names, given);
            }
            let mut all = HashMap::new();
            counts.into_iter().for_each(|counts| add_counts(&mut all, counts));
            let learned = lookup.special().most_frequent(&lookup, all)?;
            lookup.fitted(names, &learned)
        };
        Some(FoldedColumns::boxed(self.clone(), folding, finish))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: LookedUpIntegers = restored("IntegerLookup", state)?;
        let lookup = IntegerLookup::new().num_oov_indices(read.num_oov_indices).output_mode(read.output_mode);
        lookup.fitted(read.columns, &read.vocabulary)
    }
}

/// A vocabulary of whole numbers on named columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookedUpIntegers {
    pub(crate) columns: Vec<String>,
    vocabulary: Vec<i64>,
    num_oov_indices: usize,
    output_mode: OutputMode,
}

impl LookedUpIntegers {
    fn depth(&self) -> usize {
        self.vocabulary.len().saturating_add(self.num_oov_indices)
    }

    fn indices(&self, table: &Table) -> Result<Vec<Vec<Option<usize>>>> {
        let as_given = IntegerLookup::new().num_oov_indices(self.num_oov_indices).output_mode(self.output_mode);
        let lookup = Lookup::new(as_given.special(), &self.vocabulary);
        let mut indices = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let index = |(row, number): (usize, i64)| {
                let found = lookup.index(&number, || floormod(number, self.num_oov_indices));
                found.map(Some).ok_or_else(|| Error::UnknownCategory {
                    place: table.place(row),
                    column: column.clone(),
                    value: number.to_string(),
                    known: self.vocabulary.iter().map(ToString::to_string).collect(),
                })
            };
            indices.push(try_map(integers(table, column)?.into_iter().enumerate(), index)?);
        }
        Ok(indices)
    }
}

impl FittedTransformer for LookedUpIntegers {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let label = |index: usize| match index.checked_sub(self.num_oov_indices) {
            Some(known) => self.vocabulary[known].to_string(),
            None if self.num_oov_indices == 1 => "[UNK]".into(),
            None => format!("[UNK]_{index}"),
        };
        names(self.output_mode, self.depth(), &self.columns, &label)
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        sources(self.output_mode, self.depth(), self.columns.len())
    }

    fn width(&self) -> usize {
        Encoding { mode: self.output_mode, columns: self.columns.len(), depth: self.depth() }.outputs()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        write_encoded(features, self.output_mode, self.depth(), &self.indices(table)?)
    }

    fn state(&self) -> Result<Value> {
        stated("IntegerLookup", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;
    use crate::preprocessing::ColumnTransformer;
    use nalgebra::DMatrix;

    fn table(numbers: &[f64]) -> Table {
        Table::new().with_numbers("n", numbers.iter().copied()).unwrap()
    }

    #[test]
    fn indices_are_those_of_the_layer() -> Result<()> {
        let (train, test) = (table(&[7.0, 3.0, 7.0, -1.0, 12.0, 3.0, 5.0]), [3.0, 5.0, -1.0, -8.0, 1e15, 7.0]);
        let x = DMatrix::from_column_slice(6, 1, &test);
        for (places, most) in [(1, None), (3, Some(5)), (2, Some(4))] {
            for mode in [OutputMode::Int, OutputMode::OneHot] {
                let (mut here, mut layer) = (IntegerLookup::new(), layers::IntegerLookup::new());
                if let Some(most) = most {
                    (here, layer) = (here.max_tokens(most), layer.max_tokens(most));
                }
                let here = here.num_oov_indices(places).output_mode(mode);
                let fitted = ColumnTransformer::new().add(here, ["n"]).fit(&train)?;
                let samples = DMatrix::from_column_slice(7, 1, train.numbers("n")?);
                let layer = layer.num_oov_indices(places).output_mode(mode).adapt(&samples)?;
                let expected = crate::Sequential::<f64>::default().add(layer).build(1)?.predict(&x)?;
                assert_eq!(fitted.transform::<f64>(&table(&test))?, expected);
                let text = serde_json::to_string(&fitted).expect("JSON");
                let again: super::super::FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
                assert_eq!(again.transform::<f64>(&table(&test))?, expected);
            }
        }
        Ok(())
    }

    #[test]
    fn numbers_without_an_index_are_rejected() {
        let fit = |lookup: IntegerLookup, numbers: &[f64]| {
            ColumnTransformer::new().add(lookup, ["n"]).fit(&table(numbers)).map_err(|error| error.to_string())
        };
        let strict = fit(IntegerLookup::new().num_oov_indices(0), &[7.0, 3.0]).unwrap();
        let error = strict.transform::<f32>(&table(&[8.0])).unwrap_err().to_string();
        assert!(error.contains("category 8 is unknown") && error.contains('7'), "{error}");
        assert!(fit(IntegerLookup::new(), &[1.5]).unwrap_err().contains("whole number"));
        assert!(fit(IntegerLookup::new().max_tokens(1), &[1.0]).unwrap_err().contains("max_tokens is 1"));
        assert!(fit(IntegerLookup::new().vocabulary([3, 3]), &[1.0]).unwrap_err().contains("each token once"));
    }
}
