//! Keras's files, both ways.

mod fixtures;
mod hostile;
mod mistakes;
mod refusals;
mod round_trip;
