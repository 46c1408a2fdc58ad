//! Tokens hashed into bins.

use super::farmhash::fingerprint;
use crate::items::argument::plain;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

/// The key of a salted hash: two numbers; one number, as Keras takes it too, represents itself twice.
///
/// ```
/// use perceptra::layers::Salt;
///
/// assert_eq!(Salt::from(13), Salt::from([13, 13]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenSalt", into = "[u64; 2]")]
pub struct Salt([u64; 2]);

plain!(Salt);

/// A salt as it is written in a configuration.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number of at least 0, or a list of two")]
enum WrittenSalt {
    Once(u64),
    Twice([u64; 2]),
}

impl From<WrittenSalt> for Salt {
    fn from(written: WrittenSalt) -> Self {
        match written {
            WrittenSalt::Once(one) => one.into(),
            WrittenSalt::Twice(both) => both.into(),
        }
    }
}

impl From<u64> for Salt {
    fn from(one: u64) -> Self {
        Salt([one, one])
    }
}

impl From<[u64; 2]> for Salt {
    fn from(both: [u64; 2]) -> Self {
        Salt(both)
    }
}

impl From<Salt> for [u64; 2] {
    fn from(salt: Salt) -> Self {
        salt.0
    }
}

/// The bin of a token: FarmHash64 without a salt, SipHash64 with one, modulo the number of bins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash {
    pub(crate) bins: usize,
    pub(crate) salt: Option<Salt>,
}

impl Hash {
    /// The bin of a string.
    pub(crate) fn of_string(&self, text: &str) -> usize {
        let hash = match self.salt {
            None => fingerprint(text.as_bytes()),
            Some(Salt([key_0, key_1])) => SipHasher24::new_with_keys(key_0, key_1).hash(text.as_bytes()),
        };
        (hash % self.bins as u64) as usize
    }

    /// The bin of a whole number, which is hashed as it is written in decimals. Allocates nothing.
    pub(crate) fn of_number(&self, number: i64) -> usize {
        // A sign and nineteen digits at most.
        let mut text = [0u8; 20];
        let mut start = text.len();
        let mut rest = number.unsigned_abs();
        loop {
            start -= 1;
            text[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            start -= 1;
            text[start] = b'-';
        }
        self.of_string(std::str::from_utf8(&text[start..]).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salted_hash_is_siphash_2_4() {
        // Aumasson and Bernstein, SipHash: a fast short-input PRF, appendix A: key and message are the bytes 0, 1, 2, …, the
        // message is 15 bytes long.
        let message: String = (0..15).map(char::from).collect();
        let hash = Hash { bins: usize::MAX, salt: Some([0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908].into()) };
        assert_eq!(hash.of_string(&message), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn a_number_is_hashed_as_its_decimals() {
        for salt in [None, Some(Salt::from(7))] {
            let hash = Hash { bins: 1 << 20, salt };
            for number in [0, 7, -7, 10, 1_234_567_890, i64::MAX, i64::MIN] {
                assert_eq!(hash.of_number(number), hash.of_string(&number.to_string()), "{number}");
            }
        }
    }
}
