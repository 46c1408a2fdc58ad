//! Backups of a fit, resuming from one, pauses, and the cleanup after an error.

use super::fit_loop::FitLoop;
use super::fit_state::{Called, FitState, Position, Resumed, ResumedFit, Start, StoredCallback};
use super::resumable_fit::{FitProgress, PausedFit};
use crate::{Error, Result, Scalar};
use std::path::Path;

impl<T: Scalar> FitLoop<'_, '_, '_, T> {
    /// Restores the state of a backup; returns the position to continue from.
    pub(super) fn continue_with(&mut self, resumed: Resumed<T>) -> Result<Start> {
        let Position { epoch, step, batch, order } = resumed.position;
        self.batches.go_to(batch);
        self.draw_order(order);
        // The backup may have been made while the averages replaced the weights; training continues with the weights.
        if self.optimizer_state.swapped {
            self.optimizer_state.swap_averages(&mut self.network.weights);
        }
        let complete = step >= self.batches.in_next_epoch();
        let Some(fit) = resumed.fit else {
            // A backup of an earlier release does not contain the state of callbacks, so the end of a complete epoch is skipped.
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
            // A fit that was stopped within an epoch continues after the epoch's last step.
            (true, running) => Start { epoch, step: usize::MAX, running, finished: false },
            (false, running) => Start { epoch, step, running, finished: false },
        })
    }

    /// Passes every state of a backup to its callback, matched by name and by the index among the callbacks of that name.
    fn restore_callbacks(&mut self, epoch: usize, stored: Vec<StoredCallback<T>>, path: &Path) -> Result<()> {
        let places = self.places();
        for StoredCallback { name, place, state } in stored {
            // States of callbacks that this fit does not have are ignored.
            let Some(index) = places.iter().position(|(known, at)| *known == name && *at == place) else { continue };
            self.call_one(index, epoch, |callback, context| callback.restore_state(state, context))
                .map_err(|error| error.with_note(&format!("the backup is {}", path.display())))?;
        }
        Ok(())
    }

    /// The name of every callback, and its index among the callbacks of that name.
    fn places(&self) -> Vec<(String, usize)> {
        let mut places: Vec<(String, usize)> = Vec::new();
        for name in self.callbacks.iter().map(|callback| callback.name()) {
            let place = places.iter().filter(|(known, _)| *known == name).count();
            places.push((name, place));
        }
        places
    }

    /// Ends a fit that failed: calls `on_train_error`, and adds what callbacks restored to the error.
    pub(super) fn fail(&mut self, error: Error, called: &Called) -> Error {
        let last = self.last_epoch();
        self.restored = None;
        let mut more = Vec::new();
        let before = self.before_callbacks();
        for index in called.ended..called.begun {
            let result = self.call_one(index, last, |callback, context| callback.on_train_error(&error, context));
            more.extend(result.err());
        }
        // All ranks get the model that callbacks have restored. An error is ignored, since the ranks may be unreachable.
        let _ = self.broadcast_decisions(before, Ok(()));
        let error = match self.restored {
            Some(epoch) => error.with_restored_weights(epoch.saturating_add(1)),
            None => error,
        };
        more.into_iter().fold(error, |error, another| error.with_note(&format!("moreover, {another}")))
    }

    /// The state of every callback that keeps one.
    pub(super) fn callback_states(&self) -> Result<Vec<StoredCallback<T>>> {
        let mut states = Vec::new();
        for (callback, (name, place)) in self.callbacks.iter().zip(self.places()) {
            states.extend(callback.state()?.map(|state| StoredCallback { name, place, state }));
        }
        Ok(states)
    }

    /// Makes the backups that callbacks have requested, after all of them have been called.
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
            let callbacks = self.callback_states()?;
            let state = FitState { position, stopped: self.stop, history: self.history, running, callbacks };
            (request.write)(self.network, self.optimizer_state, &state, &request)?;
        }
        Ok(())
    }

    /// Restores the state at the end of the previous part, if there was one; called after `on_train_begin`.
    pub(super) fn restore_paused(&mut self) -> Result<()> {
        let Some(resumable) = self.resumable.as_deref_mut() else { return Ok(()) };
        // This part is the last one unless it is paused again.
        let FitProgress::Paused(paused) = std::mem::replace(&mut resumable.progress, FitProgress::Finished) else {
            return Ok(());
        };
        let PausedFit { weights, state, optimizer_state, position, history, callbacks } = *paused;
        self.network.set_flat(&weights, &state)?;
        *self.optimizer_state = optimizer_state;
        let fit = Some(ResumedFit { stopped: false, history, running: None, callbacks });
        self.resume = Some(Resumed { path: "of a paused fit, in memory".into(), position, fit });
        Ok(())
    }

    /// Whether the fit pauses after this epoch; if so, keeps the state.
    pub(super) fn pauses_after(&mut self, epoch: usize) -> Result<bool> {
        let Some(until) = self.resumable.as_deref().map(|resumable| resumable.until) else { return Ok(false) };
        if self.stop || epoch + 1 < until || epoch + 1 >= self.epochs_of_the_whole() {
            return Ok(false);
        }
        let callbacks = self.callback_states()?;
        let position = Position { epoch: epoch + 1, step: 0, batch: self.batches.next(), order: self.order };
        let paused = PausedFit {
            weights: self.network.flat_weights().to_vec(),
            state: self.network.flat_state().to_vec(),
            optimizer_state: self.optimizer_state.clone(),
            position,
            history: self.history.clone(),
            callbacks,
        };
        if let Some(resumable) = self.resumable.as_deref_mut() {
            resumable.progress = FitProgress::Paused(Box::new(paused));
        }
        Ok(true)
    }
}
