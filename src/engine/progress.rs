//! The progress display of fits, evaluations and predictions.
//!
//! It is written to standard error, so that the standard output of a program contains its results only.

use super::logs::Logs;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Instant;

#[cfg(feature = "progress")]
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress display on standard error.
///
/// A configuration contains the values of Keras's `verbose`: `"auto"`, 0, 1 or 2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "VerbosityConfig", try_from = "VerbosityConfig")]
pub enum Verbosity {
    /// A bar if standard error is a terminal, otherwise one line per epoch.
    #[default]
    Auto,
    /// No output, and no warnings either (see [`Model::warnings`](crate::Model::warnings)); Keras's 0.
    Silent,
    /// A bar that is redrawn in place; Keras's 1. Without the feature `progress`, one line per epoch.
    Bar,
    /// One line per epoch; Keras's 2.
    Lines,
}

impl From<u8> for Verbosity {
    fn from(level: u8) -> Self {
        match level {
            0 => Verbosity::Silent,
            1 => Verbosity::Bar,
            _ => Verbosity::Lines,
        }
    }
}

/// The form of a verbosity in a configuration.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", expecting = "expected \"auto\", 0, 1 or 2")]
enum VerbosityConfig {
    Auto,
    #[serde(untagged)]
    Level(u8),
}

impl From<Verbosity> for VerbosityConfig {
    fn from(verbosity: Verbosity) -> Self {
        match verbosity {
            Verbosity::Auto => VerbosityConfig::Auto,
            Verbosity::Silent => VerbosityConfig::Level(0),
            Verbosity::Bar => VerbosityConfig::Level(1),
            Verbosity::Lines => VerbosityConfig::Level(2),
        }
    }
}

impl TryFrom<VerbosityConfig> for Verbosity {
    type Error = String;

    fn try_from(written: VerbosityConfig) -> Result<Self, String> {
        match written {
            VerbosityConfig::Auto => Ok(Verbosity::Auto),
            VerbosityConfig::Level(level @ 0..=2) => Ok(level.into()),
            VerbosityConfig::Level(level) => Err(format!("expected \"auto\", 0, 1 or 2, not {level}")),
        }
    }
}

/// The number of steps between two readings of the clock: one reading costs a hundredth of a step of the smallest networks.
const STEPS_PER_LOOK: usize = 128;

/// The shortest time between two redraws of the bar.
#[cfg(feature = "progress")]
const PAUSE: std::time::Duration = std::time::Duration::from_millis(80);

/// The display of one fit, or of one pass over samples.
pub(crate) struct Progress {
    verbosity: Verbosity,
    epochs: usize,
    steps: usize,
    epoch: usize,
    #[cfg(feature = "progress")]
    bar: Option<ProgressBar>,
    #[cfg(feature = "progress")]
    drawn: Instant,
    begin: Instant,
}

impl Progress {
    pub(crate) fn new(verbosity: Verbosity, epochs: usize, steps: usize) -> Self {
        let verbosity = match verbosity {
            Verbosity::Auto if io::stderr().is_terminal() => Verbosity::Bar,
            Verbosity::Auto => Verbosity::Lines,
            other => other,
        };
        // Without the feature `progress` the crate that draws bars is missing.
        let verbosity = match verbosity {
            Verbosity::Bar if cfg!(not(feature = "progress")) => Verbosity::Lines,
            other => other,
        };
        Progress {
            verbosity,
            epochs,
            steps,
            epoch: 0,
            #[cfg(feature = "progress")]
            bar: None,
            #[cfg(feature = "progress")]
            drawn: Instant::now(),
            begin: Instant::now(),
        }
    }

    /// Begins the display of an evaluation or prediction, which has no epochs.
    pub(crate) fn of_pass(verbosity: Verbosity, steps: usize) -> Self {
        let mut progress = Progress::new(verbosity, 0, steps);
        progress.begin(0);
        progress
    }

    /// Sets the number of steps of an epoch; 0 as long as it is unknown.
    pub(crate) fn set_steps(&mut self, steps: usize) {
        self.steps = steps;
    }

