//! The summary statistics of a table.

use std::fmt;

use super::super::quantile::quantile;
use super::display::write_grid;
use super::{Column, DateTime, Table};
use crate::statistics::Moments;

/// Summary statistics of every column, from [`Table::describe`]; `Display` shows them side by side.
#[derive(Debug, Clone)]
pub struct TableSummary {
    /// The columns of numbers, integers and booleans.
    pub numbers: Vec<NumberSummary>,
    /// The columns of dates.
    pub date_times: Vec<DateTimeSummary>,
    /// The columns of strings.
    pub strings: Vec<StringSummary>,
}

/// Statistics of a column of numbers; NaN if there is no value to compute them from.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberSummary {
    /// The column.
    pub name: String,
    /// The values that are not missing.
    pub count: usize,
    /// The missing values.
    pub missing: usize,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation with the denominator count − 1; exactly 0 if all values are equal.
    pub std: f64,
    /// Minimum, lower quartile, median, upper quartile and maximum, quantiles interpolated linearly.
    pub quantiles: [f64; 5],
}

/// Statistics of a column of dates, or of dates and times.
#[derive(Debug, Clone, PartialEq)]
pub struct DateTimeSummary {
    /// The column.
    pub name: String,
    /// The values that are not missing.
    pub count: usize,
    /// The missing values.
    pub missing: usize,
    /// The number of distinct points in time.
    pub distinct: usize,
    /// The earliest and the latest.
    pub range: Option<(DateTime, DateTime)>,
}

/// Statistics of a column of strings.
#[derive(Debug, Clone, PartialEq)]
pub struct StringSummary {
    /// The column.
    pub name: String,
    /// The values that are not missing.
    pub count: usize,
    /// The missing values.
    pub missing: usize,
    /// The number of distinct strings.
    pub distinct: usize,
    /// The most frequent string and how often it occurs.
    pub top: Option<(String, usize)>,
}

impl Table {
    /// Summary statistics of every column.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("n", [1.0, 2.0, 4.0])?.with_strings("t", ["x", "y", "x"])?;
    /// let summary = table.describe();
    /// assert_eq!(summary.numbers[0].quantiles, [1.0, 1.5, 2.0, 3.0, 4.0]);
    /// assert_eq!(summary.strings[0].top, Some(("x".to_owned(), 2)));
    /// println!("{summary}");
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// pandas, *DataFrame.describe*.
    pub fn describe(&self) -> TableSummary {
        let mut summary = TableSummary { numbers: Vec::new(), date_times: Vec::new(), strings: Vec::new() };
        for (name, column) in self.iter() {
            let (name, missing) = (name.to_owned(), column.missing());
            let count = self.rows - missing;
            match column {
                Column::Number(_) | Column::Integer(_) | Column::Boolean(_) => {
                    let values = match column {
                        Column::Integer(values) => values.rounded(),
                        _ => column.as_numbers().unwrap_or_default(),
                    };
                    let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                    present.sort_unstable_by(f64::total_cmp);
                    let moments = Moments::of(&present);
                    let (mean, std) = (moments.mean(), moments.deviation(1.0));
                    let quantiles = [0.0, 0.25, 0.5, 0.75, 1.0].map(|fraction| quantile(&present, fraction));
                    summary.numbers.push(NumberSummary { name, count, missing, mean, std, quantiles });
                }
                Column::DateTime(values) => {
                    let mut sorted: Vec<i64> = values.microseconds().present().collect();
                    sorted.sort_unstable();
                    sorted.dedup();
                    let ends = sorted.first().zip(sorted.last());
                    let at = |value: &i64| DateTime::from_microseconds(*value);
                    let range = ends.map(|(first, last)| (at(first), at(last)));
                    summary.date_times.push(DateTimeSummary { name, count, missing, distinct: sorted.len(), range });
                }
                Column::String(strings) => {
                    let counts = strings.counts();
                    let top = counts.first().map(|&(text, times)| (text.to_owned(), times));
                    summary.strings.push(StringSummary { name, count, missing, distinct: counts.len(), top });
                }
            }
        }
        summary
    }
}

