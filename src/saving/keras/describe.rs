//! A model as Keras describes one.

use super::beyond_keras;
use super::family::{KerasFamily, object};
use super::items::{self, LearnedState, Rank};
use super::rank;
use crate::engine::{Architecture, Network};
use crate::items::ItemConfig;
use crate::metrics;
use crate::optimizers::LearningRate;
use crate::saving::native::Contents;
use crate::{Error, Result, Scalar, losses, memory};
use serde_json::{Value, json};

/// The name of the model; Keras's default.
pub(super) const NAME: &str = "sequential";

/// A layer in the form of Keras, followed by a `Flatten` if its output has three dimensions there.
pub(super) struct WrittenLayer {
    pub(super) class: String,
    object: Value,
    flattened: Option<String>,
}

/// The policy that determines in which numbers Keras computes.
fn policy<T: Scalar>() -> Value {
    object("keras".into(), items::POLICY, json!({ "name": T::DTYPE.name() }), Value::Null)
}

/// The JSON object of a model.
pub(super) fn model<T: Scalar>(contents: &Contents<'_, T>) -> Result<Value> {
    let network = contents.network;
    let architecture =
        contents.architecture.clone().or_else(|| network.map(Network::described)).ok_or(Error::NotBuilt)?;
    let inputs = network.map(Network::inputs).or(architecture.declared_inputs());
    let written = layers(&architecture, network)?;
    let mut layers = Vec::new();
    // Keras's layers need no shape that the first one declares.
    if let (Some(inputs), true) = (inputs, written.first().is_none_or(|first| !items::layer(&first.class).is_input)) {
        let takes_integers = written.first().is_some_and(|first| items::layer(&first.class).takes_integers);
        layers.push(input("input_layer", inputs, takes_integers));
    }
    let second = written.get(1).is_some_and(|second| items::layer(&second.class).takes_integers);
    for (index, layer) in written.into_iter().enumerate() {
        layers.push(match (items::layer(&layer.class).is_input, inputs) {
            (true, Some(inputs)) => {
                let name = layer.object.pointer("/config/name").and_then(Value::as_str).unwrap_or("input_layer");
                input(name, inputs, index == 0 && second)
            }
            _ => layer.object,
        });
        layers.extend(layer.flattened.map(|name| {
            let config = json!({ "name": name, "trainable": true, "dtype": policy::<T>() });
            object("keras.layers".into(), items::FLATTEN, config, Value::Null)
        }));
    }
    let mut config = json!({ "name": NAME, "trainable": true, "dtype": policy::<T>(), "layers": layers });
    let mut build = Value::Null;
    if let (Some(inputs), Value::Object(config)) = (inputs, &mut config) {
        config.insert("build_input_shape".into(), json!([null, inputs]));
        build = json!({ "input_shape": [null, inputs] });
    }
    let mut model = object("keras".into(), items::SEQUENTIAL, config, Value::Null);
    if let Value::Object(model) = &mut model {
        if !build.is_null() {
            model.insert("build_config".into(), build);
        }
        model.insert("compile_config".into(), compile(contents, network)?);
    }
    Ok(model)
}

fn input(name: &str, columns: usize, integers: bool) -> Value {
    let dtype = if integers { "int64" } else { "float32" };
    let config =
        json!({ "batch_shape": [null, columns], "dtype": dtype, "sparse": false, "ragged": false, "name": name });
    object("keras.layers".into(), items::INPUT, config, Value::Null)
}

/// The layers with their names and whether they are trained now, one for each of the model's.
fn layers<T: Scalar>(architecture: &Architecture<T>, network: Option<&Network<T>>) -> Result<Vec<WrittenLayer>> {
    let states: Option<Vec<(String, bool)>> = network.map(|network| network.layer_states().collect());
    let mut written = Vec::new();
    for (place, layer) in architecture.layers.iter().enumerate() {
        let class = layer.class_name();
        let named = |error: Error| match error {
            Error::NotSerializable { item, reason } if item == class => {
                Error::NotSerializable { item: format!("{item} (layer {place})"), reason }
            }
            Error::NotSerializable { item, reason } => {
                Error::NotSerializable { item: format!("{item} in {class} (layer {place})"), reason }
            }
            other => other,
        };
        let ItemConfig { config, registered_name, .. } = ItemConfig::of(&**layer).map_err(named)?;
        let columns = place.checked_sub(1).map_or_else(
            || network.map_or(1, Network::inputs),
            |before| network.map_or(1, |network| network.outputs_of(before)),
        );
        let next = architecture.layers.get(place + 1);
        let followed = next.is_some_and(|next| items::layer_of(&**next).rank == Rank::Flattens);
        let item = items::layer_of(&**layer);
        let deep = registered_name.is_none() && rank::is_deep(&class, &config, columns);
        if let Some(reason) = item.never_deep.filter(|_| deep) {
            return Err(Error::NotSerializable { item: format!("{class} (layer {place})"), reason: reason.into() });
        }
        let mut object = match item.is_input {
            true => object("keras.layers".into(), &class, config, Value::Null),
            false => {
                let config = if registered_name.is_some() { config } else { arguments::<T>(&class, config, columns)? };
                let item = ItemConfig { class_name: class.clone(), config, registered_name };
                KerasFamily::Layer.write::<T>(item).map_err(named)?
            }
        };
        let name = states.as_ref().and_then(|states| states.get(place));
        if let Some(Value::Object(config)) = object.get_mut("config") {
            if let Some((name, trainable)) = name {
                config.insert("name".into(), name.as_str().into());
                config.insert("trainable".into(), (*trainable).into());
            }
            if !item.takes_trainable {
                config.remove("trainable");
            }
            if !item.is_input {
                config.insert("dtype".into(), policy::<T>());
            }
        }
        if let (Value::Object(object), Some(network)) = (&mut object, network)
            && network.variables().iter().any(|variable| variable.layer == place)
        {
            object.insert("build_config".into(), json!({ "input_shape": [null, columns] }));
        }
        let flattened =
            (deep && !followed).then(|| format!("{}_flatten", name.map_or(class.as_str(), |(name, _)| name)));
        written.push(WrittenLayer { class, object, flattened });
    }
    Ok(written)
}

