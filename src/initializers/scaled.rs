//! The six initializers that scale with a layer's width: Glorot's, He's and LeCun's, uniform and normal.

use super::{Distribution, Fan, Initializer, Shape, VarianceScaling};
use crate::items::item;
use crate::{Random, Result, Scalar};

macro_rules! scaled {
    ($name:ident, $class:literal, $formula:literal, $paper:literal, $scale:literal, $fan:ident, Uniform) => {
        scaled!(@item $name, $class, concat!("Uniform in (−l, l) with l = √(", $formula, ")."), $paper);
        scaled!(@draw $name, $scale, $fan, Uniform);
    };
    ($name:ident, $class:literal, $formula:literal, $paper:literal, $scale:literal, $fan:ident, TruncatedNormal) => {
        scaled!(
            @item $name,
            $class,
            concat!("Normal with mean 0 and standard deviation √(", $formula, "), cut off at two deviations."),
            $paper
        );
        scaled!(@draw $name, $scale, $fan, TruncatedNormal);
    };
    (@item $name:ident, $class:literal, $what:expr, $paper:literal) => {
        item! {
            #[doc = $what]
            ///
            /// Fan-in and fan-out are the numbers of inputs and units of the kernel.
            ///
            /// # References
            ///
            #[doc = $paper]
            #[doc = concat!("Keras: `keras.initializers.", $class, "`.")]
            pub struct $name: $class {
                /// A seed for these values; by default they are drawn from the model's seed.
                seed: Option<u64> = None,
                /// The axes whose extents multiply to fan-in, together with `output_axes`; by default the rows.
                input_axes: Option<Vec<i64>> = None,
                /// The axes whose extents multiply to fan-out, together with `input_axes`; by default the columns.
                output_axes: Option<Vec<i64>> = None,
            }
        }
    };
    (@draw $name:ident, $scale:literal, $fan:ident, $distribution:ident) => {
        impl $name {
            fn scaling(&self) -> VarianceScaling {
                VarianceScaling {
                    scale: $scale,
                    mode: Fan::$fan,
                    distribution: Distribution::$distribution,
                    seed: self.seed,
                    input_axes: self.input_axes.clone(),
                    output_axes: self.output_axes.clone(),
                }
            }
        }

        impl<T: Scalar> Initializer<T> for $name {
            fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
                self.scaling().fill(values, shape, random);
            }

            fn seed(&self) -> Option<u64> {
                self.seed
            }

            fn check_shape(&self, shape: Shape) -> Result<()> {
                Initializer::<T>::check_shape(&self.scaling(), shape)
            }
        }
    };
}

scaled!(
    GlorotUniform,
    "GlorotUniform",
    "6/(fan-in + fan-out)",
    "X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010.",
    1.0,
    Average,
    Uniform
);
scaled!(
    GlorotNormal,
    "GlorotNormal",
    "2/(fan-in + fan-out)",
    "X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010.",
    1.0,
    Average,
    TruncatedNormal
);
scaled!(
    HeUniform,
    "HeUniform",
    "6/fan-in",
    "K. He et al., *Delving deep into rectifiers*, ICCV 2015.",
    2.0,
    In,
    Uniform
);
scaled!(
    HeNormal,
    "HeNormal",
    "2/fan-in",
    "K. He et al., *Delving deep into rectifiers*, ICCV 2015.",
    2.0,
    In,
    TruncatedNormal
);
scaled!(LecunUniform, "LecunUniform", "3/fan-in", "Y. LeCun et al., *Efficient BackProp*, 1998.", 1.0, In, Uniform);
scaled!(
    LecunNormal,
    "LecunNormal",
    "1/fan-in",
    "Y. LeCun et al., *Efficient BackProp*, 1998.",
    1.0,
    In,
    TruncatedNormal
);

#[cfg(test)]
mod tests {
    use super::super::variance_scaling::CUT_DEVIATION;
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
            // 60,000 draws: the mean has a standard error of 0.4% of the deviation, the deviation of 0.3%.
            assert!(mean.abs() < 0.02 * variance.sqrt(), "{initializer:?}");
            approx::assert_relative_eq!(deviation, variance.sqrt(), max_relative = 0.015);
            let bound = if uniform { (3.0 * variance).sqrt() } else { 2.0 * variance.sqrt() / CUT_DEVIATION };
            assert!(largest <= bound && largest > 0.98 * bound, "{initializer:?}: {largest} of {bound}");
        }
    }
}
