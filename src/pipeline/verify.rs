//! Verifies that a table and a description reproduce a pipeline.

use super::receipt::{TableReceipt, checksum_of, machine, release};
use super::{FittedPipeline, Pipeline, Receipt, StepReceipt};
use crate::preprocessing::Table;
use crate::terminal_lines::wrapped;
use crate::{Error, Result, Scalar};
use std::fmt;

/// The result of [`FittedPipeline::verify`]; `Display` shows it in lines of at most 80 characters.
///
/// ```
/// use perceptra::pipeline::Verification;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// assert_eq!(fitted.verify(&table, &pipeline)?, Verification::Same);
/// assert!(matches!(fitted.verify(&table.head(79), &pipeline)?, Verification::OtherTable { .. }));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// Transformers, target, threshold and the bits of all weights are those of a new fit, and nothing was learned after it that was
    /// not compared.
    Same,
    /// Transformers, target and the bits of all weights are those of a new fit, and what was learned after it is as its receipts
    /// state; but these steps learned from tables that were not passed, so they were not repeated.
    SameFit {
        /// The steps; [`verify_against`](FittedPipeline::verify_against) needs their tables.
        steps: Vec<StepReceipt>,
    },
    /// The table is not the one of the fit; nothing was trained.
    OtherTable {
        /// The table of the receipt.
        expected: TableReceipt,
        /// The table that was passed.
        found: TableReceipt,
    },
    /// A part is not the one that the receipt was written for: the file was changed after the fit.
    Changed {
        /// The weights, or the result of a step after the fit.
        part: String,
    },
    /// A new fit on a machine of the same kind made something else, so the description is not that of the fit.
    Differs {
        /// The first part that differs.
        part: String,
    },
    /// Bits can only be compared on a machine and with a release as that of the fit; nothing was trained.
    NotComparable {
        /// The machine and release of the fit.
        expected: String,
        /// The properties of the running program.
        found: String,
    },
}

impl Verification {
    /// Whether everything that was compared has the same bits.
    pub fn is_same(&self) -> bool {
        matches!(self, Verification::Same | Verification::SameFit { .. })
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Verification::Same => "verified: a new fit has the same bits".into(),
            Verification::SameFit { steps } => {
                let mut text =
                    "verified: a new fit has the same bits\nnot repeated, since the tables are needed:".to_owned();
                for step in steps {
                    text += &format!("\n  {step}");
                }
                text + "\nrepeat these steps on a new fit, and pass it to verify_against"
            }
            Verification::OtherTable { expected, found } => {
                format!("another table: {found}, where the fit had {expected}")
            }
            Verification::Changed { part } => format!("changed after the receipt was written: {part}"),
            Verification::Differs { part } => {
                format!("a new fit differs in {part}: the description is not that of the fit")
            }
            Verification::NotComparable { expected, found } => {
                format!("bits can be compared on {expected}; this is {found}")
            }
        };
        f.write_str(&wrapped(&text, 2))
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// The provenance of the pipeline; `None` for one of [`from_parts`](Self::from_parts), of a fold of
    /// [`cross_validate`](super::cross_validate()), and of an older file.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }

    /// Fits `pipeline` to the table again, with the seed of the receipt, and compares all bits.
    ///
    /// Bits depend on the release, the processor architecture, the operating system and the vector instructions (which the
    /// environment variable `PERCEPTRA_SIMD` can lower): on another machine the result is [`Verification::NotComparable`], which
    /// names the one to verify on. A build by another compiler may differ too. The number of threads does not matter.
    ///
    /// What was learned after the fit (calibration, prior correction, threshold, conformal regions, domain) must be what its
    /// [receipts](Receipt::steps) state. To repeat these steps takes their tables too: see [`verify_against`](Self::verify_against).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..80).map(f64::from))?
    ///     .with_booleans("large", (0..80).map(|row| row >= 40))?;
    /// let pipeline = Pipeline::new(Target::binary("large")).members(1).options(Fit::new().epochs(2).verbose(0));
    /// let fitted = pipeline.fit(&table)?;
    /// println!("{}", fitted.receipt().expect("it was fitted just now"));
    /// assert!(fitted.verify(&table, &pipeline)?.is_same());
    /// assert!(!fitted.verify(&table.head(79), &pipeline)?.is_same());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a pipeline without a receipt, and for one that was fitted with a table for validation; the errors
    /// of [`Pipeline::fit`].
    pub fn verify(&self, table: &Table, pipeline: &Pipeline<T>) -> Result<Verification> {
        self.verified(table, None, pipeline)
    }

    /// [`verify`](Self::verify) for a pipeline of [`Pipeline::fit_validated`].
    ///
    /// # Errors
    ///
    /// The errors of [`verify`](Self::verify).
    pub fn verify_validated(&self, train: &Table, validation: &Table, pipeline: &Pipeline<T>) -> Result<Verification> {
        self.verified(train, Some(validation), pipeline)
    }

