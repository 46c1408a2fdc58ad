//! Keras's files, both ways.

#[path = "../hostile/allocation.rs"]
mod allocation;
mod fixtures;
mod hostile;
mod keras2;
#[path = "../saving/message.rs"]
mod message;
mod mistakes;
mod refusals;
mod round_trip;
