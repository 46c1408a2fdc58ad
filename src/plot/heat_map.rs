//! A labelled matrix as coloured cells.

mod drawing;
mod scale;
mod text;

use std::path::Path;

use nalgebra::{Dim, Matrix, RawStorage};

use self::scale::ColorScale;
use super::number;
use super::{ColorMap, write};
use crate::numeric::Numeric;
use crate::{Error, Result};

/// A labelled matrix as coloured cells with their values: correlations, counts, rates.
///
/// Where values of both signs occur, colours go from blue (negative) over white (0) to red; otherwise from white to
/// dark blue. A NaN cell stays empty. A value is printed where it fits into its cell; with `decimals` given, every cell
/// is wide enough for its value and the picture as wide as that takes.
///
/// - `title`: the title; the matrix: one row of cells per row. Copied.
/// - `labels`, `row_labels`, `column_labels`: one per row or column. Default to the numbers from 0.
/// - `subtitle`: a line below the title. Defaults to none.
/// - `decimals`: 0 to 12. Defaults to 0 for whole numbers, else 2.
/// - `range`: the values of the ends of the colours. Defaults to −1 to 1 for values of both signs within it, to the largest
///   magnitude on both sides for others of both signs, and from 0 (or the least value below it) to the largest otherwise.
/// - `color_map`: the colours. Defaults to [`ColorMap::RedBlue`] for a range with both signs and [`ColorMap::Blues`] otherwise.
///
/// ```
/// use nalgebra::Matrix2;
/// use perceptra::plot::HeatMap;
///
/// let r = Matrix2::new(1.0, -0.25, -0.25, 1.0);
/// let picture = HeatMap::new("Correlations", &r).labels(["int_rate", "annual_inc"]);
/// assert!(picture.to_svg()?.contains("−0.25"));
/// println!("{}", picture.to_text()?);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HeatMap {
    title: String,
    subtitle: String,
    cells: Vec<Vec<f64>>,
    row_labels: Option<Vec<String>>,
    column_labels: Option<Vec<String>>,
    decimals: Option<usize>,
    range: Option<(f64, f64)>,
    color_map: Option<ColorMap>,
}

