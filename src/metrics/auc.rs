use super::states::histogram::{Grid, Histogram};
use super::states::threshold_counts::is_even;
use super::{Curve, Direction, Metric, MetricState, Outputs, SummationMethod, Thresholds, Width};
use crate::error::counted;
use crate::items::{Spec, invalid, item};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, functions};
use crate::lists::{joined, try_map};
use crate::{Batch, Result, Scalar};

item! {
    /// The area under the ROC or the precision–recall curve, from counts at fixed thresholds.
    ///
    /// Counts at the thresholds `−ε, 1/(n − 1), …, 1 + ε` are gathered over all batches and the areas between
    /// neighbouring points of the curve are summed. The more thresholds, the closer to the area of the exact
    /// curve, which [`roc_auc_score`](super::roc_auc_score) computes for data in memory. A batch is examined once
    /// however many thresholds there are.
    ///
    /// `y` and the predictions are samples × outputs; targets other than 0 are positive. Predictions are
    /// probabilities; even thresholds count those outside [0, 1] as the nearer end, as Keras does.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::metrics::Curve;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![AUC, AUC.curve(Curve::Pr).name("auc_pr")]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for fewer than two thresholds, thresholds outside [0, 1],
    /// negative weights, `num_labels` without `multi_label`, and a number of labels that differs from that of the outputs.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.AUC`. Davis and Goadrich, *The relationship between Precision-Recall and ROC
    /// curves*, 2006. Flach and Kull, *Precision-Recall-Gain Curves*, 2015.
    pub struct AUC: "AUC" checked by check_relations {
        /// The number of thresholds, at least 2 unless `thresholds` are given.
        num_thresholds: usize [at most 1000000] = 200,
        /// The curve.
        curve: Curve = Curve::Roc,
        /// The approximation of the area between two points.
        summation_method: SummationMethod = SummationMethod::Interpolation,
        /// Thresholds in place of evenly spaced ones; `−ε` and `1 + ε` are added to them.
        thresholds: Thresholds [in 0..=1] = Thresholds::NONE,
        /// Whether each output is a label with a separate curve, and the areas are averaged; otherwise all outputs form one
        /// curve.
        multi_label: bool = false,
        /// The number of labels, as a check of the outputs; needs `multi_label`.
        num_labels: Option<usize> = None,
        /// A weight for each output, for its area with `multi_label` and for its counts otherwise; by default all are 1.
        label_weights: Option<Vec<f64>> [at least 0] = None,
        /// Whether the predictions are logits, to which the sigmoid is applied.
        from_logits: bool = false,
        /// The key in history and logs; `auc` by default.
        name: Option<String> = None,
    }
}

/// The distance of the outer thresholds from [0, 1].
const MARGIN: f64 = 1e-7;

impl AUC {
    fn check_relations(&self) -> Result<()> {
        if self.thresholds == Thresholds::NONE && self.num_thresholds < 2 {
            return Err(invalid(self, "num_thresholds", self.num_thresholds, "at least 2"));
        }
        if let (Some(labels), false) = (self.num_labels, self.multi_label) {
            return Err(invalid(self, "num_labels", labels, "no value unless multi_label is true"));
        }
        Ok(())
    }

    fn histogram<T: Scalar>(&self) -> Result<Histogram<T>> {
        if self.thresholds == Thresholds::NONE {
            return Histogram::new(self, Grid::Even { steps: self.num_thresholds - 1, open: true });
        }
        let mut inner = self.thresholds.values().to_vec();
        inner.sort_unstable_by(f64::total_cmp);
        let with_ends = |low: f64, high: f64| [&[low], inner.as_slice(), &[high]].concat();
        if is_even::<T>(&with_ends(0.0, 1.0)) {
            return Histogram::new(self, Grid::Even { steps: inner.len() + 1, open: true });
        }
        Histogram::new(self, Grid::Sorted(with_ends(-MARGIN, 1.0 + MARGIN).into_iter().map(T::of).collect()))
    }
}

