use super::forms::affine::{Affine, affine, factor, offset};
use crate::constraints::{Constraint, NonNeg};
use crate::initializers::{Initializer, Ones, Shape, Zeros};
use crate::items::{Item, Spec, item};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, moments, sums};
use crate::layers::layer::options;
use crate::layers::monotone_checks::check_unconstrained;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, Parameter, RankRows, TrainPass};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// Normalizes each column over the batch: `y = gamma·(x − mean)/√(variance + epsilon) + beta`.
    ///
    /// (batch, columns) to (batch, columns). In training mean and variance (divided by the batch size) are the
    /// batch's, and the moving averages are updated: `moving = momentum·moving + (1 − momentum)·batch`. In prediction, and in
    /// training while the layer is frozen, the moving averages are used. In a [distributed](crate::distributed) fit that sums
    /// gradients in every step, the batch consists of the rows of all ranks.
    ///
    /// Variables: `gamma`, `beta`; state: `moving_mean`, `moving_variance`, each (columns).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::BatchNormalization;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(12, Linear).use_bias(false))
    ///     .add(BatchNormalization::new().momentum(0.9))
    ///     .add(Dense::new(1, Sigmoid));
    /// assert_eq!(model.build(4)?.count_params(), 4 * 12 + 4 * 12 + 13);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// S. Ioffe and C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
    /// covariate shift*, ICML 2015. Keras: `keras.layers.BatchNormalization`.
    pub struct BatchNormalization<T>: "BatchNormalization" () with options: LayerOptions {
        /// The weight of the past in the moving averages.
        momentum: f64 [in 0..=1] = 0.99,
        /// The number that is added to the variance.
        epsilon: f64 [at least 0] = 0.001,
        /// Whether `beta` is added.
        center: bool = true,
        /// Whether `gamma` multiplies.
        scale: bool = true,
        /// The first values of `beta`.
        beta_initializer: Item<dyn Initializer<T>> = Zeros,
        /// The first values of `gamma`.
        gamma_initializer: Item<dyn Initializer<T>> = Ones,
        /// The first values of the moving mean.
        moving_mean_initializer: Item<dyn Initializer<T>> = Zeros,
        /// The first values of the moving variance.
        moving_variance_initializer: Item<dyn Initializer<T>> = Ones,
        /// A penalty on `beta`.
        beta_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// A penalty on `gamma`.
        gamma_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// The set that `beta` is projected onto after every step.
        beta_constraint: Option<Item<dyn Constraint<T>>> = None,
        /// The set that `gamma` is projected onto after every step.
        gamma_constraint: Option<Item<dyn Constraint<T>>> = None,
    }
}

impl<T: Scalar> BatchNormalization<T> {
    /// The number that is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// A layer with `gamma`, `beta` and a momentum of 0.99.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Layer<T> for BatchNormalization<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let shape = Shape::vector(inputs);
        Ok(Box::new(BuiltBatchNormalization {
            columns: inputs,
            momentum: T::of(self.momentum),
            epsilon: T::of(self.epsilon),
            affine: affine!(self, inputs),
            moving: [
                Parameter::state("moving_mean", shape, self.moving_mean_initializer.clone()),
                Parameter::state("moving_variance", shape, self.moving_variance_initializer.clone()),
            ],
        }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        check_unconstrained::<T>(self, "gamma_constraint", self.gamma_constraint.is_some())?;
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone().gamma_constraint(NonNeg))))
    }
}

struct BuiltBatchNormalization<T: Scalar> {
    columns: usize,
    momentum: T,
    epsilon: T,
    affine: Affine<T>,
    moving: [Parameter<T>; 2],
}

/// `(x − mean)·scale + shift`; with the mean folded into the shift, digits cancel if the mean is large compared with the deviation.
struct NormalizeColumn<T> {
    mean: T,
    scale: T,
    shift: T,
}

