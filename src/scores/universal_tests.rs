//! Properties that hold for every score.

use super::{Score, ScoreInput, Task, Truth, get, names, score_of};
use crate::dmatrix;
use crate::error::Error;
use nalgebra::DMatrix;
use serde_json::{Value, json};
use std::sync::Arc;

/// Truth of a task, its rows chosen and repeated.
struct Data {
    task: Task,
    labels: Vec<usize>,
    truth: DMatrix<f64>,
    prediction: DMatrix<f64>,
    weights: Option<Vec<f64>>,
}

impl Data {
    fn input(&self) -> ScoreInput<'_> {
        let truth = match self.task {
            Task::Binary => Truth::Classes { labels: &self.labels, n_classes: 2 },
            Task::Multiclass => Truth::Classes { labels: &self.labels, n_classes: 4 },
            Task::Multilabel => Truth::Indicators(&self.truth),
            Task::Regression | Task::MultiRegression => Truth::Numbers(&self.truth),
        };
        ScoreInput { weights: self.weights.as_deref(), ..ScoreInput::new(truth, &self.prediction) }
    }

    fn rows(&self, rows: &[usize]) -> Data {
        Data {
            task: self.task,
            labels: rows.iter().map(|row| self.labels[*row]).collect(),
            truth: self.truth.select_rows(rows),
            prediction: self.prediction.select_rows(rows),
            weights: self.weights.as_ref().map(|weights| rows.iter().map(|row| weights[*row]).collect()),
        }
    }

    fn predicted(&self, prediction: DMatrix<f64>) -> Data {
        Data { prediction, labels: self.labels.clone(), truth: self.truth.clone(), weights: None, ..*self }
    }
}

const ROWS: usize = 24;

/// Some number in `(0, 1)` for each place.
fn number(row: usize, column: usize) -> f64 {
    ((row * 29 + column * 17 + 5) % 53 + 1) as f64 / 55.0
}

/// Imperfect predictions, and the perfect ones.
fn data(task: Task) -> (Data, DMatrix<f64>) {
    let labels: Vec<usize> = (0..ROWS)
        .map(|row| match task {
            Task::Binary => usize::from(row % 3 == 0),
            _ => [0, 1, 2, 3, 1, 0][row % 6],
        })
        .collect();
    let indicator = |is: bool| f64::from(u8::from(is));
    let (truth, perfect, prediction) = match task {
        Task::Binary => {
            let truth = DMatrix::from_fn(ROWS, 1, |row, _| labels[row] as f64);
            (truth.clone(), truth, DMatrix::from_fn(ROWS, 1, number))
        }
        Task::Multiclass => {
            let truth = DMatrix::from_fn(ROWS, 4, |row, class| indicator(labels[row] == class));
            let mut prediction = DMatrix::from_fn(ROWS, 4, number);
            prediction.row_iter_mut().for_each(|mut row| {
                let sum = row.sum();
                row /= sum;
            });
            (truth.clone(), truth, prediction)
        }
        Task::Multilabel => {
            let truth = DMatrix::from_fn(ROWS, 3, |row, label| indicator((row + label) % (label + 2) == 0));
            (truth.clone(), truth, DMatrix::from_fn(ROWS, 3, number))
        }
        Task::Regression | Task::MultiRegression => {
            let outputs = if task == Task::Regression { 1 } else { 2 };
            let truth = DMatrix::from_fn(ROWS, outputs, |row, output| 3.0 * number(row + 7, output) - 1.0);
            (
                truth.clone(),
                truth.clone(),
                truth + DMatrix::from_fn(ROWS, outputs, |row, output| number(row, output) - 0.4),
            )
        }
    };
    (Data { task, labels, truth, prediction, weights: None }, perfect)
}

/// Every score with arguments for the task, with the tasks that it fits.
fn fitting(check: impl Fn(&Arc<dyn Score>, Task)) {
    let mut checked = 0;
    for name in names() {
        let tasks = get(name, Value::Null).unwrap().tasks();
        assert!(!tasks.is_empty(), "{name}");
        for task in tasks {
            let binary = task == Task::Binary;
            let configs = match name {
                "precision" | "recall" | "f_beta" if binary => vec![Value::Null, json!({ "average": "macro" })],
                "precision" | "recall" | "f_beta" | "average_precision" => {
                    ["macro", "micro", "weighted"].map(|average| json!({ "average": average })).to_vec()
                }
                "roc_auc" if task == Task::Multiclass => [("ovr", "macro"), ("ovr", "micro"), ("ovo", "weighted")]
                    .map(|(kind, average)| json!({ "multi_class": kind, "average": average }))
                    .to_vec(),
                "cohen_kappa" => ["none", "linear", "quadratic"].map(|weights| json!({ "weights": weights })).to_vec(),
                "balanced_accuracy" => [false, true].map(|adjusted| json!({ "adjusted": adjusted })).to_vec(),
                "r2" | "explained_variance" => {
                    ["uniform_average", "variance_weighted"].map(|of| json!({ "multi_output": of })).to_vec()
                }
                "pinball_loss" => [0.1, 0.5, 0.9].map(|quantile| json!({ "quantile": quantile })).to_vec(),
                _ => vec![Value::Null],
            };
            for config in configs {
                check(&get(name, config).unwrap(), task);
                checked += 1;
            }
        }
    }
    assert!(names().len() == 22 && checked > 60, "{} scores, {checked} checks", names().len());
}

