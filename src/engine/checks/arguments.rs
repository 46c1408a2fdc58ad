//! Checks of the caller's arguments, before anything is computed with them.

use crate::as_matrix::AsMatrix;
use crate::kernels::strided_view::StridedView;
use crate::losses::{Loss, Targets};
use crate::{Error, Result, Scalar};

/// Returns an error for NaN and infinity, by row and column.
pub(crate) fn finite<T: Scalar>(what: &'static str, values: &impl AsMatrix<T>) -> Result<()> {
    finite_source(what, &StridedView::new(values.as_matrix()))
}

/// Returns an error for NaN and infinity, by row and column.
#[inline]
pub(crate) fn finite_source<T: Scalar>(what: &'static str, values: &StridedView<'_, T>) -> Result<()> {
    match values.first_not_finite() {
        Some((row, column, value)) => Err(Error::NotFinite { what, row, column, value }),
        None => Ok(()),
    }
}

/// Checks that two arguments with one row per sample have the same number of rows.
pub(crate) fn same_rows(left: (&'static str, usize), right: (&'static str, usize)) -> Result<()> {
    match left.1 == right.1 {
        true => Ok(()),
        false => Err(Error::Rows { left: left.0, left_rows: left.1, right: right.0, right_rows: right.1 }),
    }
}

/// Checks that the loss can be computed from the targets.
pub(crate) fn targets<T: Scalar>(
    what: &'static str,
    y: &StridedView<'_, T>,
    loss: &dyn Loss<T>,
    outputs: usize,
) -> Result<()> {
    finite_source(what, y)?;
    let item = loss.class_name();
    let enough = || match outputs < loss.least_outputs() {
        true => Err(Error::argument(
            item.clone(),
            "outputs",
            outputs,
            "at least 2, one for each class, as of Dense::new(2, Softmax); for one probability take Sigmoid with \
                       BinaryCrossentropy",
        )),
        false => Ok(()),
    };
    match loss.targets() {
        Targets::Classes(ignored) => {
            if y.columns != 1 {
                let advice = format!(
                    "{item} takes one column of class indices; for one column per class use CategoricalCrossentropy"
                );
                return Err(Error::Outputs { what, expected: 1, found: y.columns, advice });
            }
            enough()?;
            let ignored = ignored.map(|class| class as f64);
            let right =
                |value: f64| value >= 0.0 && value < outputs as f64 && value.fract() == 0.0 || Some(value) == ignored;
            let expected = format!(
                "a class index from 0 to {}, one per output of the model; subtract 1 from classes that are counted from 1",
                outputs.max(1) - 1
            );
            each(y, &item, &expected, right)
        }
        rule => {
            if y.columns != outputs {
                let advice = match y.columns {
                    1 => format!(
                        "for class indices use SparseCategoricalCrossentropy, for one-hot targets encode y, else let the last layer have 1 unit ({item} compares column by column)"
                    ),
                    found => format!("let the last layer have {found} units ({item} compares column by column)"),
                };
                return Err(Error::Outputs { what, expected: outputs, found: y.columns, advice });
            }
            enough()?;
            match rule {
                Targets::Between(low, high) => {
                    let expected = format!("a number in [{low}, {high}]");
                    each(y, &item, &expected, |value| (low..=high).contains(&value))
                }
                _ => Ok(()),
            }
        }
    }
}

fn each<T: Scalar>(y: &StridedView<'_, T>, item: &str, expected: &str, right: impl Fn(f64) -> bool) -> Result<()> {
    for row in 0..y.rows {
        for column in 0..y.columns {
            let value = y.at(row, column).to_f64();
            if !right(value) {
                return Err(Error::Target { item: item.into(), row, column, value, expected: expected.into() });
            }
        }
    }
    Ok(())
}

/// Checks that there is one finite weight of at least 0 for each sample, and copies the weights.
pub(crate) fn sample_weights<T: Scalar>(
    what: &'static str,
    weights: Option<&[T]>,
    samples: (&'static str, usize),
) -> Result<Option<Vec<T>>> {
    let Some(weights) = weights else { return Ok(None) };
    same_rows(samples, (what, weights.len()))?;
    match weights.iter().enumerate().find(|(_, weight)| !weight.is_finite() || **weight < T::zero()) {
        None => Ok(Some(weights.to_vec())),
        Some((row, weight)) => Err(Error::SampleWeight { what, row, value: weight.to_f64() }),
    }
}

/// The error for an option that is out of its range.
pub(crate) fn argument(item: &str, argument: &'static str, value: impl ToString, expected: &str) -> Error {
    Error::Argument { item: item.into(), argument, value: value.to_string(), expected: expected.into() }
}

/// Returns an error for 0.
#[inline]
pub(crate) fn at_least_one(item: &str, name: &'static str, value: usize) -> Result<()> {
    if value > 0 { Ok(()) } else { Err(argument(item, name, value, "at least 1")) }
}
