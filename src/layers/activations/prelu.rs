use crate::constraints::{Constraint, NonNeg};
use crate::initializers::{Initializer, Shape, Zeros};
use crate::items::{Item, Spec, invalid, item};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, sums};
use crate::layers::layer::options;
use crate::layers::monotone_checks::check_unconstrained;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, Parameter, TrainPass};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// A rectified unit with a learned derivative below zero: `yⱼ = xⱼ` for `xⱼ > 0`, otherwise `alphaⱼ·xⱼ`.
    ///
    /// (batch, columns) to (batch, columns); `alpha` (columns), or (1) if the columns share it. The derivative
    /// at 0 is the one from below.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::PReLU;
    ///
    /// let network = Sequential::new().add(PReLU::new()).build(3)?;
    /// assert_eq!(network.count_params(), 3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// K. He et al., *Delving deep into rectifiers*, ICCV 2015. Keras: `keras.layers.PReLU`.
    pub struct PReLU<T>: "PReLU" () with options: LayerOptions checked by check_axes {
        /// The first values of `alpha`.
        alpha_initializer: Item<dyn Initializer<T>> = Zeros,
        /// A penalty on `alpha`.
        alpha_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// The set that `alpha` is projected onto after every step.
        alpha_constraint: Option<Item<dyn Constraint<T>>> = None,
        /// `[1]` for one `alpha` that all columns share; by default each has one.
        shared_axes: Option<Vec<usize>> = None,
    }
}

impl<T: Scalar> PReLU<T> {
    /// A layer with one `alpha` for each column, 0 at first.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn check_axes(&self) -> Result<()> {
        match self.shared_axes.as_deref() {
            None | Some([] | [1]) => Ok(()),
            Some(axes) => Err(invalid(self, "shared_axes", format!("{axes:?}"), "[] or [1], the axis of the columns")),
        }
    }
}

impl<T: Scalar> Layer<T> for PReLU<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let shared = self.shared_axes.as_deref() == Some(&[1]);
        let shape = Shape::vector(if shared { 1 } else { inputs });
        let alpha = Parameter::weight("alpha", shape, self.alpha_initializer.clone())
            .regularizer(self.alpha_regularizer.clone())
            .constraint(self.alpha_constraint.clone());
        Ok(Box::new(BuiltPReLU { columns: inputs, shared, alpha }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        check_unconstrained::<T>(self, "alpha_constraint", self.alpha_constraint.is_some())?;
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone().alpha_constraint(NonNeg))))
    }
}

struct BuiltPReLU<T: Scalar> {
    columns: usize,
    shared: bool,
    alpha: Parameter<T>,
}

/// `x` or `alpha·x`.
struct PReLUValue<T>(T);

impl<T: Element> Lanewise<T, 1, 1> for PReLUValue<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [s.select(s.gt(x, s.zero()), x, s.mul(s.splat(self.0), x))]
    }
}

/// `dy` or `alpha·dy`.
struct PReLUGradient<T>(T);

impl<T: Element> Lanewise<T, 2, 1> for PReLUGradient<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x, dy]: [S::V; 2]) -> [S::V; 1] {
        [s.select(s.gt(x, s.zero()), dy, s.mul(s.splat(self.0), dy))]
    }
}

/// The contribution of each sample to the gradient of `alpha`: `x·dy` below zero.
struct GradientTerm;

impl<T: Element> Lanewise<T, 2, 1> for GradientTerm {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x, dy]: [S::V; 2]) -> [S::V; 1] {
        [s.mul(s.min(s.zero(), x), dy)]
    }
}

impl<T: Scalar> BuiltPReLU<T> {
    /// The index of a column's `alpha`.
    fn place(&self, column: usize) -> usize {
        if self.shared { 0 } else { column }
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltPReLU<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        vec![self.alpha.clone()]
    }

    /// The samples' terms of the gradient of one `alpha`.
    fn scratch(&self, stride: usize) -> usize {
        stride
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for j in 0..self.columns {
            lanewise::apply(&PReLUValue(pass.weights[self.place(j)]), [x.column(j)], [y.column_mut(j)]);
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
        if !pass.frozen {
            pass.gradients.fill(T::zero());
        }
        for j in 0..self.columns {
            let (x, dy) = (x.column(j), dy.column(j));
            if !pass.frozen {
                let terms = &mut pass.scratch[..x.len()];
                lanewise::apply(&GradientTerm, [x, dy], [&mut *terms]);
                pass.gradients[self.place(j)] += sums::total(terms);
            }
            if let Some(dx) = &mut dx {
                lanewise::apply(&PReLUGradient(pass.weights[self.place(j)]), [x, dy], [dx.column_mut(j)]);
            }
        }
    }

    fn dependences(&self, weights: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let of = |(column, input): (usize, &Dependence)| match weights[self.place(column)] >= T::zero() {
            true => *input,
            false => Dependence::mixed(&[*input]),
        };
        inputs.iter().enumerate().map(of).collect()
    }
}
