//! The networks of a pipeline without a model: a learned factor for each feature and two layers of 64 units, whose activation is
//! chosen by validation.
//!
//! | | |
//! |---|---|
//! | scaling | [`Scaling`] of the features (not in a monotone network) |
//! | hidden layers | 64 and 64 units, each with dropout of 0.15 |
//! | activation | relu, selu or mish (not in a monotone network): the one whose first member has the least validation loss |
//! | validation | a tenth of the rows, where the columns are the default's too other rows for each member |
//! | optimizer | AdamW, learning rate 0.005 along half a cosine, weight decay 0.01 without biases |
//! | batch size | 64 below 3,000 training rows, 128 below 8,192, else 256 |
//! | epochs | 100, stopped after 25 without a lower validation loss, the best weights restored |
//! | members | 5 |
//!
//! Without rows for validation the activation is relu, and there are 40 epochs.

use super::prepared::{FitFacts, MemberPlan, best_validation_loss};
use super::{FittedTarget, Pipeline, Task, monotone};
use crate::activations::{Linear, Mish, Relu, Selu, Sigmoid, Softmax};
use crate::callbacks::EarlyStopping;
use crate::initializers::{HeNormal, LecunNormal};
use crate::layers::{Dense, Dropout, Scaling};
use crate::lists::try_map;
use crate::losses::{BinaryCrossentropy, CategoricalCrossentropy, MeanSquaredError};
use crate::models::{Fit, FitOptions, Sequential};
use crate::optimizers::AdamW;
use crate::optimizers::schedules::CosineDecay;
use crate::{Error, Model, Result, Scalar};

/// The fraction of the rows for validation.
pub(super) const VALIDATION: f64 = 0.1;

/// The number of networks.
pub(super) const MEMBERS: usize = 5;

/// The units of the hidden layers.
pub(super) const UNITS: [usize; 2] = [64, 64];

/// The fraction of the hidden units that dropout sets to 0.
pub(super) const DROPOUT: f64 = 0.15;

const LEARNING_RATE: f64 = 0.005;
const EPOCHS: usize = 100;
const EPOCHS_WITHOUT_VALIDATION: usize = 40;
const PATIENCE: usize = 25;

/// The activations of the candidates, in the order in which equal ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Candidate {
    Relu,
    Selu,
    Mish,
}

/// The samples of a step.
pub(super) fn batch_size(rows: usize) -> usize {
    match rows {
        0..3000 => 64,
        3000..8192 => 128,
        _ => 256,
    }
}

/// Trains one member for each pair of a plan and an index; results are in the order of the pairs.
pub(super) type TrainPairs<'a, T> = &'a mut dyn FnMut(&[(&MemberPlan<T>, usize)]) -> Result<Vec<Model<T>>>;

/// Trains the members: the first one by each candidate, and the others by the best candidate.
pub(super) fn train<T: Scalar>(
    pipeline: &Pipeline<T>,
    facts: FitFacts<'_>,
    given: FitOptions<T>,
    train_pairs: TrainPairs<'_, T>,
) -> Result<Vec<Model<T>>> {
    let FitFacts { training_rows: rows, ranks, has_validation, .. } = facts;
    let epochs = if has_validation { EPOCHS } else { EPOCHS_WITHOUT_VALIDATION };
    let options = match pipeline.options {
        Some(_) => given,
        None => options::<T>((rows, ranks), epochs, has_validation)?,
    };
    let is_monotone = !pipeline.monotone.is_empty();
    let steps = options.settings.epochs * rows.div_ceil(options.settings.batch_size * ranks);
    let plan = |candidate: &Candidate| {
        let model = monotone::constrained(network(*candidate, facts.target, is_monotone, steps), facts.signs)?;
        Ok::<_, Error>(MemberPlan { model, options: options.clone() })
    };
    let members = pipeline.members.unwrap_or(MEMBERS);
    if !has_validation {
        let plan = plan(&Candidate::Relu)?;
        return train_pairs(&(0..members).map(|member| (&plan, member)).collect::<Vec<_>>());
    }
    let candidates: &[Candidate] = match is_monotone {
        // Mish falls below −1.2.
        true => &[Candidate::Relu, Candidate::Selu],
        false => &[Candidate::Relu, Candidate::Selu, Candidate::Mish],
    };
    let plans = try_map(candidates.iter(), plan)?;
    let first: Vec<(&MemberPlan<T>, usize)> = plans.iter().map(|plan| (plan, 0)).collect();
    let mut trained = train_pairs(&first)?;
    let losses = trained.iter().map(|model| best_validation_loss(model).unwrap_or(f64::INFINITY));
    let best = losses.enumerate().fold(
        (0, f64::INFINITY),
        |best, (index, loss)| {
            if loss < best.1 { (index, loss) } else { best }
        },
    );
    let mut chosen = vec![trained.swap_remove(best.0)];
    chosen.extend(train_pairs(&(1..members).map(|member| (&plans[best.0], member)).collect::<Vec<_>>())?);
    Ok(chosen)
}

fn options<T: Scalar>((rows, ranks): (usize, usize), epochs: usize, has_validation: bool) -> Result<FitOptions<T>> {
    let fit = Fit::new().batch_size(batch_size(rows).div_ceil(ranks)).epochs(epochs).verbose(0);
    match has_validation {
        true => {
            let stopping = EarlyStopping::new().patience(PATIENCE).restore_best_weights(true);
            fit.validation_batch_size(1024).callback(stopping).options()
        }
        false => fit.options(),
    }
}

fn network<T: Scalar>(candidate: Candidate, target: &FittedTarget, is_monotone: bool, steps: usize) -> Model<T> {
    let hidden = |units| match candidate {
        Candidate::Relu => Dense::new(units, Relu).kernel_initializer(HeNormal),
        Candidate::Selu => Dense::new(units, Selu).kernel_initializer(LecunNormal),
        Candidate::Mish => Dense::new(units, Mish).kernel_initializer(HeNormal),
    };
    let input = match is_monotone {
        true => Sequential::<T>::default(),
        false => Sequential::<T>::default().add(Scaling::new()),
    };
    let layers = UNITS.into_iter().fold(input, |layers, units| layers.add(hidden(units)).add(Dropout::new(DROPOUT)));
    let adam = AdamW
        .learning_rate(CosineDecay::new(LEARNING_RATE, steps.max(1)))
        .weight_decay(0.01)
        .exclude_from_weight_decay(["bias"]);
    let outputs = target.outputs();
    match target.task() {
        Task::Binary | Task::Multilabel => {
            layers.add(Dense::new(outputs, Sigmoid)).compile(adam, BinaryCrossentropy, ())
        }
        Task::Multiclass => layers.add(Dense::new(outputs, Softmax)).compile(adam, CategoricalCrossentropy, ()),
        Task::Regression | Task::MultiRegression => {
            layers.add(Dense::new(outputs, Linear)).compile(adam, MeanSquaredError, ())
        }
    }
}
