//! Options of a fit that serve more than one.

use super::{data, temporary};
use nalgebra::{DMatrix, DVector};
use perceptra::callbacks::{self, CSVLogger, CallbackItem, Context, Mode, ProgbarLogger, TensorBoard, TerminateOnNaN};
use perceptra::items::Spec;
use perceptra::models::{Evaluate, Predict};
use perceptra::prelude::*;
use perceptra::{Error, Result, Scalar};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A model that overfits soon, each seed at its own epoch.
fn model(seed: u64) -> Model {
    let layers = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).seed(seed);
    layers.compile(Adam.learning_rate(0.05), BinaryCrossentropy, metrics![Accuracy])
}

/// Samples with some targets that cannot be learned.
fn noisy() -> (DMatrix<f32>, DVector<f32>) {
    let (x, mut y) = data(80);
    (0..80).step_by(7).for_each(|i| y[i] = 1.0 - y[i]);
    (x, y)
}

fn stopping() -> EarlyStopping {
    EarlyStopping::new().patience(2).restore_best_weights(true)
}

/// The epochs, losses and weights of a fit, to the bit.
#[derive(Debug, PartialEq)]
struct Trained {
    epochs: usize,
    losses: Vec<u64>,
    weights: Vec<u32>,
}

fn trained(seed: u64, fit: Fit<'_, f32>) -> Result<Trained> {
    let (x, y) = noisy();
    let mut model = model(seed);
    let history = model.fit(&x, &y, fit)?;
    Ok(Trained {
        epochs: history.epochs().len(),
        losses: history.get("val_loss").unwrap().iter().map(|loss| loss.to_bits()).collect(),
        weights: model.network()?.flat_weights().iter().map(|weight| weight.to_bits()).collect(),
    })
}

fn fit<'a>() -> Fit<'a, f32> {
    let fit = Fit::new().batch_size(8).epochs(60).validation_split(0.25).class_weight([(1, 1.5)]).verbose(0);
    fit.callback(ReduceLROnPlateau::new().factor(0.5).patience(1).min_delta(0.0)).callback(stopping())
}

#[test]
fn two_fits_of_the_same_options_are_two_fits_written_out() -> Result<()> {
    let written = [trained(1, fit())?, trained(2, fit())?];
    assert!(written.iter().all(|fit| fit.epochs < 60) && written[0].epochs != written[1].epochs, "{written:?}");

    let options = fit().options()?;
    assert_eq!([trained(1, Fit::from(&options))?, trained(2, Fit::from(&options))?], written);
    // In the other order, of a clone, and of what a file would hold.
    let read = FitOptions::from_config(options.config()?, &Registry::new())?;
    assert_eq!(
        [trained(2, Fit::from(options.clone()))?, trained(1, Fit::from(&read))?],
        [trained(2, fit())?, trained(1, fit())?]
    );
    // At the same time.
    let at_once = std::thread::scope(|scope| {
        let options = &options;
        [1, 2].map(|seed| scope.spawn(move || trained(seed, Fit::from(options)))).map(|fit| fit.join().unwrap())
    });
    assert_eq!(at_once.into_iter().collect::<Result<Vec<_>>>()?, written);
    // Callbacks that one call adds are not kept.
    let mut seen = stopping();
    trained(1, Fit::from(&options).callback(&mut seen))?;
    assert_eq!(seen.stopped_epoch(), Some(written[0].epochs - 1));
    assert_eq!(trained(1, Fit::from(&options))?, written[0]);
    Ok(())
}

#[test]
fn a_callback_of_an_earlier_fit_is_reset_in_options() -> Result<()> {
    let (x, y) = noisy();
    let path = temporary("repeated.safetensors");
    let options = || Fit::new().epochs(1).verbose(0);
    let mut used = ModelCheckpoint::new(&path).monitor("loss").save_best_only(true).initial_value_threshold(1e9);
    model(1).fit(&x, &y, Fit::new().epochs(40).callback(&mut used).verbose(0))?;
    assert!(used.best().unwrap() < 0.5);
    let of_used = options().callback(used.clone()).options()?;

    // As in Keras, the callback itself keeps the best value, so a new model is worse.
    std::fs::remove_file(&path).unwrap();
    model(2).fit(&x, &y, options().callback(used))?;
    assert!(!path.exists());
    for seed in 2..4 {
        model(seed).fit(&x, &y, Fit::from(&of_used))?;
        std::fs::remove_file(&path).unwrap();
    }
    Ok(())
}

