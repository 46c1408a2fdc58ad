//! The arguments that a search varies.

use super::SearchValue;
use super::argument_domain::{ArgumentDomain, ValueKind};
use super::condition::{Condition, ConditionValues};
use super::trial_arguments::TrialArguments;
use crate::random::{Purpose, stream};
use crate::{Error, Result};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The arguments that a search varies, with their ranges, as plain data.
///
/// | method | values | density |
/// |---|---|---|
/// | [`integer`](Self::integer) | integers from `low` to `high` | uniform |
/// | [`log_integer`](Self::log_integer) | integers from `low`, at least 1, to `high` | uniform in the logarithm |
/// | [`float`](Self::float) | numbers from `low` to `high` | uniform |
/// | [`log_float`](Self::log_float) | numbers from `low`, above 0, to `high` | uniform in the logarithm |
/// | [`choice`](Self::choice) | one of some strings | uniform |
///
/// [`when`](Self::when) and [`when_choice`](Self::when_choice) make the argument before them conditional: it is present only
/// where an earlier argument is present and has one of the values. If there are several conditions, all must hold. Builders do not
/// fail; [`check`](Self::check), which every search calls, reports invalid arguments.
///
/// ```
/// use perceptra::prelude::*;
///
/// let space = SearchSpace::new()
///     .integer("layers", 1..=3)
///     .integer("units_1", 4..=32)
///     .integer("units_2", 4..=32)
///     .when("layers", 2..=3)
///     .choice("optimizer", ["adam", "sgd"])
///     .float("momentum", 0.0..=0.95)
///     .when_choice("optimizer", ["sgd"])
///     .log_float("learning_rate", 1e-4..=1e-1);
/// space.check()?;
/// let drawn = space.sample(1, 0);
/// assert_eq!(drawn.get("momentum").is_some(), drawn.get("optimizer") == Some(&"sgd".into()));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchSpace {
    arguments: Vec<SpaceArgument>,
    /// Conditions that were added before any argument, which is an error.
    #[serde(skip)]
    stray: Vec<Condition>,
}

/// One argument of a space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpaceArgument {
    pub(super) name: String,
    pub(super) domain: ArgumentDomain,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) conditions: Vec<Condition>,
}

impl SearchSpace {
    /// Creates a space without arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an integer, uniform over the range, both ends included.
    #[must_use]
    pub fn integer(self, name: impl Into<String>, range: RangeInclusive<usize>) -> Self {
        self.with(name.into(), ArgumentDomain::Integer { low: *range.start(), high: *range.end() })
    }

    /// Adds an integer of at least 1, uniform in its logarithm.
    #[must_use]
    pub fn log_integer(self, name: impl Into<String>, range: RangeInclusive<usize>) -> Self {
        self.with(name.into(), ArgumentDomain::LogInteger { low: *range.start(), high: *range.end() })
    }

    /// Adds a number, uniform over the range.
    #[must_use]
    pub fn float(self, name: impl Into<String>, range: RangeInclusive<f64>) -> Self {
        self.with(name.into(), ArgumentDomain::Float { low: *range.start(), high: *range.end() })
    }

    /// Adds a number above 0, uniform in its logarithm.
    #[must_use]
    pub fn log_float(self, name: impl Into<String>, range: RangeInclusive<f64>) -> Self {
        self.with(name.into(), ArgumentDomain::LogFloat { low: *range.start(), high: *range.end() })
    }

    /// Adds a choice between strings.
    #[must_use]
    pub fn choice(self, name: impl Into<String>, choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.with(name.into(), ArgumentDomain::Choice { choices: choices.into_iter().map(Into::into).collect() })
    }

    fn with(mut self, name: String, domain: ArgumentDomain) -> Self {
        self.arguments.push(SpaceArgument { name, domain, conditions: Vec::new() });
        self
    }

    /// Makes the argument added last present only where an earlier integer is in this range.
    #[must_use]
    pub fn when(self, argument: impl Into<String>, range: RangeInclusive<usize>) -> Self {
        let values = ConditionValues::Integers { low: *range.start(), high: *range.end() };
        self.conditional(Condition { argument: argument.into(), values })
    }

    /// Makes the argument added last present only where an earlier choice is one of these.
    #[must_use]
    pub fn when_choice(
        self,
        argument: impl Into<String>,
        choices: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = ConditionValues::Choices(choices.into_iter().map(Into::into).collect());
        self.conditional(Condition { argument: argument.into(), values })
    }

    fn conditional(mut self, condition: Condition) -> Self {
        match self.arguments.last_mut() {
            Some(last) => last.conditions.push(condition),
            None => self.stray.push(condition),
        }
        self
    }

