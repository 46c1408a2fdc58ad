//! Two parts of whole groups.

use super::classes::Classes;
use super::parts::part_sizes;
use crate::error::Result;
use crate::lists::joined;
use crate::random::{self, Random};

/// Returns the rows of both parts, group by group in random order; the sizes are fractions of the groups.
pub(super) fn of_whole_groups(
    item: &str,
    groups: &Classes,
    test_size: f64,
    train_size: Option<f64>,
    random: &mut Random,
) -> Result<(Vec<usize>, Vec<usize>)> {
    let (train, test) = part_sizes(item, (groups.rows.len(), "group"), test_size, train_size)?;
    let mut order: Vec<&Vec<usize>> = groups.rows.iter().collect();
    random::shuffle(&mut order, random);
    let rows = |groups: &[&Vec<usize>]| joined(groups, |rows| rows.to_vec());
    Ok((rows(&order[..train]), rows(&order[order.len() - test..])))
}
