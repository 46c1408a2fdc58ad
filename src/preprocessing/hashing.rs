use super::encoding::{encode, names, sources, write_encoded};
use super::table::{spelled_boolean, spelled_exactly, spelled_number};
use super::transformer::{Features, restored, stated, stateless, table_of};
use super::{Accumulator, Categories, Column, FitInput, FittedTransformer, Found, Table, Transformer, Value};
use crate::categories::{Encoding, Hash, OutputMode, Salt};
use crate::items::arguments::configuration;
use crate::items::{Spec, item};
use crate::lists::try_map;
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Hashes the values of columns into bins, without a vocabulary.
    ///
    /// FarmHash64 or, with a salt, SipHash64, modulo the number of bins. A number is hashed as the string of its shortest
    /// decimals: 36 as `"36"`, 0.5 as `"0.5"`; a boolean as `"true"` or `"false"`.
    ///
    /// [`transform`](Hashing::transform) reads values as their column has them. In a fitted
    /// [`ColumnTransformer`](super::ColumnTransformer) the type that a column had at the fit decides: strings that spell numbers
    /// or booleans are hashed as such where it was one of those. Where it was text a table must have text there, since numbers
    /// have lost their spelling (`"04109"` is 4109); a record may have the number.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::{Hashing, Table};
    ///
    /// let table = Table::new().with_strings("home", ["rent", "own"])?;
    /// assert_eq!(Hashing::new(1000).transform::<f32>(&table, ["home"])?, dmatrix![44.0; 350.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Hashing`; on numbers within a network it is [`layers::Hashing`](crate::layers::Hashing).
    #[derive(PartialEq)]
    pub struct Hashing: "Hashing" (num_bins: usize [at least 1]) checked by has_columns {
        /// The value that bin 0 is kept for.
        mask_value: Option<Value> = None,
        /// The key of SipHash64, one number or two.
        salt: Option<Salt> = None,
        /// The encoding of the bins.
        output_mode: OutputMode = OutputMode::Int,
    }
}

impl Hashing {
    /// Creates a hashing with `num_bins` bins, at least 1.
    pub fn new(num_bins: usize) -> Self {
        Self::with(num_bins)
    }

    fn has_columns(&self) -> Result<()> {
        self.output_mode.check_depth(self, "num_bins", self.num_bins)
    }