    /// The names of the arguments, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|argument| argument.name.as_str())
    }

    pub(super) fn arguments(&self) -> &[SpaceArgument] {
        &self.arguments
    }

    pub(super) fn argument(&self, name: &str) -> Option<&SpaceArgument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// Checks all ranges, choices, names and conditions.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a space without arguments, a name that is empty or used twice, a range without values, a logarithmic
    /// range that includes 0, a choice without options or with a duplicate, and a condition that no value satisfies or that does not
    /// match the type of its argument; [`Error::Unknown`] for a condition on an argument that was not added before.
    pub fn check(&self) -> Result<()> {
        let refuse =
            |argument, value: String, expected: String| Err(Error::argument("SearchSpace", argument, value, expected));
        if let Some(condition) = self.stray.first() {
            return refuse(
                "condition",
                format!("\"{condition}\" before the first argument"),
                "it behind its argument".into(),
            );
        }
        if self.arguments.is_empty() {
            return refuse("arguments", "empty".into(), "at least one, as in .integer(\"units\", 4..=32)".into());
        }
        for (index, argument) in self.arguments.iter().enumerate() {
            let before = &self.arguments[..index];
            if argument.name.is_empty() {
                return refuse("name", "empty".into(), "a name for each argument".into());
            }
            if before.iter().any(|known| known.name == argument.name) {
                return refuse("name", format!("\"{}\" twice", argument.name), "another name for each argument".into());
            }
            if let Some((value, expected)) = argument.domain.fault() {
                return refuse("range", format!("{value} for \"{}\"", argument.name), expected.into());
            }
            for condition in &argument.conditions {
                let Some(parent) = before.iter().find(|known| known.name == condition.argument) else {
                    let known = before.iter().map(|known| known.name.clone());
                    return Err(Error::unknown("search argument before it", &condition.argument, known)
                        .with_note(&format!("it is the condition of \"{}\"", argument.name)));
                };
                let (kind, method) = match condition.values {
                    ConditionValues::Integers { .. } => (ValueKind::Integer, "when"),
                    ConditionValues::Choices(_) => (ValueKind::Choice, "when_choice"),
                };
                if parent.domain.kind() != kind {
                    let expected = format!(
                        "{} for .{method}(…)",
                        if kind == ValueKind::Integer { "an integer" } else { "a choice" }
                    );
                    return refuse(
                        "condition",
                        format!("\"{}\" of \"{}\"", condition.argument, argument.name),
                        expected,
                    );
                }
                if !can_be_met(condition, &parent.domain) {
                    let expected = "values that the other argument can have";
                    return refuse("condition", format!("\"{condition}\" of \"{}\"", argument.name), expected.into());
                }
            }
        }
        Ok(())
    }

    /// Draws the arguments of the trial with this number, each from its range, as random search does.
    ///
    /// Every argument uses one draw, whether it is present or not, so that a condition does not change the draws of others.
    pub fn sample(&self, seed: u64, trial: usize) -> TrialArguments {
        let mut random = stream(seed, Purpose::SearchArguments, trial as u64);
        // 53 bits fill the mantissa of an f64.
        let positions: Vec<f64> =
            self.arguments.iter().map(|_| (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64).collect();
        self.completed(|index, _| self.arguments[index].domain.at(positions[index]))
    }

    /// The present arguments, each with the value that `value` returns for its index and the arguments before it.
    pub(super) fn completed(&self, mut value: impl FnMut(usize, &TrialArguments) -> SearchValue) -> TrialArguments {
        let mut made = TrialArguments::default();
        for (index, argument) in self.arguments.iter().enumerate() {
            // Also called for absent arguments, so that each call uses the same position of its random stream.
            let value = value(index, &made);
            if self.is_present(argument, &made) {
                made.push(argument.name.clone(), value);
            }
        }
        made
    }

    /// Whether the arguments before it satisfy all conditions of an argument.
    pub(super) fn is_present(&self, argument: &SpaceArgument, before: &TrialArguments) -> bool {
        argument.conditions.iter().all(|one| before.get(&one.argument).is_some_and(|value| one.is_met(value)))
    }

    /// Returns an error for arguments that are not in this space.
    pub(super) fn check_arguments(&self, arguments: &TrialArguments) -> Result<()> {
        let refuse = |value: String, expected: &str| {
            Err(Error::argument("SearchSpace", "arguments of a trial", value, expected))
        };
        for (name, value) in arguments.iter() {
            match self.argument(name) {
                None => return Err(Error::unknown("search argument", name, self.names())),
                Some(known) if !known.domain.contains(value) => {
                    return refuse(format!("{name} = {value}"), "a value of its range");
                }
                Some(known) if !self.is_present(known, arguments) => {
                    return refuse(format!("{name} = {value}"), "it absent where its condition is not met");
                }
                Some(_) => {}
            }
        }
        let is_missing = |one: &&SpaceArgument| arguments.get(&one.name).is_none() && self.is_present(one, arguments);
        match self.arguments.iter().find(is_missing) {
            Some(missing) => refuse(format!("without {}", missing.name), "a value for each argument that is present"),
            None => Ok(()),
        }
    }
}

