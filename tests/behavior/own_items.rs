//! A user's own activation, loss, metric, layer, optimizer, initializer and callback, plugged in from outside.

mod same_names;
mod transformer;

use nalgebra::{DMatrix, DVector};
use perceptra::activations::{Activation, Fusion};
use perceptra::callbacks::Context;
use perceptra::initializers::{Initializer, Shape};
use perceptra::items::Spec;
use perceptra::layers::{BuiltLayer, InferPass, Layer, Parameter, TrainPass};
use perceptra::losses::{LogitLoss, Loss};
use perceptra::metrics::{Metric, MetricState, Width};
use perceptra::optimizers::{LearningRate, Optimizer, Step};
use perceptra::prelude::*;
use perceptra::{Batch, BatchMut, Error, Random, Result, Scalar};
use std::sync::Arc;

/// `z·σ(z)` by its definition.
#[derive(Debug)]
struct Swoosh;

impl Spec for Swoosh {}

impl<T: Scalar> Activation<T> for Swoosh {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        a.map_from(z, |z| z / (T::one() + (-z).exp()));
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        for j in 0..z.columns() {
            for (i, dz) in dz.column_mut(j).iter_mut().enumerate() {
                let s = T::one() / (T::one() + (-z.at(i, j)).exp());
                *dz = da.at(i, j) * (s + a.at(i, j) * (T::one() - s));
            }
        }
    }
}

/// An activation for one element type only.
#[derive(Debug)]
struct OnlyF32;

impl Spec for OnlyF32 {}

impl Activation<f32> for OnlyF32 {
    fn forward(&self, z: Batch<'_, f32>, mut a: BatchMut<'_, f32>) {
        a.copy_from(z);
    }

    fn backward(&self, _: Batch<'_, f32>, _: Batch<'_, f32>, da: Batch<'_, f32>, mut dz: BatchMut<'_, f32>) {
        dz.copy_from(da);
    }
}

/// Half of the squared distance.
#[derive(Debug)]
struct HalfSquare;

impl Spec for HalfSquare {}

impl<T: Scalar> Loss<T> for HalfSquare {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        for (i, loss) in losses.iter_mut().enumerate() {
            *loss = (p.at(i, 0) - y.at(i, 0)).powi(2) * T::of(0.5);
        }
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], mut dp: BatchMut<'_, T>) {
        for (i, dp) in dp.column_mut(0).iter_mut().enumerate() {
            *dp = scale[i] * (p.at(i, 0) - y.at(i, 0));
        }
    }
}

/// The largest error.
#[derive(Debug)]
struct WorstError;

impl Spec for WorstError {}

impl<T: Scalar> Metric<T> for WorstError {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(Worst(0.0)))
    }
}

struct Worst(f64);

impl<T: Scalar> MetricState<T> for Worst {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, _: Option<&[T]>) {
        for i in 0..y.rows() {
            self.0 = self.0.max((y.at(i, 0) - p.at(i, 0)).abs().to_f64());
        }
    }

    fn result(&self) -> f64 {
        self.0
    }

    fn reset(&mut self) {
        self.0 = 0.0;
    }
}

/// A layer with one learned factor per column.
#[derive(Debug)]
struct Scale;

impl Spec for Scale {}

impl<T: Scalar> Layer<T> for Scale {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Box::new(BuiltScale { columns: inputs }))
    }
}

struct BuiltScale {
    columns: usize,
}

impl<T: Scalar> BuiltLayer<T> for BuiltScale {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        vec![Parameter::weight("factors", Shape::vector(self.columns), Arc::new(AllTwos))]
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for (j, &factor) in pass.weights.iter().enumerate() {
            for (y, &x) in y.column_mut(j).iter_mut().zip(x.column(j)) {
                *y = factor * x;
            }
        }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        for (j, gradient) in pass.gradients.iter_mut().enumerate() {
            *gradient = x.column(j).iter().zip(dy.column(j)).fold(T::zero(), |sum, (&x, &dy)| sum + x * dy);
        }
        if let Some(mut dx) = dx {
            for (j, &factor) in pass.weights.iter().enumerate() {
                for (dx, &dy) in dx.column_mut(j).iter_mut().zip(dy.column(j)) {
                    *dx = factor * dy;
                }
            }
        }
    }
}

