//! Encodes the rows of a fit as matrices and trains the members of the ensemble on them.

use super::FittedTarget;
use super::fitted_target::ClassForm;
use super::output_link;
use super::validation_parts::ValidationParts;
use crate::engine::{ResumableFit, Samples, SharedSamples};
use crate::kernels::strided_view::StridedView;
use crate::models::{Fit, FitOptions, Verbosity};
use crate::preprocessing::{FittedColumnTransformer, SelectedRows, Table};
use crate::random::{Purpose, stream};
use crate::{Error, Model, Result, Scalar, num_threads};
use nalgebra::{DMatrix, DMatrixView, Dyn};
use rand::Rng;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Everything a fit needs in addition to the model: fitted transformers, fitted target and encoded rows.
pub(super) struct Prepared<T: Scalar> {
    pub(super) columns: FittedColumnTransformer,
    pub(super) target: FittedTarget,
    pub(super) train: PreparedRows<T>,
    pub(super) validation: Validation<T>,
    /// For each feature 1 (may only raise the prediction), −1 (may only lower it) or 0 (unconstrained); empty if no column is
    /// monotone.
    pub(super) signs: Vec<i64>,
}

/// The validation rows of a fit.
pub(super) enum Validation<T: Scalar> {
    Absent,
    /// One set of encoded validation rows for all members.
    Shared(PreparedRows<T>),
    /// A different part of the training rows for each member.
    PerMember(ValidationParts),
}

/// Rows for training or for validation, encoded once for all members.
#[derive(Clone)]
pub(super) struct PreparedRows<T: Scalar> {
    /// The rows with the targets in the form below, and the weights.
    samples: Arc<Samples<T>>,
    form: ClassForm,
    weights: Option<Vec<T>>,
    /// The columns of the target.
    pub(super) rows: SelectedRows,
}

/// The parts of [`PreparedRows`] other than the columns of features.
pub(super) struct RowTargets<T: Scalar> {
    pub(super) y: DMatrix<T>,
    pub(super) form: ClassForm,
    pub(super) weights: Option<Vec<T>>,
    /// The columns of the target.
    pub(super) rows: SelectedRows,
}

/// The model and the options that a member is trained with.
pub(super) struct MemberPlan<T: Scalar> {
    pub(super) model: Model<T>,
    pub(super) options: FitOptions<T>,
}

/// The facts that determine the default network.
#[derive(Debug, Clone, Copy)]
pub(super) struct FitFacts<'a> {
    /// The number of training rows of a member.
    pub(super) training_rows: usize,
    /// The number of processes among which a step is divided.
    pub(super) ranks: usize,
    pub(super) has_validation: bool,
    pub(super) target: &'a FittedTarget,
    /// The settings of [`Prepared`].
    pub(super) signs: &'a [i64],
}

/// The training and validation rows of one member.
struct MemberRows<'a, T: Scalar> {
    train: Cow<'a, PreparedRows<T>>,
    validation: Option<Cow<'a, PreparedRows<T>>>,
}

impl<T: Scalar> PreparedRows<T> {
    /// Encodes the features of rows; `made` are the transformers' outputs for the rows of the fit.
    pub(super) fn encode(
        columns: &FittedColumnTransformer,
        features: &SelectedRows,
        made: &[Option<Table>],
        RowTargets { y, form, weights, rows }: RowTargets<T>,
    ) -> Result<Self> {
        let mut samples = Samples::zeros(features.nrows(), (columns.width(), y.ncols(), weights.is_some()))?;
        samples.write_targets(0, &StridedView::new(y.as_view()), weights.as_deref());
        drop(y);
        columns.each_block::<T>(features, made, &mut |first, block| {
            samples.write_features(first, &StridedView::new(block.as_view()));
            Ok(())
        })?;
        Ok(PreparedRows { samples: Arc::new(samples), form, weights, rows })
    }

    /// Returns the rows at these indices.
    pub(super) fn take(&self, rows: Vec<usize>) -> Result<Self> {
        Ok(PreparedRows {
            samples: Arc::new(self.samples.take(&rows)?),
            form: self.form,
            weights: self.weights.as_ref().map(|weights| rows.iter().map(|&row| weights[row]).collect()),
            rows: self.rows.take(rows),
        })
    }

    /// Returns the encoded features, rows × features.
    pub(super) fn x(&self) -> DMatrixView<'_, T, Dyn, Dyn> {
        self.samples.x().matrix()
    }
}

impl<T: Scalar> Prepared<T> {
    /// Returns the number of training rows of a member.
    fn training_rows(&self) -> usize {
        match &self.validation {
            Validation::PerMember(parts) => parts.training_rows(),
            Validation::Absent | Validation::Shared(_) => self.train.samples.rows(),
        }
    }

