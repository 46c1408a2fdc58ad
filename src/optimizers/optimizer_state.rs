//! The state of an optimizer, and the order of operations in a step.

use super::arithmetic::accumulation;
use super::arithmetic::averaging::Averaging;
use super::arithmetic::clipping::Clipping;
use super::arithmetic::subnormals;
use super::{LearningRate, Optimizer, Settings, Step};
use crate::items::argument::{Argument, in_range};
use crate::items::arguments::SharedArguments;
use crate::items::range::range;
use crate::items::{IntoItem, Item};
use crate::kernels::aligned::Aligned;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::memory::OutOfMemory;
use crate::variables::{Variable, trainable_runs};
use crate::{Error, Result, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// An optimizer with its state (slots, step count) for the variables of a flat weight vector.
///
/// Each model has one; it can also be used without a model, on any function whose gradient is known. A step clips
/// the gradients, lets the weights decay, moves them by the optimizer's rule and averages them, as far as the
/// optimizer's [`Settings`] ask for it.
///
/// ```
/// use perceptra::Variable;
/// use perceptra::initializers::Shape;
/// use perceptra::optimizers::{OptimizerState, SGD};
/// use std::sync::Arc;
///
/// // The minimum of (w₀ − 3)² + (w₁ + 1)².
/// let variables = Variable::table([("w", Shape::vector(2))]);
/// let mut weights = [0.0f64; 2];
/// let mut state = OptimizerState::new(Arc::new(SGD.learning_rate(0.25)), &variables, &weights)?;
/// for _ in 0..60 {
///     let gradients = [2.0 * (weights[0] - 3.0), 2.0 * (weights[1] + 1.0)];
///     state.apply(&mut weights, &gradients)?;
/// }
/// assert!((weights[0] - 3.0).abs() < 1e-12 && (weights[1] + 1.0).abs() < 1e-12);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct OptimizerState<T: Scalar> {
    optimizer: Arc<dyn Optimizer<T>>,
    settings: Settings,
    clipping: Clipping,
    averaging: Option<Averaging>,
    pub(crate) learning_rate: LearningRate,
    /// Steps taken so far.
    pub(crate) iterations: u64,
    /// Epochs finished so far, over all fits; the position in the streams of random numbers.
    pub(crate) epochs: u64,
    /// Whether the averages and the weights are swapped.
    pub(crate) swapped: bool,
    /// Concatenated vectors of the weights' length: the optimizer's slots, then the weight average if `use_ema`, then the gradient sum
    /// with `gradient_accumulation_steps`.
    pub(crate) slots: Aligned<T>,
    /// The optimizer's single numbers.
    pub(crate) scalars: Vec<f64>,
    pub(crate) gradients: Aligned<T>,
    scratch: Aligned<T>,
    variables: Vec<Variable>,
    /// Maximal runs of adjacent trainable variables: the range of their indices, and the range of their weights.
    runs: Vec<(Range<usize>, Range<usize>)>,
    /// The weight decay coefficients, each with the range of weights that it applies to.
    decays: Vec<(f64, Range<usize>)>,
}

/// Seldom enough that it takes no time, and often enough that few steps compute with subnormal numbers.
const STEPS_BETWEEN_FLUSHES: u64 = 256;

/// `w + factor·w`, where `factor = −learning_rate·decay`.
struct Decay {
    factor: f64,
}

impl<T: Element> Lanewise<T, 1, 1> for Decay {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [w]: [S::V; 1]) -> [S::V; 1] {
        [s.mul_add(w, s.literal(self.factor), w)]
    }
}

impl<T: Scalar> OptimizerState<T> {
    /// A fresh state for variables stored one after another in a vector that now holds `weights`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an argument of the optimizer out of its range, or variables that do not fill the
    /// vector; [`Error::Unknown`] if the optimizer is an unknown name; [`Error::OutOfMemory`] if slots, gradients or scratch cannot be allocated.
    pub fn new<M>(
        optimizer: impl IntoItem<dyn Optimizer<T>, M>,
        variables: &[Variable],
        weights: &[T],
    ) -> Result<Self> {
        T::optimizer_state(optimizer.into_item(), variables, weights)
    }

