//! Whether a model fits a target, and what makes probabilities of its outputs.

use super::fitted_target::ClassForm;
use super::{FittedTarget, Task};
use crate::losses::Targets;
use crate::models::warnings;
use crate::models::{AsMatrix, Warning};
use crate::outputs::Outputs;
use crate::{Error, Model, Result, Scalar};
use nalgebra::DMatrix;

/// The function that makes probabilities, or learned numbers, of a network's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputLink {
    /// The outputs are what is predicted.
    Identity,
    /// They are logits, each of its own probability.
    Sigmoid,
    /// They are the logits of classes.
    Softmax,
}

/// The form in which a loss takes the classes of a target, and the link of the outputs, of a model that was built.
pub(super) fn fitting<T: Scalar>(model: &Model<T>, target: &FittedTarget) -> Result<(ClassForm, OutputLink)> {
    let network = model.network()?;
    let task = target.task();
    if network.outputs() != target.outputs() {
        let advice = format!("{} fits", advice(target));
        return Err(Error::Outputs {
            what: "the target",
            expected: network.outputs(),
            found: target.outputs(),
            advice,
        });
    }
    let outputs = network.outputs();
    let as_index = model.resolved_loss(1, outputs)?;
    let form = match (task, as_index.targets()) {
        (Task::Multiclass, Targets::Classes(_)) => ClassForm::Index,
        _ => ClassForm::OneHot,
    };
    let loss = if form == ClassForm::Index { as_index } else { model.resolved_loss(outputs, outputs)? };
    let refuse = |reason: &str| {
        let value = format!("one of {}, {reason}", loss.class_name());
        Err(Error::argument("Pipeline", "model", value, format!("{} for {task}", advice(target))))
    };
    if let Some(warning @ (Warning::ActivatedTwice { .. } | Warning::NotProbabilities { .. })) =
        warnings::of_loss(network, &*loss)
    {
        return Err(Error::argument(
            "Pipeline",
            "model",
            format!("one where {warning}"),
            format!("{} for {task}", advice(target)),
        ));
    }
    let is_for_classes = matches!(loss.targets(), Targets::Classes(_));
    if is_for_classes && task != Task::Multiclass {
        return refuse("which takes the index of a class");
    }
    let link = match (task, loss.expects()) {
        (_, Outputs::Margins) if !task.is_regression() => return refuse("which predicts margins"),
        (Task::Multiclass, Outputs::Classes) => return refuse("which predicts scores and no probabilities"),
        (Task::Binary | Task::Multilabel, Outputs::Logits) => OutputLink::Sigmoid,
        (Task::Multiclass, Outputs::ClassLogits) => OutputLink::Softmax,
        (Task::Binary | Task::Multilabel, Outputs::Any | Outputs::Probabilities | Outputs::NotNegative) => {
            OutputLink::Identity
        }
        (Task::Multiclass, Outputs::Any | Outputs::ClassProbabilities | Outputs::NotNegative) => OutputLink::Identity,
        (Task::Regression | Task::MultiRegression, Outputs::Any | Outputs::NotNegative) => OutputLink::Identity,
        _ => return refuse("which is for another task"),
    };
    Ok((form, link))
}

/// The last layer and the loss that fit a target.
fn advice(target: &FittedTarget) -> String {
    let outputs = target.outputs();
    match target.task() {
        Task::Binary => "a last layer Dense::new(1, Sigmoid) with BinaryCrossentropy".into(),
        Task::Multiclass => format!("a last layer Dense::new({outputs}, Softmax) with CategoricalCrossentropy"),
        Task::Multilabel => format!("a last layer Dense::new({outputs}, Sigmoid) with BinaryCrossentropy"),
        Task::Regression | Task::MultiRegression => {
            format!("a last layer Dense::new({outputs}, Linear) with MeanSquaredError")
        }
    }
}

impl OutputLink {
    /// The mean over models of probabilities, or of numbers in the units of the columns.
    pub(super) fn mean<'m, T: Scalar>(
        self,
        target: &FittedTarget,
        members: impl ExactSizeIterator<Item = &'m Model<T>>,
        x: &impl AsMatrix<T>,
    ) -> Result<DMatrix<f64>> {
        let (count, mut sum) = (members.len(), None::<DMatrix<f64>>);
        for member in members {
            let values = target.decode(self.apply(&member.predict(x)?));
            match &mut sum {
                Some(sum) => *sum += values,
                None => sum = Some(values),
            }
        }
        let mut mean = sum.ok_or(Error::NotBuilt)?;
        if count > 1 {
            mean /= count as f64;
        }
        Ok(mean)
    }

    /// Outputs of a network as probabilities or learned numbers, in the precision that an activation of the network would give.
    pub(super) fn apply<T: Scalar>(self, outputs: &DMatrix<T>) -> DMatrix<f64> {
        let mut values = outputs.map(|value| value.to_f64());
        let rounded = |value: f64| T::of(value).to_f64();
        match self {
            OutputLink::Identity => {}
            OutputLink::Sigmoid => values.apply(|z| *z = rounded(1.0 / (1.0 + (-*z).exp()))),
            OutputLink::Softmax => {
                for mut row in values.row_iter_mut() {
                    let largest = row.max();
                    row.apply(|z| *z = (*z - largest).exp());
                    let sum = row.sum();
                    row.apply(|value| *value = rounded(*value / sum));
                }
            }
        }
        values
    }
}
