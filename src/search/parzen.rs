//! Densities of an argument's values, estimated from the trials that had it.

use super::SearchValue;
use super::argument_domain::{ArgumentDomain, NumberScale};
use crate::Random;
use rand::Rng;

/// The density of the values of an argument: a mixture of the uniform density and one kernel at each observed value.
///
/// Kernels of numbers are normal densities on the argument's scale, truncated to its range; the width of each is its distance from
/// the farther of its two neighbours, within bounds. An integer has the mass of its interval. Choices are counted.
#[derive(Debug)]
pub(super) struct Parzen<'d> {
    domain: &'d ArgumentDomain,
    form: ParzenForm,
}

#[derive(Debug)]
enum ParzenForm {
    Numbers { scale: NumberScale, kernels: Vec<NormalKernel> },
    Choices { weights: Vec<f64> },
}

/// A normal density truncated to the range.
#[derive(Debug, Clone, Copy)]
struct NormalKernel {
    center: f64,
    width: f64,
    /// The mass of the untruncated density within the range.
    mass: f64,
}

impl<'d> Parzen<'d> {
    pub(super) fn new<'v>(domain: &'d ArgumentDomain, values: impl Iterator<Item = &'v SearchValue>) -> Self {
        let form = match (domain.scale(), domain) {
            (Some(scale), _) => {
                let mut centers: Vec<f64> = values.map(|value| scale.position(value)).collect();
                centers.sort_unstable_by(f64::total_cmp);
                ParzenForm::Numbers { scale, kernels: kernels(&centers, scale) }
            }
            (None, ArgumentDomain::Choice { choices }) => {
                // The uniform density has the weight of one observation, divided among the choices.
                let mut weights = vec![1.0 / choices.len().max(1) as f64; choices.len()];
                for value in values {
                    let index =
                        choices.iter().position(|choice| matches!(value, SearchValue::Choice(one) if one == choice));
                    if let Some(weight) = index.and_then(|index| weights.get_mut(index)) {
                        *weight += 1.0;
                    }
                }
                let sum: f64 = weights.iter().sum();
                weights.iter_mut().for_each(|weight| *weight /= sum);
                ParzenForm::Choices { weights }
            }
            (None, _) => ParzenForm::Choices { weights: Vec::new() },
        };
        Parzen { domain, form }
    }

    /// Draws a value.
    pub(super) fn draw(&self, random: &mut Random) -> SearchValue {
        let (first, second) = (uniform(random), uniform(random));
        match &self.form {
            ParzenForm::Choices { weights } => {
                let mut left = first;
                let index = weights.iter().position(|weight| {
                    left -= weight;
                    left < 0.0
                });
                // The choices are at equal distances in [0, 1).
                let index = index.unwrap_or(weights.len().saturating_sub(1));
                self.domain.at((index as f64 + 0.5) / weights.len().max(1) as f64)
            }
            ParzenForm::Numbers { scale, kernels } => {
                let component = (first * (kernels.len() + 1) as f64) as usize;
                match kernels.get(component) {
                    None => self.domain.at(second),
                    Some(kernel) => {
                        let from = cumulative((scale.low - kernel.center) / kernel.width);
                        let at = kernel.center + kernel.width * quantile(from + second * kernel.mass);
                        self.domain.value(*scale, at.clamp(scale.low, scale.high))
                    }
                }
            }
        }
    }

    /// The logarithm of the density, or of the mass, at a value.
    pub(super) fn log_density(&self, value: &SearchValue) -> f64 {
        match (&self.form, self.domain, value) {
            (ParzenForm::Choices { weights }, ArgumentDomain::Choice { choices }, SearchValue::Choice(value)) => {
                let index = choices.iter().position(|choice| choice == value);
                index.and_then(|index| weights.get(index)).map_or(f64::NEG_INFINITY, |weight| weight.ln())
            }
            (ParzenForm::Numbers { scale, kernels }, ..) => {
                let (from, to) = scale.interval(value);
                let range = scale.high - scale.low;
                let is_point = from == to;
                let uniform = match () {
                    () if range == 0.0 => 1.0,
                    () if is_point => 1.0 / range,
                    () => (to - from) / range,
                };
                let of_kernel = |kernel: &NormalKernel| match is_point {
                    true => {
                        let distance = (from - kernel.center) / kernel.width;
                        (-0.5 * distance * distance).exp()
                            / (kernel.width * (2.0 * std::f64::consts::PI).sqrt() * kernel.mass)
                    }
                    false => {
                        let [low, high] = [from, to].map(|at| cumulative((at - kernel.center) / kernel.width));
                        (high - low) / kernel.mass
                    }
                };
                let sum = uniform + kernels.iter().map(of_kernel).sum::<f64>();
                (sum / (kernels.len() + 1) as f64).ln()
            }
            _ => f64::NEG_INFINITY,
        }
    }
}

