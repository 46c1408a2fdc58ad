//! Averages of a score over several classes.

use serde::{Deserialize, Serialize};

use super::class_sums::ClassSums;
use crate::items::argument::plain;

/// The average over the scores of several classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// The mean over the classes.
    Macro,
    /// The score of the counts summed over the classes, in which every sample has the same weight.
    Micro,
    /// The mean over the classes, weighted by their numbers of true samples.
    Weighted,
}

plain!(Average);

/// The average of a score over classes, without those that neither occur nor are predicted; 0 if there are no others.
pub(crate) fn averaged(classes: &[ClassSums], average: Average, score: &dyn Fn(&ClassSums) -> f64) -> f64 {
    let present = || classes.iter().filter(|class| !class.is_absent());
    let mean = |weight: &dyn Fn(&ClassSums) -> f64| {
        let total: f64 = present().map(weight).sum();
        let sum: f64 = present().map(|class| weight(class) * score(class)).sum();
        if total == 0.0 { 0.0 } else { sum / total }
    };
    match average {
        Average::Macro => mean(&|_| 1.0),
        Average::Weighted => mean(&ClassSums::support),
        Average::Micro => score(&present().fold(ClassSums::new(0.0, 0.0, 0.0), |sum, class| ClassSums {
            tp: sum.tp + class.tp,
            fp: sum.fp + class.fp,
            fn_: sum.fn_ + class.fn_,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_classes_do_not_count() {
        let classes = [ClassSums::new(1.0, 2.0, 1.0), ClassSums::new(0.0, 0.0, 0.0), ClassSums::new(3.0, 3.0, 4.0)];
        assert_eq!(averaged(&classes, Average::Macro, &ClassSums::recall), 0.75);
        assert_eq!(averaged(&classes, Average::Weighted, &ClassSums::recall), 0.8);
        assert_eq!(averaged(&classes, Average::Micro, &ClassSums::precision), 0.8);
        assert_eq!(averaged(&classes[1..2], Average::Macro, &ClassSums::recall), 0.0);
    }
}
