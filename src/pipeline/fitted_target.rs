use super::{Target, Task};
use crate::error::shortened;
use crate::items::json::from_value;
use crate::lists::try_map;
use crate::preprocessing::{Column, Table, Value};
use crate::sorting;
use crate::statistics::{Extremes, Moments, standardize, unstandardize};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::mem;

/// A [`Target`] that learned from the training rows: its labels, or the distribution of its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedTarget {
    target: Target,
    /// The classes in ascending order; of a binary target the negative and the positive one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Value>,
    /// One for each column of numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<NumberTarget>,
}

/// What is known of one column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberTarget {
    pub(super) mean: f64,
    pub(super) scale: f64,
    /// The range of the training rows, in the units of the column.
    pub(super) low: f64,
    pub(super) high: f64,
}

/// How the classes of a multiclass target are passed to a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassForm {
    /// A column for each class, 1 for that of the row.
    OneHot,
    /// One column with the index of the class.
    Index,
}

impl Target {
    /// Learns from the rows of a table, for what inspects them without a fit.
    pub(crate) fn learned(&self, table: &Table) -> Result<FittedTarget> {
        self.fit(table, None)
    }

    /// Learns the labels from all rows, and the distribution of numbers from the training rows.
    pub(super) fn fit(&self, train: &Table, validation: Option<&Table>) -> Result<FittedTarget> {
        self.check()?;
        let labels = || {
            let mut labels = distinct(train, &self.columns[0])?;
            if let Some(validation) = validation {
                labels.extend(distinct(validation, &self.columns[0])?);
            }
            sorting::by(&mut labels, ascending);
            labels.dedup();
            Ok::<_, Error>(labels)
        };
        let (mut classes, mut numbers) = (Vec::new(), Vec::new());
        match self.task {
            Task::Binary => classes = self.two(labels()?)?,
            Task::Multiclass => {
                classes = labels()?;
                if classes.len() < 2 {
                    return Err(self.too_few(&classes));
                }
            }
            Task::Multilabel => self.columns.iter().try_for_each(|name| flags(train, name).map(drop))?,
            Task::Regression | Task::MultiRegression => {
                numbers = try_map(self.columns.iter(), |name| self.number(train, name))?;
            }
        }
        Ok(FittedTarget { target: self.clone(), labels: classes, numbers })
    }

    /// The negative and the positive label.
    fn two(&self, mut labels: Vec<Value>) -> Result<Vec<Value>> {
        if labels.len() != 2 {
            return Err(if labels.len() < 2 {
                self.too_few(&labels)
            } else {
                let value = format!("one of {} values: {}", labels.len(), listed(&labels));
                Error::argument(self.named(), "column", value, "two values; for more use Target::multiclass")
            });
        }
        if let Some(positive) = &self.positive {
            match labels.iter().position(|label| label == positive) {
                Some(0) => labels.swap(0, 1),
                Some(_) => {}
                None => {
                    let expected = format!("{} or {}", labels[0], labels[1]);
                    return Err(Error::argument(self.named(), "positive", positive, expected));
                }
            }
        }
        Ok(labels)
    }

    fn named(&self) -> String {
        format!("Target of {}", self.columns.join(", "))
    }

    fn too_few(&self, labels: &[Value]) -> Error {
        let value = match labels.first() {
            Some(label) => format!("{} in every row", shortened(&label.to_string())),
            None => "one without rows".into(),
        };
        Error::argument(self.named(), "column", value, "at least two values, each with training rows")
    }

    fn number(&self, train: &Table, name: &str) -> Result<NumberTarget> {
        let values = complete(train, name)?;
        if values.is_empty() {
            let what = format!("the training rows of the target {name}");
            return Err(Error::Empty { what, advice: "pass at least one row".into() });
        }
        let range = Extremes::of(values);
        let learned: Vec<f64> = values.iter().map(|&y| self.forward(y)).collect();
        if let Some(row) = learned.iter().position(|y| !y.is_finite()) {
            let expected = "numbers of at least 0, or Target::regression(…).log(false)";
            return Err(Error::argument(self.named(), "log", format!("true with {}", values[row]), expected));
        }
        let moments = Moments::of(&learned);
        let (mean, scale) = match self.standardize {
            true => (moments.mean(), if moments.is_constant() { 1.0 } else { moments.deviation(0.0) }),
            false => (0.0, 1.0),
        };
        Ok(NumberTarget { mean, scale, low: range.min, high: range.max })
    }

