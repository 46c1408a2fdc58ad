//! Activations: the functions that layers apply to their weighted sums.
//!
//! Each is a value with its arguments: [`Relu`](struct@Relu) with the defaults, `Relu.max_value(6.0)` with an argument,
//! or a name as in `Dense::new(12, "relu")`. A user-defined one implements [`Activation`]; a pair of closures is enough
//! too: [`Custom`].

mod activation;
mod custom;
mod forms;

use crate::items::family;
pub use crate::kernels::fusion::Fusion;
pub use activation::Activation;
pub use custom::Custom;
pub use hard_silu::HardSilu as HardSwish;
pub use silu::Silu as Swish;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[("swish", "silu"), ("hard_swish", "hard_silu")];

// One line for each item: its file and its names.
family! {
    /// The activation of Keras's name, with arguments under Keras's names; `null` takes the defaults.
    ///
    /// ```
    /// use perceptra::activations;
    /// use serde_json::json;
    ///
    /// let relu6 = activations::get::<f32>("relu", json!({ "max_value": 6.0 }))?;
    /// assert!(activations::get::<f32>("rely", json!(null)).unwrap_err().to_string().contains("relu"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    Activation<T>: "activation", T::activations(), str::to_string, ALIASES;
    /// Adds an activation.
    registered by activation;
    [also
        const OF_NULL: Option<&'static str> = Some("linear");
    ]
    celu: Celu;
    elu: Elu;
    exponential: Exponential;
    gelu: Gelu;
    hard_shrink: HardShrink;
    hard_sigmoid: HardSigmoid;
    hard_silu: HardSilu;
    hard_tanh: HardTanh;
    leaky_relu: LeakyRelu;
    linear: Linear;
    log_sigmoid: LogSigmoid;
    log_softmax: LogSoftmax;
    mish: Mish;
    relu: Relu;
    relu6: Relu6;
    selu: Selu;
    sigmoid: Sigmoid;
    silu: Silu;
    soft_shrink: SoftShrink;
    softmax: Softmax;
    softplus: Softplus;
    softsign: Softsign;
    sparse_plus: SparsePlus;
    sparse_sigmoid: SparseSigmoid;
    sparsemax: Sparsemax;
    squareplus: Squareplus;
    tanh: Tanh;
    tanh_shrink: TanhShrink;
    threshold: Threshold;
}
