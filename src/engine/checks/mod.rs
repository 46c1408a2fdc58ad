//! The checks that decide whether a fit, an evaluation or a prediction is possible, in the order in which they are made: the
//! caller's arguments, the samples against the network, and whether gradients arrive at the trainable layers.

mod arguments;
mod class_weights;
mod gradient_flow;
mod input;

pub(crate) use arguments::{argument, at_least_one, finite, same_rows, sample_weights, targets};
pub(super) use class_weights::check_classes;
pub(super) use input::readers;
