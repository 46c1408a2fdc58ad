//! Weights of positives and negatives counted by the thresholds between which their predictions are: counts at
//! any number of thresholds for one pass over a batch.

use crate::items::Spec;
use crate::kernels::confusion_counts::ConfusionCounts;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::memory::{self, OutOfMemory};
use crate::{Result, Scalar};

/// The thresholds of a histogram.
pub(crate) enum Grid<T> {
    /// `0, 1/s, …, 1` for `s` steps. Predictions are clipped to [0, 1]; one is above about `⌈p·s⌉` of them, which a
    /// comparison with the nearest thresholds in type `T` corrects the rounding of the product.
    Even {
        /// `s`.
        steps: usize,
        /// Whether every prediction is above the first threshold, as if it were below 0.
        open: bool,
    },
    /// Any, in increasing order.
    Sorted(Vec<T>),
}

/// `⌈p·s⌉` for `p` clipped to [0, 1].
struct StepsBelow {
    steps: f64,
}

impl<T: Element> Lanewise<T, 1, 1> for StepsBelow {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [p]: [S::V; 1]) -> [S::V; 1] {
        let one = s.literal(1.0);
        let scaled = s.mul(s.min(s.max(p, s.zero()), one), s.literal(self.steps));
        let nearest = s.round_ties_even(scaled);
        [s.select(s.gt(scaled, nearest), s.add(nearest, one), nearest)]
    }
}

/// The weights so far.
pub(crate) struct Histogram<T> {
    grid: Grid<T>,
    /// The weight of the negatives and of the positives among the predictions above exactly `k` thresholds, for each `k`.
    cells: Vec<[f64; 2]>,
    /// Scratch for [`StepsBelow`]: per prediction, about how many thresholds are below it.
    above: Vec<T>,
    /// The thresholds of an even grid; empty for [`Grid::Sorted`].
    even: Vec<T>,
}

impl<T: Scalar> Histogram<T> {
    pub(crate) fn new(item: &dyn Spec, grid: Grid<T>) -> Result<Self> {
        let count = match &grid {
            Grid::Even { steps, .. } => steps.saturating_add(1),
            Grid::Sorted(thresholds) => thresholds.len(),
        };
        let lack = |lack: OutOfMemory| {
            let purpose = format!("counts at {count} thresholds");
            lack.error(item.class_name(), purpose, "give fewer num_thresholds")
        };
        let cells = memory::filled([0.0; 2], &[count.saturating_add(1)]).map_err(lack)?;
        let mut even = Vec::new();
        if let Grid::Even { steps, .. } = &grid {
            even = memory::with_capacity(&[count]).map_err(lack)?;
            even.extend((0..=*steps).map(|step| T::of(step as f64 / *steps as f64)));
        }
        Ok(Histogram { grid, cells, above: Vec::new(), even })
    }

    /// Adds one column; targets other than 0 are positive, and all weights are multiplied with `factor`.
    pub(crate) fn add(&mut self, y: &[T], p: &[T], weights: Option<&[T]>, factor: f64) {
        let Histogram { grid, cells, above, even } = self;
        let mut count = |i: usize, cell: usize| {
            let weight = weights.map_or(1.0, |weights| weights[i].to_f64());
            cells[cell][usize::from(y[i] != T::zero())] += weight * factor;
        };
        match grid {
            Grid::Even { steps, open } => {
                above.resize(p.len(), T::zero());
                lanewise::apply(&StepsBelow { steps: *steps as f64 }, [p], [above.as_mut_slice()]);
                let first = usize::from(*open);
                for (i, (steps_below, &p)) in above.iter().zip(p).enumerate() {
                    let mut below = (steps_below.to_f64() as usize).min(*steps);
                    let is_above = |threshold: usize| p > even[threshold];
                    while below > 0 && !is_above(below - 1) {
                        below -= 1;
                    }
                    while below < *steps && is_above(below) {
                        below += 1;
                    }
                    count(i, below.max(first));
                }
            }
            Grid::Sorted(thresholds) => {
                for (i, &p) in p.iter().enumerate() {
                    count(i, thresholds.partition_point(|&threshold| p > threshold));
                }
            }
        }
    }

