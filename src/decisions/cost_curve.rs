use super::threshold_for::ThresholdFor;
use super::threshold_sweep::ThresholdSweep;
use crate::scores::{BinaryRows, ScoreInput};
use crate::{Error, Result};

/// The mean cost at every threshold, from [`cost_curve`](cost_curve()): two vectors of equal length, for plotting.
///
/// ```
/// use perceptra::decisions::CostCurve;
///
/// let curve = CostCurve { thresholds: vec![f64::INFINITY, 0.8, 0.3], costs: vec![2.0, 1.0, 1.5] };
/// let least = curve.costs.iter().copied().fold(f64::INFINITY, f64::min);
/// assert_eq!(least, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CostCurve {
    /// Infinity and the distinct probabilities, descending; a row is positive if its probability is at least the threshold.
    pub thresholds: Vec<f64>,
    /// The mean cost of a row at each threshold.
    pub costs: Vec<f64>,
}

/// Computes the mean cost of a row at every threshold, for a [`CostMatrix`](super::CostMatrix) or [`RowCosts`](super::RowCosts).
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::decisions::{CostMatrix, cost_curve};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let curve = cost_curve(&input, CostMatrix::new(1.0, 4.0))?;
/// assert_eq!(curve.thresholds, [f64::INFINITY, 0.8, 0.4, 0.35, 0.1]);
/// assert_eq!(curve.costs, [2.0, 1.0, 1.25, 0.25, 0.5]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`choose_threshold`](super::choose_threshold()).
pub fn cost_curve(input: &ScoreInput<'_>, costs: impl Into<ThresholdFor>) -> Result<CostCurve> {
    let rule = costs.into();
    if !rule.has_costs() {
        return Err(Error::argument("cost_curve", "costs", &rule, "a CostMatrix or RowCosts"));
    }
    let rows = BinaryRows::new("cost_curve", input, true)?;
    rule.check(rows.weights.len())?;
    let sweep = ThresholdSweep::new(&rows);
    let sums = sweep.sums(&rule, &|_| 1.0);
    let groups = 0..sums.costs.len();
    Ok(CostCurve {
        thresholds: groups.clone().map(|groups| sweep.threshold(groups)).collect(),
        costs: groups.map(|groups| sums.value(&rule, groups)).collect(),
    })
}
