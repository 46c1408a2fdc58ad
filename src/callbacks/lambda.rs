use super::{Callback, Context};
use crate::{Result, Scalar};
use std::fmt;

type OnEpoch<'a, T> = Box<dyn FnMut(&mut Context<'_, T>) -> Result<()> + 'a>;
type OnBatch<'a, T> = Box<dyn FnMut(usize, &mut Context<'_, T>) -> Result<()> + 'a>;

/// A callback from closures.
///
/// ```
/// use perceptra::prelude::*;
///
/// let mut losses = Vec::new();
/// let callback = LambdaCallback::new().on_epoch_end(|context| {
///     losses.push(context.logs().loss());
///     Ok(())
/// });
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
/// let (x, y) = (dmatrix![1.0; 2.0], dmatrix![1.0; 2.0]);
/// model.fit(&x, &y, Fit::new().epochs(3).callback(callback).verbose(0))?;
/// assert_eq!(losses.len(), 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.callbacks.LambdaCallback`.
pub struct LambdaCallback<'a, T: Scalar = f32> {
    train_begin: Option<OnEpoch<'a, T>>,
    train_end: Option<OnEpoch<'a, T>>,
    epoch_begin: Option<OnEpoch<'a, T>>,
    epoch_end: Option<OnEpoch<'a, T>>,
    batch_begin: Option<OnBatch<'a, T>>,
    batch_end: Option<OnBatch<'a, T>>,
    added_logs: Vec<String>,
}

impl<T: Scalar> Default for LambdaCallback<'_, T> {
    fn default() -> Self {
        LambdaCallback {
            train_begin: None,
            train_end: None,
            epoch_begin: None,
            epoch_end: None,
            batch_begin: None,
            batch_end: None,
            added_logs: Vec::new(),
        }
    }
}

impl<'a, T: Scalar> LambdaCallback<'a, T> {
    /// Creates a callback without closures.
    pub fn new() -> Self {
        Self::default()
    }

    /// Called before the first epoch.
    #[must_use]
    pub fn on_train_begin(mut self, call: impl FnMut(&mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.train_begin = Some(Box::new(call));
        self
    }

    /// Called after the last epoch.
    #[must_use]
    pub fn on_train_end(mut self, call: impl FnMut(&mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.train_end = Some(Box::new(call));
        self
    }

    /// Called before an epoch.
    #[must_use]
    pub fn on_epoch_begin(mut self, call: impl FnMut(&mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.epoch_begin = Some(Box::new(call));
        self
    }

    /// Called after an epoch and its validation.
    #[must_use]
    pub fn on_epoch_end(mut self, call: impl FnMut(&mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.epoch_end = Some(Box::new(call));
        self
    }

    /// Called before a step, with its number in the epoch.
    #[must_use]
    pub fn on_train_batch_begin(mut self, call: impl FnMut(usize, &mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.batch_begin = Some(Box::new(call));
        self
    }

    /// Called after a step, with its number in the epoch.
    #[must_use]
    pub fn on_train_batch_end(mut self, call: impl FnMut(usize, &mut Context<'_, T>) -> Result<()> + 'a) -> Self {
        self.batch_end = Some(Box::new(call));
        self
    }

    /// The names of the values that [`on_epoch_end`](LambdaCallback::on_epoch_end) adds to the logs; none by default.
    ///
    /// Callbacks that come after this one can then monitor the values and use them in file names.
    ///
    /// ```
    /// use perceptra::callbacks::Mode;
    /// use perceptra::prelude::*;
    ///
    /// let root = LambdaCallback::new().added_logs(["rmse"]).on_epoch_end(|context| {
    ///     let loss = context.logs().loss();
    ///     context.logs_mut().set("rmse", loss.sqrt());
    ///     Ok(())
    /// });
    /// let stopping = EarlyStopping::new().monitor("rmse").mode(Mode::Min).patience(2);
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    /// let fit = Fit::new().epochs(3).callback(root).callback(stopping).verbose(0);
    /// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// assert_eq!(history.get("rmse").unwrap().len(), 3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn added_logs<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.added_logs = names.into_iter().map(Into::into).collect();
        self
    }
}

impl<T: Scalar> Callback<T> for LambdaCallback<'_, T> {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.train_begin.as_mut().map_or(Ok(()), |call| call(context))
    }

    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.train_end.as_mut().map_or(Ok(()), |call| call(context))
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.epoch_begin.as_mut().map_or(Ok(()), |call| call(context))
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.epoch_end.as_mut().map_or(Ok(()), |call| call(context))
    }

    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        self.batch_begin.as_mut().map_or(Ok(()), |call| call(batch, context))
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        self.batch_end.as_mut().map_or(Ok(()), |call| call(batch, context))
    }

    fn added_logs(&self) -> Vec<String> {
        self.added_logs.clone()
    }
}

impl<T: Scalar> fmt::Debug for LambdaCallback<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LambdaCallback")
            .field("on_train_begin", &self.train_begin.is_some())
            .field("on_train_end", &self.train_end.is_some())
            .field("on_epoch_begin", &self.epoch_begin.is_some())
            .field("on_epoch_end", &self.epoch_end.is_some())
            .field("on_train_batch_begin", &self.batch_begin.is_some())
            .field("on_train_batch_end", &self.batch_end.is_some())
            .finish()
    }
}
