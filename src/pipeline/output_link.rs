//! Checks whether a model fits a target, and converts its outputs to probabilities.

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
    /// The outputs are the predictions.
    Identity,
    /// The outputs are logits, each of a separate probability.
    Sigmoid,
    /// The outputs are the logits of classes.
    Softmax,
}

/// The form in which the loss of a model takes the classes of a target.
pub(super) fn class_form<T: Scalar>(model: &Model<T>, target: &FittedTarget) -> Result<ClassForm> {
    let as_index = model.resolved_loss(1, target.outputs())?;
    Ok(match (target.task(), as_index.targets()) {
        (Task::Multiclass, Targets::Classes(_)) => ClassForm::Index,
        _ => ClassForm::OneHot,
    })
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
    let form = class_form(model, target)?;
    let targets = if form == ClassForm::Index { 1 } else { outputs };
    let loss = model.resolved_loss(targets, outputs)?;
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

/// Like [`fitting`], for a model that is about to be trained or was trained elsewhere: its predictions for classes must be
/// probabilities.
pub(super) fn trainable<T: Scalar>(model: &Model<T>, target: &FittedTarget) -> Result<(ClassForm, OutputLink)> {
    let (form, link) = fitting(model, target)?;
    let (network, task) = (model.network()?, target.task());
    // A last layer without an activation may yield anything, so it is not refused.
    if let (false, OutputLink::Identity, Some((layer, range))) = (task.is_regression(), link, network.output_range())
        && !range.is_probability()
    {
        let outputs = network.outputs();
        let targets = if form == ClassForm::Index { 1 } else { outputs };
        let loss = model.resolved_loss(targets, outputs)?.class_name();
        let value =
            format!("one in which {layer} yields numbers outside of [0, 1] that {loss} does not take for logits");
        return Err(Error::argument("Pipeline", "model", value, format!("{} for {task}", advice(target))));
    }
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

#[cfg(test)]
mod tests {
    use crate::Result;
    use crate::pipeline::FittedPipeline;
    use crate::prelude::*;

    /// A pipeline whose last layer has this activation, fitted to 1, 2 or 3 outputs.
    fn fitted(outputs: usize, activation: &str, loss: &str) -> Result<FittedPipeline> {
        let table = Table::new()
            .with_numbers("x", (0..30).map(f64::from))?
            .with_booleans("a", (0..30).map(|row| row % 2 == 0))?
            .with_booleans("b", (0..30).map(|row| row % 5 == 0))?
            .with_strings("class", (0..30).map(|row| ["u", "v", "w"][row % 3]))?;
        let target = match outputs {
            1 => Target::binary("a"),
            2 => Target::multilabel(["a", "b"]),
            _ => Target::multiclass("class"),
        };
        let model = Sequential::new().add(Dense::new(outputs, activation)).compile("adam", loss, ());
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["x"]);
        Pipeline::new(target).columns(columns).model(model).options(Fit::new().verbose(0)).seed(1).fit(&table)
    }

    #[test]
    fn outputs_outside_of_0_and_1_are_no_probabilities() {
        let fits = ["Dense::new(1, Sigmoid)", "Dense::new(2, Sigmoid)", "Dense::new(3, Softmax)"];
        for (outputs, fits) in (1..).zip(fits) {
            for activation in ["linear", "tanh", "relu"] {
                let error = fitted(outputs, activation, "mse").unwrap_err().to_string();
                assert!(error.contains("outside of [0, 1]") && error.contains(fits), "{activation}: {error}");
            }
            for activation in ["sigmoid", "hard_sigmoid"] {
                assert!(fitted(outputs, activation, "mse").is_ok(), "{activation} of {outputs}");
            }
        }
        assert!(fitted(3, "softmax", "mse").is_ok());
        // The loss divides by the sum, but predictions do not.
        let error = fitted(3, "softplus", "categorical_crossentropy").unwrap_err().to_string();
        assert!(error.contains("Dense::new(3, Softmax)"), "{error}");
    }
}
