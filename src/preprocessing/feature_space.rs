use super::feature::FeatureKind;
use super::feature_accumulator::{FeatureAccumulator, FeatureStep};
use super::fitted_features::{Crossed, FittedFeatures};
use super::transformer::{Accumulator, Features, FittedStep, StepAccumulator, restored};
use super::{
    Column, Feature, FitInput, FittedColumnTransformer, FittedTransformer, HashedCrossing, Table, Transformer,
};
use crate::categories::OutputMode;
use crate::items::argument::plain;
use crate::items::{Spec, item};
use crate::lists::try_map;
use crate::sorting;
use crate::{Error, Result};
use std::sync::Arc;

item! {
    /// Declares the type of each column of a table, and encodes the table as the input matrix of a network.
    ///
    /// The columns of the matrix are those of the features in alphabetical order, then those of the crosses, named
    /// `a_X_b`, as in Keras with `output_mode="concat"`. What is learned travels with a model in a
    /// [`FittedPipeline`](crate::pipeline::FittedPipeline).
    ///
    /// ```
    /// use perceptra::preprocessing::{Feature, FeatureSpace, Record, Table};
    ///
    /// let train = Table::new()
    ///     .with_numbers("age", [20.0, 30.0, 40.0, 50.0])?
    ///     .with_strings("home", ["RENT", "OWN", "RENT", "RENT"])?;
    /// let columns = FeatureSpace::new()
    ///     .feature("age", Feature::float_normalized())
    ///     .feature("home", "string_categorical")
    ///     .adapt(&train)?;
    /// assert_eq!(columns.names(), ["age", "home_[UNK]", "home_RENT", "home_OWN"]);
    /// assert_eq!(columns.transform::<f32>(&train)?.shape(), (4, 4));
    /// let applicant = Record::new().with("age", 35.0).with("home", "BOAT");
    /// assert_eq!(columns.transform_record::<f32>(&applicant)?.as_slice(), [0.0, 1.0, 0.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.utils.FeatureSpace`.
    pub struct FeatureSpace: "FeatureSpace" {
        /// Columns, each with its [`Feature`]; [`feature`](Self::feature) adds one.
        features: Vec<(String, Feature)> [custom setter] = Vec::new(),
        /// Columns of which each combination of values is a separate feature, by its hash, and the number of bins for it;
        /// [`cross`](Self::cross) adds one.
        crosses: Vec<(Vec<String>, Option<usize>)> [custom setter] = Vec::new(),
        /// The bins of crosses that were given no number.
        crossing_dim: usize [at least 1] = 32,
        /// The bins of hashed features that were given no number.
        hashing_dim: usize [at least 1] = 32,
        /// The bins of discretized features that were given no number.
        num_discretization_bins: usize [at least 1] = 32,
    }
}

plain!((String, Feature), (Vec<String>, Option<usize>));

impl FeatureSpace {
    /// A space without features yet.
    pub fn new() -> Self {
        FeatureSpace
    }

    /// Adds a column: a [`Feature`], or the name of one for its defaults.
    #[must_use]
    pub fn feature(mut self, column: impl Into<String>, feature: impl Into<Feature>) -> Self {
        self.features.push((column.into(), feature.into()));
        self
    }

    /// Adds the combinations of two or more features (two in Keras) that have bins or indices, in `crossing_dim` bins.
    #[must_use]
    pub fn cross(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.crosses.push((columns.into_iter().map(Into::into).collect(), None));
        self
    }

    /// Adds such combinations with a separate number of bins, at least 1.
    #[must_use]
    pub fn cross_with_dim(mut self, columns: impl IntoIterator<Item = impl Into<String>>, crossing_dim: usize) -> Self {
        self.crosses.push((columns.into_iter().map(Into::into).collect(), Some(crossing_dim)));
        self
    }

    /// Learns means, deviations, boundaries and vocabularies from the rows of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a feature or a row; [`Error::Unknown`] for a name that no feature has;
    /// [`Error::Argument`] for arguments out of range and crosses of what is no feature with indices;
    /// [`Error::UnknownColumn`], [`Error::ColumnType`], [`Error::NotANumber`], [`Error::MissingValue`],
    /// [`Error::InfiniteValue`] for columns that do not fit.
    pub fn adapt(&self, table: &Table) -> Result<FittedColumnTransformer> {
        let fitted = Arc::new(self.learn(table)?);
        FittedColumnTransformer::of_steps("FeatureSpace", vec![FittedStep::new(Arc::new(self.clone()), fitted)])
    }

