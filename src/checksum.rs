//! CRC-32C, the checksum of model files and of TensorBoard's event files.

use crc::{CRC_32_ISCSI, Crc, Table};

/// Sixteen bytes are taken at a time.
static CRC: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// The CRC-32C of the bytes.
///
/// # References
///
/// RFC 3720, appendix B.4. M. Kounavis and F. Berry, *A systematic approach to building high performance
/// software-based CRC generators*, ISCC 2005.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
}

/// The CRC-32C of something with the checksum `before`, followed by `bytes`.
pub(crate) fn continue_crc32c(before: u32, bytes: &[u8]) -> u32 {
    // The checksum is the complement of the remainder, and an initial value is given with its bits in the order of the
    // polynomial, which this checksum reflects.
    let mut digest = CRC.digest_with_initial((!before).reverse_bits());
    digest.update(bytes);
    digest.finalize()
}

/// The CRC-32C of something with the checksum `first`, followed by `length` bytes with the checksum `second`.
///
/// # References
///
/// zlib, `crc32_combine`: the first checksum is multiplied by x to the number of bits after it, modulo the polynomial.
pub(crate) fn joined_crc32c(first: u32, second: u32, length: u64) -> u32 {
    // The highest bit is the coefficient of 1; this is x⁸, a byte.
    let (mut power, mut left, mut shift) = (1 << 23, length, 1 << 31);
    while left > 0 {
        if left & 1 == 1 {
            shift = multiplied(shift, power);
        }
        power = multiplied(power, power);
        left >>= 1;
    }
    multiplied(shift, first) ^ second
}

/// The product of two polynomials modulo that of CRC-32C.
fn multiplied(a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    for bit in (0..32).rev() {
        if (a >> bit) & 1 == 1 {
            product ^= b;
        }
        b = if b & 1 == 1 { (b >> 1) ^ 0x82f6_3b78 } else { b >> 1 };
    }
    product
}

/// The numbers whose bytes are summed at a time.
const BLOCK: usize = 512;

/// The CRC-32C of something with the checksum `sum`, followed by the bits of numbers, of which all that are NaN have the same.
pub(crate) fn continue_with_numbers(mut sum: u32, numbers: impl Iterator<Item = f64>) -> u32 {
    let mut block = Vec::with_capacity(8 * BLOCK);
    for number in numbers {
        let bits = if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() };
        block.extend_from_slice(&bits.to_le_bytes());
        if block.len() == 8 * BLOCK {
            sum = continue_crc32c(sum, &block);
            block.clear();
        }
    }
    continue_crc32c(sum, &block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        // RFC 3720, B.4, and the catalogue's check value.
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(&ascending), 0x46dd_794e);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn parts_give_the_sum_of_the_whole() {
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * 37 % 251) as u8).collect();
        for cut in 0..bytes.len() {
            assert_eq!(continue_crc32c(crc32c(&bytes[..cut]), &bytes[cut..]), crc32c(&bytes));
            let (first, second) = bytes.split_at(cut);
            assert_eq!(joined_crc32c(crc32c(first), crc32c(second), second.len() as u64), crc32c(&bytes));
        }
    }
}