impl<T: Element> Lanewise<T, 1, 1> for NormalizeColumn<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [s.mul_add(s.sub(x, s.splat(self.mean)), s.splat(self.scale), s.splat(self.shift))]
    }
}

/// `dx = scale·(dy − mean of dy − (x − mean)·projection)`.
struct ColumnGradient<T> {
    scale: T,
    dy_mean: T,
    mean: T,
    projection: T,
}

impl<T: Element> Lanewise<T, 2, 1> for ColumnGradient<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x, dy]: [S::V; 2]) -> [S::V; 1] {
        let along = s.mul(s.sub(x, s.splat(self.mean)), s.splat(self.projection));
        [s.mul(s.splat(self.scale), s.sub(s.sub(dy, s.splat(self.dy_mean)), along))]
    }
}

impl<T: Scalar> BuiltBatchNormalization<T> {
    /// 0 for a column whose values are all equal, also with an epsilon of 0.
    fn inverse_deviation(&self, variance: T) -> T {
        let deviation = (variance + self.epsilon).sqrt();
        if deviation > T::zero() { T::one() / deviation } else { T::zero() }
    }

    /// A moving average after a batch. That of zeros ends at zero, rather than at a subnormal number, with which many processors are
    /// slow.
    fn moved(&self, average: T, batch: T) -> T {
        let moved = average * self.momentum + batch * (T::one() - self.momentum);
        if batch == T::zero() && moved.abs() < T::of(T::MIN_POSITIVE) { T::zero() } else { moved }
    }

    /// Normalizes a column by a mean and an inverse deviation.
    fn normalize(&self, weights: &[T], j: usize, mean: T, inverse: T, x: &[T], y: &mut [T]) {
        let (gamma, beta) = self.affine.split(self.columns, weights);
        let scale = inverse * factor(gamma, j);
        lanewise::apply(&NormalizeColumn { mean, scale, shift: offset(beta, j) }, [x], [y]);
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltBatchNormalization<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        let mut parameters = self.affine.parameters();
        parameters.extend(self.moving.iter().cloned());
        parameters
    }

    /// Mean and inverse deviation of every column.
    fn scratch(&self, _: usize) -> usize {
        2 * self.columns
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let (means, variances) = pass.state.split_at(self.columns);
        for j in 0..self.columns {
            let inverse = self.inverse_deviation(variances[j]);
            self.normalize(pass.weights, j, means[j], inverse, x.column(j), y.column_mut(j));
        }
    }

    fn forward(&self, mut pass: TrainPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if pass.frozen {
            return self.infer(pass.as_inference(), x, y);
        }
        let (moving_means, moving_variances) = pass.state.split_at_mut(self.columns);
        let (means, inverses) = pass.scratch.split_at_mut(self.columns);
        for j in 0..self.columns {
            let (mean, variance) = moments::mean_and_variance(x.column(j));
            moving_means[j] = self.moved(moving_means[j], mean);
            moving_variances[j] = self.moved(moving_variances[j], variance);
            (means[j], inverses[j]) = (mean, self.inverse_deviation(variance));
            self.normalize(pass.weights, j, mean, inverses[j], x.column(j), y.column_mut(j));
        }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        mut dx: Option<BatchMut<'_, T>>,
    ) {
        let (gamma, _) = self.affine.split(self.columns, pass.weights);
        if pass.frozen {
            let Some(mut dx) = dx else { return };
            for j in 0..self.columns {
                let scale = self.inverse_deviation(pass.state[self.columns + j]) * factor(gamma, j);
                lanewise::apply(
                    &NormalizeColumn { mean: T::zero(), scale, shift: T::zero() },
                    [dy.column(j)],
                    [dx.column_mut(j)],
                );
            }
            return;
        }
        let (mut dgamma, mut dbeta) = self.affine.split_mut(self.columns, pass.gradients);
        let (means, inverses) = pass.scratch.split_at(self.columns);
        let inverse_count = T::one() / T::of(x.rows().max(1) as f64);
        for j in 0..self.columns {
            let (x, dy, mean, inverse) = (x.column(j), dy.column(j), means[j], inverses[j]);
            let (sum, along) = moments::gradient_sums(x, mean, dy);
            let along = along * inverse;
            if let Some(dgamma) = &mut dgamma {
                dgamma[j] = along;
            }
            if let Some(dbeta) = &mut dbeta {
                dbeta[j] = sum;
            }
            if let Some(dx) = &mut dx {
                let gradient = ColumnGradient {
                    scale: inverse * factor(gamma, j),
                    dy_mean: sum * inverse_count,
                    mean,
                    projection: along * inverse * inverse_count,
                };
                lanewise::apply(&gradient, [x, dy], [dx.column_mut(j)]);
            }
        }
    }

