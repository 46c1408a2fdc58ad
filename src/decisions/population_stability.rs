use super::stability_bins::counts;
use crate::error::counted;
use crate::preprocessing::Table;
use crate::sorting;
use crate::{Error, Result};
use std::fmt;

/// The population stability index of each column of two tables, from [`population_stability`](population_stability()); `Display` writes
/// a table with the largest index first.
///
/// ```
/// use perceptra::decisions::population_stability;
/// use perceptra::preprocessing::Table;
///
/// let then = Table::new().with_strings("home", (0..90).map(|row| ["OWN", "RENT"][row % 2]))?;
/// let now = Table::new().with_strings("home", (0..90).map(|row| ["OWN", "RENT"][usize::from(row % 9 > 0)]))?;
/// let found = population_stability(&then, &now, 10)?;
/// let shifted: Vec<&str> = found.columns().iter().filter(|one| one.index >= 0.25).map(|one| one.name.as_str()).collect();
/// assert_eq!(shifted, ["home"]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationStability {
    columns: Vec<ColumnStability>,
    rows: [usize; 2],
}

/// The population stability index of one column.
///
/// ```
/// use perceptra::decisions::population_stability;
/// use perceptra::preprocessing::Table;
///
/// let table = Table::new().with_numbers("age", [31.0, f64::NAN])?;
/// let found = population_stability(&table, &table, 10)?;
/// let column = &found.columns()[0];
/// assert_eq!((column.name.as_str(), column.index, column.missing), ("age", 0.0, [0.5, 0.5]));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnStability {
    /// The name of the column.
    pub name: String,
    /// The population stability index.
    pub index: f64,
    /// The number of bins that are not empty in both tables, including the bin of missing values.
    pub bins: usize,
    /// The fractions of missing values, in the expected and in the actual table.
    pub missing: [f64; 2],
}

/// Computes the population stability index of every column that both tables have, which compares the distribution of new rows with
/// that of the training rows.
///
/// `PSI = Σ (aₖ − eₖ)·ln(aₖ/eₖ)` over bins with the fractions `eₖ` of the expected and `aₖ` of the actual rows. Numbers, integers and
/// dates are divided into `bins` bins (from 2 to 1,000; 10 is usual) between quantiles of the expected values. A value of at least
/// `1/bins` of the expected rows has a separate bin; if there are at most `bins` distinct values, as for booleans, each has one.
/// Strings have one bin per category. Missing values have a separate bin; a column of missing values only can be compared with a
/// column of any type. An empty bin counts as half a row. By convention an index below 0.1 means no change, and an index of at least
/// 0.25 a large one.
///
/// ```
/// use perceptra::decisions::population_stability;
/// use perceptra::preprocessing::Table;
///
/// let training = Table::new().with_numbers("age", (0..1000).map(|row| f64::from(row % 50)))?;
/// let recent = Table::new().with_numbers("age", (0..500).map(|row| f64::from(row % 50) + 10.0))?;
/// assert!(population_stability(&training, &training, 10)?.index("age") == Some(0.0));
/// assert!(population_stability(&training, &recent, 10)?.index("age") > Some(0.25));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Empty`] for a table without rows and for tables without a common column; [`Error::Argument`] for a number of bins out of
/// range and for a column of strings or dates in one table and of another type in the other.
///
/// # References
///
/// B. Yurdakul, *Statistical properties of population stability index*, 2018.
pub fn population_stability(expected: &Table, actual: &Table, bins: usize) -> Result<PopulationStability> {
    let item = "population_stability";
    if !(2..=1000).contains(&bins) {
        return Err(Error::argument(item, "bins", bins, "from 2 to 1000"));
    }
    for (what, table) in [("expected", expected), ("actual", actual)] {
        if table.nrows() == 0 {
            return Err(Error::Empty { what: format!("{item}: {what}"), advice: "pass a table with rows".into() });
        }
    }
    let rows = [expected.nrows(), actual.nrows()];
    let fraction = |count: usize, side: usize| (count as f64).max(0.5) / rows[side] as f64;
    let mut columns = Vec::new();
    for (name, column) in expected.iter().filter(|(name, _)| actual.names().iter().any(|known| known == name)) {
        let other = actual.column(name)?;
        let Some(counts) = counts(column, other, bins) else {
            let value = format!("\"{name}\" of {} and of {}", column.kind(), other.kind());
            return Err(Error::argument(
                item,
                "column",
                value,
                "strings in both tables, dates in both, or numbers, integers or booleans in both",
            ));
        };
        // A bin that is empty in both tables, for example that of missing values, is skipped.
        let index = counts.iter().filter(|[e, a]| e + a > 0).map(|[expected, actual]| {
            let (e, a) = (fraction(*expected, 0), fraction(*actual, 1));
            (a - e) * (a / e).ln()
        });
        let missing = [column.missing() as f64 / rows[0] as f64, other.missing() as f64 / rows[1] as f64];
        columns.push(ColumnStability { name: name.into(), index: index.sum(), bins: counts.len(), missing });
    }
    if columns.is_empty() {
        let advice = "pass tables with the same columns".into();
        return Err(Error::Empty { what: format!("{item}: the common columns"), advice });
    }
    sorting::by_number(&mut columns, |column| -column.index);
    Ok(PopulationStability { columns, rows })
}

