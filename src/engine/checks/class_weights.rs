//! Checks of class weights against the model's classes.

use super::argument;
use crate::losses::{Loss, Targets};
use crate::{Result, Scalar};

/// Checks that weights are given for existing classes only, if the number of classes is known.
pub(in crate::engine) fn check_classes<T: Scalar>(
    class_weight: &[(usize, f64)],
    loss: &dyn Loss<T>,
    targets: usize,
    outputs: usize,
) -> Result<()> {
    let classes = match (targets.max(outputs), loss.targets()) {
        (1, Targets::Between(_, 1.0)) => 2,
        // With one unbounded target, any integer can be a class.
        (1, _) => return Ok(()),
        (classes, _) => classes,
    };
    match class_weight.iter().find(|(class, _)| *class >= classes) {
        None => Ok(()),
        Some((class, weight)) => {
            let expected = format!("a weight for some of the classes 0 to {}", classes - 1);
            Err(argument("Fit", "class_weight", format!("{weight} for class {class}"), &expected))
        }
    }
}
