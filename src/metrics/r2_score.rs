use super::{Direction, Metric, MetricState, Width};
use crate::items::argument::plain;
use crate::items::item;
use crate::lists::joined;
use crate::{Batch, Result, Scalar};
use serde::{Deserialize, Serialize};

/// The aggregation of the R² of several outputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<NamedAggregation>", into = "Option<NamedAggregation>")]
pub enum ClassAggregation {
    /// The mean over the outputs.
    #[default]
    UniformAverage,
    /// The mean weighted with the variation of each output's targets.
    VarianceWeightedAverage,
    /// A value for each output.
    PerOutput,
}

/// The form of a configuration, where a value for each output is `null`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NamedAggregation {
    UniformAverage,
    VarianceWeightedAverage,
}

impl From<Option<NamedAggregation>> for ClassAggregation {
    fn from(written: Option<NamedAggregation>) -> Self {
        match written {
            Some(NamedAggregation::UniformAverage) => ClassAggregation::UniformAverage,
            Some(NamedAggregation::VarianceWeightedAverage) => ClassAggregation::VarianceWeightedAverage,
            None => ClassAggregation::PerOutput,
        }
    }
}

impl From<ClassAggregation> for Option<NamedAggregation> {
    fn from(aggregation: ClassAggregation) -> Self {
        match aggregation {
            ClassAggregation::UniformAverage => Some(NamedAggregation::UniformAverage),
            ClassAggregation::VarianceWeightedAverage => Some(NamedAggregation::VarianceWeightedAverage),
            ClassAggregation::PerOutput => None,
        }
    }
}

item! {
    /// The coefficient of determination, `R² = 1 − Σ w·(y − p)² / Σ w·(y − ȳ)²`.
    ///
    /// An output whose targets are all equal has 0, or 1 if the predictions equal them, as in scikit-learn (Keras
    /// returns NaN there). With `k` regressors and `n` values the value is the adjusted
    /// `1 − (1 − R²)·(n − 1)/(n − k − 1)`, as long as `n − 1 > k`; `n` counts samples times outputs, as in Keras.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![R2Score]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.R2Score`.
    pub struct R2Score: "R2Score" {
        /// The aggregation over several outputs.
        class_aggregation: ClassAggregation = ClassAggregation::UniformAverage,
        /// The number of regressors of the adjusted score; 0 does not adjust it.
        num_regressors: usize = 0,
        /// The key in history and logs; `r2_score` by default.
        name: Option<String> = None,
    }
}

/// The sums over the samples of one output.
///
/// The squared deviations of the targets are computed around the mean of each batch and merged by the formula of Chan,
/// Golub and LeVeque, so that nothing cancels far from zero. The first target is subtracted from all, so that the
/// deviations of equal targets are exactly 0.
#[derive(Debug, Clone, Copy, Default)]
struct OutputSums {
    weight: f64,
    /// The first target that has a weight.
    origin: f64,
    /// The mean of the targets, from the origin.
    mean: f64,
    /// `Σ w·(y − ȳ)²`.
    spread: f64,
    residuals: f64,
}

impl OutputSums {
    fn add<T: Scalar>(&mut self, y: &[T], p: &[T], weights: Option<&[T]>) {
        let weight = |i: usize| weights.map_or(1.0, |weights| weights[i].to_f64());
        if self.weight == 0.0 {
            let first = (0..y.len()).find(|&i| weight(i) != 0.0);
            self.origin = first.map_or(0.0, |i| y[i].to_f64());
        }
        let distance = |y: T| y.to_f64() - self.origin;
        let (mut batch, mut sum) = (0.0, 0.0);
        for (i, (&y, &p)) in y.iter().zip(p).enumerate() {
            let residual = y.to_f64() - p.to_f64();
            batch += weight(i);
            sum += weight(i) * distance(y);
            self.residuals += weight(i) * residual * residual;
        }
        if batch == 0.0 {
            return;
        }
        let mean = sum / batch;
        let spread: f64 = y.iter().enumerate().map(|(i, &y)| weight(i) * (distance(y) - mean).powi(2)).sum();
        self.join(batch, mean, spread);
    }

    /// Joins the targets of a weight, which have this mean, from the origin, and these squared deviations.
    fn join(&mut self, batch: f64, mean: f64, spread: f64) {
        let (shift, total) = (mean - self.mean, self.weight + batch);
        self.spread += spread + shift * shift * (self.weight * (batch / total));
        self.mean += shift * (batch / total);
        self.weight = total;
    }

