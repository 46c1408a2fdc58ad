use super::encoding::{encode, names};
use super::string_counts::{StringCounts, add, counted};
use super::{Categories, Column, Found, Table};
use crate::categories::{Hash, Lookup, OutputMode, Salt, Special};
use crate::items::{Spec, invalid, item};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use std::collections::HashMap;

item! {
    /// Replaces strings of a table by their index in a vocabulary, or goes the way back.
    ///
    /// The indices count the mask (if one is set and indices come out as they are), then the places for strings that the
    /// vocabulary does not hold, then the vocabulary. Where there are several such places, the hash of the text chooses:
    /// FarmHash64, or SipHash64 with a salt.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`](super::Transformer::accumulator)) is exact.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::{StringLookup, Table};
    ///
    /// let train = Table::new().with_strings("home", ["RENT", "OWN", "RENT"])?;
    /// let lookup = StringLookup::new().adapt(&train, ["home"])?;
    /// assert_eq!(lookup.get_vocabulary()?, ["[UNK]", "RENT", "OWN"]);
    /// let test = Table::new().with_strings("home", ["OWN", "BOAT"])?;
    /// assert_eq!(lookup.transform::<f32>(&test, ["home"])?, dmatrix![2.0; 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// A column that came as numbers or booleans is looked up as the strings of the vocabulary that spell them; one to learn from
    /// holds strings, which `CsvOptions::strings` declares when it is read.
    ///
    /// A network takes numbers, so a string is looked up before it: `x` for an
    /// [`Embedding`](crate::layers::Embedding) is what [`transform`](StringLookup::transform) returns.
    ///
    /// # References
    ///
    /// Keras: `keras.layers.StringLookup`. Its `invert` is [`strings`](StringLookup::strings) here.
    #[derive(PartialEq)]
    pub struct StringLookup: "StringLookup" () checked by can_pad {
        /// The most indices there may be, special ones included; by default as many as it takes.
        max_tokens: Option<usize> [at least 2] = None,
        /// The places for unknown strings. With none an unknown string is an error.
        num_oov_indices: usize [at most 16777216] = 1,
        /// The string that marks a missing value (Keras's `mask_token`).
        mask_token: Option<String> = None,
        /// The string that an unknown index becomes in the inverse lookup.
        oov_token: String = "[UNK]",
        /// The strings in the order of their indices, in place of `adapt`.
        vocabulary: Option<Vec<String>> = None,
        /// The encoding of the indices.
        output_mode: OutputMode = OutputMode::Int,
        /// Whether there are columns for `max_tokens` indices, also where the vocabulary has fewer.
        pad_to_max_tokens: bool = false,
        /// The key of SipHash64, one number or two.
        salt: Option<Salt> = None,
    }
}

impl Default for StringLookup {
    fn default() -> Self {
        Self::with()
    }
}

impl StringLookup {
    /// A lookup that needs a vocabulary.
    pub fn new() -> Self {
        Self::with()
    }

    fn can_pad(&self) -> Result<()> {
        match self.pad_to_max_tokens && self.max_tokens.is_none() {
            true => Err(invalid(self, "pad_to_max_tokens", true, "false, or max_tokens to be set")),
            false => Ok(()),
        }
    }

    /// Learns the vocabulary: the most frequent strings first, of those as frequent the last in order first.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], [`Error::ColumnType`] for numbers, [`Error::MissingValue`]; [`Error::Empty`] if there
    /// is no string to learn; [`Error::Argument`] for options out of range.
    pub fn adapt<S: AsRef<str>>(self, table: &Table, columns: impl IntoIterator<Item = S>) -> Result<Self> {
        self.check()?;
        let mut counts = StringCounts::new();
        for name in columns {
            add(&mut counts, counted(table, name.as_ref())?);
        }
        self.learned(counts)
    }

    /// With the vocabulary of strings that occur so often.
    pub(super) fn learned(mut self, counts: StringCounts) -> Result<Self> {
        self.vocabulary = Some(self.special(false).most_frequent(&self, counts)?);
        Ok(self)
    }

    /// All strings in the order of their indices, special ones first.
    ///
    /// # Errors
    ///
    /// [`Error::Layer`] before there is a vocabulary; [`Error::Argument`] for an invalid one.
    pub fn get_vocabulary(&self) -> Result<Vec<String>> {
        Ok(self.lookup(false)?.vocabulary())
    }

    /// The indices of the strings in some columns, one row each row of the table.
    ///
    /// # Errors
    ///
    /// The errors of [`get_vocabulary`](StringLookup::get_vocabulary) and [`adapt`](StringLookup::adapt);
    /// [`Error::UnknownCategory`] for a string without an index.
    pub fn transform<T: Scalar>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<DMatrix<T>> {
        let columns: Vec<_> = columns.into_iter().collect();
        let names: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let (indices, depth) = self.indices(table, &names)?;
        encode(self.output_mode, depth, table.nrows(), &indices)
    }