    pub(crate) fn of_item(optimizer: Item<dyn Optimizer<T>>, variables: &[Variable], weights: &[T]) -> Result<Self> {
        let optimizer = checked(&optimizer)?;
        check_table(variables, weights.len())?;
        let settings = optimizer.settings();
        let length = weights.len();
        let of_rule = optimizer.slots().len();
        let averages = usize::from(settings.use_ema);
        let sums = usize::from(settings.gradient_accumulation_steps.is_some());
        let zeros = |counts: &[usize], purpose: &str| {
            let lack = |lack: OutOfMemory| {
                let item = optimizer.class_name();
                lack.error(item, format!("{purpose} of the model's {length} weights"), "give the layers fewer units")
            };
            Aligned::try_zeros(counts).map_err(lack)
        };
        let mut slots = zeros(&[length, of_rule + averages + sums], "the optimizer slots")?;
        for (slot, values) in slots.chunks_mut(length.max(1)).enumerate() {
            if slot < of_rule {
                optimizer.initialize(slot, weights, values);
            } else if slot < of_rule + averages {
                values.copy_from_slice(weights);
            }
        }
        let scratch = variables.iter().map(|variable| optimizer.scratch(variable.shape)).max().unwrap_or(0);
        let mut state = OptimizerState {
            clipping: Clipping::new(&settings),
            averaging: Averaging::new(&settings),
            settings,
            learning_rate: optimizer.learning_rate(),
            iterations: 0,
            epochs: 0,
            swapped: false,
            slots,
            scalars: optimizer.scalars().iter().map(|(_, value)| *value).collect(),
            gradients: zeros(&[length], "the gradients")?,
            scratch: zeros(&[scratch], "what it computes")?,
            variables: Vec::new(),
            runs: Vec::new(),
            decays: Vec::new(),
            optimizer,
        };
        state.set_trainable_variables(variables);
        Ok(state)
    }

    /// Updates which variables are trainable.
    pub(crate) fn set_trainable_variables(&mut self, variables: &[Variable]) {
        let values = |run: &Range<usize>| variables[run.start].offset..variables[run.end - 1].range().end;
        self.runs = trainable_runs(variables).into_iter().map(|run| (run.clone(), values(&run))).collect();
        self.decays.clear();
        for variable in variables.iter().filter(|variable| variable.trainable) {
            let excluded = self.settings.exclude_from_weight_decay.iter().any(|part| variable.name().contains(part));
            match (self.optimizer.decay_of(variable).filter(|_| !excluded), self.decays.last_mut()) {
                (Some(decay), Some((last, range))) if *last == decay && range.end == variable.offset => {
                    range.end = variable.range().end;
                }
                (Some(decay), _) => self.decays.push((decay, variable.range())),
                (None, _) => {}
            }
        }
        self.variables = variables.to_vec();
    }

    /// The learning rate of the next step.
    pub fn current_rate(&self) -> f64 {
        self.learning_rate.at(self.iterations)
    }

    /// Moves the weights by one step against `gradients`, those of the function to minimize.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if either length differs from that of the weights passed to [`new`](Self::new).
    pub fn apply(&mut self, weights: &mut [T], gradients: &[T]) -> Result<()> {
        for (argument, length) in [("weights", weights.len()), ("gradients", gradients.len())] {
            if length != self.gradients.len() {
                let expected = format!("as many as at first, {}", self.gradients.len());
                return Err(Error::argument(
                    "OptimizerState",
                    argument,
                    format!("a slice of {length} values"),
                    expected,
                ));
            }
        }
        self.gradients.copy_from_slice(gradients);
        self.update_weights(weights);
        Ok(())
    }

    /// Sets the weights to their final values, with `use_ema` their averages, at the end of a fit.
    ///
    /// # Errors
    ///
    /// The errors of [`apply`](OptimizerState::apply).
    pub fn finalize(&mut self, weights: &mut [T]) -> Result<()> {
        if weights.len() != self.gradients.len() {
            let expected = format!("as many as at first, {}", self.gradients.len());
            return Err(Error::argument(
                "OptimizerState",
                "weights",
                format!("a slice of {} values", weights.len()),
                expected,
            ));
        }
        self.apply_averages(weights);
        Ok(())
    }

