//! Compares every loss with Keras's: values and gradients with every reduction, with and without sample weights; and
//! gradients with finite differences.

use crate::golden::{assert_close, cases, flat, matrix, tolerance};
use nalgebra::DMatrix;
use perceptra::losses::{self, Loss};
use perceptra::prelude::*;
use perceptra::{BatchBuffer, Scalar};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The inputs of a case: the loss, targets, predictions and weights.
struct Case<T: Scalar> {
    what: String,
    reduction: String,
    loss: Arc<dyn Loss<T>>,
    y: DMatrix<T>,
    p: DMatrix<T>,
    weights: Option<Vec<T>>,
    value: Vec<f64>,
    gradient: Vec<f64>,
}

impl<T: Scalar> Case<T> {
    fn new(case: &Value) -> Self {
        let (class, reduction) = (case["class"].as_str().unwrap(), case["reduction"].as_str().unwrap());
        let mut config = case["config"].clone();
        config["reduction"] = json!(reduction);
        let weights =
            case["sample_weight"].as_array().map(|weights| weights.iter().flat_map(flat).map(T::of).collect());
        let weighted = if weights.is_some() { "weighted" } else { "unweighted" };
        Case {
            what: format!("{class} {config} {weighted}"),
            reduction: reduction.into(),
            loss: losses::get(class, config).unwrap(),
            y: matrix(&case["y_true"]),
            p: matrix(&case["y_pred"]),
            weights,
            value: flat(&case["value"]),
            gradient: flat(&case["gradient"]),
        }
    }

    /// The loss of each sample.
    fn losses(&self) -> Vec<T> {
        let mut losses = vec![T::zero(); self.p.nrows()];
        let (y, p) = (BatchBuffer::from_matrix(&self.y), BatchBuffer::from_matrix(&self.p));
        self.loss.forward(y.batch(), p.batch(), &mut losses);
        losses
    }

    fn gradient(&self, scale: &[T]) -> DMatrix<T> {
        let (y, p) = (BatchBuffer::from_matrix(&self.y), BatchBuffer::from_matrix(&self.p));
        let mut dp = BatchBuffer::zeros(self.p.nrows(), self.p.ncols());
        self.loss.backward(y.batch(), p.batch(), scale, dp.batch_mut());
        dp.to_matrix()
    }

    /// Value and gradient as training has them.
    ///
    /// A layer without bias that has the predictions as its kernel maps the rows of the identity to them, so the gradient of
    /// the kernel is that of the predictions; a step of plain gradient descent reveals it.
    fn trained(&self) -> perceptra::Result<(f64, DMatrix<T>)> {
        let rows = self.p.nrows();
        // The rate is so large that rounding the kernel affects only digits that are not compared.
        let rate = f64::from(1 << 20);
        let layer = Dense::<T>::new(self.p.ncols(), Linear).use_bias(false).name("layer");
        let optimizer = SGD.learning_rate(rate);
        let mut model = Sequential::default().add(layer).compile(optimizer, self.loss.clone(), ());
        model.build(rows)?;
        model.set_weights("layer", std::slice::from_ref(&self.p))?;
        let x = DMatrix::identity(rows, rows);
        let options = self.weights.as_deref().map_or_else(Fit::new, |weights| Fit::new().sample_weight(weights));
        let logs = model.train_on_batch_with(&x, &self.y, options)?;
        let after = &model.weights("layer")?[0];
        Ok((logs.loss(), (&self.p - after) / T::of(rate)))
    }
}

/// Row after row, as the suites have it.
fn rows<T: Scalar>(matrix: &DMatrix<T>) -> Vec<f64> {
    matrix.transpose().iter().map(|value| value.to_f64()).collect()
}

fn run<T: Scalar>() -> perceptra::Result<usize> {
    let cases = cases("losses");
    for case in &cases {
        let case = Case::<T>::new(case);
        let losses = case.losses();
        let count = losses.len();
        let weights = case.weights.clone().unwrap_or_else(|| vec![T::one(); count]);
        let tolerance = tolerance::<T>();
        if case.reduction == "none" {
            let weighted: Vec<f64> = losses.iter().zip(&weights).map(|(l, w)| l.to_f64() * w.to_f64()).collect();
            // One loss of the whole batch stays one number without weights.
            let shown = &weighted[..case.value.len()];
            assert!(shown.len() == count || case.loss.whole_batch() && weighted.iter().all(|l| *l == weighted[0]));
            assert_close(&case.what, shown, &case.value, tolerance);
            continue;
        }
        let (value, gradient) = case.trained()?;
        assert_close(&case.what, &[value], &case.value, tolerance);
        assert_close(&format!("{}: gradient", case.what), &rows(&gradient), &case.gradient, tolerance);
        // The way without a joined activation, where the reduction does nothing but add.
        if case.reduction == "sum" && (!case.loss.whole_batch() || case.weights.is_some()) {
            let gradient = case.gradient(&weights);
            assert_close(&format!("{}: direct gradient", case.what), &rows(&gradient), &case.gradient, tolerance);
        }
    }
    Ok(cases.len())
}

#[test]
fn values_and_gradients_are_keras_s_in_f64() -> perceptra::Result<()> {
    assert_eq!(run::<f64>()?, 650);
    Ok(())
}

#[test]
fn values_and_gradients_are_keras_s_in_f32() -> perceptra::Result<()> {
    assert_eq!(run::<f32>()?, 650);
    Ok(())
}