    fn learn(&self, table: &Table) -> Result<FittedFeatures> {
        self.check()?;
        if self.features.is_empty() {
            let advice = "name the columns with .feature(column, feature)".into();
            return Err(Error::Empty { what: "the FeatureSpace".into(), advice });
        }
        if table.nrows() == 0 {
            return Err(Error::Empty { what: "the table".into(), advice: "adapt needs at least one row".into() });
        }
        let features = self.sorted();
        let fitted = try_map(&features, |(column, feature)| self.fitted(column, feature, false, table))?;
        let mut crosses = try_map(&self.crosses, |(columns, dim)| {
            let (parts, crossing) = self.crossed(columns, *dim, &features)?;
            let parts = try_map(parts, |(column, feature)| self.fitted(column, feature, true, table))?;
            Crossed::of(parts, crossing, table)
        })?;
        Crossed::sort(&mut crosses);
        Ok(FittedFeatures { features: fitted, crosses })
    }

    /// The features in the order of their columns.
    fn sorted(&self) -> Vec<&(String, Feature)> {
        let mut features: Vec<&(String, Feature)> = self.features.iter().collect();
        sorting::by(&mut features, |(a, _), (b, _)| a.cmp(b));
        features
    }

    /// The transformer of a feature, fitted to its column.
    fn fitted(&self, column: &str, feature: &Feature, as_index: bool, table: &Table) -> Result<FittedStep> {
        let transformer = self.transformer(feature, as_index)?;
        check_of(feature)?(column, table.column(column)?)?;
        let alone = table.select([column])?;
        let fitted = transformer.fit(FitInput::new(&alone))?;
        // Reports errors now that would otherwise occur in the transformation only.
        fitted.write(&alone, &mut Features::of(&mut Vec::<f64>::new(), alone.nrows())?)?;
        Ok(FittedStep::new(transformer, fitted))
    }

    fn transformer(&self, feature: &Feature, as_index: bool) -> Result<Arc<dyn Transformer>> {
        feature.transformer((self.num_discretization_bins, self.hashing_dim), as_index)
    }

    /// The accumulator of a feature over blocks of rows; `None` for one that needs all rows at once.
    fn step(&self, (column, feature): &(String, Feature), as_index: bool) -> Result<Option<FeatureStep>> {
        let step = StepAccumulator::new(self.transformer(feature, as_index)?);
        let check = check_of(feature)?;
        Ok(step.map(|step| FeatureStep { column: column.clone(), step, check }))
    }

    fn steps(&self) -> Result<Option<Box<dyn Accumulator>>> {
        self.check()?;
        let features = self.sorted();
        let of = |parts: &[&(String, Feature)], as_index: bool| {
            let steps = try_map(parts, |feature| self.step(feature, as_index))?;
            Ok::<_, Error>(steps.into_iter().collect::<Option<Vec<_>>>())
        };
        let crosses = try_map(&self.crosses, |(columns, dim)| {
            let (parts, crossing) = self.crossed(columns, *dim, &features)?;
            Ok::<_, Error>(of(&parts, true)?.map(|parts| (parts, crossing)))
        })?;
        let crosses: Option<Vec<_>> = crosses.into_iter().collect();
        let features = if features.is_empty() { None } else { of(&features, false)? };
        Ok(features.zip(crosses).map(|(features, crosses)| FeatureAccumulator::boxed(features, crosses)))
    }

    /// The features of a cross, once each of its columns is one with indices, and what hashes their combinations.
    fn crossed<'f>(
        &self,
        columns: &[String],
        dim: Option<usize>,
        features: &[&'f (String, Feature)],
    ) -> Result<(Vec<&'f (String, Feature)>, HashedCrossing)> {
        let refuse =
            |argument, value: String, expected: String| Err(Error::argument("FeatureSpace", argument, value, expected));
        let bins = dim.unwrap_or(self.crossing_dim);
        if bins == 0 {
            return refuse("crossing_dim", "0".into(), "at least 1".into());
        }
        if columns.len() < 2 {
            return refuse("cross", format!("{columns:?}"), "two features or more".into());
        }
        let has_indices = |feature: &Feature| feature.kind().is_ok_and(FeatureKind::has_indices);
        let mut parts = Vec::with_capacity(columns.len());
        for name in columns {
            match features.iter().find(|(column, feature)| column == name && has_indices(feature)) {
                Some(feature) => parts.push(*feature),
                None => {
                    let known = features.iter().filter(|(_, feature)| has_indices(feature));
                    let known: Vec<&str> = known.map(|(column, _)| &**column).collect();
                    let expected = format!("features with bins or indices, which are: {}", known.join(", "));
                    return refuse("cross", format!("\"{name}\" among others"), expected);
                }
            }
        }
        Ok((parts, HashedCrossing::new(bins).output_mode(OutputMode::OneHot)))
    }
}

/// The check that a column has a type that the feature takes.
fn check_of(feature: &Feature) -> Result<fn(&str, &Column) -> Result<()>> {
    Ok(match feature.kind()? {
        FeatureKind::StringHashed => strings_alone,
        _ => |_, _| Ok(()),
    })
}

