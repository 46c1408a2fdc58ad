//! Quantiles of more numbers than fit into memory.

use super::ranked_numbers::RankedNumbers;
use crate::random::{Purpose, Random, stream};
use crate::sorting;
use crate::statistics::Extremes;
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many numbers are held at most; up to here all of them are, and every quantile is exact.
pub(super) const CAPACITY: usize = 16_384;
/// How many are left when some had to go, so that this is not done for every number.
const COMPRESSED: usize = 14_336;
/// The capacity of a level as a fraction of that of the level above it.
const DECAY: f64 = 2.0 / 3.0;
/// The largest numbers of values that the highest and the lowest levels keep.
const HIGHEST: f64 = 4096.0;
const LOWEST: f64 = 8.0;

/// A summary of numbers, with or without weights, in bounded memory.
///
/// Each number on level h represents 2ʰ numbers of similar size. New numbers are added to the lowest level, `h = 0`. When a level is full,
/// its numbers are sorted, and of every two neighbors one moves up to the next level with the weight of both. It is selected at random,
/// each with the probability of its fraction of the weight, so that ranks are unbiased, and every second selection is
/// the opposite of the one before it. A number with a weight other than 1 is added to the level of its weight's binary exponent, so that
/// weights within a level differ by a factor of less than 2.
///
/// Up to [`CAPACITY`] numbers are kept unchanged. Beyond that the rank of a quantile differs from the exact one by less than
/// 0.1 % of the total weight for any order of the numbers, with a probability of more than 99 %. The selections are pseudorandom, with a
/// seed that is derived from the numbers that are compressed first: the same numbers in the same order result in the same sketch for
/// any size of the blocks, and sketches that are merged select independently. Memory is at
/// most `CAPACITY` numbers of 8 bytes, and as many weights if rows are weighted.
///
/// # References
///
/// Z. Karnin, K. Lang and E. Liberty, *Optimal quantile approximation in streams*, FOCS 2016. The opposite tosses and weights:
/// N. Ivkin et al., *Streaming quantiles algorithms with small space and update time*, 2019.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct QuantileSketch {
    /// The numbers since the levels were last compressed, in their order.
    recent: SketchLevel,
    /// By the exponent of their weights.
    levels: BTreeMap<i32, SketchLevel>,
    /// How many numbers the levels hold.
    stored: usize,
    extremes: Extremes,
    /// The source of the tosses, from the first compression on.
    random: Option<Random>,
}

/// Numbers with weights of one size.
#[derive(Debug, Serialize, Deserialize)]
struct SketchLevel {
    /// The weight of each where none has another.
    #[serde(with = "crate::json_numbers::bits")]
    unit: f64,
    #[serde(with = "crate::json_numbers::bits_of_list")]
    values: Vec<f64>,
    /// Empty where all are the unit.
    #[serde(with = "crate::json_numbers::bits_of_list")]
    weights: Vec<f64>,
    /// The toss that is opposite to the last one, if that has not been used.
    opposite: Option<f64>,
}

impl SketchLevel {
    fn new(unit: f64) -> Self {
        SketchLevel { unit, values: Vec::new(), weights: Vec::new(), opposite: None }
    }

    fn push(&mut self, value: f64, weight: f64) {
        if weight != self.unit && self.weights.is_empty() {
            self.weights = vec![self.unit; self.values.len()];
        }
        self.values.push(value);
        if weight != self.unit || !self.weights.is_empty() {
            self.weights.push(weight);
        }
    }

    fn weight(&self, index: usize) -> f64 {
        self.weights.get(index).copied().unwrap_or(self.unit)
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.values.iter().enumerate().map(|(index, value)| (*value, self.weight(index)))
    }

    /// Appends the numbers of another one.
    fn append(&mut self, later: SketchLevel) {
        for (value, weight) in later.pairs() {
            self.push(value, weight);
        }
        self.opposite = self.opposite.or(later.opposite);
    }
}

impl Default for QuantileSketch {
    fn default() -> Self {
        let extremes = Extremes { min: f64::NAN, max: f64::NAN };
        QuantileSketch { recent: SketchLevel::new(1.0), levels: BTreeMap::new(), stored: 0, extremes, random: None }
    }
}

