//! The trait of all optimizers.

use super::stored::{self, Stored};
use super::{LearningRate, Settings, Step};
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::Spec;
use crate::variables::Variable;

/// An update rule for the weights.
///
/// All weights of a model are stored in one flat vector, the gradients in another, and each slot of the optimizer
/// (a moment, an accumulator) in one more, so most rules are one loop.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Scalar, optimizers::{LearningRate, Optimizer, Step}, items::Spec};
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
    /// The initial learning rate.
    fn learning_rate(&self) -> LearningRate;

    /// Moves the weights by one step.
    fn step(&self, step: Step<'_, T>);

    /// The arguments that all optimizers share: clipping, weight decay, averaging. Defaults to none of them.
    fn settings(&self) -> Settings {
        Settings::default()
    }

    /// The names of the vectors it keeps in addition to the weights, in the order of [`Step::split`].
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }

    /// Writes the first values of a slot, which is zero before; `weights` are the whole flat vector.
    fn initialize(&self, slot: usize, weights: &[T], values: &mut [T]) {
        let _ = (slot, weights, values);
    }

    /// The names and first values of the single numbers it keeps.
    fn scalars(&self) -> &'static [(&'static str, f64)] {
        &[]
    }

    /// Changes the single numbers, once before the runs of update `iteration`, which counts from 1; the runs hold this many
    /// `variables` in all.
    fn update_scalars(&self, iteration: u64, variables: usize, scalars: &mut [f64]) {
        let _ = (iteration, variables, scalars);
    }

    /// The workspace that a step needs for a variable of this shape, see [`Step::scratch`].
    fn scratch(&self, shape: Shape) -> usize {
        let _ = shape;
        0
    }

    /// Whether subnormal numbers in the slots and the weights may be set to zero, which happens after every 256th step: many
    /// processors are slow with them, and averages of gradients that have become zero end there. Defaults to `true`; a rule
    /// that divides by a slot without adding a number to it returns `false`.
    fn flushes_subnormals(&self) -> bool {
        true
    }

    /// The weight decay of a variable that is not excluded; by default that of the settings.
    fn decay_of(&self, variable: &Variable) -> Option<f64> {
        let _ = variable;
        self.settings().weight_decay
    }

    /// The arrays that Keras's files hold of the slots of these trainable variables, in the order of the files. Defaults to
    /// every slot of the first variable, then every slot of the second, and so on.
    ///
    /// A user-defined optimizer that exists in Keras too implements it if its Keras class creates its variables in another
    /// order, for some of the model's variables only, or in other shapes; `variables` are numbered from 0 in
    /// [`Stored::variable`]. Saving to a Keras file fails for an array of a slot or variable that does not exist.
    fn stored_slots(&self, variables: &[&Variable]) -> Vec<Stored> {
        stored::alternating(variables, 0..self.slots().len())
    }
}
