//! Compares the crate with Keras: every golden suite, with one module per family.

mod golden;

mod activations;
mod callbacks;
mod constraints;
mod feature_space;
mod fits;
mod initializers;
mod layers;
mod losses;
mod metrics;
mod optimizers;
mod preprocessing_layers;
mod random_layers;
mod regularizers;
mod schedules;
mod trajectory;
