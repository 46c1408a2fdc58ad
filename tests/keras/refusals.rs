//! Layers and options of Keras without a counterpart are rejected with their class and position.

use super::fixtures::fixture;
use perceptra::activations::Gelu;
use perceptra::layers::Lambda;
use perceptra::prelude::*;
use perceptra::saving::keras;
use serde_json::{Value, json};

/// The message about a description.
fn refusal(model: &Value) -> String {
    keras::model_from_json::<f32>(&model.to_string()).unwrap_err().to_string()
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{message:?} should say {part:?}");
    }
}

#[test]
fn models_of_keras_are_refused_by_class_and_place() {
    let models: Value = serde_json::from_slice(&std::fs::read(fixture("refused.json")).unwrap()).unwrap();
    says(&refusal(&models["convolution"]), &["reshape (layer 1", "Reshape has no counterpart"]);
    says(
        &refusal(&models["branching"]),
        &["sum (layer 2", "the output of the layer before it is not the only input of Add"],
    );
    says(&refusal(&models["mixed"]), &["half (layer 1", "mixed_float16"]);
}

fn sequential(layers: Value) -> Value {
    json!({ "module": "keras", "class_name": "Sequential", "config": { "name": "sequential", "layers": layers } })
}

fn layer(class: &str, config: Value) -> Value {
    sequential(json!([
        { "module": "keras.layers", "class_name": "InputLayer", "config": { "name": "in", "batch_shape": [null, 3] } },
        { "module": "keras.layers", "class_name": class, "config": config, "registered_name": null },
    ]))
}

#[test]
fn an_unknown_key_is_ignored_where_it_is_unused_and_named_otherwise() {
    let input = |key: &str, value: Value| {
        sequential(json!([
            { "class_name": "InputLayer", "config": { "name": "in", "batch_shape": [null, 3], (key): value } },
        ]))
    };
    let dense = |key: &str, value: Value| layer("Dense", json!({ "name": "d", "units": 2, (key): value }));
    let spread = |key: &str, value: Value| {
        let spread = json!({ "class_name": "HeNormal", "config": { (key): value } });
        layer("Dense", json!({ "name": "d", "units": 2, "kernel_initializer": spread }))
    };
    for unused in [Value::Null, json!(false)] {
        for model in [input("later", unused.clone()), dense("later", unused.clone()), spread("later", unused)] {
            assert!(keras::model_from_json::<f32>(&model.to_string()).is_ok(), "{model}");
        }
    }
    says(&refusal(&input("sparse", json!(true))), &["in (layer 0", "InputLayer", "\"sparse\": true"]);
    says(&refusal(&dense("unit", json!(3))), &["d (layer 1", "Dense", "\"unit\": 3 has no counterpart here"]);
    says(&refusal(&spread("seeds", json!(3))), &["d (layer 1", "HeNormal", "\"seeds\": 3 has no counterpart here"]);
}

#[test]
fn layers_and_arguments_without_a_counterpart_are_named() {
    let code = json!({ "name": "closure", "function": { "class_name": "__lambda__", "config": { "code": "4wEAAA" } } });
    says(&refusal(&layer("Lambda", code)), &["closure (layer 1", "Lambda has no counterpart"]);
    says(&refusal(&layer("Conv2D", json!({ "name": "conv" }))), &["conv (layer 1", "Conv2D has no counterpart"]);
    let lora = json!({ "name": "d", "units": 2, "lora_rank": 4 });
    says(&refusal(&layer("Dense", lora)), &["d (layer 1", "Dense", "lora_rank"]);
    let renorm = json!({ "name": "b", "renorm": true });
    says(&refusal(&layer("BatchNormalization", renorm)), &["b (layer 1", "renorm"]);
    let glu = json!({ "name": "d", "units": 2, "activation": "glu" });
    says(&refusal(&layer("Dense", glu)), &["d (layer 1", "activation", "glu"]);
    let spread = json!({ "module": "keras.initializers", "class_name": "HeNormal", "config": { "spread": 2 } });
    let spread = json!({ "name": "d", "units": 2, "kernel_initializer": spread });
    says(&refusal(&layer("Dense", spread)), &["d (layer 1", "HeNormal", "spread"]);
    let own = json!([{ "module": "mine", "class_name": "Dense", "config": {}, "registered_name": "Mine>Dense" }]);
    says(&refusal(&sequential(own)), &["Mine>Dense", "Registry"]);
    let mine = json!([{ "class_name": "MyDense", "config": { "name": "mine" } }]);
    says(
        &refusal(&sequential(mine)),
        &["mine (layer 0", "MyDense has no counterpart", "Registry", "load_network_with"],
    );
    let first = json!({ "name": "dense_1", "output_dim": 3, "init": "glorot_uniform", "activation": "relu" });
    says(&refusal(&layer("Dense", first)), &["dense_1 (layer 1", "written by Keras 1", "save it again"]);
    let images = json!([{ "class_name": "InputLayer", "config": { "name": "in", "batch_shape": [null, 28, 28] } }]);
    says(&refusal(&sequential(images)), &["in (layer 0", "[null,28,28]", "expected [null, columns]"]);
}

#[test]
fn unknown_arguments_that_are_not_used_are_ignored_and_others_named_with_the_version() {
    let text = |class: &str, config: Value| {
        let mut model = layer(class, config);
        model["keras_version"] = json!("3.99.0");
        model.to_string()
    };
    let unused = json!({ "name": "d", "units": 2, "later": null, "latest": false, "dtype": "float32", "activation":
        { "class_name": "ReLU", "config": { "name": "r", "trainable": true, "max_value": 6.0, "later": null } } });
    let read = keras::model_from_json::<f32>(&text("Dense", unused)).unwrap();
    assert_eq!(read.build(3).unwrap().count_params(), 8);
    for (class, config, item) in [
        ("Dense", json!({ "name": "d", "units": 2, "later": 7 }), "Dense"),
        ("Softmax", json!({ "name": "d", "later": 7 }), "Softmax"),
        (
            "Dense",
            json!({ "name": "d", "units": 2, "bias_initializer": { "class_name": "Zeros", "config": { "later": 7 } } }),
            "Zeros",
        ),
    ] {
        let message = keras::model_from_json::<f32>(&text(class, config)).unwrap_err().to_string();
        says(&message, &["d (layer 1", item, "\"later\": 7 in a file of Keras 3.99.0 has no counterpart here"]);
    }
}

#[test]
fn texts_that_are_no_model_are_refused() {
    let deep = "[".repeat(100_000);
    for text in ["", "{}", "[]", "null", "{\"class_name\": \"Sequential\"}", &deep] {
        assert!(keras::model_from_json::<f32>(text).is_err());
    }
}

#[test]
fn models_that_keras_s_files_cannot_represent_are_not_written() {
    let refused = |model: Sequential| keras::to_json(&model.build(2).unwrap()).unwrap_err().to_string();
    let closure = Sequential::new().add(Dense::new(2, Relu)).add(Lambda::new(|x, mut y| y.copy_from(x)));
    says(&refused(closure), &["Lambda (layer 1)", "cannot be saved"]);
    let argument = Sequential::new().add(Dense::new(2, Gelu.approximate(true)));
    says(&refused(argument), &["gelu in Dense (layer 0)", "no place"]);
    let optimizer = Adam.exclude_from_weight_decay(["bias"]).weight_decay(0.1);
    let model = Sequential::new().add(Dense::new(1, Relu)).build(2).unwrap().compile(optimizer, "mse", ());
    says(&keras::to_json(&model).unwrap_err().to_string(), &["Adam", "exclude_from_weight_decay"]);
}