#[test]
fn callbacks_for_one_fit_are_rejected_by_name() {
    let (x, y) = data(20);
    let weights = vec![1.0; 20];
    let mut stopping = stopping();
    let mut rates = [0.1].into_iter();
    let refused: Vec<(Fit<'_, f32>, &[&str])> = vec![
        (
            Fit::new().validation_data(&x, &y),
            &["validation_data is 20 borrowed rows", "Fit::from(&options).validation_data"],
        ),
        (
            Fit::new().validation_weights(&weights),
            &["validation_weights is 20", "Fit::from(&options).validation_weights"],
        ),
        (Fit::new().sample_weight(&weights), &["sample_weight is 20", "Fit::from(&options).sample_weight"]),
        (
            Fit::new().callback(&mut stopping),
            &["callback is EarlyStopping, which serves one fit", "in place of a `&mut` reference"],
        ),
        (Fit::new().callback(LambdaCallback::new()), &["LambdaCallback, which serves one fit", ".callback_with(…)"]),
        (
            Fit::new().callback(LearningRateScheduler::new_mut(|_, rate| rates.next().unwrap_or(rate))),
            &["LearningRateScheduler"],
        ),
        (Fit::new().callback(Calls::default()).callback(Last), &["Last, which serves one fit", "Callback::item"]),
    ];
    for (fit, parts) in refused {
        let error = fit.options().unwrap_err();
        assert!(matches!(&error, Error::Argument { item, .. } if item == "Fit"), "{error}");
        parts.iter().for_each(|part| assert!(error.to_string().contains(part), "{error}"));
    }
}

/// Stops after a number of epochs that are counted from fit to fit.
#[derive(Debug, Clone, Default)]
struct Calls {
    limit: usize,
    made: usize,
}

impl Spec for Calls {
    fn config(&self) -> Result<Value> {
        Ok(json!({ "limit": self.limit }))
    }

    fn check(&self) -> Result<()> {
        match self.limit {
            100.. => Err(Error::argument("Calls", "limit", self.limit, "less than 100")),
            _ => Ok(()),
        }
    }
}

impl<T: Scalar> Callback<T> for Calls {
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.made += 1;
        if self.made == self.limit {
            context.stop();
        }
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(Calls { made: 0, ..self.clone() }))
    }
}

/// Stops immediately.
struct Last;

impl<T: Scalar> Callback<T> for Last {
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        context.stop();
        Ok(())
    }
}

/// A description that is not a callback itself; its callbacks record their name.
#[derive(Debug, Clone)]
struct Named(&'static str, Arc<Mutex<Vec<&'static str>>>);

impl Named {
    fn callback(&self) -> LambdaCallback<'static> {
        let Named(name, seen) = self.clone();
        LambdaCallback::new().on_train_begin(move |_| {
            seen.lock().unwrap().push(name);
            Ok(())
        })
    }
}

impl Spec for Named {}

impl CallbackItem<f32> for Named {
    fn start(&self) -> Box<dyn Callback<f32>> {
        Box::new(self.callback())
    }
}

#[test]
fn callbacks_keep_their_order_however_they_are_given() -> Result<()> {
    let seen = Arc::default();
    let [first, second, third, fourth] =
        ["first", "second", "third", "fourth"].map(|name| Named(name, Arc::clone(&seen)));
    let mut borrowed = second.callback();
    let fit = Fit::new().validation_split(0.25).verbose(0).callback_with(move || first.callback());
    trained(1, fit.callback(&mut borrowed).callback_item(Arc::new(third)).callback(fourth.callback()))?;
    assert_eq!(*seen.lock().unwrap(), ["first", "second", "third", "fourth"]);
    Ok(())
}

