use super::string_lookup::{encode, names};
use super::{Column, Table, Value};
use crate::spec::{Spec, invalid};
use crate::tokens::{Encoding, Hash, OutputMode, Salt};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Hashes texts, or whole numbers, of a table into bins, without a vocabulary.
///
/// FarmHash64 or, with a salt, SipHash64, modulo the number of bins. A number is hashed as it is written in decimals,
/// without what follows the point.
///
/// | option | default | |
/// |---|---|---|
/// | `mask_value` | none | the value that bin 0 is kept for |
/// | `salt` | none | the key of SipHash64, one number or two |
/// | `output_mode` | [`OutputMode::Int`] | what becomes of the bins |
///
/// ```
/// use nalgebra::dmatrix;
/// use perceptra::preprocessing::{Hashing, Table};
///
/// let table = Table::new().with_text("home", ["rent", "own"])?;
/// assert_eq!(Hashing::new(1000).transform::<f32>(&table, ["home"])?, dmatrix![44.0; 350.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.layers.Hashing`; on numbers within a network it is [`layers::Hashing`](crate::layers::Hashing).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hashing {
    num_bins: usize,
    #[serde(default)]
    mask_value: Option<Value>,
    #[serde(default)]
    salt: Option<Salt>,
    #[serde(default = "indices")]
    output_mode: OutputMode,
}

fn indices() -> OutputMode {
    OutputMode::Int
}

impl Spec for Hashing {}

impl Hashing {
    /// For `num_bins` bins, at least 1.
    pub fn new(num_bins: usize) -> Self {
        Hashing { num_bins, mask_value: None, salt: None, output_mode: OutputMode::Int }
    }

    /// The value that bin 0 is kept for; none by default.
    #[must_use]
    pub fn mask_value(mut self, mask_value: impl Into<Value>) -> Self {
        self.mask_value = Some(mask_value.into());
        self
    }

    /// The key of SipHash64, one number or two; none by default.
    #[must_use]
    pub fn salt(mut self, salt: impl Into<Salt>) -> Self {
        self.salt = Some(salt.into());
        self
    }

    /// What becomes of the bins; default [`OutputMode::Int`].
    #[must_use]
    pub fn output_mode(mut self, output_mode: OutputMode) -> Self {
        self.output_mode = output_mode;
        self
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
        self.check_bins()?;
        // A single bin has no room for a mask.
        let mask = self.mask_value.as_ref().filter(|_| self.num_bins > 1);
        let shift = usize::from(mask.is_some());
        let hash = Hash { bins: self.num_bins - shift, salt: self.salt };
        let mut indices: Vec<Vec<Option<usize>>> = Vec::new();
        for name in columns {
            let name = name.as_ref();
            let missing = |row: usize| Error::MissingValue { place: table.place(row), column: name.into() };
            let bins: Result<Vec<Option<usize>>> = match table.column(name)? {
                Column::Text(texts) => {
                    let bin = |(row, text): (usize, Option<&str>)| {
                        let text = text.ok_or_else(|| missing(row))?;
                        let masked = matches!(mask, Some(Value::Text(mask)) if mask == text);
                        Ok(Some(if masked { 0 } else { hash.of_text(text) + shift }))
                    };
                    texts.iter().enumerate().map(bin).collect()
                }
                Column::Number(numbers) => {
                    let bin = |(row, &number): (usize, &f64)| {
                        if number.is_nan() {
                            return Err(missing(row));
                        }
                        let masked = matches!(mask, Some(Value::Number(mask)) if *mask == number);
                        Ok(Some(if masked { 0 } else { hash.of_number(number as i64) + shift }))
                    };
                    numbers.iter().enumerate().map(bin).collect()
                }
            };
            indices.push(bins?);
        }
        Ok(encode(self.output_mode, self.num_bins, table.nrows(), &indices))
    }

    /// The names of the columns that come out.
    fn check_bins(&self) -> Result<()> {
        if self.num_bins > 0 { Ok(()) } else { Err(invalid(self, "num_bins", 0, "at least 1")) }
    }

    /// How many columns come of so many; an error where there is no bin.
    pub(super) fn width(&self, columns: usize) -> Result<usize> {
        self.check_bins()?;
        Ok(Encoding { mode: self.output_mode, columns, depth: self.num_bins }.outputs())
    }

    pub(super) fn names(&self, columns: &[String]) -> Vec<String> {
        names(self.output_mode, self.num_bins, columns, |index| index.to_string())
    }
}
