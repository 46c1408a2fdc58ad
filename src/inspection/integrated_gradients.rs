use super::explanation::{Contribution, Explanation};
use super::output::{ExplainedOutput, OutputChoice};
use super::path_integral::{INITIAL_INTERVALS, integrate};
use crate::engine::InputGradients;
use crate::pipeline::{FittedPipeline, Task};
use crate::preprocessing::{Record, Value};
use crate::{Error, Result, Scalar};
use nalgebra::{DMatrix, RowDVector};

/// Computes the contribution of each raw column to a prediction from the gradients of the networks along the line from a baseline to
/// the record.
///
/// With the encoded record `x` and the encoded baseline `x₀`, column `i` of the networks' inputs adds
/// `(xᵢ − x₀ᵢ)·∫₀¹ ∂F/∂xᵢ(x₀ + t·(x − x₀)) dt`, where `F` is the prediction. The integrals are computed in
/// intervals with three points each (Gauss–Legendre quadrature), 15 at first, or 60 for a calibrated probability. An interval is
/// divided if the sum over the columns differs from the difference of `F` at its ends. The values add up to the prediction minus
/// the baseline within `1e-4`, and usually within about `1e-6`.
///
/// The contributions of inputs are added to the raw columns from which they are computed, for example all inputs of a one-hot
/// encoding, the indicator of missing values, or the pieces of a piecewise-linear encoding. The contribution of an input that is
/// computed from several columns, for example by [`ColumnArithmetic`](struct@crate::preprocessing::ColumnArithmetic), is divided
/// equally among them.
///
/// Probabilities of the record and of the baseline are those after [`calibrate`](crate::pipeline::FittedPipeline::calibrate) and
/// [`correct_prior`](crate::pipeline::FittedPipeline::correct_prior), by the chain rule. With several classes, isotonic calibration
/// may be too steep for the quadrature, which is an error.
///
/// | option | default |
/// |---|---|
/// | [`baseline`](Self::baseline) | the mean of the encoded training rows, which the pipeline holds |
/// | [`output`](Self::output) | the positive label, the decided class, or the only number |
/// | [`logits`](Self::logits) | false: the probability |
///
/// ```
/// use perceptra::inspection::IntegratedGradients;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_strings("home", (0..80).map(|row| ["OWN", "RENT"][row % 2]))?
///     .with_booleans("paid", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("paid")).members(1).seed(1).fit(&table)?;
/// let applicant = Record::new().with("income", 5.0).with("home", "RENT");
/// let explanation = IntegratedGradients::new().output(false).explain(&fitted, &applicant)?;
/// assert!((explanation.sum() - (explanation.prediction() - explanation.baseline())).abs() < 1e-4);
/// assert_eq!(explanation.reasons(1)[0].column, "income");
/// println!("{explanation}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// M. Sundararajan, A. Taly and Q. Yan, *Axiomatic attribution for deep networks*, ICML 2017.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is computed before .explain(…)"]
pub struct IntegratedGradients {
    baseline: Option<Record>,
    output: OutputChoice,
}

const ITEM: &str = "IntegratedGradients";
/// The number of points on the line with gradients that are computed together.
const ROWS: usize = 64;
/// The number of initial intervals if predictions are a function of the networks' probability.
const MAPPED_INTERVALS: usize = 60;
/// The tolerance of the sum, absolute for a probability, otherwise relative to the larger of the two predictions.
const PROMISED: f64 = 1e-4;

impl IntegratedGradients {
    /// Creates an explanation relative to the mean of the training rows.
    pub fn new() -> Self {
        IntegratedGradients::default()
    }

