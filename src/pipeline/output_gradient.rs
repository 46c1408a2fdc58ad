//! The derivatives of a prediction with respect to the members' mean, and of that to the outputs of a network.

use super::FittedPipeline;
use super::output_link::OutputLink;
use crate::Scalar;

impl<T: Scalar> FittedPipeline<T> {
    /// A number of one member's prediction for a row, and its gradient with respect to the member's outputs; `index` is a column of
    /// [`values`](Self::values).
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

    /// Whether predictions are calibrated or corrected, so that they are not the members' mean.
    pub(crate) fn has_adjustment(&self) -> bool {
        self.decisions.has_adjustment()
    }

    /// The predicted probability as a function of one number of the members' mean, if it depends on no other.
    pub(crate) fn adjusted(&self, p: f64, index: usize) -> f64 {
        let mut row = vec![0.5; self.target.outputs()];
        row[index] = p;
        self.decisions.adjust_row(&mut row);
        row[index]
    }

    /// A number of the prediction that is made of the members' mean for a row, and its derivatives with respect to all numbers of
    /// the mean.
    ///
    /// They are central differences with steps of 1e-4 of the distance to 0 or 1, as isotonic functions have no derivative at the
    /// ends of their pieces.
    pub(crate) fn adjusted_gradient(&self, mean: &[f64], index: usize, derivatives: &mut [f64]) -> f64 {
        let at = |moved: usize, by: f64| {
            let mut row = mean.to_vec();
            row[moved] += by;
            self.decisions.adjust_row(&mut row);
            row[index]
        };
        for (moved, (derivative, p)) in derivatives.iter_mut().zip(mean).enumerate() {
            let step = 1e-4 * p.min(1.0 - p);
            *derivative = if step > 0.0 { (at(moved, step) - at(moved, -step)) / (2.0 * step) } else { 0.0 };
        }
        at(index, 0.0)
    }
}
