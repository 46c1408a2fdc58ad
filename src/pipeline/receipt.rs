use super::prepared::PreparedRows;
use crate::checksum::continue_with_numbers;
use crate::error::counted;
use crate::kernels::Level;
use crate::preprocessing::Table;
use crate::significant::significant;
use crate::terminal_lines::{truncated, wrapped};
use crate::{Model, Result, Scalar};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The provenance of a fitted pipeline: its data, description and software, stored in its file.
/// [`FittedPipeline::verify`](super::FittedPipeline::verify) compares it with a table.
///
/// Checksums are CRC-32C: they reveal another table or a change by accident, and are no protection against intent.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let receipt = fitted.receipt().expect("it was fitted just now");
/// assert_eq!((receipt.table.rows, receipt.seed, receipt.steps.len()), (80, 1, 0));
/// println!("{receipt}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Receipt {
    /// The table of the fit, with the rows for validation that were taken from it.
    pub table: TableReceipt,
    /// Whether the table came as a source of blocks, to [`Pipeline::fit_batches`](super::Pipeline::fit_batches). The rows for validation
    /// follow from it then, and they are neither listed nor scored here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub source: bool,
    /// The table for validation, if one was passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_table: Option<TableReceipt>,
    /// The rows that were used for validation, from either table: their number, encoded columns and checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<TableReceipt>,
    /// The seed of the fit, given or drawn.
    pub seed: u64,
    /// The seeds of the members.
    pub member_seeds: Vec<u64>,
    /// The release of this crate.
    pub release: String,
    /// Processor architecture, operating system and vector instructions: `x86_64 linux avx2`. Bits are the same on such machines
    /// only.
    pub machine: String,
    /// The type of the weights.
    pub dtype: String,
    /// The checksum of weights and state of all members.
    pub weights: u32,
    /// The usual scores on the rows for validation, by name; none without such rows. Where each member was validated on other
    /// rows, each row is predicted by the first member that it did not train.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<(String, f64)>,
    /// The steps after the fit, such as calibration and threshold, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepReceipt>,
}

/// Rows, columns and checksum of a table.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let of_fit = fitted.receipt().expect("it was fitted just now").table;
/// assert_eq!((of_fit.rows, of_fit.columns), (80, 2));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TableReceipt {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The CRC-32C of names, types and values.
    pub checksum: u32,
}

impl TableReceipt {
    pub(super) fn of(table: &Table) -> Self {
        TableReceipt { rows: table.nrows(), columns: table.ncols(), checksum: table.checksum() }
    }

    pub(super) fn of_part<T: Scalar>(part: &PreparedRows<T>) -> Self {
        let x = part.x();
        let checksum = continue_with_numbers(part.rows.table().checksum(), x.iter().map(|x| x.to_f64()));
        TableReceipt { rows: x.nrows(), columns: x.ncols(), checksum }
    }
}

impl fmt::Display for TableReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}, checksum {:08x}", counted(self.rows, "row"), counted(self.columns, "column"), self.checksum)
    }
}

/// The parts, in lines of at most 80 characters.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table       {}{}", self.table, if self.source { ", in blocks" } else { "" })?;
        if let Some(table) = &self.validation_table {
            write!(f, "\nvalidation  {table} (passed)")?;
        }
        if let Some(part) = &self.validation {
            write!(f, "\nvalidated   {part} (encoded)")?;
        }
        write!(f, "\nseed        {}, of {}", self.seed, counted(self.member_seeds.len(), "member"))?;
        write!(f, "\nmade by     perceptra {} in {}", self.release, self.dtype)?;
        write!(f, "\nmachine     {}\nweights     checksum {:08x}", self.machine, self.weights)?;
        self.scores
            .iter()
            .try_for_each(|(name, value)| write!(f, "\n  {:<24}  {}", truncated(name, 60), significant(*value)))?;
        self.steps.iter().try_for_each(|step| write!(f, "\n{}", wrapped(&step.to_string(), 12)))
    }
}

/// A step after the fit, such as [`calibrate`](super::FittedPipeline::calibrate): the rows that it learned from, and the checksum of what it
/// learned. `Display` is a line.
///
/// Intervals are by resamples with the seed of the fit.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let fitted = fitted.calibrate(PlattScaling, &table)?;
/// let step = &fitted.receipt().expect("it was fitted just now").steps[0];
/// assert_eq!((step.step.as_str(), step.rows.map(|rows| rows.rows)), ("calibration", Some(80)));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StepReceipt {
    /// The name of the step: `"calibration"`, `"prior correction"`, `"threshold"`, `"conformal regions"` or `"domain"`.
    pub step: String,
    /// The method, the rule or the numbers that were passed.
    pub method: String,
    /// The table of the rows; none where numbers were passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<TableReceipt>,
    /// The checksum of the out-of-fold predictions, where such were passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictions: Option<u32>,
    /// The column with the weights of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
    /// The checksum of the learned state.
    pub learned: u32,
}

impl fmt::Display for StepReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.step, self.method)?;
        if let Some(rows) = &self.rows {
            write!(f, " by {rows}")?;
        }
        if let Some(predictions) = self.predictions {
            write!(f, ", out-of-fold predictions {predictions:08x}")?;
        }
        match &self.weights {
            Some(column) => write!(f, ", weights {column}"),
            None => Ok(()),
        }
    }
}

/// The release of this crate.
pub(super) fn release() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// This machine, as far as the bits of a fit depend on it.
pub(super) fn machine() -> String {
    let level = match Level::current() {
        Level::Portable => "portable",
        Level::Avx2 => "avx2",
        Level::Avx512 => "avx512",
    };
    format!("{} {} {level}", std::env::consts::ARCH, std::env::consts::OS)
}

/// The checksum of the weights and the state of models.
pub(super) fn checksum_of<T: Scalar>(members: &[Model<T>]) -> Result<u32> {
    members.iter().try_fold(0, |sum, member| {
        let network = member.network()?;
        let values = network.flat_weights().iter().chain(network.flat_state());
        Ok(continue_with_numbers(sum, values.map(|value| value.to_f64())))
    })
}
