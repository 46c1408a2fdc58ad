//! Which values are missing.

use super::fitted_simple_imputer::missing_as_numbers;
use super::missing_numbers::name_given_twice;
use super::scaling::finite_numbers;
use super::transformer::{ByColumn, Features, each_of_one, restored, stated};
use super::{Accumulator, Column, ColumnKind, FitInput, FittedTransformer, RowValue, Table, Transformer};
use crate::Dependence;
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The columns that a [`MissingIndicator`](struct@MissingIndicator) reports on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndicatorFeatures {
    /// The columns in which a training value was missing.
    #[default]
    MissingOnly,
    /// All columns.
    All,
}

plain!(IndicatorFeatures);

item! {
    /// Makes a column `name_missing` of each column: 1 if a value is missing, 0 elsewhere.
    ///
    /// It takes columns of any type. With [`IndicatorFeatures::MissingOnly`] only columns in which a training value was missing have
    /// one, and a missing value in any of the others is an error unless [`error_on_new`](Self::error_on_new) is `false`. Weights of rows
    /// are ignored. There is no inverse transformation.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, MissingIndicator, Table};
    ///
    /// let train = Table::new().with_numbers("rate", [1.0, f64::NAN])?.with_numbers("amount", [5.0, 6.0])?;
    /// let columns = ColumnTransformer::new().add(MissingIndicator::new(), ["rate", "amount"]);
    /// let (fitted, x) = columns.fit_transform::<f32>(&train)?;
    /// assert_eq!((fitted.names(), x.as_slice()), (vec!["rate_missing".to_string()], &[0.0, 1.0][..]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.impute.MissingIndicator*.
    pub struct MissingIndicator: "MissingIndicator" {
        /// The columns that it reports on.
        features: IndicatorFeatures = IndicatorFeatures::MissingOnly,
        /// Whether a missing value in a column without missing training values is an error.
        error_on_new: bool = true,
    }
}

impl MissingIndicator {
    /// The defaults.
    pub fn new() -> Self {
        MissingIndicator
    }

    fn indicated(&self, name: String, kind: ColumnKind, missing: usize) -> IndicatedColumn {
        let is_indicated = self.features == IndicatorFeatures::All || missing > 0;
        IndicatedColumn { name, kind, is_indicated }
    }

    fn checked(&self, columns: Vec<IndicatedColumn>) -> Result<Arc<dyn FittedTransformer>> {
        let fitted = IndicatedColumns { columns, error_on_new: self.error_on_new };
        match name_given_twice(&fitted.names()) {
            None => Ok(Arc::new(fitted)),
            Some(name) => Err(invalid(self, "columns", format!("\"{name}\" twice"), "each column once")),
        }
    }
}

/// The kind of a column and the number of its missing values; an infinite number is refused.
fn counted(table: &Table, name: &str) -> Result<(ColumnKind, usize)> {
    let column = table.column(name)?;
    if matches!(column, Column::Number(_)) {
        finite_numbers(table, name)?;
    }
    Ok((ColumnKind::of(column), column.missing()))
}

impl Transformer for MissingIndicator {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let columns = input.columns().names().iter();
        let indicated = columns.map(|name| {
            let (kind, missing) = counted(input.columns(), name)?;
            Ok(self.indicated(name.clone(), kind, missing))
        });
        self.checked(indicated.collect::<Result<_>>()?)
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let indicator = self.clone();
        Some(ByColumn::boxed(
            "MissingIndicator",
            counted,
            |known, later| known.1 += later.1,
            move |columns| {
                let columns =
                    columns.into_iter().map(|(name, (kind, missing))| indicator.indicated(name, kind, missing));
                indicator.checked(columns.collect())
            },
        ))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: IndicatedColumns = restored("MissingIndicator", state)?;
        match name_given_twice(&read.names()) {
            None => Ok(Arc::new(read)),
            Some(name) => {
                let reason = format!("it has the column \"{name}\" twice");
                Err(Error::Configuration { item: "MissingIndicator".into(), reason })
            }
        }
    }
}

/// Columns and whether missing values are reported of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatedColumns {
    pub(crate) columns: Vec<IndicatedColumn>,
    pub(crate) error_on_new: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatedColumn {
    pub(crate) name: String,
    pub(crate) kind: ColumnKind,
    pub(crate) is_indicated: bool,
}

impl IndicatedColumns {
    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The indicators of the table, one column after another.
    fn indicators_of(&self, table: &Table) -> Result<Vec<Vec<f64>>> {
        let mut made = Vec::new();
        for IndicatedColumn { name, is_indicated, .. } in &self.columns {
            if *is_indicated {
                made.push(missing_as_numbers(table, name)?);
            } else if self.error_on_new {
                counted(table, name)?;
                let column = table.column(name)?;
                if let Some(row) = (0..column.len()).find(|row| column.is_missing(*row)) {
                    return Err(Error::Argument {
                        item: "MissingIndicator".into(),
                        argument: "error_on_new",
                        value: format!("true, and at {} the value of \"{name}\" is missing", table.place(row)),
                        expected:
                            "columns without missing values at the fit to have none later, or error_on_new(false)"
                                .into(),
                    });
                }
            }
        }
        Ok(made)
    }
}

