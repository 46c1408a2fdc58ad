use super::decisions::Decisions;
use super::known_columns::KnownColumns;
use super::output_link::OutputLink;
use super::prediction::spelled;
use super::{FittedTarget, Prediction, Receipt, Task};
use crate::preprocessing::{Column, FittedColumnTransformer, Record, SelectedRows, Table, Value};
use crate::{Error, Model, Result, Scalar};
use nalgebra::{DMatrix, RowDVector};

/// A [`Pipeline`](super::Pipeline) that learned from a table: fitted transformers, trained networks, and the target.
///
/// It predicts tables and raw records, from several threads at the same time, and is saved as one file.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let record = Record::new().with("income", 70.0);
/// assert_eq!(fitted.predict_record(&record)?, fitted.predict(&table)?[70]);
/// # let path = std::env::temp_dir().join(format!("perceptra-fitted-pipeline-{}.safetensors", std::process::id()));
/// fitted.save(&path)?;
/// let loaded = FittedPipeline::<f32>::load(&path)?;
/// assert_eq!(loaded.predict_record(&record)?, fitted.predict_record(&record)?);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FittedPipeline<T: Scalar = f32> {
    pub(super) columns: FittedColumnTransformer,
    pub(super) target: FittedTarget,
    /// The networks, at least one.
    pub(super) members: Vec<Model<T>>,
    pub(super) link: OutputLink,
    pub(super) threshold: f64,
    pub(super) seed: u64,
    /// The columns that the table of the fit had; empty if a file does not list them.
    pub(super) known: KnownColumns,
    pub(super) receipt: Option<Receipt>,
    /// Calibration, threshold, regions and domain, which are learned after the fit.
    pub(super) decisions: Decisions,
    /// The mean of the encoded training rows; `None` if the file does not contain it.
    pub(super) baseline: Option<Vec<f64>>,
}

impl<T: Scalar> FittedPipeline<T> {
    pub(super) fn new(
        columns: FittedColumnTransformer,
        target: FittedTarget,
        members: Vec<Model<T>>,
        link: OutputLink,
        threshold: f64,
        seed: u64,
        known: Vec<String>,
    ) -> Self {
        let (receipt, decisions, known) = (None, Decisions::default(), KnownColumns::new(known));
        FittedPipeline { columns, target, members, link, threshold, seed, known, baseline: None, receipt, decisions }
    }

    /// Predicts each row of a table, as [`predict_record`](Self::predict_record) does for one.
    ///
    /// # Errors
    ///
    /// The errors about the rows: see [`FittedColumnTransformer::transform`].
    pub fn predict(&self, table: &Table) -> Result<Vec<Prediction>> {
        let values = self.table_values(table)?;
        Ok((0..values.nrows()).map(|row| self.decide(&values, row)).collect())
    }

    /// Predicts one raw record.
    ///
    /// A missing key and `null` are a missing value. Keys of columns that the table of the fit had and that are not used are
    /// ignored; of a file of version 1, which does not list these columns, all keys that are not used.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a key that no column of the table of the fit had; otherwise as
    /// [`FittedColumnTransformer::transform_record`].
    pub fn predict_record(&self, record: &Record) -> Result<Prediction> {
        Ok(self.decide(&T::pipeline_record(self, record)?, 0))
    }

    /// Calibrated probabilities, or numbers in the units of the columns, for one raw record.
    pub(crate) fn record_values(&self, record: &Record) -> Result<DMatrix<f64>> {
        self.values(&self.encoded(record)?)
    }

    /// A raw record, encoded for the networks; an error if it has unknown keys.
    pub(crate) fn encoded(&self, record: &Record) -> Result<RowDVector<T>> {
        if let Some(name) = self.known.unknown_key(record) {
            return Err(Error::unknown_column("the table of the fit", name, self.known.names()));
        }
        self.columns.transform_record::<T>(record)
    }

    /// The probabilities of all rows, rows × [`labels`](FittedTarget::labels); of a binary target that of the negative and that
    /// of the positive label, of a multilabel target that of each column.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict); [`Error::Argument`] for a target of numbers.
    pub fn predict_proba(&self, table: &Table) -> Result<DMatrix<f64>> {
        let task = self.target.task();
        if task.is_regression() {
            return Err(Error::argument("predict_proba", "target", task, "classes; for numbers use predict"));
        }
        let values = self.table_values(table)?;
        Ok(match task {
            Task::Binary => {
                DMatrix::from_fn(
                    values.nrows(),
                    2,
                    |row, label| {
                        if label == 1 { values[(row, 0)] } else { 1.0 - values[(row, 0)] }
                    },
                )
            }
            _ => values,
        })
    }