    /// Begins an epoch.
    pub(crate) fn begin(&mut self, epoch: usize) {
        self.epoch = epoch;
        self.begin = Instant::now();
        #[cfg(feature = "progress")]
        if self.verbosity == Verbosity::Bar {
            if self.epochs > 0 {
                show_line(format_args!("Epoch {}/{}", epoch + 1, self.epochs));
            }
            let bar = ProgressBar::with_draw_target(
                (self.steps > 0).then_some(self.steps as u64),
                ProgressDrawTarget::stderr(),
            );
            if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {bar:20.cyan/dim} {wide_msg}") {
                bar.set_style(style.progress_chars("━━─"));
            }
            self.bar = Some(bar);
            self.drawn = Instant::now();
        }
    }

    /// Whether the display should be drawn after a step, counted from 0.
    #[inline]
    pub(crate) fn is_due(&self, step: usize) -> bool {
        if self.verbosity != Verbosity::Bar || !step.is_multiple_of(STEPS_PER_LOOK) {
            return false;
        }
        #[cfg(feature = "progress")]
        return self.drawn.elapsed() >= PAUSE;
        #[cfg(not(feature = "progress"))]
        return false;
    }

    /// Draws the state after this many steps.
    pub(crate) fn draw(&mut self, done: usize, logs: &Logs) {
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
            let seconds = self.begin.elapsed().as_secs_f64();
            bar.set_message(format!("{}{}", pace(seconds, done), after(logs)));
            self.drawn = Instant::now();
        }
        #[cfg(not(feature = "progress"))]
        let _ = (done, logs);
    }

    /// Ends an epoch; `seconds` is the time of its training steps.
    pub(crate) fn end(&mut self, logs: &Logs, seconds: f64) {
        match self.verbosity {
            Verbosity::Lines => {
                let Progress { epoch, epochs, steps, .. } = self;
                let of_fit = if *epochs > 0 { format!("Epoch {}/{epochs} - ", *epoch + 1) } else { String::new() };
                show_line(format_args!(
                    "{of_fit}{steps}/{steps} steps - {seconds:.2}s {}{}",
                    pace(seconds, *steps),
                    after(logs)
                ));
            }
            #[cfg(feature = "progress")]
            Verbosity::Bar => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
                let steps = self.steps;
                show_line(format_args!(
                    "{steps}/{steps} {} {seconds:.2}s {}{}",
                    "━".repeat(20),
                    pace(seconds, steps),
                    after(logs)
                ));
            }
            _ => {}
        }
    }

    /// Ends a display that [`of_pass`](Progress::of_pass) began.
    pub(crate) fn end_pass(&mut self, logs: &Logs) {
        self.end(logs, self.begin.elapsed().as_secs_f64());
    }

    /// Ends the display in the middle of an epoch; the bar stays visible, and the program's next output begins on a new line.
    pub(crate) fn abandon(&mut self) {
        #[cfg(feature = "progress")]
        if let Some(bar) = self.bar.take() {
            bar.abandon();
            if !bar.is_hidden() {
                show_line(format_args!(""));
            }
        }
    }
}

/// Writes a line to standard error and ignores errors, since `eprintln!` would panic if standard error is closed.
pub(crate) fn show_line(line: fmt::Arguments<'_>) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

/// The metrics with a leading separator; empty for a prediction.
fn after(logs: &Logs) -> String {
    if logs.names().next().is_some() { format!(" - {logs}") } else { String::new() }
}

/// The time of one step, with a unit that fits its size.
fn pace(seconds: f64, steps: usize) -> String {
    let each = seconds / steps.max(1) as f64;
    match each {
        each if each < 1e-4 => format!("{:.1}µs/step", each * 1e6),
        each if each < 1.0 => format!("{:.1}ms/step", each * 1e3),
        each => format!("{each:.1}s/step"),
    }
}

#[cfg(test)]
mod tests {
    use super::pace;

    #[test]
    fn pace_chooses_its_unit() {
        assert_eq!(pace(0.02, 10_000), "2.0µs/step");
        assert_eq!(pace(0.2, 100), "2.0ms/step");
        assert_eq!(pace(4.0, 2), "2.0s/step");
    }
}
