//! The sigmoid and the binary cross-entropy that follows it in one pass.

use crate::kernels::functions::{ln_1p_unit, sigmoid_and_exp};
use crate::kernels::{Element, Kernel, LANES, Simd};

/// Binary cross-entropy of logits.
///
/// With `p = 1/(1 + e⁻ᶻ)` the loss `−y·ln p − (1 − y)·ln(1 − p)` equals `max(z, 0) − z·y + ln(1 + e^(−|z|))`,
/// which neither overflows nor takes the logarithm of 0; its derivative is `p − y`.
/// Without `GRADIENT` neither `scale` nor `dz` is touched.
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