    fn accumulators_mut(&mut self) -> [&mut f64; 5] {
        [&mut self.weight, &mut self.origin, &mut self.mean, &mut self.spread, &mut self.residuals]
    }

    /// Joins the sums of other samples.
    fn merge(&mut self, other: [f64; 5]) {
        let [weight, origin, mean, spread, residuals] = other;
        self.residuals += residuals;
        if self.weight == 0.0 {
            (self.weight, self.origin, self.mean, self.spread) = (weight, origin, mean, spread);
        } else if weight != 0.0 {
            self.join(weight, (origin - self.origin) + mean, spread);
        }
    }

    fn score(&self) -> f64 {
        match self.spread {
            spread if spread != 0.0 => 1.0 - self.residuals / spread,
            _ if self.residuals == 0.0 && self.weight > 0.0 => 1.0,
            _ => 0.0,
        }
    }
}

struct R2State {
    aggregation: ClassAggregation,
    regressors: usize,
    outputs: Vec<OutputSums>,
    values: f64,
}

impl R2State {
    fn adjusted(&self, score: f64) -> f64 {
        let (values, regressors) = (self.values, self.regressors as f64);
        if self.regressors == 0 || values <= regressors + 1.0 {
            return score;
        }
        1.0 - (1.0 - score) * (values - 1.0) / (values - regressors - 1.0)
    }
}

impl<T: Scalar> MetricState<T> for R2State {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.values += (p.rows() * p.columns()) as f64;
        for (j, sums) in self.outputs.iter_mut().enumerate() {
            sums.add(y.column(j), p.column(j), weights);
        }
    }

    fn result(&self) -> f64 {
        MetricState::<T>::results(self).first().copied().unwrap_or_default()
    }

    fn results(&self) -> Vec<f64> {
        let scores = self.outputs.iter().map(OutputSums::score);
        let mut results: Vec<f64> = match self.aggregation {
            ClassAggregation::PerOutput => scores.collect(),
            ClassAggregation::UniformAverage => vec![scores.sum::<f64>() / self.outputs.len() as f64],
            ClassAggregation::VarianceWeightedAverage => {
                let total: f64 = self.outputs.iter().map(|sums| sums.spread).sum();
                let weighted: f64 = self.outputs.iter().map(|sums| sums.spread * sums.score()).sum();
                // Where no output varies, scikit-learn weighs all equally.
                vec![if total == 0.0 { scores.sum::<f64>() / self.outputs.len() as f64 } else { weighted / total }]
            }
        };
        results.iter_mut().for_each(|score| *score = self.adjusted(*score));
        results
    }

    fn reset(&mut self) {
        self.outputs.fill(OutputSums::default());
        self.values = 0.0;
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        let mut numbers = joined(&mut self.outputs, |sums| sums.accumulators_mut().into());
        numbers.push(&mut self.values);
        numbers
    }

    fn merge(&mut self, accumulators: &[f64]) {
        let (others, values) = accumulators.as_chunks();
        self.outputs.iter_mut().zip(others).for_each(|(sums, other)| sums.merge(*other));
        self.values += values.first().copied().unwrap_or_default();
    }
}

impl<T: Scalar> Metric<T> for R2Score {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(R2State {
            aggregation: self.class_aggregation,
            regressors: self.num_regressors,
            outputs: vec![OutputSums::default(); width.outputs],
            values: 0.0,
        }))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}

