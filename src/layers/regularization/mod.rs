//! Layers that disturb or penalize in training and hand their input on in prediction.

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
