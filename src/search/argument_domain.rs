//! The values that an argument can have.

use super::SearchValue;
use crate::error::number;
use serde::{Deserialize, Serialize};

/// The values that an argument can have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ArgumentDomain {
    Integer { low: usize, high: usize },
    LogInteger { low: usize, high: usize },
    Float { low: f64, high: f64 },
    LogFloat { low: f64, high: f64 },
    Choice { choices: Vec<String> },
}

/// The type of a value, which determines the method of [`Trial`](super::Trial) that returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Integer,
    Float,
    Choice,
}

impl ValueKind {
    /// The method of a trial that returns it.
    pub(super) fn method(self) -> &'static str {
        match self {
            ValueKind::Integer => ".integer(…)",
            ValueKind::Float => ".float(…)",
            ValueKind::Choice => ".choice(…)",
        }
    }
}

/// Numbers on the scale on which an argument is uniform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NumberScale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) is_log: bool,
    /// The range of the integers, of which each extends half a unit to both sides.
    integers: Option<(usize, usize)>,
}

impl ArgumentDomain {
    pub(super) fn kind(&self) -> ValueKind {
        match self {
            ArgumentDomain::Integer { .. } | ArgumentDomain::LogInteger { .. } => ValueKind::Integer,
            ArgumentDomain::Float { .. } | ArgumentDomain::LogFloat { .. } => ValueKind::Float,
            ArgumentDomain::Choice { .. } => ValueKind::Choice,
        }
    }

    /// Returns the invalid bound or choice and what is expected instead; `None` for a valid domain.
    pub(super) fn fault(&self) -> Option<(String, &'static str)> {
        match self {
            ArgumentDomain::Integer { low, high } | ArgumentDomain::LogInteger { low, high } => {
                let value = format!("{low}..={high}");
                let is_log = matches!(self, ArgumentDomain::LogInteger { .. });
                match (low > high, is_log && *low == 0) {
                    (true, _) => Some((value, "a range with at least one integer")),
                    (_, true) => Some((value, "integers of at least 1 on a logarithmic scale")),
                    // Beyond that not every integer is a number of f64.
                    _ if *high as u128 > 1 << 53 => Some((value, "integers of at most 2^53")),
                    _ => None,
                }
            }
            ArgumentDomain::Float { low, high } | ArgumentDomain::LogFloat { low, high } => {
                let value = format!("{}..={}", number(*low), number(*high));
                let is_log = matches!(self, ArgumentDomain::LogFloat { .. });
                match low.is_finite() && high.is_finite() && low <= high {
                    false => Some((value, "two finite numbers, the smaller one first")),
                    true if is_log && *low <= 0.0 => Some((value, "numbers above 0 on a logarithmic scale")),
                    true if !(high - low).is_finite() => Some((
                        value,
                        "ends that differ by at most 1.79e308; for numbers of several orders of magnitude use .log_float(…)",
                    )),
                    true => None,
                }
            }
            ArgumentDomain::Choice { choices } => match choices.as_slice() {
                [] => Some(("without choices".into(), "at least one choice")),
                choices => {
                    let twice = choices.iter().enumerate().find(|(index, choice)| choices[..*index].contains(choice));
                    twice.map(|(_, choice)| (format!("\"{choice}\" twice"), "choices that differ"))
                }
            },
        }
    }

    /// Whether a value is one of these.
    pub(super) fn contains(&self, value: &SearchValue) -> bool {
        match (self, value) {
            (
                ArgumentDomain::Integer { low, high } | ArgumentDomain::LogInteger { low, high },
                SearchValue::Integer(value),
            ) => (low..=high).contains(&value),
            (
                ArgumentDomain::Float { low, high } | ArgumentDomain::LogFloat { low, high },
                SearchValue::Float(value),
            ) => (low..=high).contains(&value),
            (ArgumentDomain::Choice { choices }, SearchValue::Choice(value)) => choices.contains(value),
            _ => false,
        }
    }

    /// The scale of numbers; `None` for choices.
    pub(super) fn scale(&self) -> Option<NumberScale> {
        let integers = |low: usize, high: usize, is_log: bool| {
            let of = |value: f64| if is_log { value.ln() } else { value };
            let (from, to) = (of(low as f64 - 0.5), of(high as f64 + 0.5));
            NumberScale { low: from, high: to, is_log, integers: Some((low, high)) }
        };
        match *self {
            ArgumentDomain::Integer { low, high } => Some(integers(low, high, false)),
            ArgumentDomain::LogInteger { low, high } => Some(integers(low, high, true)),
            ArgumentDomain::Float { low, high } => Some(NumberScale { low, high, is_log: false, integers: None }),
            ArgumentDomain::LogFloat { low, high } => {
                Some(NumberScale { low: low.ln(), high: high.ln(), is_log: true, integers: None })
            }
            ArgumentDomain::Choice { .. } => None,
        }
    }

