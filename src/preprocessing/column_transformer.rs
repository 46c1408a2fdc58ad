//! Scalers and encoders joined on the named columns of a table.

use nalgebra::{DMatrix, RowDVector};
use serde::{Deserialize, Serialize};

use super::encoded_features::EncodedFeatures;
use super::transformer::{FittedStep, Transformer};
use super::{Record, Table, TextToNumber};
use crate::error::{Error, Result};
use crate::scalar::Scalar;

/// What becomes of the columns that no transformer was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remainder {
    /// They are left out.
    #[default]
    Drop,
    /// They follow, unchanged, behind the others.
    Passthrough,
}

/// Joins scalers and encoders, each on its own columns, into one matrix.
///
/// The columns of the matrix follow the order in which the transformers were added. Fit on the training rows
/// only; the fitted transformer carries their figures to test rows, and serializes to travel with a model.
///
/// | option | default |
/// |---|---|
/// | [`remainder`](Self::remainder) | [`Remainder::Drop`] |
///
/// ```
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table};
///
/// let train = Table::new().with_numbers("rate", [10.0, 20.0])?.with_text("home", ["OWN", "RENT"])?;
/// let columns = ColumnTransformer::new()
///     .add(StandardScaler::new(), ["rate"])
///     .add(OneHotEncoder::new(), ["home"])
///     .fit(&train)?;
/// assert_eq!(columns.names(), ["rate", "home_OWN", "home_RENT"]);
/// let applicant = Record::new().with("rate", 25.0).with("home", "RENT");
/// assert_eq!(columns.transform_record::<f32>(&applicant)?.as_slice(), [2.0, 0.0, 1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.compose.ColumnTransformer*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnTransformer {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conversions: Vec<Conversion>,
    steps: Vec<(Transformer, Vec<String>)>,
    remainder: Remainder,
}

/// Texts that become numbers before anything else happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversion {
    to_number: TextToNumber,
    columns: Vec<String>,
}

/// The table after all conversions.
fn converted(conversions: &[Conversion], table: &Table) -> Result<Table> {
    let convert = |table: Table, conversion: &Conversion| conversion.to_number.apply(&table, &conversion.columns);
    conversions.iter().try_fold(table.clone(), convert)
}

impl ColumnTransformer {
    /// A transformer without any columns yet.
    pub fn new() -> ColumnTransformer {
        ColumnTransformer::default()
    }

    /// Adds a transformer for these columns; with an empty list it yields none, as where columns are chosen by their type.
    #[must_use]
    pub fn add(
        mut self,
        transformer: impl Into<Transformer>,
        columns: impl IntoIterator<Item = impl Into<String>>,
    ) -> ColumnTransformer {
        self.steps.push((transformer.into(), columns.into_iter().map(Into::into).collect()));
        self
    }

    /// Turns the texts of these columns into numbers before any transformer sees them, so that a scaler can follow.
    ///
    /// It names no columns of the matrix: give them to a transformer as well.
    #[must_use]
    pub fn text_to_number(
        mut self,
        to_number: impl Into<TextToNumber>,
        columns: impl IntoIterator<Item = impl Into<String>>,
    ) -> ColumnTransformer {
        self.conversions
            .push(Conversion { to_number: to_number.into(), columns: columns.into_iter().map(Into::into).collect() });
        self
    }

    /// Adds columns of numbers as they are.
    #[must_use]
    pub fn passthrough(self, columns: impl IntoIterator<Item = impl Into<String>>) -> ColumnTransformer {
        self.add(Transformer::Passthrough, columns)
    }

    /// What becomes of the other columns. Defaults to [`Remainder::Drop`].
    #[must_use]
    pub fn remainder(mut self, remainder: Remainder) -> ColumnTransformer {
        self.remainder = remainder;
        self
    }

