//! Computes the loss of a batch and, for training, its gradient with respect to the network's output.

use super::dataset::Dataset;
use super::network::Network;
use crate::activations::Fusion;
use crate::items::Item;
use crate::kernels::aligned::Aligned;
use crate::kernels::logit_crossentropy::{self, LogitLoss, LogitLossOperands};
use crate::kernels::{padded, sums};
use crate::losses::{self, Loss, Reduction, Targets};
use crate::{Batch, BatchBuffer, BatchMut, Error, Result, Scalar};
use std::sync::Arc;

/// The loss that training minimizes, with the targets and weights of a batch.
pub(super) struct BatchLoss<T: Scalar> {
    loss: Arc<dyn Loss<T>>,
    /// The form of the loss that is fused with the last activation, if the two are fused.
    joined: Option<LogitLoss>,
    /// Whether the predictions are the logits themselves.
    predicts_logits: bool,
    /// The targets of the batch.
    y: BatchBuffer<T>,
    /// The weights of the batch's samples; all ones if none are given.
    sample_weights: Aligned<T>,
    weighted: bool,
    /// The probabilities, if the loss is fused with the last activation.
    predictions: BatchBuffer<T>,
    losses: Aligned<T>,
    /// The factor of each sample's loss: its weight times the reduction's factor.
    scale: Aligned<T>,
    /// The reduction's factor.
    factor: f64,
    /// Whether the factors of the samples change from batch to batch for the same number of samples.
    each_batch: bool,
    rows: usize,
}

impl<T: Scalar> BatchLoss<T> {
    pub(super) fn new(
        network: &Network<T>,
        loss: &Item<dyn Loss<T>>,
        targets: usize,
        batch_size: usize,
        weighted: bool,
    ) -> Result<Self> {
        if network.outputs.len() != 1 {
            let reason = format!("it has {} outputs, and a loss compares the targets with one", network.outputs.len());
            return Err(Error::Layer { layer: "the model".into(), reason });
        }
        let outputs = network.outputs();
        let loss = losses::for_shape(loss, targets, outputs)?;
        let each_batch = weighted || matches!(loss.targets(), Targets::Classes(Some(_)));
        let last = network.last_activation();
        let stride = padded(batch_size);
        let lack = |lack| network.lacks(lack, batch_size);
        let column = || Aligned::try_zeros(&[stride]).map_err(lack);
        let mut sample_weights = column()?;
        sample_weights.fill(T::one());
        Ok(BatchLoss {
            joined: logit_loss(&*loss, last, targets, outputs),
            predicts_logits: last == Fusion::Linear,
            loss,
            y: BatchBuffer::try_zeros(batch_size, targets).map_err(lack)?,
            sample_weights,
            weighted,
            predictions: BatchBuffer::try_zeros(batch_size, outputs).map_err(lack)?,
            losses: column()?,
            scale: column()?,
            factor: 0.0,
            each_batch,
            rows: 0,
        })
    }

    /// The loss that the model was compiled with.
    pub(super) fn loss(&self) -> &dyn Loss<T> {
        &*self.loss
    }

    /// Whether the loss is fused with the last activation, which the network then skips.
    pub(super) fn takes_activation(&self) -> bool {
        self.joined.is_some()
    }

