//! One network to try.

use perceptra::prelude::*;

/// The optimizers that are compared.
pub(super) const OPTIMIZERS: [&str; 4] = ["adam", "rmsprop", "nadam", "sgd"];

/// The choices about a network: every hidden layer with its units and activation, the optimizer, the epochs.
#[derive(Clone, PartialEq)]
pub(crate) struct Candidate {
    pub hidden: Vec<(usize, &'static str)>,
    pub optimizer: &'static str,
    pub epochs: usize,
}

impl Candidate {
    /// Hidden layers of these units, all with relu.
    pub(crate) fn relu(hidden: impl IntoIterator<Item = usize>) -> Candidate {
        let hidden = hidden.into_iter().map(|units| (units, "relu")).collect();
        Candidate { hidden, optimizer: "adam", epochs: 10 }
    }

    /// The hidden layers, as `12 relu, 6 tanh` or `2 × 12 relu`.
    fn layers(&self) -> String {
        let layer = |(units, activation): &(usize, &str)| format!("{units} {activation}");
        match self.hidden.as_slice() {
            [] => "no hidden layer".into(),
            [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|one| one == first) => {
                format!("{} × {}", self.hidden.len(), layer(first))
            }
            layers => layers.iter().map(layer).collect::<Vec<_>>().join(", "),
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}; {}; {} epochs", self.layers(), self.optimizer, self.epochs)
    }

    pub(crate) fn build(&self, seed: u64) -> Model {
        let mut layers = Sequential::new().seed(seed);
        for &(units, activation) in &self.hidden {
            layers = layers.add(Dense::new(units, activation));
        }
        layers.add(Dense::new(1, Sigmoid)).compile(
            self.optimizer,
            BinaryCrossentropy,
            metrics![Accuracy, Recall, Precision],
        )
    }
}
