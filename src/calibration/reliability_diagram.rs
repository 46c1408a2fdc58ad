use crate::scores::{BinaryRows, ScoreInput};
use crate::{Error, Result};
use std::fmt;

/// How the bins of a reliability diagram divide [0, 1].
///
/// ```
/// use perceptra::calibration::{BinEdges, reliability_diagram};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let rows = |edges| Ok::<_, perceptra::Error>(reliability_diagram(&input, edges)?.bins()[0].rows);
/// assert_eq!((rows(BinEdges::Uniform(2))?, rows(BinEdges::Quantile(2))?), (3, 2));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BinEdges {
    /// This many bins of equal width.
    Uniform(usize),
    /// This many bins with about equally many rows, whose edges are linearly interpolated quantiles of the probabilities.
    Quantile(usize),
}

impl BinEdges {
    /// The inner edges, ascending.
    pub(super) fn inner(self, item: &str, p: &[f64]) -> Result<Vec<f64>> {
        let (BinEdges::Uniform(count) | BinEdges::Quantile(count)) = self;
        if !(1..=MOST_BINS).contains(&count) {
            return Err(Error::argument(item, "bins", count, format!("from 1 to {MOST_BINS} bins")));
        }
        let fractions = (1..count).map(|edge| edge as f64 / count as f64);
        Ok(match self {
            BinEdges::Uniform(_) => fractions.collect(),
            BinEdges::Quantile(_) => {
                let mut sorted = p.to_vec();
                sorted.sort_unstable_by(f64::total_cmp);
                let at = |fraction: f64| {
                    let position = fraction * (sorted.len() - 1) as f64;
                    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
                    below + (above - below) * position.fract()
                };
                fractions.map(at).collect()
            }
        })
    }
}

const MOST_BINS: usize = 1000;

/// The bin of a probability: a bin has its upper edge and not its lower one.
pub(super) fn bin_of(inner: &[f64], p: f64) -> usize {
    inner.partition_point(|edge| *edge < p)
}

/// The probabilities and the observed frequency of the rows of a bin.
///
/// ```
/// use perceptra::calibration::{BinEdges, reliability_diagram};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let diagram = reliability_diagram(&input, BinEdges::Uniform(2))?;
/// let last = diagram.bins()[1];
/// assert_eq!((last.low, last.high, last.rows, last.predicted, last.observed), (0.5, 1.0, 1, 0.8, 1.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// The lower edge, which is not in the bin unless it is the first one.
    pub low: f64,
    /// The upper edge.
    pub high: f64,
    /// The number of rows.
    pub rows: usize,
    /// The sum of their weights.
    pub weight: f64,
    /// The weighted mean of their probabilities.
    pub predicted: f64,
    /// The weighted fraction of class 1.
    pub observed: f64,
}

/// The predicted probability and the observed frequency of each bin, from [`reliability_diagram`](reliability_diagram()); `Display` is a
/// table.
///
/// ```
/// use perceptra::calibration::{BinEdges, reliability_diagram};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let diagram = reliability_diagram(&input, BinEdges::Uniform(1))?;
/// assert_eq!((diagram.predicted().len(), diagram.observed()), (1, vec![0.5]));
/// assert!((diagram.error() - (0.5f64 - 0.4125).abs()).abs() < 1e-12);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReliabilityDiagram {
    bins: Vec<ReliabilityBin>,
}

