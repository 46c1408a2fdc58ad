//! Keras
mod archive;
mod hdf5;