    fn verified(&self, train: &Table, validation: Option<&Table>, pipeline: &Pipeline<T>) -> Result<Verification> {
        let refuse = |value: &str, expected: &str| Err(Error::argument("verify", "pipeline", value, expected));
        let Some(receipt) = &self.receipt else {
            return refuse("one without a receipt", "one that Pipeline::fit or Pipeline::fit_validated made");
        };
        if receipt.source {
            return refuse("one that was fitted to a source of blocks", "verify_batches with that source");
        }
        match (&receipt.validation_table, validation) {
            (Some(_), None) => {
                return refuse("one that was fitted with a table for validation", "verify_validated with both tables");
            }
            (None, Some(_)) => {
                return refuse("one that was fitted without a table for validation", "verify with the one table");
            }
            _ => {}
        }
        let pairs = [(Some(&receipt.table), Some(train)), (receipt.validation_table.as_ref(), validation)];
        for (expected, found) in pairs.into_iter().filter_map(|(receipt, table)| Some((*receipt?, table?))) {
            let found = TableReceipt::of(found);
            if found != expected {
                return Ok(Verification::OtherTable { expected, found });
            }
        }
        if let Some(verification) = self.changed_since(receipt)? {
            return Ok(verification);
        }
        let pipeline = pipeline.clone().seed(receipt.seed);
        let again = match validation {
            Some(validation) => pipeline.fit_validated(train, validation)?,
            None => pipeline.fit(train)?,
        };
        self.compared_with(receipt, &again)
    }

    /// The receipt of a pipeline that was fitted to a source.
    pub(super) fn receipt_of_source(&self) -> Result<&Receipt> {
        let refuse = |value: &str, expected: &str| Err(Error::argument("verify_batches", "pipeline", value, expected));
        match &self.receipt {
            None => refuse("one without a receipt", "one that Pipeline::fit_batches made"),
            Some(receipt) if !receipt.source => refuse("one that was fitted to a table", "verify with that table"),
            Some(receipt) => Ok(receipt),
        }
    }

    /// Checks, without a new fit, whether the pipeline was changed since its fit, and whether machine and release allow a comparison.
    pub(super) fn changed_since(&self, receipt: &Receipt) -> Result<Option<Verification>> {
        if checksum_of(&self.members)? != receipt.weights {
            return Ok(Some(Verification::Changed { part: "the weights".into() }));
        }
        if let Some(step) = self.changed_step(&receipt.steps)? {
            return Ok(Some(Verification::Changed { part: format!("the {step}") }));
        }
        let place = |machine: &str, release: &str| format!("{machine} with release {release}");
        let (expected, found) = (place(&receipt.machine, &receipt.release), place(&machine(), &release()));
        Ok((expected != found).then_some(Verification::NotComparable { expected, found }))
    }

    /// Compares all bits with those of a new fit.
    pub(super) fn compared_with(&self, receipt: &Receipt, again: &Self) -> Result<Verification> {
        let has_other_threshold = || {
            let is_of_fit = receipt.steps.iter().all(|step| step.step != "threshold");
            is_of_fit && again.threshold.to_bits() != self.threshold.to_bits()
        };
        let steps: Vec<StepReceipt> = receipt.steps.iter().filter(|step| step.rows.is_some()).cloned().collect();
        Ok(match self.first_difference(again)? {
            Some(part) => Verification::Differs { part },
            None if has_other_threshold() => Verification::Differs { part: "the threshold".into() },
            None if steps.is_empty() => Verification::Same,
            None => Verification::SameFit { steps },
        })
    }

    /// Compares all bits with those of a pipeline that was fitted and taken through the same steps again: transformers, target,
    /// weights, calibration, prior correction, threshold, conformal regions and domain.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..80).map(f64::from))?
    ///     .with_booleans("large", (0..80).map(|row| row % 50 >= 30))?;
    /// let pipeline = Pipeline::new(Target::binary("large")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
    /// let fitted = pipeline.fit(&table)?.calibrate(PlattScaling, &table)?;
    /// println!("{}", fitted.verify(&table, &pipeline)?);
    /// let again = pipeline.fit(&table)?.calibrate(PlattScaling, &table)?;
    /// assert!(fitted.verify_against(&again)?.is_same());
    /// assert!(!fitted.verify_against(&again.calibrate(PlattScaling, &table.head(60))?)?.is_same());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Model::network`](crate::Model::network), although none is expected.
    pub fn verify_against(&self, again: &Self) -> Result<Verification> {
        Ok(match self.first_difference(again)? {
            Some(part) => Verification::Differs { part },
            None => match self.other_step(again)? {
                Some(step) => Verification::Differs { part: format!("the {step}") },
                None => Verification::Same,
            },
        })
    }