/// The arguments in Keras's form, where Keras accepts fewer forms than this crate.
fn arguments<T: Scalar>(class: &str, config: Value, columns: usize) -> Result<Value> {
    let Value::Object(mut arguments) = config else { return Ok(config) };
    if items::layer(class).learned == LearnedState::Moments {
        super::moments::round::<T>(&mut arguments)
            .map_err(|reason| Error::NotSerializable { item: class.into(), reason })?;
        // Both must have the same shape there.
        let both = ["mean", "variance"].map(|name| arguments.get(name).is_some_and(Value::is_array));
        for (name, _) in ["mean", "variance"].iter().zip(both).filter(|(_, is_list)| !is_list && both.contains(&true)) {
            if let Some(number) = arguments.get(*name).cloned() {
                let each = memory::filled(number, &[columns]).map_err(|lack| {
                    lack.error(class, format!("{name} of {columns} columns"), "declare fewer columns")
                })?;
                arguments.insert((*name).to_string(), each.into());
            }
        }
    }
    Ok(arguments.into())
}

/// The arguments of Keras's `compile`; `null` for a network, which is not compiled.
fn compile<T: Scalar>(contents: &Contents<'_, T>, network: Option<&Network<T>>) -> Result<Value> {
    let Some((optimizer, measures)) = &contents.compiled else { return Ok(Value::Null) };
    let optimizer = optimizer.checked()?;
    let mut item = ItemConfig::of(&*optimizer)?;
    let is_built_in = item.registered_name.is_none();
    if let (Value::Object(config), Some(state)) = (&mut item.config, contents.optimizer_state)
        && let (LearningRate::Constant(_), LearningRate::Constant(rate)) =
            (optimizer.learning_rate(), &state.learning_rate)
    {
        config.insert("learning_rate".into(), json!(rate));
    }
    let mut written = KerasFamily::Optimizer.write::<T>(item)?;
    let of_keras = written.get_mut("config").filter(|_| is_built_in);
    if let Some(argument) = of_keras.and_then(|config| beyond_keras::take(config).into_iter().next()) {
        return Err(Error::NotSerializable {
            item: optimizer.class_name(),
            reason: format!("a Keras file has no place for {argument}; save only the network, or leave it out"),
        });
    }
    let outputs = network.map_or(1, Network::outputs);
    let list = |list: &[crate::items::Item<dyn metrics::Metric<T>>]| -> Result<Vec<Value>> {
        list.iter().map(|metric| write_metric(&*metric.checked()?, outputs)).collect()
    };
    let loss = measures.loss.checked()?;
    let loss = match ItemConfig::of(&*loss)? {
        ItemConfig { class_name, registered_name: None, .. } if losses::is_by_shape(&class_name) => class_name.into(),
        item => KerasFamily::Loss.write::<T>(item)?,
    };
    Ok(json!({
        "optimizer": written,
        "loss": loss,
        "loss_weights": null,
        "metrics": list(measures.metrics)?,
        "weighted_metrics": list(measures.weighted_metrics)?,
        "run_eagerly": false,
        "steps_per_execution": 1,
        "jit_compile": false,
    }))
}

/// A metric; those that choose by the shapes are names in Keras, and have no other name there.
fn write_metric<T: Scalar>(metric: &dyn metrics::Metric<T>, outputs: usize) -> Result<Value> {
    let item = ItemConfig::of(metric)?;
    let by_outputs = items::metric_by_outputs(&item.class_name).filter(|_| item.registered_name.is_none());
    let Some(by_outputs) = by_outputs else { return KerasFamily::Metric.write::<T>(item) };
    let class = item.class_name;
    let key = metric.key();
    if metrics::plain(&key) == class {
        return Ok(key.into());
    }
    let class = if outputs == 1 { by_outputs.one } else { by_outputs.several };
    let config = json!({ "name": key });
    KerasFamily::Metric.write::<T>(ItemConfig { class_name: class.into(), config, registered_name: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::IntoItem;
    use crate::layers::Dense;
    use crate::models::Sequential;
    use crate::prelude::{Adam, Linear, MeanSquaredError};

    #[test]
    fn optimizers_are_written_with_keras_s_arguments_only() -> Result<()> {
        let written = |optimizer: crate::items::Item<dyn crate::optimizers::Optimizer<f32>>| {
            let model = Sequential::new().add(Dense::new(1, Linear)).compile(optimizer, MeanSquaredError, ());
            compile(&model.contents(), None).map(|written| written["optimizer"]["config"].clone())
        };
        let mut count = 0;
        for entry in crate::optimizers::all::<f32>() {
            let config = written((entry.make)(Value::Null)?.into())?;
            assert!(config["learning_rate"].is_number(), "{}", entry.name);
            for name in ["epsilon_in_root", "exclude_from_weight_decay", "product_per_variable", "schedule_decay"] {
                assert!(config.get(name).is_none(), "{}: {name}", entry.name);
            }
            count += 1;
        }
        assert_eq!(count, 14);
        let error = written(Adam.exclude_from_weight_decay(["bias"]).into_item()).unwrap_err();
        assert!(error.to_string().contains("no place for exclude_from_weight_decay"), "{error}");
        Ok(())
    }
}
