use crate::initializers::{Shape, Zeros};
use crate::items::{Spec, item};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, moments};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, Parameter, TrainPass};
use crate::{Batch, BatchMut, Dependence, Error, Result, Scalar};

item! {
    /// Multiplies each column by a learned factor: `yⱼ = (1 + r·deltaⱼ)·xⱼ`, where `r` is the `learning_rate_factor`.
    ///
    /// (batch, columns) to (batch, columns); `delta` (columns), 0 at first, so that the untrained layer passes its input through. In
    /// front of a network it lets training change the weights of whole columns faster than the kernel of the next layer could.
    ///
    /// The optimizer updates `delta`. An optimizer that divides by the size of the gradient, for example Adam, changes the factors `r`
    /// times as fast as if they were weights themselves; `SGD` changes them `r²` times as fast, since `r` also multiplies the gradient.
    /// Weight decay pulls the factors towards 1, not 0.
    ///
    /// A factor may become negative, so the layer is not supported in a [monotone](crate::pipeline::Pipeline::monotone) network. Keras
    /// does not have it; it can be exported to ONNX, but not to a Keras file.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Scaling;
    ///
    /// let layers = Sequential::new().add(Scaling::new()).add(Dense::new(1, Linear));
    /// let mut model = layers.compile(AdamW.weight_decay(0.01), MeanSquaredError, ());
    /// model.build(2)?;
    /// model.set_weights("scaling", &[dmatrix![0.5, -0.125]])?;
    /// model.set_weights("dense", &[dmatrix![1.0; 1.0], dmatrix![0.0]])?;
    /// assert_eq!(model.predict(&dmatrix![1.0, 0.0; 0.0, 1.0])?, dmatrix![4.0; 0.25]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// D. Holzmüller, L. Grinsztajn and I. Steinwart, *Better by default: strong pre-tuned MLPs and boosted trees on tabular data*,
    /// NeurIPS 2024: the scaling layer of RealMLP.
    pub struct Scaling: "Scaling" () with options: LayerOptions {
        /// `r`, how much faster the factors move.
        learning_rate_factor: f64 [above 0] = 6.0,
    }
}

impl Scaling {
    /// Factors of 1 that move 6 times as fast as a weight.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The factors that these values of `delta` make.
    #[cfg(feature = "onnx")]
    pub(crate) fn factors(&self, delta: &[f64]) -> Vec<f64> {
        delta.iter().map(|delta| factor(self.learning_rate_factor, *delta)).collect()
    }
}

impl<T: Scalar> Layer<T> for Scaling {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        Ok(Box::new(BuiltScaling { columns: inputs, rate: self.learning_rate_factor }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        let reason = "its factors may become negative, which those of a monotone network must not; leave it out, or use \
                      BatchNormalization, whose gamma a monotone network keeps from being negative";
        Err(Error::Layer { layer: self.class_name(), reason: reason.into() })
    }
}

struct BuiltScaling {
    columns: usize,
    rate: f64,
}

/// Computed in `f64` and rounded once, so that a file of another format, which holds the factors, predicts the same.
fn factor<T: Scalar>(rate: f64, delta: T) -> T {
    T::of(1.0 + rate * delta.to_f64())
}

/// A column by its factor.
struct ScaleColumn<T>(T);

impl<T: Element> Lanewise<T, 1, 1> for ScaleColumn<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [s.mul(x, s.splat(self.0))]
    }
}

