//! What holds for every score that has a name: a new one is examined here as soon as it is registered.

use super::{Score, ScoreInput, ScoreTask, Truth, all, get, score_of};
use crate::items::{Item, describe};
use nalgebra::DMatrix;
use serde_json::{Value, json};

/// Truth and predictions of a task, and a perfect prediction.
struct Data {
    labels: Vec<usize>,
    values: DMatrix<f64>,
    prediction: DMatrix<f64>,
    perfect: DMatrix<f64>,
}

impl Data {
    fn of(task: ScoreTask, rows: usize) -> Data {
        let uneven = |row: usize, column: usize| ((row * 7 + column * 5) % 11) as f64 / 11.0 + 0.02;
        let labels: Vec<usize> =
            (0..rows).map(|row| if task == ScoreTask::Binary { row * 5 % 7 % 2 } else { row * 5 % 7 % 3 }).collect();
        let one_hot = DMatrix::from_fn(rows, 3, |row, class| f64::from(u8::from(labels[row] == class)));
        match task {
            ScoreTask::Binary => {
                let perfect = DMatrix::from_fn(rows, 1, |row, _| labels[row] as f64);
                Data { prediction: DMatrix::from_fn(rows, 1, uneven), values: perfect.clone(), perfect, labels }
            }
            ScoreTask::Multiclass => {
                let mut prediction = DMatrix::from_fn(rows, 3, uneven);
                prediction.row_iter_mut().for_each(|mut row| row /= row.sum());
                Data { prediction, values: one_hot.clone(), perfect: one_hot, labels }
            }
            ScoreTask::Multilabel => {
                let values = DMatrix::from_fn(rows, 2, |row, column| ((row * 3 + column * 2) % 5 % 2) as f64);
                Data { prediction: DMatrix::from_fn(rows, 2, uneven), perfect: values.clone(), values, labels }
            }
            ScoreTask::Regression => {
                let values = DMatrix::from_fn(rows, 2, |row, column| (row * 3 % 8 + column + 1) as f64);
                Data {
                    prediction: &values + DMatrix::from_fn(rows, 2, uneven),
                    perfect: values.clone(),
                    values,
                    labels,
                }
            }
        }
    }

    fn truth(&self, task: ScoreTask) -> Truth<'_> {
        match task {
            ScoreTask::Binary => Truth::Classes { labels: &self.labels, n_classes: 2 },
            ScoreTask::Multiclass => Truth::Classes { labels: &self.labels, n_classes: 3 },
            ScoreTask::Multilabel => Truth::Indicators(&self.values),
            ScoreTask::Regression => Truth::Numbers(&self.values),
        }
    }

    /// The rows of these numbers.
    fn take(&self, rows: &[usize]) -> Data {
        let of = |matrix: &DMatrix<f64>| matrix.select_rows(rows);
        Data {
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            values: of(&self.values),
            prediction: of(&self.prediction),
            perfect: of(&self.perfect),
        }
    }
}

/// The score of a name, with an average where the task needs one.
fn made(name: &str, task: ScoreTask) -> std::sync::Arc<dyn Score> {
    let needs_an_average = ["precision", "recall", "f_beta"].contains(&name) && task != ScoreTask::Binary;
    get(name, if needs_an_average { json!({ "average": "macro" }) } else { Value::Null }).unwrap()
}

fn each(check: impl Fn(&dyn Score, ScoreTask, &Data)) {
    for entry in all() {
        for task in made(entry.name, ScoreTask::Binary).tasks() {
            check(&*made(entry.name, task), task, &Data::of(task, 40));
        }
    }
}

fn value(score: &dyn Score, task: ScoreTask, data: &Data, weights: Option<&[f64]>) -> f64 {
    let input = ScoreInput { weights, ..ScoreInput::new(data.truth(task), &data.prediction) };
    score.score(&input).unwrap_or_else(|error| panic!("{} of {task}: {error}", score.name()))
}

#[test]
fn the_order_of_the_samples_has_no_influence() {
    each(|score, task, data| {
        let shuffled: Vec<usize> = (0..40).map(|row| row * 7 % 40).collect();
        let (one, other) = (value(score, task, data, None), value(score, task, &data.take(&shuffled), None));
        assert!((one - other).abs() < 1e-12, "{} of {task}: {one} and {other}", score.name());
    });
}

#[test]
fn a_weight_of_two_is_a_sample_twice() {
    each(|score, task, data| {
        let twice: Vec<usize> = (0..40).flat_map(|row| vec![row; 1 + row % 3]).collect();
        let weights: Vec<f64> = (0..40).map(|row| (1 + row % 3) as f64).collect();
        let (one, other) = (value(score, task, data, Some(&weights)), value(score, task, &data.take(&twice), None));
        assert!((one - other).abs() < 1e-12, "{} of {task}: {one} and {other}", score.name());
    });
}

#[test]
fn a_perfect_prediction_scores_best() {
    each(|score, task, data| {
        let perfect = Data { prediction: data.perfect.clone(), ..data.take(&(0..40).collect::<Vec<_>>()) };
        let (best, found) = (value(score, task, &perfect, None), value(score, task, data, None));
        let is_better = if score.greater_is_better() { best > found } else { best < found };
        assert!(is_better, "{} of {task}: {best} for a perfect prediction and {found}", score.name());
        assert!(
            (best - f64::from(u8::from(score.greater_is_better()))).abs() < 1e-9,
            "{} of {task}: {best}",
            score.name()
        );
    });
}

#[test]
fn a_score_is_read_from_its_configuration() {
    for entry in all() {
        let score = made(entry.name, ScoreTask::Binary);
        let config = describe(&*score).unwrap();
        let again = get(config["class_name"].as_str().unwrap(), config["config"].clone()).unwrap();
        assert_eq!((again.name(), describe(&*again).unwrap()), (score.name(), config), "{}", entry.name);
    }
}

#[test]
fn another_task_is_refused_with_the_scores_that_fit() {
    for task in ScoreTask::ALL {
        let data = Data::of(task, 40);
        for entry in all().into_iter().filter(|entry| !made(entry.name, task).tasks().contains(&task)) {
            let input = ScoreInput::new(data.truth(task), &data.prediction);
            let error = score_of(Item::from(made(entry.name, task)), &input).unwrap_err().to_string();
            assert!(error.contains(&format!("for {task} there are ")), "{error}");
        }
    }
}
