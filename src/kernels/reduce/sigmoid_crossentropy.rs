//! The sigmoid and the binary cross-entropy after it, in one pass.

use crate::kernels::functions::{ln_1p_unit, sigmoid_and_exp};
use crate::kernels::{Element, Kernel, LANES, Simd};

/// Binary cross-entropy of logits.
///
/// With `p = 1/(1 + e⁻ᶻ)` the loss `−y·ln p − (1 − y)·ln(1 − p)` equals `max(z, 0) − z·y + ln(1 + e^(−|z|))`,
/// which neither overflows nor takes the logarithm of 0; its derivative is `p − y`.
/// Without `GRADIENT` neither `scale` nor `dz` is accessed.
pub(super) struct SigmoidCrossentropy<'a, T, const GRADIENT: bool> {
    pub(super) z: &'a [T],
    pub(super) y: &'a [T],
    pub(super) label_smoothing: f64,
    pub(super) scale: &'a [T],
    pub(super) p: &'a mut [T],
    pub(super) losses: &'a mut [T],
    pub(super) dz: &'a mut [T],
    pub(super) stride: usize,
}

impl<T: Element, const GRADIENT: bool> Kernel<T> for SigmoidCrossentropy<'_, T, GRADIENT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SigmoidCrossentropy { z, y, label_smoothing, scale, p, losses, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && losses.len() == stride && scale.len() == stride);
        assert!(z.len() == y.len() && z.len() == p.len() && (!GRADIENT || z.len() == dz.len()));
        let inverse_outputs = s.literal(stride as f64 / z.len() as f64);
        let (keep, spread) = (s.literal(1.0 - label_smoothing), s.literal(0.5 * label_smoothing));
        for lane in (0..stride).step_by(S::LANES) {
            let scale = s.mul(s.load(&scale[lane..]), inverse_outputs);
            let mut total = s.zero();
            for at in (lane..z.len()).step_by(stride) {
                let z = s.load(&z[at..]);
                let y = s.mul_add(s.load(&y[at..]), keep, spread);
                let (probability, e) = sigmoid_and_exp(s, z);
                let loss = s.add(s.sub(s.max(s.zero(), z), s.mul(z, y)), ln_1p_unit(s, e));
                total = s.add(total, loss);
                s.store(&mut p[at..], probability);
                if GRADIENT {
                    s.store(&mut dz[at..], s.mul(s.sub(probability, y), scale));
                }
            }
            s.store(&mut losses[lane..], s.mul(total, inverse_outputs));
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
        let (stride, outputs, label_smoothing) = (32, 2, 0.2);
        let z: Vec<f64> = (0..stride * outputs).map(|i| ((i * 29) % 17) as f64 / 2.0 - 4.0).collect();
        let y: Vec<f64> = (0..stride * outputs).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
        let scale: Vec<f64> = (0..stride).map(|lane| 0.5 + lane as f64).collect();
        for level in Level::all() {
            let (mut p, mut dz, mut losses) = (vec![0.0; z.len()], vec![0.0; z.len()], vec![0.0; stride]);
            let kernel = SigmoidCrossentropy::<f64, true> {
                z: &z,
                y: &y,
                label_smoothing,
                scale: &scale,
                p: &mut p,
                losses: &mut losses,
                dz: &mut dz,
                stride,
            };
            f64::dispatch(kernel, level);
            for lane in 0..stride {
                let mut loss = 0.0;
                for at in [lane, stride + lane] {
                    let (q, y) =
                        (1.0 / (1.0 + (-z[at]).exp()), y[at] * (1.0 - label_smoothing) + 0.5 * label_smoothing);
                    loss -= (y * q.ln() + (1.0 - y) * (1.0 - q).ln()) / outputs as f64;
                    assert_relative_eq!(p[at], q, max_relative = 1e-14);
                    let gradient = (q - y) * scale[lane] / outputs as f64;
                    assert_relative_eq!(dz[at], gradient, max_relative = 1e-11, epsilon = 1e-14);
                }
                assert_relative_eq!(losses[lane], loss, max_relative = 1e-13);
            }
        }
    }
}