    /// The indices of the strings in each column, and how many indices there are.
    pub(super) fn indices(&self, table: &Table, columns: &[&str]) -> Result<(Vec<Vec<Option<usize>>>, usize)> {
        let lookup = self.lookup(false)?;
        let hash = Hash { bins: self.num_oov_indices.max(1), salt: self.salt };
        let tokens = lookup.vocabulary();
        let mut indices: Vec<Vec<Option<usize>>> = Vec::new();
        for &name in columns {
            let index = |row: usize, text: &str| {
                if !lookup.knows(text) {
                    return Err(Error::UnknownCategory {
                        place: table.place(row),
                        column: name.into(),
                        value: format!("\"{text}\""),
                        known: lookup.tokens().to_vec(),
                    });
                }
                Ok(lookup.index(text, || hash.of_string(text)))
            };
            let missing = |row: usize| Error::MissingValue { place: table.place(row), column: name.into() };
            let found: Result<Vec<Option<usize>>> = match table.column(name)? {
                Column::String(strings) => strings
                    .iter()
                    .enumerate()
                    .map(|(row, text)| index(row, text.ok_or_else(|| missing(row))?))
                    .collect(),
                // Numbers and booleans are the strings of the vocabulary that spell them.
                _ => {
                    let mask = self.mask_token.as_deref();
                    let known: Vec<&str> = tokens.iter().map(String::as_str).chain(mask).collect();
                    let found = Categories::of_strings(known.iter().copied()).find(table, name)?;
                    let spelled = |(row, found): (usize, Found)| match found {
                        Found::Missing => Err(missing(row)),
                        Found::Known(token) => index(row, known[token]),
                        Found::Unknown => index(row, &table.spelled(name, row)),
                    };
                    found.into_iter().enumerate().map(spelled).collect()
                }
            };
            indices.push(found?);
        }
        let depth = self.depth(&lookup);
        Ok((indices, depth))
    }

    /// The strings of indices, row by row: Keras's `invert`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::StringLookup;
    ///
    /// let lookup = StringLookup::new().vocabulary(["rent", "own"]);
    /// assert_eq!(lookup.strings(&dmatrix![1.0, 2.0; 0.0, 9.0])?, [["rent", "own"], ["[UNK]", "[UNK]"]]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`get_vocabulary`](StringLookup::get_vocabulary).
    pub fn strings<T: Scalar>(&self, indices: &DMatrix<T>) -> Result<Vec<Vec<String>>> {
        let lookup = self.lookup(true)?;
        let text = |index: &T| lookup.token(index.to_f64() as i64).clone();
        Ok(indices.row_iter().map(|row| row.iter().map(text).collect()).collect())
    }

    /// The names of the columns that come out.
    pub(super) fn names(&self, columns: &[String]) -> Vec<String> {
        let vocabulary = self.get_vocabulary().unwrap_or_default();
        let depth = self.max_tokens.filter(|_| self.pad_to_max_tokens).unwrap_or(vocabulary.len());
        // Several places for unknown strings carry the same token; their numbers distinguish them.
        let mut counts: HashMap<&str, usize> = HashMap::new();
        vocabulary.iter().for_each(|token| *counts.entry(token).or_default() += 1);
        let alike = |token: &String| counts.get(token.as_str()).is_some_and(|count| *count > 1);
        let label = |index: usize| match vocabulary.get(index) {
            Some(token) if alike(token) => format!("{token}_{index}"),
            Some(token) => token.clone(),
            None => index.to_string(),
        };
        names(self.output_mode, depth, columns, &label)
    }

    /// The indices there are.
    pub(super) fn depth(&self, lookup: &Lookup<String>) -> usize {
        self.max_tokens.filter(|_| self.pad_to_max_tokens).unwrap_or(lookup.size())
    }

    fn special(&self, invert: bool) -> Special<String> {
        Special {
            mask_token: self.mask_token.clone(),
            oov_token: self.oov_token.clone(),
            num_oov_indices: self.num_oov_indices,
            max_tokens: self.max_tokens,
            output_mode: self.output_mode,
            invert,
        }
    }

    pub(super) fn lookup(&self, invert: bool) -> Result<Lookup<String>> {
        self.check()?;
        let Some(vocabulary) = &self.vocabulary else {
            let reason = "it has no vocabulary; give one, or call adapt with the training rows";
            return Err(Error::Layer { layer: self.class_name(), reason: reason.into() });
        };
        let special = self.special(invert);
        let tokens = special.tokens_of(self, vocabulary)?;
        Ok(Lookup::new(special, tokens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{BooleanColumn, Record, Value};

    #[test]
    fn numbers_and_booleans_are_the_strings_that_spell_them() {
        let lookup = StringLookup::new().vocabulary(["1", "02", "X", "True"]).mask_token("0");
        let indices = |lookup: &StringLookup, column: Column| {
            let table = Table::new().with_column("c", column)?;
            lookup.transform::<f64>(&table, ["c"]).map(|found| found.as_slice().to_vec())
        };
        assert_eq!(indices(&lookup, vec![1.0, 2.0, 3.0, 0.0].into()).unwrap(), [2.0, 3.0, 1.0, 0.0]);
        assert_eq!(indices(&lookup, vec![true, false].into()).unwrap(), [5.0, 1.0]);
        let missing: BooleanColumn = [None].into_iter().collect();
        assert!(matches!(indices(&lookup, missing.into()), Err(Error::MissingValue { .. })));
        let strict = lookup.num_oov_indices(0);
        let error = indices(&strict, vec![3.0].into()).unwrap_err().to_string();
        assert!(error.contains("category \"3\" is unknown"), "{error}");
        let twice = StringLookup::new().vocabulary(["2", "02"]);
        assert!(matches!(indices(&twice, vec![2.0].into()), Err(Error::ColumnType { .. })));
        let record = Record::new().with("c", Value::from(2_i64));
        let table = Table::from_record(&record, ["c"]);
        assert_eq!(strict.transform::<f32>(&table, ["c"]).unwrap()[0], 2.0);
        let error = StringLookup::new().adapt(&table, ["c"]).unwrap_err().to_string();
        assert!(error.contains("CsvOptions::new().strings"), "{error}");
    }
}
