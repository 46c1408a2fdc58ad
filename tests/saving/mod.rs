//! Models in files, seen from outside.

mod continuation;
mod damaged_pipelines;
mod decisions;
mod feature_space;
mod folder;
mod formats;
mod hostile;
mod killed;
mod killed_search;
#[cfg(feature = "csv")]
mod killed_stream;
pub(crate) mod message;
mod mistakes;
mod own_items;
mod pipelines;
mod resumed;
mod round_trip;
mod version_1;
mod weights;

use nalgebra::{DMatrix, DVector};

/// Rows that a network can learn from.
fn data(rows: usize) -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(rows, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
    let y = DVector::from_fn(rows, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    (x, y)
}
