use super::Context;
use crate::metrics::Direction;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};

/// Which way a monitored figure gets better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// As the metric says of itself.
    #[default]
    Auto,
    /// Smaller is better.
    Min,
    /// Larger is better.
    Max,
}

impl Mode {
    /// The direction for a figure of this fit.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] where the fit has no such figure, [`Error::Callback`] where the metric does not know.
    pub(super) fn direction<T: Scalar>(
        self,
        callback: &str,
        monitor: &str,
        context: &Context<'_, T>,
    ) -> Result<Direction> {
        let declared = context.direction(monitor)?;
        match (self, declared) {
            (Mode::Min, _) | (Mode::Auto, Some(Direction::Down)) => Ok(Direction::Down),
            (Mode::Max, _) | (Mode::Auto, Some(Direction::Up)) => Ok(Direction::Up),
            (Mode::Auto, None) => Err(Error::Callback {
                callback: callback.into(),
                reason: format!("{monitor} does not say which way it gets better; choose Mode::Min or Mode::Max"),
            }),
        }
    }
}

/// Refuses NaN and infinity, with which no figure would ever be better, or every one.
pub(super) fn finite(callback: &str, argument: &'static str, value: f64) -> Result<()> {
    match value.is_finite() {
        true => Ok(()),
        false => Err(Error::Argument {
            item: callback.into(),
            argument,
            value: value.to_string(),
            expected: "a finite number".into(),
        }),
    }
}

/// Whether `value` is better than `reference` by more than `min_delta`; anything is better than nothing.
pub(super) fn improves(direction: Direction, value: f64, reference: Option<f64>, min_delta: f64) -> bool {
    match (direction, reference) {
        (_, None) => true,
        (Direction::Up, Some(reference)) => value - min_delta > reference,
        (Direction::Down, Some(reference)) => value + min_delta < reference,
    }
}