    /// What is learned of a number, before it is standardized.
    fn forward(&self, y: f64) -> f64 {
        match self.log {
            true if y >= 0.0 => y.ln_1p(),
            true => f64::NAN,
            false => y,
        }
    }
}

impl FittedTarget {
    /// Refuses a class that none of these rows has.
    pub(super) fn check_training_rows(&self, train: &Table) -> Result<()> {
        if !self.task().has_classes() {
            return Ok(());
        }
        let classes = self.classes(train)?;
        let mut has_rows = vec![false; self.labels.len()];
        classes.iter().for_each(|&class| has_rows[class] = true);
        match self.labels.iter().zip(&has_rows).find(|(_, has_rows)| !**has_rows) {
            None => Ok(()),
            Some((label, _)) => {
                let value = format!("one with {} in rows for validation alone", shortened(&label.to_string()));
                let expected = "at least two values, each with training rows";
                Err(Error::argument(self.target.named(), "column", value, expected))
            }
        }
    }

    /// The description.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The kind of the task.
    pub fn task(&self) -> Task {
        self.target.task
    }

    /// The labels of the classes in the order of their probabilities; of a binary target the negative and the positive one;
    /// empty for other tasks.
    pub fn labels(&self) -> &[Value] {
        &self.labels
    }

    /// The label whose probability a binary target predicts.
    pub fn positive_label(&self) -> Option<&Value> {
        if self.task() == Task::Binary { self.labels.get(1) } else { None }
    }

    /// The number of outputs that a network needs: one for a binary target, one for each class, number or label otherwise.
    pub fn outputs(&self) -> usize {
        match self.task() {
            Task::Binary | Task::Regression => 1,
            Task::Multiclass => self.labels.len(),
            Task::MultiRegression | Task::Multilabel => self.target.columns.len(),
        }
    }

    /// The target of a file.
    pub(super) fn from_config(config: serde_json::Value) -> Result<FittedTarget> {
        let target: FittedTarget = from_value(config).map_err(|reason| Error::configuration("Target", reason))?;
        target.check()?;
        Ok(target)
    }