impl BuiltScaling {
    /// Multiplies each column of `from` by its factor.
    fn scale<T: Scalar>(&self, delta: &[T], from: Batch<'_, T>, mut to: BatchMut<'_, T>) {
        for (j, &delta) in delta.iter().enumerate() {
            lanewise::apply(&ScaleColumn(factor(self.rate, delta)), [from.column(j)], [to.column_mut(j)]);
        }
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltScaling {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        vec![Parameter::weight("delta", Shape::vector(self.columns), Zeros)]
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        self.scale(pass.weights, x, y);
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if !pass.frozen {
            let rate = T::of(self.rate);
            for (j, gradient) in pass.gradients.iter_mut().enumerate() {
                let (_, along) = moments::gradient_sums(x.column(j), T::zero(), dy.column(j));
                *gradient = rate * along;
            }
        }
        if let Some(dx) = dx {
            self.scale(pass.weights, dy, dx);
        }
    }

    fn scales_columns(&self) -> bool {
        true
    }

    /// With `G` the given gradients, `∂L/∂deltaⱼ = r·Σₖ Wⱼₖ·Gⱼₖ` and `∂L/∂Wⱼₖ = fⱼ·Gⱼₖ`.
    fn backward_through_kernel(&self, pass: TrainPass<'_, T>, kernel: &[T], kernel_gradients: &mut [T]) {
        let units = kernel.len() / self.columns.max(1);
        let rows = kernel.chunks_exact(units).zip(kernel_gradients.chunks_exact_mut(units));
        for ((weights, gradients), (&delta, gradient)) in rows.zip(pass.weights.iter().zip(pass.gradients)) {
            let (_, along) = moments::gradient_sums(weights, T::zero(), gradients);
            *gradient = T::of(self.rate) * along;
            let factor = factor(self.rate, delta);
            gradients.iter_mut().for_each(|gradient| *gradient *= factor);
        }
    }

    fn takes_packed_sample(&self) -> bool {
        true
    }

    fn dependences(&self, weights: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let of =
            |(input, &delta): (&Dependence, &T)| input.then(Dependence::of_factor(factor(self.rate, delta).to_f64()));
        inputs.iter().zip(weights).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dependence::{Decreasing, Increasing, Independent};
    use crate::optimizers::Optimizer;
    use crate::prelude::*;
    use nalgebra::DMatrix;

    fn numbers<T: Scalar>(rows: usize, columns: usize) -> DMatrix<T> {
        DMatrix::from_fn(rows, columns, |i, j| T::of(((i * 37 + j * 11 + 5) % 101) as f64 / 40.0 - 1.26))
    }

    fn untrained_passes_through<T: Scalar>() -> Result<()> {
        let network = Sequential::<T>::default().add(Scaling::new()).build(5)?;
        assert_eq!(network.count_params(), 5);
        for rows in [0, 1, 3, 16, 40] {
            let x = numbers::<T>(rows, 5);
            assert_eq!(network.predict(&x)?, x);
        }
        Ok(())
    }

    #[test]
    fn an_untrained_layer_passes_its_input_through() -> Result<()> {
        untrained_passes_through::<f32>()?;
        untrained_passes_through::<f64>()
    }

    #[test]
    fn values_and_gradients_are_those_of_the_formula() -> Result<()> {
        let mut network = Sequential::<f64>::default().add(Scaling::new().learning_rate_factor(3.0)).build(2)?;
        network.set_weights("scaling", &[dmatrix![0.5, -1.0]])?;
        let (x, dy) = (numbers::<f64>(37, 2), numbers::<f64>(37, 2).map(|x| 1.0 - x * x));
        let found = network.gradients(&x, &dy)?;
        for (j, factor) in [2.5, -2.0].into_iter().enumerate() {
            assert_eq!(found.output.column(j), x.column(j) * factor);
            assert_eq!(found.input.column(j), dy.column(j) * factor);
            approx::assert_relative_eq!(found.weights[j], 3.0 * x.column(j).dot(&dy.column(j)), max_relative = 1e-13);
        }
        assert_eq!(network.dependences(&[Increasing, Increasing])?, [Increasing, Decreasing]);
        network.set_weights("scaling", &[dmatrix![-1.0 / 3.0, 0.0]])?;
        assert_eq!(network.dependences(&[Increasing, Decreasing])?, [Independent, Decreasing]);
        Ok(())
    }

    /// The factors after one step towards the least value of `(f₁ − 3)²`, which does not depend on the second one.
    fn factors_after_a_step(rate: f64, optimizer: impl Optimizer<f64> + 'static) -> Result<Vec<f64>> {
        let layers = Sequential::<f64>::default()
            .add(Scaling::new().learning_rate_factor(rate))
            .add(Dense::new(1, Linear).trainable(false));
        let mut model = layers.compile(optimizer, MeanSquaredError, ());
        model.build(2)?;
        model.set_weights("dense", &[dmatrix![1.0; 1.0], dmatrix![0.0]])?;
        model.train_on_batch(&dmatrix![1.0, 0.0], &dmatrix![3.0])?;
        Ok(model.weights("scaling")?[0].iter().map(|delta| 1.0 + rate * delta).collect())
    }

    #[test]
    fn the_factors_move_faster_by_the_learning_rate_factor() -> Result<()> {
        for rate in [0.5, 1.0, 6.0] {
            let adam = factors_after_a_step(rate, Adam.learning_rate(0.01).epsilon(1e-15))?;
            approx::assert_relative_eq!(adam[0], 1.0 + 0.01 * rate, max_relative = 1e-12);
            // The gradient of the loss is −4 in the factor.
            let sgd = factors_after_a_step(rate, SGD.learning_rate(1e-3))?;
            approx::assert_relative_eq!(sgd[0], 1.0 + 4e-3 * rate * rate, max_relative = 1e-12);
            assert_eq!((adam[1], sgd[1]), (1.0, 1.0));
        }
        Ok(())
    }

    #[test]
    fn weight_decay_pulls_the_factors_to_1() -> Result<()> {
        let layers = Sequential::<f64>::default().add(Scaling::new()).add(Dense::new(1, Linear).trainable(false));
        let mut model = layers.compile(AdamW.learning_rate(0.1).weight_decay(0.5), MeanSquaredError, ());
        model.build(2)?;
        model.set_weights("scaling", &[dmatrix![0.5, -0.25]])?;
        // With samples of zeros only the decay remains.
        model.train_on_batch(&dmatrix![0.0, 0.0], &dmatrix![0.0])?;
        let delta = model.weights("scaling")?.swap_remove(0);
        approx::assert_relative_eq!(delta, dmatrix![0.5 * 0.95, -0.25 * 0.95], max_relative = 1e-12);
        Ok(())
    }

    /// The weights after some steps; with a layer between, the gradient does not come through the kernel.
    fn trained<T: Scalar>(between: bool, rows: usize) -> Result<Vec<DMatrix<T>>> {
        let mut layers = Sequential::<T>::default().seed(3).add(Scaling::new().name("scaling"));
        if between {
            layers = layers.add(Activation::new(Linear));
        }
        let hidden = Dense::new(9, Tanh).kernel_regularizer(L2.l2(0.01)).name("hidden");
        let layers = layers.add(hidden).add(Dense::new(2, Linear).name("last"));
        let mut model = layers.compile(SGD.learning_rate(0.05), MeanSquaredError, ());
        model.build(21)?;
        // One factor is 0, one is negative.
        let delta = |j: usize| [0.1, -1.0 / 6.0, -0.5, 0.0][j % 4];
        model.set_weights("scaling", &[DMatrix::from_fn(1, 21, |_, j| T::of(delta(j)))])?;
        // The seeds of the initial weights depend on the place of a layer.
        model.set_weights("hidden", &[numbers(21, 9) * T::of(0.3), numbers(1, 9)])?;
        model.set_weights("last", &[numbers(9, 2) * T::of(0.3), numbers(1, 2)])?;
        let (x, y) = (numbers::<T>(rows, 21), numbers::<T>(rows, 2));
        for _ in 0..5 {
            model.train_on_batch(&x, &y)?;
        }
        let names = ["scaling", "hidden", "last"];
        names.iter().try_fold(Vec::new(), |mut all, name| {
            all.extend(model.weights(name)?);
            Ok(all)
        })
    }

    #[test]
    fn gradients_through_the_kernel_are_those_of_the_plain_pass() -> Result<()> {
        for rows in [1, 7, 33] {
            for (through, plain) in trained::<f64>(false, rows)?.iter().zip(&trained::<f64>(true, rows)?) {
                approx::assert_relative_eq!(through, plain, epsilon = 1e-13, max_relative = 1e-12);
            }
            for (through, plain) in trained::<f32>(false, rows)?.iter().zip(&trained::<f32>(true, rows)?) {
                approx::assert_relative_eq!(through, plain, epsilon = 1e-5, max_relative = 1e-4);
            }
        }
        Ok(())
    }

    #[test]
    fn it_is_not_part_of_a_monotone_network() {
        let error = Layer::<f32>::monotone(&Scaling::new()).unwrap_err().to_string();
        assert!(error.contains("Scaling") && error.contains("leave it out"), "{error}");
    }

    #[test]
    fn a_single_sample_is_predicted_as_among_others() -> Result<()> {
        let mut network =
            Sequential::<f32>::default().seed(1).add(Scaling::new()).add(Dense::new(3, Relu)).build(19)?;
        network.set_weights("scaling", &[DMatrix::from_fn(1, 19, |_, j| (j as f32 * 0.7).sin())])?;
        let x = numbers::<f32>(33, 19);
        let y = network.predict(&x)?;
        for i in 0..33 {
            assert_eq!(network.predict(&x.rows(i, 1))?, y.rows(i, 1));
        }
        Ok(())
    }
}
