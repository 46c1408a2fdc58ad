use super::super::Table;
use crate::random::{Purpose, stream};
use crate::{Error, Random, Result};
use rand::Rng;

/// The training data of a transformer: columns and, optionally, the target, weights of the rows, and random numbers.
///
/// The columns are those that the transformer is to transform and no others. They know where their rows came from, so that an
/// error names the line of the file. Of the crate's transformers encoders such as
/// [`TargetEncoder`](struct@super::super::TargetEncoder) use the target, none uses weights.
///
/// ```
/// use perceptra::preprocessing::{FitInput, StandardScaler, Table, Transformer};
///
/// let table = Table::new().with_numbers("rate", [1.0, 3.0])?.with_numbers("loan_status", [0.0, 1.0])?;
/// let (columns, target) = (table.select(["rate"])?, table.select(["loan_status"])?);
/// let input = FitInput::new(&columns).with_target(&target)?.with_weights(&[1.0, 0.5])?.with_seed(7);
/// let fitted = Transformer::fit(&StandardScaler::new(), input)?;
/// assert_eq!(fitted.transform(&columns)?.numbers("rate")?, [-1.0, 1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct FitInput<'a> {
    columns: &'a Table,
    target: Option<&'a Table>,
    weights: Option<&'a [f64]>,
    row_keys: Option<&'a [u64]>,
    random: Random,
}

impl<'a> FitInput<'a> {
    /// Creates an input of these columns, without target and weights, with the seed 0.
    pub fn new(columns: &'a Table) -> Self {
        FitInput { columns, target: None, weights: None, row_keys: None, random: stream(0, Purpose::Transform, 0) }
    }

    /// Adds the columns of the target, with one row for each row of the input.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for another number of rows.
    pub fn with_target(mut self, target: &'a Table) -> Result<Self> {
        self.same_rows("the target", target.nrows())?;
        self.target = Some(target);
        Ok(self)
    }

    /// Adds the weights of the rows, each finite and at least 0.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for another number of weights than rows, [`Error::Argument`] for one out of its range.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self> {
        self.same_rows("the weights", weights.len())?;
        if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
            return Err(Error::Argument {
                item: "FitInput".into(),
                argument: "weights",
                value: weight.to_string(),
                expected: "finite numbers of at least 0".into(),
            });
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// Adds a unique key of each row, which is the same in every pass over the rows: a hash of its values, or its number.
    ///
    /// Needed by the [`Accumulator`](super::Accumulator) of [`TargetEncoder`](struct@super::super::TargetEncoder) and
    /// [`WeightOfEvidence`](struct@super::super::WeightOfEvidence), which cross-fit by them.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for another number of keys than rows.
    pub fn with_row_keys(mut self, row_keys: &'a [u64]) -> Result<Self> {
        self.same_rows("the keys of the rows", row_keys.len())?;
        self.row_keys = Some(row_keys);
        Ok(self)
    }

    /// Sets the seed of the random numbers.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.random = stream(seed, Purpose::Transform, 0);
        self
    }

    /// The columns.
    pub fn columns(&self) -> &'a Table {
        self.columns
    }

    /// The columns of the target.
    pub fn target(&self) -> Option<&'a Table> {
        self.target
    }

    /// The weights of the rows; each counts the same if there are none.
    pub fn weights(&self) -> Option<&'a [f64]> {
        self.weights
    }

    /// The keys of the rows.
    pub fn row_keys(&self) -> Option<&'a [u64]> {
        self.row_keys
    }

    /// A random stream for this transformer only.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Returns the input with other columns of these rows, and a separate random stream.
    pub(in super::super) fn part<'b>(&mut self, columns: &'b Table) -> FitInput<'b>
    where
        'a: 'b,
    {
        let random = stream(self.random.next_u64(), Purpose::Transform, 0);
        FitInput { columns, target: self.target, weights: self.weights, row_keys: self.row_keys, random }
    }

    fn same_rows(&self, right: &'static str, right_rows: usize) -> Result<()> {
        match self.columns.nrows() {
            rows if rows == right_rows => Ok(()),
            left_rows => Err(Error::Rows { left: "the columns", left_rows, right, right_rows }),
        }
    }
}