#[derive(Debug)]
struct AllTwos;

impl Spec for AllTwos {}

impl<T: Scalar> Initializer<T> for AllTwos {
    fn fill(&self, values: &mut [T], _: Shape, _: &mut Random) {
        values.fill(T::of(2.0));
    }
}

/// Steps of one size along the sign of the gradient.
#[derive(Debug)]
struct SignDescent;

impl Spec for SignDescent {}

impl<T: Scalar> Optimizer<T> for SignDescent {
    fn learning_rate(&self) -> LearningRate {
        0.01.into()
    }

    fn step(&self, step: Step<'_, T>) {
        let rate = T::of(step.learning_rate);
        for (w, &g) in step.weights.iter_mut().zip(step.gradients) {
            *w -= rate * g.signum();
        }
    }
}

/// Halves the learning rate in every epoch and stops in the third.
#[derive(Default)]
struct Halving {
    batches: usize,
}

impl<T: Scalar> Callback<T> for Halving {
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let rate = context.learning_rate();
        context.set_learning_rate(rate / 2.0);
        context.logs_mut().set("rate", rate);
        if context.epoch() == 2 {
            context.stop();
        }
        Ok(())
    }

    fn on_train_batch_end(&mut self, _: usize, _: &mut Context<'_, T>) -> Result<()> {
        self.batches += 1;
        Ok(())
    }
}

fn data() -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(90, 3, |i, j| ((i * (j + 3)) % 11) as f32 / 11.0 - 0.5);
    let y = DVector::from_fn(90, |i, _| x[(i, 0)] - 2.0 * x[(i, 2)]);
    (x, y)
}

#[test]
fn all_of_them_train_together() -> Result<()> {
    let (x, y) = data();
    let mut halving = Halving::default();
    let mut model = Sequential::new()
        .add(Scale)
        .add(Dense::new(6, Swoosh).kernel_initializer("he_uniform"))
        .add(Dense::new(1, OnlyF32))
        .seed(2)
        .compile(SignDescent, HalfSquare, metrics![WorstError]);
    assert_eq!(model.build(3)?.weights("scale")?[0].as_slice(), [2.0; 3]);
    let before = model.evaluate(&x, &y)?;
    let history = model.fit(&x, &y, Fit::new().epochs(10).callback(&mut halving).verbose(0))?;

    assert_eq!(history.epochs(), [0, 1, 2]);
    assert_eq!(history.get("rate").unwrap(), [0.01, 0.005, 0.0025]);
    assert_eq!(halving.batches, 9);
    let after = model.evaluate(&x, &y)?;
    assert!(after.loss() < before.loss());
    assert!(after.get("worst_error").unwrap() < before.get("worst_error").unwrap());
    assert_ne!(model.weights("scale")?[0].as_slice(), [2.0; 3]);
    Ok(())
}

/// The gradients of an own layer and activation, through a whole model, by finite differences.
#[test]
fn own_gradients_agree_with_differences() -> Result<()> {
    let (x, y) = data();
    let (x, y) = (x.cast::<f64>(), y.cast::<f64>());
    let model = || {
        Sequential::<f64>::default().add(Scale).add(Dense::new(4, Swoosh)).add(Dense::new(1, Linear)).seed(5).compile(
            SGD.learning_rate(1e-3),
            HalfSquare,
            metrics![],
        )
    };
    let mut trained = model();
    let start = trained.build(3)?.flat_weights().to_vec();
    trained.train_on_batch(&x, &y)?;
    let moved = trained.network()?.flat_weights().to_vec();
    for i in 0..start.len() {
        let loss = |delta: f64| -> Result<f64> {
            let mut shifted = model();
            let mut weights = start.clone();
            weights[i] += delta;
            shifted.build(3)?.set_flat(&weights, &[])?;
            Ok(shifted.test_on_batch(&x, &y)?.loss())
        };
        let difference = (loss(1e-5)? - loss(-1e-5)?) / 2e-5;
        approx::assert_relative_eq!((start[i] - moved[i]) / 1e-3, difference, max_relative = 1e-6, epsilon = 1e-9);
    }
    Ok(())
}

