//! The rows that candidates are compared on.

use crate::SPLIT_SEED;
use nalgebra::{DMatrix, DVector};
use perceptra::Result;
use perceptra::model_selection::{Fold, KFold, train_test_split};

pub(super) const FOLDS: usize = 3;

/// Some of the balanced training rows, and their folds.
pub(super) struct Sample {
    pub x: DMatrix<f32>,
    pub y: DVector<f32>,
    pub folds: Vec<Fold>,
}

impl Sample {
    /// At most this many rows, with as many of one class as of the other.
    pub(super) fn of(x: &DMatrix<f32>, y: &DVector<f32>, rows: usize) -> Result<Sample> {
        let (x, y) = if y.len() <= rows {
            (x.clone(), y.clone())
        } else {
            let fraction = rows as f64 / y.len() as f64;
            train_test_split((x, y)).test_size(fraction).stratify_by(y).seed(SPLIT_SEED).split()?.1
        };
        // Both classes are equally frequent, so that folds need no stratification.
        let folds = KFold::new(FOLDS).shuffle(true).seed(SPLIT_SEED).split(&y)?;
        Ok(Sample { x, y, folds })
    }
}
