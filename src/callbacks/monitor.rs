use super::Context;
use crate::items::argument::plain;
use crate::metrics::Direction;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};

/// The direction in which a monitored metric improves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The direction that the metric declares.
    #[default]
    Auto,
    /// Smaller is better.
    Min,
    /// Larger is better.
    Max,
}

plain!(Mode);

impl Mode {
    /// The direction for a metric of this fit; with `by_batch`, the metric has to exist after every batch.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if the fit does not have the metric, [`Error::Callback`] if the metric declares no direction.
    pub(super) fn direction<T: Scalar>(
        self,
        callback: &str,
        monitor: &str,
        context: &Context<'_, T>,
        by_batch: bool,
    ) -> Result<Direction> {
        let declared = context.direction(monitor, by_batch)?;
        match (self, declared) {
            (Mode::Min, _) | (Mode::Auto, Some(Direction::Down)) => Ok(Direction::Down),
            (Mode::Max, _) | (Mode::Auto, Some(Direction::Up)) => Ok(Direction::Up),
            (Mode::Auto, None) => Err(Error::Callback {
                callback: callback.into(),
                reason: format!("{monitor} does not declare which way it gets better; choose Mode::Min or Mode::Max"),
            }),
        }
    }
}

/// Returns an error for the state of a callback that monitors another metric.
pub(super) fn same_monitor(callback: &str, monitor: &str, stored: &str) -> Result<()> {
    if monitor == stored {
        return Ok(());
    }
    let reason = format!(
        "the backup is of one that monitors {stored}, and this one monitors {monitor}; give the fit the callbacks that it \
         had, in the same order, or remove the backup to start over"
    );
    Err(Error::Callback { callback: callback.into(), reason })
}

/// Whether `value` is better than `reference` by more than `min_delta`.
///
/// Any number is better than no value yet. NaN never is: in Keras a first NaN stays the best value for good, since no
/// number is less than it. Infinities are ordered like numbers.
pub(super) fn improves(direction: Direction, value: f64, reference: Option<f64>, min_delta: f64) -> bool {
    match (direction, reference) {
        _ if value.is_nan() => false,
        (_, None) => true,
        (Direction::Up, Some(reference)) => value - min_delta > reference,
        (Direction::Down, Some(reference)) => value + min_delta < reference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_never_better_and_infinities_are_ordered() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (direction, bad, good) in [(Direction::Down, inf, -inf), (Direction::Up, -inf, inf)] {
            for delta in [0.0, 0.1] {
                let better = |value, reference| improves(direction, value, reference, delta);
                assert!(!better(nan, None) && !better(nan, Some(1.0)) && !better(nan, Some(bad)));
                // The worst infinity is still a number; every finite value is better.
                assert!(better(bad, None) && better(1.0, Some(bad)) && better(good, Some(1.0)));
                assert!(!better(bad, Some(bad)) && !better(good, Some(good)) && !better(1.0, Some(good)));
                assert!(!better(bad, Some(1.0)));
            }
        }
    }
}