    /// The predictions as columns of a table: the labels or numbers under the names of the target's columns, followed by
    /// probabilities as `<column>_<label>`, those of a multilabel target as `<column>_probability`. Where a column of the target has
    /// that name, `_2` is appended, or the next number that makes the name unique.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict).
    pub fn predict_table(&self, table: &Table) -> Result<Table> {
        let values = self.table_values(table)?;
        let names = self.target.target().columns();
        let column = |index: usize| values.column(index).iter().copied().collect::<Vec<f64>>();
        match self.target.task() {
            Task::Binary | Task::Multiclass => {
                let labels = self.target.labels();
                let decided: Vec<usize> = (0..values.nrows()).map(|row| self.class(&values, row)).collect();
                let made = Table::new().with_column(&names[0], labelled(labels, &decided))?;
                let probability = |label: usize| match self.target.task() {
                    Task::Binary if label == 0 => values.column(0).iter().map(|p| 1.0 - p).collect(),
                    Task::Binary => column(0),
                    _ => column(label),
                };
                labels.iter().enumerate().try_fold(made, |made, (label, value)| {
                    let name = free_name(names, &made, format!("{}_{}", names[0], spelled(value)));
                    made.with_numbers(name, probability(label))
                })
            }
            Task::Regression | Task::MultiRegression => {
                names.iter().enumerate().try_fold(Table::new(), |made, (i, name)| made.with_numbers(name, column(i)))
            }
            Task::Multilabel => names.iter().enumerate().try_fold(Table::new(), |made, (i, name)| {
                let made = made.with_booleans(name, values.column(i).iter().map(|&p| self.is_above(p)))?;
                let probability = free_name(names, &made, format!("{name}_probability"));
                made.with_numbers(probability, column(i))
            }),
        }
    }

    /// Calibrated probabilities, or numbers in the units of the columns, for the rows of a table.
    pub(crate) fn table_values(&self, table: &Table) -> Result<DMatrix<f64>> {
        self.row_values(&SelectedRows::all(table))
    }

    /// Returns the predictions for selected rows, which are encoded block by block.
    pub(super) fn row_values(&self, rows: &SelectedRows) -> Result<DMatrix<f64>> {
        T::pipeline_values(self, rows)
    }

    pub(crate) fn encode_and_predict(&self, rows: &SelectedRows) -> Result<DMatrix<f64>> {
        let mut all = DMatrix::zeros(rows.nrows(), self.target.outputs());
        let mut predict = |first: usize, x: DMatrix<T>| {
            let values = self.values(&x).map_err(|error| error.moved_down(first))?;
            all.rows_mut(first, values.nrows()).copy_from(&values);
            Ok(())
        };
        self.columns.each_block::<T>(rows, &[], &mut predict).map_err(|error| rows.about_rows(error))?;
        Ok(all)
    }

    /// Calibrated probabilities, or numbers in the units of the columns.
    pub(crate) fn values(&self, x: &impl crate::models::AsMatrix<T>) -> Result<DMatrix<f64>> {
        let mut values = self.members_mean(x)?;
        self.decisions.adjust(&mut values);
        Ok(values)
    }

    /// The members' mean of probabilities, or of numbers in the units of the columns.
    pub(crate) fn members_mean(&self, x: &impl crate::models::AsMatrix<T>) -> Result<DMatrix<f64>> {
        self.link.mean(&self.target, self.members.iter(), x)
    }

    /// Sets the baseline of explanations to the mean of these encoded training rows.
    pub(super) fn with_baseline_of(mut self, x: &impl crate::models::AsMatrix<T>) -> Self {
        let x = crate::kernels::strided_view::StridedView::new(x.as_matrix());
        let mut sums = vec![0.0; x.columns];
        for row in 0..x.rows {
            sums.iter_mut().enumerate().for_each(|(column, sum)| *sum += x.at(row, column).to_f64());
        }
        self.baseline = Some(sums.into_iter().map(|sum| sum / x.rows as f64).collect::<Vec<f64>>());
        self.baseline = self.baseline.filter(|mean| mean.iter().all(|value| value.is_finite()));
        self
    }

    /// The mean of the encoded training rows, a number for each of the [`columns`](Self::columns)' outputs, which
    /// [`explain`](Self::explain) compares a record with; `None` if the file does not contain it.
    pub fn baseline(&self) -> Option<&[f64]> {
        self.baseline.as_deref()
    }

    /// The pipeline without a baseline, as read from a file that does not contain one.
    #[cfg(test)]
    pub(crate) fn forget_baseline(&mut self) {
        self.baseline = None;
    }

    /// The index of the decided class of a row.
    fn class(&self, values: &DMatrix<f64>, row: usize) -> usize {
        match self.target.task() {
            Task::Binary => usize::from(self.is_above(values[(row, 0)])),
            _ => (1..values.ncols()).fold(
                0,
                |best, class| {
                    if values[(row, class)] > values[(row, best)] { class } else { best }
                },
            ),
        }
    }

