//! The state of the F-scores, `F_β = (1 + β²)·P·R/(β²·P + R)` of precision `P` and recall `R`; as in Keras, `EPSILON` is added to
//! each denominator.

use crate::kernels::distances::EPSILON;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, weighted_sums};
use crate::lists::joined;
use crate::metrics::{Average, MetricState};
use crate::{Batch, Scalar};

/// The weighted counts of a class.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    true_positives: f64,
    false_positives: f64,
    false_negatives: f64,
    /// The support: the total weight of the positive targets.
    positives: f64,
}

impl Class {
    fn accumulators_mut(&mut self) -> [&mut f64; 4] {
        [&mut self.true_positives, &mut self.false_positives, &mut self.false_negatives, &mut self.positives]
    }

    fn score(&self, beta: f64) -> f64 {
        let precision = self.true_positives / (self.true_positives + self.false_positives + EPSILON);
        let recall = self.true_positives / (self.true_positives + self.false_negatives + EPSILON);
        let square = beta * beta;
        (1.0 + square) * (precision * recall / (square * precision + recall + EPSILON))
    }
}

/// The outputs that predict a class.
#[derive(Debug, Clone, Copy)]
enum PredictionRule {
    /// An output above the threshold.
    Threshold(f64),
    /// The largest output of a sample, unless it is 0.
    Largest,
}

/// Outputs this near to 0 predict no class under [`PredictionRule::Largest`].
const NOTHING: f64 = 1e-9;

impl<T: Element> Lanewise<T, 3, 4> for PredictionRule {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [y, p, largest]: [S::V; 3]) -> [S::V; 4] {
        let one = s.literal(1.0);
        let predicted = match *self {
            PredictionRule::Threshold(threshold) => s.select(s.gt(p, s.literal(threshold)), one, s.zero()),
            PredictionRule::Largest => {
                let something = s.select(s.gt(s.abs(p), s.literal(NOTHING)), one, s.zero());
                s.select(s.ge(p, largest), something, s.zero())
            }
        };
        let hit = s.mul(predicted, y);
        [hit, s.sub(predicted, hit), s.sub(y, hit), y]
    }
}

struct Maximum;

impl<T: Element> Lanewise<T, 2, 1> for Maximum {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [a, b]: [S::V; 2]) -> [S::V; 1] {
        [s.max(a, b)]
    }
}

/// The counts of all classes.
pub(crate) struct FBetaState<T> {
    average: Option<Average>,
    beta: f64,
    rule: PredictionRule,
    classes: Vec<Class>,
    largest: Vec<T>,
}

impl<T: Scalar> FBetaState<T> {
    pub(crate) fn new(average: Option<Average>, beta: f64, threshold: Option<f64>, classes: usize) -> Self {
        let rule = threshold.map_or(PredictionRule::Largest, PredictionRule::Threshold);
        FBetaState { average, beta, rule, classes: vec![Class::default(); classes], largest: Vec::new() }
    }
}

impl<T: Scalar> MetricState<T> for FBetaState<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        if let PredictionRule::Largest = self.rule {
            self.largest.clear();
            self.largest.extend_from_slice(p.column(0));
            for j in 1..p.columns() {
                lanewise::update(&Maximum, [p.column(j)], [self.largest.as_mut_slice()]);
            }
        }
        for (j, class) in self.classes.iter_mut().enumerate() {
            let p = p.column(j);
            let largest = if let PredictionRule::Largest = self.rule { self.largest.as_slice() } else { p };
            let [hits, false_alarms, misses, positives] =
                weighted_sums::sums(&self.rule, [y.column(j), p, largest], weights);
            class.true_positives += hits;
            class.false_positives += false_alarms;
            class.false_negatives += misses;
            class.positives += positives;
        }
    }

    fn result(&self) -> f64 {
        self.results().first().copied().unwrap_or_default()
    }

    fn results(&self) -> Vec<f64> {
        let scores = self.classes.iter().map(|class| class.score(self.beta));
        let total = |part: fn(&Class) -> f64| self.classes.iter().map(part).sum::<f64>();
        match self.average {
            None => scores.collect(),
            Some(Average::Macro) => vec![scores.sum::<f64>() / self.classes.len() as f64],
            Some(Average::Weighted) => {
                let all = total(|class| class.positives) + EPSILON;
                vec![scores.zip(&self.classes).map(|(score, class)| score * class.positives / all).sum()]
            }
            Some(Average::Micro) => {
                let all = Class {
                    true_positives: total(|class| class.true_positives),
                    false_positives: total(|class| class.false_positives),
                    false_negatives: total(|class| class.false_negatives),
                    positives: total(|class| class.positives),
                };
                vec![all.score(self.beta)]
            }
        }
    }

    fn reset(&mut self) {
        self.classes.fill(Class::default());
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        joined(&mut self.classes, |class| class.accumulators_mut().into())
    }
}
