//! One step as an update rule receives it.

use crate::variables::Variable;
use std::ops::Range;

/// One step of an optimizer over a run of consecutive trainable variables.
///
/// A rule that treats all weights equally takes the whole run with [`split`](Step::split); one that needs shapes
/// or norms goes from variable to variable with [`each`](Step::each).
#[derive(Debug)]
pub struct Step<'a, T> {
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// The number of this update, counted from 1.
    pub iteration: u64,
    /// The variables in this run; their offsets count from the start of the flat vector.
    pub variables: &'a [Variable],
    /// The trained variables in the runs before this one.
    pub first: usize,
    /// The weights of the run.
    pub weights: &'a mut [T],
    /// The gradients of the weights.
    pub gradients: &'a [T],
    /// The numbers of [`Optimizer::scalars`](super::Optimizer::scalars).
    pub scalars: &'a [f64],
    /// Workspace for intermediate results, as long as
    /// [`Optimizer::scratch`](super::Optimizer::scratch) requires for the largest variable; its content is arbitrary.
    pub scratch: &'a mut [T],
    /// All slots, one after another, each as long as the whole flat vector.
    pub(crate) slots: &'a mut [T],
    /// The run's range in the flat vector.
    pub(crate) range: Range<usize>,
    /// The length of the whole flat vector.
    pub(crate) length: usize,
}

/// One variable of a step.
#[derive(Debug)]
pub struct Part<'a, T, const N: usize> {
    /// The variable's entry in the table.
    pub variable: &'a Variable,
    /// The variable's weights, row by row.
    pub weights: &'a mut [T],
    /// The gradients of the weights.
    pub gradients: &'a [T],
    /// The variable's part of each slot.
    pub slots: [&'a mut [T]; N],
    /// See [`Step::scratch`].
    pub scratch: &'a mut [T],
}

impl<'a, T> Step<'a, T> {
    /// Weights, gradients and the run's part of each slot, in the order of
    /// [`Optimizer::slots`](super::Optimizer::slots).
    ///
    /// `N` is the number of slots the optimizer has named; any beyond them are empty.
    pub fn split<const N: usize>(self) -> (&'a mut [T], &'a [T], [&'a mut [T]; N]) {
        let mut slots = self.slots.chunks_mut(self.length.max(1));
        let parts = std::array::from_fn(|_| match slots.next() {
            Some(slot) => &mut slot[self.range.clone()],
            None => &mut [],
        });
        (self.weights, self.gradients, parts)
    }

    /// Calls `update` for every variable of the run. `N` is as in [`split`](Step::split).
    pub fn each<const N: usize>(self, mut update: impl FnMut(Part<'_, T, N>)) {
        for variable in self.variables {
            let here = variable.range();
            let within = here.start - self.range.start..here.end - self.range.start;
            let mut slots = self.slots.chunks_mut(self.length.max(1));
            update(Part {
                variable,
                weights: &mut self.weights[within.clone()],
                gradients: &self.gradients[within],
                slots: std::array::from_fn(|_| match slots.next() {
                    Some(slot) => &mut slot[here.clone()],
                    None => &mut [],
                }),
                scratch: &mut *self.scratch,
            });
        }
    }
}
