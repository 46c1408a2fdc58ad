//! Keras's files, both ways.

mod fixtures;
mod hostile;
mod refusals;
mod round_trip;
