//! Step 2: build the network.

use crate::text::paragraph;
use perceptra::Result;
use perceptra::prelude::*;

/// The network: two hidden layers of twelve units, and one probability.
pub(crate) fn build(seed: u64) -> Model {
    Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .seed(seed)
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision])
}

/// The same network, built layer by layer.
pub(crate) fn build_in_steps(seed: u64) -> Model {
    let mut ann = Sequential::new().seed(seed);
    ann = ann.add(Dense::new(12, Relu));
    ann = ann.add(Dense::new(12, Relu));
    ann = ann.add(Dense::new(1, Sigmoid));
    ann.compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision])
}

/// The layers as a table, once the number of inputs is known.
pub(crate) fn summarize(ann: &mut Model, inputs: usize, seed: u64) -> Result<()> {
    let in_one_chain = ann.build(inputs)?.flat_weights().to_vec();
    say!("{}\n", ann.summary()?);
    let mut other = build_in_steps(seed);
    let same = other.build(inputs)?.flat_weights() == in_one_chain;
    say!("Built layer by layer it is the same network: {}\n", if same { "yes" } else { "no" });
    paragraph(
        "A neuron adds up its weighted inputs and a bias; relu passes on what is positive; the last one's sigmoid \
         turns the sum into a probability. Compiling needs three things: an optimizer (Adam), which moves the weights \
         against the gradient; a loss (binary cross-entropy), which says how wrong a probability is; and metrics, \
         which are only reported.",
    );
    Ok(())
}
