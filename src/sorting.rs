//! Stable sorting by a key or a comparison, compiled once for all types.
//!
//! The standard library's sort is compiled for each closure separately, to a few thousand instructions each. Here positions are sorted by
//! code that exists once, and the values are then swapped into their order.

use std::cmp::Ordering;

/// Sorts by a comparison; equal values keep their order.
pub(crate) fn by<T>(values: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order_by(values.len(), &|a, b| compare(&values[a], &values[b]));
    arrange(order, &mut |a, b| values.swap(a, b));
}

/// Sorts by a number in the order of [`f64::total_cmp`]; equal values keep their order. Negate the key for descending order.
pub(crate) fn by_number<T>(values: &mut [T], key: impl Fn(&T) -> f64) {
    let order = order_by_key(values.len(), &|at| ordered(key(&values[at])));
    arrange(order, &mut |a, b| values.swap(a, b));
}

/// Sorts by an integer; equal values keep their order. Negate the key for descending order.
pub(crate) fn by_integer<T>(values: &mut [T], key: impl Fn(&T) -> i64) {
    let order = order_by_key(values.len(), &|at| key(&values[at]));
    arrange(order, &mut |a, b| values.swap(a, b));
}

/// Maps a number to an integer such that the order of the integers is that of [`f64::total_cmp`].
pub(crate) fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn order_by(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

fn order_by_key(count: usize, key: &dyn Fn(usize) -> i64) -> Vec<usize> {
    let mut keys: Vec<(i64, usize)> = (0..count).map(|at| (key(at), at)).collect();
    // The positions make all keys distinct, so the faster unstable sort keeps the order of equal keys too.
    keys.sort_unstable();
    keys.into_iter().map(|(_, at)| at).collect()
}

/// Permutes values by swaps, cycle by cycle, so that the one that was at `order[i]` is at `i`.
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut to = start;
        loop {
            let from = std::mem::replace(&mut order[to], to);
            if from == start {
                break;
            }
            swap(to, from);
            to = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of few keys, so that many are equal, with their positions.
    fn pairs(count: usize) -> Vec<(f64, usize)> {
        let keys = [0.5, -0.0, f64::NAN, 0.0, -1e300, f64::INFINITY, -f64::NAN, 5e-324, f64::NEG_INFINITY, -0.5];
        (0..count).map(|i| (keys[i * i % 7 + i % 4], i)).collect()
    }

    fn bits(pairs: &[(f64, usize)]) -> Vec<(u64, usize)> {
        pairs.iter().map(|&(key, at)| (key.to_bits(), at)).collect()
    }

    #[test]
    fn orders_are_those_of_the_stable_sort() {
        for count in [0, 1, 2, 3, 20, 21, 1000] {
            let (mut ascending, mut descending) = (pairs(count), pairs(count));
            ascending.sort_by(|a, b| a.0.total_cmp(&b.0));
            descending.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut found = [(); 4].map(|()| pairs(count));
            by(&mut found[0], |a, b| a.0.total_cmp(&b.0));
            by_number(&mut found[1], |pair| pair.0);
            by_number(&mut found[2], |pair| -pair.0);
            by_integer(&mut found[3], |pair| -ordered(pair.0));
            for (found, expected) in found.iter().zip([&ascending, &ascending, &descending, &descending]) {
                assert_eq!(bits(found), bits(expected), "{count}");
            }
        }
    }
}
