//! Step 5: choose a network in several steps, each a search with k-fold cross-validation.

mod applicant;
mod candidate;
mod sample;
mod trial;
mod widen;
mod winner;

pub(crate) use applicant::ask;
pub(crate) use trial::Trial;
pub(crate) use widen::Width;
pub(crate) use winner::{Winner, refit};

use crate::load::Data;
use crate::text::{paragraph, signed, thousands};
use candidate::{Candidate, OPTIMIZERS};
use perceptra::Result;
use perceptra::prelude::Table;
use sample::{FOLDS, Sample};
use trial::cross_validate;

/// The number of rows on which candidates are compared, chosen so that a hundred fits take seconds.
const ROWS: usize = 125_000;
/// A candidate replaces the best one if it is better by more than this many standard errors.
const CLEARLY: f64 = 2.0;

/// The results of the search.
pub(crate) struct Found {
    /// The results for one hidden layer of increasing width.
    pub widths: Vec<Width>,
    /// Every trial that was compared by its ROC AUC, in the order in which they were run.
    pub trials: Vec<Trial>,
    pub winner: Candidate,
}

/// Chooses units, hidden layers, activations, optimizer and epochs, in this order; each choice is kept in the next steps.
pub(crate) fn tune(balanced: &Table, data: &Data, target: &str, seed: u64) -> Result<Found> {
    let encoding = (&data.transformer, target);
    let few = Sample::of(balanced, encoding, widen::ROWS, seed)?;
    let (widths, units) = widen::widen(&few, data.features.len())?;

    let sample = Sample::of(balanced, encoding, ROWS, seed)?;
    paragraph(&format!(
        "The other questions are answered on {} balanced training rows, again by {FOLDS}-fold cross-validation. A \
         candidate takes over only if its ROC AUC is higher, fold by fold, by more than two standard errors (±) of that \
         difference; smaller differences mean nothing.",
        thousands(sample.rows().nrows()),
    ));
    let mut stages = Stages { sample: &sample, trials: Vec::new() };
    let more_units = [8, 16, 32].map(|units| Candidate::relu([units]));
    let question =
        if sample.rows().nrows() > widen::ROWS { "More units, now that there are more rows?" } else { "More units?" };
    let best = stages.compare(question, Candidate::relu([units]), more_units.to_vec())?;
    let units = best.hidden[0].0;
    let others = [vec![], vec![units; 2], vec![units; 3], vec![12, 12]].map(Candidate::relu);
    let best = stages.compare("How many hidden layers?", best, others.to_vec())?;
    let best = stages.compare("An activation for each hidden layer?", best.clone(), activations(&best))?;
    let others = OPTIMIZERS.map(|optimizer| Candidate { optimizer, ..best.clone() });
    let best = stages.compare("Which optimizer?", best, others.to_vec())?;
    let others = [3, 10, 30].map(|epochs| Candidate { epochs, ..best.clone() });
    let winner = stages.compare("How many epochs?", best, others.to_vec())?;
    Ok(Found { widths, trials: stages.trials, winner })
}

/// Candidates for the activations: for two hidden layers every combination; for one layer also two layers; for more layers the same
/// activation for all.
fn activations(best: &Candidate) -> Vec<Candidate> {
    const CHOICES: [&str; 3] = ["relu", "tanh", "sigmoid"];
    let units = best.hidden.first().map_or(1, |layer| layer.0);
    let with = |activations: &[&'static str]| {
        let hidden = activations.iter().map(|activation| (units, *activation)).collect();
        Candidate { hidden, ..best.clone() }
    };
    let same = |layers: usize| CHOICES.map(|choice| with(&vec![choice; layers])).to_vec();
    let pairs = || CHOICES[..2].iter().flat_map(|first| CHOICES[..2].iter().map(|second| with(&[first, second])));
    match best.hidden.len() {
        1 => same(1).into_iter().chain(pairs()).collect(),
        2 => same(2).into_iter().chain(pairs()).collect(),
        layers => same(layers),
    }
}

/// Compares candidates step by step on the same folds.
struct Stages<'a> {
    sample: &'a Sample<'a>,
    trials: Vec<Trial>,
}

impl Stages<'_> {
    /// Compares candidates with the current best, prints all of them, and returns the new best.
    fn compare(&mut self, question: &str, so_far: Candidate, others: Vec<Candidate>) -> Result<Candidate> {
        let mut different: Vec<Candidate> = Vec::new();
        for candidate in others {
            if candidate != so_far && !different.contains(&candidate) {
                different.push(candidate);
            }
        }
        let others = different;
        self.try_new(std::iter::once(&so_far).chain(&others))?;
        let others: Vec<Trial> = others.iter().filter_map(|candidate| self.trial(candidate)).collect();
        let Some(so_far) = self.trial(&so_far) else { return Ok(so_far) };

        say!("{question}");
        say!("  {:<44} {:>7}  {:>10}  {:>6}", "hidden layers; optimizer; epochs", "ROC AUC", "difference", "±");
        say!("  {:<44} {:>7.4}", so_far.candidate.name(), so_far.roc_auc);
        let mut best = &so_far;
        for trial in &others {
            let found = trial.minus(&so_far)?;
            let (difference, error) = (found.difference, found.standard_error);
            say!("  {:<44} {:>7.4}  {:>10}  {error:.4}", trial.candidate.name(), trial.roc_auc, signed(difference));
            // Of several better candidates the first is kept, unless a later one is also significantly better than the first.
            let ahead = trial.minus(best)?;
            if difference > CLEARLY * error && ahead.difference > CLEARLY * ahead.standard_error {
                best = trial;
            }
        }
        say!("Goes on: {}\n", best.candidate.name());
        Ok(best.candidate.clone())
    }

    /// Searches the candidates that no earlier question has tried.
    fn try_new<'c>(&mut self, candidates: impl Iterator<Item = &'c Candidate>) -> Result<()> {
        let untried: Vec<Candidate> = candidates.filter(|one| self.trial(one).is_none()).cloned().collect();
        self.trials.extend(cross_validate(&untried, self.sample)?);
        Ok(())
    }

    fn trial(&self, candidate: &Candidate) -> Option<Trial> {
        self.trials.iter().find(|trial| trial.candidate == *candidate).cloned()
    }
}
