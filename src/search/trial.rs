//! A trial as it is passed to the closure of a search.

use super::argument_domain::ValueKind;
use super::{SearchSpace, SearchValue, TrialArguments};
use crate::random::{Purpose, stream};
use crate::{Error, Result};
use rand::Rng;
use std::sync::Arc;

/// One trial, as it is passed to the closure of a search: a number, arguments and a seed.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::search::Trial;
///
/// /// Momentum is an argument of trials with SGD alone.
/// fn optimizer(trial: &Trial) -> perceptra::Result<SGD> {
///     let sgd = SGD.learning_rate(trial.float("learning_rate")?);
///     Ok(if trial.has("momentum") { sgd.momentum(trial.float("momentum")?) } else { sgd })
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Trial {
    number: usize,
    arguments: TrialArguments,
    seed: u64,
    space: Arc<SearchSpace>,
}

impl Trial {
    pub(super) fn new(number: usize, arguments: TrialArguments, search_seed: u64, space: &Arc<SearchSpace>) -> Self {
        let seed = stream(search_seed, Purpose::Trial, number as u64).next_u64();
        Self::with_seed(number, arguments, seed, space)
    }

    pub(super) fn with_seed(number: usize, arguments: TrialArguments, seed: u64, space: &Arc<SearchSpace>) -> Self {
        Trial { number, arguments, seed, space: space.clone() }
    }

    /// The number of the trial, counted from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The seed of all random numbers in the trial, a function of the seed of the search and the number. A pipeline without a
    /// seed uses this one.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The arguments that are present.
    pub fn arguments(&self) -> &TrialArguments {
        &self.arguments
    }

    /// Whether an argument is present.
    pub fn has(&self, name: &str) -> bool {
        self.arguments.get(name).is_some()
    }

    /// The value of an integer.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] for a name that is not in the space; [`Error::Argument`] for an argument of another type, and for one
    /// that is absent, with its condition.
    pub fn integer(&self, name: &str) -> Result<usize> {
        match self.value(name, ValueKind::Integer)? {
            SearchValue::Integer(value) => Ok(*value),
            _ => Err(other_kind(name, ValueKind::Integer, ".float(…) or .choice(…)")),
        }
    }

    /// The value of a float.
    ///
    /// # Errors
    ///
    /// The errors of [`integer`](Self::integer).
    pub fn float(&self, name: &str) -> Result<f64> {
        match self.value(name, ValueKind::Float)? {
            SearchValue::Float(value) => Ok(*value),
            _ => Err(other_kind(name, ValueKind::Float, ".integer(…) or .choice(…)")),
        }
    }

    /// The value of a choice.
    ///
    /// # Errors
    ///
    /// The errors of [`integer`](Self::integer).
    pub fn choice(&self, name: &str) -> Result<&str> {
        match self.value(name, ValueKind::Choice)? {
            SearchValue::Choice(value) => Ok(value),
            _ => Err(other_kind(name, ValueKind::Choice, ".integer(…) or .float(…)")),
        }
    }

    fn value(&self, name: &str, kind: ValueKind) -> Result<&SearchValue> {
        let known = self.space.argument(name);
        let argument = known.ok_or_else(|| Error::unknown("search argument", name, self.space.names()))?;
        if argument.domain.kind() != kind {
            return Err(other_kind(name, kind, argument.domain.kind().method()));
        }
        self.arguments.get(name).ok_or_else(|| {
            let conditions = argument.conditions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
            let value = format!("\"{name}\", which is absent from trial {}", self.number);
            Error::argument("Trial", "argument", value, format!("\"{name}\" to be asked for only where {conditions}"))
        })
    }
}

fn other_kind(name: &str, asked: ValueKind, cure: &str) -> Error {
    let value = format!("\"{name}\", asked for by {}", asked.method());
    Error::argument("Trial", "argument", value, format!("{cure} for it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_unknown_or_of_another_kind_is_refused_with_the_cure() {
        let space = SearchSpace::new().choice("optimizer", ["adam", "sgd"]).float("momentum", 0.0..=0.9);
        let space = Arc::new(space.when_choice("optimizer", ["sgd"]).integer("units", 1..=3));
        let arguments = [("optimizer", SearchValue::from("adam")), ("units", 2.into())].into_iter().collect();
        let trial = Trial::new(4, arguments, 1, &space);
        assert_eq!((trial.choice("optimizer").unwrap(), trial.integer("units").unwrap()), ("adam", 2));
        assert!(!trial.has("momentum") && trial.number() == 4);
        let absent = trial.float("momentum").unwrap_err().to_string();
        assert!(absent.contains("absent") && absent.contains("only where optimizer is sgd"), "{absent}");
        let unknown = trial.integer("unit").unwrap_err().to_string();
        assert!(unknown.contains("did you mean \"units\""), "{unknown}");
        let other = trial.float("units").unwrap_err().to_string();
        assert!(other.contains(".integer(…) for it"), "{other}");
    }
}