fn can_be_met(condition: &Condition, domain: &ArgumentDomain) -> bool {
    match (&condition.values, domain) {
        (
            ConditionValues::Integers { low, high },
            ArgumentDomain::Integer { low: from, high: to } | ArgumentDomain::LogInteger { low: from, high: to },
        ) => low <= high && low <= to && from <= high,
        (ConditionValues::Choices(wanted), ArgumentDomain::Choice { choices }) => {
            !wanted.is_empty() && wanted.iter().all(|one| choices.contains(one))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_spaces_are_refused_with_the_reason() {
        let message = |space: SearchSpace| space.check().unwrap_err().to_string();
        let layers = || SearchSpace::new().integer("layers", 1..=3);
        #[expect(clippy::reversed_empty_ranges, reason = "what is refused")]
        let cases = [
            (SearchSpace::new(), "at least one"),
            (SearchSpace::new().when("a", 1..=2), "before the first argument"),
            (SearchSpace::new().integer("units", 5..=4), "at least one integer"),
            (SearchSpace::new().log_integer("units", 0..=4), "at least 1 on a logarithmic"),
            (SearchSpace::new().float("rate", 1.0..=0.5), "the smaller one first"),
            (SearchSpace::new().float("rate", 0.0..=f64::INFINITY), "two finite numbers"),
            (SearchSpace::new().float("rate", f64::NAN..=1.0), "two finite numbers"),
            (SearchSpace::new().log_float("rate", 0.0..=1.0), "above 0 on a logarithmic"),
            (SearchSpace::new().float("rate", -1e308..=1e308), "use .log_float(…)"),
            (SearchSpace::new().choice("kind", [""; 0]), "at least one choice"),
            (SearchSpace::new().choice("kind", ["a", "b", "a"]), "\"a\" twice"),
            (SearchSpace::new().integer("", 1..=2), "a name for each"),
            (layers().float("layers", 0.0..=1.0), "\"layers\" twice"),
            (layers().integer("units", 1..=2).when("layer", 2..=3), "did you mean \"layers\""),
            (layers().integer("units", 1..=2).when("units", 1..=1), "\"units\""),
            (layers().integer("units", 1..=2).when("layers", 4..=5), "the other argument can have"),
            (layers().integer("units", 1..=2).when_choice("layers", ["1"]), "a choice for .when_choice"),
            (SearchSpace::new().choice("o", ["a"]).float("m", 0.0..=1.0).when("o", 1..=1), "an integer for .when"),
            (SearchSpace::new().choice("o", ["a"]).float("m", 0.0..=1.0).when_choice("o", ["b"]), "can have"),
        ];
        for (space, part) in cases {
            let found = message(space);
            assert!(found.contains(part), "{found} lacks {part}");
        }
    }

    #[test]
    fn a_conditional_argument_is_absent_and_changes_no_other_draw() {
        let plain = SearchSpace::new().integer("layers", 1..=3).integer("units_3", 4..=32).float("rate", 0.0..=1.0);
        let space = SearchSpace::new().integer("layers", 1..=3).integer("units_3", 4..=32).when("layers", 3..=3);
        let space = space.float("rate", 0.0..=1.0).integer("deeper", 1..=2).when("units_3", 4..=32);
        let mut present = 0;
        for trial in 0..200 {
            let (drawn, all) = (space.sample(5, trial), plain.sample(5, trial));
            assert_eq!((drawn.get("layers"), drawn.get("rate")), (all.get("layers"), all.get("rate")));
            let is_present = drawn.get("layers") == Some(&SearchValue::Integer(3));
            assert_eq!(drawn.get("units_3").is_some(), is_present);
            assert_eq!(drawn.get("deeper").is_some(), is_present, "conditions are transitive");
            space.check_arguments(&drawn).unwrap();
            assert_eq!(space.check_arguments(&all).is_err(), !is_present || drawn.get("deeper").is_some());
            present += usize::from(is_present);
        }
        assert!((40..90).contains(&present), "{present}");
    }

    #[test]
    fn a_space_is_read_back_as_it_was() {
        let space = SearchSpace::new().integer("layers", 1..=3).log_integer("batch", 32..=256).choice("o", ["a", "b"]);
        let space =
            space.float("m", 0.0..=0.95).when_choice("o", ["b"]).when("layers", 1..=2).log_float("r", 1e-4..=0.1);
        let text = serde_json::to_string(&space).unwrap();
        assert_eq!(serde_json::from_str::<SearchSpace>(&text).unwrap(), space, "{text}");
    }
}
