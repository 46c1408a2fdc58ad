use crate::activations::{Activation, Fusion};
use crate::initializers::{Shape, TruncatedNormal};
use crate::items::{IntoShared, Item, Spec, item};
use crate::kernels::padded;
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Domain, InferPass, Layer, LayerOptions, Parameter, TrainPass};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Error, Result, Scalar};
use std::ops::Range;
use std::sync::Arc;

item! {
    /// Divides the kernel of the layer it wraps by its spectral norm, in training.
    ///
    /// The norm `σ = v·W·uᵀ` is found by power iteration: `v = u·Wᵀ/|u·Wᵀ|`, `u = v·W/|v·W|`. A training step uses
    /// `W/σ`; the gradient includes that of `σ`, with `u` and `v` held constant. The stored kernel is not divided, as in
    /// Keras's compiled training step on JAX, and prediction uses the stored kernel. A penalty on the kernel applies to the
    /// stored kernel.
    ///
    /// Variables: those of the layer; state: `vector_u` (1, units). The wrapped layer is not counted in the names of layers,
    /// unlike in Keras, where a `Dense` after a wrapped one is `dense_1`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::SpectralNormalization;
    ///
    /// let bounded = SpectralNormalization::new(Dense::new(12, Relu)).power_iterations(2);
    /// let network = Sequential::new().add(bounded).add(Dense::new(1, Sigmoid)).build(4)?;
    /// assert_eq!(network.weights("spectral_normalization")?.len(), 3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// T. Miyato et al., *Spectral normalization for generative adversarial networks*, ICLR 2018.
    /// Keras: `keras.layers.SpectralNormalization`.
    pub struct SpectralNormalization<T>: "SpectralNormalization" (layer: Item<dyn Layer<T>>)
        with options: LayerOptions {
        /// The number of power iterations in each step.
        power_iterations: usize [at least 1] = 1,
    }
}

impl<T: Scalar> SpectralNormalization<T> {
    /// The wrapped layer, with a kernel.
    #[cfg(feature = "onnx")]
    pub(crate) fn wrapped(&self) -> Result<Arc<dyn Layer<T>>> {
        self.layer.get()
    }

    /// Around a layer with a kernel, such as [`Dense`](crate::layers::Dense), or with embeddings.
    pub fn new<M>(layer: impl IntoShared<dyn Layer<T>, M>) -> Self {
        Self::with(layer.into_shared().into())
    }
}

