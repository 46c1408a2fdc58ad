//! The rows of a source, encoded as input of the networks.

use super::super::FittedTarget;
use super::super::fit::{check_weights, weights_of_rows};
use super::super::fitted_target::ClassForm;
use super::super::receipt::TableReceipt;
use super::validation_rows::ValidationRows;
use crate::batches::{BatchSource, Block, RowShape};
use crate::checksum::crc32c;
use crate::preprocessing::{ColumnTraining, FittedColumnTransformer, Table, TableLayout, TableSource};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Encodes the rows of a source block by block, in every pass.
pub(super) struct EncodedRows<'a> {
    pub(super) source: &'a mut dyn TableSource,
    pub(super) encoding: RowEncoding<'a>,
    /// The number of rows that this pass has returned so far.
    before: usize,
    baseline: Baseline,
}

/// The encoding of rows as features, targets and weights.
#[derive(Clone, Copy)]
pub(super) struct RowEncoding<'a> {
    pub(super) layout: &'a TableLayout,
    pub(super) columns: &'a FittedColumnTransformer,
    /// The encoding of the training rows, where it differs from that of other rows.
    pub(super) training: &'a ColumnTraining,
    pub(super) target: &'a FittedTarget,
    pub(super) form: ClassForm,
    /// The name of the column of the rows' weights.
    pub(super) weights: Option<&'a str>,
    pub(super) class_weight: Option<&'a [f64]>,
    pub(super) validation: ValidationRows,
    /// The number of all rows, their columns and their checksum.
    pub(super) table: TableReceipt,
}

impl RowEncoding<'_> {
    /// Returns the features of the rows of a block; `held_out` states which of them are for validation.
    fn features<T: Scalar>(&self, table: &Table, held_out: &[bool]) -> Result<DMatrix<T>> {
        if !self.training.differs() {
            return self.columns.transform(table);
        }
        let mut x = self.columns.matrix::<T>(table, &self.training.made(table, &table.row_keys())?)?;
        if held_out.contains(&true) {
            let others = self.columns.transform::<T>(table)?;
            for (row, _) in held_out.iter().enumerate().filter(|(_, held_out)| **held_out) {
                x.row_mut(row).copy_from(&others.row(row));
            }
        }
        Ok(x)
    }
}

/// The sum of each feature over the training rows, and their number.
#[derive(Serialize, Deserialize)]
pub(super) struct RowSums {
    #[serde(with = "crate::json_numbers::bits_of_list")]
    sums: Vec<f64>,
    rows: usize,
}

/// Returns the mean over the rows of all processes; `None` if it is not finite.
pub(super) fn mean_of(processes: Vec<RowSums>) -> Option<Vec<f64>> {
    let all = processes.into_iter().reduce(|mut all, other| {
        all.sums.iter_mut().zip(other.sums).for_each(|(sum, more)| *sum += more);
        RowSums { rows: all.rows + other.rows, ..all }
    })?;
    let mean: Vec<f64> = all.sums.iter().map(|sum| sum / all.rows as f64).collect();
    Some(mean).filter(|mean| mean.iter().all(|value| value.is_finite()))
}

/// The sum of each feature over the training rows, added up in the first pass that is read to its end.
#[derive(Debug, Clone)]
struct Baseline {
    sums: Vec<f64>,
    rows: usize,
    is_complete: bool,
}

impl<'a> EncodedRows<'a> {
    pub(super) fn new(source: &'a mut dyn TableSource, encoding: RowEncoding<'a>) -> Self {
        let sums = vec![0.0; encoding.columns.width()];
        EncodedRows { source, encoding, before: 0, baseline: Baseline { sums, rows: 0, is_complete: false } }
    }

    fn begin(&mut self) {
        self.before = 0;
        if !self.baseline.is_complete {
            self.baseline.sums.fill(0.0);
            self.baseline.rows = 0;
        }
    }

    /// Returns the sums over the encoded training rows; reads the source again if no pass has been read to its end.
    pub(super) fn sums<T: Scalar>(&mut self) -> Result<RowSums> {
        if !self.baseline.is_complete {
            let mut block = Block::<T>::new(BatchSource::<T>::shape(self));
            BatchSource::<T>::rewind(self)?;
            while self.next_block(&mut block)? {
                block.clear();
            }
        }
        Ok(RowSums { sums: self.baseline.sums.clone(), rows: self.baseline.rows })
    }

    fn add_to_baseline<T: Scalar>(&mut self, x: &DMatrix<T>, held_out: &[bool]) {
        if self.baseline.is_complete {
            return;
        }
        let is_training = |row: usize| !held_out.get(row).copied().unwrap_or(false);
        for (column, sum) in x.column_iter().zip(&mut self.baseline.sums) {
            let training = column.iter().enumerate().filter(|(row, _)| is_training(*row));
            training.for_each(|(_, value)| *sum += value.to_f64());
        }
        self.baseline.rows += (0..x.nrows()).filter(|row| is_training(*row)).count();
    }
}

impl<T: Scalar> BatchSource<T> for EncodedRows<'_> {
    fn shape(&self) -> RowShape {
        let RowEncoding { columns, target, form, weights, class_weight, .. } = &self.encoding;
        let outputs = if *form == ClassForm::Index { 1 } else { target.outputs() };
        RowShape::new(columns.width(), outputs).weighted(weights.is_some() || class_weight.is_some())
    }

    fn rows(&self) -> Option<usize> {
        Some(self.encoding.table.rows)
    }

    /// Everything on which the encoded rows depend: the values of the table and the encoding.
    fn origin(&self) -> Result<Option<String>> {
        let RowEncoding { columns, target, form, weights, class_weight, validation, table, .. } = &self.encoding;
        let target = serde_json::to_string(target).map_err(|error| Error::configuration("the target", error))?;
        Ok(Some(format!(
            "encoded rows of a table of {table}\ntransformers with the checksum {:08x}\ntarget {target} as {form:?}\nweights {weights:?}\n\
             class weights {class_weight:?}\nvalidation {}\n",
            crc32c(columns.config()?.to_string().as_bytes()),
            validation.fraction
        )))
    }

    fn rewind(&mut self) -> Result<()> {
        self.begin();
        self.source.rewind()
    }

    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        self.begin();
        self.source.rewind_shuffled(seed)
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let Some(read) = self.source.next_table()? else {
            self.baseline.is_complete |= self.baseline.rows > 0;
            return Ok(false);
        };
        let RowEncoding { layout, target, form, weights, class_weight, validation, .. } = self.encoding;
        let table = layout.conform(&read, self.before)?;
        self.before += table.nrows();
        if table.nrows() == 0 {
            return Ok(true);
        }
        let held_out = validation.held_out(&table);
        let x = self.encoding.features::<T>(&table, &held_out)?;
        let y = target.encode::<T>(&table, form)?;
        let weights = match weights {
            Some(name) => {
                check_weights::<T>(name, &table)?;
                Some(table.numbers(name)?.to_vec())
            }
            None => None,
        };
        let weights = match class_weight {
            Some(of_class) => Some(weights_of_rows(of_class, &target.classes(&table)?, weights)),
            None => weights,
        };
        let weights: Option<Vec<T>> = weights.map(|weights| weights.into_iter().map(T::of).collect());
        block.push_matrices(&x, &y, weights.as_deref())?;
        if let Some((file, lines)) = table.file_lines() {
            block.set_lines(&Arc::from(file), &lines.iter().map(|line| u64::from(*line)).collect::<Vec<_>>());
        }
        self.add_to_baseline(&x, &held_out);
        block.set_held_out(held_out);
        Ok(true)
    }
}
