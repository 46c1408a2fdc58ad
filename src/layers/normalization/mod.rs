//! Layers that scale their input, or their weights, to a common scale.

mod forms;
use super::Layer;
use crate::items::group;

group! {
    Layer<T>:
    batch_normalization: BatchNormalization<T>;
    group_normalization: GroupNormalization<T>;
    layer_normalization: LayerNormalization<T>;
    rms_normalization: RMSNormalization;
    spectral_normalization: SpectralNormalization<T>;
    unit_normalization: UnitNormalization;
}
