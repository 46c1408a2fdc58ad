//! Two parts with the same fractions of every class.

use super::classes::Classes;
use crate::error::counted;
use crate::error::{Error, Result};
use crate::random::{self, Random};
use crate::sorting;

/// Returns the rows of both parts, in random order.
///
/// Every class gets its fraction of both parts, rounded down; the rows left over by rounding go to the classes with the
/// largest remainders, in random order among equal ones.
pub(super) fn stratified(
    item: &str,
    classes: &Classes,
    (train, test): (usize, usize),
    random: &mut Random,
) -> Result<(Vec<usize>, Vec<usize>)> {
    let counts = classes.counts();
    if let Some(single) = counts.iter().position(|&count| count < 2) {
        let value = format!("a column in which class {} has one row", classes.labels[single]);
        return Err(Error::argument(item, "stratify", value, "two rows or more of every class, one for each part"));
    }
    if train.min(test) < counts.len() {
        let (test, classes) = (counted(test, "test row"), counted(counts.len(), "class"));
        let value = format!("{train} training and {test} for {classes}");
        return Err(Error::argument(item, "test_size", value, "at least as many rows in each part as classes"));
    }
    let of_train = draw(&counts, train, random);
    let left: Vec<usize> = counts.iter().zip(&of_train).map(|(count, taken)| count - taken).collect();
    let of_test = draw(&left, test, random);
    let (mut train_rows, mut test_rows) = (Vec::with_capacity(train), Vec::with_capacity(test));
    for (class, rows) in classes.rows.iter().enumerate() {
        let mut rows = rows.clone();
        random::shuffle(&mut rows, random);
        train_rows.extend(&rows[..of_train[class]]);
        test_rows.extend(&rows[of_train[class]..of_train[class] + of_test[class]]);
    }
    random::shuffle(&mut train_rows, random);
    random::shuffle(&mut test_rows, random);
    Ok((train_rows, test_rows))
}

/// The number of rows to draw from each class, `total` in all, in proportion to its rows: the most likely outcome of drawing
/// without replacement.
fn draw(counts: &[usize], total: usize, random: &mut Random) -> Vec<usize> {
    let rows: usize = counts.iter().sum();
    let fractions: Vec<f64> = counts.iter().map(|&count| count as f64 / rows as f64 * total as f64).collect();
    let mut drawn: Vec<usize> = fractions.iter().map(|fraction| fraction.floor() as usize).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    random::shuffle(&mut order, random);
    // The sort is stable, so that equal remainders stay in their random order.
    sorting::by_number(&mut order, |&class| -fractions[class].fract());
    let left = total.saturating_sub(drawn.iter().sum());
    order.retain(|&class| drawn[class] < counts[class]);
    for &class in order.iter().take(left) {
        drawn[class] += 1;
    }
    drawn
}
