use crate::sorting;
use serde::{Deserialize, Serialize};

/// The score of a class that decides whether a conformal prediction set contains it; larger means less plausible.
///
/// ```
/// use perceptra::decisions::{Conformal, SetScore};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1, 0.9; 0.3, 0.7; 0.8, 0.2; 0.6, 0.4];
/// let input = ScoreInput::new(Truth::Classes { labels: &[1, 1, 0, 0], n_classes: 2 }, &p);
/// assert_eq!(SetScore::default(), SetScore::LeastAmbiguous);
/// // 1 − 0.6 is the largest score of a true class, and 0.7 the largest sum.
/// assert!((Conformal::fit(0.2, SetScore::LeastAmbiguous, &input)?.quantiles()[0] - 0.4).abs() < 1e-12);
/// assert!((Conformal::fit(0.2, SetScore::Adaptive, &input)?.quantiles()[0] - 0.9).abs() < 1e-12);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// A. Angelopoulos and S. Bates, *A gentle introduction to conformal prediction and distribution-free uncertainty quantification*, 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SetScore {
    /// `1 − p` of the class (LAC), which gives the smallest sets on average.
    ///
    /// Reference: M. Sadinle, J. Lei and L. Wasserman, *Least ambiguous set-valued classifiers with bounded error levels*, 2019.
    #[default]
    LeastAmbiguous,
    /// The sum of the probabilities of all classes that are at least as probable (APS, not randomized), which gives larger sets for
    /// records that are hard to classify.
    ///
    /// Reference: Y. Romano, M. Sesia and E. Candès, *Classification with valid and adaptive coverage*, 2020.
    Adaptive,
}

impl SetScore {
    /// The score of each class.
    pub(super) fn scores(self, p: &[f64]) -> Vec<f64> {
        match self {
            SetScore::LeastAmbiguous => p.iter().map(|p| 1.0 - p).collect(),
            SetScore::Adaptive => {
                let mut order: Vec<usize> = (0..p.len()).collect();
                sorting::by_number(&mut order, |&class| -p[class]);
                let (mut scores, mut sum) = (vec![0.0; p.len()], 0.0);
                for class in order {
                    sum += p[class];
                    scores[class] = sum;
                }
                scores
            }
        }
    }
}

/// The classes with at most this score, always including the most probable one.
pub(super) fn prediction_set(score: SetScore, quantile: f64, p: &[f64]) -> Vec<usize> {
    let top = (1..p.len()).fold(0, |best, class| if p[class] > p[best] { class } else { best });
    let scores = score.scores(p);
    (0..p.len()).filter(|class| *class == top || scores[*class] <= quantile).collect()
}
