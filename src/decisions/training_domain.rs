use super::DomainFlag;
use super::column_domain::ColumnDomain;
use super::encoded_distance::EncodedDistance;
use crate::preprocessing::{FittedColumnTransformer, Record, Table};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Learns the ranges and categories of the training rows, so that records that differ from them can be flagged.
///
/// - For each raw column: the range of its numbers, its booleans or its categories, and whether values were missing. Strings that
///   [`TextToNumber`](struct@crate::preprocessing::TextToNumber) reads are numbers. Other columns with more than
///   1,000 distinct strings are identifiers or free text and are not checked.
/// - In the encoded space: the Mahalanobis distance from the mean, `√((x − μ)ᵀ(Σ + λI)⁻¹(x − μ)/d)`, with λ a thousandth of the mean
///   variance; for more than 128 encoded columns only the diagonal of Σ is used. The limit is the `quantile` of the distances of the
///   training rows, in (0, 1], by default 0.999.
///
/// At most 100,000 evenly spaced rows are used for the distance, and the memory does not depend on the number of rows.
///
/// ```
/// use perceptra::decisions::{TrainingDomain, DomainFlag};
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table};
///
/// let rows = Table::new()
///     .with_numbers("income", (0..100).map(|row| 20.0 + f64::from(row)))?
///     .with_strings("home", (0..100).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?;
/// let columns = ColumnTransformer::new().add(StandardScaler::new(), ["income"]).add(OneHotEncoder::new(), ["home"]);
/// let (columns, _) = columns.fit_transform::<f64>(&rows)?;
///
/// let domain = TrainingDomain::new().fit::<f64>(&columns, &rows)?;
/// assert!(domain.flags(&columns, &Record::new().with("income", 50.0).with("home", "OWN"))?.is_empty());
/// let flags = domain.flags(&columns, &Record::new().with("income", 500.0).with("home", "OWN"))?;
/// assert_eq!(flags[0].to_string(), "income is 500, above the training rows' 119");
/// assert!(matches!(flags[1], DomainFlag::Distant { .. }));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// P. C. Mahalanobis, *On the generalized distance in statistics*, 1936.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingDomain {
    quantile: f64,
}

/// The largest number of rows that are used for the distance.
const MOST_ROWS: usize = 100_000;

impl Default for TrainingDomain {
    fn default() -> Self {
        Self::new()
    }
}

impl TrainingDomain {
    /// Creates a description with the quantile 0.999.
    pub fn new() -> Self {
        TrainingDomain { quantile: 0.999 }
    }

    /// The fraction of the training rows that are within the limit of the distance, in (0, 1].
    #[must_use]
    pub fn quantile(mut self, quantile: f64) -> Self {
        self.quantile = quantile;
        self
    }

    /// Learns from the training rows, encoded by the fitted transformers in the type of the network.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a quantile out of its range, [`Error::Empty`] for no rows, and the errors of
    /// [`FittedColumnTransformer::transform`].
    pub fn fit<T: Scalar>(&self, columns: &FittedColumnTransformer, table: &Table) -> Result<FittedDomain> {
        if !(self.quantile > 0.0 && self.quantile <= 1.0) {
            return Err(Error::argument("TrainingDomain", "quantile", self.quantile, "a number in (0, 1]"));
        }
        let rows = table.nrows();
        if rows == 0 {
            return Err(Error::Empty { what: "the table".into(), advice: "pass the training rows".into() });
        }
        let mut known = Vec::new();
        for name in columns.inputs() {
            if known.iter().all(|domain: &ColumnDomain| domain.name != name) {
                known.push(ColumnDomain::of(name, table.column(name)?, columns.number_notation(name)));
            }
        }
        let x = match rows > MOST_ROWS {
            true => {
                let evenly: Vec<usize> = (0..MOST_ROWS).map(|at| at * rows / MOST_ROWS).collect();
                columns.transform::<T>(&table.take(&evenly)?)?
            }
            false => columns.transform::<T>(table)?,
        };
        Ok(self.of_encoded(known, &x.map(|value| value.to_f64())))
    }

    fn of_encoded(&self, columns: Vec<ColumnDomain>, x: &DMatrix<f64>) -> FittedDomain {
        let distance = EncodedDistance::fit(x);
        let (mut row, mut workspace) = (vec![0.0; x.ncols()], Vec::new());
        let mut distances: Vec<f64> = (0..x.nrows())
            .map(|index| {
                row.iter_mut().zip(x.row(index).iter()).for_each(|(to, from)| *to = *from);
                distance.of(&row, &mut workspace)
            })
            .collect();
        distances.sort_unstable_by(f64::total_cmp);
        let rank = ((distances.len() as f64 * self.quantile).ceil() as usize).clamp(1, distances.len());
        FittedDomain { columns, limit: distances[rank - 1], distance }
    }
}

/// The ranges and categories of the training rows, from [`TrainingDomain::fit`].
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let fitted = fitted.domain(&table)?;
/// let domain = fitted.fitted_domain().expect("it was fitted just now");
/// assert!(domain.limit() > 0.0);
/// assert!(!domain.flags(fitted.columns(), &Record::new().with("income", 500.0))?.is_empty());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedDomain {
    columns: Vec<ColumnDomain>,
    distance: EncodedDistance,
    limit: f64,
}

impl FittedDomain {
    /// The flags of a record that differs from the training rows: raw columns in the order of the transformers, then the combination.
    /// Empty for a record without differences.
    ///
    /// # Errors
    ///
    /// The errors of [`FittedColumnTransformer::transform_record`].
    pub fn flags(&self, columns: &FittedColumnTransformer, record: &Record) -> Result<Vec<DomainFlag>> {
        let x = columns.transform_record::<f64>(record)?;
        Ok(self.flags_of(columns, record, x.as_slice()))
    }

    /// The flags of a record that is already encoded as `x`.
    pub(crate) fn flags_of(&self, columns: &FittedColumnTransformer, record: &Record, x: &[f64]) -> Vec<DomainFlag> {
        let mut flags: Vec<DomainFlag> = self
            .columns
            .iter()
            .filter_map(|column| column.flag(record, || columns.number_notation(&column.name)))
            .collect();
        let distance = self.distance.of(x, &mut Vec::with_capacity(x.len()));
        // The distance of a record that is not finite is NaN.
        if distance.is_nan() || distance > self.limit {
            flags.push(DomainFlag::Distant { distance, limit: self.limit });
        }
        flags
    }

    /// The distance beyond which a record is flagged.
    pub fn limit(&self) -> f64 {
        self.limit
    }

    /// Checks that values that were read from a file are consistent with its transformers.
    pub(crate) fn check(&self, columns: &FittedColumnTransformer) -> Result<()> {
        let inputs = columns.inputs();
        let fits = self.columns.iter().all(|column| column.is_valid() && inputs.contains(&column.name.as_str()));
        match fits && self.distance.is_valid(columns.width()) && self.limit.is_finite() && self.limit >= 0.0 {
            true => Ok(()),
            false => {
                Err(Error::configuration("TrainingDomain", "its values are out of their ranges, or of other columns"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