/// A number has no one spelling by which it could be found among strings.
fn strings_alone(name: &str, column: &Column) -> Result<()> {
    match column {
        Column::String(_) => Ok(()),
        other => {
            let expected = format!("strings; read it with CsvOptions::new().strings([\"{name}\"])");
            Err(Error::ColumnType { column: name.into(), expected, found: other.kind() })
        }
    }
}

impl Transformer for FeatureSpace {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.learn(input.columns())?))
    }

    /// The accumulator for features that are fitted over blocks.
    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        // The fit reports invalid features.
        self.steps().ok().flatten()
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(restored::<FittedFeatures>("FeatureSpace", state)?.checked()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    fn table() -> Table {
        let table = Table::new().with_numbers("n", [7.0, 3.0, 7.0]).unwrap();
        table.with_strings("home", ["RENT", "OWN", "RENT"]).unwrap().with_numbers("age", [20.0, 30.0, 40.0]).unwrap()
    }

    #[test]
    fn a_fit_over_blocks_equals_a_fit_on_the_table() -> Result<()> {
        let table = Table::new()
            .with_strings("home", (0..30).map(|row| ["RENT", "OWN", "OTHER"][row * row % 3]))?
            .with_strings("state", (0..30).map(|row| ["CA", "TX"][row % 2]))?;
        let space = FeatureSpace::new()
            .feature("home", "string_categorical")
            .feature("state", Feature::string_categorical().num_oov_indices(0))
            .cross_with_dim(["state", "home"], 7);
        let whole = space.fit(FitInput::new(&table))?.state()?;
        let fresh = || space.accumulator().expect("it fits over blocks");
        for size in [1, 4, 30] {
            let mut parts = [fresh(), fresh()];
            for start in (0..30).step_by(size) {
                let block = table.take(&(start..(start + size).min(30)).collect::<Vec<_>>())?;
                parts[usize::from(start >= 15)].update(FitInput::new(&block))?;
            }
            let [mut one, other] = parts;
            one.merge(other)?;
            assert!(!one.next_pass()?);
            assert_eq!(one.finish()?.state()?, whole);
        }
        assert!(matches!(fresh().finish(), Err(Error::Empty { .. })));
        let strange = FeatureSpace::new().feature("home", "flot");
        assert!(strange.accumulator().is_none());
        Ok(())
    }

    #[test]
    fn numbers_are_scaled_whatever_their_size() -> Result<()> {
        let learn = |numbers: [f64; 3], feature: Feature| {
            FeatureSpace::new().feature("a", feature).adapt(&Table::new().with_numbers("a", numbers)?)
        };
        let of = |columns: &FittedColumnTransformer, x: f64| -> Result<f64> {
            Ok(columns.transform::<f64>(&Table::new().with_numbers("a", [x])?)?[0])
        };
        // A constant column is centred.
        for constant in [5.0, 14.62, 0.3, 2024.0] {
            let columns = learn([constant; 3], Feature::float_normalized())?;
            assert_eq!((of(&columns, constant)?, of(&columns, constant + 1.0)?), (0.0, constant + 1.0 - constant));
        }
        let columns = learn([-1e308, 0.0, 1e308], Feature::float_normalized())?;
        approx::assert_relative_eq!(of(&columns, 1e308)?, 1.5f64.sqrt(), max_relative = 1e-14);
        let columns = learn([0.0; 3], Feature::float_rescaled(2.0, -1e308))?;
        assert_eq!(of(&columns, 1e308)?, 1e308);
        Ok(())
    }

    #[test]
    fn columns_come_in_alphabetical_order_and_survive_serialization() -> Result<()> {
        let space = FeatureSpace::new()
            .feature("n", Feature::integer_categorical().output_mode(OutputMode::Int))
            .feature("home", "string_categorical")
            .feature("age", Feature::float_rescaled(0.1, 1.0))
            .cross_with_dim(["n", "home"], 3);
        let fitted = space.adapt(&table())?;
        let names = ["age", "home_[UNK]", "home_RENT", "home_OWN", "n", "n_X_home_0", "n_X_home_1", "n_X_home_2"];
        assert_eq!(fitted.names(), names);
        assert_eq!(fitted.inputs(), ["age", "home", "n"]);
        let x = fitted.transform::<f64>(&table())?;
        let plain = dmatrix![3.0, 0.0, 1.0, 0.0, 1.0; 4.0, 0.0, 0.0, 1.0, 2.0; 5.0, 0.0, 1.0, 0.0, 1.0];
        assert_eq!(x.columns(0, 5), plain);
        assert!(x.columns(5, 3).row_iter().all(|row| row.sum() == 1.0));
        assert_eq!(x.row(0).columns(5, 3), x.row(2).columns(5, 3), "equal values cross alike");
        let again: FittedColumnTransformer =
            serde_json::from_str(&serde_json::to_string(&fitted).expect("JSON")).expect("the same");
        assert_eq!(again.transform::<f64>(&table())?, x);
        assert_eq!(again.transform_record::<f64>(&table().record(1)?)?, x.row(1));
        Ok(())
    }

    #[test]
    fn strings_are_found_in_columns_that_came_as_numbers_and_booleans() -> Result<()> {
        let train =
            Table::new().with_strings("c", ["1", "2", "X", "True"])?.with_booleans("b", [true, false, true, true])?;
        let space = FeatureSpace::new().feature("c", "string_categorical").feature("b", "float").feature("c2", "float");
        let train = train.with_numbers("c2", [0.0; 4])?;
        let fitted = space.adapt(&train)?;
        let of = |table: &Table| -> Result<Vec<String>> {
            let x = fitted.transform::<f64>(table)?;
            let names = fitted.names();
            let set = |row: usize| (0..names.len()).filter(|&j| x[(row, j)] == 1.0).map(|j| names[j].clone()).collect();
            Ok((0..x.nrows())
                .map(|row| {
                    let set: Vec<String> = set(row);
                    set.join(" ")
                })
                .collect())
        };
        let rest = |table: Table| table.with_numbers("b", [0.0; 2])?.with_numbers("c2", [0.0; 2]);
        assert_eq!(of(&rest(Table::new().with_numbers("c", [2.0, 1.0])?)?)?, ["c_2", "c_1"]);
        assert_eq!(of(&rest(Table::new().with_booleans("c", [true, false])?)?)?, ["c_True", "c_[UNK]"]);
        let hashed = FeatureSpace::new().feature("c", "string_hashed").adapt(&train)?;
        let numbers = Table::new().with_numbers("c", [1.0])?;
        assert!(hashed.transform::<f32>(&numbers).unwrap_err().to_string().contains("CsvOptions::new().strings"));
        let record = crate::preprocessing::Record::new().with("c", 1);
        assert_eq!(hashed.transform_record::<f64>(&record)?, hashed.transform::<f64>(&train)?.row(0));
        Ok(())
    }

    #[test]
    fn given_boundaries_are_not_learned() -> Result<()> {
        let space = FeatureSpace::new().feature("age", Feature::float_discretized().bin_boundaries([30.0, 35.0]));
        let x = space.adapt(&table())?.transform::<f32>(&table())?;
        assert_eq!(x, dmatrix![1.0, 0.0, 0.0; 0.0, 1.0, 0.0; 0.0, 0.0, 1.0], "a boundary belongs to the bin above");
        Ok(())
    }

    #[test]
    fn invalid_features_are_rejected() {
        let message = |space: FeatureSpace| space.adapt(&table()).unwrap_err().to_string();
        let refused = |space: FeatureSpace, part: &str| {
            let message = message(space);
            assert!(message.contains(part), "\"{part}\" is not in: {message}");
        };
        let space = FeatureSpace::new;
        refused(space(), "the FeatureSpace is empty");
        refused(space().feature("age", "flot"), "no feature \"flot\"");
        refused(space().feature("age", Feature::float().num_bins(3)), "feature float: num_bins is set");
        refused(space().feature("age", Feature::float_discretized().num_bins(0)), "num_bins is 0");
        refused(space().feature("age", Feature::float_discretized().bin_boundaries([2.0, 1.0])), "ascending");
        refused(space().feature("age", Feature::integer_hashed().output_mode(OutputMode::Count)), "OneHot or Int");
        refused(space().feature("age", "string_categorical"), "column \"age\" holds numbers");
        refused(space().feature("home", "float"), "home");
        refused(space().feature("home", "integer_categorical"), "home");
        refused(space().feature("city", "float"), "no column \"city\"");
        refused(space().feature("age", "float").feature("age", "float"), "two that are called \"age\"");
        let crossed = space().feature("home", "string_hashed").feature("age", "float");
        refused(crossed.clone().cross(["home", "age"]), "which are: home");
        refused(crossed.clone().cross(["home"]), "two features or more");
        refused(crossed.feature("n", "integer_hashed").cross_with_dim(["home", "n"], 0), "crossing_dim is 0");
        let half = Table::new().with_numbers("n", [1.5]).unwrap();
        let error = space().feature("n", "integer_hashed").adapt(&half).unwrap_err().to_string();
        assert!(error.contains("1.5") && error.contains("whole number"), "{error}");
        let strict = space().feature("home", Feature::string_categorical().num_oov_indices(0)).adapt(&table()).unwrap();
        let boat = Table::new().with_strings("home", ["BOAT"]).unwrap();
        assert!(strict.transform::<f32>(&boat).unwrap_err().to_string().contains("RENT"));
    }
}
