//! How the ranks of a fit are kept in step.

use super::Communicator;
use std::fmt;

/// The ranks that a fit is distributed over, and how often they exchange gradients or weights.
///
/// By default gradients are summed in every step, which is exact. A step of a small network takes a few microseconds, an exchange
/// tens of them; with [`average_every`](Distributed::average_every) the ranks exchange less often.
///
/// ```
/// use perceptra::distributed::{Distributed, InProcess};
/// use perceptra::prelude::*;
///
/// let losses = InProcess::run(2, |world| {
///     let (x, y) = (dmatrix![0.0f32; 1.0; 2.0; 3.0], dmatrix![1.0f32; 3.0; 5.0; 7.0]);
///     let mut model = Sequential::new().seed(1).add(Dense::new(1, Linear)).compile("sgd", "mse", ());
///     let over = Distributed::over(world).average_every(8).after_epochs(5);
///     let history = model.fit(&x, &y, Fit::new().batch_size(1).epochs(60).distributed(over).verbose(0))?;
///     Ok(history.last("loss").unwrap())
/// })?;
/// assert!(losses[0] < 1e-2 && losses[0] == losses[1]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Distributed<'a> {
    communicator: &'a dyn Communicator,
    average_every: Option<usize>,
    after_epochs: usize,
}

impl<'a> Distributed<'a> {
    /// Distributes the fit over all ranks of a communicator, which sum their gradients in every step.
    pub fn over(communicator: &'a impl Communicator) -> Self {
        Distributed { communicator, average_every: None, after_epochs: 0 }
    }

    /// Lets each rank make `steps` independent steps, at least 1, before weights, state of layers and slots of the optimizer are averaged
    /// over the ranks, weighted by the number of rows that each has trained on since; they are also averaged at the end of every epoch.
    /// By default the ranks sum their gradients in every step instead.
    ///
    /// Dropout, noise and the statistics of batches are then independent on each rank, and the loss is the mean over the rank's batch.
    ///
    /// # References
    ///
    /// S. U. Stich, *Local SGD converges fast and communicates little*, ICLR 2019.
    pub fn average_every(mut self, steps: usize) -> Self {
        self.average_every = Some(steps);
        self
    }

    /// Sums the gradients in every step of the first `epochs` epochs, counted over the whole fit, and averages weights from then on;
    /// default 0. Only with [`average_every`](Distributed::average_every).
    ///
    /// # References
    ///
    /// T. Lin, S. U. Stich, K. K. Patel and M. Jaggi, *Don't use large mini-batches, use local SGD*, ICLR 2020: post-local SGD.
    pub fn after_epochs(mut self, epochs: usize) -> Self {
        self.after_epochs = epochs;
        self
    }

    /// The communicator of the ranks.
    pub fn communicator(&self) -> &'a dyn Communicator {
        self.communicator
    }

    /// The number of steps between averages in an epoch, counted from 0; `None` where gradients are summed in every step.
    pub(crate) fn period(&self, epoch: usize) -> Option<usize> {
        self.average_every.filter(|_| epoch >= self.after_epochs)
    }

    /// The number of steps between averages, if any, and the number of epochs before they begin.
    pub(crate) fn schedule(&self) -> (Option<usize>, usize) {
        (self.average_every, self.after_epochs)
    }
}

impl<'a, C: Communicator> From<&'a C> for Distributed<'a> {
    fn from(communicator: &'a C) -> Self {
        Distributed::over(communicator)
    }
}

impl fmt::Debug for Distributed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Distributed")
            .field("rank", &self.communicator.rank())
            .field("size", &self.communicator.size())
            .field("average_every", &self.average_every)
            .field("after_epochs", &self.after_epochs)
            .finish()
    }
}
