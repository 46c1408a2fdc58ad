//! Minimization of a smooth function by limited-memory BFGS.
//!
//! J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, algorithms 7.4 and 7.5, with the line search of
//! algorithms 3.5 and 3.6 replaced by bisection on the weak Wolfe conditions.

use std::collections::VecDeque;

/// The pairs of steps and changes of the gradient that are kept.
const MEMORY: usize = 10;
const ITERATIONS: usize = 1000;
/// The conditions of a step: a sufficient decrease, and a smaller derivative along it.
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;

/// Minimizes a function, which writes its gradient and returns its value, from `start` on, until no element of the gradient is larger
/// than `tolerance` or the function cannot be decreased further.
pub(super) fn minimize(
    start: Vec<f64>,
    tolerance: f64,
    function: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
) -> Vec<f64> {
    let mut x = start;
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(&x, &mut gradient);
    let mut pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for _ in 0..ITERATIONS {
        if gradient.iter().all(|g| g.abs() <= tolerance) {
            break;
        }
        let direction = direction(&gradient, &pairs);
        let along = dot(&direction, &gradient);
        if along >= 0.0 {
            break;
        }
        let first = if pairs.is_empty() { 1.0 / norm(&gradient).max(1.0) } else { 1.0 };
        let Some((next, next_value, next_gradient)) = line_search(&x, value, &direction, along, first, function) else {
            break;
        };
        let step: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&step, &change);
        let unchanged = next_value == value;
        (x, value, gradient) = (next, next_value, next_gradient);
        if unchanged {
            break;
        }
        if curvature > 0.0 {
            if pairs.len() == MEMORY {
                pairs.pop_front();
            }
            pairs.push_back((step, change, 1.0 / curvature));
        }
    }
    x
}

/// Minus the product of the approximate inverse Hessian and the gradient.
fn direction(gradient: &[f64], pairs: &VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut q: Vec<f64> = gradient.to_vec();
    let mut alphas = Vec::with_capacity(pairs.len());
    for (step, change, inverse) in pairs.iter().rev() {
        let alpha = inverse * dot(step, &q);
        add(&mut q, -alpha, change);
        alphas.push(alpha);
    }
    if let Some((_, change, inverse)) = pairs.back() {
        let scale = 1.0 / (inverse * dot(change, change));
        q.iter_mut().for_each(|value| *value *= scale);
    }
    for ((step, change, inverse), alpha) in pairs.iter().zip(alphas.into_iter().rev()) {
        let beta = inverse * dot(change, &q);
        add(&mut q, alpha - beta, step);
    }
    q.iter_mut().for_each(|value| *value = -*value);
    q
}

/// A point along the direction that satisfies both conditions, with value and gradient.
fn line_search(
    x: &[f64],
    value: f64,
    direction: &[f64],
    along: f64,
    first: f64,
    function: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, first);
    let mut best = None;
    for _ in 0..60 {
        let next: Vec<f64> = x.iter().zip(direction).map(|(x, d)| x + length * d).collect();
        let mut gradient = vec![0.0; x.len()];
        let found = function(&next, &mut gradient);
        if found.is_nan() || found > value + DECREASE * length * along {
            high = length;
        } else if dot(&gradient, direction) < CURVATURE * along {
            low = length;
            best = Some((next, found, gradient));
        } else {
            return Some((next, found, gradient));
        }
        length = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * length };
        if length == low || length == high {
            break;
        }
    }
    best
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += factor * what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_rosenbrocks_function_is_found() {
        let rosenbrock = |x: &[f64], gradient: &mut [f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            gradient[0] = -2.0 * a - 400.0 * x[0] * b;
            gradient[1] = 200.0 * b;
            a * a + 100.0 * b * b
        };
        let x = minimize(vec![-1.2, 1.0], 1e-10, &mut rosenbrock.clone());
        approx::assert_relative_eq!(&x[..], &[1.0, 1.0][..], epsilon = 1e-9);
    }

    #[test]
    fn a_function_without_a_minimum_ends() {
        let x = minimize(vec![0.0], 1e-10, &mut |x, gradient| {
            gradient[0] = 1.0;
            x[0]
        });
        assert!(x[0] < 0.0);
        assert_eq!(minimize(Vec::new(), 1e-10, &mut |_, _| 0.0), Vec::<f64>::new());
    }
}
