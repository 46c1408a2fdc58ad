//! The derivative of a prediction with respect to the outputs of a network.

use super::FittedPipeline;
use super::output_link::OutputLink;
use crate::Scalar;

impl<T: Scalar> FittedPipeline<T> {
    /// A number of the prediction that one member makes of its outputs for a row, and its gradient with respect to these
    /// outputs: `index` is that of a column of [`values`](Self::values).
    pub(crate) fn output_gradient(&self, outputs: &[f64], index: usize, gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        match self.link {
            OutputLink::Identity => {
                let (value, derivative) = self.target.decoded(index, outputs[index]);
                gradient[index] = derivative;
                value
            }
            OutputLink::Sigmoid => {
                let p = 1.0 / (1.0 + (-outputs[index]).exp());
                gradient[index] = p * (1.0 - p);
                p
            }
            OutputLink::Softmax => {
                let largest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = outputs.iter().map(|z| (z - largest).exp()).sum();
                let p = |z: f64| (z - largest).exp() / sum;
                let of_index = p(outputs[index]);
                for (class, (gradient, &z)) in gradient.iter_mut().zip(outputs).enumerate() {
                    *gradient = of_index * (f64::from(u8::from(class == index)) - p(z));
                }
                of_index
            }
        }
    }
}
