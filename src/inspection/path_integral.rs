//! Adaptive quadrature of a gradient along a line. The integral of the directional derivative is known, which checks each interval.

use crate::Result;

/// Values and gradients of a function at points of a line from 0 to 1: `evaluate(points, values, gradients)` writes a value
/// for each point and, one after another, the gradients multiplied by the direction of the line, whose sum is the directional
/// derivative.
pub(super) type Evaluate<'a> = dyn FnMut(&[f64], &mut Vec<f64>, &mut Vec<f64>) -> Result<()> + 'a;

/// The nodes and weights of three-point Gauss–Legendre quadrature on [−1, 1].
const NODES: [(f64, f64); 3] =
    [(-0.774_596_669_241_483_4, 5.0 / 9.0), (0.0, 8.0 / 9.0), (0.774_596_669_241_483_4, 5.0 / 9.0)];
/// The number of initial intervals: their nodes and ends fill one block of the gradients.
pub(super) const INITIAL_INTERVALS: usize = 15;
/// The largest number of bisections of an initial interval.
const MAX_DEPTH: u32 = 16;
/// The number of evaluated points after which no interval is divided.
const MAX_EVALUATIONS: usize = 16_384;

/// A part of the line, with the function's values at its ends.
#[derive(Debug, Clone, Copy)]
struct Interval {
    from: f64,
    to: f64,
    first: f64,
    last: f64,
    depth: u32,
}

/// The point at which an interval is divided.
struct IntervalSplit {
    interval: Interval,
    at: f64,
}

/// The integral of each coordinate's gradient, from at least `initial` intervals; with a map that of the gradient of `map(f)`.
///
/// The gradients are those of `f`. In each interval a map multiplies them by the slope of its secant, so that the integrals add up to its
/// difference even where it is nearly a step; as the intervals shrink this is the chain rule.
///
/// In each interval the sum of the coordinates' integrals must be the difference of the values at its ends, within a
/// tolerance; an interval where it is not is divided. Between two layers of relu the gradient jumps at single points: there
/// the tangents from both sides meet, which is where the interval is divided, so that few splits are needed.
pub(super) fn integrate(
    coordinates: usize,
    initial: usize,
    map: Option<&dyn Fn(f64) -> f64>,
    tolerance: &dyn Fn(f64, f64) -> f64,
    evaluate: &mut Evaluate<'_>,
) -> Result<Vec<f64>> {
    let mut integrals = vec![0.0; coordinates];
    let mut evaluated = EvaluatedPoints::default();
    let ends: Vec<f64> = (0..=initial).map(|end| end as f64 / initial as f64).collect();
    let mut points = ends.clone();
    ends.windows(2).for_each(|pair| points.extend(nodes(pair[0], pair[1])));
    evaluated.evaluate(&points, evaluate)?;
    let tolerance = tolerance(evaluated.values[0], evaluated.values[initial]);
    let (mut evaluations, mut intervals) = (points.len(), Vec::new());
    for (index, pair) in ends.windows(2).enumerate() {
        let (first, last) = (evaluated.values[index], evaluated.values[index + 1]);
        let interval = Interval { from: pair[0], to: pair[1], first, last, depth: 0 };
        intervals.push((interval, initial + 1 + index * NODES.len()));
    }
    loop {
        let mut splits = Vec::new();
        for (interval, at) in intervals.drain(..) {
            let difference = evaluated.sum_over(interval, at, coordinates) - (interval.last - interval.first);
            if difference.abs() > tolerance && interval.depth < MAX_DEPTH && evaluations < MAX_EVALUATIONS {
                splits.push(IntervalSplit { interval, at: evaluated.kink(interval, at, coordinates) });
            } else {
                let slope = map.map_or(1.0, |map| {
                    let (rise, sum) =
                        (map(interval.last) - map(interval.first), evaluated.sum_over(interval, at, coordinates));
                    if rise == 0.0 || sum == 0.0 { 0.0 } else { rise / sum }
                });
                evaluated.add_to(&mut integrals, interval, at, slope);
            }
        }
        if splits.is_empty() {
            return Ok(integrals);
        }
        points.clear();
        for IntervalSplit { interval, at } in &splits {
            points.push(*at);
            points.extend(nodes(interval.from, *at));
            points.extend(nodes(*at, interval.to));
        }
        evaluated.evaluate(&points, evaluate)?;
        evaluations += points.len();
        for (index, IntervalSplit { interval, at }) in splits.into_iter().enumerate() {
            let point = index * (1 + 2 * NODES.len());
            let (value, depth) = (evaluated.values[point], interval.depth + 1);
            intervals.push((Interval { to: at, last: value, depth, ..interval }, point + 1));
            intervals.push((Interval { from: at, first: value, depth, ..interval }, point + 1 + NODES.len()));
        }
    }
}

/// The points of the nodes in an interval.
fn nodes(from: f64, to: f64) -> [f64; 3] {
    NODES.map(|(node, _)| (from + to) / 2.0 + node * (to - from) / 2.0)
}

/// The values of the function at the points of one round.
#[derive(Default)]
struct EvaluatedPoints {
    values: Vec<f64>,
    gradients: Vec<f64>,
}

