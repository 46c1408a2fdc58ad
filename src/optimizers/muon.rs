use super::adam::AdamUpdate;
use super::arithmetic::add_multiple::AddMultiple;
use super::arithmetic::scale::Scale;
use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::stored::{Extent, Stored};
use super::{IntoLearningRate, LearningRate, Optimizer, Part, Settings, Step};
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::matmul::Epilogue;
use crate::kernels::matmul::StridedMatrix;
use crate::kernels::matmul::packed::{self, MatrixProduct};
use crate::kernels::{Element, Simd, sums};
use crate::lists::joined;
use crate::variables::Variable;

item! {
    /// Muon: moves matrices along their orthogonalized momentum, and everything else by AdamW.
    ///
    /// ```text
    /// m ← μ·m + g        x = g + μ·m (Nesterov) or m,   scaled to ‖x‖ = 1
    /// ns_steps times:    A = x·xᵀ,   x ← a·x + (b·A + c·A²)·x
    /// w ← w − α·rms_rate·√max(rows, columns)·x
    /// ```
    ///
    /// A variable is moved by AdamW, with a learning rate of `adam_lr_ratio·α` and a decay of
    /// `adam_weight_decay`, if it is no matrix, if its path contains one of the strings of `exclude_layers` (Keras
    /// reads them as regular expressions), or if it is an embedding and `exclude_embeddings` holds. The output
    /// layer should be excluded.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let muon = Muon.exclude_layers(["output"]);
    /// ```
    ///
    /// # References
    ///
    /// K. Jordan et al., *Muon: an optimizer for hidden layers in neural networks*, 2024.
    /// J. Liu et al., *Muon is scalable for LLM training*, 2025.
    /// Keras: `keras.optimizers.Muon`.
    pub struct Muon: "Muon" with settings: Settings [Settings::decaying(0.004)] {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁ of AdamW.
        adam_beta_1: f64 [in 0..1] = 0.9,
        /// β₂ of AdamW.
        adam_beta_2: f64 [in 0..1] = 0.999,
        /// The weight decay of AdamW; with the field `None` there is none.
        adam_weight_decay: Option<f64> [at least 0] = Some(0.004),
        /// ε of AdamW.
        epsilon: f64 [at least 0] = 1e-7,
        /// Strings in the paths of variables that AdamW moves.
        exclude_layers: Vec<String> = Vec::new(),
        /// Whether AdamW moves the variables with `embedding` in their paths.
        exclude_embeddings: bool = true,
        /// The coefficient a of the iteration.
        muon_a: f64 [finite] = 3.4445,
        /// The coefficient b of the iteration.
        muon_b: f64 [finite] = -4.775,
        /// The coefficient c of the iteration.
        muon_c: f64 [finite] = 2.0315,
        /// The learning rate of AdamW as a multiple of α.
        adam_lr_ratio: f64 [at least 0] = 1.0,
        /// μ, the fraction of the momentum that each step keeps.
        momentum: f64 [in 0..1] = 0.95,
        /// The number of iterations in each step.
        ns_steps: usize = 5,
        /// Whether to look ahead along the momentum.
        nesterov: bool = true,
        /// The root mean square of an update as a multiple of α; with the field `None` updates stay as they are.
        rms_rate: Option<f64> [finite] = Some(0.2),
    }
}

impl Muon {
    /// Whether AdamW moves a variable.
    fn leaves_to_adamw(&self, variable: &Variable) -> bool {
        variable.shape.vector
            || self.exclude_embeddings && is_embedding(&variable.path)
            || self.exclude_layers.iter().any(|part| variable.path.contains(part))
    }

    /// Moves a matrix.
    fn update<T: Scalar>(&self, part: Part<'_, T, 2>, learning_rate: f64) {
        let Shape { rows, columns, .. } = part.variable.shape;
        let (x, rest) = part.scratch.split_at_mut(rows * columns);
        let [momentum, _] = part.slots;
        let rule = MuonMomentum { keep: self.momentum, nesterov: self.nesterov };
        lanewise::update(&Flushed::new::<T>(rule, None), [part.gradients], [&mut *x, momentum]);
        let norm = sums::squares(x).sqrt() + 1e-7;
        lanewise::update(&Scale { factor: 1.0 / norm }, [], [&mut *x]);
        for _ in 0..self.ns_steps {
            self.iterate(x, rows, columns, rest);
        }
        let size = self.rms_rate.map_or(1.0, |rate| rate * (rows.max(columns) as f64).sqrt());
        lanewise::update(&AddMultiple { factor: -learning_rate * size }, [&*x], [part.weights]);
    }

