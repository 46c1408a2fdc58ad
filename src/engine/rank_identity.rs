//! Checks that the model, the options and the program are the same on all ranks of a distributed fit.

use super::fit_loop::FitLoop;
use super::ranks::{agree, broadcast};
use crate::distributed::Communicator;
use crate::items::Spec;
use crate::kernels::Level;
use crate::{Error, Result, Scalar};

/// The compared values: the name of each in a message, and its value as text.
pub(crate) type Compared = Vec<(String, String)>;

/// The properties of the program that have to be the same on all ranks.
pub(crate) fn program<T: Scalar>() -> Compared {
    let program = [
        ("the crate's version", env!("CARGO_PKG_VERSION").to_string()),
        ("the element type", T::DTYPE.name().into()),
        ("the vector instructions", format!("{:?}", Level::current())),
    ];
    program.map(|(name, value)| (name.to_string(), value)).into()
}

/// Returns an error if a rank differs from rank 0 in a compared value; `item` names what the ranks run.
pub(crate) fn refuse_difference(communicator: &dyn Communicator, item: &str, mine: &Compared) -> Result<()> {
    let first = broadcast(communicator, 0, mine)?;
    let differs = |((name, found), (_, expected)): (&(String, String), &(String, String))| {
        (found != expected).then(|| {
            let cure = match name.as_str() {
                "the crate's version" => "run the same program on every rank",
                "the vector instructions" => "set PERCEPTRA_SIMD to the same lower level on every rank",
                "the table" => "pass the same rows on every rank",
                _ => "build the same model and give the same options on every rank",
            };
            let [found, expected] = [found, expected].map(|text| crate::error::shortened(text));
            let value = format!("other than on rank 0 in {name}: {found}");
            Error::argument(item, "distributed", value, format!("{expected}, as there; {cure}"))
        })
    };
    let result = match mine.iter().zip(&first).find_map(differs) {
        Some(error) => Err(error),
        None if mine.len() != first.len() => {
            let value = format!("{} layers and options, other than on rank 0", mine.len());
            Err(Error::argument(item, "distributed", value, "the same model on every rank"))
        }
        None => Ok(()),
    };
    agree(communicator, result)
}

/// An item with its arguments; only the name if it has no configuration, for example if it is made of a closure.
fn described(item: &(impl Spec + ?Sized)) -> String {
    match item.config() {
        Ok(config) => format!("{} {config}", item.class_name()),
        Err(_) => item.class_name(),
    }
}

impl<T: Scalar> FitLoop<'_, '_, '_, T> {
    /// Returns an error if a rank's fit differs from that of rank 0.
    pub(super) fn compare(&self, communicator: &dyn Communicator, averages: (Option<usize>, usize)) -> Result<()> {
        refuse_difference(communicator, "Fit", &self.identity(averages)?)
    }

    fn identity(&self, (every, after): (Option<usize>, usize)) -> Result<Compared> {
        let options = &self.options;
        let mut identity = vec![
            ("the number of features", self.network.inputs().to_string()),
            ("the number of layers", self.network.nodes.len().to_string()),
        ];
        for node in &self.network.nodes {
            identity
                .push(("a layer", format!("{} {}, trained: {}", node.name, described(&*node.layer), node.trainable)));
        }
        identity.push(("the optimizer", described(&**self.optimizer_state.optimizer())));
        identity.push(("the loss", described(self.step.loss.loss())));
        for metric in self.measures.metrics {
            identity.push(("a metric", described(&*metric.get()?)));
        }
        for metric in self.measures.weighted_metrics {
            identity.push(("a weighted metric", described(&*metric.get()?)));
        }
        let of_options = [
            ("epochs", options.epochs.to_string()),
            ("initial_epoch", options.initial_epoch.to_string()),
            ("steps_per_epoch", format!("{:?}", options.steps_per_epoch)),
            ("validation_freq", options.validation_freq.to_string()),
            ("whether there is validation data", self.validation.is_some().to_string()),
            ("whether rows come in blocks", self.source.is_some().to_string()),
            ("average_every", format!("{every:?}")),
            ("after_epochs", after.to_string()),
        ];
        identity.extend(of_options);
        let of_fit = identity.into_iter().map(|(name, value)| (name.to_string(), value));
        Ok(program::<T>().into_iter().chain(of_fit).collect())
    }
}
