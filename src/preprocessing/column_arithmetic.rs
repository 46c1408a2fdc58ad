//! Ratio, difference and product of two columns.

use super::missing_numbers::{finite_or_missing, name_given_twice};
use super::transformer::{restored, stated, stateless};
use super::{Accumulator, Column, ColumnKind, FitInput, FittedTransformer, Table, Transformer};
use crate::items::argument::plain;
use crate::items::arguments::configuration;
use crate::items::{Spec, invalid, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The operation of a [`ColumnArithmetic`] on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArithmeticOperation {
    /// `left / right`; missing where `right` is 0.
    Ratio,
    /// `left − right`.
    Difference,
    /// `left · right`.
    Product,
}

plain!(ArithmeticOperation);

item! {
    /// Makes a column of the ratio, the difference or the product of two named columns of numbers, as data: it is saved with the
    /// model, where a closure could not be.
    ///
    /// | made by | result | name |
    /// |---|---|---|
    /// | [`ratio`](Self::ratio) | `left / right` | `left/right` |
    /// | [`difference`](Self::difference) | `left − right` | `left-right` |
    /// | [`product`](Self::product) | `left · right` | `left*right` |
    ///
    /// The result is missing where an operand is missing, and where a ratio divides by 0; put a
    /// [`SimpleImputer`](struct@super::SimpleImputer) after it, for the matrix of a network refuses missing values. A result beyond the range
    /// of `f64` is an error. Booleans count as 1 and 0. Nothing is learned from the rows; weights are ignored. There is no inverse
    /// transformation.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnArithmetic, ColumnTransformer, SimpleImputer, Table, Transformer};
    ///
    /// let table = Table::new().with_numbers("loan_amnt", [10.0, 30.0, 5.0])?.with_numbers("annual_inc", [40.0, 60.0, 0.0])?;
    /// let burden = ColumnArithmetic::ratio("loan_amnt", "annual_inc").then(SimpleImputer::constant(1.0));
    /// let (columns, x) = ColumnTransformer::new().add(burden, ["loan_amnt", "annual_inc"]).fit_transform::<f32>(&table)?;
    /// assert_eq!((columns.names(), x.as_slice()), (vec!["loan_amnt/annual_inc".to_string()], &[0.25, 0.5, 1.0][..]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[derive(PartialEq)]
    pub struct ColumnArithmetic: "ColumnArithmetic" (operation: ArithmeticOperation, left: String, right: String) {
        /// Whether the columns that it is given are in front of the new one, all of them, so that another one may follow in a chain.
        keep_inputs: bool = false,
        /// The name of the new column; by default it is made of the names of the two columns.
        name: Option<String> = None,
    }
}

impl ColumnArithmetic {
    /// `left / right`.
    pub fn ratio(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::with(ArithmeticOperation::Ratio, left.into(), right.into())
    }

    /// `left − right`.
    pub fn difference(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::with(ArithmeticOperation::Difference, left.into(), right.into())
    }

    /// `left · right`.
    pub fn product(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::with(ArithmeticOperation::Product, left.into(), right.into())
    }

    fn output(&self) -> String {
        let sign = match self.operation {
            ArithmeticOperation::Ratio => '/',
            ArithmeticOperation::Difference => '-',
            ArithmeticOperation::Product => '*',
        };
        self.name.clone().unwrap_or_else(|| format!("{}{sign}{}", self.left, self.right))
    }

    /// The new column.
    fn result(&self, table: &Table) -> Result<Vec<f64>> {
        let (left, right) = (finite_or_missing(table, &self.left)?, finite_or_missing(table, &self.right)?);
        let result = |(row, (&left, &right)): (usize, (&f64, &f64))| {
            let value = match self.operation {
                ArithmeticOperation::Ratio if right == 0.0 => f64::NAN,
                ArithmeticOperation::Ratio => left / right,
                ArithmeticOperation::Difference => left - right,
                ArithmeticOperation::Product => left * right,
            };
            match value.is_infinite() {
                true => Err(Error::Argument {
                    item: format!("ColumnArithmetic for \"{}\"", self.output()),
                    argument: "columns",
                    value: format!("{left:e} and {right:e} at {}", table.place(row)),
                    expected: "numbers whose result is in the range of f64; scale the columns, or remove such rows"
                        .into(),
                }),
                false => Ok(value),
            }
        };
        left.iter().zip(right.iter()).enumerate().map(result).collect()
    }

    fn of_columns(&self, kept: Vec<(String, ColumnKind)>) -> std::result::Result<ArithmeticColumns, String> {
        let fitted = ArithmeticColumns { arithmetic: self.clone(), kept };
        match name_given_twice(&fitted.outputs()) {
            None => Ok(fitted),
            Some(name) => Err(format!("two columns are called \"{name}\"")),
        }
    }
}

impl Transformer for ColumnArithmetic {
    fn required(&self) -> Vec<String> {
        vec![self.left.clone(), self.right.clone()]
    }

    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let table = input.columns();
        self.result(table)?;
        let columns = table.iter().filter(|_| self.keep_inputs);
        let kept = columns.map(|(name, column)| (name.to_owned(), ColumnKind::of(column))).collect();
        let fitted = self.of_columns(kept);
        Ok(Arc::new(fitted.map_err(|reason| invalid(self, "name", reason, "a name that no column has"))?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: ArithmeticColumns = restored("ColumnArithmetic", state)?;
        let unusable = |reason: String| Error::Configuration { item: "ColumnArithmetic".into(), reason };
        if read.arithmetic != *self || (!self.keep_inputs && !read.kept.is_empty()) {
            return Err(unusable("its state is of other arguments".into()));
        }
        Ok(Arc::new(self.of_columns(read.kept).map_err(unusable)?))
    }
}

/// Two columns and their result.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArithmeticColumns {
    #[serde(with = "configuration")]
    pub(crate) arithmetic: ColumnArithmetic,
    /// The columns in front of the new one, with their types.
    pub(crate) kept: Vec<(String, ColumnKind)>,
}

impl FittedTransformer for ArithmeticColumns {
    fn inputs(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.kept.iter().map(|(name, _)| name.as_str()).collect();
        for name in [&self.arithmetic.left, &self.arithmetic.right] {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    fn outputs(&self) -> Vec<String> {
        self.kept.iter().map(|(name, _)| name.clone()).chain([self.arithmetic.output()]).collect()
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let inputs = self.inputs();
        let place = |name: &String| inputs.iter().position(|input| input == name);
        let mut sources: Vec<Vec<usize>> = (0..self.kept.len()).map(|kept| vec![kept]).collect();
        sources.push(place(&self.arithmetic.left).into_iter().chain(place(&self.arithmetic.right)).collect());
        if let Some(made) = sources.last_mut() {
            made.dedup();
        }
        sources
    }

    fn output_kinds(&self) -> Vec<ColumnKind> {
        self.kept.iter().map(|(_, kind)| *kind).chain([ColumnKind::Numbers]).collect()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        for (name, _) in self.kept.iter().filter(|(_, kind)| kind.is_numeric()) {
            finite_or_missing(table, name)?;
        }
        let kept = table.select(self.kept.iter().map(|(name, _)| name))?;
        kept.with_column(self.arithmetic.output(), Column::Number(self.arithmetic.result(table)?))
    }

    fn state(&self) -> Result<Value> {
        stated("ColumnArithmetic", self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, Record, Selector};
    use super::*;

    fn table() -> Table {
        let table = Table::new().with_numbers("a", [6.0, 1.0, f64::NAN, 0.0]).unwrap();
        let table = table.with_numbers("b", [4.0, 0.0, 2.0, 0.0]).unwrap();
        table.with_booleans("c", [true, false, true, true]).unwrap()
    }

    fn made(arithmetic: &ColumnArithmetic) -> String {
        let fitted = arithmetic.fit(FitInput::new(&table())).unwrap().transform(&table()).unwrap();
        format!("{:?} {:?}", fitted.names(), fitted.numbers(&arithmetic.output()).unwrap())
    }

    #[test]
    fn results_are_missing_where_they_do_not_exist() {
        assert_eq!(made(&ColumnArithmetic::ratio("a", "b")), r#"["a/b"] [1.5, NaN, NaN, NaN]"#);
        assert_eq!(made(&ColumnArithmetic::difference("a", "c")), r#"["a-c"] [5.0, 1.0, NaN, -1.0]"#);
        assert_eq!(made(&ColumnArithmetic::product("b", "b").name("b²")), r#"["b²"] [16.0, 0.0, 4.0, 0.0]"#);
    }

    #[test]
    fn inputs_are_kept_for_another_one_in_a_chain() -> Result<()> {
        let chain =
            ColumnArithmetic::difference("a", "b").keep_inputs(true).then(ColumnArithmetic::product("a-b", "c"));
        let table = table().take(&[0, 1])?;
        let (fitted, x) = ColumnTransformer::new().add(chain, Selector::all()).fit_transform::<f64>(&table)?;
        assert_eq!((fitted.names(), x.as_slice()), (vec!["(a-b)*c".replace(['(', ')'], "")], &[2.0, 0.0][..]));
        let kept = ColumnTransformer::new().add(ColumnArithmetic::ratio("a", "c").keep_inputs(true), ["b", "a", "c"]);
        assert_eq!(kept.fit(&table)?.names(), ["b", "a", "c", "a/c"]);
        Ok(())
    }

    #[test]
    fn it_travels_in_a_file() -> Result<()> {
        let columns = ColumnTransformer::new().add(ColumnArithmetic::ratio("a", "b").name("ratio"), ["a", "b"]);
        let fitted = columns.fit(&table())?;
        let text = serde_json::to_string(&fitted).expect("JSON");
        let again: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
        assert_eq!(again, fitted);
        let record = Record::new().with("a", 3.0).with("b", 4.0);
        assert_eq!(again.transform_record::<f64>(&record)?.as_slice(), [0.75]);
        assert!(matches!(again.transform_record::<f64>(&record.with("b", 0.0)), Err(Error::MissingValue { .. })));
        for (from, to) in [("\"kept\":[]", "\"kept\":[[\"x\",\"numbers\"]]"), ("\"left\":\"a\"", "\"left\":\"b\"")] {
            let hostile = text.replacen(from, to, 1);
            assert!(hostile != text && serde_json::from_str::<FittedColumnTransformer>(&hostile).is_err(), "{to}");
        }
        Ok(())
    }

    #[test]
    fn unfit_columns_are_refused() -> Result<()> {
        let fit = |arithmetic: ColumnArithmetic, table: &Table| arithmetic.fit(FitInput::new(table)).unwrap_err();
        assert!(matches!(fit(ColumnArithmetic::ratio("a", "x"), &table()), Error::UnknownColumn { .. }));
        let taken = fit(ColumnArithmetic::ratio("a", "b").name("c").keep_inputs(true), &table());
        assert!(matches!(taken, Error::Argument { argument: "name", .. }), "{taken}");
        let huge = Table::new().with_numbers("a", [1.0, 1e200])?;
        let error = fit(ColumnArithmetic::product("a", "a"), &huge).to_string();
        assert!(error.contains("1e200 and 1e200 at row 1"), "{error}");
        let infinite = Table::new().with_numbers("a", [f64::INFINITY])?;
        assert!(matches!(fit(ColumnArithmetic::difference("a", "a"), &infinite), Error::InfiniteValue { .. }));
        let strings = Table::new().with_strings("a", ["x"])?;
        assert!(matches!(fit(ColumnArithmetic::ratio("a", "a"), &strings), Error::NotANumber { .. }));
        Ok(())
    }
}
