//! The distribution of each number: a monotone map from a standard normal variable to dollars or per cent.
//!
//! Between two points of a table the logarithm of the value is a straight line in the latent variable, that is,
//! the value is piecewise log-normal. Below the first point the value is the minimum, from the last point on the
//! maximum, so both extremes of the challenge file occur.
//!
//! The latent positions are the quantiles of the latent variable *among all rows* (among rows with a balance for
//! the balance); they differ from the normal ones by up to 0.03 because incomplete rows are mostly defaults.
//! Published quartiles are marked; the other points follow the closed loans, adjusted to the published mean
//! and standard deviation.

use super::interpolation::PiecewiseLinear;

/// The standard-normal quantile at which a table ends that has one largest (or smallest) loan: exceeded by about five rows of the portfolio.
const EXTREME: f64 = 4.3;

/// The distribution of one number.
#[derive(Debug)]
pub(super) struct Marginal {
    minimum: f64,
    logarithm: PiecewiseLinear,
}

impl Marginal {
    fn new(minimum: f64, points: &[(f64, f64)]) -> Self {
        let logarithm = PiecewiseLinear::new(points.iter().map(|&(latent, value)| (latent, value.ln())));
        Self { minimum, logarithm }
    }

    /// The value for a latent variable; increases with it.
    pub(super) fn value(&self, latent: f64) -> f64 {
        if latent < self.logarithm.start() { self.minimum } else { self.logarithm.at(latent).exp() }
    }
}

/// Amount funded by investors, in dollars: 0 to 35,000.
pub(super) fn amount() -> Marginal {
    Marginal::new(
        0.0,
        &[
            (-2.7416, 500.0),    // 0.3%
            (-2.3225, 1_500.0),  // 1%
            (-1.6393, 3_500.0),  // 5%
            (-1.2756, 5_000.0),  // 10%
            (-0.6675, 8_000.0),  // lower quartile, published
            (-0.2467, 10_800.0), // 40%
            (0.0076, 13_000.0),  // median, published
            (0.2621, 16_600.0),  // 60%
            (0.6825, 20_000.0),  // upper quartile, published
            (1.2907, 27_100.0),  // 90%
            (1.6538, 31_700.0),  // 95%
            (1.8900, 35_000.0),  // 97%; maximum, published
        ],
    )
}

/// Interest rate, in per cent a year: 5.32 to 28.99.
pub(super) fn rate() -> Marginal {
    Marginal::new(
        5.32,
        &[
            (-2.3073, 5.32), // 1%; minimum, published
            (-1.6212, 6.65), // 5%
            (-1.2528, 7.69), // 10%
            (-0.6429, 9.99), // lower quartile, published
            (0.0335, 12.99), // median, published
            (0.7083, 16.20), // upper quartile, published
            (1.3159, 18.60), // 90%
            (1.6780, 21.60), // 95%
            (2.3513, 25.40), // 99%
            (EXTREME, 28.99),
        ],
    )
}

/// Annual income, in dollars: 1,200 to 9,500,000.
pub(super) fn income() -> Marginal {
    Marginal::new(
        1_200.0,
        &[
            (-EXTREME, 1_200.0),
            (-3.1116, 9_000.0),  // 0.1%
            (-2.3338, 19_500.0), // 1%
            (-1.6563, 28_000.0), // 5%
            (-1.2940, 34_000.0), // 10%
            (-0.6868, 45_000.0), // lower quartile, published
            (-0.0108, 65_000.0), // median, published
            (0.6652, 90_000.0),  // upper quartile, published
            (1.2726, 124_000.0), // 90%
            (1.6348, 151_000.0), // 95%
            (2.3116, 228_500.0), // 99%
            (3.0893, 615_000.0), // 99.9%
            (3.8731, 1_400_000.0),
            (EXTREME, 9_500_000.0),
        ],
    )
}

/// Interest received so far, in dollars: 0 to 23,062.45.
pub(super) fn interest() -> Marginal {
    Marginal::new(
        0.0,
        &[
            (-2.9365, 1.0),     // 0.17%
            (-2.3298, 22.0),    // 1%
            (-1.6433, 100.0),   // 5%
            (-1.2770, 180.0),   // 10%
            (-0.6678, 441.35),  // lower quartile, published
            (0.0092, 1_074.12), // median, published
            (0.6854, 2_243.08), // upper quartile, published
            (1.2928, 4_170.0),  // 90%
            (1.6570, 5_860.0),  // 95%
            (2.3391, 11_300.0), // 99%
            (EXTREME, 23_062.45),
        ],
    )
}

/// Current balance of all accounts, in dollars: 0 to 8,000,078.
pub(super) fn balance() -> Marginal {
    Marginal::new(
        0.0,
        &[
            (-3.2905, 12.0),       // 0.05%
            (-2.7478, 1_000.0),    // 0.3%
            (-2.3263, 3_450.0),    // 1%
            (-1.6449, 8_400.0),    // 5%
            (-1.2816, 13_600.0),   // 10%
            (-0.6745, 29_840.0),   // lower quartile, published
            (-0.2533, 53_000.0),   // 40%
            (0.0, 80_670.0),       // median, published
            (0.2533, 124_000.0),   // 60%
            (0.6745, 208_479.0),   // upper quartile, published
            (1.2816, 342_000.0),   // 90%
            (1.6449, 440_000.0),   // 95%
            (2.3263, 680_000.0),   // 99%
            (3.0902, 1_150_000.0), // 99.9%
            (3.9, 1_700_000.0),
            (EXTREME, 8_000_078.0),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_increase_from_the_minimum_to_the_maximum() {
        for (marginal, minimum, maximum) in [
            (amount(), 0.0, 35_000.0),
            (rate(), 5.32, 28.99),
            (income(), 1_200.0, 9_500_000.0),
            (interest(), 0.0, 23_062.45),
            (balance(), 0.0, 8_000_078.0),
        ] {
            let values: Vec<f64> = (-100..=100).map(|step| marginal.value(f64::from(step) * 0.05)).collect();
            assert!(values.is_sorted());
            approx::assert_relative_eq!(values[0], minimum, max_relative = 1e-12);
            approx::assert_relative_eq!(values[200], maximum, max_relative = 1e-12);
        }
    }
}
