//! Progress on standard error: of a fit in samples, and of many fits as one bar.

use crate::text::thousands;
use perceptra::callbacks::Context;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The shortest time between two drawings.
const PAUSE: Duration = Duration::from_millis(80);
const WIDTH: usize = 20;

/// The samples done, the time that each takes, and the running metrics of a fit.
///
/// On a terminal a bar is redrawn in place while an epoch runs; elsewhere there is one line per epoch.
pub struct SamplesDone {
    samples: usize,
    batch_size: usize,
    begin: Instant,
    drawn: Instant,
    terminal: bool,
}

impl SamplesDone {
    pub fn new(samples: usize, batch_size: usize) -> SamplesDone {
        let now = Instant::now();
        SamplesDone { samples, batch_size, begin: now, drawn: now, terminal: std::io::stderr().is_terminal() }
    }
}

impl<T: Scalar> Callback<T> for SamplesDone {
    fn on_epoch_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.begin = Instant::now();
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        if self.terminal && batch.is_multiple_of(128) && self.drawn.elapsed() >= PAUSE {
            self.drawn = Instant::now();
            let done = ((batch + 1) * self.batch_size).min(self.samples);
            let each = micros(self.begin, done);
            let (bar, all) = (bar(done, self.samples), thousands(self.samples));
            redraw(&format!("{}/{all} samples {bar} {each:.2}µs/sample - {}", thousands(done), context.logs()));
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let (epoch, epochs, all) = (context.epoch() + 1, context.epochs(), thousands(self.samples));
        let (seconds, each) = (self.begin.elapsed().as_secs_f64(), micros(self.begin, self.samples));
        if self.terminal {
            redraw("");
        }
        eprintln!("Epoch {epoch}/{epochs} - {all} samples - {seconds:.2}s {each:.2}µs/sample - {}", context.logs());
        Ok(())
    }
}

fn micros(begin: Instant, samples: usize) -> f64 {
    1e6 * begin.elapsed().as_secs_f64() / samples.max(1) as f64
}

/// One bar over many fits, which may end on several threads; nothing where standard error is no terminal.
pub struct FitsDone {
    fits: usize,
    done: AtomicUsize,
    begin: Instant,
    terminal: bool,
}

impl FitsDone {
    pub fn new(fits: usize) -> FitsDone {
        FitsDone { fits, done: AtomicUsize::new(0), begin: Instant::now(), terminal: std::io::stderr().is_terminal() }
    }

    /// A fit has ended.
    pub fn count(&self, name: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.terminal {
            let seconds = self.begin.elapsed().as_secs_f64();
            let each = 1e3 * seconds / done as f64;
            redraw(&format!(
                "{done}/{} fits {} {seconds:.1}s {each:.0}ms/fit - {name}",
                self.fits,
                bar(done, self.fits)
            ));
        }
    }
}

impl Drop for FitsDone {
    fn drop(&mut self) {
        if self.terminal {
            redraw("");
        }
    }
}

fn bar(done: usize, all: usize) -> String {
    let filled = (WIDTH * done / all.max(1)).min(WIDTH);
    format!("{}{}", "━".repeat(filled), "─".repeat(WIDTH - filled))
}

/// Writes over the line that the cursor is in.
fn redraw(line: &str) {
    eprint!("\r\x1b[K{line}");
}