    /// Whether the parts of a file fit together.
    fn check(&self) -> Result<()> {
        self.target.check()?;
        let task = self.task();
        let (count, needed) = (self.labels.len(), if task.is_regression() { self.target.columns.len() } else { 0 });
        let wrong = |reason: String| Err(Error::configuration("Target", reason));
        match task {
            Task::Binary if count != 2 => return wrong(format!("it has {count} labels; expected 2")),
            Task::Multiclass if count < 2 => return wrong(format!("it has {count} labels; expected at least 2")),
            _ if !task.has_classes() && count > 0 => return wrong(format!("it has labels; expected none of a {task}")),
            _ => {}
        }
        let mut sorted: Vec<&Value> = self.labels.iter().collect();
        sorting::by(&mut sorted, |a, b| ascending(a, b));
        if let Some(pair) = sorted.windows(2).find(|pair| mem::discriminant(pair[0]) != mem::discriminant(pair[1])) {
            let (first, second) = (pair[0], pair[1]);
            return wrong(format!(
                "its labels are of several types, as {first} and {second}; expected those of one column"
            ));
        }
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return wrong(format!("it has the label {} twice; expected each once", pair[0]));
        }
        if self.numbers.len() != needed {
            return wrong(format!("it has the means of {} columns; expected those of {needed}", self.numbers.len()));
        }
        let fits = |n: &NumberTarget| {
            let all = [n.mean, n.scale, n.low, n.high];
            n.scale > 0.0 && n.low <= n.high && all.iter().all(|number| number.is_finite())
        };
        match self.numbers.iter().all(fits) {
            true => Ok(()),
            false => wrong("expected finite numbers, of which scale is above 0 and low is at most high".into()),
        }
    }

    /// The class of each row, 0 and 1 for a binary target.
    ///
    /// # Errors
    ///
    /// [`Error::MissingValue`]; [`Error::Argument`] for a label that the training rows did not have, and for a task without classes.
    pub fn classes(&self, table: &Table) -> Result<Vec<usize>> {
        let name = &self.target.columns[0];
        if !self.task().has_classes() {
            return Err(Error::argument(self.target.named(), "task", self.task(), "one with classes"));
        }
        let index = |value: &Value| self.labels.iter().position(|label| label == value);
        let unknown = |row: usize, value: &Value| {
            let labels = listed(&self.labels);
            let value = format!("{value} ({})", table.place(row));
            Error::argument(self.target.named(), "label", value, format!("one of the training rows': {labels}"))
        };
        let missing = |row| Error::MissingValue { place: table.place(row), column: name.clone() };
        let of = |row: usize, value: Option<Value>| {
            let value = value.ok_or_else(|| missing(row))?;
            index(&value).ok_or_else(|| unknown(row, &value))
        };
        match table.column(name)? {
            Column::Number(numbers) => {
                numbers.iter().enumerate().map(|(row, &y)| of(row, (!y.is_nan()).then_some(Value::Number(y)))).collect()
            }
            // As numbers, or as digits where one of the training rows' is no number.
            Column::Integer(values) => {
                let label = |value: i64| match index(&Value::from(value)) {
                    Some(_) => Value::from(value),
                    None => Value::String(value.to_string()),
                };
                values.iter().enumerate().map(|(row, y)| of(row, y.map(label))).collect()
            }
            Column::DateTime(values) => values.iter().enumerate().map(|(row, y)| of(row, y.map(Value::from))).collect(),
            Column::Boolean(values) => {
                values.iter().enumerate().map(|(row, y)| of(row, y.map(Value::Boolean))).collect()
            }
            Column::String(strings) => {
                let all = strings.all_categories().iter().map(|text| index(&Value::from(text.as_str())));
                let known: Vec<Option<usize>> = all.collect();
                let class = |(row, &code): (usize, &u32)| match known.get(code as usize) {
                    Some(Some(class)) => Ok(*class),
                    _ => of(row, strings.get(row).map(Value::from)),
                };
                strings.codes().iter().enumerate().map(class).collect()
            }
        }
    }

    /// The targets of a network: rows × outputs, or one column for [`ClassForm::Index`].
    pub(super) fn encode<T: Scalar>(&self, table: &Table, form: ClassForm) -> Result<DMatrix<T>> {
        let rows = table.nrows();
        match self.task() {
            Task::Binary => {
                let classes = self.classes(table)?;
                Ok(DMatrix::from_fn(rows, 1, |row, _| T::of(classes[row] as f64)))
            }
            Task::Multiclass => {
                let classes = self.classes(table)?;
                Ok(match form {
                    ClassForm::Index => DMatrix::from_fn(rows, 1, |row, _| T::of(classes[row] as f64)),
                    ClassForm::OneHot => DMatrix::from_fn(rows, self.labels.len(), |row, class| {
                        if classes[row] == class { T::one() } else { T::zero() }
                    }),
                })
            }
            Task::Regression | Task::MultiRegression => {
                let mut y = Vec::with_capacity(rows * self.numbers.len());
                for (name, number) in self.target.columns.iter().zip(&self.numbers) {
                    for (row, &value) in complete(table, name)?.iter().enumerate() {
                        let learned = self.target.forward(value);
                        if !learned.is_finite() {
                            let value = format!("{value} ({})", table.place(row));
                            return Err(Error::argument(self.target.named(), "y", value, "numbers of at least 0"));
                        }
                        y.push(T::of(standardize(learned, number.mean, number.scale)));
                    }
                }
                Ok(DMatrix::from_vec(rows, self.numbers.len(), y))
            }
            Task::Multilabel => {
                let columns = try_map(self.target.columns.iter(), |name| flags(table, name))?;
                Ok(DMatrix::from_fn(rows, columns.len(), |row, column| T::of(columns[column][row])))
            }
        }
    }

    /// The columns of numbers or labels as they are in the table, rows × columns.
    pub(crate) fn values(&self, table: &Table) -> Result<DMatrix<f64>> {
        let columns: Vec<&[f64]> = match self.task() {
            Task::Multilabel => try_map(self.target.columns.iter(), |name| flags(table, name))?,
            _ => try_map(self.target.columns.iter(), |name| complete(table, name))?,
        };
        Ok(DMatrix::from_fn(table.nrows(), columns.len(), |row, column| columns[column][row]))
    }

    /// What is known of the columns of numbers, in their order.
    #[cfg(feature = "onnx")]
    pub(super) fn numbers(&self) -> &[NumberTarget] {
        &self.numbers
    }

    /// One learned number in the units of its column, and the derivative of that.
    pub(super) fn decoded(&self, column: usize, learned: f64) -> (f64, f64) {
        let Some(number) = self.numbers.get(column) else { return (learned, 1.0) };
        let y = unstandardize(learned, number.mean, number.scale);
        let (y, derivative) = if self.target.log { (y.exp_m1(), y.exp()) } else { (y, 1.0) };
        match self.target.clamp && !(number.low..=number.high).contains(&y) {
            true => (y.clamp(number.low, number.high), 0.0),
            false => (y, derivative * number.scale),
        }
    }

    /// Learned numbers in the units of the columns.
    pub(super) fn decode(&self, mut learned: DMatrix<f64>) -> DMatrix<f64> {
        for (mut column, number) in learned.column_iter_mut().zip(&self.numbers) {
            for value in column.iter_mut() {
                let y = unstandardize(*value, number.mean, number.scale);
                let y = if self.target.log { y.exp_m1() } else { y };
                *value = if self.target.clamp { y.clamp(number.low, number.high) } else { y };
            }
        }
        learned
    }
}

