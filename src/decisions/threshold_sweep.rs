//! Cumulative counts, rates and costs at every threshold.

use super::threshold_for::{ThresholdFor, ThresholdRule};
use crate::scores::BinaryRows;
use crate::sorting;

/// Rows by descending probability, in groups with equal probabilities.
pub(super) struct ThresholdSweep<'a> {
    rows: &'a BinaryRows,
    order: Vec<u32>,
    /// The end of each group in `order`.
    ends: Vec<usize>,
}

/// Sums of weights: entry `k` is for the first `k` groups being positive.
#[derive(Debug, Clone, Default)]
pub(super) struct CumulativeCounts {
    pub(super) true_positives: Vec<f64>,
    pub(super) false_positives: Vec<f64>,
    /// The total costs, if the rule has costs.
    pub(super) costs: Vec<f64>,
}

/// The rates at one threshold.
#[derive(Debug, Clone, Copy)]
pub(super) struct ThresholdRates {
    pub(super) recall: f64,
    pub(super) precision: f64,
    pub(super) false_positive_rate: f64,
    pub(super) positive_fraction: f64,
}

impl<'a> ThresholdSweep<'a> {
    pub(super) fn new(rows: &'a BinaryRows) -> Self {
        let p = &rows.probability;
        let mut order: Vec<u32> = (0..p.len() as u32).collect();
        sorting::by_number(&mut order, |&row| -p[row as usize]);
        let mut end = 0;
        let groups = order.chunk_by(|a, b| p[*a as usize] == p[*b as usize]);
        let ends = groups.map(|group| {
            end += group.len();
            end
        });
        ThresholdSweep { rows, ends: ends.collect(), order }
    }

    /// The lowest positive probability when this many groups are positive; infinity for none.
    pub(super) fn threshold(&self, groups: usize) -> f64 {
        match groups.checked_sub(1).and_then(|last| self.ends.get(last)) {
            Some(end) => self.rows.probability[self.order[end - 1] as usize],
            None => f64::INFINITY,
        }
    }

    /// The largest number of groups that can be positive: a decision is positive if the probability is above a threshold of at least 0,
    /// so a probability of 0 never is.
    pub(super) fn decidable(&self) -> usize {
        self.ends.partition_point(|end| self.rows.probability[self.order[end - 1] as usize] > 0.0)
    }

    /// The sums for every number of positive groups, with each row's weight multiplied by how often it was drawn.
    pub(super) fn sums(&self, rule: &ThresholdFor, multiplicity: &dyn Fn(usize) -> f64) -> CumulativeCounts {
        let costs = row_costs(rule);
        let (mut tp, mut fp, mut cost) = (0.0, 0.0, 0.0);
        if let Some(costs) = &costs {
            for (row, (positive, _, weight)) in self.rows.iter().enumerate() {
                cost += weight * multiplicity(row) * costs(row, positive)[0];
            }
        }
        let mut sums = CumulativeCounts { true_positives: vec![tp], false_positives: vec![fp], costs: vec![cost] };
        let mut start = 0;
        for &end in &self.ends {
            for &row in &self.order[start..end] {
                let row = row as usize;
                let (positive, weight) = (self.rows.positive[row], self.rows.weights[row] * multiplicity(row));
                *if positive { &mut tp } else { &mut fp } += weight;
                if let Some(costs) = &costs {
                    let [negative, decided] = costs(row, positive);
                    cost += weight * (decided - negative);
                }
            }
            sums.true_positives.push(tp);
            sums.false_positives.push(fp);
            sums.costs.push(cost);
            start = end;
        }
        sums
    }
}

/// Returns the costs of a negative and of a positive decision for a row.
type CostOfRow<'a> = Box<dyn Fn(usize, bool) -> [f64; 2] + 'a>;