impl HeatMap {
    /// The picture of a matrix of any number type.
    pub fn new<T: Numeric, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        title: impl Into<String>,
        matrix: &Matrix<T, R, C, S>,
    ) -> HeatMap {
        HeatMap {
            title: title.into(),
            subtitle: String::new(),
            cells: number::rows(matrix),
            row_labels: None,
            column_labels: None,
            decimals: None,
            range: None,
            color_map: None,
        }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> HeatMap {
        self.subtitle = subtitle.into();
        self
    }

    /// Sets the same labels for rows and columns, as a correlation matrix has them.
    pub fn labels<L: ToString>(self, labels: impl IntoIterator<Item = L>) -> HeatMap {
        let labels: Vec<String> = labels.into_iter().map(|l| l.to_string()).collect();
        self.row_labels(&labels).column_labels(&labels)
    }

    /// Sets the labels of the rows.
    #[must_use]
    pub fn row_labels<L: ToString>(mut self, labels: impl IntoIterator<Item = L>) -> HeatMap {
        self.row_labels = Some(labels.into_iter().map(|l| l.to_string()).collect());
        self
    }

    /// Sets the labels of the columns.
    #[must_use]
    pub fn column_labels<L: ToString>(mut self, labels: impl IntoIterator<Item = L>) -> HeatMap {
        self.column_labels = Some(labels.into_iter().map(|l| l.to_string()).collect());
        self
    }

    /// Sets how many decimals the values have, and makes every cell wide enough for its value.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> HeatMap {
        self.decimals = Some(decimals);
        self
    }

    /// Sets the values of the two ends of the colours; values outside have the colour of the end.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> HeatMap {
        self.range = Some((low, high));
        self
    }

    /// Sets the colours.
    #[must_use]
    pub fn color_map(mut self, color_map: ColorMap) -> HeatMap {
        self.color_map = Some(color_map);
        self
    }

    /// The picture as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for a matrix without rows or columns, [`Error::Argument`] for labels of another number than rows or
    /// columns and for a range whose ends are not finite and increasing.
    pub fn to_svg(&self) -> Result<String> {
        let scale = self.scale()?;
        let (rows, columns) = self.labelled()?;
        Ok(self.draw(&scale, &rows, &columns))
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// The errors of [`HeatMap::to_svg`], and [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    /// A value as it is printed.
    fn value(&self, value: f64) -> String {
        // Searched only if no number of decimals is set, since each value would search all values.
        let decimals = self.decimals.unwrap_or_else(|| {
            let whole = self.cells.iter().flatten().all(|v| number::is_whole(*v) || v.is_nan());
            if whole { 0 } else { 2 }
        });
        number::fixed(value, decimals)
    }

    /// The labels of rows and columns, checked.
    fn labelled(&self) -> Result<(Vec<String>, Vec<String>)> {
        let columns = self.cells.first().map_or(0, Vec::len);
        if columns == 0 {
            return Err(Error::Empty {
                what: "the matrix of a HeatMap".to_string(),
                advice: "pass a matrix with at least one row and one column".to_string(),
            });
        }
        let of = |labels: &Option<Vec<String>>, count: usize, argument: &'static str| match labels {
            None => Ok((0..count).map(|i| i.to_string()).collect()),
            Some(labels) if labels.len() == count => Ok(labels.clone()),
            Some(labels) => Err(Error::argument(
                "HeatMap",
                argument,
                format!("a list of {}", labels.len()),
                format!("{count}, one for each"),
            )),
        };
        Ok((of(&self.row_labels, self.cells.len(), "row_labels")?, of(&self.column_labels, columns, "column_labels")?))
    }

    /// The colour scale.
    fn scale(&self) -> Result<ColorScale> {
        let finite = || self.cells.iter().flatten().copied().filter(|v| v.is_finite());
        let (least, most) = (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max));
        let (low, high) = match self.range {
            Some((low, high)) if low < high && low.is_finite() && high.is_finite() => (low, high),
            Some((low, high)) => {
                return Err(Error::argument(
                    "HeatMap",
                    "range",
                    format!("{low} to {high}"),
                    "two finite numbers, the smaller first",
                ));
            }
            None if (-1.0..0.0).contains(&least) && most <= 1.0 => (-1.0, 1.0),
            None if least < 0.0 && most > 0.0 => (-most.max(-least), most.max(-least)),
            None if least < most => (least, most),
            None => (0.0, 1.0),
        };
        let both = low < 0.0 && high > 0.0;
        let map = self.color_map.unwrap_or(if both { ColorMap::RedBlue } else { ColorMap::Blues });
        Ok(ColorScale { map, low, high })
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, Matrix1, Matrix2, RowVector2};

    use super::super::well_formed::{elements, text_contents};
    use super::*;

    #[test]
    fn cells_labels_and_values_are_drawn_and_escaped() {
        let svg = HeatMap::new("A < B & \"C\"", &Matrix2::new(1.0, -0.5, -0.5, 1.0))
            .labels(["<x>", "y&z"])
            .to_svg()
            .expect("a picture");
        elements(&svg);
        let contents = text_contents(&svg);
        for text in ["A < B & \"C\"", "<x>", "y&z", "1.00", "−0.50"] {
            assert!(contents.iter().any(|t| t == text), "{text} in {contents:?}");
        }
        assert!(svg.contains("#b2182b"), "1 has the red end's colour");
    }

    #[test]
    fn a_nan_cell_is_empty_and_counts_have_separators() {
        let svg = HeatMap::new("", &RowVector2::new(1234.0, f64::NAN)).to_svg().expect("a picture");
        elements(&svg);
        assert_eq!(svg.matches("fill=\"none\"").count(), 1);
        assert!(text_contents(&svg).contains(&"1,234".to_string()));
        assert!(!svg.contains("NaN"));
        assert!(HeatMap::new("", &RowVector2::new(3_u64, 1_200)).to_svg().expect("counts").contains(">1,200<"));
    }

    #[test]
    fn values_with_given_decimals_are_all_printed_however_many_columns_there_are() {
        let matrix = DMatrix::from_element(22, 22, -0.14);
        let count = |heat_map: &HeatMap| {
            let svg = heat_map.to_svg().expect("a picture");
            elements(&svg);
            text_contents(&svg).iter().filter(|content| *content == "−0.1").count()
        };
        assert_eq!(count(&HeatMap::new("", &matrix).decimals(1)), 22 * 22);
    }

    #[test]
    fn colours_can_be_chosen_for_values_of_one_sign_and_of_both() {
        let drawn = |low: f64, map| HeatMap::new("", &RowVector2::new(low, 1.0)).color_map(map).to_svg().unwrap();
        // The ends of the range have the colours of the ends of the map, for any signs.
        for (low, map) in [(-1.0, ColorMap::Viridis), (0.0, ColorMap::Viridis)] {
            assert!(drawn(low, map).contains("#440154") && drawn(low, map).contains("#fde725"), "{map:?} from {low}");
        }
        assert!(drawn(0.0, ColorMap::TealBrown).contains("#01665e"));
        // Zero is white if the signs differ, although it is not in the middle of the range.
        let zero = HeatMap::new("", &RowVector2::new(0.0, 1.0)).range(-3.0, 1.0).color_map(ColorMap::TealBrown);
        assert!(zero.to_svg().unwrap().contains("#f5f5f5"));
    }

    #[test]
    fn views_of_any_stride_are_read_element_by_element() {
        let all = DMatrix::from_fn(4, 4, |i, j| (10 * i + j) as f64);
        let every_second = all.view_with_steps((0, 0), (2, 2), (1, 1));
        assert_eq!(HeatMap::new("", &every_second).cells, [[0.0, 2.0], [20.0, 22.0]]);
    }

    #[test]
    fn invalid_plots_are_errors_that_name_the_cure() {
        let empty = HeatMap::new("t", &DMatrix::<f64>::zeros(0, 3)).to_svg().expect_err("empty").to_string();
        assert!(empty.contains("at least one row and one column"), "{empty}");
        let labels = HeatMap::new("t", &RowVector2::new(1.0, 2.0)).column_labels(["a"]).to_svg().expect_err("labels");
        assert!(labels.to_string().contains("column_labels is a list of 1; expected 2"), "{labels}");
        let range = HeatMap::new("t", &Matrix1::new(1.0)).range(1.0, f64::NAN).to_svg().expect_err("range");
        assert!(matches!(range, Error::Argument { argument: "range", .. }));
        let missing = HeatMap::new("t", &Matrix1::new(1.0)).save("no/such/folder/a.svg").expect_err("no folder");
        assert!(missing.to_string().contains("no/such/folder/a.svg"), "{missing}");
    }

    #[test]
    fn extreme_cells_are_drawn() {
        for cells in [[f64::MAX, -f64::MAX], [f64::INFINITY, f64::NEG_INFINITY], [f64::NAN; 2], [5e-324, 0.0]] {
            elements(&HeatMap::new("t", &RowVector2::new(cells[0], cells[1])).to_svg().expect("a picture"));
        }
    }
}
