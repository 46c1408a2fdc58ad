//! Limits on the gradients.

use super::scale::Scale;
use crate::Scalar;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, sums};
use crate::optimizers::Settings;
use crate::variables::Variable;
use std::ops::Range;

/// The one limit that is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Clipping {
    None,
    /// Limits the norm of each variable's gradient.
    Norm(f64),
    /// Limits the norm of all gradients together.
    GlobalNorm(f64),
    /// Limits the magnitude of every number.
    Value(f64),
}

struct Bound {
    magnitude: f64,
}

impl<T: Element> Lanewise<T, 1, 1> for Bound {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g]: [S::V; 1]) -> [S::V; 1] {
        [s.max(s.literal(-self.magnitude), s.min(s.literal(self.magnitude), g))]
    }
}

impl Clipping {
    pub(crate) fn new(settings: &Settings) -> Self {
        match (settings.clipnorm, settings.global_clipnorm, settings.clipvalue) {
            (Some(norm), _, _) => Clipping::Norm(norm),
            (_, Some(norm), _) => Clipping::GlobalNorm(norm),
            (_, _, Some(magnitude)) => Clipping::Value(magnitude),
            _ => Clipping::None,
        }
    }

    /// Clips the gradients of the runs of trainable variables.
    pub(crate) fn apply<T: Scalar>(
        self,
        gradients: &mut [T],
        variables: &[Variable],
        runs: &[(Range<usize>, Range<usize>)],
    ) {
        match self {
            Clipping::None => {}
            Clipping::Norm(limit) => {
                for variable in runs.iter().flat_map(|(run, _)| &variables[run.clone()]) {
                    let gradient = &mut gradients[variable.range()];
                    let norm = sums::squares(gradient).sqrt();
                    shorten(gradient, norm, limit);
                }
            }
            Clipping::GlobalNorm(limit) => {
                let squares: f64 = runs.iter().map(|(_, range)| sums::squares(&gradients[range.clone()])).sum();
                for (_, range) in runs {
                    shorten(&mut gradients[range.clone()], squares.sqrt(), limit);
                }
            }
            Clipping::Value(magnitude) => {
                for (_, range) in runs {
                    lanewise::update(&Bound { magnitude }, [], [&mut gradients[range.clone()]]);
                }
            }
        }
    }
}

/// Scales a gradient of norm `norm` to at most `limit`. A norm that is NaN makes the gradient NaN, so that it is noticed.
fn shorten<T: Scalar>(gradient: &mut [T], norm: f64, limit: f64) {
    if norm > limit || norm.is_nan() {
        lanewise::update(&Scale { factor: limit / norm }, [], [gradient]);
    }
}