fn row_costs(rule: &ThresholdFor) -> Option<CostOfRow<'_>> {
    match &rule.0 {
        ThresholdRule::Cost(costs) => Some(Box::new(|_, positive| match positive {
            true => [costs.false_negative, costs.true_positive],
            false => [costs.true_negative, costs.false_positive],
        })),
        ThresholdRule::RowCosts(costs) => Some(Box::new(|row, positive| match positive {
            true => [costs.amounts[row] * costs.loss_given_default, 0.0],
            false => [0.0, costs.amounts[row] * costs.lost_margin],
        })),
        _ => None,
    }
}

impl CumulativeCounts {
    fn totals(&self) -> (f64, f64) {
        let last = |sums: &[f64]| sums.last().copied().unwrap_or(0.0);
        (last(&self.true_positives), last(&self.false_positives))
    }

    /// The rates with this many positive groups; NaN if the denominator is 0, except for precision, which is then 0.
    pub(super) fn rates(&self, groups: usize) -> ThresholdRates {
        let (tp, fp) = (self.true_positives[groups], self.false_positives[groups]);
        let (positives, negatives) = self.totals();
        ThresholdRates {
            recall: tp / positives,
            precision: if tp + fp > 0.0 { tp / (tp + fp) } else { 0.0 },
            false_positive_rate: fp / negatives,
            positive_fraction: (tp + fp) / (positives + negatives),
        }
    }

    /// The quantity that the rule limits or optimizes, with this many positive groups.
    pub(super) fn value(&self, rule: &ThresholdFor, groups: usize) -> f64 {
        let rates = self.rates(groups);
        match rule.0 {
            ThresholdRule::Recall(_) => rates.recall,
            ThresholdRule::Precision(_) => rates.precision,
            ThresholdRule::FalsePositiveRate(_) => rates.false_positive_rate,
            ThresholdRule::FBeta(beta) => {
                let (tp, fp, square) = (self.true_positives[groups], self.false_positives[groups], beta * beta);
                let missed = self.totals().0 - tp;
                let sum = (1.0 + square) * tp + square * missed + fp;
                if sum > 0.0 { (1.0 + square) * tp / sum } else { 0.0 }
            }
            ThresholdRule::Cost(_) | ThresholdRule::RowCosts(_) => {
                let (positives, negatives) = self.totals();
                self.costs[groups] / (positives + negatives)
            }
            ThresholdRule::Capacity(_) => self.true_positives[groups] + self.false_positives[groups],
        }
    }

    /// The number of positive groups that the rule chooses, at most `most`; `None` if no threshold satisfies the rule.
    pub(super) fn chosen(&self, rule: &ThresholdFor, most: usize) -> Option<usize> {
        let count = self.true_positives.len().min(most + 1);
        let value = |groups: usize| self.value(rule, groups);
        // A group with zero weight, for example of rows that were not drawn, is not a candidate.
        let counts = |groups: &usize| {
            let changes = |sums: &[f64]| sums[*groups] != sums[*groups - 1];
            *groups == 0 || changes(&self.true_positives) || changes(&self.false_positives)
        };
        let thresholds = || (0..count).filter(counts);
        let first = |fits: &dyn Fn(usize) -> bool| thresholds().find(|groups| fits(*groups));
        let last = |fits: &dyn Fn(usize) -> bool| thresholds().rev().find(|groups| fits(*groups));
        // The first of the best is the highest threshold.
        let best = |sign: f64| {
            thresholds().map(|groups| (groups, sign * value(groups))).fold(None, |best: Option<(usize, f64)>, found| {
                match best {
                    Some(best) if best.1 >= found.1 || found.1.is_nan() => Some(best),
                    _ => Some(found),
                }
            })
        };
        match rule.0 {
            ThresholdRule::Recall(recall) => first(&|groups| value(groups) >= recall),
            ThresholdRule::Precision(precision) => last(&|groups| value(groups) >= precision),
            ThresholdRule::FalsePositiveRate(rate) => last(&|groups| value(groups) <= rate),
            ThresholdRule::Capacity(rows) => last(&|groups| value(groups) <= rows as f64),
            ThresholdRule::FBeta(_) => best(1.0).map(|(groups, _)| groups),
            ThresholdRule::Cost(_) | ThresholdRule::RowCosts(_) => best(-1.0).map(|(groups, _)| groups),
        }
    }
}
