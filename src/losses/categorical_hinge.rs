use super::rowwise::{Gradient, Rowwise, Samples, rowwise};
use super::{Loss, Reduction, Targets};
use crate::Scalar;
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The categorical hinge loss, `max(neg − pos + 1, 0)` with `pos = Σⱼ yⱼ·pⱼ` and `neg = maxⱼ (1 − yⱼ)·pⱼ`.
    ///
    /// Targets are one-hot. Outputs that share the maximum share its derivative.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Linear)).compile(Adam::default(), CategoricalHinge, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.CategoricalHinge`.
    pub struct CategoricalHinge: "CategoricalHinge" {
        /// How the samples' losses become one.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

/// `(1 − y)·p` of one output.
#[inline(always)]
fn missed<T: Element, S: Simd<T>>(s: S, samples: &Samples<'_, T>, output: usize) -> S::V {
    s.mul(s.sub(s.literal(1.0), samples.y(s, output)), samples.p(s, output))
}

/// `Σ y·p` and `max (1 − y)·p`.
#[inline(always)]
fn hit_and_miss<T: Element, S: Simd<T>>(s: S, samples: &Samples<'_, T>) -> (S::V, S::V) {
    let mut hit = s.mul(samples.y(s, 0), samples.p(s, 0));
    let mut miss = missed(s, samples, 0);
    for output in 1..samples.outputs() {
        hit = s.mul_add(samples.y(s, output), samples.p(s, output), hit);
        miss = s.max(miss, missed(s, samples, output));
    }
    (hit, miss)
}

impl<T: Element> Rowwise<T> for CategoricalHinge {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &Samples<'_, T>) -> S::V {
        let (hit, miss) = hit_and_miss(s, samples);
        s.max(s.zero(), s.add(s.sub(miss, hit), s.literal(1.0)))
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &Samples<'_, T>, scale: S::V, to: &mut Gradient<'_, T>) {
        let one = s.literal(1.0);
        let (hit, miss) = hit_and_miss(s, samples);
        let scale = s.select(s.gt(s.add(s.sub(miss, hit), one), s.zero()), scale, s.zero());
        let mut ties = s.zero();
        for output in 0..samples.outputs() {
            ties = s.add(ties, s.select(s.ge(missed(s, samples, output), miss), one, s.zero()));
        }
        let share = s.div(one, ties);
        for output in 0..samples.outputs() {
            let y = samples.y(s, output);
            let largest = s.ge(missed(s, samples, output), miss);
            let away = s.select(largest, s.mul(s.sub(one, y), share), s.zero());
            to.set(s, output, s.mul(scale, s.sub(away, y)));
        }
    }
}

impl<T: Scalar> Loss<T> for CategoricalHinge {
    rowwise!();

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }
}
