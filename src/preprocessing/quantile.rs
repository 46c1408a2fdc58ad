//! Quantiles of numbers, interpolated linearly.

use super::ranked_numbers::SortedNumbers;

/// The quantile of ascending numbers at a fraction in \[0, 1\], with position `fraction·(n − 1)`; NaN if there are no numbers.
pub(super) fn quantile(sorted: &(impl SortedNumbers + ?Sized), fraction: f64) -> f64 {
    let Some(last) = sorted.count().checked_sub(1) else {
        return f64::NAN;
    };
    let position = (fraction * last as f64).clamp(0.0, last as f64);
    let (below, above) = (sorted.at(position.floor() as usize), sorted.at(position.ceil() as usize));
    let (distance, part) = (above - below, position.fract());
    match distance {
        0.0 => below,
        _ if distance.is_infinite() => below * (1.0 - part) + above * part,
        // From the nearer end, so that no quantile is beyond either.
        _ if part >= 0.5 => above - distance * (1.0 - part),
        _ => below + distance * part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_between_the_adjacent_numbers() {
        let values = [-1.0, 0.1, 0.3, 3.0];
        assert_eq!([0.0, 1.0 / 3.0, 1.0].map(|fraction| quantile(&values[..], fraction)), [-1.0, 0.1, 3.0]);
        assert_eq!(quantile(&values[..], 0.5), 0.2);
        assert_eq!(quantile(&[f64::MIN, f64::MAX][..], 0.5), 0.0);
        assert_eq!((quantile(&[7.0][..], 0.3), quantile(&[][..], 0.5).is_nan()), (7.0, true));
        for step in 0..=1000 {
            let found = quantile(&[0.1, 0.7][..], f64::from(step) / 1000.0);
            assert!((0.1..=0.7).contains(&found), "{found}");
        }
    }
}
