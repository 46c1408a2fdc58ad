//! The integral of a gradient along a line, where the integral of its sum is known.

use crate::Result;

/// Values and gradients of a function at places of a line from 0 to 1: `evaluate(places, values, gradients)` writes a value
/// for each place and, one behind the other, the gradients in the coordinates of the line, whose sum is the derivative along
/// it.
pub(super) type Evaluate<'a> = dyn FnMut(&[f64], &mut Vec<f64>, &mut Vec<f64>) -> Result<()> + 'a;

/// The nodes and weights of Gauss and Legendre for three points of an interval from −1 to 1.
const NODES: [(f64, f64); 3] =
    [(-0.774_596_669_241_483_4, 5.0 / 9.0), (0.0, 8.0 / 9.0), (0.774_596_669_241_483_4, 5.0 / 9.0)];
/// The intervals at the beginning: their nodes and ends fill one block of the gradients.
const START: usize = 15;
/// How often an interval is divided.
const DEPTH: u32 = 16;
/// Places after which no interval is divided any more.
const MOST: usize = 16_384;

/// A part of the line, with the function's values at its ends.
#[derive(Debug, Clone, Copy)]
struct Interval {
    from: f64,
    to: f64,
    first: f64,
    last: f64,
    depth: u32,
}

/// Where an interval is to be divided.
struct Division {
    interval: Interval,
    at: f64,
}

/// The integral of each coordinate's gradient.
///
/// In each interval the sum of the coordinates' integrals must be the difference of the values at its ends, within a
/// tolerance; an interval where it is not is divided. Between two layers of relu the gradient jumps at single places: there
/// the tangents from both sides meet, which is where the interval is divided, so that few divisions are needed.
pub(super) fn integrate(
    coordinates: usize,
    tolerance: &dyn Fn(f64, f64) -> f64,
    evaluate: &mut Evaluate<'_>,
) -> Result<Vec<f64>> {
    let mut integrals = vec![0.0; coordinates];
    let mut points = Points::default();
    let ends: Vec<f64> = (0..=START).map(|end| end as f64 / START as f64).collect();
    let mut places = ends.clone();
    ends.windows(2).for_each(|pair| places.extend(nodes(pair[0], pair[1])));
    points.evaluate(&places, evaluate)?;
    let tolerance = tolerance(points.values[0], points.values[START]);
    let (mut done, mut intervals) = (places.len(), Vec::new());
    for (index, pair) in ends.windows(2).enumerate() {
        let (first, last) = (points.values[index], points.values[index + 1]);
        let interval = Interval { from: pair[0], to: pair[1], first, last, depth: 0 };
        intervals.push((interval, START + 1 + index * NODES.len()));
    }
    loop {
        let mut divisions = Vec::new();
        for (interval, at) in intervals.drain(..) {
            let difference = points.sum_over(interval, at, coordinates) - (interval.last - interval.first);
            if difference.abs() > tolerance && interval.depth < DEPTH && done < MOST {
                divisions.push(Division { interval, at: points.kink(interval, at, coordinates) });
            } else {
                points.add_to(&mut integrals, interval, at);
            }
        }
        if divisions.is_empty() {
            return Ok(integrals);
        }
        places.clear();
        for Division { interval, at } in &divisions {
            places.push(*at);
            places.extend(nodes(interval.from, *at));
            places.extend(nodes(*at, interval.to));
        }
        points.evaluate(&places, evaluate)?;
        done += places.len();
        for (index, Division { interval, at }) in divisions.into_iter().enumerate() {
            let place = index * (1 + 2 * NODES.len());
            let (value, depth) = (points.values[place], interval.depth + 1);
            intervals.push((Interval { to: at, last: value, depth, ..interval }, place + 1));
            intervals.push((Interval { from: at, first: value, depth, ..interval }, place + 1 + NODES.len()));
        }
    }
}

/// The places of the nodes in an interval.
fn nodes(from: f64, to: f64) -> [f64; 3] {
    NODES.map(|(node, _)| (from + to) / 2.0 + node * (to - from) / 2.0)
}

/// What the function is at the places of one round.
#[derive(Default)]
struct Points {
    values: Vec<f64>,
    gradients: Vec<f64>,
}

impl Points {
    fn evaluate(&mut self, places: &[f64], evaluate: &mut Evaluate<'_>) -> Result<()> {
        evaluate(places, &mut self.values, &mut self.gradients)
    }

    /// The gradient at a place.
    fn gradient(&self, at: usize, coordinates: usize) -> &[f64] {
        &self.gradients[at * coordinates..][..coordinates]
    }

    /// The sum of all coordinates' integrals over an interval whose nodes begin at a place.
    fn sum_over(&self, interval: Interval, at: usize, coordinates: usize) -> f64 {
        let along = |node: usize| self.gradient(at + node, coordinates).iter().sum::<f64>();
        let sum: f64 = NODES.iter().enumerate().map(|(node, (_, weight))| weight * along(node)).sum();
        sum * (interval.to - interval.from) / 2.0
    }

    fn add_to(&self, integrals: &mut [f64], interval: Interval, at: usize) {
        for (node, (_, weight)) in NODES.iter().enumerate() {
            let factor = weight * (interval.to - interval.from) / 2.0;
            let gradient = self.gradient(at + node, integrals.len());
            integrals.iter_mut().zip(gradient).for_each(|(integral, gradient)| *integral += factor * gradient);
        }
    }

    /// Where the tangents at the outer nodes meet, or the middle if that is not between them, and in every third division.
    fn kink(&self, interval: Interval, at: usize, coordinates: usize) -> f64 {
        let [left, middle, right] = nodes(interval.from, interval.to);
        let along = |node: usize| self.gradient(at + node, coordinates).iter().sum::<f64>();
        let (a, b) = (along(0), along(NODES.len() - 1));
        let meets = (self.values[at + NODES.len() - 1] - self.values[at] + a * left - b * right) / (a - b);
        if interval.depth % 3 < 2 && meets > left && meets < right { meets } else { middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The integrals for a function by its value and gradient, and how many places were evaluated.
    fn integrals(coordinates: usize, of: impl Fn(f64) -> (f64, Vec<f64>)) -> (Vec<f64>, usize) {
        let mut count = 0;
        let tolerance = |first: f64, last: f64| 1e-9 * (last - first).abs();
        let found = integrate(coordinates, &tolerance, &mut |places, values, gradients| {
            count += places.len();
            values.clear();
            gradients.clear();
            for &place in places {
                let (value, gradient) = of(place);
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
        assert!(count < 2 * MOST);
        let (found, _) = integrals(1, |_| (f64::NAN, vec![f64::NAN]));
        assert!(found[0].is_nan());
        assert_eq!(integrals(0, |_| (1.0, vec![])).0, Vec::<f64>::new());
    }
}
