//! The transformers of a pipeline without columns, by the types of the columns.
//!
//! | column | becomes |
//! |---|---|
//! | numbers | the value, brought to a normal distribution by its rank, and its piecewise-linear encoding; a missing value is the median, with an indicator beside it |
//! | strings, booleans | a column for each category; a missing value is a category of its own, one that the training rows do not have is zeros |
//! | without two distinct values | nothing |

use crate::preprocessing::{
    Clip, Column, ColumnTransformer, OneHotEncoder, OutputDistribution, PiecewiseLinearEncoder, QuantileTransformer,
    SimpleImputer, StandardScaler, Table, Transformer, Unknown,
};
use crate::{Error, Result};

/// The bins of the piecewise-linear encoding.
const BINS: usize = 24;

/// Those beside a value that dominates a column.
const DOMINATED_BINS: usize = 16;

/// Where ranks that were brought to a normal distribution are cut off: at the fractions 0.001 and 0.999.
const CUT: f64 = 3.0902;

/// The columns of a table that have two distinct values, by what becomes of them.
#[derive(Debug, Default)]
struct Kinds {
    numbers: Vec<String>,
    categories: Vec<String>,
}

impl Kinds {
    fn of(features: &Table) -> Self {
        let mut kinds = Kinds::default();
        for (name, column) in features.iter().filter(|(_, column)| !is_constant(column)) {
            let of_kind = match column {
                Column::Number(_) => &mut kinds.numbers,
                Column::Boolean(_) | Column::String(_) => &mut kinds.categories,
            };
            of_kind.push(name.to_owned());
        }
        kinds
    }

    /// An error where no column is left.
    fn some(self, features: &Table) -> Result<Self> {
        match self.numbers.is_empty() && self.categories.is_empty() {
            false => Ok(self),
            true => Err(Error::Empty {
                what: format!("what is left of the {} columns beside the target", features.ncols()),
                advice: "pass at least one column that has two distinct values in the training rows".into(),
            }),
        }
    }
}

/// Whether all values are the same, with missing ones counted as one value; infinite ones are left to the transformers, which refuse them.
fn is_constant(column: &Column) -> bool {
    let differs = |same: &dyn Fn(usize) -> bool| (1..column.len()).any(|row| !same(row));
    match column {
        Column::Number(values) => {
            let is_infinite = values.first().is_some_and(|first| first.is_infinite());
            !is_infinite && !differs(&|row| values[row] == values[0] || (values[row].is_nan() && values[0].is_nan()))
        }
        Column::Boolean(values) => !differs(&|row| values.get(row) == values.get(0)),
        Column::String(strings) => !differs(&|row| strings.codes()[row] == strings.codes()[0]),
    }
}

/// For the default network.
pub(super) fn default_columns(features: &Table) -> Result<ColumnTransformer> {
    let Kinds { numbers, categories } = Kinds::of(features).some(features)?;
    let mut columns = ColumnTransformer::new();
    if !numbers.is_empty() {
        let ranks = QuantileTransformer::new().output_distribution(OutputDistribution::Normal);
        let imputer = SimpleImputer::median();
        columns = columns
            .add(ranks.then(Clip::values(-CUT, CUT)).then(imputer.clone().indicator(true)), numbers.clone())
            .add(PiecewiseLinearEncoder::new().bins(BINS).dominated_bins(DOMINATED_BINS).then(imputer), numbers);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    Ok(columns)
}

/// For a linear model.
pub(super) fn linear_columns(features: &Table) -> Result<ColumnTransformer> {
    let Kinds { numbers, categories } = Kinds::of(features).some(features)?;
    let mut columns = ColumnTransformer::new();
    if !numbers.is_empty() {
        columns = columns.add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), numbers);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    Ok(columns)
}