impl QuantileSketch {
    /// Takes a number that counts once; NaN is no number.
    pub(super) fn insert(&mut self, value: f64) {
        self.insert_weighted(value, 1.0);
    }

    /// Takes a number with a finite weight; one whose weight is 0 does not count.
    pub(super) fn insert_weighted(&mut self, value: f64, weight: f64) {
        if value.is_nan() || weight.is_nan() || weight <= 0.0 {
            return;
        }
        self.extremes = self.extremes.merge(&Extremes { min: value, max: value });
        self.recent.push(value, weight);
        if self.held() > CAPACITY {
            self.compress();
        }
    }

    /// Takes what was made of later numbers.
    pub(super) fn merge(&mut self, later: QuantileSketch) {
        self.extremes = self.extremes.merge(&later.extremes);
        self.recent.append(later.recent);
        self.stored += later.stored;
        for (exponent, level) in later.levels {
            self.levels.entry(exponent).or_insert_with(|| SketchLevel::new(power_of_two(exponent))).append(level);
        }
        self.random = self.random.take().or(later.random);
        if self.held() > CAPACITY {
            self.compress();
        }
    }

    /// How many numbers it holds.
    pub(super) fn held(&self) -> usize {
        self.recent.values.len() + self.stored
    }

    /// Whether it holds every number that it was given.
    pub(super) fn is_exact(&self) -> bool {
        self.levels.is_empty()
    }

    /// The numbers in ascending order, for those that count once each.
    pub(super) fn ranked(self) -> RankedNumbers {
        match self.is_exact() {
            true => RankedNumbers::of(self.recent.values),
            false => {
                let extremes = (self.extremes.min, self.extremes.max);
                let counted = self.weighted().into_iter().map(|(value, weight)| (value, weight as usize));
                RankedNumbers::counted(counted, extremes)
            }
        }
    }

    /// The numbers in ascending order with their weights; equal ones in the order in which they came while it is exact.
    pub(super) fn weighted(&self) -> Vec<(f64, f64)> {
        let mut pairs: Vec<(f64, f64)> =
            self.levels.values().flat_map(SketchLevel::pairs).chain(self.recent.pairs()).collect();
        sorting::by_number(&mut pairs, |pair| pair.0);
        pairs
    }

    fn compress(&mut self) {
        let recent = std::mem::replace(&mut self.recent, SketchLevel::new(1.0));
        let mut random = self.random.take().unwrap_or_else(|| stream(hash(&recent.values), Purpose::Sketch, 0));
        for (value, weight) in recent.pairs() {
            self.push(value, weight);
        }
        while self.held() > COMPRESSED {
            let highest = self.levels.keys().next_back().copied().unwrap_or_default();
            let kept = |exponent: i32| (HIGHEST * DECAY.powi(highest.saturating_sub(exponent))).max(LOWEST) as usize;
            let is_full =
                |(exponent, level): (&i32, &SketchLevel)| (level.values.len() > kept(*exponent)).then_some(*exponent);
            let Some(full) = self.levels.iter().find_map(is_full) else { break };
            self.compact(full, &mut random);
        }
        self.random = Some(random);
    }

    /// Sends one of each two neighbors of a level upwards.
    fn compact(&mut self, exponent: i32, random: &mut Random) {
        let Some(level) = self.levels.get_mut(&exponent) else { return };
        let toss = level.opposite.take().unwrap_or_else(|| {
            let toss = (random.next_u64() >> 11) as f64 * 2f64.powi(-53);
            level.opposite = Some(1.0 - toss);
            toss
        });
        let is_weighted = !level.weights.is_empty();
        if !is_weighted {
            level.values.sort_unstable_by(f64::total_cmp);
        }
        let mut pairs: Vec<(f64, f64)> = level.pairs().collect();
        (level.values, level.weights) = (Vec::new(), Vec::new());
        self.stored -= pairs.len();
        if is_weighted {
            sorting::by_number(&mut pairs, |pair| pair.0);
        }
        for two in pairs.chunks(2) {
            match *two {
                [(low, of_low), (high, of_high)] => {
                    let weight = of_low + of_high;
                    self.push(if toss * weight < of_low { low } else { high }, weight);
                }
                [(value, weight)] => self.push(value, weight),
                _ => {}
            }
        }
    }

