//! Two ways to treat rows with missing values, scored on the same test rows.

use nalgebra::{DMatrix, DVector};
use perceptra::model_selection::{down_sample, train_test_split};
use perceptra::prelude::*;
use perceptra::preprocessing::{Column, Unknown};
use perceptra::scores::{ScoreInput, Truth, score_of};
use perceptra::{Error, Result};

pub(crate) struct Settings<'a> {
    /// The column of 0 and 1 to predict.
    pub target: &'a str,
    /// Columns that must not be used.
    pub excluded: Vec<&'a str>,
    /// The column of strings that hold numbers, if there is one.
    pub text_numbers: Option<&'a str>,
    pub threshold: f64,
    pub epochs: usize,
    pub split_seed: u64,
    pub seed: u64,
}

/// The number of rows, and of those with label 1.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    pub rows: usize,
    pub ones: usize,
}

impl Count {
    fn of(table: &Table, target: &str) -> Result<Count> {
        let labels = table.numbers(target)?;
        Ok(Count { rows: labels.len(), ones: labels.iter().filter(|label| **label == 1.0).count() })
    }

    pub(crate) fn rate(self) -> f64 {
        self.ones as f64 / self.rows.max(1) as f64
    }
}

/// The scores of one method on some test rows.
pub(crate) struct Scored {
    pub rows: usize,
    pub accuracy: f64,
    pub precision: f64,
    pub recall: f64,
    pub roc_auc: f64,
    pub log_loss: f64,
}

/// The methods that were trained on the same rows, with or without the incomplete ones.
pub(crate) struct Ways {
    pub train: Count,
    pub train_incomplete: Count,
    /// Trained without incomplete rows, on the complete test rows.
    pub drops: Scored,
    /// Trained with them, on the complete test rows.
    pub keeps_complete: Scored,
    /// Trained with them, on all test rows.
    pub keeps_all: Scored,
    /// Without a network: the rate of label 1 among the complete or incomplete training rows, depending on the test row.
    pub indicator: Scored,
    /// The network that was trained without incomplete rows; for incomplete test rows, the rate.
    pub drops_and_indicator: Scored,
}

impl Ways {
    /// The gain in ROC AUC, on all test rows, from the rows that are kept.
    pub(crate) fn gain(&self) -> f64 {
        self.keeps_all.roc_auc - self.drops.roc_auc
    }

    /// The part of the gain that the network without incomplete rows reaches with the rate only.
    pub(crate) fn artefact(&self) -> f64 {
        self.drops_and_indicator.roc_auc - self.drops.roc_auc
    }
}

pub(crate) struct Comparison {
    pub incomplete: Count,
    pub complete: Count,
    /// Trained on the rows as they are.
    pub imbalanced: Ways,
    /// Trained on as many rows of each class.
    pub balanced: Ways,
}

/// Splits all rows 70/30, and trains on the training rows with and without those that lack a value.
pub(crate) fn compare(table: &Table, settings: &Settings<'_>) -> Result<Comparison> {
    let (complete, incomplete) = parts(table)?;
    if complete.is_empty() || incomplete.is_empty() {
        return Err(Error::Argument {
            item: "loan_default".into(),
            argument: "--keep-incomplete",
            value: format!("{} complete and {} incomplete rows", complete.len(), incomplete.len()),
            expected: "some of each; without the option incomplete rows are dropped".into(),
        });
    }
    let count = |rows: &[usize]| Count::of(&table.take(rows)?, settings.target);
    let (incomplete, complete) = (count(&incomplete)?, count(&complete)?);
    let (train, test) =
        train_test_split(table).test_size(0.3).stratify(settings.target).seed(settings.split_seed).split()?;
    let imbalanced = ways(&train, &test, settings)?;
    // A pipeline has no step that removes rows, so they are selected before, as for the network of the walkthrough.
    let labels: DVector<f32> = train.to_vector(settings.target)?;
    let balanced = train.take(&down_sample(&labels).seed(settings.split_seed).rows()?)?;
    Ok(Comparison { incomplete, complete, imbalanced, balanced: ways(&balanced, &test, settings)? })
}