#[test]
fn an_error_of_a_callback_ends_the_fit() {
    let (x, y) = data();
    let failing = LambdaCallback::new().on_epoch_end(|context| match context.epoch() {
        1 => Err(Error::Callback { callback: "mine".into(), reason: "enough".into() }),
        _ => Ok(()),
    });
    let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    let error = model.fit(&x, &y, Fit::new().epochs(5).callback(failing).verbose(0)).unwrap_err();
    assert_eq!(error.to_string(), "callback mine: enough");
    assert_eq!(model.history().epochs(), [0, 1], "every epoch that was trained and validated is kept");
    assert!(model.predict(&x).is_ok(), "and the model is usable");
}

/// Swish, one number at a time.
#[derive(Debug)]
struct Pointwise;

impl Spec for Pointwise {}

impl<T: Scalar> Activation<T> for Pointwise {
    fn forward(&self, z: Batch<'_, T>, a: BatchMut<'_, T>) {
        Swoosh.forward(z, a);
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, dz: BatchMut<'_, T>) {
        Swoosh.backward(z, a, da, dz);
    }

    fn is_elementwise(&self) -> bool {
        true
    }
}

#[test]
fn an_elementwise_activation_predicts_one_sample_as_many() -> Result<()> {
    let network = Sequential::<f64>::default().add(Dense::new(19, Pointwise)).add(Dense::new(2, Pointwise)).build(3)?;
    let x = DMatrix::<f64>::from_fn(7, 3, |i, j| (i as f64 - 3.0) * 0.4 + j as f64 * 0.3);
    let together = network.predict(&x)?;
    for (i, row) in x.row_iter().enumerate() {
        assert_eq!(network.predict(&row.into_owned())?.row(0), together.row(i));
    }
    Ok(())
}

/// Binary cross-entropy, computed from the logits if it follows a sigmoid.
#[derive(Debug)]
struct FromLogits {
    used: bool,
}

impl Spec for FromLogits {}

impl<T: Scalar> Loss<T> for FromLogits {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        BinaryCrossentropy.forward(y, p, losses);
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        BinaryCrossentropy.backward(y, p, scale, dp);
    }

    fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
        (self.used && activation == Fusion::Sigmoid).then_some(LogitLoss::Sigmoid { label_smoothing: 0.0 })
    }
}

#[test]
fn a_loss_on_logits_is_exact_where_the_sigmoid_saturates() -> Result<()> {
    let value = |used| -> Result<f64> {
        let layers = Sequential::<f64>::default().add(Dense::new(1, Sigmoid).kernel_initializer("ones"));
        let mut model = layers.compile(SGD.learning_rate(0.0), FromLogits { used }, ());
        let history = model.fit(&DMatrix::from_element(1, 1, 50.0f64), &DMatrix::zeros(1, 1), Fit::new().verbose(0))?;
        history.last("loss").ok_or(Error::NotBuilt)
    };
    // The loss of logit 50 against target 0 is 50; of the clipped probability it is −ln 1e-7.
    approx::assert_relative_eq!(value(true)?, 50.0, max_relative = 1e-12);
    approx::assert_relative_eq!(value(false)?, -(1e-7f64).ln(), max_relative = 1e-6);
    Ok(())
}