fn value_of(score: &Arc<dyn Score>, input: &ScoreInput<'_>) -> f64 {
    score_of(score.clone(), input).unwrap_or_else(|error| panic!("{}: {error}", score.name()))
}

#[test]
fn a_perfect_prediction_scores_best() {
    fitting(|score, task| {
        let (data, perfect) = data(task);
        let best = value_of(score, &data.predicted(perfect.clone()).input());
        let mixed = data.predicted(0.5 * &data.prediction + 0.5 * perfect);
        for worse in [value_of(score, &data.input()), value_of(score, &mixed.input())] {
            let (high, low) = if score.greater_is_better() { (best, worse) } else { (worse, best) };
            assert!(high >= low - 1e-12, "{} of {task}: {best}, {worse}", score.name());
        }
        assert_ne!(best, value_of(score, &data.input()), "{} of {task}", score.name());
        let expected = if score.greater_is_better() { 1.0 } else { 0.0 };
        assert!((best - expected).abs() < 1e-12, "{} of {task}: {best}", score.name());
    });
}

#[test]
fn the_order_of_rows_does_not_count() {
    fitting(|score, task| {
        let (mut data, _) = data(task);
        data.weights = Some((0..ROWS).map(|row| number(row, 3)).collect());
        let order: Vec<usize> = (0..ROWS).map(|row| (row * 7 + 3) % ROWS).collect();
        let (found, expected) = (value_of(score, &data.rows(&order).input()), value_of(score, &data.input()));
        assert!((found - expected).abs() < 1e-12, "{} of {task}: {found}, {expected}", score.name());
    });
}

#[test]
fn a_weight_of_two_is_two_rows_and_of_zero_none() {
    fitting(|score, task| {
        let (mut data, _) = data(task);
        let count = |row: usize| [1, 2, 1, 0, 2, 1, 1][row % 7];
        let rows: Vec<usize> = (0..ROWS).flat_map(|row| vec![row; count(row)]).collect();
        let expected = value_of(score, &data.rows(&rows).input());
        data.weights = Some((0..ROWS).map(|row| count(row) as f64).collect());
        let found = value_of(score, &data.input());
        assert!((found - expected).abs() < 1e-12, "{} of {task}: {found}, {expected}", score.name());
    });
}

#[test]
fn a_configuration_makes_the_same_score() {
    fitting(|score, task| {
        let again = get(&score.class_name(), score.config().unwrap()).unwrap();
        assert_eq!((again.name(), again.config().unwrap()), (score.name(), score.config().unwrap()));
        let (data, _) = data(task);
        assert_eq!(value_of(&again, &data.input()), value_of(score, &data.input()));
    });
}

#[test]
fn other_tasks_are_refused_with_the_scores_that_fit() {
    for name in names() {
        let score = get(name, Value::Null).unwrap();
        for task in Task::ALL.into_iter().filter(|task| !score.tasks().contains(task)) {
            let (data, _) = data(task);
            let error = score_of(name, &data.input()).unwrap_err().to_string();
            let fits = if task.is_regression() { "r2" } else { "roc_auc" };
            assert!(error.starts_with(name) && error.contains(fits) && error.contains(&task.to_string()), "{error}");
            assert_eq!(score.score(&data.input()).unwrap_err().to_string(), error);
        }
    }
}

#[test]
fn odd_input_is_an_error_or_a_number() {
    fitting(|score, task| {
        let (data, _) = data(task);
        assert!(matches!(score.score(&data.rows(&[]).input()), Err(Error::Empty { .. })));
        for rows in [vec![0], vec![0, 3, 6], vec![0; ROWS]] {
            let (one, name) = (data.rows(&rows), score.name());
            match score.score(&one.input()) {
                Ok(value) => assert!(value.is_finite(), "{name} of {task}: {value}"),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        for wrong in [f64::NAN, f64::INFINITY] {
            let mut broken = data.predicted(data.prediction.clone());
            broken.prediction[(1, 0)] = wrong;
            assert!(matches!(score.score(&broken.input()), Err(Error::NotFinite { row: 1, .. })));
        }
        for wrong in [vec![1.0; ROWS - 1], vec![0.0; ROWS], vec![-1.0; ROWS], vec![f64::NAN; ROWS]] {
            assert!(score.score(&data.input().with_weights(&wrong)).is_err());
        }
        let huge = data.predicted(data.prediction.map(|p| if p > 0.5 { f64::MAX } else { -f64::MAX }));
        if let Ok(value) = score.score(&huge.input()) {
            assert!(value.is_finite(), "{} of {task}: {value}", score.name());
        }
        let short = data.predicted(dmatrix![0.5]);
        assert!(matches!(score.score(&short.input()), Err(Error::Rows { .. })));
    });
}
