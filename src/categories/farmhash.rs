//! FarmHash's 64-bit fingerprint, which stays the same for ever.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;

/// The fingerprint of some bytes.
///
/// # References
///
/// G. Pike, *FarmHash*, 2014: the function `Fingerprint64`.
pub(super) fn fingerprint(bytes: &[u8]) -> u64 {
    match bytes.len() {
        0..=16 => short(bytes),
        17..=32 => medium(bytes),
        33..=64 => long(bytes),
        _ => blocks(bytes),
    }
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

fn half_word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 4].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

fn add(values: &[u64]) -> u64 {
    values.iter().fold(0, |sum, &value| sum.wrapping_add(value))
}

/// `K2 + 2·length`, the factor of strings of at most 64 bytes.
fn factor(length: usize) -> u64 {
    K2.wrapping_add(2 * length as u64)
}

fn shift_mix(value: u64) -> u64 {
    value ^ (value >> 47)
}

fn mix(u: u64, v: u64, factor: u64) -> u64 {
    let a = shift_mix((u ^ v).wrapping_mul(factor));
    shift_mix((v ^ a).wrapping_mul(factor)).wrapping_mul(factor)
}

fn short(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    if n >= 8 {
        let (a, b) = (word(bytes, 0).wrapping_add(K2), word(bytes, n - 8));
        let c = b.rotate_right(37).wrapping_mul(factor(n)).wrapping_add(a);
        let d = a.rotate_right(25).wrapping_add(b).wrapping_mul(factor(n));
        return mix(c, d, factor(n));
    }
    if n >= 4 {
        return mix(add(&[n as u64, half_word(bytes, 0) << 3]), half_word(bytes, n - 4), factor(n));
    }
    if n == 0 {
        return K2;
    }
    let (a, b, c) = (u64::from(bytes[0]), u64::from(bytes[n / 2]), u64::from(bytes[n - 1]));
    let (y, z) = (a + (b << 8), n as u64 + (c << 2));
    shift_mix(y.wrapping_mul(K2) ^ z.wrapping_mul(K0)).wrapping_mul(K2)
}

fn medium(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    let (a, b) = (word(bytes, 0).wrapping_mul(K1), word(bytes, 8));
    let (c, d) = (word(bytes, n - 8).wrapping_mul(factor(n)), word(bytes, n - 16).wrapping_mul(K2));
    let u = add(&[a.wrapping_add(b).rotate_right(43), c.rotate_right(30), d]);
    mix(u, add(&[a, b.wrapping_add(K2).rotate_right(18), c]), factor(n))
}

fn long(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    let (a, b) = (word(bytes, 0).wrapping_mul(K2), word(bytes, 8));
    let (c, d) = (word(bytes, n - 8).wrapping_mul(factor(n)), word(bytes, n - 16).wrapping_mul(K2));
    let y = add(&[a.wrapping_add(b).rotate_right(43), c.rotate_right(30), d]);
    let z = mix(y, add(&[a, b.wrapping_add(K2).rotate_right(18), c]), factor(n));
    let (e, f) = (word(bytes, 16).wrapping_mul(factor(n)), word(bytes, 24));
    let g = y.wrapping_add(word(bytes, n - 32)).wrapping_mul(factor(n));
    let h = z.wrapping_add(word(bytes, n - 24)).wrapping_mul(factor(n));
    let u = add(&[e.wrapping_add(f).rotate_right(43), g.rotate_right(30), h]);
    mix(u, add(&[e, f.wrapping_add(a).rotate_right(18), g]), factor(n))
}

/// Two words from 32 bytes and two seeds.
fn pair(bytes: &[u8], a: u64, b: u64) -> (u64, u64) {
    let [w, x, y, z] = [0, 8, 16, 24].map(|at| word(bytes, at));
    let first = a.wrapping_add(w);
    let b = add(&[b, first, z]).rotate_right(21);
    let a = add(&[first, x, y]);
    (a.wrapping_add(z), add(&[b, a.rotate_right(44), first]))
}

/// The state of a string of more than 64 bytes.
struct HashState {
    x: u64,
    y: u64,
    z: u64,
    v: (u64, u64),
    w: (u64, u64),
}

impl HashState {
    /// Takes in 64 bytes. The last block has different weights.
    fn take(&mut self, block: &[u8], factor: u64, weight: u64) {
        let HashState { x, y, z, v, w } = self;
        *x = add(&[*x, *y, v.0, word(block, 8)]).rotate_right(37).wrapping_mul(factor);
        *y = add(&[*y, v.1, word(block, 48)]).rotate_right(42).wrapping_mul(factor);
        *x ^= w.1.wrapping_mul(weight);
        *y = add(&[*y, v.0.wrapping_mul(weight), word(block, 40)]);
        *z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(factor);
        *v = pair(block, v.1.wrapping_mul(factor), x.wrapping_add(w.0));
        *w = pair(&block[32..], z.wrapping_add(w.1), y.wrapping_add(word(block, 16)));
        std::mem::swap(z, x);
    }
}

fn blocks(bytes: &[u8]) -> u64 {
    const SEED: u64 = 81;
    let y = SEED.wrapping_mul(K1).wrapping_add(113);
    let z = shift_mix(y.wrapping_mul(K2).wrapping_add(113)).wrapping_mul(K2);
    let x = SEED.wrapping_mul(K2).wrapping_add(word(bytes, 0));
    let mut state = HashState { x, y, z, v: (0, 0), w: (0, 0) };
    // The last block ends with the text and overlaps the one before, unless the length is a multiple of 64.
    let whole = (bytes.len() - 1) / 64 * 64;
    for block in bytes[..whole].chunks_exact(64) {
        state.take(block, K1, 1);
    }
    let factor = K1.wrapping_add((state.z & 0xff) << 1);
    state.w.0 = state.w.0.wrapping_add((bytes.len() as u64 - 1) & 63);
    state.v.0 = state.v.0.wrapping_add(state.w.0);
    state.w.0 = state.w.0.wrapping_add(state.v.0);
    state.take(&bytes[bytes.len() - 64..], factor, 9);
    let HashState { x, y, z, v, w } = state;
    let u = add(&[mix(v.0, w.0, factor), shift_mix(y).wrapping_mul(K0), z]);
    mix(u, mix(v.1, w.1, factor).wrapping_add(x), factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_every_byte_counts() {
        let text: Vec<u8> = (0..200u8).map(|i| i.wrapping_mul(37)).collect();
        let mut seen = std::collections::HashSet::new();
        for length in 0..=text.len() {
            assert!(seen.insert(fingerprint(&text[..length])), "{length}");
            for place in 0..length {
                let mut other = text[..length].to_vec();
                other[place] ^= 1;
                assert_ne!(fingerprint(&other), fingerprint(&text[..length]), "{place} of {length}");
            }
        }
        assert_eq!(fingerprint(b""), K2);
    }
}
