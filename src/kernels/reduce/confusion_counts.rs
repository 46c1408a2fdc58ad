//! The confusion counts of a two-class prediction: true and false positives and negatives at a threshold.

use crate::kernels::{Element, Kernel, Simd, run};

/// The weighted counts of a two-class prediction.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ConfusionCounts {
    pub(crate) true_positives: f64,
    pub(crate) false_positives: f64,
    pub(crate) true_negatives: f64,
    pub(crate) false_negatives: f64,
}

/// Computes the sums from which the counts follow: the weights of all samples, of the positive ones, of those predicted positive,
/// and of those that are both.
struct WeightedCounts<'a, T> {
    y: &'a [T],
    p: &'a [T],
    weights: &'a [T],
    threshold: f64,
}

/// Computes the same sums with unit weights, from the numbers of set bits of masks.
struct UnitCounts<'a, T> {
    y: &'a [T],
    p: &'a [T],
    threshold: f64,
}

impl<T: Element> Kernel<T> for UnitCounts<'_, T> {
    type Output = [u32; 4];

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> [u32; 4] {
        let UnitCounts { y, p, threshold } = self;
        assert!(y.len() == p.len());
        let (zero, threshold) = (s.zero(), s.literal(threshold));
        let whole = y.len() - y.len() % S::LANES;
        let mut numbers = [y.len() as u32, 0, 0, 0];
        for at in (0..whole).step_by(S::LANES) {
            // SAFETY: `at + LANES <= whole`, which neither slice is shorter than.
            let (y, p) = unsafe { (s.load_ptr(y.as_ptr().add(at)), s.load_ptr(p.as_ptr().add(at))) };
            let (positive, predicted) = (s.gt(s.abs(y), zero), s.gt(p, threshold));
            numbers[1] += s.mask_count(positive);
            numbers[2] += s.mask_count(predicted);
            numbers[3] += s.mask_count(s.mask_and(positive, predicted));
        }
        if whole < y.len() {
            // Lanes after the end are zeros: they are not positive, and the mask prevents them from being predicted positive.
            let present = s.gt(s.load(&[T::literal(1.0); crate::kernels::LANES][..y.len() - whole]), zero);
            let (positive, predicted) = (s.gt(s.abs(s.load(&y[whole..])), zero), s.gt(s.load(&p[whole..]), threshold));
            let predicted = s.mask_and(predicted, present);
            numbers[1] += s.mask_count(positive);
            numbers[2] += s.mask_count(predicted);
            numbers[3] += s.mask_count(s.mask_and(positive, predicted));
        }
        numbers
    }
}

/// The counts, where samples with `y ≠ 0` are positive and those with `p > threshold` are predicted positive. Each sample counts with
/// its weight.
pub(crate) fn counts<T: Element + Into<f64>>(
    y: &[T],
    p: &[T],
    weights: Option<&[T]>,
    threshold: f64,
) -> ConfusionCounts {
    // The count of a chunk is exact in the element type; the chunks are added in f64.
    const CHUNK: usize = 4096;
    let mut counts = ConfusionCounts::default();
    for (i, (y, p)) in y.chunks(CHUNK).zip(p.chunks(CHUNK)).enumerate() {
        let [all, positive, predicted, both] = match weights {
            Some(weights) => {
                let weights = &weights[i * CHUNK..i * CHUNK + y.len()];
                run(WeightedCounts { y, p, weights, threshold }).map(Into::into)
            }
            None => run(UnitCounts { y, p, threshold }).map(f64::from),
        };
        counts.true_positives += both;
        counts.false_positives += predicted - both;
        counts.false_negatives += positive - both;
        counts.true_negatives += all - positive - predicted + both;
    }
    counts
}

impl<T: Element> Kernel<T> for WeightedCounts<'_, T> {
    type Output = [T; 4];

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> [T; 4] {
        let WeightedCounts { y, p, weights, threshold } = self;
        assert!(y.len() == p.len() && weights.len() == y.len());
        let (zero, one, threshold) = (s.zero(), s.literal(1.0), s.literal(threshold));
        let mut sums = [zero; 4];
        for at in (0..y.len()).step_by(S::LANES) {
            let length = (y.len() - at).min(S::LANES);
            let weight = s.load(&weights[at..at + length]);
            let (y, p) = (s.load(&y[at..at + length]), s.load(&p[at..at + length]));
            let positive = s.select(s.gt(s.abs(y), zero), weight, zero);
            let predicted = s.gt(p, threshold);
            sums[0] = s.add(sums[0], weight);
            sums[1] = s.add(sums[1], positive);
            sums[2] = s.add(sums[2], s.select(predicted, weight, zero));
            sums[3] = s.mul_add(s.select(predicted, one, zero), positive, sums[3]);
        }
        // A loop, since a closure would not be compiled for the vectors.
        let mut totals = [T::literal(0.0); 4];
        for n in 0..4 {
            totals[n] = s.reduce_sum(sums[n]);
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_a_plain_loop() {
        for n in [0, 1, 5, 16, 33, 5000] {
            let y: Vec<f32> = (0..n).map(|i| f32::from(u8::from(i % 3 == 0))).collect();
            let p: Vec<f32> = (0..n).map(|i| ((i * 7) % 11) as f32 / 10.0).collect();
            let w: Vec<f32> = (0..n).map(|i| (i % 4) as f32).collect();
            for weights in [None, Some(w.as_slice())] {
                let mut wanted = ConfusionCounts::default();
                for i in 0..n {
                    let w = weights.map_or(1.0, |w| f64::from(w[i]));
                    match (y[i] > 0.0, p[i] > 0.5) {
                        (true, true) => wanted.true_positives += w,
                        (false, true) => wanted.false_positives += w,
                        (true, false) => wanted.false_negatives += w,
                        (false, false) => wanted.true_negatives += w,
                    }
                }
                assert_eq!(counts(&y, &p, weights, 0.5), wanted);
            }
        }
    }
}
