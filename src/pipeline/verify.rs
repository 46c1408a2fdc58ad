//! Whether a pipeline is what a table and a description make again.

use super::receipt::{TableReceipt, checksum_of, machine, release};
use super::{FittedPipeline, Pipeline, Receipt};
use crate::preprocessing::Table;
use crate::{Error, Result, Scalar};
use std::fmt;

/// What [`FittedPipeline::verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// Transformers, target and the bits of all weights are those of a new fit.
    Same,
    /// The table is not the one of the fit; nothing was trained.
    OtherTable {
        /// The table of the receipt.
        expected: TableReceipt,
        /// The table that was passed.
        found: TableReceipt,
    },
    /// The weights are not those that the receipt was written for: the file was changed after the fit.
    Changed,
    /// A new fit on a machine of the same kind made something else, so the description is not that of the fit.
    Differs {
        /// What differs first.
        part: String,
    },
    /// Bits can only be compared on a machine and with a release as that of the fit; nothing was trained.
    NotComparable {
        /// The machine and release of the fit.
        expected: String,
        /// Those that are running.
        found: String,
    },
}

impl Verification {
    /// Whether the pipeline was made again bit for bit.
    pub fn is_same(&self) -> bool {
        *self == Verification::Same
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verification::Same => write!(f, "verified: a new fit has the same bits"),
            Verification::OtherTable { expected, found } => {
                write!(f, "another table: {found}, where the fit had {expected}")
            }
            Verification::Changed => write!(f, "the weights were changed after the fit"),
            Verification::Differs { part } => {
                write!(f, "a new fit differs in {part}: the description is not that of the fit")
            }
            Verification::NotComparable { expected, found } => {
                write!(f, "bits can be compared on {expected}; this is {found}")
            }
        }
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// What the pipeline was made of and by; none for one of [`from_parts`](Self::from_parts), of a fold of
    /// [`cross_validate`](super::cross_validate()), and of an older file.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }

    /// Fits `pipeline` to the table anew, with the seed of the receipt, and compares all bits.
    ///
    /// Bits depend on the release, the processor architecture, the operating system and the vector instructions (which the
    /// environment variable `PERCEPTRA_SIMD` can lower): on another machine the result is [`Verification::NotComparable`], which
    /// names the one to verify on. A build by another compiler may differ too. The number of threads does not matter. A
    /// threshold that was changed after the fit is not compared.
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
    /// As [`verify`](Self::verify).
    pub fn verify_validated(&self, train: &Table, validation: &Table, pipeline: &Pipeline<T>) -> Result<Verification> {
        self.verified(train, Some(validation), pipeline)
    }

    fn verified(&self, train: &Table, validation: Option<&Table>, pipeline: &Pipeline<T>) -> Result<Verification> {
        let refuse = |value: &str, expected: &str| Err(Error::argument("verify", "pipeline", value, expected));
        let Some(receipt) = &self.receipt else {
            return refuse("one without a receipt", "one that Pipeline::fit or Pipeline::fit_validated made");
        };
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
        if checksum_of(&self.members)? != receipt.weights {
            return Ok(Verification::Changed);
        }
        let place = |machine: &str, release: &str| format!("{machine} with release {release}");
        let (expected, found) = (place(&receipt.machine, &receipt.release), place(&machine(), &release()));
        if expected != found {
            return Ok(Verification::NotComparable { expected, found });
        }
        let pipeline = pipeline.clone().seed(receipt.seed);
        let again = match validation {
            Some(validation) => pipeline.fit_validated(train, validation)?,
            None => pipeline.fit(train)?,
        };
        Ok(match self.first_difference(&again)? {
            None => Verification::Same,
            Some(part) => Verification::Differs { part },
        })
    }

    /// The first part in which another pipeline differs.
    fn first_difference(&self, other: &Self) -> Result<Option<String>> {
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
        assert_eq!(changed.verify(&table, &pipeline)?, Verification::Changed);
        Ok(())
    }
}
