//! Keras's files, both ways.

mod fixtures;
mod hostile;
mod keras2;
mod mistakes;
mod refusals;
mod round_trip;