    /// Performs one step with `self.gradients`, which are overwritten by clipping and accumulation.
    pub(crate) fn update_weights(&mut self, weights: &mut [T]) {
        let learning_rate = self.current_rate();
        let period = self.settings.gradient_accumulation_steps.unwrap_or(1);
        let updates = self.iterations / period;
        if self.accumulate() {
            self.clipping.apply(&mut self.gradients, &self.variables, &self.runs);
            for (decay, range) in &self.decays {
                lanewise::update(&Decay { factor: -decay * learning_rate }, [], [&mut weights[range.clone()]]);
            }
            self.update(weights, learning_rate, updates + 1);
        }
        if let Some(averaging) = self.averaging {
            let average = self.optimizer.slots().len();
            let ranges = self.runs.iter().map(|(_, range)| range.clone());
            averaging.step(weights, slot(&mut self.slots, weights.len(), average), ranges, updates);
        }
        self.iterations += 1;
        if self.iterations.is_multiple_of(STEPS_BETWEEN_FLUSHES) && self.optimizer.flushes_subnormals() {
            subnormals::flush(&mut self.slots);
            for (_, range) in &self.runs {
                subnormals::flush(&mut weights[range.clone()]);
            }
        }
    }

    /// Copies the averages to the weights. Where the two are swapped the weights hold the averages already, so the other copy brings the
    /// stored vector in line.
    pub(crate) fn apply_averages(&mut self, weights: &mut [T]) {
        if self.averaging.is_some() {
            let average = slot(&mut self.slots, weights.len(), self.optimizer.slots().len());
            for (_, range) in &self.runs {
                let (weights, average) = (&mut weights[range.clone()], &mut average[range.clone()]);
                match self.swapped {
                    false => weights.copy_from_slice(average),
                    true => average.copy_from_slice(weights),
                }
            }
            self.swapped = false;
        }
    }

    /// Adds the gradients to the accumulated sum. In the last accumulation step it replaces the gradients by their mean, resets the sum
    /// and returns true: the weights are updated in this step. Without accumulation it only returns true.
    fn accumulate(&mut self) -> bool {
        let Some(steps) = self.settings.gradient_accumulation_steps else {
            return true;
        };
        let complete = (self.iterations + 1).is_multiple_of(steps);
        let index = self.optimizer.slots().len() + usize::from(self.averaging.is_some());
        let sums = slot(&mut self.slots, self.gradients.len(), index);
        for (_, range) in &self.runs {
            let (gradient, sum) = (&mut self.gradients[range.clone()], &mut sums[range.clone()]);
            if complete {
                accumulation::close(gradient, sum, steps);
            } else {
                accumulation::add(gradient, sum);
            }
        }
        complete
    }

    /// Runs the optimizer's rule.
    fn update(&mut self, weights: &mut [T], learning_rate: f64, iteration: u64) {
        let trained = self.runs.iter().map(|(run, _)| run.len()).sum();
        self.optimizer.update_scalars(iteration, trained, &mut self.scalars);
        let length = weights.len();
        let mut first = 0;
        for (run, range) in &self.runs {
            self.optimizer.step(Step {
                learning_rate,
                iteration,
                variables: &self.variables[run.clone()],
                first,
                weights: &mut weights[range.clone()],
                gradients: &self.gradients[range.clone()],
                scalars: &self.scalars,
                scratch: &mut self.scratch,
                slots: &mut self.slots,
                range: range.clone(),
                length,
            });
            first += run.len();
        }
    }
}

/// The parts of the state that a file contains.
impl<T: Scalar> OptimizerState<T> {
    /// The optimizer at work.
    pub(crate) fn optimizer(&self) -> &Arc<dyn Optimizer<T>> {
        &self.optimizer
    }