/// One kernel at each of the values, which are in ascending order.
fn kernels(centers: &[f64], scale: NumberScale) -> Vec<NormalKernel> {
    let range = scale.high - scale.low;
    if range <= 0.0 {
        return Vec::new();
    }
    let narrowest = range / (1.0 + centers.len() as f64).min(100.0);
    let kernel = |(index, &center): (usize, &f64)| {
        let below = if index == 0 { scale.low } else { centers[index - 1] };
        let above = centers.get(index + 1).copied().unwrap_or(scale.high);
        let width = (center - below).max(above - center).clamp(narrowest, range);
        let mass = cumulative((scale.high - center) / width) - cumulative((scale.low - center) / width);
        NormalKernel { center, width, mass }
    };
    centers.iter().enumerate().map(kernel).collect()
}

/// A number in [0, 1).
fn uniform(random: &mut Random) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// The distribution function of the standard normal distribution, to 1e-7.
///
/// # References
///
/// M. Abramowitz and I. Stegun, *Handbook of Mathematical Functions*, 26.2.17.
fn cumulative(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let series =
        t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt() * series;
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// The inverse of [`cumulative`], by bisection: it has the same error, so that truncated draws stay in their range.
fn quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if cumulative(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    fn domains() -> Vec<ArgumentDomain> {
        vec![
            ArgumentDomain::Integer { low: 1, high: 9 },
            ArgumentDomain::LogInteger { low: 1, high: 60 },
            ArgumentDomain::Float { low: -2.0, high: 3.0 },
            ArgumentDomain::LogFloat { low: 1e-4, high: 1e-1 },
            ArgumentDomain::Choice { choices: ["a", "b", "c"].map(String::from).to_vec() },
        ]
    }

    fn observed(domain: &ArgumentDomain) -> Vec<SearchValue> {
        [0.05, 0.1, 0.12, 0.4, 0.41].map(|at| domain.at(at)).to_vec()
    }

    #[test]
    fn densities_sum_to_one() {
        for domain in domains() {
            let values = observed(&domain);
            let density = Parzen::new(&domain, values.iter());
            let sum: f64 = match domain.scale() {
                Some(scale) if matches!(domain, ArgumentDomain::Float { .. } | ArgumentDomain::LogFloat { .. }) => {
                    let step = (scale.high - scale.low) / 10_000.0;
                    let at = |index: i32| domain.value(scale, scale.low + (f64::from(index) + 0.5) * step);
                    (0..10_000).map(|index| density.log_density(&at(index)).exp() * step).sum()
                }
                _ => domain.points(1000).iter().map(|value| density.log_density(value).exp()).sum(),
            };
            assert!((sum - 1.0).abs() < 1e-5, "{domain:?}: {sum}");
        }
    }

    #[test]
    fn draws_have_the_density() {
        for domain in domains() {
            let values = observed(&domain);
            let density = Parzen::new(&domain, values.iter());
            let mut random = stream(1, Purpose::SearchArguments, 0);
            let draws: Vec<SearchValue> = (0..20_000).map(|_| density.draw(&mut random)).collect();
            assert!(draws.iter().all(|value| domain.contains(value)));
            // The mean of 1/density over draws is the size of the range.
            let expected = match domain.scale() {
                Some(scale) if matches!(domain, ArgumentDomain::Float { .. } | ArgumentDomain::LogFloat { .. }) => {
                    scale.high - scale.low
                }
                _ => domain.points(1000).len() as f64,
            };
            let mean = draws.iter().map(|value| (-density.log_density(value)).exp()).sum::<f64>() / 20_000.0;
            assert!((mean / expected - 1.0).abs() < 0.05, "{domain:?}: {mean}, expected {expected}");
        }
    }

    #[test]
    fn the_normal_distribution_is_inverted() {
        for (x, p) in [(0.0, 0.5), (1.0, 0.841_344_746), (-1.959_963_985, 0.025), (3.0, 0.998_650_102)] {
            assert!((cumulative(x) - p).abs() < 1e-7 && (quantile(p) - x).abs() < 1e-4, "{x}");
        }
    }
}
