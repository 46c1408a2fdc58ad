//! User-defined items with the class names of the crate's: neither is ever taken for the other.

use nalgebra::DMatrix;
use perceptra::activations::Activation;
use perceptra::initializers::{Initializer, Shape};
use perceptra::items::Spec;
use perceptra::models::Registry;
use perceptra::optimizers::schedules::Schedule;
use perceptra::prelude::*;
use perceptra::{Batch, BatchMut, Error, Random, Result, Scalar};
use serde_json::{Value, json};

/// `-z`, under the name of another activation.
#[derive(Debug)]
struct Negative;

/// An initializer that returns twos, with the name of another one.
#[derive(Debug)]
struct Twos;

/// A half, under the name of another schedule.
#[derive(Debug)]
struct Half;

macro_rules! called {
    ($($item:ident: $name:literal),*) => {
        $(impl Spec for $item {
            fn class_name(&self) -> String {
                $name.into()
            }

            fn config(&self) -> Result<Value> {
                Ok(json!({}))
            }
        })*
    };
}

called!(Negative: "relu", Twos: "Zeros", Half: "CosineDecay");

impl<T: Scalar> Activation<T> for Negative {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        a.map_from(z, |z| -z);
    }

    fn backward(&self, _z: Batch<'_, T>, _a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        dz.map_from(da, |da| -da);
    }
}

impl<T: Scalar> Initializer<T> for Twos {
    fn fill(&self, values: &mut [T], _shape: Shape, _random: &mut Random) {
        values.fill(T::of(2.0));
    }
}

impl Schedule for Half {
    fn at(&self, _step: u64) -> f64 {
        0.5
    }
}

fn registry() -> Registry {
    Registry::new()
        .activation("relu", |_| Ok(Negative))
        .initializer("Zeros", |_| Ok(Twos))
        .schedule("CosineDecay", |_| Ok(Half))
}

fn user_defined() -> Sequential {
    let layer = Dense::new(1, Negative).kernel_initializer("ones").bias_initializer(Twos);
    Sequential::new().add(Input::new(1)).add(layer)
}

fn of_the_crate() -> Sequential {
    let layer = Dense::new(1, "relu").kernel_initializer("ones").bias_initializer("zeros");
    Sequential::new().add(Input::new(1)).add(layer)
}

fn output(layers: Sequential) -> Result<f32> {
    Ok(layers.build(1)?.predict(&DMatrix::from_element(1, 1, 1.0))?[(0, 0)])
}

fn unknown<V>(read: Result<V>) {
    let error = read.map(drop).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, Error::Unknown { .. }), "{message}");
    assert!(message.contains("user-defined") && message.contains("Registry"), "{message}");
}

#[test]
fn a_json_text_distinguishes_them() -> Result<()> {
    let (custom, known) = (user_defined().to_json()?, of_the_crate().to_json()?);
    unknown(Sequential::<f32>::from_json(&custom));
    assert_eq!(output(Sequential::from_json_with(&custom, &registry())?)?, -3.0);
    for text in [known.clone(), known.replace(r#"{"class_name":"relu","config":{}}"#, r#""relu""#)] {
        assert_eq!(output(Sequential::from_json_with(&text, &registry())?)?, 1.0);
    }
    Ok(())
}

#[test]
fn a_file_distinguishes_them() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("perceptra-same-names-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
    let path = folder.join("model.safetensors");
    let compiled = |layers: Sequential| layers.compile(SGD.learning_rate(Half), MeanSquaredError, ());
    compiled(user_defined()).save(&path)?;
    unknown(Model::<f32>::load(&path));
    // An item that is missing in the registry is not replaced by one of the crate.
    let without_schedule =
        Registry::<f32>::new().activation("relu", |_| Ok(Negative)).initializer("Zeros", |_| Ok(Twos));
    unknown(Model::load_with(&path, &without_schedule));
    let again = folder.join("again.safetensors");
    Model::load_with(&path, &registry())?.save(&again)?;
    let bytes = |path| std::fs::read(path).unwrap();
    assert_eq!(bytes(&path), bytes(&again));
    let known = of_the_crate().compile(SGD.learning_rate(CosineDecay::new(0.1, 10)), MeanSquaredError, ());
    known.save(&path)?;
    Model::load_with(&path, &registry())?.save(&again)?;
    assert_eq!(bytes(&path), bytes(&again));
    std::fs::remove_dir_all(&folder).map_err(|source| Error::Io { path: folder, source })
}

#[cfg(feature = "keras")]
#[test]
fn keras_s_json_distinguishes_them() -> Result<()> {
    use perceptra::saving::keras;
    let layers = |layer: Dense| Sequential::new().add(Input::new(1)).add(layer.kernel_initializer("ones"));
    let text = keras::to_json(&layers(Dense::new(1, Linear).bias_initializer(Twos)).build(1)?)?;
    assert!(text.contains(r#""registered_name":"Custom>Zeros""#), "{text}");
    assert!(keras::model_from_json::<f32>(&text).is_err());
    assert_eq!(output(keras::model_from_json_with(&text, &registry())?)?, 3.0);
    let text = keras::to_json(&layers(Dense::new(1, Linear).bias_initializer("zeros")).build(1)?)?;
    assert_eq!(output(keras::model_from_json_with(&text, &registry())?)?, 1.0);
    Ok(())
}
