//! What a program can do with the crate, seen from outside.

mod callbacks;
mod data;
mod errors;
mod layers_universal;
mod loan_classes;
mod loan_portfolio;
mod memory;
mod odd_tables;
mod optimizers;
mod own_items;
mod pipelines;
mod ranges;
mod threads;
mod training;
mod user_program;
