//! A piecewise linear function through given points.

/// A piecewise linear function, constant before its first point and after its last.
#[derive(Debug)]
pub(super) struct PiecewiseLinear {
    points: Vec<(f64, f64)>,
}

impl PiecewiseLinear {
    /// The function through `points`, at least one, with increasing first coordinates.
    pub(super) fn new(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { points: points.into_iter().collect() }
    }

    /// The first point at which the function differs from its first value.
    pub(super) fn start(&self) -> f64 {
        self.points[0].0
    }

    pub(super) fn at(&self, x: f64) -> f64 {
        let next = self.points.partition_point(|point| point.0 <= x);
        if next == 0 {
            return self.points[0].1;
        }
        let (left, below) = self.points[next - 1];
        match self.points.get(next) {
            Some(&(right, above)) => below + (above - below) * (x - left) / (right - left),
            None => below,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_between_points_and_constant_outside() {
        let function = PiecewiseLinear::new([(0.0, 1.0), (2.0, 5.0), (3.0, 4.0)]);
        let values = [-1.0, 0.0, 1.0, 2.0, 2.5, 3.0, 9.0].map(|x| function.at(x));
        assert_eq!(values, [1.0, 1.0, 3.0, 5.0, 4.5, 4.0, 4.0]);
        assert_eq!(function.start(), 0.0);
    }
}