/// The numbers of a column, none missing or infinite.
fn complete<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = table.complete_numbers(name)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => Err(Error::InfiniteValue { place: table.place(row), column: name.to_owned(), value: values[row] }),
        None => Ok(values),
    }
}

/// The first labels, for a message.
pub(super) fn listed(labels: &[Value]) -> String {
    let first = labels.iter().take(6).map(|label| shortened(&label.to_string())).collect::<Vec<_>>().join(", ");
    format!("{first}{}", if labels.len() > 6 { ", …" } else { "" })
}

/// Numbers before booleans before strings, each ascending.
fn ascending(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Boolean(_) => 1,
        Value::String(_) => 2,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Zeros and ones of a column.
fn flags<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = complete(table, name)?;
    match values.iter().position(|value| *value != 0.0 && *value != 1.0) {
        Some(row) => {
            let value = format!("{} in \"{name}\" ({})", values[row], table.place(row));
            Err(Error::argument("Target::multilabel", "columns", value, "booleans, or 0 and 1"))
        }
        None => Ok(values),
    }
}

/// The distinct values of a column in ascending order, none missing.
fn distinct(table: &Table, name: &str) -> Result<Vec<Value>> {
    let missing = |row| Error::MissingValue { place: table.place(row), column: name.to_owned() };
    match table.column(name)? {
        Column::Number(_) => {
            let mut values: Vec<f64> = complete(table, name)?.iter().map(|value| value + 0.0).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
            Ok(values.into_iter().map(Value::Number).collect())
        }
        Column::Integer(values) => {
            let values = values.iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(row)));
            let mut values = values.collect::<Result<Vec<i64>>>()?;
            values.sort_unstable();
            values.dedup();
            let labels: Vec<Value> = values.iter().map(|&value| Value::from(value)).collect();
            match labels.iter().all(|label| matches!(label, Value::Number(_))) {
                true => Ok(labels),
                false => Ok(values.into_iter().map(|value| Value::String(value.to_string())).collect()),
            }
        }
        Column::DateTime(values) => {
            let values = values.iter().enumerate().map(|(row, at)| at.ok_or_else(|| missing(row)));
            let mut values = values.collect::<Result<Vec<_>>>()?;
            sorting::by(&mut values, Ord::cmp);
            values.dedup();
            Ok(values.into_iter().map(Value::from).collect())
        }
        Column::Boolean(values) => {
            if let Some(row) = values.iter().position(|value| value.is_none()) {
                return Err(missing(row));
            }
            let occurring = [false, true].into_iter().filter(|value| values.iter().any(|y| y == Some(*value)));
            Ok(occurring.map(Value::Boolean).collect())
        }
        Column::String(strings) => match strings.iter().position(|text| text.is_none()) {
            Some(row) => Err(missing(row)),
            None => Ok(strings.categories().into_iter().map(Value::from).collect()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new()
            .with_strings("status", ["paid", "default", "paid", "default"])
            .and_then(|table| table.with_numbers("grade", [3.0, 1.0, 2.0, 1.0]))
            .and_then(|table| table.with_numbers("price", [0.0, 10.0, 100.0, 1000.0]))
            .and_then(|table| table.with_booleans("late", [true, false, true, true]))
            .unwrap()
    }

    fn fitted(target: Target) -> Result<FittedTarget> {
        target.fit(&table(), None)
    }

    #[test]
    fn labels_of_integers_keep_their_digits_and_their_order() {
        let long = 1 << 53;
        let integers = |values: [i64; 3]| Table::new().with_integers("y", values).unwrap();
        let found = Target::multiclass("y").fit(&integers([10, 9, -1]), None).unwrap();
        assert_eq!(found.labels(), [(-1.0).into(), 9.0.into(), 10.0.into()]);
        let ids = integers([long + 1, 9, 1]);
        let found = Target::multiclass("y").fit(&ids, None).unwrap();
        assert_eq!(found.labels(), ["1".into(), "9".into(), Value::from("9007199254740993")]);
        assert_eq!(found.classes(&ids).unwrap(), [2, 1, 0]);
        let dates = ["2024-03-01", "2024-02-29"].map(|text| text.parse().unwrap());
        let dates = Table::new().with_date_times("y", dates).unwrap();
        assert_eq!(Target::binary("y").fit(&dates, None).unwrap().classes(&dates).unwrap(), [1, 0]);
        let regression = Target::regression("y").fit(&dates, None).unwrap_err().to_string();
        assert!(regression.contains("DateParts or Elapsed"), "{regression}");
        assert!(Target::regression("y").fit(&integers([1, 2, 3]), None).is_ok());
    }

    #[test]
    fn the_positive_label_is_found_or_given() {
        let found = fitted(Target::binary("status")).unwrap();
        assert_eq!(found.positive_label(), Some(&Value::from("paid")));
        let given = fitted(Target::binary("status").positive("default")).unwrap();
        assert_eq!(given.positive_label(), Some(&Value::from("default")));
        assert_eq!(given.classes(&table()).unwrap(), [0, 1, 0, 1]);
        assert_eq!(fitted(Target::binary("late")).unwrap().classes(&table()).unwrap(), [1, 0, 1, 1]);
        let message = fitted(Target::binary("status").positive("late")).unwrap_err().to_string();
        assert!(message.contains("\"default\" or \"paid\""), "{message}");
    }

    #[test]
    fn classes_are_encoded_for_either_form_of_a_loss() {
        let target = fitted(Target::multiclass("grade")).unwrap();
        assert_eq!(target.outputs(), 3);
        assert_eq!(target.encode::<f64>(&table(), ClassForm::Index).unwrap().as_slice(), [2.0, 0.0, 1.0, 0.0]);
        let one_hot = target.encode::<f32>(&table(), ClassForm::OneHot).unwrap();
        assert_eq!(one_hot.row(0).iter().copied().collect::<Vec<_>>(), [0.0, 0.0, 1.0]);
        let message = fitted(Target::binary("grade")).unwrap_err().to_string();
        assert!(message.contains("Target::multiclass"), "{message}");
        let other = Table::new().with_numbers("grade", [9.0]).unwrap();
        assert!(target.classes(&other).unwrap_err().to_string().contains("1, 2, 3"));
    }

    #[test]
    fn numbers_come_back_in_their_units() {
        for target in [
            Target::regression("price"),
            Target::regression("price").log(true),
            Target::regression("price").standardize(false),
            Target::multi_regression(["price", "grade"]).clamp(true),
        ] {
            let target = fitted(target).unwrap();
            let learned = target.encode::<f64>(&table(), ClassForm::OneHot).unwrap();
            let expected = target.values(&table()).unwrap();
            approx::assert_relative_eq!(target.decode(learned), expected, epsilon = 1e-9, max_relative = 1e-12);
        }
        let clamped = fitted(Target::regression("price").clamp(true)).unwrap();
        assert_eq!(clamped.decode(DMatrix::from_element(1, 1, 1e9))[0], 1000.0);
    }

    #[test]
    fn unfit_columns_are_refused() {
        let message = |target| fitted(target).unwrap_err().to_string();
        assert!(message(Target::multilabel(["late", "grade"])).contains("0 and 1"));
        assert!(message(Target::regression("status")).contains("status"));
        let missing = Table::new().with_numbers("y", [1.0, f64::NAN]).unwrap();
        for target in [Target::binary("y"), Target::multiclass("y"), Target::regression("y"), Target::multilabel(["y"])]
        {
            assert!(matches!(target.fit(&missing, None), Err(Error::MissingValue { .. })));
        }
        let negative = Table::new().with_numbers("y", [1.0, -2.0]).unwrap();
        assert!(Target::regression("y").log(true).fit(&negative, None).unwrap_err().to_string().contains("at least 0"));
        let constant = Table::new().with_strings("y", ["a", "a"]).unwrap();
        assert!(Target::binary("y").fit(&constant, None).unwrap_err().to_string().contains("\"a\" in every row"));
    }

    #[test]
    fn a_target_reads_back() {
        for target in [Target::binary("late"), Target::multiclass("status"), Target::regression("price").log(true)] {
            let target = fitted(target).unwrap();
            let config = serde_json::to_value(&target).unwrap();
            assert_eq!(FittedTarget::from_config(config).unwrap(), target);
        }
    }
}
