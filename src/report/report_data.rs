//! The data of a report, computed once for all sections.

use super::outcomes::{BinaryOutcomes, ClassOutcomes, NumberOutcomes, Outcomes};
use super::wording::{counted, name};
use crate::engine::History;
use crate::lists::try_map;
use crate::pipeline::{FittedPipeline, Prediction, Task};
use crate::preprocessing::{Table, Value};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

/// The pipeline, its rows and its predictions for them, in `f64`.
pub(super) struct ReportData<'a> {
    pub(super) task: Task,
    /// The columns of the target.
    pub(super) targets: Vec<String>,
    /// The columns that the transformers take, each once.
    pub(super) inputs: Vec<String>,
    pub(super) unused: Vec<String>,
    pub(super) test: &'a Table,
    pub(super) train: Option<&'a Table>,
    pub(super) histories: Vec<&'a History>,
    /// The names of the labels; empty for a target of numbers.
    pub(super) classes: Vec<String>,
    /// The positive label of a binary target of strings, and its name.
    pub(super) positive: Option<(String, String)>,
    /// The seed of everything random.
    pub(super) seed: u64,
    /// Truth and predictions, or why there are none.
    pub(super) outcomes: std::result::Result<Outcomes, String>,
}

impl<'a> ReportData<'a> {
    pub(super) fn of<T: Scalar>(
        fitted: &'a FittedPipeline<T>,
        test: &'a Table,
        train: Option<&'a Table>,
        class_names: &[String],
        seed: u64,
    ) -> Result<ReportData<'a>> {
        let mut inputs: Vec<String> = Vec::new();
        for input in fitted.columns().inputs() {
            if !inputs.iter().any(|known| known == input) {
                inputs.push(input.into());
            }
        }
        let labels = fitted.target().labels();
        let classes: Vec<String> = match class_names.len() {
            0 => labels.iter().map(label).collect(),
            count if count == labels.len() => class_names.iter().map(|class| name(class)).collect(),
            count => {
                let expected = format!("{}, one for each label", labels.len());
                return Err(Error::argument("Report", "class_names", format!("a list of {count}"), expected));
            }
        };
        Ok(ReportData {
            seed,
            positive: match (fitted.target().positive_label(), classes.get(1)) {
                (Some(Value::String(text)), Some(called)) => Some((text.clone(), called.clone())),
                _ => None,
            },
            task: fitted.target().task(),
            targets: fitted.target().target().columns().to_vec(),
            inputs,
            unused: fitted.unused_columns().into_iter().map(String::from).collect(),
            test,
            train,
            histories: fitted.members().iter().map(|member| member.history()).collect(),
            outcomes: outcomes(fitted, test, &classes)?,
            classes,
        })
    }

    /// The rows that describe the data: the training rows if they are given.
    pub(super) fn described(&self) -> (&'a Table, &'static str) {
        match self.train {
            Some(train) => (train, "training"),
            None => (self.test, "test"),
        }
    }

    /// The role of a column.
    pub(super) fn role(&self, column: &str) -> &'static str {
        let is = |names: &[String]| names.iter().any(|known| known == column);
        match column {
            _ if is(&self.targets) => "target",
            _ if is(&self.inputs) => "input",
            _ => "not used",
        }
    }
}

fn outcomes<T: Scalar>(
    fitted: &FittedPipeline<T>,
    test: &Table,
    classes: &[String],
) -> Result<std::result::Result<Outcomes, String>> {
    let target = fitted.target();
    for column in target.target().columns() {
        test.column(column)?;
    }
    if test.nrows() == 0 {
        return Ok(Err("Not shown: the test table has no rows.".into()));
    }
    let task = target.task();
    let values = match task.is_regression() {
        true => predicted_numbers(fitted, test)?,
        false => fitted.predict_proba(test)?,
    };
    let broken = values.row_iter().filter(|row| row.iter().any(|value| !value.is_finite())).count();
    if broken > 0 {
        return Ok(Err(format!(
            "Not shown: {} of {} have a prediction that is not a finite number. The training has diverged; train again with a \
             smaller learning rate.",
            broken,
            counted(test.nrows(), "test row")
        )));
    }
    let threshold = fitted.threshold();
    let above = |p: &f64| T::of(*p) > T::of(threshold);
    let names = target.target().columns();
    Ok(Ok(match task {
        Task::Binary => {
            let probability: Vec<f64> = values.column(1).iter().copied().collect();
            let class = |index: usize| classes.get(index).cloned().unwrap_or_default();
            Outcomes::Binary(BinaryOutcomes {
                name: name(&names[0]),
                classes: [class(0), class(1)],
                truth: target.classes(test)?.into_iter().map(|class| class == 1).collect(),
                decided: probability.iter().map(above).collect(),
                probability,
                threshold,
            })
        }
        Task::Multiclass => Outcomes::Classes(ClassOutcomes {
            classes: classes.to_vec(),
            truth: target.classes(test)?,
            decided: values.row_iter().map(|row| largest(row.iter().copied())).collect(),
            probability: values,
        }),
        Task::Regression | Task::MultiRegression => {
            let of = |(index, column): (usize, &String)| {
                Ok(NumberOutcomes {
                    name: name(column),
                    truth: complete(test, column)?,
                    predicted: values.column(index).iter().copied().collect(),
                })
            };
            Outcomes::Numbers(try_map(names.iter().enumerate(), of)?)
        }
        Task::Multilabel => {
            let of = |(index, column): (usize, &String)| {
                let probability: Vec<f64> = values.column(index).iter().copied().collect();
                Ok(BinaryOutcomes {
                    name: name(column),
                    classes: [format!("not {}", name(column)), name(column)],
                    truth: complete(test, column)?.into_iter().map(|flag| flag == 1.0).collect(),
                    decided: probability.iter().map(above).collect(),
                    probability,
                    threshold,
                })
            };
            Outcomes::Labels(try_map(names.iter().enumerate(), of)?)
        }
    }))
}

/// Rows × columns of the target.
fn predicted_numbers<T: Scalar>(fitted: &FittedPipeline<T>, test: &Table) -> Result<DMatrix<f64>> {
    let columns = fitted.target().target().columns().len();
    let mut rows: Vec<f64> = Vec::with_capacity(columns * test.nrows());
    for prediction in fitted.predict(test)? {
        match prediction {
            Prediction::Number(number) => rows.push(number),
            Prediction::Numbers(numbers) => rows.extend(numbers),
            _ => {}
        }
    }
    if rows.len() != columns * test.nrows() {
        let left_rows = rows.len() / columns.max(1);
        return Err(Error::Rows { left: "prediction", left_rows, right: "test", right_rows: test.nrows() });
    }
    Ok(DMatrix::from_row_iterator(test.nrows(), columns, rows))
}

/// The numbers of a column of the target, none missing or infinite.
fn complete(table: &Table, column: &str) -> Result<Vec<f64>> {
    let numbers = table.complete_numbers(column)?;
    match numbers.iter().position(|number| number.is_infinite()) {
        None => Ok(numbers.to_vec()),
        Some(row) => {
            let column = table.names().iter().position(|known| known == column).unwrap_or_default();
            Err(Error::NotFinite { what: "the target", row, column, value: numbers[row] })
        }
    }
}

/// A label as it is written in the table.
pub(super) fn label(value: &Value) -> String {
    match value {
        Value::String(text) => name(text),
        other => other.to_string(),
    }
}

/// The index of the largest value, the first of equal ones.
fn largest(values: impl Iterator<Item = f64>) -> usize {
    values.enumerate().fold((0, f64::NEG_INFINITY), |best, one| if one.1 > best.1 { one } else { best }).0
}