#[test]
fn a_factory_makes_a_callback_for_each_fit_and_is_not_saved() -> Result<()> {
    let made = Arc::new(Mutex::new(0));
    let counter = made.clone();
    let options = Fit::new().epochs(50).validation_split(0.25).verbose(0).callback_with(move || {
        *counter.lock().unwrap() += 1;
        let mut epochs = 0;
        LambdaCallback::new().on_epoch_end(move |context| {
            epochs += 1;
            if epochs == 3 {
                context.stop();
            }
            Ok(())
        })
    });
    let options = options.options()?;
    assert_eq!(*made.lock().unwrap(), 0);
    for fits in 1..=3 {
        assert_eq!(trained(1, Fit::from(&options))?.epochs, 3);
        assert_eq!(*made.lock().unwrap(), fits);
    }
    let error = options.config().unwrap_err();
    assert!(matches!(&error, Error::NotSerializable { item, .. } if item == "LambdaCallback"), "{error}");
    assert!(error.to_string().contains("Registry::callback"), "{error}");

    let halving = Fit::new().epochs(2).validation_split(0.25).verbose(0);
    let halving = halving.callback(LearningRateScheduler::new(|_, rate| rate / 2.0)).options()?;
    assert_eq!(trained(1, Fit::from(&halving))?, trained(1, Fit::from(&halving))?);
    assert!(matches!(halving.config(), Err(Error::NotSerializable { item, .. }) if item == "LearningRateScheduler"));
    Ok(())
}

#[test]
fn options_are_written_and_read() -> Result<()> {
    let registry = Registry::new();
    let defaults = json!({
        "batch_size": 32, "epochs": 1, "initial_epoch": 0, "steps_per_epoch": null, "shuffle": true, "shuffle_buffer": null,
        "copy_rows": null, "seed": null,
        "validation_split": 0.0, "validation_hash": 0.0, "validation_batch_size": null, "validation_steps": null, "validation_freq": 1,
        "class_weight": {}, "verbose": "auto", "callbacks": [],
    });
    assert_eq!(Fit::<f32>::new().options()?.config()?, defaults);
    for config in [json!({}), Value::Null, json!({ "class_weight": null, "callbacks": null }), defaults.clone()] {
        assert_eq!(FitOptions::<f32>::from_config(config, &registry)?.config()?, defaults);
    }
    // A name represents a callback with its defaults, and there may be any number of epochs.
    let named = FitOptions::<f32>::from_config(json!({ "callbacks": ["TerminateOnNaN"] }), &registry)?;
    assert_eq!(named.config()?["callbacks"][0]["config"], json!({ "raise_error": false }));
    let endless = Fit::<f32>::new().epochs(usize::MAX).callback(EarlyStopping::new().patience(usize::MAX)).options()?;
    assert_eq!(FitOptions::<f32>::from_config(endless.config()?, &registry)?.config()?, endless.config()?);
    let given =
        Fit::<f32>::new().batch_size(5).epochs(7).initial_epoch(2).steps_per_epoch(3).shuffle(false).seed(u64::MAX);
    let given = given.validation_split(0.1).validation_batch_size(4).validation_steps(2).validation_freq(3);
    let given = given.shuffle_buffer(64).copy_rows(false).validation_hash(0.1);
    let given = given.class_weight([(10, 0.1), (0, 2.0)]).callback(EarlyStopping::new().mode(Mode::Min));
    let given = given.callback(TerminateOnNaN::new()).callback(CSVLogger::new("log.csv"));
    let given = given.callback(TensorBoard::new()).callback(ProgbarLogger::new()).verbose(2);
    let written = given.options()?.config()?;
    assert_eq!(written["seed"], json!(u64::MAX));
    assert_eq!(written["class_weight"], json!({ "0": 2.0, "10": 0.1 }));
    assert_eq!(written["callbacks"][0]["class_name"], "EarlyStopping");
    assert_eq!(written["callbacks"][0]["config"]["mode"], "min");
    // Through text, as a file holds it.
    let text = serde_json::to_string(&written).unwrap();
    let read = FitOptions::<f32>::from_config(serde_json::from_str(&text).unwrap(), &registry)?;
    assert_eq!(read.config()?, written);
    assert!(written.as_object().unwrap().iter().all(|(name, value)| *value != defaults[name]), "{written}");
    for verbose in [json!("auto"), json!(0), json!(1), json!(2)] {
        let options = FitOptions::<f32>::from_config(json!({ "verbose": verbose }), &registry)?;
        assert_eq!(options.config()?["verbose"], verbose);
    }
    Ok(())
}