/// Compares predicted probabilities with observed frequencies: where calibrated predictions are p, the class occurs with frequency p.
///
/// Bins without rows of positive weight are left out. Two classes; a pipeline's is
/// [`FittedPipeline::reliability`](crate::pipeline::FittedPipeline::reliability). With feature `plot` the picture is `plot::Lines::reliability`.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::calibration::{BinEdges, reliability_diagram};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.2; 0.3; 0.4; 0.65; 0.7; 0.8; 0.9; 1.0];
/// let truth = Truth::Classes { labels: &[0, 0, 0, 0, 1, 1, 1, 1, 1], n_classes: 2 };
/// let diagram = reliability_diagram(&ScoreInput::new(truth, &p), BinEdges::Uniform(3))?;
/// assert_eq!(diagram.observed(), [0.0, 0.5, 1.0]);
/// println!("{diagram}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`ScoreInput::check`]; [`Error::Argument`] for other tasks, probabilities outside [0, 1], and no bin or more than 1000.
///
/// # References
///
/// scikit-learn, *sklearn.calibration.calibration_curve*.
pub fn reliability_diagram(input: &ScoreInput<'_>, edges: BinEdges) -> Result<ReliabilityDiagram> {
    let rows = BinaryRows::new("reliability_diagram", input, false)?;
    let inner = edges.inner("reliability_diagram", &rows.probability)?;
    let mut sums = vec![(0, 0.0, 0.0, 0.0); inner.len() + 1];
    for (positive, p, weight) in rows.iter() {
        let (rows, total, predicted, observed) = &mut sums[bin_of(&inner, p)];
        *rows += 1;
        *total += weight;
        *predicted += weight * p;
        *observed += if positive { weight } else { 0.0 };
    }
    let edge = |at: usize| inner.get(at).copied().unwrap_or(1.0);
    let bins = sums.into_iter().enumerate().filter(|(_, (_, weight, ..))| *weight > 0.0);
    let bins = bins.map(|(at, (rows, weight, predicted, observed))| ReliabilityBin {
        low: at.checked_sub(1).map_or(0.0, edge),
        high: edge(at),
        rows,
        weight,
        predicted: predicted / weight,
        observed: observed / weight,
    });
    Ok(ReliabilityDiagram { bins: bins.collect() })
}

impl ReliabilityDiagram {
    /// The bins with rows, ascending.
    pub fn bins(&self) -> &[ReliabilityBin] {
        &self.bins
    }

    /// The mean probability of each bin.
    pub fn predicted(&self) -> Vec<f64> {
        self.bins.iter().map(|bin| bin.predicted).collect()
    }

    /// The fraction of class 1 in each bin.
    pub fn observed(&self) -> Vec<f64> {
        self.bins.iter().map(|bin| bin.observed).collect()
    }

    /// The expected calibration error of these bins, `Σ wₖ·|observedₖ − predictedₖ| / Σ wₖ`.
    pub fn error(&self) -> f64 {
        let total: f64 = self.bins.iter().map(|bin| bin.weight).sum();
        self.bins.iter().map(|bin| bin.weight * (bin.observed - bin.predicted).abs()).sum::<f64>() / total
    }
}

impl fmt::Display for ReliabilityDiagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>17}  {:>9}  {:>9}  {:>9}  {:>10}", "probability", "rows", "predicted", "observed", "difference")?;
        for bin in &self.bins {
            let range = format!("{:.4}–{:.4}", bin.low, bin.high);
            let difference = bin.observed - bin.predicted;
            write!(
                f,
                "\n{range:>17}  {:>9}  {:9.4}  {:9.4}  {difference:+10.4}",
                bin.rows, bin.predicted, bin.observed
            )?;
        }
        write!(f, "\nexpected calibration error {:.4}", self.error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;
    use crate::reference;
    use crate::scores::Truth;
    use nalgebra::DMatrix;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("calibration_curve");
        let (labels, p) = (case.indices("truth"), case.numbers("p"));
        let p = DMatrix::from_vec(p.len(), 1, p);
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
        for (name, edges) in [("uniform", BinEdges::Uniform(10)), ("quantile", BinEdges::Quantile(10))] {
            let diagram = reliability_diagram(&input, edges).unwrap();
            case.assert_close(&format!("{name}_observed"), diagram.observed(), 1e-12);
            case.assert_close(&format!("{name}_predicted"), diagram.predicted(), 1e-12);
            case.assert_close(&format!("{name}_error"), [diagram.error()], 1e-12);
            let rows: Vec<f64> = diagram.bins().iter().map(|bin| bin.rows as f64).collect();
            case.assert_close(&format!("{name}_counts"), rows, 0.0);
            assert!(diagram.to_string().lines().all(|line| line.chars().count() <= 80), "{diagram}");
        }
    }

    #[test]
    fn rows_count_by_their_weight() {
        let p = dmatrix![0.1; 0.2; 0.9];
        let input =
            ScoreInput::new(Truth::Classes { labels: &[1, 0, 1], n_classes: 2 }, &p).with_weights(&[1.0, 3.0, 0.0]);
        let diagram = reliability_diagram(&input, BinEdges::Uniform(2)).unwrap();
        assert_eq!((diagram.observed(), diagram.bins()[0].rows), (vec![0.25], 2));
        approx::assert_relative_eq!(diagram.error(), (0.25f64 - 0.175).abs(), max_relative = 1e-12);
        assert!(reliability_diagram(&input, BinEdges::Uniform(0)).is_err());
        assert!(reliability_diagram(&input, BinEdges::Quantile(usize::MAX)).is_err());
    }
}
