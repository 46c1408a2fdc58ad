//! Sorted numbers, each as often as it counts.

/// Numbers in ascending order that are found by their rank.
pub(super) trait SortedNumbers {
    /// The count of the numbers.
    fn count(&self) -> usize;

    /// The number of this rank, counted from 0 and below the count.
    fn at(&self, rank: usize) -> f64;
}

impl SortedNumbers for [f64] {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, rank: usize) -> f64 {
        self[rank]
    }
}

impl SortedNumbers for Vec<f64> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, rank: usize) -> f64 {
        self[rank]
    }
}

/// Sorted numbers, some of which represent several numbers of similar size.
#[derive(Debug, Clone)]
pub(super) struct RankedNumbers {
    values: Vec<f64>,
    /// The cumulative count of represented numbers up to each value; empty if each value represents only itself.
    ends: Vec<usize>,
    /// The smallest and the largest of all.
    extremes: (f64, f64),
}

impl RankedNumbers {
    /// Creates the numbers from values that represent only themselves.
    pub(super) fn of(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
        RankedNumbers { extremes: (end(values.first()), end(values.last())), values, ends: Vec::new() }
    }

    /// Creates the numbers from values in ascending order, the count that each represents, and the extremes of all.
    pub(super) fn counted(counted: impl IntoIterator<Item = (f64, usize)>, extremes: (f64, f64)) -> Self {
        let (mut values, mut ends, mut total) = (Vec::new(), Vec::new(), 0);
        for (value, count) in counted {
            total += count;
            values.push(value);
            ends.push(total);
        }
        RankedNumbers { values, ends, extremes }
    }

    /// The smallest and the largest, exactly.
    pub(super) fn extremes(&self) -> (f64, f64) {
        self.extremes
    }

    /// Each distinct number with its weight.
    pub(super) fn runs(&self) -> Vec<(f64, usize)> {
        let (mut runs, mut before) = (Vec::<(f64, usize)>::new(), 0);
        for (index, &value) in self.values.iter().enumerate() {
            let end = self.ends.get(index).copied().unwrap_or(index + 1);
            match runs.last_mut() {
                Some((last, count)) if *last == value => *count += end - before,
                _ => runs.push((value, end - before)),
            }
            before = end;
        }
        runs
    }

    /// The numbers without those that equal this one.
    pub(super) fn without(&self, value: f64) -> RankedNumbers {
        let others = self.runs().into_iter().filter(|(other, _)| *other != value);
        let kept: Vec<(f64, usize)> = others.collect();
        let end = |run: Option<&(f64, usize)>| run.map_or(f64::NAN, |(value, _)| *value);
        let (low, high) = self.extremes;
        let extremes =
            (if low == value { end(kept.first()) } else { low }, if high == value { end(kept.last()) } else { high });
        RankedNumbers::counted(kept, extremes)
    }

    /// The numbers themselves, or as many of them at equal distances of rank as there are values.
    pub(super) fn sample(&self) -> Vec<f64> {
        if self.ends.is_empty() {
            return self.values.clone();
        }
        let (points, count) = (self.values.len() as u128, self.count() as u128);
        // The middle of each of these parts.
        let rank = |point: u128| ((2 * point + 1) * count / (2 * points)) as usize;
        (0..points).map(|point| self.at(rank(point))).collect()
    }
}

impl SortedNumbers for RankedNumbers {
    fn count(&self) -> usize {
        if self.ends.is_empty() { self.values.len() } else { self.ends.last().copied().unwrap_or_default() }
    }

    fn at(&self, rank: usize) -> f64 {
        if self.ends.is_empty() {
            return self.values[rank];
        }
        match rank {
            0 => self.extremes.0,
            _ if rank + 1 == self.count() => self.extremes.1,
            _ => self.values[self.ends.partition_point(|end| *end <= rank).min(self.values.len() - 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(numbers: &RankedNumbers) -> Vec<f64> {
        (0..numbers.count()).map(|rank| numbers.at(rank)).collect()
    }

    #[test]
    fn each_value_is_found_at_the_ranks_that_it_represents() {
        let exact = RankedNumbers::of(vec![3.0, 1.0, 3.0]);
        assert_eq!(all(&exact), [1.0, 3.0, 3.0]);
        let counted = RankedNumbers::counted([(1.0, 2), (3.0, 3), (3.0, 1)], (0.5, 4.0));
        assert_eq!(all(&counted), [0.5, 1.0, 3.0, 3.0, 3.0, 4.0]);
        for (numbers, runs) in [(&exact, [(1.0, 1), (3.0, 2)]), (&counted, [(1.0, 2), (3.0, 4)])] {
            assert_eq!(numbers.runs(), runs);
        }
        assert_eq!(all(&counted.without(3.0)), [0.5, 4.0]);
        assert_eq!(all(&exact.without(3.0)), [1.0]);
        assert_eq!(RankedNumbers::of(Vec::new()).count(), 0);
    }

    #[test]
    fn a_sample_is_spread_evenly_over_the_ranks() {
        assert_eq!(RankedNumbers::of(vec![2.0, 1.0]).sample(), [1.0, 2.0]);
        let counted = RankedNumbers::counted([(1.0, 1), (2.0, 6), (3.0, 1)], (1.0, 3.0));
        assert_eq!(counted.sample(), [2.0, 2.0, 2.0]);
    }
}