    fn slot_names(&self) -> Vec<&'static str> {
        let mut names = self.optimizer.slots().to_vec();
        names.extend(self.averaging.map(|_| "average"));
        names.extend(self.settings.gradient_accumulation_steps.map(|_| "accumulated_gradient"));
        names
    }

    /// Every slot with its name.
    pub(crate) fn named_slots(&self) -> impl Iterator<Item = (&'static str, &[T])> {
        self.slot_names().into_iter().zip(self.slots.chunks(self.gradients.len().max(1)))
    }

    /// Every slot with its name, to be overwritten.
    pub(crate) fn named_slots_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut [T])> {
        self.slot_names().into_iter().zip(self.slots.chunks_mut(self.gradients.len().max(1)))
    }

    /// Every single number with its name.
    pub(crate) fn named_scalars(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.optimizer.scalars().iter().zip(&self.scalars).map(|((name, _), value)| (*name, *value))
    }

    /// Every single number with its name, to be overwritten.
    pub(crate) fn named_scalars_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut f64)> {
        self.optimizer.scalars().iter().zip(&mut self.scalars).map(|((name, _), value)| (*name, value))
    }

    /// Whether the weights are averaged.
    pub(crate) fn averages(&self) -> bool {
        self.averaging.is_some()
    }

    /// Exchanges the trained weights with their averages; nothing where none are kept.
    pub(crate) fn swap_averages(&mut self, weights: &mut [T]) {
        if self.averages() {
            let average = slot(&mut self.slots, weights.len(), self.optimizer.slots().len());
            for (_, range) in &self.runs {
                weights[range.clone()].swap_with_slice(&mut average[range.clone()]);
            }
            self.swapped = !self.swapped;
        }
    }
}

/// One of several vectors stored one after another.
fn slot<T>(slots: &mut [T], length: usize, index: usize) -> &mut [T] {
    &mut slots[index * length..(index + 1) * length]
}

/// Variables must follow one another without gaps and fill the vector.
fn check_table(variables: &[Variable], length: usize) -> Result<()> {
    let mut end = 0;
    for variable in variables {
        if variable.offset != end {
            let value = format!("a table with {} at {}", variable.path, variable.offset);
            return Err(Error::argument(
                "OptimizerState",
                "variables",
                value,
                format!("offset {end}, where the preceding variable ends"),
            ));
        }
        end = variable.range().end;
    }
    if end == length {
        Ok(())
    } else {
        Err(Error::argument(
            "OptimizerState",
            "variables",
            format!("a table of {end} values"),
            format!("{length}, as the weights have"),
        ))
    }
}