#[test]
fn options_that_cannot_be_read_are_explained() {
    let message = |config: Value| {
        FitOptions::<f32>::from_config(config, &Registry::new())
            .map(|_| ())
            .map_err(|error| error.to_string())
            .unwrap_err()
    };
    let callback = |class: &str, config: Value| json!({ "callbacks": [{ "class_name": class, "config": config }] });
    let cases: Vec<(Value, &[&str])> = vec![
        (json!({ "epoch": 3 }), &["FitOptions has no argument \"epoch\"", "did you mean \"epochs\"?"]),
        (json!({ "callback": [] }), &["did you mean \"callbacks\"?"]),
        (json!({ "verbosity": 1 }), &["no argument \"verbosity\""]),
        (json!({ "validation_data": [] }), &["no argument \"validation_data\""]),
        (json!({ "epochs": -1 }), &["FitOptions", "\"epochs\": expected a whole number from 0 to ", ", not -1"]),
        (json!({ "verbose": "loud" }), &["\"verbose\": expected \"auto\", 0, 1 or 2, not \"loud\""]),
        (json!({ "verbose": 3 }), &["\"verbose\"", "\"auto\", 0, 1 or 2"]),
        (json!({ "class_weight": { "one": 1.0 } }), &["\"class_weight\"", "expected a whole number", ", not \"one\""]),
        (json!({ "batch_size": 0 }), &["Fit: batch_size is 0"]),
        (json!({ "class_weight": { "1": -1.0 } }), &["-1 for class 1"]),
        (json!([]), &["by name"]),
        (json!({ "callbacks": {} }), &["\"callbacks\": expected a list, not {}"]),
        (json!({ "callbacks": [3] }), &["\"callbacks\"", "expected a name, or an item as", ", not 3"]),
        (
            json!({ "callbacks": [{ "class_name": 3, "config": {} }] }),
            &["FitOptions", "\"callbacks\"", "\"class_name\""],
        ),
        (json!({ "callbacks": [{ "config": {} }] }), &["\"callbacks\"", "lacks \"class_name\""]),
        (
            json!({ "callbacks": [{ "class_name": "EarlyStopping", "confg": {} }] }),
            &["EarlyStopping has its arguments in \"config\", but there is \"confg\" next to it"],
        ),
        (callback("EarlyStoping", json!({})), &["did you mean \"EarlyStopping\"?"]),
        (callback("EarlyStopping", json!({ "patienc": 1 })), &["did you mean \"patience\"?"]),
        (callback("ReduceLROnPlateau", json!({ "factor": 2.0 })), &["ReduceLROnPlateau: factor is 2"]),
        (callback("Calls", json!({ "limit": 2 })), &["\"Calls\"", "Registry"]),
    ];
    for (config, parts) in cases {
        let message = message(config.clone());
        parts.iter().for_each(|part| assert!(message.contains(part), "{config}: {message}"));
    }
}

#[test]
fn options_out_of_range_are_refused_before_any_fit() {
    let nan = || EarlyStopping::new().monitor("loss").min_delta(f64::NAN);
    let refused = || -> Vec<(Fit<'_, f32>, &str)> {
        vec![
            (Fit::new().batch_size(0), "batch_size is 0"),
            (Fit::new().steps_per_epoch(0), "steps_per_epoch is 0"),
            (Fit::new().validation_split(1.0), "validation_split is 1"),
            (Fit::new().validation_batch_size(0), "validation_batch_size is 0"),
            (Fit::new().validation_steps(0), "validation_steps is 0"),
            (Fit::new().validation_freq(0), "validation_freq is 0"),
            (Fit::new().class_weight([(1, f64::NAN)]), "NaN for class 1"),
            (Fit::new().class_weight([(1, 1.0), (1, 2.0)]), "has a weight already"),
            (Fit::new().callback(nan()), "min_delta is NaN"),
            (Fit::new().callback_item(nan()), "min_delta is NaN"),
            (Fit::new().callback_item("EarlyStoping"), "did you mean \"EarlyStopping\"?"),
        ]
    };
    let (x, y) = noisy();
    for ((fit, expected), (again, _)) in refused().into_iter().zip(refused()) {
        let error = fit.options().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(error, model(1).fit(&x, &y, again).unwrap_err().to_string());
    }
    // A closure creates its callback only when a fit begins.
    let made = Fit::new().callback_with(nan).verbose(0).options().unwrap();
    let error = model(1).fit(&x, &y, Fit::from(&made)).unwrap_err().to_string();
    assert!(error.contains("min_delta is NaN"), "{error}");
}

