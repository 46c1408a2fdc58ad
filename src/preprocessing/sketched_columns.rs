//! Columns of numbers of which quantiles are learned, as a whole or in blocks of rows.

use super::missing_numbers::finite_or_missing;
use super::quantile_sketch::QuantileSketch;
use super::ranked_numbers::{RankedNumbers, SortedNumbers};
use super::scaling::{present_numbers, without_value};
use super::transformer::{FoldedColumns, Folding};
use super::{Accumulator, FitInput, FittedTransformer, Table};
use crate::Result;
use crate::items::Spec;
use crate::lists::try_map;
use std::sync::Arc;

/// Columns by name, each with its numbers that are not missing, of which there is one.
pub(super) type RankedColumns = Vec<(String, RankedNumbers)>;

/// The columns of a table.
pub(super) fn ranked_columns(table: &Table) -> Result<RankedColumns> {
    try_map(table.names().iter(), |name| Ok((name.clone(), RankedNumbers::of(present_numbers(table, name)?))))
}

/// The accumulator of a transformer that learns quantiles; it is finished with the number of rows and their columns.
pub(super) fn sketched(
    item: impl Spec,
    finish: impl FnOnce(usize, RankedColumns) -> Result<Arc<dyn FittedTransformer>> + Send + 'static,
) -> Box<dyn Accumulator> {
    let measure = |input: &FitInput<'_>, name: &str| numbers_of_block(input.columns(), name);
    sketched_numbers(item, measure, finish)
}

/// The accumulator of a transformer that learns quantiles and refuses some numbers.
pub(super) fn sketched_numbers(
    item: impl Spec,
    measure: impl Fn(&FitInput<'_>, &str) -> Result<Vec<f64>> + Send + 'static,
    finish: impl FnOnce(usize, RankedColumns) -> Result<Arc<dyn FittedTransformer>> + Send + 'static,
) -> Box<dyn Accumulator> {
    let folding = Folding { measure: Box::new(measure), add: insert, merge: QuantileSketch::merge };
    FoldedColumns::boxed(item, folding, |rows, columns| finish(rows, try_map(columns, ranked)?))
}

/// The numbers of a block, NaN for missing ones; a block may have none.
pub(super) fn numbers_of_block(table: &Table, name: &str) -> Result<Vec<f64>> {
    Ok(finite_or_missing(table, name)?.into_owned())
}

pub(super) fn insert(sketch: &mut QuantileSketch, numbers: Vec<f64>) {
    numbers.into_iter().for_each(|number| sketch.insert(number));
}

fn ranked((name, sketch): (String, QuantileSketch)) -> Result<(String, RankedNumbers)> {
    let numbers = sketch.ranked();
    if numbers.count() == 0 { Err(without_value(&name)) } else { Ok((name, numbers)) }
}
