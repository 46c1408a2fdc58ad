//! Powers that make columns more normal.

use super::power::{Logarithms, Power};
use super::ranked_numbers::RankedNumbers;
use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, present_numbers};
use super::sketched_columns::{RankedColumns, numbers_of_block, sketched_numbers};
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::argument::plain;
use crate::items::{Spec, item};
use crate::lists::try_map;
use crate::statistics::{standardize, unstandardize};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The family of powers of a [`PowerTransformer`](struct@PowerTransformer).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PowerMethod {
    /// `((1 + x)^λ − 1)/λ` for `x ≥ 0`, `−((1 − x)^(2−λ) − 1)/(2 − λ)` below; the logarithm where an exponent is 0.
    #[default]
    YeoJohnson,
    /// `(x^λ − 1)/λ`, `ln x` for λ = 0; numbers are above 0.
    BoxCox,
}

plain!(PowerMethod);

item! {
    /// Makes each column more normal by a power, and then scales it to mean 0 and variance 1.
    ///
    /// The power λ of a column maximizes the likelihood of its training rows under a normal distribution, among the powers by
    /// which numbers twenty times as large can still be transformed. A constant column keeps λ = 1 and becomes 0 when it is
    /// standardized. Missing values are ignored by the fit and stay missing; the matrix of a network refuses them. The weights of
    /// rows are not used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) has the same bits up to 16,384 values of a column; beyond that power,
    /// mean and standard deviation are those of as many numbers at equal distances of rank, read from a sketch whose ranks are off by
    /// less than 0.1 % of the rows.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, PowerTransformer, Table};
    ///
    /// let table = Table::new().with_numbers("income", [1.0, 2.0, 4.0, 8.0, 16.0])?;
    /// let (_, x) = ColumnTransformer::new().add(PowerTransformer::new(), ["income"]).fit_transform::<f64>(&table)?;
    /// assert!(x.mean().abs() < 1e-12 && (x[4] + x[0]).abs() < 0.1);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fit and transformation fail with [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number and, by Box–Cox, with
    /// [`Error::Argument`](crate::Error::Argument), which names the row, for one that is not above 0; the fit with
    /// [`Error::Empty`](crate::Error::Empty) for a column in which every value is missing; the inverse with
    /// [`Error::Argument`](crate::Error::Argument) for a number that no number is transformed to.
    ///
    /// # References
    ///
    /// Yeo and Johnson, *A new family of power transformations to improve normality or symmetry*, 2000. Box and Cox, *An analysis
    /// of transformations*, 1964. scikit-learn, *sklearn.preprocessing.PowerTransformer*.
    pub struct PowerTransformer: "PowerTransformer" {
        /// The family of powers.
        method: PowerMethod = PowerMethod::YeoJohnson,
        /// Whether the transformed numbers are scaled to mean 0 and variance 1.
        standardize: bool = true,
    }
}

impl PowerTransformer {
    /// The defaults.
    pub fn new() -> PowerTransformer {
        PowerTransformer
    }

    fn is_box_cox(&self) -> bool {
        self.method == PowerMethod::BoxCox
    }

    /// Of the logarithms of a column's numbers and a power.
    fn powered(&self, logarithms: &Logarithms, lambda: f64) -> Powered {
        if !self.standardize {
            return Powered::plain(self.is_box_cox(), lambda);
        }
        let power = logarithms.power(lambda);
        let moments = logarithms.moments(&power);
        let scale = if moments.is_constant() { 1.0 } else { moments.deviation(0.0) };
        Powered { power, center: moments.mean(), scale }
    }

    /// The columns with the power 1.
    fn plain(&self, columns: Vec<String>) -> ScaledColumns<FittedPowerTransformer> {
        let plain = vec![Powered::plain(self.is_box_cox(), 1.0); columns.len()];
        ScaledColumns { columns, scaler: FittedPowerTransformer { columns: plain } }
    }

    fn fitted(&self, columns: RankedColumns) -> Arc<dyn FittedTransformer> {
        let (names, numbers): (Vec<String>, Vec<RankedNumbers>) = columns.into_iter().unzip();
        let of_column = |numbers: &RankedNumbers| {
            let logarithms = Logarithms::of(self.is_box_cox(), numbers);
            self.powered(&logarithms, logarithms.best())
        };
        ScaledColumns::shared(names, FittedPowerTransformer { columns: numbers.iter().map(of_column).collect() })
    }
}

