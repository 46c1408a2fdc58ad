use super::layer::layer_options;
use super::{Cell, Inference, Layer, LayerOptions, Parameter, Training};
use crate::activations::{self, Activation, Fusion};
use crate::initializers::{self, GlorotUniform, Initializer, Shape, Zeros};
use crate::kernels::dense::Epilogue;
use crate::kernels::product;
use crate::spec::{Spec, invalid};
use crate::{Batch, BatchMut, Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

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
#[derive(Debug, Clone)]
pub struct Dense<T: Scalar = f32> {
    units: usize,
    activation: Arc<dyn Activation<T>>,
    use_bias: bool,
    kernel_initializer: Arc<dyn Initializer<T>>,
    bias_initializer: Arc<dyn Initializer<T>>,
    options: LayerOptions,
}

layer_options!(Dense<T>);

impl<T: Scalar> Dense<T> {
    /// A layer of `units` outputs, at least 1, followed by `activation`.
    pub fn new(units: usize, activation: impl Activation<T> + 'static) -> Self {
        Dense {
            units,
            activation: Arc::new(activation),
            use_bias: true,
            kernel_initializer: Arc::new(GlorotUniform),
            bias_initializer: Arc::new(Zeros),
            options: LayerOptions::default(),
        }
    }

    /// Whether a bias is added; default true.
    #[must_use]
    pub fn use_bias(mut self, use_bias: bool) -> Self {
        self.use_bias = use_bias;
        self
    }

    /// The first values of `W`; default [`GlorotUniform`](struct@GlorotUniform).
    #[must_use]
    pub fn kernel_initializer(mut self, initializer: impl Initializer<T> + 'static) -> Self {
        self.kernel_initializer = Arc::new(initializer);
        self
    }

    /// The first values of `b`; default [`Zeros`](struct@Zeros).
    #[must_use]
    pub fn bias_initializer(mut self, initializer: impl Initializer<T> + 'static) -> Self {
        self.bias_initializer = Arc::new(initializer);
        self
    }
}

impl<T: Scalar> Spec for Dense<T> {
    fn class_name(&self) -> String {
        "Dense".into()
    }

    fn config(&self) -> Result<Value> {
        let described = |class_name: String, config: Value| json!({ "class_name": class_name, "config": config });
        Ok(json!({
            "units": self.units,
            "activation": described(self.activation.class_name(), self.activation.config()?),
            "use_bias": self.use_bias,
            "kernel_initializer": described(self.kernel_initializer.class_name(), self.kernel_initializer.config()?),
            "bias_initializer": described(self.bias_initializer.class_name(), self.bias_initializer.config()?),
        }))
    }

    fn check(&self) -> Result<()> {
        if self.units > 0 { Ok(()) } else { Err(invalid(self, "units", 0, "at least 1")) }
    }
}

impl<T: Scalar> Layer<T> for Dense<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn Cell<T>>> {
        self.check()?;
        let activation = activations::resolve(&self.activation)?;
        Ok(Box::new(DenseCell {
            inputs,
            units: self.units,
            fusion: activation.fusion(),
            activation,
            use_bias: self.use_bias,
            kernel_initializer: initializers::resolve(&self.kernel_initializer)?,
            bias_initializer: initializers::resolve(&self.bias_initializer)?,
        }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct DenseCell<T: Scalar> {
    inputs: usize,
    units: usize,
    activation: Arc<dyn Activation<T>>,
    fusion: Fusion,
    use_bias: bool,
    kernel_initializer: Arc<dyn Initializer<T>>,
    bias_initializer: Arc<dyn Initializer<T>>,
}

impl<T: Scalar> DenseCell<T> {
    fn shape(&self, rows: usize, stride: usize) -> product::Shape {
        product::Shape { rows, stride, inputs: self.inputs, units: self.units }
    }

    /// Kernel and bias in the flat weights.
    fn split<'a>(&self, weights: &'a [T]) -> (&'a [T], Option<&'a [T]>) {
        let (kernel, bias) = weights.split_at(self.inputs * self.units);
        (kernel, self.use_bias.then_some(bias))
    }

    /// What the product's kernel applies by itself; none leaves the activation to a pass of its own.
    fn epilogue(&self, logits: bool) -> Option<Epilogue> {
        match self.fusion {
            _ if logits => Some(Epilogue::Linear),
            Fusion::Linear => Some(Epilogue::Linear),
            Fusion::Relu => Some(Epilogue::Relu),
            _ => None,
        }
    }
}

impl<T: Scalar> Cell<T> for DenseCell<T> {
    fn outputs(&self) -> usize {
        self.units
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        let kernel = Shape::matrix(self.inputs, self.units);
        let mut parameters = vec![Parameter::weight("kernel", kernel, self.kernel_initializer.clone())];
        if self.use_bias {
            let bias = Shape::vector(self.units);
            parameters.push(Parameter::weight("bias", bias, self.bias_initializer.clone()));
        }
        parameters
    }

    /// The weighted sums `z`, their gradients, and the room for a transposed gradient.
    fn scratch(&self, stride: usize) -> usize {
        2 * self.units * stride + product::weight_gradient_scratch(stride, self.inputs, self.units)
    }

    fn infer(&self, pass: Inference<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let shape = self.shape(x.rows(), x.stride());
        let (kernel, bias) = self.split(pass.weights);
        match self.epilogue(pass.logits) {
            Some(epilogue) => product::forward(shape, x.padded(), kernel, bias, y.padded(), epilogue),
            None => {
                let z = &mut pass.scratch[..self.units * x.stride()];
                product::forward(shape, x.padded(), kernel, bias, z, Epilogue::Linear);
                self.activation.forward(Batch::new(z, x.rows(), self.units, x.stride()), y);
            }
        }
    }

    fn backward(
        &self,
        pass: Training<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let (rows, stride, units) = (x.rows(), x.stride(), self.units);
        let shape = self.shape(rows, stride);
        let (z, rest) = pass.scratch.split_at_mut(units * stride);
        let (dz, transposed) = rest.split_at_mut(units * stride);
        let dz: &[T] = if pass.logits || self.fusion == Fusion::Linear {
            dy.padded()
        } else {
            // A fused product keeps no `z`; its activation's slope follows from `y` alone.
            let z = if self.epilogue(false).is_some() { y } else { Batch::new(z, rows, units, stride) };
            let mut to = BatchMut::new(dz, rows, units, stride);
            self.activation.backward(z, y, dy, to.reborrow());
            to.clear_padding();
            dz
        };
        if !pass.frozen {
            let (dw, db) = pass.gradients.split_at_mut(self.inputs * units);
            let db = self.use_bias.then_some(db);
            product::weight_gradient(shape, x.padded(), dz, transposed, dw, db);
        }
        if let Some(mut dx) = dx {
            product::input_gradient(shape, dz, self.split(pass.weights).0, dx.padded());
        }
    }

    fn last_activation(&self) -> Fusion {
        self.fusion
    }
}
