use super::settings::optimizer;
use super::stored::{Extent, Stored};
use super::{LearningRate, Optimizer, Part, Settings, Step};
use crate::initializers::Shape;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, reduce};
use crate::spec::invalid;
use crate::variables::Variable;
use crate::{Result, Scalar};

optimizer! {
    /// Adafactor: second moments of a matrix from those of its rows and columns, and steps in proportion to the
    /// weights.
    ///
    /// ```text
    /// ρ = min(α, 1/√t)        a = max(ε₂, rms(w))·ρ        β = 1 − t^decay        q = g² + ε₁
    /// matrix:  r ← β·r + (1 − β)·(row means of q)    c ← β·c + (1 − β)·(column means of q)
    ///          v = r·cᵀ/mean(r)
    /// vector:  v ← β·v + (1 − β)·q
    /// u = g/√v        w ← w − a·u/max(1, rms(u)/clip_threshold)
    /// ```
    ///
    /// The learning rate is an upper bound of ρ, whatever `relative_step` says: that is what Keras computes too.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let adafactor = Adafactor.learning_rate(0.05);
    /// ```
    ///
    /// # References
    ///
    /// N. Shazeer and M. Stern, *Adafactor: adaptive learning rates with sublinear memory cost*, ICML 2018.
    /// Keras: `keras.optimizers.Adafactor`.
    pub struct Adafactor: "Adafactor" checked by check_arguments {
        /// α, a number or a schedule; default 0.001.
        learning_rate: LearningRate = LearningRate::Constant(0.001),
        /// The exponent of the decay, at most 0; default −0.8.
        beta_2_decay: f64 = -0.8,
        /// ε₁, above 0; default 1e-30.
        epsilon_1: f64 = 1e-30,
        /// ε₂, at least 0; default 0.001.
        epsilon_2: f64 = 0.001,
        /// The largest root mean square of an update, above 0; default 1.
        clip_threshold: f64 = 1.0,
        /// Kept for Keras's sake, changes nothing; default true.
        relative_step: bool = true,
    }
}

impl Adafactor {
    fn check_arguments(&self) -> Result<()> {
        if !(self.beta_2_decay.is_finite() && self.beta_2_decay <= 0.0) {
            return Err(invalid(self, "beta_2_decay", self.beta_2_decay, "a finite number of at most 0"));
        }
        for (name, value) in [("epsilon_1", self.epsilon_1), ("clip_threshold", self.clip_threshold)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(invalid(self, name, value, "a finite number above 0"));
            }
        }
        super::settings::check_not_negative(self, "epsilon_2", self.epsilon_2)
    }

    /// Moves one variable at `rate` ρ, with `beta` as the share of the old moments.
    fn update<T: Scalar>(&self, part: Part<'_, T, 2>, rate: f64, beta: f64) {
        let Shape { rows, columns, vector } = part.variable.shape;
        let [row_moments, column_moments] = part.slots;
        let (weights, gradients) = (part.weights, part.gradients);
        // They stand at the beginning of the variable's part of the slot.
        let means = &mut column_moments[..columns];
        let update = &mut part.scratch[..weights.len()];
        // A vector is one row, with moments of its own in place of the columns'.
        let mean =
            Mean { keep: beta, take: (1.0 - beta) / if vector { 1.0 } else { rows as f64 }, epsilon: self.epsilon_1 };
        let per_row = gradients.chunks(columns.max(1));
        for (i, row) in per_row.clone().enumerate() {
            let keep = if i == 0 { mean.keep } else { 1.0 };
            lanewise::update(&Mean { keep, ..mean }, [row], [&mut *means]);
        }
        let mut row_mean = 1.0;
        if !vector {
            for (moment, row) in row_moments.iter_mut().zip(per_row.clone()) {
                let square = reduce::squares(row) / columns as f64 + self.epsilon_1;
                *moment = T::of(beta * moment.to_f64() + (1.0 - beta) * square);
            }
            row_mean = reduce::sum(&row_moments[..rows]) / rows as f64;
        }
        for ((i, row), target) in per_row.enumerate().zip(update.chunks_mut(columns.max(1))) {
            let factor = if vector { 1.0 } else { row_moments[i].to_f64() / row_mean };
            lanewise::apply(&Direction { factor }, [row, &*means], [target]);
        }
        let rms = |values: &[T]| (reduce::squares(values) / values.len() as f64).sqrt();
        let step = self.epsilon_2.max(rms(weights)) * rate / (rms(update) / self.clip_threshold).max(1.0);
        lanewise::update(&Move { step }, [&*update], [weights]);
    }
}

/// `keep·c + take·(g² + ε₁)`
#[derive(Clone, Copy)]
struct Mean {
    keep: f64,
    take: f64,
    epsilon: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Mean {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, c]: [S::V; 2]) -> [S::V; 1] {
        let square = s.fma(g, g, s.literal(self.epsilon));
        [s.fma(square, s.literal(self.take), s.mul(c, s.literal(self.keep)))]
    }
}

/// `g/√(factor·c)`
struct Direction {
    factor: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Direction {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, c]: [S::V; 2]) -> [S::V; 1] {
        [s.div(g, s.sqrt(s.mul(c, s.literal(self.factor))))]
    }
}

struct Move {
    step: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Move {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [u, w]: [S::V; 2]) -> [S::V; 1] {
        [s.fma(u, s.literal(-self.step), w)]
    }
}

impl<T: Scalar> Optimizer<T> for Adafactor {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.shared_settings()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["row", "column"]
    }

    fn scratch(&self, shape: Shape) -> usize {
        shape.count()
    }

    /// Two placeholders and the moments of a vector; the moments of rows, of columns and of all values of a matrix.
    fn stored(&self, variables: &[&Variable]) -> Vec<Stored> {
        let each = |(place, variable): (usize, &&Variable)| {
            let Shape { rows, columns, vector } = variable.shape;
            let extents = match vector {
                true => [Extent::Placeholder, Extent::Placeholder, Extent::Whole(1)],
                false => [Extent::First(0, rows), Extent::First(1, columns), Extent::Product(0, 1)],
            };
            extents.map(|extent| Stored { variable: place, extent })
        };
        variables.iter().enumerate().flat_map(each).collect()
    }

    fn step(&self, step: Step<'_, T>) {
        let t = step.iteration as f64;
        let rate = step.learning_rate.min(1.0 / t.sqrt());
        let beta = 1.0 - t.powf(self.beta_2_decay);
        step.each(|part| {
            if !part.weights.is_empty() {
                self.update(part, rate, beta);
            }
        });
    }
}
