//! Optimizers: how gradients move the weights.
//!
//! Each is a value with its arguments: `Adam::default()`, or `Adam.learning_rate(0.01)`, or a name as in
//! `compile("adam", …)`. All share the arguments of [`Settings`] (clipping, weight decay, averaging), and a
//! learning rate may be one of the [`schedules`]. A user-defined one implements [`Optimizer`].

mod arithmetic;
mod learning_rate;
mod optimizer;
mod optimizer_state;
pub mod schedules;

use crate::items::family;
mod settings;
mod step;
mod stored;

pub(crate) use arithmetic::accumulation::add as add_gradients;
pub use learning_rate::{IntoLearningRate, LearningRate};
pub use optimizer::Optimizer;
pub use optimizer_state::OptimizerState;
pub use schedules::Schedule;
pub use settings::Settings;
pub use step::{Part, Step};
pub use stored::{Extent, Stored};

// One line for each item: its file and its names.
family! {
    /// The optimizer with Keras's class name, also in lower case (and `lamb`, which Keras 3.15 does not know by name),
    /// with arguments under Keras's names; `null` takes the defaults.
    Optimizer<T>: "optimizer", T::optimizers(), str::to_lowercase, &[];
    /// Adds an optimizer.
    registered by optimizer;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::{IntoItem, Item};
    use crate::optimizers::schedules::{CosineDecay, ExponentialDecay, PiecewiseConstantDecay};
    use serde_json::Value;
    use serde_json::json;

    #[test]
    fn all_fourteen_are_known_by_class_and_in_lower_case() {
        let names = [
            "adadelta",
            "adafactor",
            "adagrad",
            "adam",
            "adamax",
            "adamw",
            "ftrl",
            "lamb",
            "lion",
            "muon",
            "nadam",
            "rmsprop",
            "schedulefreeadamw",
            "sgd",
        ];
        for name in names {
            let class = get::<f32>(name, Value::Null).unwrap().class_name();
            assert_eq!(class.to_lowercase(), name);
            let optimizer = get::<f32>(&class, json!({ "learning_rate": 0.5, "clipnorm": 2.0 })).unwrap();
            assert_eq!((optimizer.learning_rate().at(0), optimizer.settings().clipnorm), (0.5, Some(2.0)));
        }
        assert_eq!(all::<f32>().len(), names.len());
    }

    #[test]
    fn the_description_of_keras_is_read() {
        let keras = json!({
            "name": "adamw", "learning_rate": 0.0010000000474974513, "weight_decay": 0.004, "clipnorm": null,
            "global_clipnorm": null, "clipvalue": null, "use_ema": false, "ema_momentum": 0.99,
            "ema_overwrite_frequency": null, "gradient_accumulation_steps": null,
            "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": false
        });
        let optimizer = get::<f32>("AdamW", keras).unwrap();
        assert_eq!(
            optimizer.settings(),
            Settings { weight_decay: Some(0.004), name: Some("adamw".into()), ..Settings::default() }
        );
        assert_eq!(get::<f32>("AdamW", json!({})).unwrap().settings().weight_decay, Some(0.004));
    }

    #[test]
    fn arguments_out_of_range_are_named() {
        let message = |optimizer: Item<dyn Optimizer<f32>>| optimizer.checked().unwrap_err().to_string();
        let assert_message = |optimizer: Item<dyn Optimizer<f32>>, part: &str| {
            let message = message(optimizer);
            assert!(message.contains(part), "{message} should contain {part}");
        };
        assert_message(
            Adam.clipnorm(1.0).clipvalue(1.0).into_item(),
            "only one of clipnorm, clipvalue and global_clipnorm",
        );
        assert_message(SGD.global_clipnorm(0.0).into_item(), "SGD: global_clipnorm is 0");
        assert_message(SGD.weight_decay(-0.1).into_item(), "weight_decay is -0.1");
        assert_message(Adam.ema_momentum(1.5).into_item(), "ema_momentum is 1.5");
        assert_message(Adam.ema_overwrite_frequency(0).into_item(), "ema_overwrite_frequency is 0");
        assert_message(Adam.gradient_accumulation_steps(1).into_item(), "gradient_accumulation_steps is 1");
        assert_message(AdamW { settings: Settings::DEFAULT, ..AdamW }.into_item(), "AdamW: weight_decay is None");
        assert_message(Adadelta.rho(1.0).into_item(), "Adadelta: rho is 1");
        assert_message(Adafactor.clip_threshold(0.0).into_item(), "Adafactor: clip_threshold is 0");
        assert_message(Adagrad.epsilon(f64::NAN).into_item(), "Adagrad: epsilon is NaN");
        assert_message(Adamax.beta_2(-0.1).into_item(), "Adamax: beta_2 is -0.1");
        assert_message(Ftrl.learning_rate_power(0.5).into_item(), "Ftrl: learning_rate_power is 0.5");
        assert_message(Lamb.beta_1(1.0).into_item(), "Lamb: beta_1 is 1");
        assert_message(Lion.beta_1(0.0).into_item(), "Lion: beta_1 is 0");
        assert_message(Muon.momentum(1.0).into_item(), "Muon: momentum is 1");
        assert_message(Nadam.beta_2(1.0).into_item(), "Nadam: beta_2 is 1");
        assert_message(Nadam.schedule_decay(-0.5).into_item(), "Nadam: schedule_decay is -0.5");
        assert_message(RMSprop.rho(-1.0).into_item(), "RMSprop: rho is -1");
        assert_message(ScheduleFreeAdamW.beta_1(0.0).into_item(), "ScheduleFreeAdamW: beta_1 is 0");
        assert_message(
            Adam.learning_rate(ExponentialDecay::new(0.1, 0, 0.5)).into_item(),
            "ExponentialDecay: decay_steps is 0",
        );
        assert_message(
            Adam.learning_rate(CosineDecay::new(f64::INFINITY, 5)).into_item(),
            "initial_learning_rate is inf",
        );
        assert_message(
            Adam.learning_rate(PiecewiseConstantDecay::new([3], [0.1])).into_item(),
            "values is a list of 1",
        );
        assert_message(Adam.learning_rate(-0.1).into_item(), "learning_rate is -0.1");
    }
}
