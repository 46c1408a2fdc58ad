//! A number line: its ends, round ticks on it, and the position of a value.

use super::number;

/// A range of numbers with ticks at multiples of 1, 2 or 5 times a power of ten.
pub(super) struct PlotAxis {
    low: f64,
    high: f64,
    pub(super) ticks: Vec<f64>,
    step: f64,
}

impl PlotAxis {
    /// The axis from `low` to `high` with about `wanted` ticks; `whole` keeps ticks to whole numbers.
    pub(super) fn exact(low: f64, high: f64, wanted: usize, whole: bool) -> PlotAxis {
        let (low, high) = opened(low, high);
        let step = round_step(low, high, wanted, whole);
        let mut ticks = Vec::new();
        let first = (low / step - 1e-9).ceil();
        // Bounded by a count, since adding 1 to a huge quotient may have no effect.
        for i in 0..=4 * wanted {
            let tick = (first + i as f64) * step;
            if !tick.is_finite() || tick > high + 1e-9 * step {
                break;
            }
            if ticks.last() != Some(&tick) {
                ticks.push(tick);
            }
        }
        if ticks.is_empty() {
            ticks = vec![low, high];
        }
        PlotAxis { low, high, ticks, step }
    }

    /// The axis whose ends are the ticks next outside `low` and `high`.
    pub(super) fn rounded(low: f64, high: f64, wanted: usize) -> PlotAxis {
        let (low, high) = opened(low, high);
        let step = round_step(low, high, wanted, false);
        let outer_low = (low / step + 1e-9).floor() * step;
        let outer_high = (high / step - 1e-9).ceil() * step;
        if outer_low.is_finite() && outer_high.is_finite() {
            PlotAxis::exact(outer_low, outer_high, wanted, false)
        } else {
            PlotAxis::exact(low, high, wanted, false)
        }
    }

    /// The position of `value`: 0 at the low end, 1 at the high end. Halves keep the span of the largest numbers finite.
    pub(super) fn place(&self, value: f64) -> f64 {
        (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)
    }

    /// A tick as text, with as many decimals as distinguish it from the next one.
    pub(super) fn label(&self, tick: f64) -> String {
        let decimals = (-(self.step.log10() + 1e-9).floor()).max(0.0) as usize;
        if decimals > 5 || tick.abs() >= 1e10 {
            if tick == 0.0 { "0".to_string() } else { number::scientific(tick, 1) }
        } else {
            number::fixed(tick, decimals)
        }
    }
}

/// A range of some length: equal (or nearly equal) ends are spread.
fn opened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high / 2.0 - low / 2.0 > 1e-12 * size && size > 1e-290 {
        (low, high)
    } else if size <= 1e-290 {
        (0.0, 1.0)
    } else if size > 1e300 {
        (low * 0.5, high * 0.5 + size * 0.1)
    } else {
        (low - 0.1 * size, high + 0.1 * size)
    }
}

/// The step of 1, 2 or 5 times a power of ten for about `wanted` ticks.
fn round_step(low: f64, high: f64, wanted: usize, whole: bool) -> f64 {
    let count = wanted.max(1) as f64;
    let raw = high / count - low / count;
    let power = 10f64.powf(raw.log10().floor());
    let step = match raw / power {
        r if r <= 1.0 + 1e-9 => power,
        r if r <= 2.0 + 1e-9 => 2.0 * power,
        r if r <= 5.0 + 1e-9 => 5.0 * power,
        _ => 10.0 * power,
    };
    if whole { step.max(1.0) } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &PlotAxis) -> Vec<String> {
        axis.ticks.iter().map(|&t| axis.label(t)).collect()
    }

    #[test]
    fn ticks_are_round_and_labelled_with_the_decimals_they_need() {
        assert_eq!(labels(&PlotAxis::rounded(0.413, 0.598, 5)), ["0.40", "0.45", "0.50", "0.55", "0.60"]);
        assert_eq!(
            labels(&PlotAxis::rounded(0.0, 401_516.0, 5)),
            ["0", "100,000", "200,000", "300,000", "400,000", "500,000"]
        );
        assert_eq!(labels(&PlotAxis::exact(-1.0, 1.0, 4, false)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(&PlotAxis::exact(1.0, 4.0, 8, true)), ["1", "2", "3", "4"]);
    }

    #[test]
    fn values_are_between_the_ends() {
        let axis = PlotAxis::rounded(0.2, 0.9, 5);
        assert_eq!(axis.place(0.2), 0.0);
        assert!((axis.place(0.6) - 0.5).abs() < 1e-12);
        assert!(axis.place(0.9) <= 1.0);
    }

    #[test]
    fn extreme_ranges_have_few_finite_ticks() {
        let ends = [0.0, -0.0, 5e-324, 1e-300, 1.0, 1.0 + 1e-15, 1e17, 1e17 + 16.0, 1e300, f64::MAX, -f64::MAX];
        for low in ends {
            for high in ends.into_iter().filter(|h| *h >= low) {
                for axis in [PlotAxis::rounded(low, high, 5), PlotAxis::exact(low, high, 5, true)] {
                    assert!(!axis.ticks.is_empty() && axis.ticks.len() <= 21, "{low} {high}: {:?}", axis.ticks);
                    assert!(axis.ticks.iter().all(|&t| t.is_finite() && axis.place(t).is_finite()), "{low} {high}");
                    assert!(
                        axis.place(high) > axis.place(low)
                            || high / 2.0 - low / 2.0 <= 1e-12 * high.abs().max(low.abs())
                    );
                }
            }
        }
    }
}
