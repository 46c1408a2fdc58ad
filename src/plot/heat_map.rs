//! A labelled matrix as coloured cells.

use std::path::Path;

use nalgebra::{Dim, Matrix, RawStorage};

use super::number::{self, Number};
use super::palette::{self, HOLLOW, Rgb};
use super::svg::{Anchor, LABEL, MARGIN, SMALL, Svg, Type, WIDTH};
use super::{lettering, write};
use crate::{Error, Result};

/// The marks of the key.
const KEY: Type = Type {
    size: 11.0,
    ..SMALL
};

/// A labelled matrix as coloured cells with their values: correlations, counts, rates.
///
/// Where values of both signs occur, colours go from blue (negative) over white (0) to red; otherwise from white to dark blue.
/// A NaN cell stays empty. A value is printed where the cell has room for it.
///
/// - `title`: what is shown; the matrix: one row of cells per row. Copied.
/// - `labels`, `row_labels`, `column_labels`: one per row or column. Default to the numbers from 0.
/// - `subtitle`: a line below the title. Defaults to none.
/// - `decimals`: 0 to 12. Defaults to 0 for whole numbers, else 2.
/// - `range`: the values of the ends of the colours. Defaults to −1 to 1 for values of both signs within it, to the largest
///   magnitude on both sides for others of both signs, and from 0 (or the least value below it) to the largest otherwise.
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
///
/// # References
///
/// - C. Brewer and M. Harrower, *ColorBrewer 2.0*: the schemes `RdBu` and `Blues`.
#[derive(Clone, Debug)]
pub struct HeatMap {
    pub(super) title: String,
    subtitle: String,
    pub(super) cells: Vec<Vec<f64>>,
    row_labels: Option<Vec<String>>,
    column_labels: Option<Vec<String>>,
    decimals: Option<usize>,
    range: Option<(f64, f64)>,
}

