//! Default and completeness of the rows, with exact counts.

use perceptra::Random;

use super::unit;

/// The value that is missing in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Nothing,
    Balance,
    Income,
}

/// The properties of a row that are decided before its borrower is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    pub missing: Missing,
    pub default: bool,
}

/// Every outcome with its number of rows: 532,428 in all, 125,827 of them defaults.
///
/// The split of the incomplete rows follows from the training set that was published with the challenge file: 62,256
/// defaults in 70% of 490,421 rows.
const COUNTS: [(Outcome, u32); 5] = [
    (Outcome { missing: Missing::Nothing, default: false }, 401_484),
    (Outcome { missing: Missing::Nothing, default: true }, 88_937),
    (Outcome { missing: Missing::Balance, default: true }, 36_890),
    (Outcome { missing: Missing::Balance, default: false }, 5_114),
    (Outcome { missing: Missing::Income, default: false }, 3),
];

/// Draws outcomes without replacement, so that the whole portfolio has the counts above in random order.
#[derive(Debug)]
pub(super) struct Urn {
    remaining: [(Outcome, u32); 5],
}

impl Urn {
    pub(super) fn new() -> Self {
        Self { remaining: COUNTS }
    }

    /// The next outcome, or `None` once the urn is empty.
    pub(super) fn draw(&mut self, random: &mut Random) -> Option<Outcome> {
        let total: u32 = self.remaining.iter().map(|(_, count)| count).sum();
        let mut position = (unit(random) * f64::from(total)) as u32;
        for (outcome, count) in &mut self.remaining {
            if position < *count {
                *count -= 1;
                return Some(*outcome);
            }
            position -= *count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_urn_gives_every_outcome_its_count() {
        let mut random = Random::seed_from_u64(1);
        let mut urn = Urn::new();
        let drawn: Vec<Outcome> = std::iter::from_fn(|| urn.draw(&mut random)).collect();
        for (outcome, count) in COUNTS {
            assert_eq!(drawn.iter().filter(|one| **one == outcome).count(), count as usize);
        }
    }
}
