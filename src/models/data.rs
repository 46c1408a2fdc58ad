//! The samples of a fit or an evaluation, row by row in memory.

use super::validation;
use crate::kernels::gather::{self, Ordered};
use crate::kernels::source::Source;
use crate::random;
use crate::{BatchBuffer, Error, Random, Result, Scalar};
use std::borrow::Cow;

/// Samples, targets and sample weights. A batch is a list of row numbers.
///
/// Rows are kept whole because a shuffled batch takes whole rows: one cache line or two each, where the columns
/// of a matrix would take one for every value.
pub(super) struct Data<'a, T: Scalar> {
    x: Cow<'a, [T]>,
    y: Cow<'a, [T]>,
    weights: Option<Vec<T>>,
    pub(super) rows: usize,
    features: usize,
    targets: usize,
    order: Vec<u32>,
}

/// One row after another; borrowed where the caller's memory already is so.
fn rows<'a, T: Scalar>(source: &Source<'a, T>) -> Cow<'a, [T]> {
    match source.contiguous_rows() {
        Some(rows) => Cow::Borrowed(rows),
        None => Cow::Owned(source.to_rows()),
    }
}

impl<'a, T: Scalar> Data<'a, T> {
    pub(super) fn new(x: &Source<'a, T>, y: &Source<'a, T>, weights: Option<Vec<T>>) -> Result<Self> {
        validation::same_rows(("x", x.rows), ("y", y.rows))?;
        if x.rows == 0 {
            return Err(Error::Empty { what: "x".into(), advice: "pass at least one sample".into() });
        }
        let count = u32::try_from(x.rows).map_err(|_| Error::Argument {
            item: "fit".into(),
            argument: "x",
            value: format!("{} rows", x.rows),
            expected: "at most 4,294,967,295 rows; train on parts of the data in turn".into(),
        })?;
        Ok(Data {
            x: rows(x),
            y: rows(y),
            weights,
            rows: x.rows,
            features: x.columns,
            targets: y.columns,
            order: (0..count).collect(),
        })
    }

    /// Puts the rows into a new order.
    pub(super) fn shuffle(&mut self, stream: &mut Random) {
        for (i, place) in self.order.iter_mut().enumerate() {
            *place = i as u32;
        }
        random::shuffle(&mut self.order, stream);
    }

    /// Copies the samples of one batch: positions `start..start + rows` of the order.
    pub(super) fn load(&self, start: usize, x: &mut BatchBuffer<T>, y: &mut BatchBuffer<T>, weights: &mut [T]) {
        let (x, y) = (&mut x.batch_mut(), &mut y.batch_mut());
        let (positions, stride) = (start..start + x.rows(), x.as_batch().stride());
        let of = |rows, width| Ordered { rows, width, order: &self.order };
        gather::rows(of(&self.x, self.features), positions.clone(), x.padded(), stride);
        gather::rows(of(&self.y, self.targets), positions.clone(), y.padded(), stride);
        if let Some(all) = &self.weights {
            for (weight, &row) in weights.iter_mut().zip(&self.order[positions]) {
                *weight = all[row as usize];
            }
        }
    }
}
