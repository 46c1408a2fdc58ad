//! An introduction: a network that is small enough to be computed by hand.
//!
//! Four inputs of one customer, five hidden neurons, one output. Every number is computed twice: in plain arithmetic, one
//! neuron after the other, and by the crate.

use crate::text::paragraph;
use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::prelude::*;

const INPUTS: [&str; 4] = ["income", "age", "loan amount", "interest rate"];

/// One customer who defaulted. Each number is scaled: it is the distance from the mean in standard deviations.
const CUSTOMER: [f64; 4] = [1.0, -1.0, 2.0, 0.5];
const TRUTH: f64 = 1.0;

/// The weights from each input (row) to each hidden neuron (column).
const HIDDEN: [[f64; 5]; 4] =
    [[0.2, -0.5, 0.3, -0.1, 0.4], [0.4, 0.1, 0.5, -0.2, 0.1], [0.1, 0.3, -0.2, 0.2, 0.1], [0.4, 0.2, 0.2, 0.2, -0.2]];
/// The weights from each hidden neuron to the output.
const OUTPUT: [f64; 5] = [0.5, -1.0, 0.8, 0.5, -0.75];

const LEARNING_RATE: f64 = 0.1;

/// All intermediate values of one step.
struct Step {
    hidden: [f64; 5],
    prediction: f64,
    loss: f64,
    output_gradient: [f64; 5],
    hidden_gradient: [[f64; 5]; 4],
    output_after: [f64; 5],
    loss_after: f64,
}

pub(crate) fn show() -> Result<()> {
    let network = Sequential::new()
        .add(Dense::new(5, Relu).use_bias(false))
        .add(Dense::new(1, Sigmoid).use_bias(false))
        .build(4)?;
    say!("Weights of a network of 4 inputs, 5 hidden neurons and 1 output: {}\n", network.count_params());

    paragraph(
        "One customer of a bank goes through it, forward and back: income 1, age -1, loan amount 2, interest rate 0.5, \
         all scaled; the customer defaulted. By hand, and by the crate:",
    );
    let (hand, library) = (by_hand(), by_the_crate(network)?);
    say!("forward propagation");
    both("hidden neurons", &hand.hidden, &library.hidden);
    both("ŷ", &[hand.prediction], &[library.prediction]);
    both("loss", &[hand.loss], &[library.loss]);
    say!("back-propagation: derivative of the loss by the weights");
    both("to the output", &hand.output_gradient, &library.output_gradient);
    for (name, (by_hand, by_crate)) in INPUTS.iter().zip(hand.hidden_gradient.iter().zip(&library.hidden_gradient)) {
        both(&format!("from {name}"), by_hand, by_crate);
    }
    say!("gradient descent: weights after a step of {LEARNING_RATE} against the derivatives");
    both("to the output", &hand.output_after, &library.output_after);
    both("loss", &[hand.loss_after], &[library.loss_after]);
    say!();
    Ok(())
}

fn both(name: &str, by_hand: &[f64], by_crate: &[f64]) {
    // Adding zero removes the sign of a negative zero.
    let line = |values: &[f64]| values.iter().map(|value| format!("{:>9.4}", value + 0.0)).collect::<String>();
    say!("  {name:<20} by hand  {}", line(by_hand));
    say!("  {:<20} crate    {}", "", line(by_crate));
}

/// Computes the hidden activations and the prediction.
fn forward(hidden: &[[f64; 5]; 4], output: &[f64; 5]) -> ([f64; 5], f64) {
    let activations = std::array::from_fn(|unit| {
        let z: f64 = (0..4).map(|input| CUSTOMER[input] * hidden[input][unit]).sum();
        z.max(0.0) // relu
    });
    let z: f64 = (0..5).map(|unit| activations[unit] * output[unit]).sum();
    (activations, 1.0 / (1.0 + (-z).exp())) // sigmoid
}

/// Computes one step, neuron by neuron.
fn by_hand() -> Step {
    let (hidden, prediction) = forward(&HIDDEN, &OUTPUT);
    // The derivative of binary cross-entropy after a sigmoid, with respect to the sum, is prediction minus truth.
    let output_delta = prediction - TRUTH;
    let output_gradient = hidden.map(|activation| output_delta * activation);
    // A neuron with a relu of 0 passes no gradient back.
    let hidden_delta: [f64; 5] =
        std::array::from_fn(|unit| if hidden[unit] > 0.0 { output_delta * OUTPUT[unit] } else { 0.0 });
    let hidden_gradient: [[f64; 5]; 4] = std::array::from_fn(|input| hidden_delta.map(|delta| CUSTOMER[input] * delta));

    let moved = |weight: f64, derivative: f64| weight - LEARNING_RATE * derivative;
    let output_after: [f64; 5] = std::array::from_fn(|unit| moved(OUTPUT[unit], output_gradient[unit]));
    let hidden_after: [[f64; 5]; 4] = std::array::from_fn(|input| {
        std::array::from_fn(|unit| moved(HIDDEN[input][unit], hidden_gradient[input][unit]))
    });
    let (_, prediction_after) = forward(&hidden_after, &output_after);
    Step {
        hidden,
        prediction,
        loss: -prediction.ln(), // the truth is 1
        output_gradient,
        hidden_gradient,
        output_after,
        loss_after: -prediction_after.ln(),
    }
}

/// Computes the same step with the crate.
fn by_the_crate(mut network: Network) -> Result<Step> {
    let kernel = DMatrix::from_fn(4, 5, |input, unit| HIDDEN[input][unit] as f32);
    network.set_weights("dense", std::slice::from_ref(&kernel))?;
    network.set_weights("dense_1", &[DMatrix::from_fn(5, 1, |unit, _| OUTPUT[unit] as f32)])?;
    let x = DMatrix::from_fn(1, 4, |_, input| CUSTOMER[input] as f32);
    let y = dmatrix![TRUTH as f32];

    let prediction = network.predict(&x)?[0];
    // For the truth 1, −1/ŷ is the derivative of the loss with respect to ŷ.
    let gradients = network.gradients(&x, &dmatrix![-1.0 / prediction])?.weights;
    let mut first = Sequential::new().add(Dense::new(5, Relu).use_bias(false)).build(4)?;
    first.set_weights("dense", &[kernel])?;
    let hidden = first.predict(&x)?;

    let mut model = network.compile(SGD.learning_rate(LEARNING_RATE), BinaryCrossentropy, metrics![]);
    let loss = model.train_on_batch(&x, &y)?.loss(); // the loss before the step
    let output_after = model.weights("dense_1")?.remove(0);
    Ok(Step {
        hidden: std::array::from_fn(|unit| f64::from(hidden[unit])),
        prediction: f64::from(prediction),
        loss,
        output_gradient: std::array::from_fn(|unit| f64::from(gradients[20 + unit])),
        hidden_gradient: std::array::from_fn(|input| {
            std::array::from_fn(|unit| f64::from(gradients[5 * input + unit]))
        }),
        output_after: std::array::from_fn(|unit| f64::from(output_after[unit])),
        loss_after: model.evaluate(&x, &y)?.loss(),
    })
}