impl HeatMap {
    /// The picture of a matrix of any number type.
    pub fn new<T: Number, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
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
        }
    }

    /// Sets the line below the title.
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
    pub fn row_labels<L: ToString>(mut self, labels: impl IntoIterator<Item = L>) -> HeatMap {
        self.row_labels = Some(labels.into_iter().map(|l| l.to_string()).collect());
        self
    }

    /// Sets the labels of the columns.
    pub fn column_labels<L: ToString>(mut self, labels: impl IntoIterator<Item = L>) -> HeatMap {
        self.column_labels = Some(labels.into_iter().map(|l| l.to_string()).collect());
        self
    }

    /// Sets how many decimals the values have.
    pub fn decimals(mut self, decimals: usize) -> HeatMap {
        self.decimals = Some(decimals);
        self
    }

    /// Sets the values of the two ends of the colours; what lies outside has the colour of the end.
    pub fn range(mut self, low: f64, high: f64) -> HeatMap {
        self.range = Some((low, high));
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
        let left = MARGIN
            + 8.0
            + rows
                .iter()
                .map(|l| lettering::width(l, LABEL.size))
                .fold(0.0, f64::max)
                .min(180.0);
        let key = 33.0
            + MARGIN
            + scale
                .marks()
                .iter()
                .map(|m| lettering::width(m, KEY.size))
                .fold(0.0, f64::max);
        let room = (WIDTH - left - key) / columns.len() as f64;
        let (cell_width, cell_height) = (room.clamp(14.0, 96.0), (0.62 * room).clamp(14.0, 52.0));
        let widest = columns
            .iter()
            .map(|l| lettering::width(l, LABEL.size))
            .fold(0.0, f64::max)
            .min(180.0);
        let turned = widest > cell_width - 6.0;
        let top = Svg::header_height(&self.title, &self.subtitle) + 10.0;
        let bottom = top + cell_height * rows.len() as f64;
        let right = left + cell_width * columns.len() as f64;
        let foot = if turned { 0.64 * widest + 26.0 } else { 30.0 };
        let width = (right + key).max(if self.title.is_empty() { 0.0 } else { 360.0 });
        let mut svg = Svg::new(
            width,
            bottom.max(top + 120.0) + foot,
            &self.title,
            &self.subtitle,
        );

        let size = if cell_width < 50.0 { 11.0 } else { 13.0 };
        for (i, row) in self.cells.iter().enumerate() {
            let y = top + cell_height * i as f64;
            let label = lettering::fit(&rows[i], LABEL.size, 180.0);
            svg.centred_text(
                left - 8.0,
                y + cell_height / 2.0,
                Anchor::End,
                LABEL,
                &label,
            );
            for (j, &value) in row.iter().enumerate() {
                let x = left + cell_width * j as f64;
                if value.is_nan() {
                    svg.rect(
                        x + 0.5,
                        y + 0.5,
                        cell_width - 1.0,
                        cell_height - 1.0,
                        HOLLOW,
                    );
                    continue;
                }
                let colour = scale.colour(value);
                svg.rect(
                    x + 0.5,
                    y + 0.5,
                    cell_width - 1.0,
                    cell_height - 1.0,
                    &palette::fill(colour),
                );
                let text = self.value(value);
                if lettering::width(&text, size) <= cell_width - 4.0 && size <= cell_height - 3.0 {
                    let font = Type {
                        size,
                        bold: false,
                        paint: palette::text_on(colour),
                    };
                    svg.centred_text(
                        x + cell_width / 2.0,
                        y + cell_height / 2.0,
                        Anchor::Middle,
                        font,
                        &text,
                    );
                }
            }
        }
        for (j, label) in columns.iter().enumerate() {
            let x = left + cell_width * (j as f64 + 0.5);
            let label = lettering::fit(label, LABEL.size, 180.0);
            if turned {
                svg.turned_text(x + 5.0, bottom + 14.0, -38.0, Anchor::End, LABEL, &label);
            } else {
                svg.text(x, bottom + 18.0, Anchor::Middle, LABEL, &label);
            }
        }
        self.draw_key(
            &mut svg,
            &scale,
            right + 16.0,
            top,
            (bottom - top).clamp(100.0, 260.0),
        );
        Ok(svg.finish())
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// As [`HeatMap::to_svg`], and [`Error::Io`] where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    /// The strip of colours with the values of its ends and middle.
    fn draw_key(&self, svg: &mut Svg, scale: &Scale, x: f64, top: f64, height: f64) {
        const STRIPES: usize = 40;
        let stripe = height / STRIPES as f64;
        for i in 0..STRIPES {
            let value = scale.at(1.0 - (i as f64 + 0.5) / STRIPES as f64);
            // Half a unit of overlap, so that no ground shines through between stripes.
            let overlap = if i + 1 < STRIPES { 0.5 } else { 0.0 };
            svg.rect(
                x,
                top + stripe * i as f64,
                12.0,
                stripe + overlap,
                &palette::fill(scale.colour(value)),
            );
        }
        for (place, mark) in [0.0, 0.5, 1.0].into_iter().zip(scale.marks()) {
            let y = (top + (1.0 - place) * height).clamp(top + 5.0, top + height - 5.0);
            svg.centred_text(x + 17.0, y, Anchor::Start, KEY, &mark);
        }
    }

    /// A value as it is printed.
    pub(super) fn value(&self, value: f64) -> String {
        let whole = self
            .cells
            .iter()
            .flatten()
            .all(|v| number::is_whole(*v) || v.is_nan());
        number::fixed(value, self.decimals.unwrap_or(if whole { 0 } else { 2 }))
    }

    /// The labels of rows and columns, checked.
    pub(super) fn labelled(&self) -> Result<(Vec<String>, Vec<String>)> {
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
            Some(labels) => Err(Error::Argument {
                item: "HeatMap".to_string(),
                argument,
                value: format!("a list of {}", labels.len()),
                expected: format!("{count}, one for each"),
            }),
        };
        Ok((
            of(&self.row_labels, self.cells.len(), "row_labels")?,
            of(&self.column_labels, columns, "column_labels")?,
        ))
    }

    /// What colours stand for.
    pub(super) fn scale(&self) -> Result<Scale> {
        let finite = || {
            self.cells
                .iter()
                .flatten()
                .copied()
                .filter(|v| v.is_finite())
        };
        let (least, most) = (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max));
        let (low, high) = match self.range {
            Some((low, high)) if low < high && low.is_finite() && high.is_finite() => (low, high),
            Some((low, high)) => {
                return Err(Error::Argument {
                    item: "HeatMap".to_string(),
                    argument: "range",
                    value: format!("{low} to {high}"),
                    expected: "two finite numbers, the smaller first".to_string(),
                });
            }
            None if least < 0.0 && least >= -1.0 && most <= 1.0 => (-1.0, 1.0),
            None if least < 0.0 && most > 0.0 => (-most.max(-least), most.max(-least)),
            None if least < most => (least, most),
            None => (0.0, 1.0),
        };
        Ok(Scale { low, high })
    }
}