    /// Whether a probability is above the threshold, compared in the model's type as metrics compare the two: of a network of `f32`
    /// 0.4 is not above 0.4.
    fn is_above(&self, probability: f64) -> bool {
        T::of(probability) > T::of(self.threshold)
    }

    pub(super) fn decide(&self, values: &DMatrix<f64>, row: usize) -> Prediction {
        let all = || values.row(row).iter().copied().collect::<Vec<f64>>();
        let label = |class: usize| self.target.labels()[class].clone();
        match self.target.task() {
            Task::Binary => {
                let class = self.class(values, row);
                Prediction::Binary { label: label(class), probability: values[(row, 0)], decision: class == 1 }
            }
            Task::Multiclass => {
                let class = self.class(values, row);
                Prediction::Class { label: label(class), probability: values[(row, class)], probabilities: all() }
            }
            Task::Regression => Prediction::Number(values[(row, 0)]),
            Task::MultiRegression => Prediction::Numbers(all()),
            Task::Multilabel => Prediction::Labels {
                decisions: values.row(row).iter().map(|&p| self.is_above(p)).collect(),
                probabilities: all(),
            },
        }
    }

    /// Sets the threshold, in [0, 1], above which a probability is a positive decision; they are compared in the model's type.
    ///
    /// To decide for those of at least a threshold, as curves count, pass the number
    /// [just below](crate::metrics::just_below) it.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for one outside of the range.
    pub fn with_threshold(mut self, threshold: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(Error::argument("FittedPipeline", "threshold", threshold, "a number in [0, 1]"));
        }
        self.threshold = threshold;
        // The previous choice no longer determines the threshold.
        self.decisions.choice = None;
        self.with_step("threshold", format!("set to {threshold}"), None)
    }

    /// The probability above which a decision is positive.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The fitted transformers.
    pub fn columns(&self) -> &FittedColumnTransformer {
        &self.columns
    }

    /// The target with its labels.
    pub fn target(&self) -> &FittedTarget {
        &self.target
    }

    /// The columns of the table of the fit that the pipeline does not use, other than the target: constant ones, those that no
    /// transformer takes, weights and excluded ones.
    pub fn unused_columns(&self) -> Vec<&str> {
        let used = self.columns.inputs();
        let is_used =
            |name: &str| used.contains(&name) || self.target.target().columns().iter().any(|known| known == name);
        self.known.names().iter().map(String::as_str).filter(|name| !is_used(name)).collect()
    }

    /// The trained networks.
    pub fn members(&self) -> &[Model<T>] {
        &self.members
    }

    /// The seed of the fit, given or drawn.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

/// A name that neither the target nor the table has: this one, or this one with the first number that makes it unique.
fn free_name(target: &[String], made: &Table, name: String) -> String {
    let is_taken = |name: &String| target.contains(name) || made.names().contains(name);
    if !is_taken(&name) {
        return name;
    }
    (2_u64..).map(|number| format!("{name}_{number}")).find(|name| !is_taken(name)).unwrap_or(name)
}

/// A column of labels by their indices.
fn labelled(labels: &[Value], classes: &[usize]) -> Column {
    let of = |class: &usize| &labels[*class];
    match labels.first() {
        Some(Value::Number(_)) => classes
            .iter()
            .map(|class| if let Value::Number(number) = of(class) { *number } else { f64::NAN })
            .collect::<Vec<f64>>()
            .into(),
        Some(Value::Boolean(_)) => Column::Boolean(
            classes
                .iter()
                .map(|class| if let Value::Boolean(value) = of(class) { Some(*value) } else { None })
                .collect(),
        ),
        _ => Column::String(
            classes.iter().map(|class| if let Value::String(text) = of(class) { Some(text) } else { None }).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn names_of_probabilities_do_not_replace_columns_of_the_target() {
        let names = ["l1", "l1_probability"];
        let flags = |period: usize| (0..20).map(move |row| row % period == 0);
        let mut table = Table::new().with_numbers("x", (0..20).map(f64::from)).unwrap();
        for (name, period) in names.into_iter().zip([2, 3]) {
            table = table.with_booleans(name, flags(period)).unwrap();
        }
        let model = Sequential::new().add(Dense::new(2, Sigmoid)).compile("adam", BinaryCrossentropy, ());
        let pipeline = Pipeline::new(Target::multilabel(names)).model(model).options(Fit::new().verbose(0)).seed(1);
        let fitted = pipeline.fit(&table).unwrap();
        let predicted = fitted.predict_table(&table).unwrap();
        let expected = ["l1", "l1_probability_2", "l1_probability", "l1_probability_probability"];
        assert_eq!(predicted.names(), expected);
        let probabilities = fitted.predict_proba(&table).unwrap();
        for (index, name) in [(0, expected[1]), (1, expected[3])] {
            assert_eq!(predicted.numbers(name).unwrap(), probabilities.column(index).as_slice());
        }
    }
}
