//! Interruptions of a fit: backups, continuing from one, and the cleanup after an error.

use super::fit_loop::FitLoop;
use super::fit_state::{Called, FitState, Position, Resumed, Start, StoredCallback};
use crate::{Error, Result, Scalar};
use std::path::Path;

impl<T: Scalar> FitLoop<'_, '_, T> {
    /// Restores the state of a backup; returns the position to continue from.
    pub(super) fn continue_with(&mut self, resumed: Resumed<T>) -> Result<Start> {
        let Position { epoch, step, batch, order } = resumed.position;
        self.batches.go_to(batch);
        self.draw_order(order);
        // A backup may have been made while the averages were in place of the weights; training moves the weights.
        if self.optimizer_state.swapped {
            self.optimizer_state.swap_averages(&mut self.network.weights);
        }
        let complete = step >= self.batches.in_next_epoch();
        let Some(fit) = resumed.fit else {
            // A backup of an earlier release: all that is missing of a complete epoch is its end, which is left out.
            return Ok(match complete {
                true => {
                    self.batches.next_epoch();
                    self.optimizer_state.epochs += 1;
                    Start { epoch: epoch.saturating_add(1), ..Start::default() }
                }
                false => Start { epoch, step, ..Start::default() },
            });
        };
        *self.history = fit.history;
        self.stop = fit.stopped;
        self.restore_callbacks(epoch, fit.callbacks, &resumed.path)?;
        let running = fit.running.map(|running| (running, step));
        Ok(match (fit.stopped, running) {
            (true, None) => Start { epoch, finished: true, ..Start::default() },
            // A fit that was stopped within an epoch has only its end before it.
            (true, running) => Start { epoch, step: usize::MAX, running, finished: false },
            (false, running) => Start { epoch, step, running, finished: false },
        })
    }

    /// Passes every state of a backup to its callback, matched by name and by the index among those of that name.
    fn restore_callbacks(&mut self, epoch: usize, stored: Vec<StoredCallback<T>>, path: &Path) -> Result<()> {
        let places = self.places();
        for StoredCallback { name, place, state } in stored {
            // The state of a callback that this fit no longer has is dropped.
            let Some(index) = places.iter().position(|(known, at)| *known == name && *at == place) else { continue };
            self.call_one(index, epoch, |callback, context| callback.restore_state(state, context))
                .map_err(|error| error.with_note(&format!("the backup is {}", path.display())))?;
        }
        Ok(())
    }

    /// The name of every callback, and its index among those of that name.
    fn places(&self) -> Vec<(String, usize)> {
        let mut places: Vec<(String, usize)> = Vec::new();
        for name in self.callbacks.iter().map(|callback| callback.name()) {
            let place = places.iter().filter(|(known, _)| *known == name).count();
            places.push((name, place));
        }
        places
    }

    /// Ends a fit that failed: what callbacks hold is restored, and the error states it.
    pub(super) fn fail(&mut self, error: Error, called: &Called) -> Error {
        let last = self.last_epoch();
        self.restored = None;
        let mut more = Vec::new();
        for index in called.ended..called.begun {
            let result = self.call_one(index, last, |callback, context| callback.on_train_error(&error, context));
            more.extend(result.err());
        }
        let error = match self.restored {
            Some(epoch) => error.with_restored_weights(epoch.saturating_add(1)),
            None => error,
        };
        more.into_iter().fold(error, |error, another| error.with_note(&format!("moreover, {another}")))
    }

    /// Makes the backups that callbacks have asked for, now that each of them has been called.
    pub(super) fn back_up(&mut self, epoch: usize) -> Result<()> {
        for request in std::mem::take(&mut self.backups) {
            let order = self.order;
            let (position, running) = match request.steps {
                Some(step) => {
                    let position = Position { epoch, step, batch: self.batches.begin(), order };
                    (position, Some(self.metrics.running()))
                }
                None => (Position { epoch: epoch + 1, step: 0, batch: self.batches.next(), order }, None),
            };
            let mut callbacks = Vec::new();
            for (callback, (name, place)) in self.callbacks.iter().zip(self.places()) {
                callbacks.extend(callback.state()?.map(|state| StoredCallback { name, place, state }));
            }
            let state = FitState { position, stopped: self.stop, history: self.history, running, callbacks };
            (request.write)(self.network, self.optimizer_state, &state, &request)?;
        }
        Ok(())
    }
}
