//! The target that an encoder learns from: classes or numbers.

use super::category_counts::in_order;
use super::{Column, ColumnKind, FitInput, Table, Value};
use crate::items::argument::plain;
use crate::items::{Spec, invalid};
use crate::lists::try_map;
use crate::sorting;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The type of the target of a [`TargetEncoder`](struct@super::TargetEncoder).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetType {
    /// Found in the training rows: booleans, at most two distinct strings and at most two distinct whole numbers are binary, more
    /// strings are classes, other numbers are continuous. (In scikit-learn whole numbers are classes.)
    #[default]
    Auto,
    /// Two classes; the last in sorted order counts as 1.
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
    /// Creates it from the only column of the input's target.
    pub(super) fn of(item: &dyn Spec, input: &FitInput<'_>, target_type: TargetType) -> Result<Self> {
        let (target, name) = column_of(item, input)?;
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
        let positive = positive_class(item, name, &classes)?;
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

/// The position of the class that counts as 1 among the classes in ascending order; their number if none of them does.
fn positive_class(item: &dyn Spec, name: &str, classes: &[Value]) -> Result<usize> {
    match classes {
        [_, _] => Ok(1),
        [Value::Number(1.0) | Value::Boolean(true)] => Ok(0),
        [_] => Ok(1),
        more => {
            let value = format!("a column of {} classes, \"{name}\"", more.len());
            let expected = "two classes; for more of them use a TargetEncoder with TargetType::Multiclass, for other numbers \
                            one with TargetType::Continuous";
            Err(invalid(item, "target", value, expected))
        }
    }
}

/// The column of the target.
fn column_of<'a>(item: &dyn Spec, input: &FitInput<'a>) -> Result<(&'a Table, &'a str)> {
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
    Ok((target, name))
}

/// The state of a target after some blocks of rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct BlockTarget {
    target_type: TargetType,
    /// The name and type of the target's column.
    column: Option<(String, ColumnKind)>,
    /// The classes in the order of their first occurrence.
    classes: Vec<Value>,
    /// Whether it may be one of classes; if not, the classes are not complete.
    has_classes: bool,
}

/// The targets of the rows of a block, as far as they are needed.
pub(super) struct BlockTargets<'a> {
    /// The class of each.
    pub(super) classes: Option<Vec<usize>>,
    pub(super) numbers: Option<&'a [f64]>,
}

/// The type of a target, with `Auto` resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LearnedTarget {
    /// 1 for the class at this position in ascending order, which may be after the last, and 0 for the other.
    Binary(usize),
    Classes,
    Continuous,
}

impl BlockTarget {
    pub(super) fn new(target_type: TargetType) -> Self {
        let has_classes = target_type != TargetType::Continuous;
        BlockTarget { target_type, column: None, classes: Vec::new(), has_classes }
    }

    pub(super) fn target_type(&self) -> TargetType {
        self.target_type
    }

    /// Takes a block of rows.
    pub(super) fn take<'a>(&mut self, item: &dyn Spec, input: &FitInput<'a>) -> Result<BlockTargets<'a>> {
        let (target, name) = column_of(item, input)?;
        let kind = ColumnKind::of(target.column(name)?);
        self.has_column(item, name, kind)?;
        let is_numeric = matches!(kind, ColumnKind::Numbers | ColumnKind::Integers | ColumnKind::Dates);
        let numbers = match self.target_type {
            TargetType::Continuous => Some(finite(target, name)?),
            TargetType::Auto if is_numeric => Some(finite(target, name)?),
            _ => None,
        };
        if numbers.is_some_and(|numbers| !has_two_whole(numbers)) {
            self.has_classes = false;
        }
        if !self.has_classes {
            return Ok(BlockTargets { classes: None, numbers });
        }
        let (of_row, found) = classes(target, name)?;
        let places: Vec<usize> = found.into_iter().map(|class| self.place(class)).collect();
        if numbers.is_some() && self.classes.len() > 2 {
            self.has_classes = false;
            return Ok(BlockTargets { classes: None, numbers });
        }
        Ok(BlockTargets { classes: Some(of_row.into_iter().map(|class| places[class]).collect()), numbers })
    }

    /// Takes what another one knows of later rows; the positions among its own classes of those of the other.
    pub(super) fn merge(&mut self, item: &dyn Spec, later: BlockTarget) -> Result<Vec<usize>> {
        if let Some((name, kind)) = &later.column {
            self.has_column(item, name, *kind)?;
        }
        let order = later.classes.into_iter().map(|class| self.place(class)).collect();
        self.has_classes &= later.has_classes;
        if self.target_type == TargetType::Auto && self.classes.len() > 2 {
            let is_number = |class: &Value| matches!(class, Value::Number(_));
            self.has_classes &= !self.classes.iter().all(is_number);
        }
        Ok(order)
    }

    /// Returns the target, its classes in ascending order, and the position at which each was found.
    pub(super) fn learned(self, item: &dyn Spec) -> Result<(LearnedTarget, Vec<Value>, Vec<usize>)> {
        if !self.has_classes {
            return Ok((LearnedTarget::Continuous, Vec::new(), Vec::new()));
        }
        let mut sorted: Vec<(usize, Value)> = self.classes.into_iter().enumerate().collect();
        sorting::by(&mut sorted, |a, b| in_order(&a.1, &b.1));
        let (order, classes): (Vec<usize>, Vec<Value>) = sorted.into_iter().unzip();
        let (name, kind) = self.column.unwrap_or_else(|| (String::new(), ColumnKind::Numbers));
        let is_multiclass = match self.target_type {
            TargetType::Multiclass => true,
            TargetType::Auto => kind == ColumnKind::Strings && classes.len() > 2,
            TargetType::Binary | TargetType::Continuous => false,
        };
        let target = match is_multiclass {
            true => LearnedTarget::Classes,
            false => LearnedTarget::Binary(positive_class(item, &name, &classes)?),
        };
        Ok((target, classes, order))
    }

    /// The column of all blocks.
    fn has_column(&mut self, item: &dyn Spec, name: &str, kind: ColumnKind) -> Result<()> {
        match &self.column {
            Some((known, of_kind)) if known != name || *of_kind != kind => {
                let expected = format!("\"{known}\" of {of_kind:?}, as in the rows before");
                Err(invalid(item, "target", format!("\"{name}\" of {kind:?}"), expected))
            }
            Some(_) => Ok(()),
            None => {
                self.column = Some((name.to_owned(), kind));
                Ok(())
            }
        }
    }

    /// The position of a class, at the end if it is new.
    fn place(&mut self, class: Value) -> usize {
        match self.classes.iter().position(|known| *known == class) {
            Some(place) => place,
            None => {
                self.classes.push(class);
                self.classes.len() - 1
            }
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

/// The distinct numbers, at most two, and whole.
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
