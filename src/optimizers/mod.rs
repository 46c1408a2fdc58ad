//! Optimizers: how gradients move the weights.
//!
//! Each is a value with its arguments: `Adam::default()`, or `Adam.learning_rate(0.01)`, or a name as in
//! `compile("adam", …)`. All share the arguments of [`Settings`] (clipping, weight decay, averaging), and a
//! learning rate may be one of the [`schedules`]. One of your own implements [`Optimizer`].

mod accumulation;
mod averaging;
mod clipping;
mod learning_rate;
mod names;
mod optimizer;
mod optimizer_state;
mod root_epsilon;
pub mod schedules;

use crate::registry::family;
mod settings;
mod step;
mod stored;

pub use learning_rate::LearningRate;
pub use names::get;
pub(crate) use names::resolve;
pub use optimizer::Optimizer;
pub use optimizer_state::OptimizerState;
pub use schedules::Schedule;
pub use settings::Settings;
#[cfg(feature = "keras")]
#[cfg(feature = "keras")]
pub(crate) use settings::beyond_keras;
pub use step::{Part, Step};
pub use stored::{Extent, Stored};

// One line an item: its file, and what it is called.
family! {
    Optimizer:
    adadelta: Adadelta;
    adafactor: Adafactor;
    adagrad: Adagrad;
    adam: Adam;
    adamax: Adamax;
    adamw: AdamW;
    ftrl: Ftrl;
    lamb: Lamb;
    lion: Lion;
    muon: Muon;
    nadam: Nadam;
    rmsprop: RMSprop;
    schedule_free_adamw: ScheduleFreeAdamW;
    sgd: SGD;
}