    /// Sets the number of rows, at most that of construction.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.y.set_rows(rows);
        self.predictions.set_rows(rows);
        self.set_scale();
    }

    /// The factors of the samples' losses; zero in the padding, which then does not contribute to gradients.
    fn set_scale(&mut self) {
        let rows = self.rows;
        let weights = self.weighted.then(|| &self.sample_weights[..rows]);
        self.factor = losses::weigh(&*self.loss, self.y.batch(), weights, &mut self.scale[..rows]);
        self.scale[rows..].fill(T::zero());
    }

    /// Whether the factors of the samples' losses depend on more than the number of rows of a step.
    pub(super) fn needs_totals(&self) -> bool {
        self.loss.reduction() == Reduction::MeanWithSampleWeight
            || matches!(self.loss.targets(), Targets::Classes(Some(_)))
    }

    /// The number of samples of the batch that the reduction counts, and the sum of their weights.
    pub(super) fn totals(&mut self) -> (usize, f64) {
        let rows = self.rows;
        let weights = self.weighted.then(|| &self.sample_weights[..rows]);
        losses::count(&*self.loss, self.y.batch(), weights, &mut self.scale[..rows])
    }

    /// Sets the factors of the samples' losses, if this batch is a part of a step: `samples` is the number of samples of the whole step
    /// that the reduction counts, `total` the sum of their weights.
    pub(super) fn set_part(&mut self, samples: usize, total: f64) {
        self.totals();
        self.factor = self.loss.reduction().factor(samples, total);
        let factor = T::of(self.factor);
        self.scale[..self.rows].iter_mut().for_each(|scale| *scale *= factor);
        self.scale[self.rows..].fill(T::zero());
    }

    /// Loads the batch that starts at a position of the order: its samples into `x`, its targets and weights into `self`.
    pub(super) fn load(&mut self, data: &mut Dataset<'_, T>, start: usize, x: BatchMut<'_, T>) {
        data.load(start, x, self.y.batch_mut(), &mut self.sample_weights);
        if self.each_batch {
            self.set_scale();
        }
    }

    /// Copies the targets and weights of a part of the batch, from its row `first` on.
    pub(super) fn place(&mut self, first: usize, targets: Batch<'_, T>, weights: &[T]) {
        let rows = targets.rows();
        let mut y = self.y.batch_mut();
        for column in 0..targets.columns() {
            y.column_mut(column)[first..][..rows].copy_from_slice(targets.column(column));
        }
        if self.weighted {
            self.sample_weights[first..][..rows].copy_from_slice(&weights[..rows]);
        }
    }

    /// Clears the padding of the targets and updates the factors of the samples; called after all parts of the batch are placed.
    pub(super) fn placed(&mut self) {
        self.y.batch_mut().clear_padding();
        if self.each_batch {
            self.set_scale();
        }
    }

    /// The targets of the batch.
    pub(super) fn targets(&self) -> Batch<'_, T> {
        self.y.batch()
    }

    /// The weights of the batch's samples, if any were given.
    pub(super) fn weights(&self) -> Option<&[T]> {
        self.weighted.then(|| &self.sample_weights[..self.rows])
    }

    /// The predictions of the batch, after the loss of the network's `output` has been computed.
    pub(super) fn predictions<'a>(&'a self, output: Batch<'a, T>) -> Batch<'a, T> {
        if self.joined.is_none() || self.predicts_logits { output } else { self.predictions.batch() }
    }

    /// Computes the loss of the batch.
    pub(super) fn value(&mut self, output: Batch<'_, T>) -> f64 {
        match self.joined {
            Some(joined) => self.of_logits(joined, output, None),
            None => self.loss.forward(self.y.batch(), output, &mut self.losses[..self.rows]),
        }
        self.reduced()
    }

    /// Computes the loss of the batch and writes its gradient with respect to the output.
    pub(super) fn value_and_gradient(&mut self, output: Batch<'_, T>, mut gradient: BatchMut<'_, T>) -> f64 {
        let rows = self.rows;
        match self.joined {
            Some(joined) => self.of_logits(joined, output, Some(gradient.padded())),
            None => {
                self.loss.forward(self.y.batch(), output, &mut self.losses[..rows]);
                self.loss.backward(self.y.batch(), output, &self.scale[..rows], gradient.reborrow());
                gradient.clear_padding();
            }
        }
        self.reduced()
    }

    /// Computes losses and probabilities from the logits, and writes the gradient to `dz` if it is given.
    fn of_logits(&mut self, joined: LogitLoss, z: Batch<'_, T>, dz: Option<&mut [T]>) {
        let stride = padded(self.rows);
        logit_crossentropy::from_logits(
            joined,
            LogitLossOperands {
                z: z.padded(),
                y: self.y.batch().padded(),
                scale: &self.scale[..stride],
                p: self.predictions.batch_mut().padded(),
                losses: &mut self.losses[..stride],
                dz,
                stride,
            },
        );
    }

    /// The sum of the samples' losses times their factors.
    fn reduced(&self) -> f64 {
        let (losses, scale) = (&self.losses[..self.rows], &self.scale[..self.rows]);
        if !self.each_batch {
            return sums::sum(losses) * self.factor;
        }
        losses.iter().zip(scale).map(|(loss, scale)| loss.to_f64() * scale.to_f64()).sum()
    }
}