    /// The bins of the values in some columns, one row each row of the table.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], [`Error::MissingValue`]; [`Error::Argument`] without a bin.
    pub fn transform<T: Scalar>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<DMatrix<T>> {
        let columns = columns.into_iter().map(|name| {
            let hashed = HashedAs::of(table.column(name.as_ref())?);
            Ok((name, hashed))
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        self.check()?;
        let mut indices = Vec::new();
        for (name, hashed_as) in columns {
            indices.push(self.bins(table, name.as_ref(), hashed_as)?);
        }
        encode(self.output_mode, self.num_bins, table.nrows(), &indices)
    }

    /// The bins of values that are read as values of this type.
    fn bins(&self, table: &Table, name: &str, hashed_as: HashedAs) -> Result<Vec<Option<usize>>> {
        // A single bin leaves none for a mask.
        let mask = self.mask_value.as_ref().filter(|_| self.num_bins > 1);
        let shift = usize::from(mask.is_some());
        let hash = Hash { bins: self.num_bins - shift, salt: self.salt };
        let masked = match mask {
            Some(mask) => Categories::of_values(std::slice::from_ref(mask)).find(table, name)?,
            None => Vec::new(),
        };
        let bin = |row: usize| {
            let value = table
                .value(name, row)
                .ok_or_else(|| Error::MissingValue { place: table.place(row), column: name.into() })?;
            if masked.get(row).is_some_and(|found| matches!(found, Found::Known(_))) {
                return Ok(Some(0));
            }
            Ok(Some(
                shift
                    + match hashed_as.read(value) {
                        Value::Number(value) if value.is_infinite() => {
                            let (place, column) = (table.place(row), name.to_owned());
                            return Err(Error::InfiniteValue { place, column, value });
                        }
                        Value::Number(number) => of_number(&hash, number),
                        Value::Boolean(value) => hash.of_string(if value { "true" } else { "false" }),
                        Value::String(text) => hash.of_string(&text),
                    },
            ))
        };
        (0..table.nrows()).map(bin).collect()
    }
}

impl Transformer for Hashing {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        self.transform::<f64>(table, &columns)?;
        let hashed_as = table.iter().map(|(_, column)| HashedAs::of(column)).collect();
        Ok(Arc::new(HashedColumns { columns, hashing: self.clone(), hashed_as }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let state: HashedColumns = restored("Hashing", state)?;
        state.hashing.check()?;
        Ok(Arc::new(state))
    }
}

/// A hash on named columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HashedColumns {
    pub(crate) columns: Vec<String>,
    #[serde(with = "configuration")]
    hashing: Hashing,
    /// The type as which each column was hashed at the fit; empty if unknown.
    hashed_as: Vec<HashedAs>,
}

impl HashedColumns {
    /// The columns of a table, with the type that each is hashed as.
    fn typed(&self, table: &Table) -> Result<Vec<(&str, HashedAs)>> {
        let known = |(index, name): (usize, &'_ String)| {
            let hashed_as = match self.hashed_as.get(index) {
                Some(&hashed_as) => hashed_as,
                None => HashedAs::of(table.column(name)?),
            };
            hashed_as.check(table, name)?;
            Ok(hashed_as)
        };
        let types = try_map(self.columns.iter().enumerate(), known)?;
        Ok(self.columns.iter().map(String::as_str).zip(types).collect())
    }
}

impl FittedTransformer for HashedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        names(self.hashing.output_mode, self.hashing.num_bins, &self.columns, &|index| index.to_string())
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        sources(self.hashing.output_mode, self.hashing.num_bins, self.columns.len())
    }

    fn width(&self) -> usize {
        let (mode, depth) = (self.hashing.output_mode, self.hashing.num_bins);
        Encoding { mode, columns: self.columns.len(), depth }.outputs()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let typed = self.typed(table)?;
        self.hashing.check()?;
        let mut indices = Vec::new();
        for (name, hashed_as) in typed {
            indices.push(self.hashing.bins(table, name, hashed_as)?);
        }
        write_encoded(features, self.hashing.output_mode, self.hashing.num_bins, &indices)
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("Hashing", self)
    }
}

/// The type as which the values of a column are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum HashedAs {
    Numbers,
    Booleans,
    Strings,
}

impl HashedAs {
    pub(super) fn of(column: &Column) -> HashedAs {
        match column {
            Column::Number(_) | Column::Integer(_) => HashedAs::Numbers,
            Column::Boolean(_) => HashedAs::Booleans,
            Column::DateTime(_) | Column::String(_) => HashedAs::Strings,
        }
    }

    /// Returns an error for numbers and booleans of a table where text was hashed: the strings that they were read from are lost.
    pub(super) fn check(self, table: &Table, name: &str) -> Result<()> {
        match table.column(name)? {
            Column::String(_) | Column::DateTime(_) => Ok(()),
            _ if self != HashedAs::Strings || table.is_record() => Ok(()),
            other => Err(Error::ColumnType {
                column: name.into(),
                expected: format!("strings, as at the fit; read it with CsvOptions::new().strings([\"{name}\"])"),
                found: other.kind(),
            }),
        }
    }