    /// The mean and the variance are computed over the rows of all ranks.
    fn forward_part(
        &self,
        part: &RankRows<'_>,
        mut pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        mut y: BatchMut<'_, T>,
    ) -> Result<()> {
        if pass.frozen {
            self.infer(pass.as_inference(), x, y);
            return Ok(());
        }
        let inverse_count = T::one() / T::of(part.total.max(1) as f64);
        // As in one process: the second pass corrects the rounding of the first mean.
        let mut means: Vec<T> = (0..self.columns).map(|j| sums::sum(x.column(j))).map(T::of).collect();
        part.sum(&mut means)?;
        means.iter_mut().for_each(|mean| *mean *= inverse_count);
        let mut deviations = vec![T::zero(); 2 * self.columns];
        for ((j, sums), &mean) in deviations.chunks_exact_mut(2).enumerate().zip(&means) {
            for &x in x.column(j) {
                let deviation = x - mean;
                sums[0] += deviation;
                sums[1] += deviation * deviation;
            }
        }
        part.sum(&mut deviations)?;
        let (moving_means, moving_variances) = pass.state.split_at_mut(self.columns);
        let (kept_means, inverses) = pass.scratch.split_at_mut(self.columns);
        for (j, sums) in deviations.chunks_exact(2).enumerate() {
            let correction = sums[0] * inverse_count;
            let mean = means[j] + correction;
            let variance = sums[1] * inverse_count - correction * correction;
            let variance = if variance > T::zero() { variance } else { T::zero() };
            moving_means[j] = self.moved(moving_means[j], mean);
            moving_variances[j] = self.moved(moving_variances[j], variance);
            (kept_means[j], inverses[j]) = (mean, self.inverse_deviation(variance));
            self.normalize(pass.weights, j, mean, inverses[j], x.column(j), y.column_mut(j));
        }
        Ok(())
    }

    fn backward_part(
        &self,
        part: &RankRows<'_>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) -> Result<()> {
        if pass.frozen {
            self.backward(pass, x, y, dy, dx);
            return Ok(());
        }
        let (means, inverses) = pass.scratch.split_at(self.columns);
        let mut sums = Vec::with_capacity(2 * self.columns);
        for j in 0..self.columns {
            let (sum, along) = moments::gradient_sums(x.column(j), means[j], dy.column(j));
            sums.extend([sum, along * inverses[j]]);
        }
        let (mut dgamma, mut dbeta) = self.affine.split_mut(self.columns, pass.gradients);
        for (j, sums) in sums.chunks_exact(2).enumerate() {
            if let Some(dgamma) = &mut dgamma {
                dgamma[j] = sums[1];
            }
            if let Some(dbeta) = &mut dbeta {
                dbeta[j] = sums[0];
            }
        }
        // All ranks take part in the sum, or none: the network is the same on each.
        let Some(mut dx) = dx else { return Ok(()) };
        part.sum(&mut sums)?;
        let (gamma, _) = self.affine.split(self.columns, pass.weights);
        let inverse_count = T::one() / T::of(part.total.max(1) as f64);
        for (j, sums) in sums.chunks_exact(2).enumerate() {
            let gradient = ColumnGradient {
                scale: inverses[j] * factor(gamma, j),
                dy_mean: sums[0] * inverse_count,
                mean: means[j],
                projection: sums[1] * inverses[j] * inverse_count,
            };
            lanewise::apply(&gradient, [x.column(j), dy.column(j)], [dx.column_mut(j)]);
        }
        Ok(())
    }

