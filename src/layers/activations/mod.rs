//! Activations as layers.

use super::Layer;
use crate::items::group;

group! {
    Layer<T>:
    elu: ELU;
    leaky_relu: LeakyReLU;
    prelu: PReLU<T>;
    relu: ReLU;
    softmax: Softmax;
}
