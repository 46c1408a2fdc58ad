//! A thread that fills the next window of samples while the training thread uses the current one.

use super::samples::Samples;
use super::window_filler::{WindowFiller, WindowStart};
use crate::Scalar;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope};

/// The training thread's handle on the filling thread, which ends when the handle is dropped.
pub(super) struct WindowAhead<T: Scalar> {
    to_fill: SyncSender<(WindowStart, Samples<T>)>,
    /// Never contended; the mutex only makes the type `Sync`, so that other threads can read the window that contains it.
    filled: Mutex<Receiver<Samples<T>>>,
    /// The window that the filling thread is working on or has finished.
    asked: Option<WindowStart>,
    /// Memory for a window, while the filling thread does not use it.
    spare: Option<Samples<T>>,
    /// Whether the requested window is still needed; false makes the filling thread stop early.
    is_wanted: Arc<AtomicBool>,
}

impl<T: Scalar> WindowAhead<T> {
    /// Starts a thread that takes over the filler. If the system cannot start a thread, returns `None` and leaves the filler in place.
    pub(super) fn start<'s, 'a: 's>(
        scope: &'s Scope<'s, '_>,
        filler: &mut Option<Box<WindowFiller<'a, T>>>,
        spare: Samples<T>,
    ) -> Option<Self> {
        let (to_fill, requests) = sync_channel::<(WindowStart, Samples<T>)>(1);
        let (done, filled) = sync_channel(1);
        // The filler is sent to the thread, since a closure is lost if its thread cannot be started.
        let (hand_over, handed_over) = sync_channel::<Box<WindowFiller<'a, T>>>(1);
        let is_wanted = Arc::new(AtomicBool::new(true));
        let asked_for = Arc::clone(&is_wanted);
        let thread = Builder::new().name("perceptra-window".into()).spawn_scoped(scope, move || {
            let Ok(mut filler) = handed_over.recv() else { return };
            while let Ok((start, mut samples)) = requests.recv() {
                filler.fill(start, &mut samples, &|| asked_for.load(Ordering::Relaxed));
                if done.send(samples).is_err() {
                    return;
                }
            }
        });
        thread.ok()?;
        hand_over.send(filler.take()?).ok()?;
        Some(WindowAhead { to_fill, filled: Mutex::new(filled), asked: None, spare: Some(spare), is_wanted })
    }

    /// Replaces a used window by the filled one, and requests the next one.
    pub(super) fn exchange(&mut self, wanted: WindowStart, next: WindowStart, samples: &mut Samples<T>) {
        if self.asked != Some(wanted) {
            self.is_wanted.store(false, Ordering::Relaxed);
            self.receive();
            self.is_wanted.store(true, Ordering::Relaxed);
            self.ask(wanted);
        }
        self.receive();
        if let Some(filled) = &mut self.spare {
            std::mem::swap(filled, samples);
        }
        self.ask(next);
    }

    fn ask(&mut self, start: WindowStart) {
        // The channels are open and the memory is here unless the thread has panicked; then its scope panics too.
        if let Some(samples) = self.spare.take()
            && self.to_fill.send((start, samples)).is_ok()
        {
            self.asked = Some(start);
        }
    }

    /// Waits for the requested window, if there is one.
    fn receive(&mut self) {
        if self.asked.take().is_some() {
            let filled = self.filled.get_mut().unwrap_or_else(PoisonError::into_inner);
            self.spare = filled.recv().ok();
        }
    }
}

impl<T: Scalar> Drop for WindowAhead<T> {
    fn drop(&mut self) {
        // The scope waits for the thread, and the window that it is filling is no longer needed.
        self.is_wanted.store(false, Ordering::Relaxed);
    }
}
