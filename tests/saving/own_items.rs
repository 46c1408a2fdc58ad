//! A user's own items in files.

use super::data;
use super::folder::Folder;
use perceptra::activations::Activation;
use perceptra::items::Spec;
use perceptra::layers::{BuiltLayer, InferPass, Layer, TrainPass};
use perceptra::losses::Loss;
use perceptra::metrics::{Metric, MetricState, Width};
use perceptra::optimizers::{LearningRate, Optimizer, Schedule, Step};
use perceptra::prelude::*;
use perceptra::{Batch, BatchMut, Error, Result, Scalar};
use serde_json::{Value, json};

/// `slope·z`
#[derive(Debug)]
struct Slope(f64);

impl Spec for Slope {
    fn config(&self) -> Result<Value> {
        Ok(json!({ "slope": self.0 }))
    }
}

impl<T: Scalar> Activation<T> for Slope {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        a.map_from(z, |z| z * T::of(self.0));
    }

    fn backward(&self, _: Batch<'_, T>, _: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        dz.map_from(da, |da| da * T::of(self.0));
    }
}

/// Hands its input on.
#[derive(Debug)]
struct Through;

impl Spec for Through {
    fn config(&self) -> Result<Value> {
        Ok(Value::Null)
    }
}

struct BuiltThrough(usize);

impl<T: Scalar> Layer<T> for Through {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Box::new(BuiltThrough(inputs)))
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltThrough {
    fn outputs(&self) -> usize {
        self.0
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            dx.copy_from(dy);
        }
    }
}

#[derive(Debug)]
struct HalfSquare;

impl Spec for HalfSquare {
    fn config(&self) -> Result<Value> {
        Ok(json!({}))
    }
}

impl<T: Scalar> Loss<T> for HalfSquare {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        for (i, loss) in losses.iter_mut().enumerate() {
            *loss = (p.at(i, 0) - y.at(i, 0)).powi(2) * T::of(0.5);
        }
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], mut dp: BatchMut<'_, T>) {
        for (i, dp) in dp.column_mut(0).iter_mut().enumerate() {
            *dp = scale[i] * (p.at(i, 0) - y.at(i, 0));
        }
    }
}

#[derive(Debug)]
struct Rows;

impl Spec for Rows {
    fn config(&self) -> Result<Value> {
        Ok(json!({}))
    }
}

#[derive(Default)]
struct Counted(f64);

impl<T: Scalar> Metric<T> for Rows {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(Counted::default()))
    }
}

impl<T: Scalar> MetricState<T> for Counted {
    fn update(&mut self, y: Batch<'_, T>, _: Batch<'_, T>, _: Option<&[T]>) {
        self.0 += y.rows() as f64;
    }

    fn result(&self) -> f64 {
        self.0
    }

    fn reset(&mut self) {
        self.0 = 0.0;
    }
}

/// `w ← w − rate·g`, with a counter.
#[derive(Debug)]
struct Descent(LearningRate);

impl Spec for Descent {
    fn config(&self) -> Result<Value> {
        Ok(json!({ "learning_rate": self.0 }))
    }
}

impl<T: Scalar> Optimizer<T> for Descent {
    fn learning_rate(&self) -> LearningRate {
        self.0.clone()
    }

    fn scalars(&self) -> &'static [(&'static str, f64)] {
        &[("count", 0.0)]
    }

    fn update_scalars(&self, _: u64, _: usize, scalars: &mut [f64]) {
        scalars[0] += 0.1;
    }

    fn step(&self, step: Step<'_, T>) {
        let rate = T::of(step.learning_rate / (1.0 + step.scalars[0]));
        for (w, &g) in step.weights.iter_mut().zip(step.gradients) {
            *w -= rate * g;
        }
    }
}

#[derive(Debug)]
struct Harmonic(f64);

impl Spec for Harmonic {
    fn config(&self) -> Result<Value> {
        Ok(json!({ "first": self.0 }))
    }
}

impl Schedule for Harmonic {
    fn at(&self, step: u64) -> f64 {
        self.0 / (1.0 + step as f64)
    }
}

fn registry() -> Registry {
    let number = |config: &Value, key: &str| config[key].as_f64().unwrap_or(f64::NAN);
    Registry::new()
        .activation("Slope", move |config| Ok(Slope(number(&config, "slope"))))
        .layer("Through", |_| Ok(Through))
        .loss("HalfSquare", |_| Ok(HalfSquare))
        .metric("Rows", |_| Ok(Rows))
        .optimizer("Descent", |config| {
            let rate = serde_json::from_value(config["learning_rate"].clone())
                .map_err(|error| Error::Configuration { item: "Descent".into(), reason: error.to_string() })?;
            Ok(Descent(rate))
        })
        .schedule("Harmonic", move |config| Ok(Harmonic(number(&config, "first"))))
}

#[test]
fn own_items_of_every_kind_go_on() -> Result<()> {
    let folder = Folder::new("own-items");
    let (x, y) = data(60);
    let mut model = Sequential::new()
        .add(Dense::new(4, Slope(0.5)))
        .add(Through)
        .add(Dense::new(1, Linear))
        .seed(3)
        .compile(Descent(Harmonic(0.2).into()), HalfSquare, metrics![Rows]);
    model.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    model.save(folder.file("model"))?;
    let error = Model::load(folder.file("model")).unwrap_err();
    assert!(matches!(&error, Error::Unknown { name, .. } if name == "Slope"), "{error}");
    let mut loaded = Model::load_with(folder.file("model"), &registry())?;
    let fit = || Fit::new().initial_epoch(2).epochs(4).verbose(0);
    let history = loaded.fit(&x, &y, fit())?;
    model.fit(&x, &y, fit())?;
    assert_eq!(loaded.network()?.flat_weights(), model.network()?.flat_weights());
    assert_eq!(loaded.learning_rate()?, model.learning_rate()?);
    assert_eq!(history.get("rows").unwrap(), [60.0, 60.0]);
    // The registry has no effect after the call.
    assert!(Model::load(folder.file("model")).is_err());
    Ok(())
}

#[test]
fn errors_of_a_user_defined_item_are_passed_on() {
    let text = r#"{"class_name": "Sequential", "config": {"layers": [{"class_name": "Through"}]}}"#;
    let registry = Registry::<f32>::new().layer("Through", |_| -> Result<Through> { Err(Error::NoLayers) });
    assert!(matches!(Sequential::from_json_with(text, &registry), Err(Error::NoLayers)));
    // An item that is not marked as user-defined is the crate's, if the crate has one with this name.
    let dense = |mark: &str| {
        format!(r#"{{"class_name": "Sequential", "config": {{"layers": [{{"class_name": "Dense"{mark}}}]}}}}"#)
    };
    let registry = Registry::<f32>::new().layer("Dense", |_| Ok(Through));
    let error = Sequential::from_json_with(&dense(""), &registry).unwrap_err().to_string();
    assert!(error.contains("lacks \"units\""), "{error}");
    assert!(Sequential::from_json_with(&dense(r#", "registered_name": "Dense""#), &registry).is_ok());
}
