//! The fit of a target to blocks of rows.

use super::super::class_weight::ClassRows;
use super::super::{Target, Task};
use super::columns::flags;
use super::labels::{ascending, distinct};
use super::state::FittedTarget;
use crate::Result;
use crate::lists::try_map;
use crate::preprocessing::{Column, Table, Value};
use crate::sorting;
use crate::statistics::{Extremes, Moments};

/// The labels, or the statistics of the columns of numbers, learned so far.
pub(in super::super) type TargetState = (Vec<(Value, ClassRows)>, Vec<Option<(Extremes, Moments)>>);

/// Learns a target from blocks of rows: the labels from all of them, the distribution of numbers from those of the training.
pub(in super::super) struct BlockwiseTarget<'a> {
    target: &'a Target,
    /// The labels in the order in which they were met, with their training rows.
    labels: Vec<(Value, ClassRows)>,
    /// The statistics of each column of numbers.
    numbers: Vec<Option<(Extremes, Moments)>>,
}

impl<'a> BlockwiseTarget<'a> {
    pub(in super::super) fn new(target: &'a Target) -> Result<Self> {
        target.check()?;
        let numbers = if target.task.is_regression() { vec![None; target.columns.len()] } else { Vec::new() };
        Ok(BlockwiseTarget { target, labels: Vec::new(), numbers })
    }

    /// Learns from the target's columns of a block; some of its rows are training rows, with weights.
    pub(in super::super) fn update(&mut self, block: &Table, train: &Table, weights: Option<&[f64]>) -> Result<()> {
        match self.target.task {
            Task::Binary | Task::Multiclass => self.add_classes(block, train, weights),
            Task::Multilabel => self.target.columns.iter().try_for_each(|name| flags(block, name).map(drop)),
            Task::Regression | Task::MultiRegression => {
                for (name, known) in self.target.columns.iter().zip(&mut self.numbers) {
                    let (range, moments) = self.target.moments(train, name)?;
                    *known = Some(match known.take() {
                        Some(before) => (before.0.merge(&range), before.1.merge(&moments)),
                        None => (range, moments),
                    });
                }
                Ok(())
            }
        }
    }

    fn add_classes(&mut self, block: &Table, train: &Table, weights: Option<&[f64]>) -> Result<()> {
        let labels = distinct(block, &self.target.columns[0])?;
        let known = |label: &Value| self.labels.iter().position(|(known, _)| known == label);
        let mut places: Vec<Option<usize>> = labels.iter().map(known).collect();
        for (label, place) in labels.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
            *place = Some(self.labels.len());
            self.labels.push((label.clone(), ClassRows::default()));
        }
        let of_block = FittedTarget { target: self.target.clone(), labels, numbers: Vec::new() };
        for (row, class) in of_block.classes(train)?.into_iter().enumerate() {
            if let Some(place) = places[class] {
                self.labels[place].1.add(weights.map_or(1.0, |weights| weights[row]));
            }
        }
        Ok(())
    }

    /// The learned state, for other ranks.
    pub(in super::super) fn state(&self) -> TargetState {
        (self.labels.clone(), self.numbers.clone())
    }

    /// Replaces the learned state by that of all ranks, in their order.
    pub(in super::super) fn join_states(&mut self, states: Vec<TargetState>) {
        self.labels.clear();
        self.numbers.fill(None);
        for (labels, numbers) in states {
            self.labels.extend(labels);
            for (known, found) in self.numbers.iter_mut().zip(numbers) {
                *known = match (known.take(), found) {
                    (Some(one), Some(other)) => Some((one.0.merge(&other.0), one.1.merge(&other.1))),
                    (one, other) => one.or(other),
                };
            }
        }
    }

    /// The target, and the training rows of each class.
    ///
    /// # Errors
    ///
    /// Also for a class without a training row.
    pub(in super::super) fn finish(self, block: &Table) -> Result<(FittedTarget, Vec<ClassRows>)> {
        let target = self.target;
        let mut fitted = FittedTarget { target: target.clone(), labels: Vec::new(), numbers: Vec::new() };
        if target.task.is_regression() {
            fitted.numbers = try_map(target.columns.iter().zip(self.numbers), |(name, known)| {
                let nothing = || (Extremes::of(&[]), Moments::of(&[]));
                target.number_of(name, known.unwrap_or_else(nothing))
            })?;
        }
        if !target.task.has_classes() {
            return Ok((fitted, Vec::new()));
        }
        let is_integer = matches!(block.column(&target.columns[0])?, Column::Integer(_));
        let known = joined(self.labels, is_integer);
        let labels: Vec<Value> = known.iter().map(|(label, _)| label.clone()).collect();
        fitted.labels = match target.task {
            Task::Binary => target.two(labels)?,
            _ => target.several(labels)?,
        };
        let rows = |label: &Value| {
            known.iter().find(|(known, _)| known == label).map_or_else(ClassRows::default, |(_, rows)| *rows)
        };
        let rows: Vec<ClassRows> = fitted.labels.iter().map(rows).collect();
        match rows.iter().position(|class| class.rows == 0) {
            Some(class) => Err(fitted.without_training_rows(class)),
            None => Ok((fitted, rows)),
        }
    }
}