impl EvaluatedPoints {
    fn evaluate(&mut self, points: &[f64], evaluate: &mut Evaluate<'_>) -> Result<()> {
        evaluate(points, &mut self.values, &mut self.gradients)
    }

    /// The gradient at a point.
    fn gradient(&self, at: usize, coordinates: usize) -> &[f64] {
        &self.gradients[at * coordinates..][..coordinates]
    }

    /// The sum of all coordinates' integrals over an interval whose nodes begin at a point.
    fn sum_over(&self, interval: Interval, at: usize, coordinates: usize) -> f64 {
        let derivative = |node: usize| self.gradient(at + node, coordinates).iter().sum::<f64>();
        let sum: f64 = NODES.iter().enumerate().map(|(node, (_, weight))| weight * derivative(node)).sum();
        sum * (interval.to - interval.from) / 2.0
    }

    fn add_to(&self, integrals: &mut [f64], interval: Interval, at: usize, slope: f64) {
        for (node, (_, weight)) in NODES.iter().enumerate() {
            let factor = slope * weight * (interval.to - interval.from) / 2.0;
            let gradient = self.gradient(at + node, integrals.len());
            integrals.iter_mut().zip(gradient).for_each(|(integral, gradient)| *integral += factor * gradient);
        }
    }

    /// Where the tangents at the outer nodes meet, or the middle if that is not between them, and in every third division.
    fn kink(&self, interval: Interval, at: usize, coordinates: usize) -> f64 {
        let [left, middle, right] = nodes(interval.from, interval.to);
        let derivative = |node: usize| self.gradient(at + node, coordinates).iter().sum::<f64>();
        let (a, b) = (derivative(0), derivative(NODES.len() - 1));
        let meets = (self.values[at + NODES.len() - 1] - self.values[at] + a * left - b * right) / (a - b);
        if interval.depth % 3 < 2 && meets > left && meets < right { meets } else { middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The integrals for a function by its value and gradient, and how many points were evaluated.
    fn integrals(coordinates: usize, of: impl Fn(f64) -> (f64, Vec<f64>)) -> (Vec<f64>, usize) {
        let mut count = 0;
        let tolerance = |first: f64, last: f64| 1e-9 * (last - first).abs();
        let found = integrate(coordinates, INITIAL_INTERVALS, None, &tolerance, &mut |points, values, gradients| {
            count += points.len();
            values.clear();
            gradients.clear();
            for &point in points {
                let (value, gradient) = of(point);
                values.push(value);
                gradients.extend(gradient);
            }
            Ok(())
        });
        (found.unwrap(), count)
    }

    #[test]
    fn a_smooth_function_needs_no_division() {
        // σ(3t − 1)·t² in the coordinates of its two factors.
        let (found, count) = integrals(2, |t| {
            let p = 1.0 / (1.0 + (1.0 - 3.0 * t).exp());
            (p * t * t, vec![3.0 * p * (1.0 - p) * t * t, 2.0 * p * t])
        });
        let end = 1.0 / (1.0 + (-2f64).exp());
        assert!((found.iter().sum::<f64>() - end).abs() < 1e-9);
        assert_eq!(count, 61);
    }

    #[test]
    fn jumps_of_the_gradient_are_found_in_few_divisions() {
        let kinks = [0.123_456, 0.333_333, 0.5, 0.777_7, 0.9];
        let (found, count) = integrals(kinks.len(), |t: f64| {
            let value = kinks.iter().map(|kink| (t - kink).max(0.0)).sum();
            (value, kinks.iter().map(|kink| f64::from(u8::from(t > *kink))).collect())
        });
        for (found, kink) in found.iter().zip(kinks) {
            assert!((found - (1.0 - kink)).abs() < 1e-8, "{found}, {kink}");
        }
        assert!(count < 300, "{count}");
    }

    #[test]
    fn a_function_whose_gradient_is_not_its_own_ends_too() {
        let (found, count) = integrals(1, |t| (f64::from(u8::from(t > 0.3)), vec![0.0]));
        assert_eq!(found, [0.0]);
        assert!(count < 2 * MAX_EVALUATIONS);
        let (found, _) = integrals(1, |_| (f64::NAN, vec![f64::NAN]));
        assert!(found[0].is_nan());
        assert_eq!(integrals(0, |_| (1.0, vec![])).0, Vec::<f64>::new());
    }

    #[test]
    fn a_map_that_is_nearly_a_step_adds_up() {
        // Two coordinates with the fractions 3/4 and 1/4, and a ramp between the nodes.
        let map = |f: f64| ((f - 0.51) / 1e-9).clamp(0.0, 1.0);
        let found = integrate(2, 40, Some(&map), &|_, _| 1e-9, &mut |points, values, gradients| {
            values.clear();
            gradients.clear();
            for point in points {
                values.push(*point);
                gradients.extend([0.75, 0.25]);
            }
            Ok(())
        });
        let found = found.unwrap();
        assert!((found[0] - 0.75).abs() < 1e-12 && (found[1] - 0.25).abs() < 1e-12, "{found:?}");
    }
}
