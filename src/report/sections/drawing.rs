//! The width of the report's plots, and curves of few points.

/// The width of curves and bars, narrower than on other pages, so that they are readable on a phone.
pub(super) const WIDTH: f64 = 500.0;
/// The most points of a curve.
pub(super) const POINTS: usize = 200;

/// About `most` values at equal distances at most, including the first and the last.
pub(super) fn thin(values: &[f64], most: usize) -> Vec<f64> {
    if values.len() <= most {
        return values.to_vec();
    }
    let last = values.len() - 1;
    (0..most).map(|i| values[i * last / (most - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        let thinned = thin(&values, 7);
        assert_eq!((thinned.len(), thinned[0], thinned[6]), (7, 0.0, 999.0));
        assert_eq!(thin(&values[..3], 7), [0.0, 1.0, 2.0]);
    }
}
