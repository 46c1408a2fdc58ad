//! Ranges of arguments: written once in the declaration, checked, and printed in messages and documentation.

use crate::error::number;

/// The numbers that an argument may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    low: f64,
    high: f64,
    /// Whether `low` itself is excluded.
    open_below: bool,
    /// Whether `high` itself is excluded.
    open_above: bool,
}

impl Range {
    pub(crate) const fn above(low: f64) -> Range {
        Range { low, high: f64::INFINITY, open_below: true, open_above: true }
    }

    pub(crate) const fn at_least(low: f64) -> Range {
        Range { low, high: f64::INFINITY, open_below: false, open_above: true }
    }

    pub(crate) const fn at_most(high: f64) -> Range {
        Range { low: f64::NEG_INFINITY, high, open_below: true, open_above: false }
    }

    pub(crate) const fn finite() -> Range {
        Range { low: f64::NEG_INFINITY, high: f64::INFINITY, open_below: true, open_above: true }
    }

    pub(crate) const fn half_open(low: f64, high: f64) -> Range {
        Range { low, high, open_below: false, open_above: true }
    }

    pub(crate) const fn closed(low: f64, high: f64) -> Range {
        Range { low, high, open_below: false, open_above: false }
    }

    pub(crate) const fn open(low: f64, high: f64) -> Range {
        Range { low, high, open_below: true, open_above: true }
    }

    pub(crate) const fn above_up_to(low: f64, high: f64) -> Range {
        Range { low, high, open_below: true, open_above: false }
    }

    /// NaN is in no range, an infinite number in none without a bound.
    pub(crate) fn contains(&self, value: f64) -> bool {
        let above = if self.open_below { value > self.low } else { value >= self.low };
        let below = if self.open_above { value < self.high } else { value <= self.high };
        above && below
    }

    /// The range of an argument of real numbers, in a message.
    fn of_reals(&self) -> String {
        match (self.low, self.high) {
            (f64::NEG_INFINITY, f64::INFINITY) => "a finite number".into(),
            (low, f64::INFINITY) if self.open_below => format!("a finite number above {low}"),
            (low, f64::INFINITY) => format!("a finite number of at least {low}"),
            (f64::NEG_INFINITY, high) => format!("a finite number of at most {high}"),
            (low, high) => {
                let (left, right) = (if self.open_below { '(' } else { '[' }, if self.open_above { ')' } else { ']' });
                format!("a number in {left}{low}, {high}{right}")
            }
        }
    }

    /// The range of a count, in a message.
    pub(crate) fn of_counts(&self) -> String {
        let low = if self.open_below { self.low.floor() + 1.0 } else { self.low.ceil() };
        let high = if self.open_above { self.high.ceil() - 1.0 } else { self.high.floor() };
        match (low, high) {
            (f64::NEG_INFINITY, f64::INFINITY) => "a whole number".into(),
            (low, f64::INFINITY) => format!("at least {low}"),
            (f64::NEG_INFINITY, high) => format!("at most {high}"),
            (low, high) => format!("from {low} to {high}"),
        }
    }
}

/// An argument type with values that can be out of a range.
pub(crate) trait Ranged {
    /// The value that is out of the range, and the range, both as messages print them; `None` if every value is in the range.
    fn out_of(&self, range: Range) -> Option<(String, String)>;
}

impl Ranged for f64 {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        (!range.contains(*self)).then(|| (number(*self), range.of_reals()))
    }
}

macro_rules! counts {
    ($($type:ty),*) => {
        $(impl Ranged for $type {
            fn out_of(&self, range: Range) -> Option<(String, String)> {
                (!range.contains(*self as f64)).then(|| (self.to_string(), range.of_counts()))
            }
        })*
    };
}

counts!(usize, u64, u32, i64);

/// An argument that is not given is in every range.
impl<A: Ranged> Ranged for Option<A> {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        self.as_ref().and_then(|value| value.out_of(range))
    }
}

impl<A: Ranged> Ranged for Vec<A> {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        self.iter().find_map(|value| value.out_of(range))
    }
}

/// The range of an argument with a type that can be out of one.
pub(crate) const fn ranged<A: Ranged>(range: Range) -> Range {
    range
}