    fn member_rows(&self, member: usize) -> Result<MemberRows<'_, T>> {
        let train = Cow::Borrowed(&self.train);
        Ok(match &self.validation {
            Validation::Absent => MemberRows { train, validation: None },
            Validation::Shared(rows) => MemberRows { train, validation: Some(Cow::Borrowed(rows)) },
            Validation::PerMember(parts) => {
                let (train, validation) = parts.split(member);
                let taken = |rows: Vec<usize>| self.train.take(rows).map(Cow::Owned);
                MemberRows { train: taken(train)?, validation: Some(taken(validation)?) }
            }
        })
    }

    /// Builds and trains one member.
    fn member(&self, plan: &MemberPlan<T>, seed: u64, member: usize, quiet: bool) -> Result<Model<T>> {
        let mut model = self.build_member(&plan.model, seed, member)?;
        self.fit_member(&mut model, member, &plan.options, quiet, None)?;
        Ok(model)
    }

    /// Builds an untrained member, seeded by its index.
    pub(super) fn build_member(&self, model: &Model<T>, seed: u64, member: usize) -> Result<Model<T>> {
        build_member(model, (self.columns.width(), &self.signs), seed, member)
    }

    /// The facts that determine the default network.
    pub(super) fn facts(&self) -> FitFacts<'_> {
        FitFacts {
            training_rows: self.training_rows(),
            ranks: 1,
            has_validation: !matches!(self.validation, Validation::Absent),
            target: &self.target,
            signs: &self.signs,
        }
    }

    /// Trains a built member, entirely or up to the end of this part of a resumable fit; errors refer to rows of the original table.
    pub(super) fn fit_member(
        &self,
        model: &mut Model<T>,
        member: usize,
        options: &FitOptions<T>,
        quiet: bool,
        resumable: Option<&mut ResumableFit<T>>,
    ) -> Result<()> {
        let rows = self.member_rows(member)?;
        self.fit_on_rows(model, &rows, options, quiet, resumable).map_err(|error| match (&rows.validation, &error) {
            (
                Some(part),
                Error::NotFinite { what, .. } | Error::Input { what, .. } | Error::SampleWeight { what, .. },
                // The engine calls them "validation x", "validation y" and "validation_weights".
            ) if what.starts_with("validation") => part.rows.about_rows(error),
            _ => rows.train.rows.about_rows(error),
        })
    }

    fn fit_on_rows(
        &self,
        model: &mut Model<T>,
        MemberRows { train, validation }: &MemberRows<'_, T>,
        options: &FitOptions<T>,
        quiet: bool,
        resumable: Option<&mut ResumableFit<T>>,
    ) -> Result<()> {
        let (form, _) = output_link::trainable(model, &self.target)?;
        let has_form = |part: &PreparedRows<T>| part.form == form;
        let other_form = |part: &PreparedRows<T>| match has_form(part) {
            true => Ok(None),
            false => self.target.encode::<T>(&part.rows.table(), form).map(Some),
        };
        let validation = validation.as_deref();
        let (y, validation_y) = (other_form(train)?, validation.map(other_form).transpose()?.flatten());
        let mut options = options.clone();
        // The validation rows are passed explicitly.
        options.settings.validation_split = 0.0;
        let mut fit = Fit::from(options).shared(SharedSamples {
            train: has_form(train).then_some(&train.samples),
            validation: validation.filter(|part| has_form(part)).map(|part| &part.samples),
        });
        if quiet {
            fit = fit.verbose(Verbosity::Silent);
        }
        if let Some(weights) = &train.weights {
            fit = fit.sample_weight(weights);
        }
        if let Some(part) = validation {
            fit = fit.validation_views(part.samples.x(), targets(part, &validation_y));
            if let Some(weights) = &part.weights {
                fit = fit.validation_weights(weights);
            }
        }
        if let Some(resumable) = resumable {
            fit = fit.part(resumable);
        }
        T::train(model, train.samples.x(), targets(train, &y), fit)?;
        if !self.signs.is_empty() {
            // As in Keras, the moving average is taken before the projection, so averaged weights may violate the constraints.
            model.network_mut()?.constrain();
        }
        Ok(())
    }
}

/// Returns these targets, or those of the rows if there are none.
fn targets<'a, T: Scalar>(rows: &'a PreparedRows<T>, other: &'a Option<DMatrix<T>>) -> StridedView<'a, T> {
    match other {
        Some(y) => StridedView::new(y.as_view()),
        None => rows.samples.y(),
    }
}

/// Builds an untrained member of a model for features of these signs, seeded by its index.
pub(super) fn build_member<T: Scalar>(
    model: &Model<T>,
    (width, signs): (usize, &[i64]),
    seed: u64,
    member: usize,
) -> Result<Model<T>> {
    let seed = stream(seed, Purpose::Member, member as u64).next_u64();
    let mut model = model.clone().seeded(seed);
    let network = model.build(width)?;
    if !signs.is_empty() {
        network.constrain();
    }
    Ok(model)
}

/// Returns the lowest finite validation loss in the model's history.
pub(super) fn best_validation_loss<T: Scalar>(model: &Model<T>) -> Option<f64> {
    let history = model.history();
    let losses = history.get("val_loss")?;
    losses.iter().copied().filter(|loss| loss.is_finite()).reduce(f64::min)
}

/// Trains the members with these indices, in parallel if there is more than one thread.
pub(super) fn train<T: Scalar>(
    prepared: &Prepared<T>,
    plan: &MemberPlan<T>,
    seed: u64,
    members: Range<usize>,
) -> Result<Vec<Model<T>>> {
    train_pairs(prepared, seed, &members.map(|member| (plan, member)).collect::<Vec<_>>())
}

/// Trains one member for each pair of a plan and an index; results are in the order of the pairs.
pub(super) fn train_pairs<T: Scalar>(
    prepared: &Prepared<T>,
    seed: u64,
    members: &[(&MemberPlan<T>, usize)],
) -> Result<Vec<Model<T>>> {
    // Progress displays of parallel members would interleave.
    let quiet = members.len() > 1;
    let one = |&(plan, member): &(&MemberPlan<T>, usize)| prepared.member(plan, seed, member, quiet);
    match num_threads() > 1 && members.len() > 1 {
        true => members.par_iter().with_max_len(1).map(one).collect(),
        false => members.iter().map(one).collect(),
    }
}
