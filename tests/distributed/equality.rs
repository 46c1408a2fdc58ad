//! A fit over several ranks, compared with the same fit in one process.

use nalgebra::DMatrix;
use perceptra::batches::{BatchSource, Block, RowShape};
use perceptra::distributed::{Communicator, Distributed};
use perceptra::layers::{BatchNormalization, GaussianNoise};
use perceptra::losses::Reduction;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};
use std::time::Duration;

/// The rows of one rank in a step.
const BATCH: usize = 6;
/// The steps of an epoch.
const STEPS: usize = 10;

/// Rows of a table, with targets and weights.
struct Rows<T: Scalar> {
    x: DMatrix<T>,
    y: DMatrix<T>,
    weights: Vec<T>,
}

impl<T: Scalar> Rows<T> {
    /// Those of the steps of all ranks: in the last one some ranks have fewer, and some none.
    fn all(size: usize) -> Self {
        let count = (STEPS - 1) * size * BATCH + (size * BATCH) / 2 + 1;
        Rows::of((0..count).collect())
    }

    fn of(rows: Vec<usize>) -> Self {
        let value = |i: usize, j: usize| ((rows[i] * (7 + 4 * j) + 3 * j) % 23) as f64 / 23.0 - 0.4;
        let x = DMatrix::from_fn(rows.len(), 4, |i, j| T::of(value(i, j)));
        let y = DMatrix::from_fn(rows.len(), 1, |i, _| T::of(f64::from(u8::from(value(i, 0) > value(i, 2)))));
        let weights = rows.iter().map(|row| T::of(0.5 + (row % 4) as f64 / 4.0)).collect();
        Rows { x, y, weights }
    }

    /// Those of one rank, such that the ranks' rows of a step follow one another.
    fn local(size: usize, rank: usize) -> Self {
        let count = Rows::<T>::all(size).weights.len();
        Rows::of((0..count).filter(|row| row / BATCH % size == rank).collect())
    }
}

fn model<T: Scalar>(optimizer: &str, loss: Reduction) -> Model<T> {
    // A bias in front of the normalization has no gradient but rounding, which Adam would blow up to whole steps.
    let layers = Sequential::<T>::default()
        .add(Dense::new(9, Tanh).use_bias(false).kernel_regularizer(L2.l2(1e-3)))
        .add(BatchNormalization::new())
        .add(Dropout::new(0.3))
        .add(Dense::new(6, Tanh).activity_regularizer(L2.l2(1e-3)))
        .add(GaussianNoise::new(0.1))
        .add(Dense::new(1, Sigmoid))
        .seed(7);
    let loss = BinaryCrossentropy.reduction(loss);
    let metrics = || metrics![Accuracy, "auc", R2Score];
    match optimizer {
        "adam" => layers.compile(Adam.learning_rate(1e-3), loss, metrics()),
        "muon" => layers.compile(Muon.learning_rate(1e-3), loss, metrics()),
        _ => layers.compile(SGD.learning_rate(0.05).momentum(0.9).clipnorm(1.0), loss, metrics()),
    }
}

fn assert_close(found: impl IntoIterator<Item = f64>, expected: impl IntoIterator<Item = f64>, bound: f64, what: &str) {
    for (found, expected) in found.into_iter().zip(expected) {
        let equal =
            (found - expected).abs() <= bound * expected.abs().max(1.0) || (found.is_nan() && expected.is_nan());
        assert!(equal, "{what}: {found} {expected}");
    }
}

/// After two epochs of ten steps the ranks have the same parameters, losses and metrics as one process, up to this bound.
pub(crate) fn check<T: Scalar>(world: &impl Communicator, bound: f64) -> Result<()> {
    let (size, rank) = (world.size(), world.rank());
    let (all, mine) = (Rows::<T>::all(size), Rows::<T>::local(size, rank));
    for (optimizer, reduction) in [
        ("sgd", Reduction::SumOverBatchSize),
        ("adam", Reduction::SumOverBatchSize),
        ("muon", Reduction::SumOverBatchSize),
        ("adam", Reduction::MeanWithSampleWeight),
    ] {
        let fit = || Fit::new().epochs(2).shuffle(false).class_weight([(1, 1.5)]).verbose(0);
        let mut one = model::<T>(optimizer, reduction);
        let whole = fit().batch_size(size * BATCH).sample_weight(&all.weights).validation_data(&all.x, &all.y);
        let expected = one.fit(&all.x, &all.y, whole)?;
        assert_eq!(one.iterations(), 2 * STEPS as u64);

        // The initial weights are those of rank 0.
        let mut many = model::<T>(optimizer, reduction);
        many.build(4)?;
        if rank > 0 {
            many.set_weights("dense_2", &[DMatrix::from_element(6, 1, T::of(9.0)), DMatrix::zeros(1, 1)])?;
        }
        let part = fit().batch_size(BATCH).sample_weight(&mine.weights).validation_data(&mine.x, &mine.y);
        let found = many.fit(&mine.x, &mine.y, part.distributed(world))?;
        assert_eq!(many.iterations(), 2 * STEPS as u64);

        let what = format!("{optimizer} on rank {rank} of {size}");
        let numbers = |values: &[T]| values.iter().map(|value| value.to_f64()).collect::<Vec<_>>();
        let of = |model: &Model<T>| -> Result<Vec<f64>> {
            Ok([numbers(model.network()?.flat_weights()), numbers(model.network()?.flat_state())].concat())
        };
        assert_close(of(&many)?, of(&one)?, bound, &what);
        assert_eq!(found.steps(), expected.steps());
        assert_eq!(found.names().collect::<Vec<_>>(), expected.names().collect::<Vec<_>>());
        for name in expected.names() {
            // The penalty of outputs is a mean over batches, of which each rank has others in a validation.
            let bound = if name == "val_loss" { 1e-3 } else { 20.0 * bound };
            let [found, expected] = [&found, &expected].map(|history| history.get(name).unwrap_or_default().to_vec());
            assert_close(found, expected, bound, &format!("{name}, {what}"));
        }
    }
    Ok(())
}