    /// The value as one of this type, if it can be read so.
    fn read(self, value: Value) -> Value {
        match (self, &value) {
            // The digits of an integer that no number holds are its spelling.
            (HashedAs::Numbers, Value::String(text)) => match spelled_number(text) {
                Some(number) if spelled_exactly(text.trim_ascii(), number) => Value::Number(number),
                _ => value,
            },
            (HashedAs::Numbers, &Value::Boolean(value)) => Value::Number(f64::from(u8::from(value))),
            (HashedAs::Booleans, Value::String(text)) => spelled_boolean(text).map_or(value, Value::Boolean),
            (HashedAs::Booleans, &Value::Number(number)) if number == 0.0 || number == 1.0 => {
                Value::Boolean(number == 1.0)
            }
            _ => value,
        }
    }
}

/// The bin of a number by the string of its decimals.
fn of_number(hash: &Hash, number: f64) -> usize {
    // Whole numbers of up to 2⁵³ are written without an allocation.
    match number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        true => hash.of_number(number as i64),
        false => hash.of_string(&number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{ColumnTransformer, Record};

    fn bins(table: &Table) -> Vec<f64> {
        Hashing::new(1 << 20).transform::<f64>(table, ["c"]).unwrap().as_slice().to_vec()
    }

    #[test]
    fn numbers_and_booleans_are_hashed_as_they_are_spelled() {
        let numbers = [36.0, 36.5, -0.5, f64::MAX, 1e300, -0.0, 9_007_199_254_740_994.0];
        let spelled = numbers.map(|number| if number == 0.0 { "0".to_owned() } else { number.to_string() });
        let of_numbers = bins(&Table::new().with_numbers("c", numbers).unwrap());
        assert_eq!(of_numbers, bins(&Table::new().with_strings("c", spelled).unwrap()));
        let mut distinct = of_numbers;
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        assert_eq!(distinct.len(), numbers.len(), "fractions and numbers of any size have separate bins");
        let booleans = Table::new().with_booleans("c", [true, false]).unwrap();
        assert_eq!(bins(&booleans), bins(&Table::new().with_strings("c", ["true", "false"]).unwrap()));
    }

    #[test]
    fn a_mask_is_found_whatever_its_type() {
        let masked =
            |mask: Value, table: &Table| Hashing::new(9).mask_value(mask).transform::<f32>(table, ["c"]).unwrap()[0];
        let (number, text) =
            (Table::new().with_numbers("c", [7.0]).unwrap(), Table::new().with_strings("c", ["7"]).unwrap());
        assert_eq!(
            (masked("7".into(), &number), masked(7.0.into(), &text), masked(7.0.into(), &number)),
            (0.0, 0.0, 0.0)
        );
        assert_ne!(masked("8".into(), &number), 0.0);
    }

    #[test]
    fn the_type_at_the_fit_decides() {
        let fit = |table: &Table| ColumnTransformer::new().add(Hashing::new(1 << 20), ["c"]).fit(table).unwrap();
        let strings = |text: &str| Table::new().with_strings("c", [text]).unwrap();
        let numbers = Table::new().with_numbers("c", [36.0]).unwrap();
        let of_numbers = fit(&numbers);
        let expected = of_numbers.transform::<f64>(&numbers).unwrap();
        assert_eq!(of_numbers.transform::<f64>(&strings(" 36.0")).unwrap(), expected);
        assert_ne!(of_numbers.transform::<f64>(&strings("36 months")).unwrap(), expected);
        let of_strings = fit(&strings("36"));
        assert_eq!(of_strings.transform::<f64>(&strings("36")).unwrap(), expected);
        assert_ne!(of_strings.transform::<f64>(&strings("36.0")).unwrap(), expected);
        let error = of_strings.transform::<f64>(&numbers).unwrap_err().to_string();
        assert!(error.contains("CsvOptions::new().strings([\"c\"])"), "{error}");
        let record = Record::new().with("c", 36);
        assert_eq!(of_strings.transform_record::<f64>(&record).unwrap()[0], expected[0]);
        let stored = serde_json::to_string(&of_strings).unwrap();
        let again: super::super::FittedColumnTransformer = serde_json::from_str(&stored).unwrap();
        assert!(again.transform::<f64>(&numbers).is_err());
    }
}