    /// The value at a position in [0, 1), at which values are equally dense.
    pub(super) fn at(&self, position: f64) -> SearchValue {
        match (self, self.scale()) {
            (ArgumentDomain::Choice { choices }, _) => {
                let index = ((position * choices.len() as f64) as usize).min(choices.len().saturating_sub(1));
                SearchValue::Choice(choices.get(index).cloned().unwrap_or_default())
            }
            (_, Some(scale)) => self.value(scale, scale.low + position * (scale.high - scale.low)),
            (_, None) => SearchValue::Integer(0),
        }
    }

    /// The value nearest to a number of the scale.
    pub(super) fn value(&self, scale: NumberScale, at: f64) -> SearchValue {
        let number = if scale.is_log { at.exp() } else { at };
        match (self, scale.integers) {
            (_, Some((low, high))) => SearchValue::Integer((number.round().max(0.0) as usize).clamp(low, high)),
            (ArgumentDomain::Float { low, high } | ArgumentDomain::LogFloat { low, high }, _) => {
                SearchValue::Float(number.max(*low).min(*high))
            }
            _ => SearchValue::Float(number),
        }
    }

    /// At most this many values for a grid, at equal distances with both ends; all choices.
    pub(super) fn points(&self, count: usize) -> Vec<SearchValue> {
        let spread = |low: f64, high: f64, is_log: bool| -> Vec<f64> {
            let of = |value: f64| if is_log { value.ln() } else { value };
            let (from, to) = (of(low), of(high));
            let last = count.saturating_sub(1).max(1) as f64;
            let at = |index: usize| match index {
                0 => low,
                _ if index + 1 == count => high,
                _ => {
                    let at = from + (to - from) * index as f64 / last;
                    if is_log { at.exp() } else { at }
                }
            };
            (0..count).map(at).collect()
        };
        match *self {
            ArgumentDomain::Choice { ref choices } => choices.iter().cloned().map(SearchValue::Choice).collect(),
            ArgumentDomain::Integer { low, high } | ArgumentDomain::LogInteger { low, high } => {
                if high - low < count {
                    return (low..=high).map(SearchValue::Integer).collect();
                }
                let is_log = matches!(self, ArgumentDomain::LogInteger { .. });
                let numbers = spread(low as f64, high as f64, is_log).into_iter();
                let mut values: Vec<usize> = numbers.map(|at| (at.round() as usize).clamp(low, high)).collect();
                values.dedup();
                values.into_iter().map(SearchValue::Integer).collect()
            }
            ArgumentDomain::Float { low, high } | ArgumentDomain::LogFloat { low, high } => {
                let mut values = spread(low, high, matches!(self, ArgumentDomain::LogFloat { .. }));
                values.dedup();
                values.into_iter().map(SearchValue::Float).collect()
            }
        }
    }
}

impl NumberScale {
    /// The interval of a value on the scale; of a float both ends are the value.
    pub(super) fn interval(&self, value: &SearchValue) -> (f64, f64) {
        let of = |number: f64| if self.is_log { number.ln() } else { number };
        match value {
            SearchValue::Integer(value) => (of(*value as f64 - 0.5), of(*value as f64 + 0.5)),
            SearchValue::Float(value) => (of(*value), of(*value)),
            SearchValue::Choice(_) => (self.low, self.high),
        }
    }

    /// The position of a value on the scale.
    pub(super) fn position(&self, value: &SearchValue) -> f64 {
        match value {
            SearchValue::Integer(value) if self.is_log => (*value as f64).ln(),
            SearchValue::Integer(value) => *value as f64,
            other => self.interval(other).0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_a_value_and_both_ends_are_reached() {
        let domains = [
            ArgumentDomain::Integer { low: 3, high: 7 },
            ArgumentDomain::LogInteger { low: 1, high: 200 },
            ArgumentDomain::Float { low: -1.0, high: 2.0 },
            ArgumentDomain::LogFloat { low: 1e-4, high: 1e-1 },
            ArgumentDomain::Choice { choices: vec!["a".into(), "b".into(), "c".into()] },
        ];
        for domain in domains {
            assert_eq!(domain.fault(), None);
            for step in 0..1000 {
                assert!(domain.contains(&domain.at(f64::from(step) / 1000.0)), "{domain:?} at {step}");
            }
            let points = domain.points(4);
            assert!(points.iter().all(|value| domain.contains(value)));
            if let Some(scale) = domain.scale().filter(|scale| scale.integers.is_none()) {
                let positions: Vec<f64> = points.iter().map(|value| scale.position(value)).collect();
                for pair in positions.windows(2) {
                    assert!((pair[1] - pair[0] - (scale.high - scale.low) / 3.0).abs() < 1e-9, "{positions:?}");
                }
            }
        }
        let one = ArgumentDomain::LogInteger { low: 5, high: 5 };
        assert_eq!(
            (one.at(0.0), one.at(0.999), one.points(3).len()),
            (SearchValue::Integer(5), SearchValue::Integer(5), 1)
        );
    }

    #[test]
    fn integers_are_drawn_equally_often() {
        let domain = ArgumentDomain::Integer { low: 2, high: 5 };
        let count =
            |wanted| (0..4000).filter(|at| domain.at(f64::from(*at) / 4000.0) == SearchValue::Integer(wanted)).count();
        assert_eq!([2, 3, 4, 5].map(count), [1000; 4]);
    }
}
