//! The progress display of a search on standard error.

use crate::engine::show_line;
use crate::significant::significant;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(feature = "progress")]
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The shortest time between two lines when standard error is not a terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// The progress and the best trial so far: a bar on a terminal, lines elsewhere.
pub(super) struct SearchDisplay {
    state: Option<Mutex<Shown>>,
    greater_is_better: bool,
    score: String,
    /// The total number of evaluations, if known.
    all: Option<usize>,
    #[cfg(feature = "progress")]
    bar: Option<ProgressBar>,
}

struct Shown {
    begin: Instant,
    shown: Instant,
    done: usize,
    /// The fraction of the epochs, the score and the number of the best trial.
    best: Option<(f64, f64, usize)>,
}

impl SearchDisplay {
    pub(super) fn new(is_shown: bool, all: Option<usize>, score: String, greater_is_better: bool) -> Self {
        let now = Instant::now();
        let state = is_shown.then(|| Mutex::new(Shown { begin: now, shown: now, done: 0, best: None }));
        SearchDisplay {
            state,
            greater_is_better,
            score,
            all,
            #[cfg(feature = "progress")]
            bar: (is_shown && io::stderr().is_terminal()).then(|| bar(all)),
        }
    }

    /// Shows that an evaluation has ended.
    pub(super) fn finished(&self, trial: usize, fraction: f64, score: f64) {
        let Some(state) = &self.state else { return };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += 1;
        let is_better = match state.best {
            _ if score.is_nan() => false,
            None => true,
            Some((best_fraction, best, _)) if fraction == best_fraction => {
                if self.greater_is_better {
                    score > best
                } else {
                    score < best
                }
            }
            Some((best_fraction, ..)) => fraction > best_fraction,
        };
        if is_better {
            state.best = Some((fraction, score, trial));
        }
        self.draw(&mut state);
    }

    fn draw(&self, state: &mut Shown) {
        let best = match state.best {
            Some((_, score, trial)) => format!("best {} {} (trial {trial})", self.score, significant(score)),
            None => "no trial has a score yet".into(),
        };
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.set_position(state.done as u64);
            bar.set_message(best);
            return;
        }
        let is_last = self.all == Some(state.done);
        if is_last || (!io::stderr().is_terminal() || cfg!(not(feature = "progress"))) && state.shown.elapsed() >= PAUSE
        {
            state.shown = Instant::now();
            let all = self.all.map(|all| format!("/{all}")).unwrap_or_default();
            let seconds = state.begin.elapsed().as_secs_f64();
            show_line(format_args!("{}{all} trials - {seconds:.0}s - {best}", state.done));
        }
    }
}

impl Drop for SearchDisplay {
    fn drop(&mut self) {
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.abandon();
            show_line(format_args!(""));
        }
    }
}

#[cfg(feature = "progress")]
fn bar(all: Option<usize>) -> ProgressBar {
    let bar = match all {
        Some(all) => ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::stderr()),
        None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
    };
    match ProgressStyle::with_template("{pos}/{len} trials {bar:20.cyan/dim} {elapsed} - {wide_msg}") {
        Ok(style) => bar.with_style(style.progress_chars("━━─")),
        Err(_) => bar,
    }
}