    /// The counts at each threshold.
    pub(crate) fn counts(&self) -> Vec<ConfusionCounts> {
        let mut counts = vec![ConfusionCounts::default(); self.cells.len() - 1];
        // Each side is summed from its end, so that the count beyond the last occupied threshold is exactly 0.
        let mut below = [0.0; 2];
        for (counts, [negative, positive]) in counts.iter_mut().zip(&self.cells) {
            below = [below[0] + negative, below[1] + positive];
            [counts.true_negatives, counts.false_negatives] = below;
        }
        let mut above = [0.0; 2];
        for (counts, [negative, positive]) in counts.iter_mut().zip(&self.cells[1..]).rev() {
            above = [above[0] + negative, above[1] + positive];
            [counts.false_positives, counts.true_positives] = above;
        }
        counts
    }

    /// The counts of all cells, mutably.
    pub(crate) fn accumulators_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.cells.iter_mut().flatten()
    }

    pub(crate) fn clear(&mut self) {
        self.cells.fill([0.0; 2]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts from comparing every prediction with every threshold.
    fn compared<T: Scalar>(thresholds: &[T], y: &[T], p: &[T], weights: Option<&[T]>) -> Vec<ConfusionCounts> {
        let count = |threshold: T| {
            let mut counts = ConfusionCounts::default();
            for i in 0..y.len() {
                let place = match (y[i] != T::zero(), p[i] > threshold) {
                    (true, true) => &mut counts.true_positives,
                    (true, false) => &mut counts.false_negatives,
                    (false, true) => &mut counts.false_positives,
                    (false, false) => &mut counts.true_negatives,
                };
                *place += weights.map_or(1.0, |weights| weights[i].to_f64());
            }
            counts
        };
        thresholds.iter().map(|&threshold| count(threshold)).collect()
    }

    fn check<T: Scalar>() {
        // Every prediction k/80 meets the thresholds k/16 and k/4 exactly, and some are outside [0, 1]; those next to a
        // threshold are as near to it as the type allows.
        let mut p: Vec<T> = (-8..89).map(|k| T::of(f64::from(k) / 80.0)).collect();
        p.extend((0..=199).flat_map(|k| {
            let threshold = T::of(f64::from(k) / 199.0);
            [threshold, threshold.next_below()]
        }));
        p.extend((0..=10).map(|k| T::of(f64::from(k) / 10.0)));
        let y: Vec<T> = (0..p.len()).map(|i| T::of(f64::from(u8::from(i * 7 % 3 == 0)))).collect();
        let w: Vec<T> = (0..p.len()).map(|i| T::of((i % 5) as f64 / 4.0)).collect();
        for weights in [None, Some(w.as_slice())] {
            for steps in [1, 2, 4, 10, 16, 199] {
                let even: Vec<T> = (0..=steps).map(|k| T::of(k as f64 / steps as f64)).collect();
                let clipped: Vec<T> = p.iter().map(|p| p.clamp(T::zero(), T::one())).collect();
                let mut histogram = Histogram::new(&crate::metrics::AUC, Grid::Even { steps, open: false }).unwrap();
                histogram.add(&y, &p, weights, 1.0);
                assert_eq!(histogram.counts(), compared(&even, &y, &clipped, weights));
                let mut sorted = Histogram::new(&crate::metrics::AUC, Grid::Sorted(even.clone())).unwrap();
                sorted.add(&y, &p, weights, 1.0);
                assert_eq!(sorted.counts(), compared(&even, &y, &p, weights));
                sorted.clear();
                assert_eq!(sorted.counts(), vec![ConfusionCounts::default(); steps + 1]);
            }
        }
    }

    #[test]
    fn counts_are_those_of_comparing_with_every_threshold() {
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn an_open_grid_has_every_prediction_above_its_first_threshold() {
        let mut histogram = Histogram::new(&crate::metrics::AUC, Grid::Even { steps: 4, open: true }).unwrap();
        histogram.add(&[1.0f32, 0.0], &[0.0, 1.0], None, 1.0);
        let counts = histogram.counts();
        assert_eq!((counts[0].true_positives, counts[0].false_positives), (1.0, 1.0));
        assert_eq!((counts[1].true_positives, counts[1].false_positives), (0.0, 1.0));
        assert_eq!((counts[4].false_negatives, counts[4].true_negatives), (1.0, 1.0));
    }
}
