use super::{FittedPipeline, Prediction};
use crate::decisions::{ConformalRegion, DomainFlag};
use crate::error::number;
use crate::preprocessing::{Record, Value};
use crate::significant::significant;
use crate::terminal_lines::wrapped;
use crate::{Result, Scalar};
use std::fmt;

/// The complete assessment of one record by a fitted pipeline, from [`FittedPipeline::assess_record`]; `Display` shows it in
/// lines of at most 80 characters.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let fitted = fitted.conformal(0.1, &table)?.domain(&table)?;
/// let assessment = fitted.assess_record(&Record::new().with("income", 900.0))?;
/// assert!(assessment.decision().is_some() && !assessment.labels.is_empty());
/// assert_eq!(assessment.flags[0].to_string(), "income is 900, above the training rows' 79");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Assessment {
    /// The calibrated prediction, with the decision.
    pub prediction: Prediction,
    /// The lower and the upper end for each column of numbers; empty without [`conformal`](FittedPipeline::conformal).
    pub intervals: Vec<[f64; 2]>,
    /// The labels that hold the truth with the stated probability; empty without [`conformal`](FittedPipeline::conformal).
    pub labels: Vec<Value>,
    /// The ways in which the record differs from the training rows; empty if there are none, and without
    /// [`domain`](FittedPipeline::domain).
    pub flags: Vec<DomainFlag>,
}

impl Assessment {
    /// The decision of a binary target.
    pub fn decision(&self) -> Option<bool> {
        if let Prediction::Binary { decision, .. } = &self.prediction { Some(*decision) } else { None }
    }
}

impl fmt::Display for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = match &self.prediction {
            Prediction::Binary { label, probability, decision } => {
                let decision = if *decision { "positive" } else { "negative" };
                format!("{label}, probability {}, decision {decision}", significant(*probability))
            }
            Prediction::Class { label, probability, .. } => {
                format!("{label}, probability {}", significant(*probability))
            }
            Prediction::Number(value) => number(*value),
            Prediction::Numbers(numbers) => format!("{numbers:?}"),
            Prediction::Labels { decisions, probabilities } => {
                format!("{decisions:?}, probabilities {probabilities:?}")
            }
        };
        for [low, high] in &self.intervals {
            text += &format!("\n  in [{}, {}]", number(*low), number(*high));
        }
        if !self.labels.is_empty() {
            let labels: Vec<String> = self.labels.iter().map(Value::to_string).collect();
            text += &format!("\n  one of {}", labels.join(", "));
        }
        for flag in &self.flags {
            text += &format!("\n  {flag}");
        }
        f.write_str(&wrapped(&text, 2))
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// Prediction, decision, interval or set, and flags for one raw record.
    ///
    /// ```
    /// use perceptra::calibration::PlattScaling;
    /// use perceptra::decisions::ThresholdFor;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..90).map(|row| f64::from(row % 30)))?
    ///     .with_booleans("large", (0..90).map(|row| row % 30 + row % 7 > 18))?;
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table)?;
    /// let fitted = fitted
    ///     .calibrate(PlattScaling, &table)?
    ///     .choose_threshold(ThresholdFor::recall(0.9), &table)?
    ///     .conformal(0.1, &table)?
    ///     .domain(&table)?;
    /// let usual = fitted.assess_record(&Record::new().with("x", 2.0))?;
    /// assert_eq!((usual.decision(), usual.flags.len()), (Some(false), 0));
    /// let unusual = fitted.assess_record(&Record::new().with("x", 80.0))?;
    /// assert_eq!(unusual.flags[0].to_string(), "x is 80, above the training rows' 29");
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict_record`](Self::predict_record).
    pub fn assess_record(&self, record: &Record) -> Result<Assessment> {
        let x = self.encoded(record)?;
        let values = self.values(&x)?;
        let (mut intervals, mut labels, mut flags) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(conformal) = &self.decisions.conformal {
            match conformal.region(values.as_slice())? {
                ConformalRegion::Intervals(ends) => intervals = ends,
                ConformalRegion::Classes(classes) => {
                    labels = classes.into_iter().filter_map(|class| self.target.labels().get(class).cloned()).collect();
                }
            }
        }
        if let Some(domain) = &self.decisions.domain {
            let x: Vec<f64> = x.iter().map(|value| value.to_f64()).collect();
            flags = domain.flags_of(&self.columns, record, &x);
        }
        Ok(Assessment { prediction: self.decide(&values, 0), intervals, labels, flags })
    }
}
