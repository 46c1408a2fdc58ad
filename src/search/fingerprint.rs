//! A hash of a table, by which a resumed search checks that its table is the same.

use crate::preprocessing::{Column, Table};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// A number of 128 bits, in hexadecimal digits, that differs for tables that differ in a name, a type or a value.
pub(super) fn fingerprint(table: &Table) -> String {
    let mut hasher = SipHasher24::new();
    hasher.write_u64(table.nrows() as u64);
    for (name, column) in table.iter() {
        text(&mut hasher, name);
        match column {
            Column::String(strings) => {
                hasher.write_u8(1);
                for value in strings.iter() {
                    match value {
                        Some(value) => text(&mut hasher, value),
                        None => hasher.write_u64(u64::MAX),
                    }
                }
            }
            other => {
                text(&mut hasher, other.kind());
                // All missing values are equal.
                let bits = |value: &f64| if value.is_nan() { u64::MAX } else { value.to_bits() };
                other.as_numbers().unwrap_or_default().iter().for_each(|value| hasher.write_u64(bits(value)));
            }
        }
    }
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}

/// A string with its length, so that strings one after another are distinguished.
fn text(hasher: &mut SipHasher24, text: &str) {
    hasher.write_u64(text.len() as u64);
    hasher.write(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_changes_the_fingerprint() {
        let table = |numbers: [f64; 2], strings: [&str; 2], name: &str| {
            fingerprint(&Table::new().with_numbers("a", numbers).unwrap().with_strings(name, strings).unwrap())
        };
        let first = table([1.0, f64::NAN], ["ab", "c"], "b");
        assert_eq!(first, table([1.0, -f64::NAN], ["ab", "c"], "b"));
        let others = [table([1.0, 2.0], ["ab", "c"], "b"), table([1.0, f64::NAN], ["a", "bc"], "b")];
        assert!(others.iter().chain([&table([1.0, f64::NAN], ["ab", "c"], "c")]).all(|other| *other != first));
    }
}