plain!(ClassAggregation);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::dmatrix;

    #[test]
    fn constant_targets_have_a_score() -> Result<()> {
        let y = BatchBuffer::from_matrix(&dmatrix![2.0f64, 2.0; 2.0, 2.0]);
        let p = BatchBuffer::from_matrix(&dmatrix![2.0f64, 1.0; 2.0, 2.0]);
        let metric = R2Score.class_aggregation(ClassAggregation::PerOutput);
        let mut state = Metric::<f64>::start(&metric, Width { targets: 2, outputs: 2 })?;
        assert_eq!(state.results(), [0.0, 0.0]);
        state.update(y.batch(), p.batch(), None);
        assert_eq!(state.results(), [1.0, 0.0]);
        Ok(())
    }

    fn score(y: &[f64], p: &[f64], batch: usize, weights: Option<&[f64]>) -> f64 {
        let mut state = Metric::<f64>::start(&R2Score, Width { targets: 1, outputs: 1 }).unwrap();
        for start in (0..y.len()).step_by(batch) {
            let rows = start..(start + batch).min(y.len());
            let column =
                |values: &[f64]| BatchBuffer::from_matrix(&nalgebra::DMatrix::from_column_slice(rows.len(), 1, values));
            let (y, p) = (column(&y[rows.clone()]), column(&p[rows.clone()]));
            state.update(y.batch(), p.batch(), weights.map(|weights| &weights[rows]));
        }
        state.result()
    }

    #[test]
    fn targets_far_from_zero_do_not_cancel() {
        // 1 − 1/2.
        let far = |values: [f64; 3]| values.map(|value| 1e8 + value);
        for batch in [1, 2, 3] {
            approx::assert_relative_eq!(score(&far([0.0, 1.0, 2.0]), &far([0.0, 1.0, 1.0]), batch, None), 0.5);
        }
        let case = crate::reference::case("far_from_zero");
        let weights = case.numbers("weight");
        for (shift, name) in [(0.0, "0"), (1e6, "1e+06"), (-1e8, "-1e+08")] {
            let [y, p] = ["y", "p"].map(|field| case.numbers(field).iter().map(|v| v + shift).collect::<Vec<_>>());
            for batch in [7, 50] {
                case.assert_close(&format!("r2_{name}"), [score(&y, &p, batch, None)], 1e-13);
                case.assert_close(&format!("weighted_r2_{name}"), [score(&y, &p, batch, Some(&weights))], 1e-13);
            }
        }
        let y: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 101)).collect();
        let p: Vec<f64> = y.iter().enumerate().map(|(i, y)| y + (i % 3) as f64 * 9.0).collect();
        let weights: Vec<f64> = (0..100).map(|i| f64::from(i % 4) / 2.0).collect();
        for weights in [None, Some(weights.as_slice())] {
            let near = score(&y, &p, 100, weights);
            for (shift, batch) in [(0.0, 7), (1e8, 7), (1e8, 100), (-1e12, 1), (1e12, 32)] {
                let far = |values: &[f64]| values.iter().map(|value| value + shift).collect::<Vec<_>>();
                approx::assert_relative_eq!(score(&far(&y), &far(&p), batch, weights), near, max_relative = 1e-13);
            }
            // The first target, from which the others are counted, may be far away itself.
            let (mut first, mut predicted) = (vec![-1e9], vec![-1e9]);
            first.extend(&y);
            predicted.extend(&p);
            let weights = weights.map(|weights| [&[0.0], weights].concat());
            let found = score(&first, &predicted, 8, weights.as_deref());
            let expected = if weights.is_some() { near } else { 1.0 };
            approx::assert_relative_eq!(found, expected, max_relative = 1e-12);
        }
    }

    #[test]
    fn constant_targets_are_found_at_any_value() {
        for constant in [5.0, 0.1, 0.3, 14.62, 1e8 + 0.1, 1e-300] {
            for batch in [3, 10] {
                assert_eq!(score(&[constant; 10], &[constant * 2.0 + 1.0; 10], batch, None), 0.0);
                assert_eq!(score(&[constant; 10], &[constant; 10], batch, None), 1.0);
            }
        }
        let case = crate::reference::case("far_from_zero");
        let found =
            [(5.0, 0.0), (5.0, 0.1), (0.1, 0.0), (0.1, 0.1)].map(|(c, d)| score(&[c; 10], &[c + d; 10], 4, None));
        case.assert_close("constant", found, 0.0);
        let y = BatchBuffer::from_matrix(&dmatrix![0.3f64, 0.3; 0.3, 0.3; 0.3, 0.3]);
        let metric = R2Score.class_aggregation(ClassAggregation::VarianceWeightedAverage);
        let mut state = Metric::<f64>::start(&metric, Width { targets: 2, outputs: 2 }).unwrap();
        state.update(y.batch(), y.batch(), None);
        case.assert_close("variance_weighted", [state.result()], 0.0);
    }

    #[test]
    fn too_many_regressors_do_not_adjust() -> Result<()> {
        let y = BatchBuffer::from_matrix(&dmatrix![1.0f64; 2.0; 4.0]);
        let p = BatchBuffer::from_matrix(&dmatrix![1.5f64; 2.0; 3.0]);
        let score = |regressors| -> Result<f64> {
            let mut state = R2Score.num_regressors(regressors).start(Width { targets: 1, outputs: 1 })?;
            state.update(y.batch(), p.batch(), None);
            Ok(state.result())
        };
        assert_eq!(score(2)?, score(0)?);
        assert!(score(1)? < score(0)?);
        Ok(())
    }
}
