//! The six initializers that scale with a layer's width: Glorot's, He's and LeCun's, uniform and normal.

use super::{Initializer, Shape};
use crate::spec::spec;
use crate::{Random, Scalar};
use rand::distr::Distribution;
use rand_distr::{StandardNormal, Uniform};

/// The standard deviation of a standard normal cut off at ±2, by which the cut ones are widened again.
const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// Values from (−limit, limit).
pub(super) fn fill_uniform<T: Scalar>(values: &mut [T], limit: f64, random: &mut Random) {
    match Uniform::new(-limit, limit) {
        Ok(distribution) => values.iter_mut().for_each(|value| *value = T::of(distribution.sample(random))),
        // An empty or unbounded interval has no other value to give.
        Err(_) => values.fill(T::zero()),
    }
}

/// Values of a normal distribution cut off at twice its deviation, with the given deviation after the cut.
pub(super) fn fill_cut_normal<T: Scalar>(values: &mut [T], deviation: f64, random: &mut Random) {
    let scale = deviation / CUT_DEVIATION;
    for value in values {
        *value = T::of(scale * cut_normal(random));
    }
}

/// One value of the standard normal distribution cut off at ±2.
pub(super) fn cut_normal(random: &mut Random) -> f64 {
    loop {
        // 95 % of the draws are kept.
        let value: f64 = StandardNormal.sample(random);
        if value.abs() <= 2.0 {
            return value;
        }
    }
}

macro_rules! scaled {
    ($name:ident, $class:literal, $formula:literal, $paper:literal, |$fan_in:ident, $fan_out:ident| $scale:expr, uniform) => {
        scaled!(@item $name, $class, concat!("Uniform in (−l, l) with l = √(", $formula, ")."), $paper);

        impl<T: Scalar> Initializer<T> for $name {
            fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
                let ($fan_in, $fan_out) = shape.fans();
                fill_uniform(values, (3.0 * $scale).sqrt(), random);
            }

            fn seed(&self) -> Option<u64> {
                self.seed
            }
        }
    };
    ($name:ident, $class:literal, $formula:literal, $paper:literal, |$fan_in:ident, $fan_out:ident| $scale:expr, normal) => {
        scaled!(
            @item $name,
            $class,
            concat!("Normal with mean 0 and standard deviation √(", $formula, "), cut off at two deviations."),
            $paper
        );

        impl<T: Scalar> Initializer<T> for $name {
            fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
                let ($fan_in, $fan_out) = shape.fans();
                fill_cut_normal(values, f64::sqrt($scale), random);
            }

            fn seed(&self) -> Option<u64> {
                self.seed
            }
        }
    };
    (@item $name:ident, $class:literal, $what:expr, $paper:literal) => {
        spec! {
            #[doc = $what]
            ///
            /// Fan-in and fan-out are the numbers of inputs and units of the kernel.
            ///
            /// # References
            ///
            #[doc = $paper]
            #[doc = concat!("Keras: `keras.initializers.", $class, "`.")]
            pub struct $name: $class {
                /// A seed of its own; without one the values come from the model's seed.
                seed: Option<u64> = None,
            }
        }
    };
}

scaled!(
    GlorotUniform,
    "GlorotUniform",
    "6/(fan-in + fan-out)",
    "X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010.",
    |fan_in, fan_out| 2.0 / (fan_in + fan_out),
    uniform
);
scaled!(
    GlorotNormal,
    "GlorotNormal",
    "2/(fan-in + fan-out)",
    "X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010.",
    |fan_in, fan_out| 2.0 / (fan_in + fan_out),
    normal
);
scaled!(
    HeUniform,
    "HeUniform",
    "6/fan-in",
    "K. He et al., *Delving deep into rectifiers*, ICCV 2015.",
    |fan_in, _fan_out| 2.0 / fan_in,
    uniform
);
scaled!(
    HeNormal,
    "HeNormal",
    "2/fan-in",
    "K. He et al., *Delving deep into rectifiers*, ICCV 2015.",
    |fan_in, _fan_out| 2.0 / fan_in,
    normal
);
scaled!(
    LecunUniform,
    "LecunUniform",
    "3/fan-in",
    "Y. LeCun et al., *Efficient BackProp*, 1998.",
    |fan_in, _fan_out| 1.0 / fan_in,
    uniform
);
scaled!(
    LecunNormal,
    "LecunNormal",
    "1/fan-in",
    "Y. LeCun et al., *Efficient BackProp*, 1998.",
    |fan_in, _fan_out| 1.0 / fan_in,
    normal
);

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn moments(initializer: &dyn Initializer<f64>) -> (f64, f64, f64) {
        let shape = Shape::matrix(300, 200);
        let mut values = vec![0.0; shape.count()];
        initializer.fill(&mut values, shape, &mut Random::seed_from_u64(5));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        (mean, variance.sqrt(), values.iter().fold(0.0, |most, v| v.abs().max(most)))
    }

    #[test]
    fn deviations_and_bounds_are_the_formulas() {
        let cases: [(&dyn Initializer<f64>, f64, bool); 6] = [
            (&GlorotUniform, 2.0 / 500.0, true),
            (&GlorotNormal, 2.0 / 500.0, false),
            (&HeUniform, 2.0 / 300.0, true),
            (&HeNormal, 2.0 / 300.0, false),
            (&LecunUniform, 1.0 / 300.0, true),
            (&LecunNormal, 1.0 / 300.0, false),
        ];
        for (initializer, variance, uniform) in cases {
            let (mean, deviation, largest) = moments(initializer);
            // 60,000 draws: the mean has a standard error of 0.4 % of the deviation, the deviation of 0.3 %.
            assert!(mean.abs() < 0.02 * variance.sqrt(), "{initializer:?}");
            approx::assert_relative_eq!(deviation, variance.sqrt(), max_relative = 0.015);
            let bound = if uniform { (3.0 * variance).sqrt() } else { 2.0 * variance.sqrt() / CUT_DEVIATION };
            assert!(largest <= bound && largest > 0.98 * bound, "{initializer:?}: {largest} of {bound}");
        }
    }
}