/// The bits of the weights after a fit in which one rank is late before every epoch.
pub(crate) fn delayed<T: Scalar>(world: &impl Communicator, late: usize) -> Result<Vec<u64>> {
    let mine = Rows::<T>::local(world.size(), world.rank());
    let mut many = model::<T>("adam", Reduction::SumOverBatchSize);
    let fit = Fit::new().batch_size(BATCH).epochs(3).distributed(world).verbose(0);
    if world.rank() == late {
        std::thread::sleep(Duration::from_millis(20));
    }
    many.fit(&mine.x, &mine.y, fit)?;
    Ok(many.network()?.flat_weights().iter().map(|weight| weight.to_f64().to_bits()).collect())
}

/// With averaging, all ranks have the same model too, and it learns; with a single rank it is that of a fit in one process.
pub(crate) fn averaged(world: &impl Communicator) -> Result<()> {
    let mine = Rows::<f32>::local(world.size(), world.rank());
    for (every, after) in [(1, 0), (4, 0), (7, 3)] {
        let over = Distributed::over(world).average_every(every).after_epochs(after);
        let fit = || Fit::new().batch_size(BATCH).epochs(8).verbose(0);
        let mut many = model::<f32>("sgd", Reduction::SumOverBatchSize);
        let history = many.fit(&mine.x, &mine.y, fit().distributed(over))?;
        let losses = history.get("loss").unwrap_or_default();
        assert!(losses[7] < 0.8 * losses[0], "{losses:?}");
        let weights = many.network()?.flat_weights();
        let mut sums: Vec<f64> = weights.iter().map(|weight| f64::from(*weight)).collect();
        world.sum_f64(&mut sums)?;
        let all_alike = sums.iter().zip(weights).all(|(sum, weight)| *sum == f64::from(*weight) * world.size() as f64);
        assert!(all_alike, "every {every}");
        if world.size() == 1 && after == 0 {
            let mut one = model::<f32>("sgd", Reduction::SumOverBatchSize);
            one.fit(&mine.x, &mine.y, fit())?;
            assert_eq!(one.network()?.flat_weights(), weights);
        }
    }
    Ok(())
}

/// Rows in blocks, with a known or unknown number.
struct Source {
    rows: Rows<f32>,
    next: usize,
    known: bool,
}

impl BatchSource<f32> for Source {
    fn shape(&self) -> RowShape {
        RowShape::new(4, 1).weighted(true)
    }

    fn rows(&self) -> Option<usize> {
        self.known.then_some(self.rows.weights.len())
    }

    fn rewind(&mut self) -> Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next_block(&mut self, block: &mut Block<f32>) -> Result<bool> {
        let end = (self.next + 5).min(self.rows.weights.len());
        for row in self.next..end {
            let x: Vec<f32> = self.rows.x.row(row).iter().copied().collect();
            block.push(&x, &[self.rows.y[(row, 0)]], self.rows.weights[row])?;
        }
        self.next = end;
        Ok(block.rows() > 0)
    }
}

/// Blocks give the bits of matrices.
pub(crate) fn blocks(world: &impl Communicator) -> Result<()> {
    let local = || Rows::<f32>::local(world.size(), world.rank());
    let mine = local();
    let fit = || Fit::new().batch_size(BATCH).epochs(3).shuffle(false).distributed(world).verbose(0);
    let mut of_matrices = model::<f32>("adam", Reduction::SumOverBatchSize);
    let expected = of_matrices.fit(&mine.x, &mine.y, fit().sample_weight(&mine.weights))?;
    for known in [true, false] {
        let mut of_blocks = model::<f32>("adam", Reduction::SumOverBatchSize);
        let found = of_blocks.fit_batches(&mut Source { rows: local(), next: 0, known }, fit())?;
        assert_eq!(of_blocks.network()?.flat_weights(), of_matrices.network()?.flat_weights());
        assert_eq!(found, expected);
    }
    Ok(())
}
