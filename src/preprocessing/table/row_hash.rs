//! A number of each row that depends only on its values.

use super::{Column, Table};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

impl Table {
    /// A number of each row, by the values of all columns in their order: equal rows have equal numbers, in whatever table and
    /// at whatever place. Integers are those of the same numbers, and missing values are all the same.
    pub(crate) fn row_keys(&self) -> Vec<u64> {
        let mut hashers = vec![SipHasher13::new(); self.rows];
        for column in &self.columns {
            match &**column {
                Column::Number(values) => values.iter().zip(&mut hashers).for_each(|(x, hasher)| number(hasher, *x)),
                Column::Boolean(values) => {
                    values.as_numbers().iter().zip(&mut hashers).for_each(|(x, hasher)| number(hasher, *x));
                }
                Column::Integer(values) => {
                    for (value, hasher) in values.iter().zip(&mut hashers) {
                        match value {
                            None => hasher.write_u8(0),
                            Some(value) if value as f64 as i128 == i128::from(value) => number(hasher, value as f64),
                            Some(value) => integer(hasher, value),
                        }
                    }
                }
                Column::DateTime(values) => {
                    for (at, hasher) in values.iter().zip(&mut hashers) {
                        match at {
                            None => hasher.write_u8(0),
                            Some(at) => integer(hasher, at.microseconds()),
                        }
                    }
                }
                Column::String(strings) => {
                    for (text, hasher) in strings.iter().zip(&mut hashers) {
                        match text {
                            None => hasher.write_u8(0),
                            Some(text) => {
                                hasher.write_u8(3);
                                hasher.write_u64(text.len() as u64);
                                hasher.write(text.as_bytes());
                            }
                        }
                    }
                }
            }
        }
        hashers.iter().map(SipHasher13::finish).collect()
    }

    /// Returns the keys as numbers in [0, 1), evenly distributed.
    pub(crate) fn row_hashes(&self) -> Vec<f64> {
        self.row_keys().into_iter().map(|key| (key >> 11) as f64 / (1u64 << 53) as f64).collect()
    }
}

fn number(hasher: &mut SipHasher13, value: f64) {
    if value.is_nan() {
        return hasher.write_u8(0);
    }
    hasher.write_u8(1);
    // Both zeros are one number.
    hasher.write_u64((value + 0.0).to_bits());
}

fn integer(hasher: &mut SipHasher13, value: i64) {
    hasher.write_u8(2);
    hasher.write_i64(value);
}

#[cfg(test)]
mod tests {
    use super::super::{IntegerColumn, StringColumn};
    use super::*;

    #[test]
    fn hashes_depend_only_on_the_values_of_a_row() {
        let strings: StringColumn = [Some("x"), None, Some("x"), Some("")].into_iter().collect();
        let table = Table::new().with_numbers("a", [1.0, -0.0, 1.0, f64::NAN]).unwrap();
        let table = table.with_column("b", strings.clone()).unwrap();
        let hashes = table.row_hashes();
        assert_eq!(hashes[0], hashes[2]);
        assert!(
            hashes.iter().all(|hash| (0.0..1.0).contains(hash)) && hashes[1] != hashes[3] && hashes[0] != hashes[1]
        );
        let taken = table.take(&[3, 0]).unwrap().row_hashes();
        assert_eq!(taken, [hashes[3], hashes[0]]);
        let integers: IntegerColumn = [Some(1), Some(0), Some(1), None].into_iter().collect();
        let table = Table::new().with_column("a", integers).unwrap().with_column("b", strings).unwrap();
        assert_eq!(table.row_hashes(), hashes);
        // A value is not carried to the next column.
        let pair = |a: &str, b: &str| {
            Table::new().with_strings("a", [a]).unwrap().with_strings("b", [b]).unwrap().row_hashes()
        };
        assert_ne!(pair("ab", ""), pair("a", "b"));
    }

    #[test]
    fn a_fraction_of_many_rows_is_below_it() {
        let table = Table::new().with_numbers("a", (0..20_000).map(f64::from)).unwrap();
        let below = table.row_hashes().iter().filter(|hash| **hash < 0.25).count();
        assert!((4_800..5_200).contains(&below), "{below}");
    }
}
