//! Prediction, in blocks of samples.

use super::callback::Callback;
use super::network::Network;
use super::pass::{self, Infer};
use super::workspace::ValueBuffers;
use crate::kernels::aligned::Aligned;
use crate::kernels::strided_view::StridedView;
use crate::kernels::{LANES, padded};
use crate::threads;
use crate::{Batch, BatchMut, Result, Scalar};
use nalgebra::DMatrix;
use std::sync::OnceLock;

/// The number of samples per block: few enough that the activations stay in the second-level cache, and enough that the overhead
/// of the calls is negligible.
pub(crate) const BLOCK: usize = 256;

/// The number of multiplications per thread below which another thread does not pay.
const GRAIN: usize = 1 << 20;

/// Copies samples into a batch.
pub(crate) fn load<T: Scalar>(from: &StridedView<'_, T>, mut to: BatchMut<'_, T>) {
    if let (1, Some(sample)) = (to.stride(), from.first_row()) {
        return to.padded()[..sample.len()].copy_from_slice(sample);
    }
    for j in 0..from.columns {
        let column = to.column_mut(j);
        match from.column(j) {
            Some(values) => column.copy_from_slice(values),
            None => column.iter_mut().enumerate().for_each(|(i, value)| *value = from.at(i, j)),
        }
    }
}

/// The layout of the memory for one block of samples.
#[derive(Clone, Copy)]
struct ColumnLayout {
    stride: usize,
    /// The number of elements of a unit; `values` is that of all values.
    unit: usize,
    values: usize,
    scratch: usize,
}

impl ColumnLayout {
    /// The layout for blocks of `rows` samples. The values of a single sample are contiguous if all layers accept that, which takes a
    /// sixteenth of the memory and avoids arithmetic on the padding between columns.
    fn new<T: Scalar>(network: &Network<T>, rows: usize) -> Self {
        let (stride, scratch) = match network.packed {
            Some(scratch) if rows == 1 => (1, scratch),
            _ => {
                let stride = padded(rows);
                (stride, network.nodes.iter().map(|node| node.built.scratch(stride)).max().unwrap_or(0))
            }
        };
        // Layers may process the single sample in whole vectors.
        let scratch = scratch.checked_next_multiple_of(LANES).unwrap_or(usize::MAX);
        ColumnLayout { stride, unit: network.rolling.unit(stride), values: network.rolling.length(stride), scratch }
    }

    fn length(&self) -> usize {
        self.values.saturating_add(self.scratch)
    }
}

/// Samples to predict, and the columns that their predictions are written to.
struct Job<'a, T> {
    x: StridedView<'a, T>,
    columns: Vec<&'a mut [T]>,
}

impl<'a, T: Scalar> Job<'a, T> {
    /// The first `left` of `parts` parts of the samples, and the others.
    fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let at = threads::boundary(self.x.rows, left, parts).next_multiple_of(BLOCK).min(self.x.rows);
        let (first, second) = (self.x.skip_rows(0, at), self.x.skip_rows(at, self.x.rows - at));
        let (before, after) = self.columns.into_iter().map(|column| column.split_at_mut(at)).unzip();
        (Job { x: first, columns: before }, Job { x: second, columns: after })
    }
}