/// The form of a loss that is fused with the last activation, if the loss supports this activation and these targets.
fn logit_loss<T: Scalar>(loss: &dyn Loss<T>, last: Fusion, targets: usize, outputs: usize) -> Option<LogitLoss> {
    loss.logit_loss(last).filter(|form| match form {
        LogitLoss::Sigmoid { .. } => matches!(last, Fusion::Sigmoid | Fusion::Linear) && targets == outputs,
        LogitLoss::Softmax { .. } => matches!(last, Fusion::Softmax | Fusion::Linear) && targets == outputs,
        LogitLoss::SparseSoftmax => matches!(last, Fusion::Softmax | Fusion::Linear) && targets == 1,
    })
}

#[cfg(test)]
mod tests {
    use super::logit_loss;
    use crate::activations::Fusion;
    use crate::items::Spec;
    use crate::kernels::logit_crossentropy::{self, LogitLoss, LogitLossOperands};
    use crate::losses::Loss;
    use crate::{Batch, BatchMut};

    /// A loss that reports the same fused form for every activation.
    #[derive(Debug)]
    struct Always(LogitLoss);

    impl Spec for Always {}

    impl Loss<f64> for Always {
        fn forward(&self, _: Batch<'_, f64>, _: Batch<'_, f64>, _: &mut [f64]) {}

        fn backward(&self, _: Batch<'_, f64>, _: Batch<'_, f64>, _: &[f64], _: BatchMut<'_, f64>) {}

        fn logit_loss(&self, _: Fusion) -> Option<LogitLoss> {
            Some(self.0)
        }
    }

    #[test]
    fn a_form_is_used_only_with_its_activation_and_targets() {
        let used = |form, last, targets| logit_loss(&Always(form), last, targets, 3).is_some();
        let all = [Fusion::None, Fusion::Linear, Fusion::Relu, Fusion::Sigmoid, Fusion::Softmax];
        let after = |form, targets| all.map(|last| used(form, last, targets));
        let sigmoid = LogitLoss::Sigmoid { label_smoothing: 0.0 };
        let softmax = LogitLoss::Softmax { label_smoothing: 0.0 };
        assert_eq!(after(sigmoid, 3), [false, true, false, true, false]);
        assert_eq!(after(softmax, 3), [false, true, false, false, true]);
        assert_eq!(after(LogitLoss::SparseSoftmax, 1), [false, true, false, false, true]);
        for (form, targets) in [(sigmoid, 1), (softmax, 1), (LogitLoss::SparseSoftmax, 3)] {
            assert_eq!(after(form, targets), [false; 5]);
        }
    }

    #[test]
    fn the_value_alone_is_that_of_value_and_gradient() {
        let (stride, columns) = (32, 3);
        let z: Vec<f64> = (0..stride * columns).map(|i| ((i * 7) % 13) as f64 / 3.0 - 2.0).collect();
        let dense: Vec<f64> = (0..stride * columns).map(|i| f64::from(u8::from(i % 5 == 0))).collect();
        let classes: Vec<f64> = (0..stride).map(|i| (i % columns) as f64).collect();
        let scale = vec![0.5; stride];
        for (loss, y) in [
            (LogitLoss::Sigmoid { label_smoothing: 0.1 }, &dense),
            (LogitLoss::Softmax { label_smoothing: 0.1 }, &dense),
            (LogitLoss::SparseSoftmax, &classes),
        ] {
            let compute = |dz: Option<&mut [f64]>| {
                let (mut p, mut losses) = (vec![0.0; z.len()], vec![0.0; stride]);
                let (p_, losses_) = (p.as_mut_slice(), losses.as_mut_slice());
                logit_crossentropy::from_logits(
                    loss,
                    LogitLossOperands { z: &z, y, scale: &scale, p: p_, losses: losses_, dz, stride },
                );
                (p, losses)
            };
            let mut dz = vec![0.0; z.len()];
            let both = compute(Some(&mut dz));
            assert_eq!(compute(None), both, "{loss:?}");
            assert!(both.1.iter().all(|loss| *loss > 0.0) && dz.iter().any(|value| *value != 0.0));
        }
    }
}