    fn push(&mut self, value: f64, weight: f64) {
        let exponent = exponent(weight);
        self.stored += 1;
        self.levels.entry(exponent).or_insert_with(|| SketchLevel::new(power_of_two(exponent))).push(value, weight);
    }
}

/// The exponent of the largest power of two that is at most this positive number; of all numbers below the normal ones the same.
fn exponent(weight: f64) -> i32 {
    ((weight.to_bits() >> 52) & 0x7ff) as i32 - 1023
}

fn power_of_two(exponent: i32) -> f64 {
    2f64.powi(exponent)
}

/// A number that depends on all of these.
fn hash(values: &[f64]) -> u64 {
    values
        .iter()
        .fold(0, |hash: u64, value| (hash.rotate_left(5) ^ value.to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::super::quantile::quantile;
    use super::super::ranked_numbers::SortedNumbers;
    use super::*;

    /// The rank error that is stated.
    const ERROR: f64 = 1e-3;

    fn sketch_of(values: impl IntoIterator<Item = f64>) -> QuantileSketch {
        let mut sketch = QuantileSketch::default();
        values.into_iter().for_each(|value| sketch.insert(value));
        sketch
    }

    /// Numbers in orders, and with ties, that could mislead the sketch.
    fn adversaries(count: usize) -> Vec<(&'static str, Vec<f64>)> {
        let numbers = |of: &dyn Fn(usize) -> f64| (0..count).map(of).collect::<Vec<f64>>();
        let mut random = stream(1, Purpose::Split, 0);
        let mut draws = || (random.next_u64() >> 11) as f64 * 2f64.powi(-53);
        vec![
            ("ascending", numbers(&|i| i as f64)),
            ("descending", numbers(&|i| -(i as f64))),
            ("organ pipe", numbers(&|i| i.min(count - i) as f64)),
            ("from both ends", numbers(&|i| if i % 2 == 0 { i as f64 } else { -(i as f64) })),
            ("sawtooth", numbers(&|i| (i % 97) as f64)),
            ("sorted in blocks", numbers(&|i| ((i % 1000) * count + i) as f64)),
            ("constant", numbers(&|_| 0.1)),
            ("two values", numbers(&|i| f64::from(u8::from(i % 10 == 0)))),
            ("sizes of all kinds", numbers(&|i| 10f64.powi((i * 7919 % 600) as i32 - 300))),
            ("zeros and a tail", numbers(&|i| if i % 3 > 0 { 0.0 } else { (i * 31 % 5003) as f64 })),
            ("random", (0..count).map(|_| draws()).collect()),
            ("cubes of random numbers", (0..count).map(|_| (draws() - 0.5).powi(3)).collect()),
        ]
    }

    /// The largest distance between the ranks of the sketch and those among all numbers, as a fraction of their count.
    fn largest_error(sketch: QuantileSketch, all: &[f64]) -> f64 {
        let sorted = RankedNumbers::of(all.to_vec());
        let known = sketch.ranked();
        assert_eq!((known.count(), known.extremes()), (all.len(), sorted.extremes()));
        assert_eq!((known.at(0), known.at(all.len() - 1)), known.extremes());
        let exact: Vec<f64> = (0..all.len()).map(|rank| sorted.at(rank)).collect();
        let mut before = f64::NEG_INFINITY;
        (0..all.len()).fold(0.0, |largest: f64, rank| {
            let value = known.at(rank);
            assert!(value >= before);
            before = value;
            let (below, not_above) = (exact.partition_point(|x| *x < value), exact.partition_point(|x| *x <= value));
            // A value that occurs several times has all of these ranks.
            let distance = below.saturating_sub(rank).max((rank + 1).saturating_sub(not_above));
            largest.max(distance as f64 / all.len() as f64)
        })
    }

    #[test]
    fn few_numbers_are_kept_as_they_are() {
        for (name, values) in adversaries(CAPACITY) {
            let sketch = sketch_of(values.iter().copied());
            assert!(sketch.is_exact(), "{name}");
            let (known, exact) = (sketch.ranked(), RankedNumbers::of(values));
            for step in 0..=100 {
                let [one, other] = [&known, &exact].map(|sorted| quantile(sorted, f64::from(step) / 100.0));
                assert_eq!(one.to_bits(), other.to_bits(), "{name}");
            }
        }
        let mut sketch = sketch_of([2.0, f64::NAN, 1.0]);
        sketch.insert_weighted(5.0, 0.0);
        assert_eq!(sketch.weighted(), [(1.0, 1.0), (2.0, 1.0)]);
        assert_eq!(QuantileSketch::default().ranked().count(), 0);
    }

    #[test]
    fn ranks_are_right_in_every_order() {
        for (name, values) in adversaries(120_000) {
            let sketch = sketch_of(values.iter().copied());
            assert!(!sketch.is_exact() && sketch.held() <= CAPACITY, "{name}");
            let error = largest_error(sketch, &values);
            assert!(error < ERROR, "{name}: {error}");
        }
    }

    #[test]
    fn errors_do_not_add_up_to_one_side() {
        // Each number from 0 to a million once: its rank is known.
        let count: u64 = 1_000_000;
        let known = sketch_of((0..count).map(|i| (i * 7_368_787 % count) as f64)).weighted();
        let (mut below, mut largest) = (0.0, 0.0_f64);
        for (value, weight) in known {
            below += weight;
            largest = largest.max((below - (value + 1.0)).abs());
        }
        assert_eq!(below, count as f64);
        // If the lower of two neighbors always went up, it would be 0.0014.
        assert!(largest / (count as f64) < ERROR / 2.0, "{largest}");
    }

    #[test]
    fn sketches_of_parts_are_merged_in_any_grouping() {
        for (name, values) in adversaries(60_000) {
            // Parts that are kept as they are, and parts that are not.
            for size in [9_000, 20_000] {
                let parts = || values.chunks(size).map(|part| sketch_of(part.iter().copied()));
                let one_by_one = parts().fold(QuantileSketch::default(), merged);
                let from_the_end = parts().rev().reduce(|later, part| merged(part, later)).unwrap();
                let mut level: Vec<QuantileSketch> = parts().collect();
                while level.len() > 1 {
                    let mut parts = level.into_iter();
                    level = Vec::new();
                    while let Some(first) = parts.next() {
                        level.push(match parts.next() {
                            Some(second) => merged(first, second),
                            None => first,
                        });
                    }
                }
                for sketch in [one_by_one, from_the_end, level.remove(0)] {
                    assert!(sketch.held() <= CAPACITY, "{name}");
                    let error = largest_error(sketch, &values);
                    assert!(error < ERROR, "{name} in parts of {size}: {error}");
                }
            }
        }
    }

    fn merged(mut sketch: QuantileSketch, later: QuantileSketch) -> QuantileSketch {
        sketch.merge(later);
        sketch
    }

    #[test]
    fn the_same_numbers_make_the_same_sketch() {
        let (_, values) = adversaries(40_000).pop().unwrap();
        let of = |values: &[f64]| sketch_of(values.iter().copied()).weighted();
        assert_eq!(of(&values), of(&values));
    }

    #[test]
    fn weights_count_like_repetitions() {
        let (_, values) = adversaries(100_000).pop().unwrap();
        for weight in [
            (|i| (i % 5) as f64) as fn(usize) -> f64,
            |i| 0.3 + (i % 7) as f64 * 0.1,
            |i| 10f64.powi((i % 13) as i32 - 6),
            |i| if i % 1000 == 0 { 1e6 } else { 1e-3 },
            |_| 2.5,
        ] {
            let mut sketch = QuantileSketch::default();
            values.iter().enumerate().for_each(|(row, value)| sketch.insert_weighted(*value, weight(row)));
            assert!(sketch.held() <= CAPACITY);
            let mut all: Vec<(f64, f64)> =
                values.iter().enumerate().map(|(row, value)| (*value, weight(row))).collect();
            sorting::by_number(&mut all, |pair| pair.0);
            let total: f64 = all.iter().map(|pair| pair.1).sum();
            let known = sketch.weighted();
            approx::assert_relative_eq!(known.iter().map(|pair| pair.1).sum::<f64>(), total, max_relative = 1e-12);
            let (mut at, mut below) = (0, 0.0);
            let (mut known_below, mut largest) = (0.0, 0.0_f64);
            for (value, weight) in known {
                while at < all.len() && all[at].0 <= value {
                    below += all[at].1;
                    at += 1;
                }
                known_below += weight;
                largest = largest.max((below - known_below).abs() / total);
            }
            assert!(largest < ERROR, "{largest}");
        }
    }
}
