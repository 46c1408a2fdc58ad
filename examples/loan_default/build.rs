//! Step 2: build the network.

use crate::text::paragraph;
use perceptra::Result;
use perceptra::prelude::*;

/// Twelve inputs, two hidden layers of twelve, one probability.
pub fn build(seed: u64) -> Model {
    Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .seed(seed)
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision])
}

/// The layers as a table, once the number of inputs is known.
pub fn summarize(ann: &mut Model, inputs: usize) -> Result<()> {
    ann.build(inputs)?;
    println!("{}\n", ann.summary()?);
    paragraph(
        "A neuron adds up its weighted inputs and a bias; relu passes on what is positive; the last one's sigmoid \
         turns the sum into a probability. Adam moves the weights against the gradient of binary cross-entropy, \
         the loss of a probability.",
    );
    Ok(())
}