/// What colours stand for: a range around 0 or on one side of it.
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// The largest magnitude of the range.
    pub(super) fn limit(&self) -> f64 {
        self.high.abs().max(self.low.abs())
    }

    /// The value at a part of the range.
    fn at(&self, part: f64) -> f64 {
        self.low * (1.0 - part) + self.high * part
    }

    /// The values of the two ends and the middle, lowest first.
    fn marks(&self) -> [String; 3] {
        [0.0, 0.5, 1.0].map(|place| match self.at(place) {
            value if value.abs() < 1e9 => number::plain(value),
            value => number::scientific(value, 1),
        })
    }

    fn colour(&self, value: f64) -> Rgb {
        if self.low < 0.0 && self.high > 0.0 {
            palette::diverging(value / self.limit())
        } else {
            palette::sequential((value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, Matrix1, Matrix2, RowVector2};

    use super::super::well_formed::{elements, texts};
    use super::*;

    #[test]
    fn cells_labels_and_values_are_drawn_and_escaped() {
        let svg = HeatMap::new("A < B & \"C\"", &Matrix2::new(1.0, -0.5, -0.5, 1.0))
            .labels(["<x>", "y&z"])
            .to_svg()
            .expect("a picture");
        elements(&svg);
        let texts = texts(&svg);
        for text in ["A < B & \"C\"", "<x>", "y&z", "1.00", "−0.50"] {
            assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
        }
        assert!(svg.contains("#b2182b"), "1 has the red end's colour");
    }

    #[test]
    fn a_nan_cell_is_empty_and_counts_have_separators() {
        let svg = HeatMap::new("", &RowVector2::new(1234.0, f64::NAN))
            .to_svg()
            .expect("a picture");
        elements(&svg);
        assert_eq!(svg.matches("fill=\"none\"").count(), 1);
        assert!(texts(&svg).contains(&"1,234".to_string()));
        assert!(!svg.contains("NaN"));
        assert!(
            HeatMap::new("", &RowVector2::new(3_u64, 1_200))
                .to_svg()
                .expect("counts")
                .contains(">1,200<")
        );
    }

    #[test]
    fn views_of_any_stride_are_read_element_by_element() {
        let all = DMatrix::from_fn(4, 4, |i, j| (10 * i + j) as f64);
        let every_second = all.view_with_steps((0, 0), (2, 2), (1, 1));
        assert_eq!(
            HeatMap::new("", &every_second).cells,
            [[0.0, 2.0], [20.0, 22.0]]
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_that_names_the_cure() {
        let empty = HeatMap::new("t", &DMatrix::<f64>::zeros(0, 3))
            .to_svg()
            .expect_err("empty")
            .to_string();
        assert!(empty.contains("at least one row and one column"), "{empty}");
        let labels = HeatMap::new("t", &RowVector2::new(1.0, 2.0))
            .column_labels(["a"])
            .to_svg()
            .expect_err("labels");
        assert!(
            labels
                .to_string()
                .contains("column_labels is a list of 1; expected 2"),
            "{labels}"
        );
        let range = HeatMap::new("t", &Matrix1::new(1.0))
            .range(1.0, f64::NAN)
            .to_svg()
            .expect_err("range");
        assert!(matches!(
            range,
            Error::Argument {
                argument: "range",
                ..
            }
        ));
        let missing = HeatMap::new("t", &Matrix1::new(1.0))
            .save("no/such/folder/a.svg")
            .expect_err("no folder");
        assert!(
            missing.to_string().contains("no/such/folder/a.svg"),
            "{missing}"
        );
    }

    #[test]
    fn extreme_cells_are_drawn() {
        for cells in [
            [f64::MAX, -f64::MAX],
            [f64::INFINITY, f64::NEG_INFINITY],
            [f64::NAN; 2],
            [5e-324, 0.0],
        ] {
            elements(
                &HeatMap::new("t", &RowVector2::new(cells[0], cells[1]))
                    .to_svg()
                    .expect("a picture"),
            );
        }
    }
}
