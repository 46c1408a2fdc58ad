//! Hashes several indices to one bin.

/// The initial fingerprint of TensorFlow's hashed crossing.
const KEY: u64 = 0x0000_00de_cafc_affe;
const MULTIPLIER: u64 = 0xc6a4_a793_5bd1_e995;

/// Mixes the high bits into the low ones.
fn mix(value: u64) -> u64 {
    value ^ (value >> 47)
}

/// The bin of a combination of indices: their chained fingerprint, as in TensorFlow's hashed crossing, modulo the number of bins,
/// which is at least 1.
pub(crate) fn cross(indices: impl IntoIterator<Item = u64>, bins: usize) -> usize {
    let chain = |hash: u64, index: u64| {
        let mixed = mix(index.wrapping_mul(MULTIPLIER)).wrapping_mul(MULTIPLIER);
        let joined = (hash ^ MULTIPLIER ^ mixed).wrapping_mul(MULTIPLIER);
        mix(mix(joined).wrapping_mul(MULTIPLIER))
    };
    (indices.into_iter().fold(KEY, chain) % bins.max(1) as u64) as usize
}
