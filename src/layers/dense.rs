use super::layer::options;
use super::monotone_checks::{check_activation, check_unconstrained};
use super::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, Parameter, RowForm, TrainPass};
use crate::activations::{Activation, Fusion};
use crate::batch::extent;
use crate::constraints::Constraint;
use crate::initializers::{GlorotUniform, Initializer, Shape, Zeros};
use crate::items::{IntoItem, Item, Spec, item};
use crate::kernels::matmul;
use crate::kernels::matmul::Epilogue;
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// A fully connected layer, `y = f(x·W + b)`.
    ///
    /// `x` is (batch, inputs), `W` (inputs, units), `b` (units), `y` (batch, units). The activation is a value or a
    /// name: `Dense::new(12, Relu)`, `Dense::new(12, "relu")`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::HeNormal;
    ///
    /// let layer = Dense::new(12, Relu).kernel_initializer(HeNormal).name("hidden");
    /// let network = Sequential::new().add(layer).build(3)?;
    /// assert_eq!(network.weights("hidden")?[0].shape(), (3, 12));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Dense`.
    pub struct Dense<T>: "Dense" (units: usize [at least 1], activation: Item<dyn Activation<T>>)
        with options: LayerOptions {
        /// Whether a bias is added.
        use_bias: bool = true,
        /// The initializer of `W`.
        kernel_initializer: Item<dyn Initializer<T>> = GlorotUniform,
        /// The initializer of `b`.
        bias_initializer: Item<dyn Initializer<T>> = Zeros,
        /// A penalty on `W`.
        kernel_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// A penalty on `b`.
        bias_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// A penalty on `y`, divided by the batch size.
        activity_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// The set that `W` is projected onto after every step.
        kernel_constraint: Option<Item<dyn Constraint<T>>> = None,
        /// The set that `b` is projected onto after every step.
        bias_constraint: Option<Item<dyn Constraint<T>>> = None,
    }
}

impl<T: Scalar> Dense<T> {
    /// The activation that follows the product.
    #[cfg(feature = "onnx")]
    pub(crate) fn activation(&self) -> Result<Arc<dyn Activation<T>>> {
        self.activation.get()
    }

    /// A layer of `units` outputs, at least 1, followed by `activation`.
    pub fn new<M>(units: usize, activation: impl IntoItem<dyn Activation<T>, M>) -> Self {
        Self::with(units, activation.into_item())
    }
}

impl<T: Scalar> Layer<T> for Dense<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let activation = self.activation.get()?;
        let kernel = Parameter::weight("kernel", Shape::matrix(inputs, self.units), self.kernel_initializer.clone())
            .regularizer(self.kernel_regularizer.clone())
            .constraint(self.kernel_constraint.clone());
        let bias = Parameter::weight("bias", Shape::vector(self.units), self.bias_initializer.clone())
            .regularizer(self.bias_regularizer.clone())
            .constraint(self.bias_constraint.clone());
        Ok(Box::new(BuiltDense {
            inputs,
            units: self.units,
            fusion: activation.fusion(),
            activation,
            use_bias: self.use_bias,
            kernel,
            bias,
            activity_regularizer: Item::optional(&self.activity_regularizer)?,
        }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        self.check()?;
        check_activation(self, &*self.activation.get()?)?;
        check_unconstrained::<T>(self, "kernel_constraint", self.kernel_constraint.is_some())?;
        let layer = self.clone();
        let with_signs = Box::new(|signs| Arc::new(layer.kernel_constraint(signs)) as Arc<dyn Layer<T>>);
        Ok(MonotoneLayer::Weighted { units: self.units, with_signs })
    }
}

struct BuiltDense<T: Scalar> {
    inputs: usize,
    units: usize,
    activation: Arc<dyn Activation<T>>,
    fusion: Fusion,
    use_bias: bool,
    kernel: Parameter<T>,
    bias: Parameter<T>,
    activity_regularizer: Option<Arc<dyn Regularizer<T>>>,
}

impl<T: Scalar> BuiltDense<T> {
    fn shape(&self, rows: usize, stride: usize) -> matmul::DenseShape {
        matmul::DenseShape { rows, stride, inputs: self.inputs, units: self.units }
    }