    /// Learns the figures of every transformer from the rows of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for a table without rows or a transformer without any column; [`Error::UnknownColumn`],
    /// [`Error::NotANumber`] and [`Error::MissingValue`] for columns that do not fit; [`Error::NotFinite`] for an
    /// infinite value; [`Error::Unmapped`] or [`Error::NoLeadingNumber`] for a string that is to become a number and has
    /// none; [`Error::Argument`] if two transformers yield columns of the same name.
    pub fn fit(&self, table: &Table) -> Result<FittedColumnTransformer> {
        if table.nrows() == 0 {
            return Err(Error::Empty { what: "the table".into(), advice: "fit needs at least one row".into() });
        }
        let table = &converted(&self.conversions, table)?;
        let mut steps = self.steps.clone();
        if self.remainder == Remainder::Passthrough {
            let named = |name: &String| self.steps.iter().any(|(_, columns)| columns.contains(name));
            let rest = table.names().iter().filter(|name| !named(name)).cloned().collect();
            steps.push((Transformer::Passthrough, rest));
        }
        let steps = steps.iter().map(|(transformer, columns)| FittedStep::fit(transformer, columns, table));
        let conversions = self.conversions.clone();
        let fitted = FittedColumnTransformer { conversions, steps: steps.collect::<Result<_>>()? };
        fitted.width()?;
        let names = fitted.names();
        if names.is_empty() {
            return Err(self.without_columns(&fitted));
        }
        if let Err(reason) = fitted.check() {
            return Err(Error::argument(
                "ColumnTransformer",
                "text_to_number",
                reason,
                "columns that a transformer is given as well",
            ));
        }
        distinct("ColumnTransformer", names)?;
        Ok(fitted)
    }

    /// Why no columns come out.
    fn without_columns(&self, fitted: &FittedColumnTransformer) -> Error {
        match fitted.inputs().first() {
            None => Error::Empty {
                what: "the ColumnTransformer".into(),
                advice: "name columns with .add(…) or .passthrough(…)".into(),
            },
            Some(name) => Error::Empty {
                what: format!("what the ColumnTransformer makes of \"{name}\""),
                advice: "its only category is the one that is dropped; keep it with DropCategory::IfBinary or \
                         DropCategory::Never, or take other columns"
                    .into(),
            },
        }
    }

    /// Fits to the rows of the table and transforms them.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar>(&self, table: &Table) -> Result<(FittedColumnTransformer, DMatrix<T>)> {
        let fitted = self.fit(table)?;
        let x = fitted.transform(table)?;
        Ok((fitted, x))
    }
}

/// A [`ColumnTransformer`], or a [`FeatureSpace`](super::FeatureSpace), that knows the figures of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct FittedColumnTransformer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conversions: Vec<Conversion>,
    steps: Vec<FittedStep>,
}

/// What a text says of a fitted transformer, before its parts are known to fit together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(default)]
    conversions: Vec<Conversion>,
    steps: Vec<FittedStep>,
}

impl TryFrom<Unchecked> for FittedColumnTransformer {
    type Error = String;

    fn try_from(read: Unchecked) -> std::result::Result<Self, String> {
        let columns = FittedColumnTransformer { conversions: read.conversions, steps: read.steps };
        columns.check()?;
        Ok(columns)
    }
}

/// Refuses two columns of one name.
fn distinct(item: &str, mut names: Vec<String>) -> Result<()> {
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Error::argument(
            item,
            "columns",
            format!("two that are called \"{}\" after the transformation", pair[0]),
            "each column once",
        )),
    }
}

impl FittedColumnTransformer {
    /// What a [`FeatureSpace`](super::FeatureSpace) has learned.
    pub(super) fn of_features(features: EncodedFeatures) -> Result<Self> {
        distinct("FeatureSpace", features.names())?;
        Ok(FittedColumnTransformer { conversions: Vec::new(), steps: vec![FittedStep::Features(features)] })
    }

    /// The number of the matrix's columns, of which there may be more than names would fit into memory.
    pub(crate) fn width(&self) -> Result<usize> {
        self.steps.iter().try_fold(0usize, |width, step| Ok(width.saturating_add(step.width()?)))
    }

    /// The names of the matrix's columns.
    pub fn names(&self) -> Vec<String> {
        let of_step = |step: &FittedStep| match step {
            FittedStep::OneHotEncoder { encoder } => encoder.names(),
            FittedStep::Features(features) => features.names(),
            FittedStep::StringLookup { columns, lookup } => lookup.names(columns),
            FittedStep::Hashing { columns, hashing, .. } => hashing.names(columns),
            other => other.inputs().into_iter().map(str::to_owned).collect(),
        };
        self.steps.iter().flat_map(of_step).collect()
    }

