//! A fitted imputer, with the values that replace missing ones.

use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::transformer::{rising, stated};
use super::{Categories, Column, ColumnKind, FittedTransformer, Found, RowValue, StringColumn, Table, Value};
use crate::Dependence;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A [`SimpleImputer`](struct@super::SimpleImputer) that learned from the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedSimpleImputer {
    pub(crate) columns: Vec<ImputedColumn>,
}

/// One column of an imputer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImputedColumn {
    pub(crate) name: String,
    /// The value that replaces missing ones, of the type of the output column; `None` if the column is dropped.
    pub(crate) fill: Option<Value>,
    pub(crate) indicator: bool,
}

impl FittedSimpleImputer {
    /// The columns that are left out, since all of their training values were missing.
    ///
    /// ```
    /// use perceptra::preprocessing::{SimpleImputer, Table};
    ///
    /// let train = Table::new().with_numbers("rate", [1.0, 3.0])?.with_numbers("unused", [f64::NAN; 2])?;
    /// let imputer = SimpleImputer::mean().fit(&train, ["rate", "unused"])?;
    /// assert_eq!(imputer.dropped(), ["unused"]);
    /// assert_eq!(imputer.fill_value("rate"), Some(&2.0.into()));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn dropped(&self) -> Vec<&str> {
        self.columns.iter().filter(|column| column.fill.is_none()).map(|column| column.name.as_str()).collect()
    }

    /// The value that replaces the missing values of a column.
    pub fn fill_value(&self, column: &str) -> Option<&Value> {
        self.columns.iter().find(|known| known.name == column).and_then(|known| known.fill.as_ref())
    }

    /// Why no imputer can have learned this.
    pub(super) fn unusable(&self) -> Option<String> {
        let infinite = |column: &&ImputedColumn| matches!(column.fill, Some(Value::Number(fill)) if !fill.is_finite());
        if let Some(column) = self.columns.iter().find(infinite) {
            return Some(format!("missing values of \"{}\" would become infinite", column.name));
        }
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let outputs = self.outputs();
        name_given_twice(&names)
            .or_else(|| name_given_twice(&outputs))
            .map(|name| format!("two columns are called \"{name}\""))
    }
}

impl FittedTransformer for FittedSimpleImputer {
    /// The columns of the fit, without those that have no output.
    fn inputs(&self) -> Vec<&str> {
        let used = self.columns.iter().filter(|column| column.fill.is_some() || column.indicator);
        used.map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let filled = self.columns.iter().filter(|column| column.fill.is_some()).map(|column| column.name.clone());
        filled.chain(self.indicators()).collect()
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let used = || self.columns.iter().filter(|column| column.fill.is_some() || column.indicator).enumerate();
        let filled = used().filter(|(_, column)| column.fill.is_some());
        filled.chain(used().filter(|(_, column)| column.indicator)).map(|(input, _)| vec![input]).collect()
    }

    fn output_kinds(&self) -> Vec<ColumnKind> {
        let filled = self.columns.iter().filter_map(|column| column.fill.as_ref()).map(kind_of);
        filled.chain(self.indicators().iter().map(|_| ColumnKind::Numbers)).collect()
    }

    fn indicators(&self) -> Vec<String> {
        self.columns.iter().filter(|column| column.indicator).map(|column| format!("{}_missing", column.name)).collect()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for column in &self.columns {
            if let Some(fill) = &column.fill {
                made.push(filled(table, &column.name, fill)?);
            }
        }
        for column in self.columns.iter().filter(|column| column.indicator) {
            made.push(Column::Number(missing_as_numbers(table, &column.name)?));
        }
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        let used = || self.columns.iter().filter(|column| column.fill.is_some() || column.indicator).zip(values);
        used().all(|(column, value)| {
            // Values of other types become those of the fill, or are refused, as whole columns.
            let filled = match (&column.fill, *value) {
                (None, RowValue::Number(number)) => return number.is_finite(),
                (None, _) => return true,
                (Some(fill), RowValue::Missing) => RowValue::of(fill),
                (Some(Value::Number(_)), value) => match value.as_number() {
                    Some(number) => RowValue::Number(number),
                    None => return false,
                },
                (Some(Value::Boolean(_)), value @ RowValue::Boolean(_)) => value,
                (Some(Value::String(_)), value @ RowValue::String(_)) => value,
                _ => return false,
            };
            made.push(filled);
            true
        }) && used().filter(|(column, _)| column.indicator).all(|(_, value)| {
            made.push(RowValue::Number(f64::from(u8::from(*value == RowValue::Missing))));
            // A plain indicator refuses infinite numbers too.
            !matches!(value, RowValue::Number(number) if number.is_infinite())
        })
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("SimpleImputer", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let filled: Vec<String> =
            self.columns.iter().filter(|column| column.fill.is_some()).map(|column| column.name.clone()).collect();
        let mut dependences = rising(&filled, column);
        dependences.resize(self.width(), Dependence::Independent);
        dependences
    }
}

/// The type of a column of such values.
pub(super) fn kind_of(value: &Value) -> ColumnKind {
    match value {
        Value::Number(_) => ColumnKind::Numbers,
        Value::Boolean(_) => ColumnKind::Booleans,
        Value::String(_) => ColumnKind::Strings,
    }
}

/// 1 if a value is missing, 0 elsewhere; an infinite number is refused.
pub(super) fn missing_as_numbers(table: &Table, name: &str) -> Result<Vec<f64>> {
    let column = table.column(name)?;
    if matches!(column, Column::Number(_)) {
        finite_or_missing(table, name)?;
    }
    Ok((0..column.len()).map(|row| f64::from(u8::from(column.is_missing(row)))).collect())
}

/// The column with a value in place of each missing one, of that value's type.
fn filled(table: &Table, name: &str, fill: &Value) -> Result<Column> {
    match fill {
        Value::Number(fill) => {
            let values = finite_or_missing(table, name)?;
            Ok(Column::Number(values.iter().map(|x| if x.is_nan() { *fill } else { *x }).collect()))
        }
        Value::Boolean(fill) => {
            let values = [Value::Boolean(false), Value::Boolean(true)];
            let boolean = |found: Found| match found {
                Found::Known(index) => Ok(index == 1),
                Found::Missing => Ok(*fill),
                Found::Unknown => Err(Error::ColumnType {
                    column: name.to_owned(),
                    expected: "booleans, as at the fit of the imputer".into(),
                    found: table.column(name)?.kind(),
                }),
            };
            let found = Categories::of_values(&values).find(table, name)?;
            Ok(Column::from(found.into_iter().map(boolean).collect::<Result<Vec<bool>>>()?))
        }
        Value::String(fill) => Ok(match table.column(name)? {
            Column::String(strings) => {
                let strings = strings.iter().map(|text| Some(text.unwrap_or(fill)));
                Column::String(strings.collect())
            }
            other => {
                let spelled = |row| if other.is_missing(row) { fill.clone() } else { table.spelled(name, row) };
                Column::String((0..other.len()).map(|row| Some(spelled(row))).collect::<StringColumn>())
            }
        }),
    }
}
