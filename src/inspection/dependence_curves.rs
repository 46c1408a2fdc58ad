//! The dependence of predictions on columns, as values, table and plot.

#[cfg(feature = "plot")]
use super::output::in_picture;
use super::output::plain;
#[cfg(feature = "plot")]
use crate::lists::joined;
use crate::preprocessing::Value;
use crate::significant::significant;
use crate::terminal_lines::truncated;
use nalgebra::DMatrix;
use std::fmt;

/// The dependence of predictions on one or two columns, from [`PartialDependence`](super::PartialDependence); `Display` writes a
/// table with at most 80 characters per line.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let curves = PartialDependence::new("income").resolution(5).individual(true).compute(&fitted, &table)?;
/// assert_eq!((curves.values()[0].len(), curves.average().len()), (5, 5));
/// assert_eq!(curves.individual().map(|all| all.shape()), Some((80, 5)));
/// assert_eq!(curves.centred().average()[0], 0.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DependenceCurves {
    pub(super) columns: Vec<String>,
    pub(super) output: String,
    pub(super) values: Vec<Vec<Value>>,
    pub(super) average: Vec<f64>,
    pub(super) individual: Option<DMatrix<f64>>,
}

impl DependenceCurves {
    /// The columns, one or two.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The description of the predicted output, for example `probability of default = 1`.
    pub fn output(&self) -> &str {
        &self.output
    }

    /// The values of each column at which the dependence was computed.
    pub fn values(&self) -> &[Vec<Value>] {
        &self.values
    }

    /// The mean prediction at each value; for two columns, at all values of the second for each value of the first.
    pub fn average(&self) -> &[f64] {
        &self.average
    }

    /// The predictions of the individual rows, rows × values, if they were requested.
    pub fn individual(&self) -> Option<&DMatrix<f64>> {
        self.individual.as_ref()
    }

    /// Subtracts from each curve, and from the mean, its value at the first point, so that parallel curves coincide.
    #[must_use]
    pub fn centred(mut self) -> Self {
        if let Some(curves) = &mut self.individual {
            for mut curve in curves.row_iter_mut() {
                let first = curve.iter().next().copied().unwrap_or_default();
                curve.add_scalar_mut(-first);
            }
        }
        let first = self.average.first().copied().unwrap_or_default();
        self.average.iter_mut().for_each(|value| *value -= first);
        self
    }

    /// Plots the mean, and the curves of up to 50 rows if they were kept, over the numbers of one column.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for two columns and for categories, of which [`bars`](Self::bars) and
    /// [`heat_map`](Self::heat_map) are pictures.
    #[cfg(feature = "plot")]
    pub fn lines(&self) -> crate::Result<crate::plot::Lines> {
        let places = match &self.values[..] {
            [values] => super::grid::places(values),
            _ => None,
        };
        let Some(x) = places else {
            let expected = "one column of numbers; for categories use .bars(), for two columns .heat_map()";
            return Err(crate::Error::argument("DependenceCurves", "columns", self.columns.join(", "), expected));
        };
        let lines =
            crate::plot::Lines::new(truncated(&self.output, 60)).x_label(&self.columns[0]).y_label("mean prediction");
        let curves = self.individual.as_ref().map_or(0, DMatrix::nrows);
        let step = curves.div_ceil(50).max(1);
        let lines = (0..curves).step_by(step).fold(lines, |lines, row| {
            let curve: Vec<f64> = joined(&self.individual, |all| all.row(row).iter().copied().collect());
            lines.background(&x, &curve)
        });
        Ok(lines.series("mean", &x, &self.average))
    }

    /// Plots the mean at each value of one column as bars.
    #[cfg(feature = "plot")]
    pub fn bars(&self) -> crate::plot::Bars {
        let bars = crate::plot::Bars::new(truncated(&self.output, 60))
            .subtitle(self.columns.join(", "))
            .value_label("mean prediction");
        let inner = self.values.get(1).map_or(1, Vec::len);
        self.average.iter().enumerate().fold(bars, |bars, (point, mean)| {
            let first = in_picture(&self.values[0][point / inner]);
            let label = match self.values.get(1) {
                Some(values) => format!("{first}, {}", in_picture(&values[point % inner])),
                None => first,
            };
            bars.bar(label, *mean)
        })
    }

    /// Plots the mean at each pair of values of two columns as a heat map; one column is a single row.
    #[cfg(feature = "plot")]
    pub fn heat_map(&self) -> crate::plot::HeatMap {
        let inner = self.values.get(1).map_or(1, Vec::len);
        let labels = |values: &[Value]| values.iter().map(in_picture).collect::<Vec<String>>();
        let axes = match &self.columns[..] {
            [across, down] => format!("across: {across}; down: {down}"),
            _ => format!("across: {}", self.columns.join(", ")),
        };
        let columns = labels(&self.values[0]);
        let rows = self.values.get(1).map_or_else(|| vec!["mean".into()], |values| labels(values));
        let matrix = DMatrix::from_fn(rows.len(), columns.len(), |row, column| self.average[column * inner + row]);
        let map = crate::plot::HeatMap::new(truncated(&self.output, 60), &matrix).subtitle(axes);
        map.row_labels(rows).column_labels(columns)
    }
}

/// A value in a few characters.
fn short_value(value: &Value) -> String {
    match value {
        Value::Number(number) if number.fract() != 0.0 => significant(*number),
        other => plain(other),
    }
}

impl fmt::Display for DependenceCurves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.values.get(1).map_or(1, Vec::len);
        write!(f, "{}", truncated(&self.output, 80))?;
        writeln!(f)?;
        self.columns.iter().try_for_each(|column| write!(f, "{:>24}  ", truncated(column, 24)))?;
        write!(f, "{:>14}", "mean")?;
        for (point, mean) in self.average.iter().enumerate() {
            write!(f, "\n{:>24}  ", truncated(&short_value(&self.values[0][point / inner]), 24))?;
            if let Some(values) = self.values.get(1) {
                write!(f, "{:>24}  ", truncated(&short_value(&values[point % inner]), 24))?;
            }
            write!(f, "{:>14}", significant(*mean))?;
        }
        Ok(())
    }
}