impl<T: Scalar> Metric<T> for AUC {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        width.matching(self)?;
        let outputs = width.outputs;
        if let Some(labels) = self.num_labels.filter(|labels| *labels != outputs) {
            return Err(invalid(self, "num_labels", labels, format!("the number of outputs, {outputs}")));
        }
        if let Some(weights) = self.label_weights.as_ref().filter(|weights| weights.len() != outputs) {
            let came = counted(weights.len(), "number");
            return Err(invalid(
                self,
                "label_weights",
                came,
                format!("one for each output, of which there are {outputs}"),
            ));
        }
        let curves = if self.multi_label { outputs } else { 1 };
        Ok(Box::new(AucState {
            histograms: try_map(0..curves, |_| self.histogram())?,
            weights: self.label_weights.clone().unwrap_or_else(|| vec![1.0; outputs]),
            probabilities: Vec::new(),
            metric: self.clone(),
        }))
    }

    fn expects(&self, _: Width) -> Outputs {
        Outputs::binary(self.from_logits)
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}

struct AucState<T> {
    metric: AUC,
    /// One histogram for each label, or one for all.
    histograms: Vec<Histogram<T>>,
    /// The weights of the outputs.
    weights: Vec<f64>,
    probabilities: Vec<T>,
}

struct Probability;

impl<T: Element> Lanewise<T, 1, 1> for Probability {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [z]: [S::V; 1]) -> [S::V; 1] {
        [functions::sigmoid(s, z)]
    }
}

impl<T: Scalar> MetricState<T> for AucState<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        for j in 0..p.columns() {
            let (histogram, factor) = match self.metric.multi_label {
                true => (&mut self.histograms[j], 1.0),
                false => (&mut self.histograms[0], self.weights[j]),
            };
            if self.metric.from_logits {
                self.probabilities.resize(p.rows(), T::zero());
                lanewise::apply(&Probability, [p.column(j)], [self.probabilities.as_mut_slice()]);
                histogram.add(y.column(j), &self.probabilities, weights, factor);
            } else {
                histogram.add(y.column(j), p.column(j), weights, factor);
            }
        }
    }

    fn result(&self) -> f64 {
        let AUC { curve, summation_method, .. } = self.metric;
        let mut areas = self.histograms.iter().map(|histogram| curve.area(&histogram.counts(), summation_method));
        if !self.metric.multi_label {
            return areas.next().unwrap_or_default();
        }
        let total: f64 = self.weights.iter().sum();
        if total == 0.0 {
            0.0
        } else {
            areas.zip(&self.weights).map(|(area, weight)| area * weight).sum::<f64>() / total
        }
    }

    fn reset(&mut self) {
        self.histograms.iter_mut().for_each(Histogram::clear);
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        joined(&mut self.histograms, |histogram| histogram.accumulators_mut().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::metrics::roc_auc_score;
    use nalgebra::DMatrix;

    #[test]
    fn many_thresholds_approach_the_exact_area() -> Result<()> {
        let p = DMatrix::from_fn(300, 1, |i, _| ((i * 37) % 301) as f64 / 301.0);
        let y = DMatrix::from_fn(300, 1, |i, _| f64::from(u8::from((i * i) % 7 < 3 || p[(i, 0)] > 0.8)));
        let exact = roc_auc_score(&y, &p)?;
        let (y, p) = (BatchBuffer::from_matrix(&y), BatchBuffer::from_matrix(&p));
        let mut state = AUC.num_thresholds(5000).start(Width { targets: 1, outputs: 1 })?;
        state.update(y.batch(), p.batch(), None);
        // No two predictions share a cell, so the curve is the exact one.
        approx::assert_relative_eq!(state.result(), exact, max_relative = 1e-12);
        Ok(())
    }

    #[test]
    fn widths_and_arguments_that_do_not_fit_are_refused() {
        let width = Width { targets: 3, outputs: 3 };
        for auc in [
            AUC.num_thresholds(1),
            AUC.thresholds([0.5, 1.5]),
            AUC.num_labels(3),
            AUC.multi_label(true).num_labels(2),
            AUC.label_weights([1.0, 2.0]),
            AUC.label_weights([1.0, 2.0, -1.0]),
        ] {
            assert!(Metric::<f32>::start(&auc, width).is_err(), "{auc:?}");
        }
        assert!(Metric::<f32>::start(&AUC, Width { targets: 1, outputs: 3 }).is_err());
    }
}
