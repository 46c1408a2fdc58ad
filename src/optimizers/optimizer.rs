//! The trait of all optimizers.

use super::LearningRate;
use crate::spec::Spec;
use crate::variables::Variable;
use crate::{Result, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// An update rule for the weights.
///
/// All weights of a model lie in one flat vector, the gradients in another, and each slot of the optimizer
/// (a moment, an accumulator) in one more, so a rule is as a rule one loop.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Scalar, optimizers::{LearningRate, Optimizer, Step}, spec::Spec};
///
/// /// `w ← w − rate·sign(g)`
/// #[derive(Debug)]
/// struct SignDescent {
///     rate: f64,
/// }
///
/// impl Spec for SignDescent {}
///
/// impl<T: Scalar> Optimizer<T> for SignDescent {
///     fn learning_rate(&self) -> LearningRate {
///         self.rate.into()
///     }
///
///     fn step(&self, step: Step<'_, T>) {
///         let rate = T::of(step.learning_rate);
///         for (w, &g) in step.weights.iter_mut().zip(step.gradients) {
///             *w -= rate * g.signum();
///         }
///     }
/// }
///
/// let model = Sequential::new()
///     .add(Dense::new(1, Sigmoid))
///     .compile(SignDescent { rate: 1e-3 }, BinaryCrossentropy, metrics![]);
/// ```
pub trait Optimizer<T: Scalar>: Spec {
    /// The learning rate to begin with.
    fn learning_rate(&self) -> LearningRate;

    /// Moves the weights by one step.
    fn step(&self, step: Step<'_, T>);

    /// The names of the vectors it keeps beside the weights, in the order of [`Step::split`].
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }

    /// The value that a slot begins with.
    fn initial_value(&self, slot: usize) -> f64 {
        let _ = slot;
        0.0
    }

    /// What a name stands for; an optimizer that is no name stands for itself.
    #[doc(hidden)]
    fn named(&self) -> Result<Option<Arc<dyn Optimizer<T>>>> {
        Ok(None)
    }
}

/// One step of an optimizer over a run of consecutive trainable variables.
#[derive(Debug)]
pub struct Step<'a, T> {
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// The number of this step, counted from 1.
    pub iteration: u64,
    /// The variables in this run; their offsets count from the start of the flat vector.
    pub variables: &'a [Variable],
    /// The weights of the run.
    pub weights: &'a mut [T],
    /// Their gradients.
    pub gradients: &'a [T],
    /// All slots, one after another, each as long as the whole flat vector.
    pub(crate) slots: &'a mut [T],
    /// Where the run lies in the flat vector.
    pub(crate) range: Range<usize>,
    /// The length of the whole flat vector.
    pub(crate) length: usize,
}

impl<'a, T> Step<'a, T> {
    /// Weights, gradients and the run's part of each slot, in the order of [`Optimizer::slots`].
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
}

/// A shared optimizer, such as one made by its name.
impl<T: Scalar> Optimizer<T> for Arc<dyn Optimizer<T>> {
    fn learning_rate(&self) -> LearningRate {
        (**self).learning_rate()
    }

    fn step(&self, step: Step<'_, T>) {
        (**self).step(step);
    }

    fn named(&self) -> Result<Option<Arc<dyn Optimizer<T>>>> {
        Ok(Some((**self).named()?.unwrap_or_else(|| self.clone())))
    }
}
