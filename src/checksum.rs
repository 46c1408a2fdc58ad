//! CRC-32C, the check sum of model files and of TensorBoard's event files.

/// The polynomial of Castagnoli, bits reversed.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// The remainders of all bytes, and of the same followed by 1 to 7 zero bytes: eight bytes are taken at a time.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            remainder = if remainder & 1 == 1 { (remainder >> 1) ^ POLYNOMIAL } else { remainder >> 1 };
            bit += 1;
        }
        tables[0][byte] = remainder;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let shorter = tables[table - 1][byte];
            tables[table][byte] = (shorter >> 8) ^ tables[0][(shorter & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// The CRC-32C of some bytes.
///
/// # References
///
/// RFC 3720, appendix B.4. M. Kounavis and F. Berry, *A systematic approach to building high performance
/// software-based CRC generators*, ISCC 2005.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    continue_crc32c(0, bytes)
}

/// The CRC-32C of what had the check sum `before`, followed by `bytes`.
pub(crate) fn continue_crc32c(before: u32, bytes: &[u8]) -> u32 {
    let mut remainder = !before;
    let (eights, rest) = bytes.as_chunks::<8>();
    for eight in eights {
        let word = u64::from_le_bytes(*eight) ^ u64::from(remainder);
        remainder = (0..8).fold(0, |sum, i| sum ^ TABLES[7 - i][(word >> (8 * i)) as usize & 0xff]);
    }
    for &byte in rest {
        remainder = (remainder >> 8) ^ TABLES[0][((remainder ^ u32::from(byte)) & 0xff) as usize];
    }
    !remainder
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
        }
    }
}