impl FittedTransformer for IndicatedColumns {
    /// The fitted columns that are checked for missing values.
    fn inputs(&self) -> Vec<&str> {
        let used = self.columns.iter().filter(|column| column.is_indicated || self.error_on_new);
        used.map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let indicated = self.columns.iter().filter(|column| column.is_indicated);
        indicated.map(|column| format!("{}_missing", column.name)).collect()
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let used = self.columns.iter().filter(|column| column.is_indicated || self.error_on_new);
        each_of_one(used.map(|column| usize::from(column.is_indicated)))
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let made = self.indicators_of(table)?.into_iter().map(Column::Number).collect();
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.indicators_of(table)?.into_iter().try_for_each(|made| features.column(&made))
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        let used = self.columns.iter().filter(|column| column.is_indicated || self.error_on_new);
        values.iter().zip(used).all(|(value, column)| {
            if column.is_indicated {
                made.push(RowValue::Number(f64::from(u8::from(*value == RowValue::Missing))));
            }
            match value {
                RowValue::Missing => column.is_indicated,
                RowValue::Number(number) => number.is_finite(),
                RowValue::Boolean(_) | RowValue::String(_) => true,
            }
        })
    }

    fn state(&self) -> Result<Value> {
        stated("MissingIndicator", self)
    }

    fn dependences(&self, _: &str) -> Vec<Dependence> {
        vec![Dependence::Independent; self.width()]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, Record, StringColumn};
    use super::*;
    use crate::reference;
    use serde_json::json;

    #[test]
    fn indicators_are_those_of_the_reference() -> Result<()> {
        for case in reference::case("missing_indicator").list("cases") {
            let table = |field: &str| {
                let columns = case.list(field).into_iter().enumerate();
                columns.fold(Table::new(), |table, (index, column)| {
                    table.with_numbers(format!("x{index}"), column.all()).unwrap()
                })
            };
            let features = match case.text("features") {
                "all" => IndicatorFeatures::All,
                _ => IndicatorFeatures::MissingOnly,
            };
            let fitted = MissingIndicator::new().features(features).fit(FitInput::new(&table("train")))?;
            let names: Vec<String> = case.indices("indices").iter().map(|index| format!("x{index}_missing")).collect();
            assert_eq!(fitted.outputs(), names);
            let made = fitted.transform(&table("other"))?;
            let found: Vec<f64> = names.iter().flat_map(|name| made.numbers(name).unwrap().to_vec()).collect();
            case.assert_close("transformed", found, 0.0);
        }
        Ok(())
    }

    #[test]
    fn a_new_missing_value_is_refused_or_ignored() -> Result<()> {
        let train = Table::new().with_numbers("a", [1.0, f64::NAN])?.with_strings("b", ["x", "y"])?;
        let gap: StringColumn = [Some("x"), None].into_iter().collect();
        let other = train.with_column("b", gap)?;
        let error = MissingIndicator::new().fit(FitInput::new(&train))?.transform(&other).unwrap_err().to_string();
        assert!(error.contains("row 1") && error.contains("\"b\"") && error.contains("error_on_new(false)"), "{error}");
        let lenient = MissingIndicator::new().error_on_new(false).fit(FitInput::new(&train))?;
        assert_eq!((lenient.inputs(), lenient.transform(&other)?.numbers("a_missing")?), (vec!["a"], &[0.0, 1.0][..]));
        Ok(())
    }

    #[test]
    fn it_travels_in_a_file() -> Result<()> {
        let train = Table::new().with_numbers("a", [1.0, f64::NAN])?.with_numbers("b", [1.0, 2.0])?;
        let indicator = MissingIndicator::new().features(IndicatorFeatures::All);
        let (fitted, x) = ColumnTransformer::new().add(indicator.clone(), ["a", "b"]).fit_transform::<f64>(&train)?;
        assert_eq!(x.as_slice(), [0.0, 1.0, 0.0, 0.0]);
        let text = serde_json::to_string(&fitted).expect("JSON");
        let again: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
        assert_eq!((again.transform_record::<f64>(&Record::new())?.as_slice(), &again), (&[1.0, 1.0][..], &fitted));
        let column = json!({ "name": "a", "kind": "numbers", "is_indicated": true });
        let twice = json!({ "columns": [column, column], "error_on_new": true });
        assert!(matches!(indicator.restore(twice), Err(Error::Configuration { .. })));
        assert!(matches!(indicator.restore(json!({ "columns": 1 })), Err(Error::Configuration { .. })));
        let mut blocks = MissingIndicator::new().accumulator().expect("it fits over blocks");
        blocks.update(FitInput::new(&train.take(&[0])?))?;
        blocks.update(FitInput::new(&train.take(&[1])?))?;
        assert_eq!(blocks.finish()?.outputs(), ["a_missing"]);
        Ok(())
    }
}