    /// The columns that a table or record must have.
    pub fn inputs(&self) -> Vec<&str> {
        self.steps.iter().flat_map(FittedStep::inputs).collect()
    }

    /// Whether the parts fit together; what is wrong otherwise.
    fn check(&self) -> std::result::Result<(), String> {
        self.width().map_err(|error| format!("the preprocessing does not fit together: {error}"))?;
        let inputs: std::collections::HashSet<&str> = self.inputs().into_iter().collect();
        let mut converted = self.conversions.iter().flat_map(|conversion| &conversion.columns);
        match converted.find(|name| !inputs.contains(name.as_str())) {
            Some(name) => Err(format!("the preprocessing turns \"{name}\" into a number, which it does not use")),
            None => Ok(()),
        }
    }

    /// The matrix of the table's rows, rows × [`names`](Self::names).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], [`Error::NotANumber`] or [`Error::ColumnType`], [`Error::MissingValue`],
    /// [`Error::UnknownCategory`], [`Error::Unmapped`], [`Error::NoLeadingNumber`].
    pub fn transform<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        let table = &converted(&self.conversions, table)?;
        let mut data = Vec::with_capacity(table.nrows() * self.names().len());
        let widths = self.steps.iter().map(|step| step.append(table, &mut data));
        let width = widths.sum::<Result<usize>>()?;
        Ok(DMatrix::from_vec(table.nrows(), width, data))
    }

    /// One raw record as a row of the matrix, for a model that serves single requests.
    ///
    /// # Errors
    ///
    /// [`Error::MissingValue`] for a name that the record lacks, unless its encoder makes zeros of it; otherwise as [`transform`](Self::transform).
    pub fn transform_record<T: Scalar>(&self, record: &Record) -> Result<RowDVector<T>> {
        let table = converted(&self.conversions, &Table::from_record(record, self.inputs()))?;
        let mut row = Vec::new();
        for step in &self.steps {
            step.append(&table, &mut row)?;
        }
        Ok(RowDVector::from_vec(row))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Hashing, MinMaxScaler, OneHotEncoder, StandardScaler, StringLookup};
    use super::*;
    use crate::layers::OutputMode;

    fn table() -> Table {
        let table = Table::new().with_numbers("rate", [1.0, 3.0]).unwrap().with_numbers("n", [7.0, 8.0]).unwrap();
        table.with_text("home", ["RENT", "OWN"]).unwrap().with_numbers("balance", [0.0, 10.0]).unwrap()
    }

    fn transformer() -> ColumnTransformer {
        let transformer = ColumnTransformer::new().add(OneHotEncoder::new(), ["home"]);
        transformer.add(StandardScaler::new(), ["rate"]).add(MinMaxScaler::new(), ["balance"])
    }

    #[test]
    fn columns_follow_the_order_of_the_transformers() {
        let (fitted, x) = transformer().remainder(Remainder::Passthrough).fit_transform::<f64>(&table()).unwrap();
        assert_eq!(fitted.names(), ["home_OWN", "home_RENT", "rate", "balance", "n"]);
        assert_eq!(x, DMatrix::from_row_slice(2, 5, &[0.0, 1.0, -1.0, 0.0, 7.0, 1.0, 0.0, 1.0, 1.0, 8.0]));
        let (fitted, x) = transformer().fit_transform::<f32>(&table()).unwrap();
        assert_eq!((x.ncols(), fitted.inputs()), (4, vec!["home", "rate", "balance"]));
    }

    #[test]
    fn texts_are_looked_up_or_hashed_beside_the_numbers() {
        let counted = StringLookup::new().output_mode(OutputMode::Count);
        let columns = ColumnTransformer::new()
            .add(StringLookup::new(), ["home"])
            .add(StandardScaler::new(), ["rate"])
            .add(counted, ["home"])
            .add(Hashing::new(3).output_mode(OutputMode::OneHot), ["home"]);
        let (fitted, x) = columns.fit_transform::<f64>(&table()).unwrap();
        let names = ["home", "rate", "home_[UNK]", "home_RENT", "home_OWN", "home_0", "home_1", "home_2"];
        assert_eq!(fitted.names(), names);
        assert_eq!(
            x.columns(0, 5),
            DMatrix::from_row_slice(2, 5, &[1.0, -1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 0.0, 0.0, 1.0])
        );
        assert_eq!(x.columns(5, 3).column_sum().as_slice(), [1.0, 1.0]);
        assert_eq!(fitted.transform_record::<f64>(&table().record(1).unwrap()).unwrap(), x.row(1));
        let stored = serde_json::to_string(&fitted).unwrap();
        let again: FittedColumnTransformer = serde_json::from_str(&stored).unwrap();
        assert_eq!(again.transform::<f64>(&table()).unwrap(), x);
        let boat = fitted.transform_record::<f64>(&Record::new().with("home", "BOAT").with("rate", 1.0)).unwrap();
        assert_eq!((boat[0], boat[2]), (0.0, 1.0));
    }

    #[test]
    fn a_record_gives_the_row_of_the_table() {
        let fitted = transformer().passthrough(["n"]).fit(&table()).unwrap();
        let x = fitted.transform::<f64>(&table()).unwrap();
        let record = table().record(1).unwrap();
        assert_eq!(fitted.transform_record::<f64>(&record).unwrap(), x.row(1));
        let error = fitted.transform_record::<f64>(&Record::new().with("home", "OWN")).unwrap_err().to_string();
        assert!(error.starts_with("the record, column \"rate\": the value is missing"), "{error}");
        let lenient = ColumnTransformer::new()
            .add(OneHotEncoder::new().unknown(crate::preprocessing::Unknown::Zeros), ["home"])
            .fit(&table())
            .unwrap();
        assert_eq!(lenient.transform_record::<f64>(&Record::new()).unwrap().as_slice(), [0.0, 0.0]);
        let unknown = fitted.transform_record::<f64>(&record.clone().with("home", "ANY"));
        assert!(matches!(unknown, Err(Error::UnknownCategory { .. })));
        assert!(matches!(fitted.transform_record::<f64>(&record.with("rate", "low")), Err(Error::NotANumber { .. })));
    }

    #[test]
    fn finite_numbers_are_scaled_at_both_ends_of_the_range() {
        let table = Table::new().with_numbers("a", [-1e308, 0.0, 1e308]).unwrap();
        let table = table.with_numbers("b", [1e-17, 2e-17, 3e-17]).unwrap();
        let minimum = ColumnTransformer::new().add(MinMaxScaler::new(), ["a", "b"]);
        let x = minimum.fit_transform::<f64>(&table).unwrap().1;
        approx::assert_relative_eq!(x.as_slice(), &[0.0, 0.5, 1.0, 0.0, 0.5, 1.0][..], max_relative = 1e-15);
        let standard = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
        let (fitted, x) = standard.fit_transform::<f64>(&table).unwrap();
        let third = 1.5f64.sqrt();
        approx::assert_relative_eq!(x.as_slice(), &[-third, 0.0, third, -third, 0.0, third][..], epsilon = 1e-15);
        let record = fitted.transform_record::<f64>(&table.record(2).unwrap()).unwrap();
        assert_eq!(record, x.row(2));
    }

    #[test]
    fn a_column_that_yields_nothing_is_taken_or_named() {
        let single = table().with_text("g", ["x", "x"]).unwrap();
        let first = || OneHotEncoder::new().drop_category(crate::preprocessing::DropCategory::First);
        let error = ColumnTransformer::new().add(first(), ["g"]).fit(&single).unwrap_err().to_string();
        assert!(error.starts_with("what the ColumnTransformer makes of \"g\" is empty"), "{error}");
        let none: [&str; 0] = [];
        let beside = ColumnTransformer::new().add(first(), ["g"]).add(StandardScaler::new(), none).passthrough(["n"]);
        assert_eq!(beside.fit(&single).unwrap().names(), ["n"]);
        let error = ColumnTransformer::new().passthrough(none).fit(&single).unwrap_err().to_string();
        assert!(error.starts_with("the ColumnTransformer is empty; name columns"), "{error}");
    }

    #[test]
    fn numbers_booleans_and_strings_are_read_as_at_the_fit() {
        let train =
            Table::new().with_text("g", ["1", "2", "A"]).unwrap().with_booleans("b", [true, false, true]).unwrap();
        let fitted = ColumnTransformer::new()
            .text_to_number(TextToNumber::pairs([("1", 10.0), ("2", 20.0), ("A", 30.0)]), ["g"])
            .passthrough(["g", "b"])
            .add(OneHotEncoder::new(), ["b"])
            .fit(&train)
            .unwrap();
        let numbers = Table::new().with_numbers("g", [2.0, 1.0]).unwrap().with_text("b", ["true", "False"]).unwrap();
        assert!(fitted.transform::<f64>(&numbers).is_err(), "what is scaled is to be numbers");
        let numbers = Table::new().with_numbers("g", [2.0, 1.0]).unwrap().with_numbers("b", [1.0, 0.0]).unwrap();
        let x = fitted.transform::<f64>(&numbers).unwrap();
        assert_eq!(x, DMatrix::from_row_slice(2, 4, &[20.0, 1.0, 0.0, 1.0, 10.0, 0.0, 1.0, 0.0]));
        let record: Record = serde_json::from_str(r#"{"g": 2, "b": true}"#).unwrap();
        let row = fitted.transform_record::<f64>(&record).unwrap();
        assert_eq!(row, x.row(0));
    }

    #[test]
    fn it_survives_serialization() {
        let fitted = transformer().fit(&table()).unwrap();
        let text = serde_json::to_string(&fitted).unwrap();
        let back: FittedColumnTransformer = serde_json::from_str(&text).unwrap();
        assert_eq!(back.transform::<f32>(&table()).unwrap(), fitted.transform::<f32>(&table()).unwrap());
        for (from, to) in
            [("\"scale\":", "\"scale\":-"), ("\"columns\":[\"rate\"]", "\"columns\":[]"), ("steps", "step")]
        {
            assert!(text.contains(from), "{text}");
            assert!(serde_json::from_str::<FittedColumnTransformer>(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    #[test]
    fn widths_that_a_text_makes_up_cost_nothing() {
        let hashing = ColumnTransformer::new().add(Hashing::new(7).output_mode(OutputMode::OneHot), ["home"]);
        let lookup = ColumnTransformer::new().add(StringLookup::new().num_oov_indices(7), ["home"]);
        for (columns, field) in [(hashing, "num_bins"), (lookup, "num_oov_indices")] {
            let text = serde_json::to_string(&columns.fit(&table()).unwrap()).unwrap();
            let read = |count: usize| {
                let huge = text.replace(&format!("\"{field}\":7"), &format!("\"{field}\":{count}"));
                assert_ne!(huge, text);
                serde_json::from_str::<FittedColumnTransformer>(&huge)
            };
            let width = read(u32::MAX as usize).unwrap().width().unwrap();
            assert_eq!(width, if field == "num_bins" { u32::MAX as usize } else { 1 });
            assert_eq!(read(usize::MAX).is_ok(), field == "num_bins");
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let fit = |transformer: ColumnTransformer, table: &Table| transformer.fit(table).unwrap_err();
        assert!(matches!(fit(transformer().passthrough(["rate"]), &table()), Error::Argument { .. }));
        assert!(matches!(fit(transformer().passthrough(["x"]), &table()), Error::UnknownColumn { .. }));
        assert!(matches!(fit(transformer(), &table().head(0)), Error::Empty { .. }));
        assert!(matches!(fit(ColumnTransformer::new(), &table()), Error::Empty { .. }));
        let missing = table().with_numbers("rate", [1.0, f64::NAN]).unwrap();
        assert!(matches!(fit(transformer(), &missing), Error::MissingValue { .. }));
        let infinite = table().with_numbers("rate", [1.0, f64::INFINITY]).unwrap();
        assert!(matches!(fit(transformer(), &infinite), Error::NotFinite { row: 1, .. }));
        let text = ColumnTransformer::new().add(StandardScaler::new(), ["home"]);
        assert!(matches!(fit(text, &table()), Error::NotANumber { .. }));
    }
}
