//! Displays progress on standard error: of one fit in samples, and of many fits as one bar.

use crate::text::thousands;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use perceptra::callbacks::Context;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};
use std::time::{Duration, Instant};

/// The shortest time between two redraws.
const PAUSE: Duration = Duration::from_millis(80);

/// The samples done, the time that each takes, and the running metrics of a fit.
///
/// On a terminal a bar is redrawn in place while an epoch runs; at its end there is one line everywhere.
pub(crate) struct SamplesDone {
    samples: usize,
    batch_size: usize,
    bar: ProgressBar,
    begin: Instant,
    drawn: Instant,
}

impl SamplesDone {
    pub(crate) fn new(samples: usize, batch_size: usize) -> SamplesDone {
        let now = Instant::now();
        SamplesDone { samples, batch_size, bar: ProgressBar::hidden(), begin: now, drawn: now }
    }

    fn pace(&self, done: usize) -> String {
        format!("{:.2}µs/sample", 1e6 * self.begin.elapsed().as_secs_f64() / done.max(1) as f64)
    }
}

impl<T: Scalar> Callback<T> for SamplesDone {
    fn on_epoch_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.bar = bar(self.samples, "{human_pos}/{human_len} samples {bar:20} {wide_msg}");
        self.begin = Instant::now();
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        // The clock is not read in every step, since a step takes only a few microseconds.
        if batch.is_multiple_of(128) && !self.bar.is_hidden() && self.drawn.elapsed() >= PAUSE {
            self.drawn = Instant::now();
            let done = ((batch + 1) * self.batch_size).min(self.samples);
            self.bar.set_position(done as u64);
            self.bar.set_message(format!("{} - {}", self.pace(done), context.logs()));
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.bar.finish_and_clear();
        let (epoch, epochs, all) = (context.epoch() + 1, context.epochs(), thousands(self.samples));
        let (seconds, pace) = (self.begin.elapsed().as_secs_f64(), self.pace(self.samples));
        say_aside!("Epoch {epoch}/{epochs} - {all} samples - {seconds:.2}s {pace} - {}", context.logs());
        Ok(())
    }
}

/// One bar over many fits, which may end on several threads; hidden if standard error is not a terminal.
pub(crate) struct FitsDone {
    bar: ProgressBar,
}

impl FitsDone {
    pub(crate) fn new(fits: usize) -> FitsDone {
        FitsDone { bar: bar(fits, "{pos}/{len} fits {bar:20} {elapsed} {per_sec} - {wide_msg}") }
    }

    /// A fit has ended.
    pub(crate) fn count(&self, name: String) {
        self.bar.set_message(name);
        self.bar.inc(1);
    }
}

impl Drop for FitsDone {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar on standard error, hidden if that is not a terminal.
fn bar(length: usize, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("━━─")),
        Err(_) => bar,
    }
}