    /// The record that is the baseline, instead of the mean of the training rows.
    pub fn baseline(mut self, baseline: Record) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// The output that is explained: a label, or a column of a target with several.
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output.of = Some(output.into());
        self
    }

    /// Whether to explain the logit `ln(p/(1 − p))` of the probability instead of the probability. For this, probabilities are
    /// clipped to `[1e-12, 1 − 1e-12]`.
    pub fn logits(mut self, logits: bool) -> Self {
        self.output.logits = logits;
        self
    }

    /// Computes the contribution of each column to the prediction for a record.
    ///
    /// # Errors
    ///
    /// The errors about the record: see [`FittedPipeline::predict_record`]. [`Error::Argument`] for an output that the target
    /// does not have, for a pipeline without a baseline (if its file contains none), and if the values do not add up, for example
    /// with step functions or probabilities that are 0 or 1 in the networks' type; [`Error::Layer`] for a layer without
    /// gradients.
    pub fn explain<T: Scalar>(&self, fitted: &FittedPipeline<T>, record: &Record) -> Result<Explanation> {
        let x = fitted.encoded(record)?;
        let values = fitted.values(&x)?;
        let decided = (fitted.target().task() == Task::Multiclass).then(|| values.row(0).transpose().imax());
        let output = self.output.resolve(ITEM, fitted.target(), decided)?;
        let (start, compared_with) = match (&self.baseline, fitted.baseline()) {
            (Some(record), _) => (fitted.encoded(record)?, "the given baseline:"),
            (None, Some(mean)) => (
                RowDVector::from_iterator(mean.len(), mean.iter().map(|&mean| T::of(mean))),
                "mean of the training rows:",
            ),
            (None, None) => {
                let expected = "a record to compare with, .baseline(record), since the pipeline does not hold the mean of its training rows; or fit the pipeline again";
                return Err(Error::argument(ITEM, "baseline", "not given", expected));
            }
        };
        let networks = fitted.members().iter().map(|member| InputGradients::new(member.network()?, ROWS));
        let networks = networks.collect::<Result<Vec<_>>>()?;
        let (prediction, baseline) = (output.column(&values)[0], output.column(&fitted.values(&start)?)[0]);
        let added = along(fitted, networks, &output, &start, &x)?;
        let (columns, sum) = (folded(fitted, record, &added), added.iter().sum::<f64>());
        let size = prediction.abs().max(baseline.abs());
        let bound = PROMISED * if output.is_probability { 1.0 } else { size.max(f64::MIN_POSITIVE) };
        let difference = sum - (prediction - baseline);
        match difference.abs() <= bound {
            true => Ok(Explanation { output: output.name, compared_with, prediction, baseline, columns }),
            false => {
                let value = format!("one whose gradients add up to {sum:e} in place of {:e}", prediction - baseline);
                let expected = "layers and a calibration without steps, and probabilities that are not 0 or 1; \
                                explain the record by ShapleyValues";
                Err(Error::argument(ITEM, "fitted", value, expected))
            }
        }
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// Computes the contribution of each raw column to the prediction for a record, relative to the mean of the training rows. This is
    /// [`IntegratedGradients`] with its default options.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("debt", (0..80).map(f64::from))?
    ///     .with_booleans("default", (0..80).map(|row| row >= 40))?;
    /// let fitted = Pipeline::new(Target::binary("default")).members(1).seed(1).fit(&table)?;
    /// let explanation = fitted.explain(&Record::new().with("debt", 70.0))?;
    /// for reason in explanation.reasons(4) {
    ///     println!("{reason}");
    /// }
    /// assert!(explanation.value("debt") > 0.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`IntegratedGradients::explain`].
    pub fn explain(&self, record: &Record) -> Result<Explanation> {
        IntegratedGradients::new().explain(self, record)
    }
}