impl Transformer for PowerTransformer {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, names) = (input.columns(), input.columns().names());
        self.plain(names.to_vec()).check_numbers(table)?;
        let ranked = |name: &String| Ok((name.clone(), RankedNumbers::of(present_numbers(table, name)?)));
        Ok(self.fitted(try_map(names.iter(), ranked)?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let (transformer, of_block) = (self.clone(), self.clone());
        let measure = move |input: &FitInput<'_>, name: &str| {
            let numbers = numbers_of_block(input.columns(), name)?;
            let has_value = numbers.iter().any(|x| !x.is_nan());
            if has_value {
                of_block.plain(vec![name.to_owned()]).check_numbers(input.columns())?;
            }
            Ok(numbers)
        };
        Some(sketched_numbers(self.clone(), measure, move |_, columns| Ok(transformer.fitted(columns))))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedPowerTransformer>::restored("PowerTransformer", state)
    }
}

/// The power of one column, with mean and deviation of what it makes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Powered {
    pub(crate) power: Power,
    pub(crate) center: f64,
    pub(crate) scale: f64,
}

impl Powered {
    fn plain(box_cox: bool, lambda: f64) -> Powered {
        Powered { power: Power { box_cox, lambda, origin: 0.0 }, center: 0.0, scale: 1.0 }
    }
}

/// The power of each column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedPowerTransformer {
    columns: Vec<Powered>,
}

impl Scaler for FittedPowerTransformer {
    type Column = Powered;

    fn columns(&self) -> &[Powered] {
        &self.columns
    }

    fn apply(column: &Powered, x: f64) -> f64 {
        standardize(column.power.apply(x), column.center, column.scale)
    }

    fn invert(column: &Powered, z: f64) -> f64 {
        column.power.invert(unstandardize(z, column.center, column.scale))
    }

    fn refused(column: &Powered, x: f64) -> Option<(&'static str, &'static str)> {
        let expected =
            "a number above 0 for Box-Cox; correct it, or take PowerMethod::YeoJohnson, which takes every number";
        (column.power.box_cox && x <= 0.0).then_some(("PowerTransformer", expected))
    }

    fn refused_back(column: &Powered, z: f64) -> Option<(&'static str, &'static str)> {
        let expected = "a number to which the power transforms some number; move it into the range of the transformed training \
                        rows by Clip::values before";
        (!z.is_nan() && !Self::invert(column, z).is_finite()).then_some(("the inverse of PowerTransformer", expected))
    }

    fn fits(&self, columns: usize) -> bool {
        let right = |column: &Powered| {
            let numbers = [column.power.lambda, column.power.origin, column.center, column.scale];
            numbers.iter().all(|number| number.is_finite()) && column.scale > 0.0
        };
        self.columns.len() == columns && self.columns.iter().all(right)
    }

