use super::{Direction, Metric, MetricState, Width};
use crate::spec::spec;
use crate::{Batch, Result, Scalar};
use serde::{Deserialize, Serialize};

/// How the R² of several outputs become one figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<Written>", into = "Option<Written>")]
pub enum ClassAggregation {
    /// The mean over the outputs.
    #[default]
    UniformAverage,
    /// The mean weighted with the spread of each output's targets.
    VarianceWeightedAverage,
    /// A figure for each output.
    PerOutput,
}

/// The form of a configuration, where each output's figure by itself is `null`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    UniformAverage,
    VarianceWeightedAverage,
}

impl From<Option<Written>> for ClassAggregation {
    fn from(written: Option<Written>) -> Self {
        match written {
            Some(Written::UniformAverage) => ClassAggregation::UniformAverage,
            Some(Written::VarianceWeightedAverage) => ClassAggregation::VarianceWeightedAverage,
            None => ClassAggregation::PerOutput,
        }
    }
}

impl From<ClassAggregation> for Option<Written> {
    fn from(aggregation: ClassAggregation) -> Self {
        match aggregation {
            ClassAggregation::UniformAverage => Some(Written::UniformAverage),
            ClassAggregation::VarianceWeightedAverage => Some(Written::VarianceWeightedAverage),
            ClassAggregation::PerOutput => None,
        }
    }
}

spec! {
    /// The coefficient of determination, `R² = 1 − Σ w·(y − p)² / Σ w·(y − ȳ)²`.
    ///
    /// An output whose targets are all alike has 0, or 1 where the predictions equal them (Keras gives NaN there).
    /// With `k` regressors and `n` values the figure is the adjusted `1 − (1 − R²)·(n − 1)/(n − k − 1)`, as long
    /// as `n − 1 > k`; `n` counts samples times outputs, as in Keras.
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
        /// How the figures of several outputs become one; default their mean.
        class_aggregation: ClassAggregation = ClassAggregation::UniformAverage,
        /// The number of regressors of the adjusted figure; default 0, which does not adjust.
        num_regressors: usize = 0,
        /// The key in history and logs; `r2_score` by default.
        name: Option<String> = None,
    }
}

/// Weighted sums over the samples of one output.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: f64,
    targets: f64,
    squares: f64,
    residuals: f64,
}

impl Sums {
    fn numbers(&mut self) -> [&mut f64; 4] {
        [&mut self.weight, &mut self.targets, &mut self.squares, &mut self.residuals]
    }

    /// `Σ w·(y − ȳ)²`.
    fn spread(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { self.squares - self.targets * (self.targets / self.weight) }
    }

    fn score(&self) -> f64 {
        match self.spread() {
            spread if spread != 0.0 => 1.0 - self.residuals / spread,
            _ if self.residuals == 0.0 && self.weight > 0.0 => 1.0,
            _ => 0.0,
        }
    }
}

struct State {
    aggregation: ClassAggregation,
    regressors: usize,
    outputs: Vec<Sums>,
    values: f64,
}

impl State {
    fn adjusted(&self, score: f64) -> f64 {
        let (values, regressors) = (self.values, self.regressors as f64);
        if self.regressors == 0 || values <= regressors + 1.0 {
            return score;
        }
        1.0 - (1.0 - score) * (values - 1.0) / (values - regressors - 1.0)
    }
}

impl<T: Scalar> MetricState<T> for State {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.values += (p.rows() * p.columns()) as f64;
        for (j, sums) in self.outputs.iter_mut().enumerate() {
            // The spread is a difference of large sums, so every term is in f64.
            for (i, (y, p)) in y.column(j).iter().zip(p.column(j)).enumerate() {
                let (y, p) = (y.to_f64(), p.to_f64());
                let weight = weights.map_or(1.0, |weights| weights[i].to_f64());
                sums.weight += weight;
                sums.targets += weight * y;
                sums.squares += weight * y * y;
                sums.residuals += weight * (y - p) * (y - p);
            }
        }
    }

    fn result(&self) -> f64 {
        MetricState::<T>::results(self).first().copied().unwrap_or_default()
    }

    fn results(&self) -> Vec<f64> {
        let scores = self.outputs.iter().map(Sums::score);
        let mut results: Vec<f64> = match self.aggregation {
            ClassAggregation::PerOutput => scores.collect(),
            ClassAggregation::UniformAverage => vec![scores.sum::<f64>() / self.outputs.len() as f64],
            ClassAggregation::VarianceWeightedAverage => {
                let total: f64 = self.outputs.iter().map(Sums::spread).sum();
                let weighted: f64 = self.outputs.iter().map(|sums| sums.spread() * sums.score()).sum();
                vec![if total == 0.0 { 0.0 } else { weighted / total }]
            }
        };
        results.iter_mut().for_each(|score| *score = self.adjusted(*score));
        results
    }

    fn reset(&mut self) {
        self.outputs.fill(Sums::default());
        self.values = 0.0;
    }

    fn numbers(&mut self) -> Vec<&mut f64> {
        self.outputs.iter_mut().flat_map(Sums::numbers).chain([&mut self.values]).collect()
    }
}

impl<T: Scalar> Metric<T> for R2Score {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(State {
            aggregation: self.class_aggregation,
            regressors: self.num_regressors,
            outputs: vec![Sums::default(); width.outputs],
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use nalgebra::dmatrix;

    #[test]
    fn constant_targets_have_a_figure() -> Result<()> {
        let y = BatchBuffer::from_matrix(&dmatrix![2.0f64, 2.0; 2.0, 2.0]);
        let p = BatchBuffer::from_matrix(&dmatrix![2.0f64, 1.0; 2.0, 2.0]);
        let metric = R2Score.class_aggregation(ClassAggregation::PerOutput);
        let mut state = Metric::<f64>::start(&metric, Width { targets: 2, outputs: 2 })?;
        assert_eq!(state.results(), [0.0, 0.0]);
        state.update(y.batch(), p.batch(), None);
        assert_eq!(state.results(), [1.0, 0.0]);
        Ok(())
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
