//! The sizes of a training part and a test part.

use crate::error::counted;
use crate::error::{Error, Result};

/// The numbers of `count` rows or groups that are for training and for the test: `⌊count · train_size⌋` or all others, and
/// `⌈count · test_size⌉`.
pub(super) fn part_sizes(
    item: &str,
    (count, of): (usize, &str),
    test_size: f64,
    train_size: Option<f64>,
) -> Result<(usize, usize)> {
    let fraction = |size: f64| if size > 0.0 && size < 1.0 { size * count as f64 } else { 0.0 };
    let test = fraction(test_size).ceil() as usize;
    let left = count.saturating_sub(test);
    if test == 0 || left == 0 {
        let expected = format!("a fraction between 0 and 1 that leaves both parts some of the {}", counted(count, of));
        return Err(Error::argument(item, "test_size", test_size, expected));
    }
    let Some(train_size) = train_size else { return Ok((left, test)) };
    match fraction(train_size).floor() as usize {
        train if (1..=left).contains(&train) => Ok((train, test)),
        _ => {
            let expected =
                format!("a fraction above 0 for at least one and at most {left} of the {}", counted(count, of));
            Err(Error::argument(item, "train_size", train_size, expected))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_part_is_empty_and_no_row_is_in_both() {
        let sizes = |count, test, train| part_sizes("Parts", (count, "row"), test, train);
        assert_eq!(sizes(11, 0.25, None).unwrap(), (8, 3));
        assert_eq!(sizes(11, 0.25, Some(0.5)).unwrap(), (5, 3));
        for size in [0.0, 1.0, -0.1, 1.5, f64::NAN] {
            assert!(matches!(sizes(10, size, None), Err(Error::Argument { argument: "test_size", .. })));
            assert!(matches!(sizes(10, 0.5, Some(size)), Err(Error::Argument { argument: "train_size", .. })));
        }
        assert!(sizes(10, 0.5, Some(0.7)).is_err());
        assert!(sizes(10, 0.5, Some(0.01)).is_err());
        assert!(sizes(0, 0.5, None).is_err());
        assert!(sizes(1, 0.5, None).is_err());
    }
}
