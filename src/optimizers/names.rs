//! Optimizers by Keras's names.

use super::{LearningRate, Optimizer, Step};
use crate::registry::{adopted, find};
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// The optimizer of Keras's class name, or that in lower case (also `lamb`, which Keras 3.15 does not know by name),
/// with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Optimizer<T>>> {
    let entries = T::optimizers();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| class.to_lowercase() == name);
    find("optimizer", &entries, &[], class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(optimizer: &Arc<dyn Optimizer<T>>) -> Result<Arc<dyn Optimizer<T>>> {
    let resolved = optimizer.named()?.unwrap_or_else(|| adopted(&T::optimizers(), optimizer, &**optimizer));
    resolved.check()?;
    resolved.settings().check(&*resolved)?;
    resolved.learning_rate().check()?;
    let rate = resolved.learning_rate().at(0);
    if rate.is_finite() && rate >= 0.0 {
        Ok(resolved)
    } else {
        Err(crate::spec::invalid(&*resolved, "learning_rate", rate, "a finite number of at least 0"))
    }
}

/// A name, looked up when the model is first trained: `compile("adam", …)`.
impl<T: Scalar> Optimizer<T> for &'static str {
    fn learning_rate(&self) -> LearningRate {
        get::<T>(self, Value::Null).map_or(LearningRate::Constant(0.0), |optimizer| optimizer.learning_rate())
    }

    fn step(&self, step: Step<'_, T>) {
        if let Ok(optimizer) = get::<T>(self, Value::Null) {
            optimizer.step(step);
        }
    }

    fn named(&self) -> Result<Option<Arc<dyn Optimizer<T>>>> {
        get(self, Value::Null).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::Settings;
    use crate::optimizers::all;
    use crate::optimizers::items::*;
    use crate::optimizers::schedules::{CosineDecay, ExponentialDecay, PiecewiseConstantDecay};
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
    fn keras_s_own_description_is_read() {
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
        let message = |optimizer: Arc<dyn Optimizer<f32>>| resolve(&optimizer).unwrap_err().to_string();
        let says = |optimizer: Arc<dyn Optimizer<f32>>, part: &str| {
            let message = message(optimizer);
            assert!(message.contains(part), "{message} should say {part}");
        };
        says(Arc::new(Adam.clipnorm(1.0).clipvalue(1.0)), "only one of clipnorm, clipvalue and global_clipnorm");
        says(Arc::new(SGD.global_clipnorm(0.0)), "SGD: global_clipnorm is 0");
        says(Arc::new(SGD.weight_decay(-0.1)), "weight_decay is -0.1");
        says(Arc::new(Adam.ema_momentum(1.5)), "ema_momentum is 1.5");
        says(Arc::new(Adam.ema_overwrite_frequency(0)), "ema_overwrite_frequency is 0");
        says(Arc::new(Adam.gradient_accumulation_steps(1)), "gradient_accumulation_steps is 1");
        says(Arc::new(AdamW { weight_decay: None, ..AdamW }), "AdamW: weight_decay is None");
        says(Arc::new(Adadelta.rho(1.0)), "Adadelta: rho is 1");
        says(Arc::new(Adafactor.clip_threshold(0.0)), "Adafactor: clip_threshold is 0");
        says(Arc::new(Adagrad.epsilon(f64::NAN)), "Adagrad: epsilon is NaN");
        says(Arc::new(Adamax.beta_2(-0.1)), "Adamax: beta_2 is -0.1");
        says(Arc::new(Ftrl.learning_rate_power(0.5)), "Ftrl: learning_rate_power is 0.5");
        says(Arc::new(Lamb.beta_1(1.0)), "Lamb: beta_1 is 1");
        says(Arc::new(Lion.beta_1(0.0)), "Lion: beta_1 is 0");
        says(Arc::new(Muon.momentum(1.0)), "Muon: momentum is 1");
        says(Arc::new(Nadam.beta_2(1.0)), "Nadam: beta_2 is 1");
        says(Arc::new(Nadam.schedule_decay(-0.5)), "Nadam: schedule_decay is -0.5");
        says(Arc::new(RMSprop.rho(-1.0)), "RMSprop: rho is -1");
        says(Arc::new(ScheduleFreeAdamW.beta_1(0.0)), "ScheduleFreeAdamW: beta_1 is 0");
        says(Arc::new(Adam.learning_rate(ExponentialDecay::new(0.1, 0, 0.5))), "ExponentialDecay: decay_steps is 0");
        says(Arc::new(Adam.learning_rate(CosineDecay::new(f64::INFINITY, 5))), "initial_learning_rate is inf");
        says(Arc::new(Adam.learning_rate(PiecewiseConstantDecay::new([3], [0.1]))), "values is a list of 1");
        says(Arc::new(Adam.learning_rate(-0.1)), "learning_rate is -0.1");
    }
}