    /// Takes one step of the Newton–Schulz iteration; `rest` holds another matrix of the size of `x` and two squares.
    fn iterate<T: Scalar>(&self, x: &mut [T], rows: usize, columns: usize, rest: &mut [T]) {
        // The shorter side makes the smaller squares: a tall matrix is taken as its transpose.
        let side = rows.min(columns);
        let (product, rest) = rest.split_at_mut(rows * columns);
        let (square, rest) = rest.split_at_mut(side * side);
        let fourth = &mut rest[..side * side];
        let by_rows = StridedMatrix { data: &*x, row_stride: columns, column_stride: 1 };
        let by_columns = StridedMatrix { data: &*x, row_stride: 1, column_stride: columns };
        let (wide, high) = if rows > columns { (by_columns, by_rows) } else { (by_rows, by_columns) };
        let other = rows.max(columns);
        multiply([side, other, side], wide, high, square);
        // Squares are symmetric, so storage by rows and by columns is the same.
        let symmetric = |data| StridedMatrix { data, row_stride: side, column_stride: 1 };
        multiply([side, side, side], symmetric(square), symmetric(square), fourth);
        lanewise::update(&Combine { factor_y: self.muon_c, factor_x: self.muon_b }, [&*square], [&mut *fourth]);
        if rows > columns {
            multiply([side, side, other], symmetric(fourth), wide, product);
        } else {
            multiply([other, side, side], high, symmetric(fourth), product);
        }
        lanewise::update(&Combine { factor_y: self.muon_a, factor_x: 1.0 }, [&*product], [x]);
    }
}

/// Whether a path contains the word in any case; looked up in every step, so without a lower-case copy.
fn is_embedding(path: &str) -> bool {
    const WORD: &[u8] = b"embedding";
    path.as_bytes().windows(WORD.len()).any(|part| part.eq_ignore_ascii_case(WORD))
}

/// `c = a·b`, column by column.
fn multiply<T: Scalar>(sizes: [usize; 3], a: StridedMatrix<'_, T>, b: StridedMatrix<'_, T>, c: &mut [T]) {
    packed::multiply(MatrixProduct {
        sizes,
        a,
        b,
        c,
        stride: sizes[0],
        bias: None,
        epilogue: Epilogue::Linear,
        relu_mask: None,
        row_sums: None,
    });
}

/// The matrix to be made orthogonal, and new momentum.
struct MuonMomentum {
    keep: f64,
    nesterov: bool,
}

impl<T: Element> Lanewise<T, 3, 2> for MuonMomentum {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, _, m]: [S::V; 3]) -> [S::V; 2] {
        let keep = s.literal(self.keep);
        let m = s.mul_add(m, keep, g);
        [if self.nesterov { s.mul_add(m, keep, g) } else { m }, m]
    }
}

/// `factor_y·y + factor_x·x`.
struct Combine {
    factor_y: f64,
    factor_x: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Combine {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x, y]: [S::V; 2]) -> [S::V; 1] {
        [s.mul_add(x, s.literal(self.factor_x), s.mul(y, s.literal(self.factor_y)))]
    }
}

impl<T: Scalar> Optimizer<T> for Muon {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum", "velocity"]
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn scratch(&self, shape: Shape) -> usize {
        let side = shape.rows.min(shape.columns);
        if shape.vector { 0 } else { 2 * (shape.count() + side * side) }
    }

    fn decay_of(&self, variable: &Variable) -> Option<f64> {
        if self.leaves_to_adamw(variable) { self.adam_weight_decay } else { self.settings.weight_decay }
    }

    fn stored_slots(&self, variables: &[&Variable]) -> Vec<Stored> {
        let slots = |variable: &Variable| if self.leaves_to_adamw(variable) { 0..2 } else { 0..1 };
        let each = |(place, variable): (usize, &&Variable)| {
            slots(variable).map(|slot| Stored { variable: place, extent: Extent::Whole(slot) }).collect()
        };
        joined(variables.iter().enumerate(), each)
    }

    fn step(&self, step: Step<'_, T>) {
        let rate = step.learning_rate;
        let betas = [self.adam_beta_1, self.adam_beta_2];
        let adam = AdamUpdate::new(rate * self.adam_lr_ratio, step.iteration, betas, self.epsilon);
        step.each(|part| {
            if self.leaves_to_adamw(part.variable) {
                let [m, v] = part.slots;
                lanewise::update(&adam.flushed::<T>(), [part.gradients], [part.weights, m, v]);
            } else {
                self.update(part, rate);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::OptimizerState;
    use nalgebra::DMatrix;
    use std::sync::Arc;

    #[test]
    fn updates_of_tall_and_wide_matrices_have_singular_values_near_one() -> crate::Result<()> {
        for (rows, columns) in [(7, 3), (3, 7), (4, 4), (5, 1)] {
            let table = Variable::table([("dense/kernel", Shape::matrix(rows, columns))]);
            let mut weights = vec![0.0f64; rows * columns];
            // The diagonal keeps the matrix well away from a singular one.
            let value = |i: usize| if i / columns == i % columns { 3.0 } else { ((i * i) as f64).sin() };
            let gradients: Vec<f64> = (0..rows * columns).map(value).collect();
            let muon = Muon { rms_rate: None, ..Muon.learning_rate(1.0) };
            OptimizerState::new(Arc::new(muon), &table, &weights)?.apply(&mut weights, &gradients)?;
            let values = DMatrix::from_row_slice(rows, columns, &weights).singular_values();
            assert!(values.iter().all(|value| (0.6..1.3).contains(value)), "{rows} × {columns}: {values}");
        }
        Ok(())
    }
}