    /// The first part in which another pipeline differs.
    pub(super) fn first_difference(&self, other: &Self) -> Result<Option<String>> {
        if self.columns != other.columns {
            return Ok(Some("the transformers".into()));
        }
        if self.target != other.target {
            return Ok(Some("the target".into()));
        }
        if self.members.len() != other.members.len() {
            return Ok(Some(format!(
                "the number of members, {} instead of {}",
                other.members.len(),
                self.members.len()
            )));
        }
        for (index, (one, other)) in self.members.iter().zip(&other.members).enumerate() {
            let (one, other) = (one.network()?, other.network()?);
            let bits = |values: &[T]| values.iter().map(|value| value.to_f64().to_bits()).collect::<Vec<u64>>();
            let names = |network: &crate::Network<T>| network.layer_names().map(str::to_owned).collect::<Vec<_>>();
            if names(one) != names(other) || one.variables() != other.variables() {
                return Ok(Some(format!("the layers of member {index}")));
            }
            let (weights, of_other) = (bits(one.flat_weights()), bits(other.flat_weights()));
            if let Some(place) = weights.iter().zip(&of_other).position(|(one, other)| one != other) {
                let variable = one.variables().iter().find(|variable| variable.range().contains(&place));
                let path = variable.map(|variable| variable.path.clone()).unwrap_or_default();
                return Ok(Some(format!("{path} of member {index}")));
            }
            if bits(one.flat_state()) != bits(other.flat_state()) {
                return Ok(Some(format!("the state of member {index}")));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn another_machine_and_other_weights_are_noticed_before_training() -> Result<()> {
        let table = Table::new()
            .with_numbers("x", (0..90).map(|row| f64::from(row * 37 % 91)))?
            .with_booleans("late", (0..90).map(|row| row * 37 % 91 < 40))?;
        let ann = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["x"]);
        let pipeline = Pipeline::new(Target::binary("late")).columns(columns).model(ann).options(Fit::new().verbose(0));
        let fitted = pipeline.fit(&table)?;
        assert_eq!(fitted.verify(&table, &pipeline)?, Verification::Same);

        let mut elsewhere = fitted.clone();
        if let Some(receipt) = &mut elsewhere.receipt {
            receipt.machine = "z80 cpm portable".into();
        }
        let found = elsewhere.verify(&table, &pipeline)?;
        assert!(
            matches!(&found, Verification::NotComparable { expected, .. } if expected.starts_with("z80")),
            "{found}"
        );

        let mut changed = fitted;
        let network = changed.members[0].network_mut()?;
        let (mut weights, state) = (network.flat_weights().to_vec(), network.flat_state().to_vec());
        weights[2] += f32::EPSILON;
        network.set_flat(&weights, &state)?;
        assert_eq!(changed.verify(&table, &pipeline)?, Verification::Changed { part: "the weights".into() });
        Ok(())
    }

    #[test]
    fn changes_after_a_step_are_detected_before_training() -> Result<()> {
        use crate::calibration::PriorCorrection;
        use crate::decisions::ThresholdFor;
        let table = Table::new()
            .with_numbers("x", (0..90).map(|row| f64::from(row * 37 % 91)))?
            .with_booleans("late", (0..90).map(|row| row * 37 % 91 < 40 || row % 7 == 0))?;
        let pipeline =
            Pipeline::new(Target::binary("late")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
        let fitted = pipeline.fit(&table)?.calibrate(PlattScaling, &table)?;
        let fitted = fitted.choose_threshold(ThresholdFor::recall(0.8), &table)?.conformal(0.2, &table)?;
        let changed = |change: &dyn Fn(&mut FittedPipeline)| -> Result<String> {
            let mut made = fitted.clone();
            change(&mut made);
            match made.verify(&table, &pipeline)? {
                Verification::Changed { part } => Ok(part),
                other => panic!("{other}"),
            }
        };
        assert_eq!(changed(&|made| made.threshold += 1e-9)?, "the threshold");
        assert_eq!(changed(&|made| made.decisions.choice = None)?, "the threshold");
        assert_eq!(changed(&|made| made.decisions.conformal = None)?, "the conformal regions");
        assert_eq!(changed(&|made| made.decisions.calibrator = None)?, "the calibration");
        assert_eq!(
            changed(&|made| made.decisions.prior = Some(PriorCorrection::from_rates(0.5, 0.1)))?,
            "the prior correction"
        );
        let mut made = pipeline.fit(&table)?;
        made.threshold = 0.4;
        assert_eq!(made.verify(&table, &pipeline)?, Verification::Differs { part: "the threshold".into() });
        Ok(())
    }
}
