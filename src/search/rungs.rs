//! The rungs of successive halving.

use super::search_strategy::by_loss;
use super::{FinishedTrial, Proposal, SearchProgress};
use crate::sorting;
use std::ops::Range;

/// One rung: how many trials are evaluated, and after which fraction of their epochs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rung {
    pub(super) trials: usize,
    pub(super) fraction: f64,
}

/// The most rungs of a bracket.
pub(super) const MOST_RUNGS: f64 = 1000.0;

/// How many rungs follow the first one, rounded neither up nor down.
pub(super) fn further_rungs(factor: f64, first_fraction: f64) -> f64 {
    -first_fraction.ln() / factor.ln()
}

/// The rungs for this many trials; each rung has `factor` times fewer trials than the one before, and `factor` times as many epochs.
pub(super) fn rungs(trials: usize, factor: f64, first_fraction: f64) -> Vec<Rung> {
    let (mut left, mut fraction) = (trials as f64, first_fraction);
    let mut made = Vec::new();
    loop {
        // Rounding errors of repeated products must not leave a rung just below the full number of epochs.
        if fraction > 1.0 - 1e-9 {
            fraction = 1.0;
        }
        made.push(Rung { trials: ((left + 1e-9) as usize).max(1), fraction });
        if fraction == 1.0 {
            return made;
        }
        (left, fraction) = (left / factor, fraction * factor);
    }
}

/// The next rung of the trials with these numbers; `None` when the last one has been evaluated.
pub(super) fn next_rung(progress: &SearchProgress<'_>, trials: &Range<usize>, rungs: &[Rung]) -> Option<Vec<Proposal>> {
    let evaluated = |rung: &Rung| -> Vec<&FinishedTrial> {
        let of_rung = |one: &&FinishedTrial| one.fraction == rung.fraction && trials.contains(&one.trial);
        progress.finished.iter().filter(of_rung).collect()
    };
    let mut before: Option<Vec<&FinishedTrial>> = None;
    for rung in rungs {
        let found = evaluated(rung);
        if !found.is_empty() {
            before = Some(found);
            continue;
        }
        return Some(match before {
            None => {
                let drawn = |trial| Proposal::new(trial, progress.space.sample(progress.seed, trial));
                trials.clone().map(|trial| drawn(trial).with_fraction(rung.fraction)).collect()
            }
            Some(mut survivors) => {
                sorting::by(&mut survivors, |a, b| by_loss((a.loss, a.trial), (b.loss, b.trial)));
                // A trial that has failed would fail again.
                let survivors = survivors.into_iter().filter(|one| !one.loss.is_nan()).take(rung.trials);
                survivors
                    .map(|one| Proposal::new(one.trial, one.arguments.clone()).with_fraction(rung.fraction))
                    .collect()
            }
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rung_has_a_factor_fewer_trials_and_more_epochs() {
        let of = |trials, factor, first| -> Vec<(usize, f64)> {
            rungs(trials, factor, first).iter().map(|rung| (rung.trials, rung.fraction)).collect()
        };
        assert_eq!(of(27, 3.0, 1.0 / 9.0), [(27, 1.0 / 9.0), (9, 1.0 / 3.0), (3, 1.0)]);
        assert_eq!(of(200, 3.0, 0.1), [(200, 0.1), (66, 0.1 * 3.0), (22, 0.1 * 3.0 * 3.0), (7, 1.0)]);
        assert_eq!(of(5, 2.0, 1.0), [(5, 1.0)]);
        assert_eq!(of(2, 4.0, 1.0 / 64.0).last(), Some(&(1, 1.0)));
    }
}
