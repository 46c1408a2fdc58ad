//! The target that an encoder learns from: classes or numbers.

use super::{Column, FitInput, Table, Value};
use crate::items::argument::plain;
use crate::items::{Spec, invalid};
use crate::lists::try_map;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// What the target of a [`TargetEncoder`](struct@super::TargetEncoder) is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetType {
    /// Found in the training rows: booleans, at most two distinct strings and at most two distinct whole numbers are binary, more
    /// strings are classes, other numbers are continuous. (In scikit-learn whole numbers are classes.)
    #[default]
    Auto,
    /// Two classes, of which the last in sorted order counts as 1.
    Binary,
    /// Classes, strings or numbers.
    Multiclass,
    /// Numbers.
    Continuous,
}

plain!(TargetType);

/// The target by row.
pub(super) enum EncoderTarget {
    /// 0 or 1, with the classes.
    Binary(Vec<f64>, Vec<Value>),
    /// The places of the classes.
    Classes(Vec<usize>, Vec<Value>),
    Continuous(Vec<f64>),
}

impl EncoderTarget {
    /// Of the one column of the input's target.
    pub(super) fn of(item: &dyn Spec, input: &FitInput<'_>, target_type: TargetType) -> Result<Self> {
        let Some(target) = input.target() else {
            return Err(Error::Empty {
                what: format!("the target of {}", item.class_name()),
                advice: "pass one with FitInput::with_target, or use the encoder in a Pipeline".into(),
            });
        };
        let [name] = target.names() else {
            let value = format!("{} columns: {}", target.ncols(), target.names().join(", "));
            return Err(invalid(item, "target", value, "one column; pass one with FitInput::with_target"));
        };
        if target.nrows() == 0 {
            return Err(Error::Empty { what: "the target".into(), advice: "fit needs at least one row".into() });
        }
        match target_type {
            TargetType::Continuous => Ok(EncoderTarget::Continuous(finite(target, name)?.to_vec())),
            TargetType::Multiclass => {
                let (of_row, classes) = classes(target, name)?;
                Ok(EncoderTarget::Classes(of_row, classes))
            }
            TargetType::Binary => Self::binary(item, target, name),
            TargetType::Auto => match target.column(name)? {
                Column::Boolean(_) => Self::binary(item, target, name),
                Column::String(strings) if strings.counts().len() > 2 => {
                    let (of_row, classes) = classes(target, name)?;
                    Ok(EncoderTarget::Classes(of_row, classes))
                }
                Column::String(_) => Self::binary(item, target, name),
                Column::DateTime(_) => Ok(EncoderTarget::Continuous(finite(target, name)?.to_vec())),
                Column::Number(_) | Column::Integer(_) if has_two_whole(finite(target, name)?) => {
                    Self::binary(item, target, name)
                }
                Column::Number(_) | Column::Integer(_) => Ok(EncoderTarget::Continuous(finite(target, name)?.to_vec())),
            },
        }
    }

    fn binary(item: &dyn Spec, target: &Table, name: &str) -> Result<Self> {
        let (of_row, classes) = classes(target, name)?;
        let positive = match &classes[..] {
            [_, _] => 1,
            [Value::Number(1.0) | Value::Boolean(true)] => 0,
            [_] => 1,
            more => {
                let value = format!("a column of {} classes, \"{name}\"", more.len());
                let expected = "two classes; for more of them use a TargetEncoder with TargetType::Multiclass, for other numbers \
                                one with TargetType::Continuous";
                return Err(invalid(item, "target", value, expected));
            }
        };
        let values = of_row.iter().map(|&class| f64::from(u8::from(class == positive))).collect();
        Ok(EncoderTarget::Binary(values, classes))
    }

    /// The class of each row, by which folds are stratified.
    pub(super) fn strata(&self) -> Option<Vec<usize>> {
        match self {
            EncoderTarget::Binary(values, _) => Some(values.iter().map(|&value| usize::from(value == 1.0)).collect()),
            EncoderTarget::Classes(of_row, _) => Some(of_row.clone()),
            EncoderTarget::Continuous(_) => None,
        }
    }
}

fn finite<'a>(target: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = target.complete_numbers(name)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => {
            Err(Error::InfiniteValue { place: target.place(row), column: name.to_owned(), value: values[row] })
        }
        None => Ok(values),
    }
}

/// At most two distinct numbers, whole ones.
fn has_two_whole(numbers: &[f64]) -> bool {
    let first = numbers.first().copied().unwrap_or_default();
    let second = numbers.iter().copied().find(|&number| number != first).unwrap_or(first);
    numbers.iter().all(|&number| number.fract() == 0.0 && (number == first || number == second))
}

/// The place of each row's class among the sorted classes.
fn classes(target: &Table, name: &str) -> Result<(Vec<usize>, Vec<Value>)> {
    if matches!(target.column(name)?, Column::Number(_)) {
        finite(target, name)?;
    }
    let classes = super::category_counts::CategoryCounts::of(target, name)?.values;
    let known = super::known_values::KnownValues { name, values: &classes, missing: false };
    let places = known.places(target)?.into_iter().enumerate();
    let of_row = try_map(places, |(row, place)| place.ok_or_else(|| known.unknown(target, row)))?;
    Ok((of_row, classes))
}