impl PopulationStability {
    /// The columns, the largest index first.
    pub fn columns(&self) -> &[ColumnStability] {
        &self.columns
    }

    /// The index of a column by its name.
    pub fn index(&self, name: &str) -> Option<f64> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.index)
    }
}

impl fmt::Display for PopulationStability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} expected, {} actual", counted(self.rows[0], "row"), self.rows[1])?;
        write!(f, "\n{:<40}  {:>7}  {:>8}  {:>8}  change", "column", "PSI", "missing", "now")?;
        for column in &self.columns {
            let change = match column.index {
                index if index >= 0.25 => "large",
                index if index >= 0.1 => "some",
                _ => "none",
            };
            let mut name: String = column.name.chars().take(40).collect();
            if name.len() < column.name.len() {
                name = name.chars().take(39).chain(['…']).collect();
            }
            let [before, now] = column.missing.map(|fraction| 100.0 * fraction);
            write!(f, "\n{name:<40}  {:7.4}  {before:7.1}%  {now:7.1}%  {change}", column.index)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_definition() {
        let case = reference::case("stability");
        let table = |numbers: &str, homes: &str| {
            let homes = case.optional_strings(homes);
            let strings: crate::preprocessing::StringColumn = homes.into_iter().collect();
            let table = Table::new().with_numbers("x", case.numbers(numbers)).unwrap();
            table.with_column("home", strings).unwrap()
        };
        let found = population_stability(&table("old", "homes"), &table("recent", "recent_homes"), 10).unwrap();
        case.assert_close("numbers", [found.index("x").unwrap()], 1e-10);
        case.assert_close("categories", [found.index("home").unwrap()], 1e-10);
        assert!(found.to_string().lines().all(|line| line.chars().count() <= 80), "{found}");
        assert_eq!(found.columns().len(), 2);
    }

    #[test]
    fn few_values_and_missing_ones_have_their_bins() {
        let table = |values: [f64; 4]| Table::new().with_numbers("x", values).unwrap();
        let of = |a, b| population_stability(&table(a), &table(b), 10).unwrap();
        assert_eq!(of([1.0; 4], [1.0; 4]).index("x"), Some(0.0));
        let missing = of([1.0; 4], [1.0, 1.0, f64::NAN, f64::NAN]);
        let expected = (0.5f64 - 1.0) * 0.5f64.ln() + (0.5f64 - 0.125) * 4.0f64.ln();
        approx::assert_relative_eq!(missing.index("x").unwrap(), expected, max_relative = 1e-12);
        assert!(of([f64::NAN; 4], [1.0; 4]).index("x").unwrap().is_finite());
        assert!(of([f64::MIN, 0.0, 1.0, f64::MAX], [1.0; 4]).index("x").unwrap().is_finite());
        let long = Table::new().with_numbers("é".repeat(70), [1.0]).unwrap();
        let shown = population_stability(&long, &long, 10).unwrap().to_string();
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    }

    #[test]
    fn a_change_of_a_rare_value_or_of_a_dominating_one_is_seen() {
        let of = |a: Table, b: Table| population_stability(&a, &b, 10).unwrap().index("x").unwrap();
        let flags = |count: i32| Table::new().with_booleans("x", (0..100).map(|row| row < count)).unwrap();
        let expected = 2.0 * 0.9 * (0.95f64 / 0.05).ln();
        approx::assert_relative_eq!(of(flags(95), flags(5)), expected, max_relative = 1e-12);
        approx::assert_relative_eq!(of(flags(5), flags(95)), expected, max_relative = 1e-12);
        assert!(of(flags(100), flags(0)) > 1.0);
        // Twenty rare values below and above a dominant one.
        for sign in [1.0, -1.0] {
            let table = |rare: i32| {
                let number = |row| if row < rare { f64::from(row % 20) } else { 50.0 };
                Table::new().with_numbers("x", (0..1000).map(|row| sign * number(row))).unwrap()
            };
            assert!(of(table(60), table(900)) > 1.0);
        }
    }

    #[test]
    fn dates_and_large_integers_are_binned_and_missing_columns_are_missing() {
        let days = |first: i64| {
            let days =
                (0..100).map(|day| crate::preprocessing::DateTime::from_microseconds((first + day) * 86_400_000_000));
            Table::new().with_column("x", days.collect::<Vec<_>>()).unwrap()
        };
        let numbers = |first: i64| Table::new().with_integers("x", (0..100).map(|row| first + row)).unwrap();
        let of = |a: &Table, b: &Table| population_stability(a, b, 10).unwrap();
        let shifted = of(&numbers(0), &numbers(30)).index("x").unwrap();
        assert!(shifted > 0.25);
        let large = 1 << 60;
        for (a, b) in [(days(19_000), days(19_030)), (numbers(large), numbers(large + 30))] {
            approx::assert_relative_eq!(of(&a, &b).index("x").unwrap(), shifted, max_relative = 1e-9);
            assert_eq!(of(&a, &a).index("x"), Some(0.0));
            let none = Table::new().with_numbers("x", [f64::NAN; 100]).unwrap();
            for found in [of(&a, &none), of(&none, &a)] {
                assert!(found.index("x").unwrap() > 1.0 && found.columns()[0].missing.contains(&1.0), "{found}");
            }
        }
        let strings = Table::new().with_strings("x", ["a", "b"]).unwrap();
        let none = Table::new().with_numbers("x", [f64::NAN; 2]).unwrap();
        assert!(of(&strings, &none).index("x").unwrap() > 0.25);
        let message = population_stability(&days(0), &numbers(0), 10).unwrap_err().to_string();
        assert!(message.contains("of dates and of integers") && message.contains("dates in both"), "{message}");
    }

    #[test]
    fn tables_that_cannot_be_compared_are_refused() {
        let numbers = Table::new().with_numbers("x", [1.0]).unwrap();
        let strings = Table::new().with_strings("x", ["1"]).unwrap();
        let other = Table::new().with_numbers("y", [1.0]).unwrap();
        assert!(population_stability(&numbers, &strings, 10).unwrap_err().to_string().contains("strings"));
        assert!(population_stability(&numbers, &other, 10).is_err());
        assert!(population_stability(&numbers, &numbers.head(0), 10).is_err());
        assert!(population_stability(&numbers, &numbers, 1).is_err());
    }
}