/// The complete rows, and the rows with a missing value.
fn parts(table: &Table) -> Result<(Vec<usize>, Vec<usize>)> {
    let columns = table.names().iter().map(|name| table.column(name)).collect::<Result<Vec<_>>>()?;
    Ok((0..table.nrows()).partition(|&row| !columns.iter().any(|column| column.is_missing(row))))
}

fn ways(train: &Table, test: &Table, settings: &Settings<'_>) -> Result<Ways> {
    let (complete, incomplete) = parts(train)?;
    let (complete, incomplete) = (train.take(&complete)?, train.take(&incomplete)?);
    let (test_complete, test_incomplete) = parts(test)?;

    let kept = pipeline(train, settings)?.fit(train)?.predict_proba(test)?.column(1).into_owned();
    let dropped = pipeline(&complete, settings)?.fit(&complete)?;
    let dropped = dropped.predict_proba(&test.take(&test_complete)?)?.column(1).into_owned();

    let (train, train_incomplete) = (Count::of(train, settings.target)?, Count::of(&incomplete, settings.target)?);
    let rates = [Count::of(&complete, settings.target)?.rate(), train_incomplete.rate()];
    let mut indicator = DVector::from_element(test.nrows(), rates[0]);
    test_incomplete.iter().for_each(|&row| indicator[row] = rates[1]);
    let mut both = indicator.clone();
    test_complete.iter().zip(dropped.iter()).for_each(|(&row, probability)| both[row] = *probability);

    let labels = test.numbers(settings.target)?;
    let all = |probability: &DVector<f64>| scored(labels, probability, settings.threshold);
    let labels_complete: Vec<f64> = test_complete.iter().map(|&row| labels[row]).collect();
    let of_complete = |probability: &DVector<f64>| scored(&labels_complete, probability, settings.threshold);
    Ok(Ways {
        train,
        train_incomplete,
        drops: of_complete(&dropped)?,
        keeps_complete: of_complete(&kept.select_rows(&test_complete))?,
        keeps_all: all(&kept)?,
        indicator: all(&indicator)?,
        drops_and_indicator: all(&both)?,
    })
}

/// The network of the walkthrough, after transformers that accept missing values.
fn pipeline(train: &Table, settings: &Settings<'_>) -> Result<Pipeline> {
    let (mut numbers, mut text_numbers, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    for (name, column) in train.iter() {
        match column {
            _ if name == settings.target || settings.excluded.contains(&name) => {}
            Column::String(_) if settings.text_numbers == Some(name) => text_numbers.push(name),
            Column::Number(_) | Column::Integer(_) => numbers.push(name),
            Column::DateTime(_) => {}
            Column::String(_) | Column::Boolean(_) => categories.push(name),
        }
    }
    let numeric = || SimpleImputer::median().indicator(true).then(StandardScaler::new());
    let mut columns = ColumnTransformer::new();
    if !numbers.is_empty() {
        columns = columns.add(numeric(), numbers);
    }
    if !text_numbers.is_empty() {
        columns = columns.add(TextToNumber::leading_number().then(numeric()), text_numbers);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    let ann = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![]);
    Ok(Pipeline::new(Target::binary(settings.target).positive(1.0))
        .columns(columns)
        .model(ann)
        .options(Fit::new().batch_size(32).epochs(settings.epochs).verbose(0))
        .seed(settings.seed))
}

fn scored(labels: &[f64], probability: &DVector<f64>, threshold: f64) -> Result<Scored> {
    let classes: Vec<usize> = labels.iter().map(|label| usize::from(*label == 1.0)).collect();
    let prediction = DMatrix::from_column_slice(probability.len(), 1, probability.as_slice());
    let truth = Truth::Classes { labels: &classes, n_classes: 2 };
    let input = ScoreInput::new(truth, &prediction).with_threshold(threshold);
    Ok(Scored {
        rows: labels.len(),
        accuracy: score_of("accuracy", &input)?,
        precision: score_of("precision", &input)?,
        recall: score_of("recall", &input)?,
        roc_auc: score_of("roc_auc", &input)?,
        log_loss: score_of("log_loss", &input)?,
    })
}