    fn dependence(_: &Powered) -> Dependence {
        Dependence::Increasing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::preprocessing::scaler_tests::{assert_restored, made};
    use crate::reference;

    fn box_cox() -> PowerTransformer {
        PowerTransformer::new().method(PowerMethod::BoxCox)
    }

    #[test]
    fn powers_and_values_at_a_power_are_those_of_the_reference() {
        for case in reference::case("power_transformer").list("cases") {
            let flag = |name: &str| case.indices(name) == [1];
            let transformer = if flag("box_cox") { box_cox() } else { PowerTransformer::new() };
            let transformer = transformer.standardize(flag("standardize"));
            let [x, new, made, made_new, inverse] =
                ["x", "new", "transformed", "transformed_new", "inverse"].map(|field| case.matrix(field));
            let (lambdas, likelihoods) = (case.numbers("lambdas"), case.numbers("likelihood"));
            for column in 0..x.ncols() {
                let present: Vec<f64> = x.column(column).iter().copied().filter(|x| !x.is_nan()).collect();
                let (logarithms, lambda) =
                    (Logarithms::of(flag("box_cox"), &RankedNumbers::of(present.clone())), lambdas[column]);
                let constant = present.iter().all(|x| *x == present[0]);
                if !constant {
                    let (found, expected) = (logarithms.log_likelihood(lambda), likelihoods[column]);
                    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, expected {expected}");
                    let best = logarithms.log_likelihood(logarithms.best());
                    assert!(best >= found - 1e-9, "{best} at {}, {found} at {lambda}", logarithms.best());
                }
                assert!(!constant || logarithms.best() == 1.0);
                let powered = transformer.powered(&logarithms, lambda);
                let close = |found: f64, expected: f64| {
                    let close = (found - expected).abs() <= 1e-10 * expected.abs().max(1.0);
                    assert!(
                        close || found.is_nan() && expected.is_nan(),
                        "{found}, expected {expected} of column {column}"
                    );
                };
                for (x, made) in [(&x, &made), (&new, &made_new)] {
                    let pairs = x.column(column).into_iter().zip(made.column(column));
                    pairs.for_each(|(x, made)| close(FittedPowerTransformer::apply(&powered, *x), *made));
                }
                let pairs = made.column(column).into_iter().zip(inverse.column(column));
                pairs.for_each(|(z, x)| close(FittedPowerTransformer::invert(&powered, *z), *x));
            }
        }
    }

    #[test]
    fn constant_columns_and_one_row_become_zero() {
        for transformer in [PowerTransformer::new(), box_cox()] {
            assert_eq!(made(&transformer, &[0.3, 0.3, 0.3]).unwrap(), [0.0; 3]);
            assert_eq!(made(&transformer, &[7.0]).unwrap(), [0.0]);
        }
        assert_eq!(made(&PowerTransformer::new().standardize(false), &[0.5, 0.5]).unwrap(), [0.5, 0.5]);
        let zeros = made(&PowerTransformer::new(), &[0.0, 0.0, f64::NAN]).unwrap();
        assert!(zeros[..2] == [0.0, 0.0] && zeros[2].is_nan());
    }

    #[test]
    fn numbers_of_every_size_become_finite() {
        for size in [1e-300, 1e-10, 1.0, 1e10, 1e300] {
            for sign in [1.0, -1.0] {
                let x: Vec<f64> = [1.0, 2.0, 3.0, 5.0, 8.0].iter().map(|x| sign * size * x).collect();
                let made = made(&PowerTransformer::new(), &x).unwrap();
                assert!(made.iter().all(|z| z.is_finite()) && made.iter().any(|z| *z != made[0]), "{size:e}: {made:?}");
            }
        }
    }

    #[test]
    fn box_cox_names_a_number_that_is_not_above_zero() {
        let error = made(&box_cox(), &[1.0, 2.0, 0.0]).unwrap_err().to_string();
        assert!(error.starts_with("PowerTransformer of column \"a\": x is 0 at row 2") && error.contains("YeoJohnson"));
        assert!(made(&box_cox(), &[f64::NAN]).unwrap_err().to_string().contains("drop_empty_columns()"));
        let table = Table::new().with_numbers("a", [1.0, 2.0, 30.0]).unwrap();
        let fitted = box_cox().fit(FitInput::new(&table)).unwrap();
        let error = fitted.transform(&table.with_numbers("a", [-1.0, 1.0, 1.0]).unwrap()).unwrap_err().to_string();
        assert!(error.contains("x is -1 at row 0"), "{error}");
        let beyond = table.with_numbers("a", [0.0, 1e9, 0.0]).unwrap();
        let error = fitted.inverse_transform(&beyond).unwrap_err().to_string();
        assert!(
            error.starts_with("the inverse of PowerTransformer of column \"a\": x is 1000000000 at row 1"),
            "{error}"
        );
    }

    #[test]
    fn a_single_row_has_the_same_bits_and_is_inverted() {
        let table = Table::new().with_numbers("a", [-3.0, 0.5, 2.0, 30.0, f64::NAN]).unwrap();
        let fitted = PowerTransformer::new().fit(FitInput::new(&table)).unwrap();
        let all = fitted.transform(&table).unwrap();
        for row in 0..4 {
            let one = fitted.transform(&table.take(&[row]).unwrap()).unwrap();
            assert_eq!(one.numbers("a").unwrap()[0].to_bits(), all.numbers("a").unwrap()[row].to_bits());
        }
        let back = fitted.inverse_transform(&all).unwrap();
        let pairs = back.numbers("a").unwrap().iter().zip(table.numbers("a").unwrap());
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-12 || a.is_nan() && b.is_nan()));
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, 30.0, f64::NAN]).unwrap();
        let hostile =
            [(r#""scale":"#, r#""scale":-"#), (r#""lambda":"#, r#""lambda":null,"x":"#), (r#"["a"]"#, r#"[]"#)];
        assert_restored(&PowerTransformer::new(), &table, &hostile);
    }
}
