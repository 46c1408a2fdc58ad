//! SipHash-2-4: a hash under a key of 128 bits.

/// The hash of some bytes under a key.
///
/// # References
///
/// J.-P. Aumasson and D. Bernstein, *SipHash: a fast short-input PRF*, INDOCRYPT 2012.
pub(super) fn siphash(bytes: &[u8], key: [u64; 2]) -> u64 {
    let mut v = [
        key[0] ^ 0x736f_6d65_7073_6575,
        key[1] ^ 0x646f_7261_6e64_6f6d,
        key[0] ^ 0x6c79_6765_6e65_7261,
        key[1] ^ 0x7465_6462_7974_6573,
    ];
    let little_endian = |bytes: &[u8]| bytes.iter().rev().fold(0, |word: u64, &byte| word << 8 | u64::from(byte));
    let words = bytes.chunks_exact(8);
    let last = little_endian(words.remainder()) | (bytes.len() as u64) << 56;
    for word in words.map(little_endian).chain([last]) {
        v[3] ^= word;
        rounds(&mut v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    rounds(&mut v, 4);
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

fn rounds(v: &mut [u64; 4], count: usize) {
    for _ in 0..count {
        v[0] = v[0].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[2] = v[2].rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_paper() {
        // Appendix A: key and message are the bytes 0, 1, 2, …, the message is 15 bytes long.
        let message: Vec<u8> = (0..15).collect();
        assert_eq!(siphash(&message, [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]), 0xa129_ca61_49be_45e5);
    }
}
