//! Layers that perturb or penalize in training and pass their input through in prediction.

mod forms;
use super::Layer;
use crate::items::group;

group! {
    Layer<T>:
    activity_regularization: ActivityRegularization;
    alpha_dropout: AlphaDropout;
    dropout: Dropout;
    gaussian_dropout: GaussianDropout;
    gaussian_noise: GaussianNoise;
}
