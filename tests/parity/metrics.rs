//! Every metric after each of three batches and after a reset, and its direction, as Keras has them.

use crate::golden::{assert_close, cases, flat, matrix, tolerance};
use perceptra::metrics::{self, Direction, MetricState, Width};
use perceptra::{BatchBuffer, Scalar};
use serde_json::Value;

/// One batch of a case. The values of Mean and Sum are the predictions here.
struct Update<T: Scalar> {
    y: BatchBuffer<T>,
    p: BatchBuffer<T>,
    weights: Option<Vec<T>>,
}

impl<T: Scalar> Update<T> {
    fn read(update: &Value) -> Self {
        let table = |key: &str| update.get(key).map(|rows| BatchBuffer::from_matrix(&matrix::<T>(rows)));
        let p = table("y_pred").or_else(|| table("values")).expect("predictions or values");
        let weights = &update["sample_weight"];
        Update {
            y: table("y_true").unwrap_or_else(|| p.clone()),
            p,
            weights: (!weights.is_null()).then(|| flat(weights).into_iter().map(T::of).collect()),
        }
    }

    fn feed(&self, state: &mut dyn MetricState<T>) {
        state.update(self.y.batch(), self.p.batch(), self.weights.as_deref());
    }
}

fn run<T: Scalar>() {
    let cases = cases("metrics");
    assert_eq!(cases.len(), 438);
    for (number, case) in cases.iter().enumerate() {
        let class = case["class"].as_str().expect("a class");
        let what = format!("case {number}, {class} {}", case["config"]);
        let metric = metrics::get::<T>(class, case["config"].clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let direction = match metric.direction() {
            Some(Direction::Up) => Value::from("up"),
            Some(Direction::Down) => Value::from("down"),
            None => Value::Null,
        };
        assert_eq!(direction, case["direction"], "{what}");

        let updates: Vec<Update<T>> =
            case["updates"].as_array().expect("updates").iter().map(Update::<T>::read).collect();
        let width = Width { targets: updates[0].y.batch().columns(), outputs: updates[0].p.batch().columns() };
        let mut state = metric.start(width).unwrap_or_else(|error| panic!("{what}: {error}"));
        for (step, update) in updates.iter().enumerate() {
            update.feed(state.as_mut());
            let golden = flat(&case["results"][step]);
            assert_close(&format!("{what}, batch {step}"), &state.results(), &golden, tolerance::<T>());
            assert_eq!(state.result(), state.results()[0], "{what}");
        }
        state.reset();
        updates[0].feed(state.as_mut());
        assert_close(&format!("{what}, reset"), &state.results(), &flat(&case["after_reset"]), tolerance::<T>());
    }
}

#[test]
fn f64_is_keras() {
    run::<f64>();
}

#[test]
fn f32_is_keras() {
    run::<f32>();
}