impl fmt::Display for TableSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.numbers.is_empty() {
            let head = ["", "count", "missing", "mean", "std", "min", "25%", "50%", "75%", "max"];
            let mut grid = vec![head.map(str::to_owned).to_vec()];
            for column in &self.numbers {
                let mut line = vec![column.name.clone(), column.count.to_string(), column.missing.to_string()];
                line.extend([column.mean, column.std].iter().chain(&column.quantiles).map(|&value| formatted(value)));
                grid.push(line);
            }
            write_grid(f, &grid)?;
        }
        if !self.date_times.is_empty() {
            let head = ["", "count", "missing", "distinct", "first", "last"];
            let mut grid = vec![head.map(str::to_owned).to_vec()];
            for column in &self.date_times {
                let ends = column
                    .range
                    .map_or([String::new(), String::new()], |(first, last)| [first.to_string(), last.to_string()]);
                let counts = [column.count, column.missing, column.distinct].map(|count| count.to_string());
                grid.push([column.name.clone()].into_iter().chain(counts).chain(ends).collect());
            }
            write_grid(f, &grid)?;
        }
        if !self.strings.is_empty() {
            let head = ["", "count", "missing", "distinct", "most frequent", "times"];
            let mut grid = vec![head.map(str::to_owned).to_vec()];
            for column in &self.strings {
                let (top, times) = column.top.clone().unwrap_or_default();
                let counts = [column.count, column.missing, column.distinct].map(|count| count.to_string());
                let mut line = vec![column.name.clone()];
                line.extend(counts);
                line.extend([top, times.to_string()]);
                grid.push(line);
            }
            write_grid(f, &grid)?;
        }
        Ok(())
    }
}

/// Two decimals for values of ordinary size, four digits in scientific form for the others.
fn formatted(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() || (0.01..1e9).contains(&size) {
        format!("{value:.2}")
    } else {
        format!("{value:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_leave_missing_values_out() {
        let table = Table::new().with_numbers("n", [3.0, f64::NAN, 1.0, 2.0, 4.0]).unwrap();
        let column = &table.describe().numbers[0];
        assert_eq!((column.count, column.missing, column.mean), (4, 1, 2.5));
        approx::assert_relative_eq!(column.std, (5.0_f64 / 3.0).sqrt(), epsilon = 1e-15);
        assert_eq!(column.quantiles, [1.0, 1.75, 2.5, 3.25, 4.0]);
    }

    #[test]
    fn statistics_hold_at_both_ends_of_the_range() {
        let column = |values: [f64; 2]| Table::new().with_numbers("n", values).unwrap().describe().numbers[0].clone();
        let large = column([-1e308, 1e308]);
        assert_eq!((large.mean, large.quantiles), (0.0, [-1e308, -0.5e308, 0.0, 0.5e308, 1e308]));
        approx::assert_relative_eq!(large.std, 2f64.sqrt() * 1e308, max_relative = 1e-14);
        approx::assert_relative_eq!(column([1e-300, 3e-300]).std, 2f64.sqrt() * 1e-300, max_relative = 1e-14);
    }

    #[test]
    fn columns_without_values_have_no_statistics() {
        let column = &Table::new().with_numbers("n", [f64::NAN]).unwrap().describe().numbers[0];
        assert_eq!(column.count, 0);
        assert!(column.mean.is_nan() && column.std.is_nan() && column.quantiles.iter().all(|q| q.is_nan()));
    }

    #[test]
    fn the_display_has_a_line_per_column() {
        let table = Table::new().with_numbers("n", [1.0, 1e12]).unwrap().with_strings("t", ["x", "x"]).unwrap();
        let shown = table.describe().to_string();
        // The numbers' ten columns take two blocks of lines, the strings' six one.
        assert_eq!(shown.lines().filter(|line| line.starts_with('n')).count(), 2);
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        assert!(shown.contains("1.000e12"));
        assert!(shown.lines().last().is_some_and(|line| line.starts_with('t') && line.ends_with('2')));
    }
}
