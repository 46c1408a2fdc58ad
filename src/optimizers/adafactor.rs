use super::arithmetic::add_multiple::AddMultiple;
use super::settings::settings;
use super::stored::{Extent, Stored};
use super::{IntoLearningRate, LearningRate, Optimizer, Part, Settings, Step};
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, sums};
use crate::lists::joined;
use crate::variables::Variable;

item! {
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
    /// The learning rate is an upper bound of ρ for either value of `relative_step`, as in Keras.
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
    pub struct Adafactor: "Adafactor" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// The exponent of the decay.
        beta_2_decay: f64 [at most 0] = -0.8,
        /// ε₁, which is added to the squares.
        epsilon_1: f64 [above 0] = 1e-30,
        /// ε₂, the least scale of a variable's steps.
        epsilon_2: f64 [at least 0] = 0.001,
        /// The largest root mean square of an update.
        clip_threshold: f64 [above 0] = 1.0,
        /// Accepted for compatibility with Keras; has no effect.
        relative_step: bool = true,
    }
}

impl Adafactor {
    /// Moves one variable at `rate` ρ, with `beta` as the fraction of the old moments.
    fn update<T: Scalar>(&self, part: Part<'_, T, 2>, rate: f64, beta: f64) {
        let Shape { rows, columns, vector } = part.variable.shape;
        let [row_moments, column_moments] = part.slots;
        let (weights, gradients) = (part.weights, part.gradients);
        // They are at the beginning of the variable's part of the slot.
        let means = &mut column_moments[..columns];
        let update = &mut part.scratch[..weights.len()];
        // A vector is one row, and the moments of its values are used as those of the columns.
        let mean = ColumnMoments {
            keep: beta,
            take: (1.0 - beta) / if vector { 1.0 } else { rows as f64 },
            epsilon: self.epsilon_1,
        };
        let per_row = gradients.chunks(columns.max(1));
        for (i, row) in per_row.clone().enumerate() {
            let keep = if i == 0 { mean.keep } else { 1.0 };
            lanewise::update(&ColumnMoments { keep, ..mean }, [row], [&mut *means]);
        }
        let mut row_mean = 1.0;
        if !vector {
            for (moment, row) in row_moments.iter_mut().zip(per_row.clone()) {
                let square = sums::squares(row) / columns as f64 + self.epsilon_1;
                *moment = T::of(beta * moment.to_f64() + (1.0 - beta) * square);
            }
            row_mean = sums::sum(&row_moments[..rows]) / rows as f64;
        }
        for ((i, row), target) in per_row.enumerate().zip(update.chunks_mut(columns.max(1))) {
            let factor = if vector { 1.0 } else { row_moments[i].to_f64() / row_mean };
            lanewise::apply(&AdafactorDirection { factor }, [row, &*means], [target]);
        }
        let rms = |values: &[T]| (sums::squares(values) / values.len() as f64).sqrt();
        let step = self.epsilon_2.max(rms(weights)) * rate / (rms(update) / self.clip_threshold).max(1.0);
        lanewise::update(&AddMultiple { factor: -step }, [&*update], [weights]);
    }
}

/// `keep·c + take·(g² + ε₁)`
#[derive(Clone, Copy)]
struct ColumnMoments {
    keep: f64,
    take: f64,
    epsilon: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for ColumnMoments {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, c]: [S::V; 2]) -> [S::V; 1] {
        let square = s.mul_add(g, g, s.literal(self.epsilon));
        [s.mul_add(square, s.literal(self.take), s.mul(c, s.literal(self.keep)))]
    }
}

/// `g/√(factor·c)`
struct AdafactorDirection {
    factor: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for AdafactorDirection {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, c]: [S::V; 2]) -> [S::V; 1] {
        [s.div(g, s.sqrt(s.mul(c, s.literal(self.factor))))]
    }
}

impl<T: Scalar> Optimizer<T> for Adafactor {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["row", "column"]
    }

    fn flushes_subnormals(&self) -> bool {
        // It is part of every moment that a gradient is divided by.
        self.epsilon_1 >= 1e-30
    }

    fn scratch(&self, shape: Shape) -> usize {
        shape.count()
    }

    /// Two placeholders and the moments of a vector; the moments of rows, of columns and of all values of a matrix.
    fn stored_slots(&self, variables: &[&Variable]) -> Vec<Stored> {
        let each = |(place, variable): (usize, &&Variable)| {
            let Shape { rows, columns, vector } = variable.shape;
            let extents = match vector {
                true => [Extent::Placeholder, Extent::Placeholder, Extent::Whole(1)],
                false => [
                    Extent::First { slot: 0, count: rows },
                    Extent::First { slot: 1, count: columns },
                    Extent::Product { rows: 0, columns: 1 },
                ],
            };
            extents.map(|extent| Stored { variable: place, extent }).into()
        };
        joined(variables.iter().enumerate(), each)
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
