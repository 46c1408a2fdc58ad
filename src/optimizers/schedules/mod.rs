//! Schedules: learning rates that follow the number of optimizer steps.
//!
//! A schedule can be passed as a learning rate: `Adam.learning_rate(CosineDecay::new(0.01, 1000))`. Steps are counted
//! from 0, one per batch (not per epoch).

mod schedule;
mod steps;

use crate::items::family;

pub use schedule::Schedule;
pub use steps::Steps;

// One line for each item: its file and its names.
family! {
    /// The schedule of Keras's class name, with arguments under Keras's names.
    ///
    /// ```
    /// use perceptra::optimizers::schedules;
    /// use serde_json::json;
    ///
    /// let config = json!({ "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5 });
    /// let schedule = schedules::get("ExponentialDecay", config)?;
    /// assert_eq!(schedule.at(20), 0.025);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    Schedule: "schedule", all(), str::to_string, &[];
    /// Adds a learning rate schedule.
    registered by schedule;
    cosine_decay: CosineDecay;
    cosine_decay_restarts: CosineDecayRestarts;
    exponential_decay: ExponentialDecay;
    inverse_time_decay: InverseTimeDecay;
    piecewise_constant_decay: PiecewiseConstantDecay;
    polynomial_decay: PolynomialDecay;
}