#[test]
fn callbacks_of_an_evaluation_and_a_prediction_are_checked() -> Result<()> {
    let (x, y) = noisy();
    let mut model = model(1);
    model.fit(&x, &y, Fit::new().verbose(0))?;
    let nan = || EarlyStopping::new().min_delta(f64::NAN);
    let evaluated = model.evaluate_with(&x, &y, Evaluate::new().callback(nan())).map(drop);
    let predicted = model.network()?.predict_with(&x, Predict::new().callback(nan())).map(drop);
    for result in [evaluated, predicted] {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("min_delta is NaN"), "{error}");
    }
    Ok(())
}

#[test]
fn a_user_defined_callback_is_equal_in_rights() -> Result<()> {
    let registry = Registry::new().callback("Calls", |config| {
        let limit = config["limit"].as_u64().ok_or_else(|| Error::argument("Calls", "limit", &config, "a count"))?;
        Ok(Calls { limit: limit as usize, made: 0 })
    });
    let used = Calls { limit: 4, made: 3 };
    let options = Fit::new().epochs(9).validation_split(0.25).verbose(0).callback(used).options()?;
    assert_eq!(
        options.config()?["callbacks"],
        json!([{ "class_name": "Calls", "config": { "limit": 4 }, "registered_name": "Calls" }])
    );
    let read = FitOptions::from_config(options.config()?, &registry)?;
    for options in [&options, &options, &read, &read] {
        assert_eq!(trained(1, Fit::from(options))?.epochs, 4);
    }
    let refused = json!({ "callbacks": [{ "class_name": "Calls", "config": { "limit": "all" } }] });
    assert!(FitOptions::from_config(refused, &registry).unwrap_err().to_string().contains("a count"));
    let checked = json!({ "callbacks": [{ "class_name": "Calls", "config": { "limit": 100 } }] });
    assert!(FitOptions::from_config(checked, &registry).unwrap_err().to_string().contains("less than 100"));

    let out_of_range = || Fit::new().validation_split(0.25).verbose(0).callback(Calls { limit: 100, made: 0 });
    assert!(trained(1, out_of_range()).unwrap_err().to_string().contains("less than 100"));
    assert!(out_of_range().options().unwrap_err().to_string().contains("less than 100"));

    // One that has the name of one of the crate's is distinguished from it by its mark.
    let own = Registry::<f32>::new().callback("EarlyStopping", |_| Ok(Calls { limit: 2, made: 0 }));
    let callback = json!({ "class_name": "EarlyStopping", "registered_name": "EarlyStopping" });
    let options = json!({ "epochs": 9, "validation_split": 0.25, "verbose": 0, "callbacks": [callback] });
    assert_eq!(trained(1, Fit::from(FitOptions::from_config(options, &own)?))?.epochs, 2);
    let misnamed = Fit::new().validation_split(0.25).verbose(0).callback_item("TerminateOnNan");
    assert!(trained(1, misnamed).unwrap_err().to_string().contains("did you mean \"TerminateOnNaN\"?"));
    let item = callbacks::get("EarlyStopping", json!({ "monitor": "loss", "min_delta": 1e9 }))?;
    assert_eq!(trained(1, Fit::new().epochs(9).validation_split(0.25).verbose(0).callback_item(item))?.epochs, 2);
    Ok(())
}
