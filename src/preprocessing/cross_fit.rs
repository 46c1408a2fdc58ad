//! Cross-fitting: each part of the training rows is encoded with the state learned from the others.

use crate::Result;
use crate::items::{Spec, invalid};
use crate::random::{self, Random};

/// The rows of each of `folds` parts.
///
/// Without strata they are consecutive rows, or random ones; with them every part has the same fraction of each stratum, as near as
/// whole rows allow, though a stratum may have fewer rows than there are parts. As scikit-learn's `KFold` and `StratifiedKFold`.
pub(super) fn parts(
    item: &dyn Spec,
    folds: usize,
    rows: usize,
    strata: Option<&[usize]>,
    mut random: Option<&mut Random>,
) -> Result<Vec<Vec<usize>>> {
    if folds > rows || folds < 2 {
        let expected = format!(
            "at least 2 and no more than there are training rows, {rows}; fit to more rows, or set fewer folds"
        );
        return Err(invalid(item, "cv", folds, expected));
    }
    let mut parts = vec![Vec::new(); folds];
    let Some(strata) = strata else {
        let mut order: Vec<usize> = (0..rows).collect();
        if let Some(random) = random {
            random::shuffle(&mut order, random);
        }
        let (size, larger) = (rows / folds, rows % folds);
        let mut rest = order.into_iter();
        for (fold, part) in parts.iter_mut().enumerate() {
            part.extend(rest.by_ref().take(size + usize::from(fold < larger)));
        }
        return Ok(parts);
    };
    let mut sorted = 0;
    for members in by_appearance(strata) {
        let mut of_members: Vec<usize> = (sorted..sorted + members.len()).map(|at| at % folds).collect();
        sorted += members.len();
        of_members.sort_unstable();
        if let Some(random) = random.as_deref_mut() {
            random::shuffle(&mut of_members, random);
        }
        members.into_iter().zip(of_members).for_each(|(row, fold)| parts[fold].push(row));
    }
    Ok(parts)
}

/// The rows of each stratum, in the order in which strata appear.
fn by_appearance(strata: &[usize]) -> Vec<Vec<usize>> {
    let count = strata.iter().max().map_or(0, |most| most + 1);
    let (mut places, mut members) = (vec![None; count], Vec::<Vec<usize>>::new());
    for (row, &stratum) in strata.iter().enumerate() {
        let place = *places[stratum].get_or_insert(members.len());
        match members.get_mut(place) {
            Some(rows) => rows.push(row),
            None => members.push(vec![row]),
        }
    }
    members
}

/// The rows that are in none of the others' part, in ascending order.
pub(super) fn rest(part: &[usize], rows: usize) -> Vec<usize> {
    let mut inside = vec![false; rows];
    part.iter().for_each(|&row| inside[row] = true);
    (0..rows).filter(|&row| !inside[row]).collect()
}
