//! The rows on which candidates are compared.

use super::candidate::Candidate;
use crate::SPLIT_SEED;
use perceptra::Result;
use perceptra::prelude::*;
use perceptra::search::SearchResult;
use std::io::IsTerminal;

pub(super) const FOLDS: usize = 3;

/// A sample of the balanced training rows before encoding, and their transformers.
pub(super) struct Sample<'a> {
    rows: Table,
    columns: &'a ColumnTransformer,
    target: &'a str,
    seed: u64,
}

impl<'a> Sample<'a> {
    /// A sample of at most this many rows, with equally many of both classes.
    pub(super) fn of(
        balanced: &Table,
        (columns, target): (&'a ColumnTransformer, &'a str),
        rows: usize,
        seed: u64,
    ) -> Result<Sample<'a>> {
        let rows = if balanced.nrows() <= rows {
            balanced.clone()
        } else {
            let fraction = rows as f64 / balanced.nrows() as f64;
            train_test_split(balanced).test_size(fraction).stratify(target).seed(SPLIT_SEED).split()?.1
        };
        Ok(Sample { rows, columns, target, seed })
    }

    pub(super) fn rows(&self) -> &Table {
        &self.rows
    }

    /// A pipeline with the transformers and a candidate's network; every pipeline has the same seed.
    fn pipeline(&self, candidate: &Candidate) -> Pipeline {
        Pipeline::new(Target::binary(self.target))
            .columns(self.columns.clone())
            .model(candidate.build(self.seed))
            .options(Fit::new().epochs(candidate.epochs).verbose(0))
            .seed(self.seed)
    }

    /// The search that tries each of these candidates once, by k-fold cross-validation on the same folds.
    ///
    /// Transformers and networks are fitted again in every fold. Both classes are equally frequent, so that the folds need no
    /// stratification.
    pub(super) fn search<'s>(&'s self, candidates: &'s [Candidate]) -> Search<'s> {
        let space = SearchSpace::new().choice("network", candidates.iter().map(Candidate::name));
        let make = |trial: &perceptra::search::Trial| {
            let name = trial.choice("network")?;
            // The name is in the search space.
            Ok(self.pipeline(candidates.iter().find(|one| one.name() == name).unwrap_or(&candidates[0])))
        };
        Search::new(space, make)
            .strategy(GridSearch)
            .cross_validation(KFold::new(FOLDS).shuffle(true).seed(SPLIT_SEED))
            .seed(self.seed)
            .progress(std::io::stderr().is_terminal())
    }

    /// The loss of a trial on the rows that it was trained on, the mean over the folds.
    pub(super) fn training_loss(&self, search: &Search<'_>, result: &SearchResult) -> Result<f64> {
        let folds = KFold::new(FOLDS).shuffle(true).seed(SPLIT_SEED).split(&self.rows)?;
        let mut sum = 0.0;
        for fold in &folds {
            let train = self.rows.take(&fold.train)?;
            let fitted = search.refit(result, &train)?;
            sum += fitted.evaluate_with(&train, scores![LogLoss])?.get("log_loss").unwrap_or(f64::NAN);
        }
        Ok(sum / folds.len() as f64)
    }
}
