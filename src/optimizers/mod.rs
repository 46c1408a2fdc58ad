//! Optimizers: how gradients move the weights.
//!
//! Each is a value with its arguments: `Adam::default()`, or `Adam.learning_rate(0.01)`, or a name as in
//! `compile("adam", …)`. All share the arguments of [`Settings`] (clipping, weight decay, averaging), and a
//! learning rate may be one of the [`schedules`]. One of your own implements [`Optimizer`].

mod accumulation;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod averaging;
mod clipping;
mod ftrl;
mod lamb;
mod learning_rate;
mod lion;
mod muon;
mod nadam;
mod names;
mod optimization;
mod optimizer;
mod rmsprop;
mod schedule_free_adamw;
pub mod schedules;
mod settings;
mod sgd;
mod step;
mod stored;

pub use adadelta::Adadelta;
pub use adafactor::Adafactor;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamax::Adamax;
pub use adamw::AdamW;
pub use ftrl::Ftrl;
pub use lamb::Lamb;
pub use learning_rate::LearningRate;
pub use lion::Lion;
pub use muon::Muon;
pub use nadam::Nadam;
pub use names::get;
pub(crate) use names::{all, resolve};
pub use optimization::Optimization;
pub use optimizer::Optimizer;
pub use rmsprop::RMSprop;
pub use schedule_free_adamw::ScheduleFreeAdamW;
pub use schedules::Schedule;
pub use settings::Settings;
pub use sgd::SGD;
pub use step::{Part, Step};
#[doc(hidden)]
pub use stored::{Extent, Stored};