/// The range that a declaration writes: `range!(in 0..1)`; `range!(@text in 0..1)` is its documentation, `[0, 1)`.
macro_rules! range {
    (@text above $low:literal) => {
        concat!("above ", stringify!($low))
    };
    (@text at least $low:literal) => {
        concat!("at least ", stringify!($low))
    };
    (@text at most $high:literal) => {
        concat!("at most ", stringify!($high))
    };
    (@text finite) => {
        "finite"
    };
    (@text in $low:literal .. $high:literal) => {
        concat!("in \\[", stringify!($low), ", ", stringify!($high), ")")
    };
    (@text in $low:literal ..= $high:literal) => {
        concat!("in \\[", stringify!($low), ", ", stringify!($high), "\\]")
    };
    (@text above $low:literal below $high:literal) => {
        concat!("in (", stringify!($low), ", ", stringify!($high), ")")
    };
    (@text above $low:literal up to $high:literal) => {
        concat!("in (", stringify!($low), ", ", stringify!($high), "\\]")
    };
    (above $low:literal) => {
        $crate::items::range::Range::above($low as f64)
    };
    (at least $low:literal) => {
        $crate::items::range::Range::at_least($low as f64)
    };
    (at most $high:literal) => {
        $crate::items::range::Range::at_most($high as f64)
    };
    (finite) => {
        $crate::items::range::Range::finite()
    };
    (in $low:literal .. $high:literal) => {
        $crate::items::range::Range::half_open($low as f64, $high as f64)
    };
    (in $low:literal ..= $high:literal) => {
        $crate::items::range::Range::closed($low as f64, $high as f64)
    };
    (above $low:literal below $high:literal) => {
        $crate::items::range::Range::open($low as f64, $high as f64)
    };
    (above $low:literal up to $high:literal) => {
        $crate::items::range::Range::above_up_to($low as f64, $high as f64)
    };
}
pub(crate) use range;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_belong_to_a_range_as_it_is_written() {
        for (range, inside, outside) in [
            (range!(above 0), vec![1e-300, 1e300], vec![0.0, -1.0, f64::INFINITY, f64::NAN]),
            (range!(at least 0), vec![0.0, 1e300], vec![-1e-300, f64::INFINITY, f64::NAN]),
            (range!(at most -1), vec![-1.0, -1e300], vec![-0.5, f64::NEG_INFINITY, f64::NAN]),
            (range!(finite), vec![0.0, -1e300], vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
            (range!(in 0..1), vec![0.0, 0.5], vec![1.0, -1e-300, f64::NAN]),
            (range!(in 0..=1), vec![0.0, 1.0], vec![1.5, -1e-300, f64::NAN]),
            (range!(above 0 below 1), vec![0.5], vec![0.0, 1.0, f64::NAN]),
            (range!(above 0 up to 1), vec![0.5, 1.0], vec![0.0, 1.5, f64::NAN]),
        ] {
            assert!(inside.iter().all(|value| range.contains(*value)), "{range:?}");
            assert!(outside.iter().all(|value| !range.contains(*value)), "{range:?}");
        }
    }

    #[test]
    fn messages_and_documentation_print_the_range() {
        let expected = |range: Range| 2.0.out_of(range).map(|(_, expected)| expected).unwrap_or_default();
        assert_eq!(expected(range!(in 0..1)), "a number in [0, 1)");
        assert_eq!(expected(range!(in 0..=1)), "a number in [0, 1]");
        assert_eq!(expected(range!(above 0 below 1)), "a number in (0, 1)");
        assert_eq!(expected(range!(above 0 up to 1)), "a number in (0, 1]");
        assert_eq!(expected(range!(above 2)), "a finite number above 2");
        assert_eq!(expected(range!(at least 3)), "a finite number of at least 3");
        assert_eq!(expected(range!(at most -1)), "a finite number of at most -1");
        assert_eq!(f64::NAN.out_of(range!(finite)), Some(("NaN".into(), "a finite number".into())));
        assert_eq!(0_usize.out_of(range!(at least 1)), Some(("0".into(), "at least 1".into())));
        assert_eq!(0_usize.out_of(range!(above 0)), Some(("0".into(), "at least 1".into())));
        assert_eq!(9_usize.out_of(range!(in 1..=8)), Some(("9".into(), "from 1 to 8".into())));
        assert_eq!(9_usize.out_of(range!(in 1..8)), Some(("9".into(), "from 1 to 7".into())));
        assert_eq!(9_usize.out_of(range!(at most 8)), Some(("9".into(), "at most 8".into())));
        assert_eq!(Some(vec![0.5, 1.5]).out_of(range!(in 0..=1)).map(|(value, _)| value).as_deref(), Some("1.5"));
        assert_eq!(None::<f64>.out_of(range!(above 0)), None);
        assert_eq!(range!(@text in 0..=1), "in \\[0, 1\\]");
        assert_eq!(range!(@text above 0 up to 1), "in (0, 1\\]");
    }
}