/// Labels of several blocks in order, without repetitions. Integers are strings if one of them is not exact in `f64`.
fn joined(mut labels: Vec<(Value, ClassRows)>, is_integer: bool) -> Vec<(Value, ClassRows)> {
    if is_integer && labels.iter().any(|(label, _)| matches!(label, Value::String(_))) {
        for (label, _) in &mut labels {
            if let Value::Number(number) = label {
                *label = Value::String((*number as i64).to_string());
            }
        }
    }
    sorting::by(&mut labels, |(a, _), (b, _)| ascending(a, b));
    let mut known: Vec<(Value, ClassRows)> = Vec::with_capacity(labels.len());
    for (label, rows) in labels {
        match known.last_mut() {
            Some((last, of_last)) if *last == label => of_last.join(rows),
            _ => known.push((label, rows)),
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    /// Fits to blocks of this many rows.
    fn over_blocks(target: &Target, table: &Table, rows: usize) -> Result<FittedTarget> {
        let mut accumulator = BlockwiseTarget::new(target)?;
        for start in (0..table.nrows()).step_by(rows) {
            let block = table.take(&(start..(start + rows).min(table.nrows())).collect::<Vec<_>>())?;
            accumulator.update(&block, &block, None)?;
        }
        accumulator.finish(&table.head(0)).map(|(fitted, _)| fitted)
    }

    #[test]
    fn a_fit_over_blocks_equals_a_fit_on_the_table() -> Result<()> {
        let rows = || 0..40i64;
        let table = Table::new()
            .with_strings("word", rows().map(|row| ["c", "a", "b"][row as usize % 3]))?
            .with_integers("id", rows().map(|row| if row > 30 { i64::MAX - row % 2 } else { row % 4 }))?
            .with_booleans("late", rows().map(|row| row > 35))?
            .with_numbers("grade", rows().map(|row| (row % 5) as f64))?
            .with_numbers("price", rows().map(|row| (row * 7 % 11) as f64))?;
        for target in [
            Target::binary("late").positive(false),
            Target::multiclass("word"),
            Target::multiclass("id"),
            Target::multiclass("grade"),
            Target::multilabel(["late"]),
            Target::regression("price").standardize(false).clamp(true),
            Target::multi_regression(["price", "grade"]).standardize(false).log(true),
        ] {
            for size in [1, 7, 40] {
                assert_eq!(over_blocks(&target, &table, size)?, target.fit(&table, None)?, "{target:?}");
            }
        }
        let (whole, blocks) =
            (Target::regression("price").fit(&table, None)?, over_blocks(&Target::regression("price"), &table, 7)?);
        approx::assert_relative_eq!(whole.numbers[0].mean, blocks.numbers[0].mean, max_relative = 1e-14);
        approx::assert_relative_eq!(whole.numbers[0].scale, blocks.numbers[0].scale, max_relative = 1e-14);
        Ok(())
    }

    #[test]
    fn a_class_without_training_rows_and_other_faults_are_errors() -> Result<()> {
        let table = Table::new().with_strings("y", ["a", "a", "b"])?;
        let target = Target::binary("y");
        let mut accumulator = BlockwiseTarget::new(&target)?;
        accumulator.update(&table, &table.head(2), None)?;
        let message = accumulator.finish(&table).map(drop).unwrap_err().to_string();
        assert!(message.contains("\"b\" in rows for validation alone"), "{message}");
        let message = over_blocks(&Target::binary("y"), &table.head(2), 1).unwrap_err().to_string();
        assert!(message.contains("\"a\" in every row"), "{message}");
        assert!(matches!(
            over_blocks(&Target::regression("y"), &table, 1),
            Err(Error::ColumnType { .. } | Error::NotANumber { .. })
        ));
        Ok(())
    }
}
