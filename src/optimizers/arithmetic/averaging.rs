//! The moving average of the weights.

use crate::Scalar;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::optimizers::Settings;
use std::ops::Range;

/// When and how weights are averaged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Averaging {
    momentum: f64,
    overwrite_frequency: Option<u64>,
}

/// `m·average + (1 − m)·w`.
struct Blend {
    momentum: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Blend {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [w, average]: [S::V; 2]) -> [S::V; 1] {
        [s.mul_add(average, s.literal(self.momentum), s.mul(w, s.literal(1.0 - self.momentum)))]
    }
}

impl Averaging {
    /// The averaging of the settings; `None` unless `use_ema` is set.
    pub(crate) fn new(settings: &Settings) -> Option<Self> {
        settings.use_ema.then_some(Averaging {
            momentum: settings.ema_momentum,
            overwrite_frequency: settings.ema_overwrite_frequency,
        })
    }

    /// Updates the average with the weights after a step before which there were `updates` updates.
    ///
    /// As in Keras, the average after the first update is the weights themselves, and steps that only accumulate
    /// gradients count too.
    pub(crate) fn step<T: Scalar>(
        self,
        weights: &mut [T],
        average: &mut [T],
        ranges: impl Iterator<Item = Range<usize>>,
        updates: u64,
    ) {
        let momentum = if updates == 0 { 0.0 } else { self.momentum };
        let overwrite = self.overwrite_frequency.is_some_and(|frequency| (updates + 1).is_multiple_of(frequency));
        for range in ranges {
            let (weights, average) = (&mut weights[range.clone()], &mut average[range]);
            lanewise::update(&Blend { momentum }, [&*weights], [&mut *average]);
            if overwrite {
                weights.copy_from_slice(average);
            }
        }
    }
}