    fn dependences(&self, weights: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let (gamma, _) = self.affine.split(self.columns, weights);
        let of =
            |(column, input): (usize, &Dependence)| input.then(Dependence::of_factor(factor(gamma, column).to_f64()));
        inputs.iter().enumerate().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::dmatrix;
    use crate::layers::BatchNormalization;
    use crate::prelude::*;

    #[test]
    fn a_large_mean_does_not_cancel() -> crate::Result<()> {
        let x = nalgebra::DMatrix::from_fn(40, 2, |i, j| if j == 0 { 202_401.0 + (i % 12) as f32 } else { 14.62 });
        let mut model = Sequential::new().add(BatchNormalization::new()).compile("sgd", "mse", ());
        model.build(2)?;
        let column: Vec<f64> = x.column(0).iter().map(|x| f64::from(*x)).collect();
        let moments = crate::statistics::Moments::of(&column);
        let (mean, variance) = (moments.mean() as f32, moments.variance() as f32);
        let values = [dmatrix![1.0, 1.0], dmatrix![0.0, 0.5], dmatrix![mean, 14.62], dmatrix![variance, 0.0]];
        model.set_weights("batch_normalization", &values)?;
        let y = model.predict(&x)?;
        for (i, x) in column.iter().enumerate() {
            let exact = (x - f64::from(mean)) / (f64::from(variance) + 1e-3).sqrt();
            assert!((f64::from(y[(i, 0)]) - exact).abs() <= 1e-6 * exact.abs().max(1.0), "{} {exact}", y[(i, 0)]);
            assert_eq!(y[(i, 1)], 0.5);
        }
        Ok(())
    }

    #[test]
    fn averages_of_zeros_end_at_zero() -> crate::Result<()> {
        let mut model = Sequential::new().add(BatchNormalization::new().momentum(0.5)).compile("sgd", "mse", ());
        model.build(1)?;
        let values = [1.0, 0.0, 1e-30, 1e-30].map(|value| dmatrix![value]);
        model.set_weights("batch_normalization", &values)?;
        for _ in 0..100 {
            model.train_on_batch(&dmatrix![0.0; 0.0], &dmatrix![0.0; 0.0])?;
        }
        assert_eq!(model.weights("batch_normalization")?[2..], [dmatrix![0.0], dmatrix![0.0]]);
        Ok(())
    }

    #[test]
    fn a_frozen_layer_predicts_and_keeps_its_averages() -> crate::Result<()> {
        let x = dmatrix![1.0, 10.0; 3.0, 20.0; 5.0, 60.0];
        let y = dmatrix![0.0; 1.0; 1.0];
        let layers = Sequential::new().seed(1).add(BatchNormalization::new()).add(Dense::new(1, Sigmoid));
        let mut model = layers.compile(SGD::default(), BinaryCrossentropy::default(), metrics![]);
        model.build(2)?;
        model.set_trainable("batch_normalization", false)?;
        model.train_on_batch(&x, &y)?;
        let values = model.weights("batch_normalization")?;
        assert_eq!(values[2], dmatrix![0.0, 0.0]);
        assert_eq!(values[3], dmatrix![1.0, 1.0]);
        model.set_trainable("batch_normalization", true)?;
        model.train_on_batch(&x, &y)?;
        let values = model.weights("batch_normalization")?;
        approx::assert_relative_eq!(values[2], dmatrix![0.03, 0.3], max_relative = 1e-5);
        approx::assert_relative_eq!(
            values[3],
            dmatrix![0.99 + 8.0 / 300.0, 0.99 + 1400.0 / 300.0],
            max_relative = 1e-5
        );
        Ok(())
    }
}
