//! The order of an optimizer's arrays in a file, which has changed from one Keras to the next.
//!
//! | era | arrays |
//! |---|---|
//! | Keras 3 | steps; learning rate unless it is a schedule; averages of the weights and sums of gradients where they are wanted; slots, as a rule those of a variable side by side; single numbers |
//! | TF-Keras | the same without learning rate and single numbers; momentums of SGD also if there is no momentum |
//! | legacy | steps; single numbers; each slot for all variables |
//! | Keras 2.0 to 2.3 | the same, of some optimizers without steps; placeholders of Adam, momentums of SGD without momentum; Nadam's number from 2.3 on |
//!
//! In all of them an optimizer that has not taken a step has no slots yet.

use super::era::Era;
use super::keras2;
use crate::optimizers::{Extent, LearningRate, OptimizerState, Stored};
use crate::{Scalar, Variable};

/// One array of the state.
#[derive(Debug, Clone, Copy)]
pub(super) enum StateArray {
    /// The steps taken.
    Iterations,
    /// The learning rate.
    LearningRate,
    /// A slot of a variable.
    Slot(Stored),
    /// A single number of the optimizer.
    Scalar(usize),
    /// An array without meaning.
    Ignored,
}

/// The arrays of Keras 3.
pub(super) fn keras_3<T: Scalar>(state: &OptimizerState<T>, trained: &[&Variable]) -> Vec<StateArray> {
    let parts = [steps_and_rate(state), shared_slots(state, trained), specific_slots(state, trained), numbers(state)];
    parts.concat()
}

/// The orders that the arrays of an era may have; the first that fits in count and shapes is theirs.
pub(super) fn layouts<T: Scalar>(state: &OptimizerState<T>, trained: &[&Variable], era: Era) -> Vec<Vec<StateArray>> {
    let steps = || vec![StateArray::Iterations];
    let ignored = || vec![StateArray::Ignored; trained.len()];
    match era {
        Era::Keras3 => {
            let first = steps_and_rate(state);
            let mut layouts = vec![keras_3(state, trained), first.clone()];
            if !numbers(state).is_empty() {
                // Keras 3.0 and 3.1 made the single numbers first.
                let slots = [shared_slots(state, trained), specific_slots(state, trained)].concat();
                layouts.push([first, numbers(state), slots].concat());
            }
            layouts
        }
        Era::TfKeras => {
            let is_kept =
                |part: &StateArray| !matches!(part, StateArray::Slot(Stored { extent: Extent::Placeholder, .. }));
            let specific = specific_slots(state, trained).into_iter().filter(is_kept).collect();
            let all = [steps(), shared_slots(state, trained), specific].concat();
            vec![all.clone(), steps(), [all, ignored()].concat()]
        }
        // TensorFlow's optimizers also open what the others saved.
        Era::Legacy | Era::Backends => {
            let slots = || by_slot(state, trained);
            vec![
                [steps(), numbers(state), slots()].concat(),
                [steps(), slots()].concat(),
                [steps(), slots(), ignored()].concat(),
                slots(),
                steps(),
            ]
        }
    }
}

fn steps_and_rate<T: Scalar>(state: &OptimizerState<T>) -> Vec<StateArray> {
    match state.optimizer().learning_rate() {
        LearningRate::Constant(_) => vec![StateArray::Iterations, StateArray::LearningRate],
        LearningRate::Schedule(_) => vec![StateArray::Iterations],
    }
}

/// The slots that all optimizers may have; they are after those of the optimizer's rule here, and before them in a file.
fn shared_slots<T: Scalar>(state: &OptimizerState<T>, trained: &[&Variable]) -> Vec<StateArray> {
    let specific = state.optimizer().slots().len();
    let all = state.named_slots().count();
    let of_slot = |slot| (0..trained.len()).map(move |variable| whole(variable, slot));
    (specific..all).flat_map(of_slot).collect()
}

fn specific_slots<T: Scalar>(state: &OptimizerState<T>, trained: &[&Variable]) -> Vec<StateArray> {
    state.optimizer().stored_slots(trained).into_iter().map(StateArray::Slot).collect()
}

fn numbers<T: Scalar>(state: &OptimizerState<T>) -> Vec<StateArray> {
    (0..state.optimizer().scalars().len()).map(StateArray::Scalar).collect()
}

/// The slots of the optimizer's rule as they were up to TensorFlow 2.10.
fn by_slot<T: Scalar>(state: &OptimizerState<T>, trained: &[&Variable]) -> Vec<StateArray> {
    if keras2::slots_by_variable(&state.optimizer().class_name()) {
        return specific_slots(state, trained);
    }
    let slots = 0..state.optimizer().slots().len();
    slots.flat_map(|slot| (0..trained.len()).map(move |variable| whole(variable, slot))).collect()
}

fn whole(variable: usize, slot: usize) -> StateArray {
    StateArray::Slot(Stored { variable, extent: Extent::Whole(slot) })
}
