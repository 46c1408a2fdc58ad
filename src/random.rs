//! Seeded streams of random numbers.
//!
//! Every random number of the crate comes from [Xoshiro256++](Random), whose stream is fixed by its published
//! algorithm and so does not change with the version of a dependency. One seed is split into independent
//! streams by what they are for and by a position (a layer, an epoch, a step), so that no stream depends on
//! how many numbers another has used: adding a dropout layer does not change the order of the batches, and
//! a fit that continues at epoch 7 draws what an uninterrupted one would have drawn.

use rand::{Rng, SeedableRng, TryRng};

/// The generator of every random number of the crate: Xoshiro256++.
///
/// # References
///
/// D. Blackman and S. Vigna, *Scrambled linear pseudorandom number generators*, ACM TOMS 47 (2021).
pub type Random = rand_xoshiro::Xoshiro256PlusPlus;

/// The purpose of a stream of random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// First values of the weights; the position is the variable's index.
    Initialize = 1,
    /// Order of the training rows; the position is the epoch.
    Shuffle = 2,
    /// Noise and dropout in a layer; the positions are the layer and the step.
    Noise = 3,
    /// Splitting and resampling of tables.
    Split = 4,
    /// The fit of a transformer; the position is that of the transformer.
    Transform = 5,
    /// The seed of one network of several; the position is its number.
    Member = 6,
    /// The seed of the fit of one fold; the position is its number.
    Fold = 7,
    /// The rows that validate each member of an ensemble.
    ValidationParts = 8,
    /// The rows of a bootstrap resample; the position is its number.
    Bootstrap = 9,
    /// Rows and columns in another order, to inspect a fitted pipeline; the position is that of the order.
    Permutation = 10,
    /// The order of the parts of a source of blocks; the position is that of the pass.
    BlockOrder = 11,
    /// The order of the rows in one window of a source of blocks; the position is its number.
    Window = 12,
    /// Which numbers a sketch of quantiles keeps.
    Sketch = 13,
    /// The seed of one rank of several; the position is its number.
    Rank = 14,
    /// The arguments of a trial of a search; the position is its number.
    SearchArguments = 20,
    /// The seed of a trial of a search; the position is its number.
    Trial = 21,
    /// The groups of rows of a search's validation part.
    SearchGroups = 22,
}

/// The stream for one purpose at one position: the same three numbers always select the same stream.
pub(crate) fn stream(seed: u64, purpose: Purpose, position: u64) -> Random {
    let mixed = mix(mix(seed ^ mix(purpose as u64)) ^ position);
    Random::seed_from_u64(mixed)
}

/// The seed of one rank of several; that of the first is the seed itself.
pub(crate) fn seed_of_rank(seed: u64, rank: usize) -> u64 {
    if rank == 0 { seed } else { stream(seed, Purpose::Rank, rank as u64).next_u64() }
}

/// A seed drawn from the operating system, for whoever gave none.
pub(crate) fn fresh_seed() -> u64 {
    // Where the system has no source of randomness a fixed seed is the only safe answer left.
    rand::rngs::SysRng.try_next_u64().unwrap_or(0)
}

/// Puts `items` into random order (Fisher–Yates).
pub(crate) fn shuffle<I>(items: &mut [I], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last as u64 + 1, random) as usize);
    }
}

/// A number in `0..bound`, by multiplication; its bias is below `bound / 2^64`.
pub(crate) fn below(bound: u64, random: &mut Random) -> u64 {
    ((u128::from(random.next_u64()) * u128::from(bound)) >> 64) as u64
}

/// SplitMix64's finalizer: neighboring inputs have unrelated outputs.
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_for_ever() {
        // A change of these numbers changes every seeded result of every user.
        let mut random = stream(7, Purpose::Shuffle, 3);
        assert_eq!(random.next_u64(), 17_160_669_760_921_698_577);
    }

    #[test]
    fn positions_and_purposes_are_independent() {
        let first = |purpose, position| stream(1, purpose, position).next_u64();
        assert_ne!(first(Purpose::Shuffle, 0), first(Purpose::Shuffle, 1));
        assert_ne!(first(Purpose::Shuffle, 0), first(Purpose::Initialize, 0));
    }

    #[test]
    fn a_shuffle_holds_every_index_once() {
        let mut order: Vec<u32> = (0..1000).collect();
        shuffle(&mut order, &mut stream(0, Purpose::Shuffle, 0));
        assert_ne!(order, (0..1000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
    }
}
