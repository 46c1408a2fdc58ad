//! The data that one call of `fit` borrows, and its split into training and validation data.

use super::argument_names::ArgumentNames;
use super::block_reader::OpenSource;
use super::callback::Callback;
use super::checks::{argument, sample_weights};
use super::fit_settings::FitSettings;
use super::resumable_fit::ResumableFit;
use super::samples::Samples;
use crate::error::counted;
use crate::kernels::strided_view::StridedView;
use crate::{Result, Scalar};
use std::sync::Arc;

/// Samples, targets, weights and callbacks that one call of `fit` borrows.
pub(crate) struct FitInputs<'a, T: Scalar> {
    pub(crate) x: StridedView<'a, T>,
    pub(crate) y: StridedView<'a, T>,
    pub(crate) validation_data: Option<(StridedView<'a, T>, StridedView<'a, T>)>,
    pub(crate) validation_weights: Option<&'a [T]>,
    pub(crate) sample_weight: Option<&'a [T]>,
    /// Existing records of `x`, `y` and `sample_weight` and of the validation data, which are used instead of copies.
    pub(crate) shared: SharedSamples<'a, T>,
    pub(crate) callbacks: Vec<Box<dyn Callback<T> + 'a>>,
    /// The state of a fit in several parts and the end of this part.
    pub(crate) resumable: Option<&'a mut ResumableFit<T>>,
}

/// Records of samples that several fits use.
#[derive(Clone, Copy)]
pub(crate) struct SharedSamples<'a, T: Scalar> {
    pub(crate) train: Option<&'a Arc<Samples<T>>>,
    pub(crate) validation: Option<&'a Arc<Samples<T>>>,
}

/// Samples and targets, and their weights.
pub(crate) type ValidationMatrices<'a, T> = ((StridedView<'a, T>, StridedView<'a, T>), Option<&'a [T]>);

/// The source and the callbacks that one call of `fit_batches` borrows.
pub(crate) struct SourceInputs<'a, 'r, T: Scalar> {
    pub(crate) source: OpenSource<'r, T>,
    pub(crate) validation_source: Option<OpenSource<'r, T>>,
    pub(crate) validation_data: Option<ValidationMatrices<'a, T>>,
    pub(crate) callbacks: Vec<Box<dyn Callback<T> + 'a>>,
}

/// The validation data.
pub(super) struct ValidationSet<'a, T: Scalar> {
    pub(super) x: StridedView<'a, T>,
    pub(super) y: StridedView<'a, T>,
    pub(super) weights: Option<&'a [T]>,
    pub(super) shared: Option<&'a Arc<Samples<T>>>,
    /// The row of the first validation sample in the caller's data.
    pub(super) first: usize,
    /// The names of the arguments in messages.
    pub(super) names: ArgumentNames,
}

impl<'a, T: Scalar> FitInputs<'a, T> {
    /// Checks that sample weights are given together with the samples they belong to.
    pub(crate) fn check(&self) -> Result<()> {
        if let (Some(weights), None) = (self.validation_weights, &self.validation_data) {
            let expected = "them together with .validation_data(…), whose samples they weigh; those of a validation_split \
                            take their weights from .sample_weight(…)";
            return Err(argument("Fit", "validation_weights", counted(weights.len(), "number"), expected));
        }
        Ok(())
    }

    /// The number of samples to train on, and the validation data.
    pub(super) fn split(&self, options: &FitSettings) -> Result<(usize, Option<ValidationSet<'a, T>>)> {
        let (x, y) = (&self.x, &self.y);
        if let Some((given_x, given_y)) = self.validation_data {
            let (weights, names) = (self.validation_weights, ArgumentNames::VALIDATION);
            let shared = self.shared.validation;
            return Ok((x.rows, Some(ValidationSet { x: given_x, y: given_y, weights, shared, first: 0, names })));
        }
        if options.validation_split == 0.0 || x.rows == 0 {
            return Ok((x.rows, None));
        }
        let kept = (x.rows as f64 * (1.0 - options.validation_split)).floor() as usize;
        if kept == 0 || kept == x.rows {
            let expected = format!("a fraction that leaves at least one sample of {} on each side", x.rows);
            return Err(argument("Fit", "validation_split", options.validation_split, &expected));
        }
        let rest = x.rows - kept;
        let weights = self.sample_weight.and_then(|weights| weights.get(kept..));
        let (x, y) = (x.skip_rows(kept, rest), y.skip_rows(kept, rest));
        let names = ArgumentNames { x: "x", y: "y", weights: "sample_weight" };
        Ok((kept, Some(ValidationSet { x, y, weights, shared: None, first: kept, names })))
    }

    /// The weights of the first `kept` samples: the sample's weight times that of its class.
    pub(super) fn weights(&self, options: &FitSettings, kept: usize) -> Result<Option<Vec<T>>> {
        let given = match self.sample_weight {
            // With a validation split, the last weights belong to the validation data.
            Some(weights) if options.validation_split > 0.0 && self.validation_data.is_none() => {
                Some(weights.get(..kept).unwrap_or(weights))
            }
            other => other,
        };
        let mut weights = sample_weights("sample_weight", given, ("x", kept))?;
        if !options.class_weight.0.is_empty() {
            let weights = weights.get_or_insert_with(|| vec![T::one(); kept]);
            weigh_classes(weights, &self.y, &options.class_weight.0);
        }
        Ok(weights)
    }
}

/// Multiplies the weight of each sample by that of its class.
pub(super) fn weigh_classes<T: Scalar>(weights: &mut [T], y: &StridedView<'_, T>, class_weight: &[(usize, f64)]) {
    if class_weight.is_empty() {
        return;
    }
    for (row, weight) in weights.iter_mut().enumerate() {
        let class = class(y, row);
        if let Some((_, factor)) = class_weight.iter().find(|(named, _)| class == Some(*named)) {
            *weight *= T::of(*factor);
        }
    }
}

/// The class of a sample: its only target, rounded as in Keras, or the column of its largest target.
///
/// A target below 0, such as the class that a loss ignores, has no class.
fn class<T: Scalar>(y: &StridedView<'_, T>, row: usize) -> Option<usize> {
    if y.columns == 1 {
        let class = y.at(row, 0).to_f64().round_ties_even();
        return (class >= 0.0).then_some(class as usize);
    }
    let mut best = 0;
    for column in 1..y.columns {
        if y.at(row, column) > y.at(row, best) {
            best = column;
        }
    }
    Some(best)
}