    /// The kernel, which is followed by the bias.
    fn kernel_of<'a>(&self, weights: &'a [T]) -> &'a [T] {
        &weights[..self.inputs * self.units]
    }

    /// The epilogue that the matmul kernel fuses; `None` if the activation needs a separate pass.
    fn epilogue(&self, skip_activation: bool) -> Option<Epilogue> {
        match self.fusion {
            _ if skip_activation => Some(Epilogue::Linear),
            Fusion::Linear => Some(Epilogue::Linear),
            Fusion::Relu => Some(Epilogue::Relu),
            _ => None,
        }
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltDense<T> {
    fn outputs(&self) -> usize {
        self.units
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        let mut parameters = vec![self.kernel.clone()];
        if self.use_bias {
            parameters.push(self.bias.clone());
        }
        parameters
    }

    /// The weighted sums `z`, their gradients, and the workspace for a transposed gradient.
    fn scratch(&self, stride: usize) -> usize {
        2 * self.units * stride + matmul::weight_gradient_scratch(stride, self.inputs, self.units)
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let shape = self.shape(x.rows(), x.stride());
        match self.epilogue(pass.skip_activation) {
            Some(epilogue) => T::forward(shape, x.padded(), pass.weights, y.padded(), epilogue),
            None => {
                let z = &mut pass.scratch[..extent(self.units, x.stride())];
                T::forward(shape, x.padded(), pass.weights, z, Epilogue::Linear);
                self.activation.forward(Batch::new(z, x.rows(), self.units, x.stride()), y);
            }
        }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let (rows, stride, units) = (x.rows(), x.stride(), self.units);
        let shape = self.shape(rows, stride);
        let (z, rest) = pass.scratch.split_at_mut(units * stride);
        let (dz, transposed) = rest.split_at_mut(units * stride);
        let dz: &[T] = if pass.skip_activation || self.fusion == Fusion::Linear {
            dy.padded()
        } else {
            // A fused product keeps no `z`; its activation's derivative is a function of `y`.
            let z = if self.epilogue(false).is_some() { y } else { Batch::new(z, rows, units, stride) };
            let mut to = BatchMut::new(dz, rows, units, stride);
            self.activation.backward(z, y, dy, to.reborrow());
            to.clear_padding();
            dz
        };
        if !pass.frozen {
            let (dw, db) = pass.gradients.split_at_mut(self.inputs * units);
            let db = self.use_bias.then_some(db);
            T::weight_gradient(shape, x.padded(), dz, transposed, dw, db);
        }
        if let Some(mut dx) = dx {
            let relu_mask = pass.relu_mask.then(|| x.padded());
            T::input_gradient(shape, dz, self.kernel_of(pass.weights), dx.padded(), relu_mask);
        }
    }

    fn activity_regularizer(&self) -> Option<&Arc<dyn Regularizer<T>>> {
        self.activity_regularizer.as_ref()
    }

    fn takes_relu_mask(&self) -> bool {
        true
    }

    fn multiplies_kernel(&self) -> bool {
        true
    }

    fn takes_packed_sample(&self) -> bool {
        self.activation.is_elementwise()
    }

    fn computes_by_rows(&self) -> bool {
        self.activation.is_elementwise() || self.activation.fusion() == Fusion::Softmax
    }

    fn row_form(&self) -> Option<RowForm> {
        let form = RowForm::Dense { units: self.units, activation: self.fusion };
        self.takes_packed_sample().then_some(form)
    }

    fn activation(&self) -> Option<Arc<dyn Activation<T>>> {
        Some(self.activation.clone())
    }

    fn last_activation(&self) -> Fusion {
        self.fusion
    }

    fn dependences(&self, weights: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let kernel = self.kernel_of(weights);
        if !self.activation.is_nondecreasing() {
            return vec![Dependence::mixed(inputs); self.units];
        }
        let mut units = vec![Dependence::Independent; self.units];
        for (input, row) in inputs.iter().zip(kernel.chunks_exact(self.units)) {
            for (unit, weight) in units.iter_mut().zip(row) {
                *unit = unit.and(input.then(Dependence::of_factor(weight.to_f64())));
            }
        }
        units
    }
}