impl<T: Scalar> Network<T> {
    /// Predicts batch by batch, and calls the callbacks before and after each batch.
    pub(crate) fn run_observed(
        &self,
        x: StridedView<'_, T>,
        block: usize,
        callbacks: &mut [Box<dyn Callback<T> + '_>],
        predictions: &mut DMatrix<T>,
    ) -> Result<()> {
        self.check_input("x", &x)?;
        let mut each = |call: &mut dyn FnMut(&mut (dyn Callback<T> + '_)) -> Result<()>| -> Result<()> {
            callbacks.iter_mut().try_for_each(|callback| call(&mut **callback))
        };
        each(&mut |callback| callback.on_predict_begin(x.rows.div_ceil(block)))?;
        for (batch, start) in (0..x.rows).step_by(block).enumerate() {
            let rows = (x.rows - start).min(block);
            each(&mut |callback| callback.on_predict_batch_begin(batch))?;
            self.blocks(x.skip_rows(start, rows), block, |first, _, output| {
                for j in 0..output.columns() {
                    let at = (first + j) * x.rows + start;
                    predictions.as_mut_slice()[at..at + rows].copy_from_slice(output.column(j));
                }
            })?;
            each(&mut |callback| callback.on_predict_batch_end(batch))?;
        }
        each(&mut |callback| callback.on_predict_end())
    }

    /// Checks the samples and writes their predictions, column by column.
    pub(crate) fn run_into(&self, x: StridedView<'_, T>, block: usize, predictions: &mut [T]) -> Result<()> {
        if let (1, Some(plan)) = (x.rows, &self.row_plan)
            && plan.run(self, &x, predictions)?
        {
            return Ok(());
        }
        self.check_input("x", &x)?;
        let rows = x.rows;
        // One product per weight and sample, and some overhead; only the order of magnitude matters.
        let parts = threads::parts(rows * (self.weights.len() + 16), GRAIN);
        if parts == 1 {
            return self.blocks(x, block, |first, start, output| {
                for j in 0..output.columns() {
                    let at = (first + j) * rows + start;
                    predictions[at..at + output.rows()].copy_from_slice(output.column(j));
                }
            });
        }
        let job = Job { x, columns: predictions.chunks_mut(rows).collect() };
        let failure = OnceLock::new();
        threads::divide(job, parts, &Job::split, &|Job { x, mut columns }| {
            let done = self.blocks(x, block, |first, start, output| {
                for (j, column) in columns[first..][..output.columns()].iter_mut().enumerate() {
                    column[start..start + output.rows()].copy_from_slice(output.column(j));
                }
            });
            if let Err(error) = done {
                let _ = failure.set(error); // another thread has failed before
            }
        });
        failure.into_inner().map_or(Ok(()), Err)
    }

    /// Runs the forward pass block by block, and calls `write` with each output, its first column among the predictions and the first
    /// row of the block.
    fn blocks(
        &self,
        x: StridedView<'_, T>,
        block: usize,
        mut write: impl FnMut(usize, usize, Batch<'_, T>),
    ) -> Result<()> {
        let size = ColumnLayout::new(self, x.rows.min(block));
        T::with_workspace(|memory| {
            if memory.len() < size.length() {
                let lack = |lack| self.lacks(lack, x.rows.min(block));
                *memory = Aligned::try_zeros(&[size.length()]).map_err(lack)?;
            }
            let mut start = 0;
            while start < x.rows {
                let rows = (x.rows - start).min(block);
                let values = self.through(&x.skip_rows(start, rows), memory, size);
                let mut first = 0;
                for &output in &self.outputs {
                    let output = values.value(output);
                    write(first, start, output);
                    first += output.columns();
                }
                start += rows;
            }
            Ok(())
        })
    }

    /// Runs the forward pass over one block.
    fn through<'m>(&'m self, x: &StridedView<'_, T>, memory: &'m mut [T], size: ColumnLayout) -> ValueBuffers<'m, T> {
        let (values, scratch) = memory.split_at_mut(size.values);
        let shape = (x.rows, padded(x.rows).min(size.stride));
        let mut values = ValueBuffers::new(values, &self.rolling, size.unit, shape);
        let mut first = 0;
        for (value, &columns) in self.inputs.iter().enumerate() {
            load(&x.columns_of(first, columns), values.value_mut(value));
            first += columns;
        }
        let mut infer = Infer { weights: &self.weights, state: &self.state, scratch: &mut scratch[..size.scratch] };
        pass::forward(&self.nodes, &mut values, false, &mut infer);
        values
    }
}
