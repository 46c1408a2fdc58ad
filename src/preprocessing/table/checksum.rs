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
                Column::Boolean(values) => continue_with_numbers(sum, values.as_numbers().iter().copied()),
                Column::String(strings) => strings.iter().fold(sum, of_text),
            }
        })
    }
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
        let table = |values: [f64; 2], texts: [&str; 2]| {
            Table::new().with_numbers("a", values).unwrap().with_strings("b", texts).unwrap()
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
        ];
        assert!(others.iter().all(|other| other.checksum() != base.checksum()));
        assert_eq!(base.take(&[0, 1]).unwrap().checksum(), base.checksum());
        let long = |values: usize| Table::new().with_numbers("a", (0..values).map(|x| x as f64)).unwrap().checksum();
        assert_ne!(long(512), long(513));
    }
}
