//! `&mut C` as a callback: the fit borrows it, and the caller reads it afterwards.

use super::callback::{Callback, Divergence};
use super::callback_state::CallbackState;
use super::context::Context;
use super::logs::Logs;
use crate::{Error, Result, Scalar};

/// Forwards every hook. A borrowed callback serves one fit only, so it is not an [item](Callback::item).
impl<T: Scalar, C: Callback<T> + ?Sized> Callback<T> for &mut C {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_begin(context)
    }

    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_end(context)
    }

    fn on_train_error(&mut self, error: &Error, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_error(error, context)
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_epoch_begin(context)
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_epoch_end(context)
    }

    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_test_begin(context)
    }

    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_test_end(context)
    }

    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        (**self).on_divergence(batch, loss, context)
    }

    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_begin(batch, context)
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_end(batch, context)
    }

    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        (**self).on_test_batch_begin(batch)
    }

    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        (**self).on_test_batch_end(batch, logs)
    }

    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        (**self).on_evaluate_begin(steps)
    }

    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        (**self).on_evaluate_end(logs)
    }

    fn on_predict_begin(&mut self, steps: usize) -> Result<()> {
        (**self).on_predict_begin(steps)
    }

    fn on_predict_batch_begin(&mut self, batch: usize) -> Result<()> {
        (**self).on_predict_batch_begin(batch)
    }

    fn on_predict_batch_end(&mut self, batch: usize) -> Result<()> {
        (**self).on_predict_batch_end(batch)
    }

    fn on_predict_end(&mut self) -> Result<()> {
        (**self).on_predict_end()
    }

    fn added_logs(&self) -> Vec<String> {
        (**self).added_logs()
    }

    fn name(&self) -> String {
        (**self).name()
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        (**self).state()
    }

    fn restore_state(&mut self, state: CallbackState<T>, context: &mut Context<'_, T>) -> Result<()> {
        (**self).restore_state(state, context)
    }
}
