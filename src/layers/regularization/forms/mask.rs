//! The values that a step of dropout keeps.

use crate::items::argument::plain;
use crate::items::{Spec, invalid};
use crate::layers::{Noise, RankRows};
use crate::{Batch, BatchMut, Random, Result, Scalar};
use rand::Rng;

/// The numbers of rows and columns of the decisions: `None` for as many as the batch has, `Some(1)` for one that all share.
pub(crate) type NoiseShape = [Option<usize>; 2];

plain!(NoiseShape);

/// Random decisions, one for every value of a batch or shared along rows or columns.
pub(crate) struct Mask {
    rate: f64,
    columns: usize,
    seed: Option<u64>,
    /// Whether all samples share the decisions.
    same_rows: bool,
    /// Whether all columns share the decisions.
    same_columns: bool,
}

impl Mask {
    /// Drops the fraction `rate` of `columns` columns.
    pub(crate) fn new(
        layer: &dyn Spec,
        columns: usize,
        rate: f64,
        noise_shape: Option<NoiseShape>,
        seed: Option<u64>,
    ) -> Result<Self> {
        let [rows, wide] = noise_shape.unwrap_or_default();
        if rows.is_some_and(|rows| rows != 1) || wide.is_some_and(|wide| wide != 1 && wide != columns) {
            let value = format!("[{rows:?}, {wide:?}]");
            let expected = format!("None or Some(1) for the rows, None, Some(1) or Some({columns}) for the columns");
            return Err(invalid(layer, "noise_shape", value, expected));
        }
        Ok(Mask { rate, columns, seed, same_rows: rows.is_some(), same_columns: wide == Some(1) })
    }

    /// Draws the factors of one step with a column stride of `stride`: `kept` or 0.
    pub(crate) fn draw<T: Scalar>(&self, noise: Noise, rows: usize, stride: usize, kept: T, factors: &mut [T]) {
        // Two decisions from one 64-bit number, each with a resolution of 2⁻³².
        let bound = (self.rate * 4_294_967_296.0) as u64;
        let mut random: Random = noise.with_seed(self.seed).stream();
        let decided_rows = if self.same_rows { rows.min(1) } else { rows };
        let decided_columns = if self.same_columns { 1 } else { self.columns };
        for column in factors.chunks_mut(stride).take(decided_columns) {
            for pair in column[..decided_rows].chunks_mut(2) {
                let bits = random.next_u64();
                for (factor, draw) in pair.iter_mut().zip([bits >> 32, bits & 0xffff_ffff]) {
                    *factor = if draw >= bound { kept } else { T::zero() };
                }
            }
            if self.same_rows {
                let decision = column[0];
                column[..rows].fill(decision);
            }
        }
        if self.same_columns {
            let (first, others) = factors.split_at_mut(stride);
            others.chunks_exact_mut(stride).for_each(|column| column.copy_from_slice(first));
        }
    }

    /// [`draw`](Mask::draw) for the rows of all ranks; the decisions for the rows of this rank are kept.
    pub(crate) fn draw_part<T: Scalar>(
        &self,
        part: &RankRows<'_>,
        noise: Noise,
        stride: usize,
        kept: T,
        factors: &mut [T],
    ) {
        let bound = (self.rate * 4_294_967_296.0) as u64;
        let mut random: Random = noise.with_seed(self.seed).stream();
        let decision = |draw: u64| if draw >= bound { kept } else { T::zero() };
        let decided_rows = if self.same_rows { part.total.min(1) } else { part.total };
        let decided_columns = if self.same_columns { 1 } else { self.columns };
        for column in factors.chunks_mut(stride).take(decided_columns) {
            for first in (0..decided_rows).step_by(2) {
                let bits = random.next_u64();
                if self.same_rows {
                    column[..part.rows].fill(decision(bits >> 32));
                    continue;
                }
                for (row, draw) in (first..decided_rows).zip([bits >> 32, bits & 0xffff_ffff]) {
                    if let Some(own) = part.own(row) {
                        column[own] = decision(draw);
                    }
                }
            }
        }
        if self.same_columns {
            let (first, others) = factors.split_at_mut(stride);
            others.chunks_exact_mut(stride).for_each(|column| column.copy_from_slice(first));
        }
    }
}

/// `to = from·factors`, sample by sample.
pub(crate) fn multiply<T: Scalar>(from: Batch<'_, T>, factors: &[T], to: &mut BatchMut<'_, T>) {
    for (j, factors) in factors.chunks(from.stride()).enumerate() {
        for ((to, &from), &factor) in to.column_mut(j).iter_mut().zip(from.column(j)).zip(factors) {
            *to = from * factor;
        }
    }
}
