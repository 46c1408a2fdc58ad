//! The checksum of a table.

use super::{Column, Table};
use crate::checksum::{continue_crc32c, continue_with_numbers};

impl Table {
    /// The CRC-32C of the names, the types and the values of the columns, in their order; missing values are all the same.
    pub(crate) fn checksum(&self) -> u32 {
        self.iter().fold(0, |sum, (name, column)| {
            let sum = of_text(of_text(sum, Some(name)), Some(column.kind()));
            match column {
                Column::Number(values) => continue_with_numbers(sum, values.iter().copied()),
                Column::Integer(values) => values.iter().fold(sum, of_integer),
                Column::DateTime(values) => {
                    values.iter().map(|at| at.map(|at| at.microseconds())).fold(sum, of_integer)
                }
                Column::Boolean(values) => continue_with_numbers(sum, values.as_numbers().iter().copied()),
                Column::String(strings) => strings.iter().fold(sum, of_text),
            }
        })
    }
}

/// With a byte in front that states whether there is one.
fn of_integer(sum: u32, value: Option<i64>) -> u32 {
    let sum = continue_crc32c(sum, &[u8::from(value.is_some())]);
    continue_crc32c(sum, &value.unwrap_or_default().to_le_bytes())
}

/// With the length before the bytes, so that two strings are not those of another division.
fn of_text(sum: u32, text: Option<&str>) -> u32 {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    continue_crc32c(continue_crc32c(sum, &length.to_le_bytes()), text.unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_differs_changes_the_checksum() {
        let table = |values: [f64; 2], strings: [&str; 2]| {
            Table::new().with_numbers("a", values).unwrap().with_strings("b", strings).unwrap()
        };
        let base = table([1.0, f64::NAN], ["x", "yz"]);
        let others = [
            table([1.0, 2.0], ["x", "yz"]),
            table([1.0_f64.next_up(), f64::NAN], ["x", "yz"]),
            table([1.0, f64::NAN], ["xy", "z"]),
            base.select(["b", "a"]).unwrap(),
            base.select(["a"]).unwrap(),
            base.with_booleans("a", [true, false]).unwrap(),
            base.head(1),
            base.with_integers("a", [1, 0]).unwrap(),
            base.with_integers("a", [1, 1]).unwrap(),
            base.with_column("a", vec![crate::preprocessing::DateTime::from_microseconds(1); 2]).unwrap(),
        ];
        assert!(others.iter().all(|other| other.checksum() != base.checksum()));
        assert_eq!(base.take(&[0, 1]).unwrap().checksum(), base.checksum());
        let long = |values: usize| Table::new().with_numbers("a", (0..values).map(|x| x as f64)).unwrap().checksum();
        assert_ne!(long(512), long(513));
    }
}