impl<T: Scalar> Layer<T> for SpectralNormalization<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let layer = self.layer.get()?;
        let inner = layer.build(inputs)?;
        let (mut weights, mut state) = (0, 0);
        let mut kernel = None;
        for parameter in inner.parameters() {
            let count = parameter.shape.count();
            if !parameter.is_weight {
                state += count;
                continue;
            }
            if ["kernel", "embeddings"].contains(&parameter.name) {
                kernel = Some((weights..weights + count, parameter.shape));
            }
            weights += count;
        }
        let Some((kernel, shape)) = kernel else {
            let reason = format!("it wraps {}, which has no kernel; wrap a Dense layer", layer.class_name());
            return Err(Error::Layer { layer: self.class_name(), reason });
        };
        Ok(Box::new(BuiltSpectral { inner, weights, state, kernel, shape, iterations: self.power_iterations }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct BuiltSpectral<T: Scalar> {
    inner: Box<dyn BuiltLayer<T>>,
    /// The weights of the wrapped layer, all together.
    weights: usize,
    /// The state of the wrapped layer, all together.
    state: usize,
    /// The kernel's range in the weights.
    kernel: Range<usize>,
    shape: Shape,
    iterations: usize,
}

/// The two singular vectors and the norm of a step.
struct Spectrum<'a, T> {
    v: &'a mut [T],
    u: &'a mut [T],
    sigma: &'a mut T,
}

/// Scales a vector to length 1, except a vector of zeros; returns its previous length.
fn to_unit_length<T: Scalar>(vector: &mut [T]) -> T {
    let length = vector.iter().fold(T::zero(), |sum, &value| sum + value * value).sqrt();
    if length > T::zero() {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    length
}

impl<T: Scalar> BuiltSpectral<T> {
    /// The length of the scratch before that of the wrapped layer: the weights of the step, `v`, `u`, `σ`.
    fn spectral_scratch(&self) -> usize {
        padded(self.weights + self.shape.rows + self.shape.columns + 1)
    }

    /// The step's weights and spectrum in the scratch, and the scratch of the wrapped layer.
    fn split<'a>(&self, scratch: &'a mut [T]) -> (&'a mut [T], Spectrum<'a, T>, &'a mut [T]) {
        let (spectral, rest) = scratch.split_at_mut(self.spectral_scratch());
        let (weights, vectors) = spectral.split_at_mut(self.weights);
        let (v, vectors) = vectors.split_at_mut(self.shape.rows);
        let (u, vectors) = vectors.split_at_mut(self.shape.columns);
        (weights, Spectrum { v, u, sigma: &mut vectors[0] }, rest)
    }

    /// Divides the kernel by its norm and moves the vectors closer to the singular ones.
    fn normalize(&self, kernel: &mut [T], spectrum: &mut Spectrum<'_, T>) {
        let Spectrum { v, u, sigma } = spectrum;
        let columns = self.shape.columns;
        let mut length = T::zero();
        for _ in 0..self.iterations {
            for (v, row) in v.iter_mut().zip(kernel.chunks_exact(columns)) {
                *v = row.iter().zip(&**u).fold(T::zero(), |sum, (&w, &u)| sum + w * u);
            }
            if to_unit_length(v) == T::zero() {
                break;
            }
            u.fill(T::zero());
            for (&v, row) in v.iter().zip(kernel.chunks_exact(columns)) {
                u.iter_mut().zip(row).for_each(|(u, &w)| *u += v * w);
            }
            length = to_unit_length(u);
        }
        // A kernel of zeros has no norm to divide by.
        **sigma = if length > T::zero() { length } else { T::one() };
        kernel.iter_mut().for_each(|w| *w /= **sigma);
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltSpectral<T> {
    fn outputs(&self) -> usize {
        self.inner.outputs()
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        let start = TruncatedNormal.stddev(0.02);
        let mut parameters = self.inner.parameters();
        parameters.push(Parameter::state("vector_u", Shape::matrix(1, self.shape.columns), start));
        parameters
    }

    fn scratch(&self, stride: usize) -> usize {
        self.spectral_scratch() + self.inner.scratch(stride)
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        let (_, _, scratch) = self.split(pass.scratch);
        let state = &pass.state[..self.state];
        self.inner.infer(
            InferPass { weights: pass.weights, state, scratch, skip_activation: pass.skip_activation },
            x,
            y,
        );
    }

    fn forward(&self, pass: TrainPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        let (weights, mut spectrum, scratch) = self.split(pass.scratch);
        let (state, vector) = pass.state.split_at_mut(self.state);
        weights.copy_from_slice(pass.weights);
        spectrum.u.copy_from_slice(vector);
        if !pass.inference {
            self.normalize(&mut weights[self.kernel.clone()], &mut spectrum);
        }
        vector.copy_from_slice(spectrum.u);
        self.inner.forward(TrainPass { weights, state, scratch, ..pass }, x, y);
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let (weights, spectrum, scratch) = self.split(pass.scratch);
        let state = &mut pass.state[..self.state];
        let frozen = pass.frozen;
        let inner = TrainPass { weights, state, gradients: &mut *pass.gradients, scratch, ..pass };
        self.inner.backward(inner, x, y, dy, dx);
        if frozen {
            return;
        }
        // With K = W/σ and dσ = v·dW·uᵀ: dW = (dK − (Σ dK·K)·vᵀ·u)/σ.
        let gradients = &mut pass.gradients[self.kernel.clone()];
        let kernel = &weights[self.kernel.clone()];
        let along = gradients.iter().zip(kernel).fold(T::zero(), |sum, (&g, &k)| sum + g * k);
        for (row, &v) in gradients.chunks_exact_mut(self.shape.columns).zip(&*spectrum.v) {
            for (g, &u) in row.iter_mut().zip(&*spectrum.u) {
                *g = (*g - along * v * u) / *spectrum.sigma;
            }
        }
    }

    fn activity_regularizer(&self) -> Option<&Arc<dyn Regularizer<T>>> {
        self.inner.activity_regularizer()
    }

    fn domain(&self) -> Domain {
        self.inner.domain()
    }

    fn is_differentiable(&self) -> bool {
        self.inner.is_differentiable()
    }

    fn blocks_gradients(&self) -> bool {
        self.inner.blocks_gradients()
    }

    fn activation(&self) -> Option<Arc<dyn Activation<T>>> {
        self.inner.activation()
    }

    fn last_activation(&self) -> Fusion {
        self.inner.last_activation()
    }
}

#[cfg(test)]
mod tests {
    use crate::layers::{Dropout, SpectralNormalization};
    use crate::prelude::*;

    #[test]
    fn a_layer_without_a_kernel_is_refused() {
        let error = Sequential::new().add(SpectralNormalization::new(Dropout::new(0.5))).build(2).unwrap_err();
        assert!(error.to_string().contains("Dropout, which has no kernel"), "{error}");
    }
}