/// The contribution of each input of the networks along the line from one row to another.
fn along<T: Scalar>(
    fitted: &FittedPipeline<T>,
    mut networks: Vec<InputGradients<'_, T>>,
    output: &ExplainedOutput,
    from: &RowDVector<T>,
    to: &RowDVector<T>,
) -> Result<Vec<f64>> {
    let inputs = to.len();
    let start: Vec<f64> = from.iter().map(|value| value.to_f64()).collect();
    let step: Vec<f64> = to.iter().zip(&start).map(|(to, from)| to.to_f64() - from).collect();
    let members = networks.len() as f64;
    let (mut x, mut dx) = (vec![0.0; ROWS * inputs], vec![0.0; ROWS * inputs]);
    let resolution = 8.0 * T::default_epsilon().to_f64();
    let tolerance = |first: f64, last: f64| (2e-6 * (last - first).abs()).max(resolution * first.abs().max(last.abs()));
    // With several classes, a probability depends on the networks' probabilities of all classes, otherwise on a single one.
    let is_mapped = fitted.has_adjustment() && fitted.target().task() != Task::Multiclass;
    let adjusted = |value: f64| output.of(fitted.adjusted(value, output.index));
    let map: Option<&dyn Fn(f64) -> f64> = if is_mapped { Some(&adjusted) } else { None };
    let initial = if is_mapped { MAPPED_INTERVALS } else { INITIAL_INTERVALS };
    integrate(inputs, initial, map, &tolerance, &mut |places, values, gradients| {
        values.clear();
        values.resize(places.len(), 0.0);
        gradients.clear();
        gradients.resize(places.len() * inputs, 0.0);
        for (block, places) in places.chunks(ROWS).enumerate() {
            let (first, rows) = (block * ROWS, places.len());
            let values = &mut values[first..first + rows];
            let gradients = &mut gradients[first * inputs..(first + rows) * inputs];
            for (row, place) in x.chunks_mut(inputs.max(1)).zip(places) {
                row.iter_mut().zip(start.iter().zip(&step)).for_each(|(x, (start, step))| *x = start + place * step);
            }
            let adjusted = if is_mapped { None } else { adjustments(fitted, output.index, &x[..rows * inputs], rows)? };
            for network in &mut networks {
                network.run(
                    &x[..rows * inputs],
                    &mut dx[..rows * inputs],
                    &mut |row, outputs, gradient| match &adjusted {
                        None => values[row] += fitted.output_gradient(outputs, output.index, gradient) / members,
                        Some(adjusted) => {
                            let (value, derivatives) = &adjusted[row];
                            values[row] = *value;
                            let mut of_one = vec![0.0; gradient.len()];
                            gradient.fill(0.0);
                            for (index, derivative) in derivatives.iter().enumerate().filter(|(_, d)| **d != 0.0) {
                                fitted.output_gradient(outputs, index, &mut of_one);
                                gradient.iter_mut().zip(&of_one).for_each(|(sum, one)| *sum += derivative * one);
                            }
                        }
                    },
                );
                gradients.iter_mut().zip(&dx).for_each(|(sum, dx)| *sum += dx / members);
            }
            for (value, gradient) in values.iter_mut().zip(gradients.chunks_mut(inputs.max(1))) {
                let derivative = if is_mapped { 1.0 } else { output.derivative(*value) };
                *value = if is_mapped { *value } else { output.of(*value) };
                gradient.iter_mut().zip(&step).for_each(|(gradient, step)| *gradient *= derivative * step);
            }
        }
        Ok(())
    })
}

/// A predicted number, and its derivatives with respect to the mean over the members.
type Adjusted = (f64, Vec<f64>);

/// The predictions of the rows by a pipeline that is calibrated or corrected.
fn adjustments<T: Scalar>(
    fitted: &FittedPipeline<T>,
    index: usize,
    x: &[f64],
    rows: usize,
) -> Result<Option<Vec<Adjusted>>> {
    if !fitted.has_adjustment() {
        return Ok(None);
    }
    let inputs = x.len() / rows.max(1);
    let mean = fitted.members_mean(&DMatrix::from_fn(rows, inputs, |row, input| T::of(x[row * inputs + input])))?;
    let of_row = |row: usize| {
        let mean: Vec<f64> = mean.row(row).iter().copied().collect();
        let mut derivatives = vec![0.0; mean.len()];
        (fitted.adjusted_gradient(&mean, index, &mut derivatives), derivatives)
    };
    Ok(Some((0..rows).map(of_row).collect()))
}

/// The contributions of the raw columns, as sums over the inputs that are computed from them.
fn folded<T: Scalar>(fitted: &FittedPipeline<T>, record: &Record, added: &[f64]) -> Vec<Contribution> {
    let names = super::column_groups::used(fitted.columns());
    let mut of_columns = vec![0.0; names.len()];
    for (added, sources) in added.iter().zip(fitted.columns().sources()) {
        for source in &sources {
            if let Some(column) = names.iter().position(|name| name == source) {
                of_columns[column] += added / sources.len() as f64;
            }
        }
    }
    names.iter().zip(of_columns).map(|(name, value)| Contribution::of(record, name, value, None)).collect()
}

#[cfg(test)]
mod tests;
