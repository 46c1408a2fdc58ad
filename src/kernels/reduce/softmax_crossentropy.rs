//! Softmax and the cross-entropy after it, in one pass.

use super::class_crossentropy::one_hot;
use super::softmax::{exponentials, max_over_columns};
use crate::kernels::functions::ln;
use crate::kernels::{Element, Kernel, LANES, Simd};

/// The cross-entropy `−Σⱼ yⱼ·ln softmax(z)ⱼ` of logits: probabilities, loss per sample and `(p·Σy − y)·scale`.
///
/// `ln softmax(z)ⱼ = zⱼ − max − ln Σₖ e^(zₖ − max)`, so no logarithm of 0 is taken.
pub(super) struct SoftmaxCrossentropy<'a, T, const GRADIENT: bool> {
    /// `classes` columns.
    pub(super) z: &'a [T],
    /// One column of class indices, or `classes` columns of class probabilities.
    pub(super) y: &'a [T],
    pub(super) sparse: bool,
    /// `y` becomes `y·(1 − s) + s/classes`; not for indices.
    pub(super) label_smoothing: f64,
    /// One factor of the gradient per sample.
    pub(super) scale: &'a [T],
    pub(super) p: &'a mut [T],
    pub(super) losses: &'a mut [T],
    pub(super) dz: &'a mut [T],
    pub(super) stride: usize,
}

impl<T: Element, const GRADIENT: bool> Kernel<T> for SoftmaxCrossentropy<'_, T, GRADIENT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SoftmaxCrossentropy { z, y, sparse, label_smoothing, scale, p, losses, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && z.len() == p.len() && (!GRADIENT || z.len() == dz.len()));
        let classes = z.len() / stride;
        let keep = s.literal(1.0 - label_smoothing);
        let spread = s.literal(label_smoothing / classes as f64);
        let zero = s.zero();
        for lane in (0..stride).step_by(S::LANES) {
            let max = max_over_columns(s, z, stride, lane);
            let sum = exponentials(s, z, p, stride, lane, max);
            let inverse_sum = s.div(s.literal(1.0), sum);
            let log_sum = s.add(ln(s, sum), max);
            let target = |class: usize| {
                if sparse {
                    one_hot(s, s.load(&y[lane..]), class)
                } else {
                    s.mul_add(s.load(&y[class * stride + lane..]), keep, spread)
                }
            };
            let (mut total, mut value) = (zero, zero);
            for class in 0..classes {
                let y = target(class);
                total = s.add(total, y);
                value = s.mul_add(y, s.sub(log_sum, s.load(&z[class * stride + lane..])), value);
            }
            s.store(&mut losses[lane..], value);
            let scale = s.load(&scale[lane..]);
            for class in 0..classes {
                let at = class * stride + lane;
                let probability = s.mul(s.load(&p[at..]), inverse_sum);
                s.store(&mut p[at..], probability);
                if GRADIENT {
                    let gradient = s.sub(s.mul(probability, total), target(class));
                    s.store(&mut dz[at..], s.mul(gradient, scale));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;
    use approx::assert_relative_eq;

    #[test]
    fn equals_the_definition_at_every_level() {
        let (stride, classes, label_smoothing) = (16, 3, 0.1);
        let z: Vec<f64> = (0..stride * classes).map(|i| ((i * 29) % 17) as f64 / 2.0 - 4.0).collect();
        let indices: Vec<f64> = (0..stride).map(|lane| (lane % classes) as f64).collect();
        let one_hot: Vec<f64> =
            (0..stride * classes).map(|i| f64::from(u8::from(i / stride == i % stride % classes))).collect();
        let scale: Vec<f64> = (0..stride).map(|lane| 0.5 + lane as f64).collect();
        for (level, sparse) in Level::all().flat_map(|level| [(level, false), (level, true)]) {
            let label_smoothing = if sparse { 0.0 } else { label_smoothing };
            let (mut p, mut dz, mut losses) = (vec![0.0; z.len()], vec![0.0; z.len()], vec![0.0; stride]);
            let kernel = SoftmaxCrossentropy::<f64, true> {
                z: &z,
                y: if sparse { &indices } else { &one_hot },
                sparse,
                label_smoothing,
                scale: &scale,
                p: &mut p,
                losses: &mut losses,
                dz: &mut dz,
                stride,
            };
            f64::dispatch(kernel, level);
            for lane in 0..stride {
                let at = |class: usize| class * stride + lane;
                let sum: f64 = (0..classes).map(|class| z[at(class)].exp()).sum();
                let y = |class: usize| one_hot[at(class)] * (1.0 - label_smoothing) + label_smoothing / classes as f64;
                let loss: f64 = (0..classes).map(|class| -y(class) * (z[at(class)].exp() / sum).ln()).sum();
                assert_relative_eq!(losses[lane], loss, max_relative = 1e-12);
                for class in 0..classes {
                    let q = z[at(class)].exp() / sum;
                    assert_relative_eq!(p[at(class)], q, max_relative = 1e-13);
                    assert_relative_eq!(
                        dz[at(class)],
                        (q - y(class)) * scale[lane],
                        max_relative = 1e-10,
                        epsilon = 1e-13
                    );
                }
            }
        }
    }
}
