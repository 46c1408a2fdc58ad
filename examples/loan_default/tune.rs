//! Step 5: compare networks by cross-validation, on a sample of the balanced rows.

use crate::SPLIT_SEED;
use crate::text::paragraph;
use nalgebra::{DMatrix, DVector};
use perceptra::Result;
use perceptra::metrics::roc_auc_score;
use perceptra::model_selection::{Rows, StratifiedKFold, train_test_split};
use perceptra::prelude::*;

/// Rows that the networks are compared on.
const SAMPLE: usize = 12_000;
const FOLDS: usize = 3;

/// One network to try.
#[derive(Clone)]
pub struct Candidate {
    pub hidden: Vec<usize>,
    pub activation: &'static str,
    pub optimizer: &'static str,
    pub epochs: usize,
}

impl Candidate {
    pub fn name(&self) -> String {
        let widths: Vec<String> = self.hidden.iter().map(usize::to_string).collect();
        let hidden = match widths.as_slice() {
            [] => "no hidden layer".to_string(),
            widths => format!("{} {}", widths.join("–"), self.activation),
        };
        format!("{hidden}, {}, {} epochs", self.optimizer, self.epochs)
    }

    fn build(&self, seed: u64) -> Model {
        let mut layers = Sequential::new().seed(seed);
        for &units in &self.hidden {
            layers = layers.add(Dense::new(units, self.activation));
        }
        layers.add(Dense::new(1, Sigmoid)).compile(self.optimizer, BinaryCrossentropy, metrics![])
    }
}

/// A candidate with the mean and deviation over the folds of its ROC AUC on the rows left out.
pub struct Trial {
    pub name: String,
    pub mean: f64,
    pub deviation: f64,
}

/// The tutorial's network, varied in one respect at a time.
fn candidates() -> Vec<Candidate> {
    let base = Candidate { hidden: vec![12, 12], activation: "relu", optimizer: "adam", epochs: 10 };
    let hidden = |widths: &[usize]| Candidate { hidden: widths.to_vec(), ..base.clone() };
    vec![
        base.clone(),
        hidden(&[]),
        hidden(&[6]),
        hidden(&[12]),
        hidden(&[6, 6]),
        hidden(&[24, 24]),
        hidden(&[12, 12, 12]),
        Candidate { activation: "tanh", ..base.clone() },
        Candidate { activation: "sigmoid", ..base.clone() },
        Candidate { optimizer: "rmsprop", ..base.clone() },
        Candidate { optimizer: "sgd", ..base.clone() },
        Candidate { epochs: 3, ..base.clone() },
        Candidate { epochs: 30, ..base.clone() },
    ]
}

/// A stratified sample of at most [`SAMPLE`] rows.
fn sample(x: &DMatrix<f32>, y: &DVector<f32>) -> Result<(DMatrix<f32>, DVector<f32>)> {
    if y.len() <= SAMPLE {
        return Ok((x.clone(), y.clone()));
    }
    let share = SAMPLE as f64 / y.len() as f64;
    let (_, part) = train_test_split((x, y)).test_size(share).stratify_by(y).seed(SPLIT_SEED).split()?;
    Ok(part)
}

/// Every candidate by k-fold cross-validation, the best first.
pub fn tune(x: &DMatrix<f32>, y: &DVector<f32>, seed: u64) -> Result<Vec<Trial>> {
    let (x, y) = sample(x, y)?;
    let folds = StratifiedKFold::new(FOLDS).shuffle(true).seed(SPLIT_SEED).split(&y)?;
    let mut trials = Vec::new();
    for candidate in candidates() {
        let mut scores = Vec::new();
        for fold in &folds {
            let (x_train, y_train) = (&x, &y).take_rows(&fold.train)?;
            let (x_test, y_test) = (&x, &y).take_rows(&fold.test)?;
            let mut model = candidate.build(seed);
            model.fit(&x_train, &y_train, Fit::new().epochs(candidate.epochs).verbose(0))?;
            scores.push(roc_auc_score(&y_test, &model.predict(&x_test)?)?);
        }
        let mean = scores.iter().sum::<f64>() / FOLDS as f64;
        let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / (FOLDS - 1) as f64;
        trials.push(Trial { name: candidate.name(), mean, deviation: variance.sqrt() });
    }
    trials.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    Ok(trials)
}

pub fn show(trials: &[Trial]) {
    println!("{FOLDS}-fold cross-validation on a balanced sample, best first:");
    println!("  {:<38}  ROC AUC  ±", "hidden layers, optimizer, epochs");
    for Trial { name, mean, deviation } in trials {
        println!("  {name:<38}  {mean:.4}  {deviation:.4}");
    }
    println!();
    paragraph(
        "Differences below the deviation mean nothing. A rule of thumb says: as many hidden units as lie between \
         the inputs and the outputs. The surer way is to widen until training and validation part:",
    );
}

/// The losses of a network after training, by its width.
pub struct Width {
    pub units: usize,
    pub training: f64,
    pub validation: f64,
}

/// Wider and wider networks on one split of the sample.
pub fn widen(x: &DMatrix<f32>, y: &DVector<f32>, seed: u64) -> Result<Vec<Width>> {
    let (x, y) = sample(x, y)?;
    let ((x_train, y_train), (x_test, y_test)) =
        train_test_split((&x, &y)).test_size(0.3).stratify_by(&y).seed(SPLIT_SEED).split()?;
    let mut widths = Vec::new();
    for units in [2, 4, 8, 16, 32, 64] {
        let candidate = Candidate { hidden: vec![units, units], activation: "relu", optimizer: "adam", epochs: 30 };
        let mut model = candidate.build(seed);
        model.fit(&x_train, &y_train, Fit::new().epochs(candidate.epochs).verbose(0))?;
        let training = model.evaluate(&x_train, &y_train)?.loss();
        let validation = model.evaluate(&x_test, &y_test)?.loss();
        widths.push(Width { units, training, validation });
    }
    Ok(widths)
}

pub fn show_widths(widths: &[Width]) {
    println!("  {:>5}  {:>13}  {:>15}  {:>7}", "units", "training loss", "validation loss", "apart");
    for Width { units, training, validation } in widths {
        println!("  {units:>5}  {training:>13.4}  {validation:>15.4}  {:>7.4}", validation - training);
    }
    println!();
}