#[test]
fn gradients_are_finite_differences() {
    const STEP: f64 = 1e-5;
    let mut classes = BTreeSet::new();
    for case in cases("losses").iter().filter(|case| case["reduction"] == "sum" && case["sample_weight"].is_null()) {
        classes.insert(case["class"].as_str().unwrap().to_string());
        let mut case = Case::<f64>::new(case);
        let scale = [0.5, 2.0, -1.0, 0.75, 1.5, 0.25];
        let gradient = case.gradient(&scale);
        for at in 0..case.p.len() {
            let center = case.p[at];
            let mut moved = |step: f64| {
                case.p[at] = center + step;
                case.losses()
            };
            let (above, below) = (moved(STEP), moved(-STEP));
            case.p[at] = center;
            let slope = (0..6).map(|i| scale[i] * (above[i] - below[i])).sum::<f64>() / (2.0 * STEP);
            let bound = 1e-7 + 1e-7 * slope.abs();
            assert!(
                (gradient[at] - slope).abs() <= bound,
                "{} at {at}: {} instead of {slope}",
                case.what,
                gradient[at]
            );
        }
    }
    assert_eq!(classes.len(), 20, "{classes:?}");
}

#[test]
fn a_saved_description_makes_the_same_loss() {
    for case in cases("losses") {
        let mut case = Case::<f64>::new(&case);
        let before = case.losses();
        case.loss = losses::get(&case.loss.class_name(), case.loss.config().unwrap()).unwrap();
        assert_eq!(before, case.losses(), "{}", case.what);
    }
}

#[test]
fn keras_s_names_stand_for_the_losses() {
    let names = [
        ("BinaryCrossentropy", vec!["binary_crossentropy", "bce", "BCE"]),
        ("BinaryFocalCrossentropy", vec!["binary_focal_crossentropy"]),
        ("CategoricalCrossentropy", vec!["categorical_crossentropy"]),
        ("CategoricalFocalCrossentropy", vec!["categorical_focal_crossentropy"]),
        ("CategoricalGeneralizedCrossEntropy", vec!["categorical_generalized_cross_entropy"]),
        ("CategoricalHinge", vec!["categorical_hinge"]),
        ("CosineSimilarity", vec!["cosine_similarity"]),
        ("Dice", vec!["dice"]),
        ("Hinge", vec!["hinge"]),
        ("Huber", vec!["huber"]),
        ("KLDivergence", vec!["kl_divergence", "kld", "KLD"]),
        ("LogCosh", vec!["log_cosh"]),
        ("MeanAbsoluteError", vec!["mean_absolute_error", "mae", "MAE"]),
        ("MeanAbsolutePercentageError", vec!["mean_absolute_percentage_error", "mape", "MAPE"]),
        ("MeanSquaredError", vec!["mean_squared_error", "mse", "MSE"]),
        ("MeanSquaredLogarithmicError", vec!["mean_squared_logarithmic_error", "msle", "MSLE"]),
        ("Poisson", vec!["poisson"]),
        ("SparseCategoricalCrossentropy", vec!["sparse_categorical_crossentropy"]),
        ("SquaredHinge", vec!["squared_hinge"]),
        ("Tversky", vec!["tversky"]),
    ];
    for (class, others) in names {
        for name in others.into_iter().chain([class]) {
            assert_eq!(losses::get::<f32>(name, Value::Null).unwrap().class_name(), class);
        }
    }
}

#[test]
fn arguments_out_of_range_are_refused_by_name() {
    let wrong = [
        ("Huber", "delta", json!(0.0)),
        ("BinaryCrossentropy", "label_smoothing", json!(1.5)),
        ("BinaryFocalCrossentropy", "alpha", json!(-0.25)),
        ("BinaryFocalCrossentropy", "gamma", json!(-1.0)),
        ("CategoricalFocalCrossentropy", "alpha", json!([0.2, -0.3])),
        ("CategoricalGeneralizedCrossEntropy", "q", json!(1.0)),
        ("Dice", "axis", json!(0)),
        ("Tversky", "beta", json!(-0.5)),
    ];
    for (class, argument, value) in wrong {
        let message = losses::get::<f32>(class, json!({ argument: value })).unwrap().check().unwrap_err().to_string();
        assert!(message.contains(class) && message.contains(argument), "{message}");
    }
}

#[test]
fn a_weight_for_each_class_needs_a_class_for_each_weight() {
    let loss = CategoricalFocalCrossentropy.alpha([0.5, 0.5]);
    let mut model = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam::default(), loss, ());
    let (x, y) = (DMatrix::zeros(3, 2), DMatrix::identity(3, 3));
    let message = model.fit(&x, &y, Fit::new().verbose(0)).unwrap_err().to_string();
    assert!(message.contains("alpha") && message.contains("3 outputs"), "{message}");
}

/// Metrics receive the predictions of the model: logits stay logits.
#[test]
fn metrics_of_a_loss_on_logits_see_the_logits() -> perceptra::Result<()> {
    let layer = Dense::new(1, Linear).use_bias(false).name("layer");
    let loss = BinaryCrossentropy.from_logits(true);
    let mut model = Sequential::new().add(layer).compile(SGD, loss, metrics![BinaryAccuracy]);
    model.build(1)?;
    // The logit 0.3 is below the threshold of 0.5, its probability above.
    model.set_weights("layer", &[DMatrix::from_element(1, 1, 0.3)])?;
    let logs = model.evaluate(&DMatrix::from_element(4, 1, 1.0), &DMatrix::zeros(4, 1))?;
    assert_eq!(logs.get("binary_accuracy"), Some(1.0));
    assert!((logs.loss() - 0.3f64.exp().ln_1p()).abs() < 1e-6);
    Ok(())
}
