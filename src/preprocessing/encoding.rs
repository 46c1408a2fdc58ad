//! Indices as columns, in an output mode.

use super::transformer::{Features, each_of_one};
use crate::categories::{Encoding, OutputMode};
use crate::{Result, Scalar};
use nalgebra::DMatrix;

/// Indices, column by column, in an output mode.
pub(super) fn encode<T: Scalar>(
    mode: OutputMode,
    depth: usize,
    rows: usize,
    indices: &[Vec<Option<usize>>],
) -> Result<DMatrix<T>> {
    let encoding = Encoding { mode, columns: indices.len(), depth };
    let mut y = encoding.zeros(rows)?;
    encoding.write(y.batch_mut(), |i, j| indices[j][i].map(|index| (index, T::one())));
    Ok(y.to_matrix())
}

/// Writes indices in the type of number of the features.
pub(super) fn write_encoded(
    features: &mut Features<'_>,
    mode: OutputMode,
    depth: usize,
    indices: &[Vec<Option<usize>>],
) -> Result<()> {
    let rows = features.nrows();
    features.matrix(|| encode(mode, depth, rows, indices), || encode(mode, depth, rows, indices))
}

/// The columns of the table, by their positions, that each encoded column is made of, in the order of [`names`].
pub(super) fn sources(mode: OutputMode, depth: usize, columns: usize) -> Vec<Vec<usize>> {
    match mode {
        OutputMode::Int => each_of_one(vec![1; columns]),
        OutputMode::OneHot => each_of_one(vec![depth; columns]),
        OutputMode::MultiHot | OutputMode::Count => vec![(0..columns).collect(); depth],
    }
}

/// The names of encoded columns: those that came in, or followed by the label of each index.
pub(super) fn names(
    mode: OutputMode,
    depth: usize,
    columns: &[String],
    label: &dyn Fn(usize) -> String,
) -> Vec<String> {
    let spread = |name: &str| -> Vec<String> { (0..depth).map(|index| format!("{name}_{}", label(index))).collect() };
    match mode {
        OutputMode::Int => columns.to_vec(),
        OutputMode::OneHot => {
            let mut names = Vec::new();
            columns.iter().for_each(|name| names.extend(spread(name)));
            names
        }
        OutputMode::MultiHot | OutputMode::Count => spread(&columns.join("+")),
    }
}