/// The optimizer, once its arguments are in their ranges.
fn checked<T: Scalar>(optimizer: &Item<dyn Optimizer<T>>) -> Result<Arc<dyn Optimizer<T>>> {
    let optimizer = optimizer.checked()?;
    // The crate's optimizers have checked these already; a user-defined one only returns them.
    optimizer.settings().check(&*optimizer)?;
    Argument::check(&optimizer.learning_rate())?;
    in_range(&*optimizer, "learning_rate", &optimizer.learning_rate(), range!(at least 0))?;
    Ok(optimizer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializers::Shape;
    use crate::items::Spec;
    use crate::optimizers::{Adam, SGD};

    fn table() -> Vec<Variable> {
        let shapes = [Shape::matrix(2, 2), Shape::vector(2), Shape::matrix(2, 1), Shape::vector(1)];
        Variable::table(["a/kernel", "a/bias", "b/kernel", "b/bias"].into_iter().zip(shapes))
    }

    /// The weights after steps along the same gradient, from all ones.
    fn after(
        optimizer: impl Optimizer<f64> + 'static,
        table: &[Variable],
        gradients: &[f64],
        steps: usize,
    ) -> Vec<f64> {
        let mut weights = vec![1.0; 9];
        let mut optimizer_state = OptimizerState::new(Arc::new(optimizer), table, &weights).unwrap();
        for _ in 0..steps {
            optimizer_state.apply(&mut weights, gradients).unwrap();
        }
        optimizer_state.finalize(&mut weights).unwrap();
        weights
    }

    #[test]
    fn frozen_variables_neither_move_nor_decay_nor_count() {
        let mut table = table();
        table[1].trainable = false;
        table[2].trainable = false;
        // The values at the positions of frozen variables are no gradients.
        let gradients = [3.0, 0.0, 0.0, 0.0, 9e9, 9e9, 9e9, 9e9, 4.0];
        let rate = SGD.learning_rate(0.5).weight_decay(0.2);
        let clipped = after(rate.clone().global_clipnorm(1.0).use_ema(true).ema_momentum(0.0), &table, &gradients, 1);
        let expected = [0.9 - 0.3, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9 - 0.4];
        for (found, expected) in clipped.iter().zip(expected) {
            approx::assert_relative_eq!(*found, expected, max_relative = 1e-14);
        }
        let accumulated = after(rate.clipnorm(1.0).gradient_accumulation_steps(2), &table, &gradients, 2);
        let expected = [0.9 - 0.5, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9 - 0.5];
        for (found, expected) in accumulated.iter().zip(expected) {
            approx::assert_relative_eq!(*found, expected, max_relative = 1e-14);
        }
    }

    #[test]
    fn neighbours_of_equal_decay_decay_together() {
        let ranges = |optimizer: SGD| {
            let optimizer_state = OptimizerState::new(Arc::new(optimizer), &table(), &[0.0f32; 9]).unwrap();
            optimizer_state.decays.into_iter().map(|(_, range)| range).collect::<Vec<_>>()
        };
        assert!(ranges(SGD).is_empty());
        assert_eq!(ranges(SGD.weight_decay(0.1)).as_slice(), std::slice::from_ref(&(0..9)));
        assert_eq!(ranges(SGD.weight_decay(0.1).exclude_from_weight_decay(["bias"])), [0..4, 6..8]);
        // The name of the layer is not the variable's.
        assert_eq!(ranges(SGD.weight_decay(0.1).exclude_from_weight_decay(["a/", "kern"])), [4..6, 8..9]);
    }

    #[test]
    fn a_nan_gradient_stays_nan_through_clipping() {
        let mut gradients = [1.0; 9];
        gradients[3] = f64::NAN;
        assert!(after(SGD.clipnorm(1.0), &table(), &gradients, 1)[..4].iter().all(|w| w.is_nan()));
        assert!(after(SGD.global_clipnorm(1.0), &table(), &gradients, 1).iter().all(|w| w.is_nan()));
        assert!(after(SGD.clipvalue(1.0), &table(), &gradients, 1)[3].is_nan());
    }

    /// Slots and weights after a step along a gradient and 256 along none.
    fn after_a_gradient(optimizer: Arc<dyn Optimizer<f32>>, gradient: f32) -> Vec<f32> {
        let mut weights = vec![0.0; 9];
        let mut state = OptimizerState::new(optimizer, &table(), &weights).unwrap();
        state.apply(&mut weights, &[gradient; 9]).unwrap();
        for _ in 1..STEPS_BETWEEN_FLUSHES {
            state.apply(&mut weights, &[0.0; 9]).unwrap();
        }
        state.apply(&mut weights, &[0.0; 9]).unwrap();
        state.slots.iter().copied().chain(weights).collect()
    }

    #[test]
    fn averages_of_gradients_that_became_zero_do_not_stay_subnormal() {
        use crate::optimizers::{Adadelta, AdamW, Adamax, Lamb, Lion, Muon, Nadam, RMSprop, ScheduleFreeAdamW};
        let optimizers: [Arc<dyn Optimizer<f32>>; 11] = [
            Arc::new(SGD.momentum(0.9).use_ema(true)),
            Arc::new(Adam.amsgrad(true)),
            Arc::new(AdamW.weight_decay(0.5)),
            Arc::new(Adamax),
            Arc::new(Nadam),
            Arc::new(Lion.beta_2(0.9)),
            Arc::new(RMSprop.momentum(0.9).centered(true)),
            Arc::new(Adadelta),
            Arc::new(Lamb),
            Arc::new(Muon.exclude_layers(["a/"])),
            Arc::new(ScheduleFreeAdamW),
        ];
        for optimizer in optimizers {
            let name = optimizer.class_name();
            let values = after_a_gradient(optimizer, 1e-36);
            assert!(!values.iter().any(|value| value.is_subnormal()), "{name}: {values:?}");
        }
    }

    #[test]
    fn slots_that_decay_in_every_step_are_never_subnormal() {
        use crate::optimizers::{Adadelta, AdamW, Adamax, Lamb, Lion, Muon, Nadam, RMSprop};
        let optimizers: [(Arc<dyn Optimizer<f32>>, f32); 11] = [
            (Arc::new(SGD.momentum(0.9)), 1e-28),
            (Arc::new(Adam), 1e-28),
            (Arc::new(Adam.amsgrad(true).epsilon(1e-8)), 1e-28),
            (Arc::new(AdamW), 1e-28),
            (Arc::new(Adamax), 1e-28),
            (Arc::new(Nadam), 1e-28),
            (Arc::new(Lion.beta_2(0.9)), 1e-28),
            (Arc::new(RMSprop.momentum(0.9).centered(true)), 1e-14),
            (Arc::new(Adadelta.rho(0.9)), 1e-14),
            (Arc::new(Lamb), 1e-28),
            (Arc::new(Muon.momentum(0.9).exclude_layers(["a/"])), 1e-28),
        ];
        for (optimizer, gradient) in optimizers {
            let name = optimizer.class_name();
            let mut weights = [0.5f32; 9];
            let mut state = OptimizerState::new(optimizer, &table(), &weights).unwrap();
            state.apply(&mut weights, &[gradient; 9]).unwrap();
            assert!(state.slots.iter().any(|value| *value != 0.0), "{name}");
            for _ in 2..STEPS_BETWEEN_FLUSHES {
                state.apply(&mut weights, &[0.0; 9]).unwrap();
                assert!(!state.slots.iter().any(|value| value.is_subnormal()), "{name}: {:?}", &state.slots[..]);
            }
        }
    }

    #[test]
    fn a_mean_square_that_became_zero_is_not_below_the_squared_mean() {
        use crate::optimizers::RMSprop;
        for momentum in [0.0, 0.9] {
            let optimizer = RMSprop.centered(true).epsilon_in_root(false).momentum(momentum);
            let mut weights = [0.5f32; 9];
            let mut state = OptimizerState::new(optimizer, &table(), &weights).unwrap();
            for step in 0..200 {
                state.apply(&mut weights, &[1e-17 * (1.0 + 0.25 * (step % 3) as f32); 9]).unwrap();
                assert!(weights.iter().all(|weight| weight.is_finite()), "{momentum} {step}");
            }
        }
    }

    #[test]
    fn without_an_epsilon_nothing_is_divided_by_zero() {
        assert!(after_a_gradient(Arc::new(Adam.epsilon(0.0)), 1e-21).iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_user_defined_optimizer_has_the_settings_it_returns() {
        #[derive(Debug)]
        struct Signs;
        impl Spec for Signs {}
        impl Optimizer<f64> for Signs {
            fn learning_rate(&self) -> LearningRate {
                1.0.into()
            }
            fn step(&self, step: Step<'_, f64>) {
                for (w, g) in step.weights.iter_mut().zip(step.gradients) {
                    *w -= g.signum();
                }
            }
            fn settings(&self) -> Settings {
                Settings { weight_decay: Some(0.5), gradient_accumulation_steps: Some(3), ..Settings::default() }
            }
        }
        assert_eq!(after(Signs, &table(), &[1.0; 9], 2), [1.0; 9]);
        assert_eq!(after(Signs, &table(), &[1.0; 9], 3), [-0.5; 9]);
    }

    #[test]
    fn lengths_and_tables_that_do_not_fit_are_refused() {
        let new = |table: &[Variable], length: usize| {
            OptimizerState::<f32>::new(Arc::new(Adam), table, &vec![0.0; length]).map(|_| ())
        };
        assert!(new(&table(), 9).is_ok());
        assert!(new(&table(), 10).is_err());
        assert!(new(&table()[1..], 9).is_err());
        let mut optimizer_state = OptimizerState::<f32>::new(Arc::new(Adam), &table(), &[0.0; 9]).unwrap();
        assert!(optimizer_state.apply(&mut [0.0; 9], &[0.0; 8]).is_err());
        assert!(optimizer_state.apply(&mut [0.0; 8], &[0.0; 9]).is_err());
        assert!(optimizer_state.finalize(&mut [0.0; 8]).is_err());
        assert!(OptimizerState::<f32>::new("adamm", &table(), &[0.0; 9]).is_err());
    }
}
