//! Counts and rates of true against predicted classes.

use std::path::Path;

use nalgebra::{Dim, Matrix, RawStorage};

use super::number;
use super::palette;
use super::svg::{Anchor, LABEL, MARGIN, SMALL, Svg, Type};
use super::{ColorMap, text_width, write};
use crate::numeric::Numeric;
use crate::{Error, Result};

/// The greatest width of a class's name.
const NAME_WIDTH: f64 = 150.0;

/// A confusion matrix: each cell's count and its fraction of the row, rows the true classes, columns the predicted ones.
///
/// The rate of cell (i, j) is n_ij / Σ_k n_ik, which determines its colour. Two classes are taken as negative (0)
/// and positive (1) and their cells named: TN, FP, FN, TP with TNR, FPR, FNR, TPR. The rate of a class without samples
/// is a dash.
///
/// - `title`: the title; `counts`: square, classes × classes, of any number type.
/// - `labels`: one per class. Default to the numbers from 0.
/// - `subtitle`: a line below the title, such as the threshold. Defaults to none.
///
/// ```
/// use nalgebra::Matrix2;
/// use perceptra::plot::ConfusionPicture;
///
/// let counts = Matrix2::new(1_234_u64, 499, 100, 200);
/// let svg = ConfusionPicture::new("Test set", &counts).labels(["repaid", "default"]).to_svg()?;
/// assert!(svg.contains("TN = 1,234") && svg.contains("TNR = 71.21%"));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConfusionPicture {
    title: String,
    subtitle: String,
    counts: Vec<Vec<f64>>,
    columns: usize,
    labels: Option<Vec<String>>,
}

impl ConfusionPicture {
    /// The picture of a square matrix of counts.
    pub fn new<T: Numeric, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        title: impl Into<String>,
        counts: &Matrix<T, R, C, S>,
    ) -> ConfusionPicture {
        let columns = counts.shape().1;
        ConfusionPicture {
            title: title.into(),
            subtitle: String::new(),
            counts: number::rows(counts),
            columns,
            labels: None,
        }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> ConfusionPicture {
        self.subtitle = subtitle.into();
        self
    }

    /// Sets the names of the classes.
    #[must_use]
    pub fn labels<L: ToString>(mut self, labels: impl IntoIterator<Item = L>) -> ConfusionPicture {
        self.labels = Some(labels.into_iter().map(|l| l.to_string()).collect());
        self
    }

    /// The picture as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for no classes, [`Error::Argument`] for a matrix that is not square, a count that is negative
    /// or not finite, and labels of another number than classes.
    pub fn to_svg(&self) -> Result<String> {
        let labels = self.checked_labels()?;
        let classes = labels.len();
        let totals: Vec<f64> = self.counts.iter().map(|row| row.iter().sum()).collect();
        let cells: Vec<Vec<[String; 2]>> = (0..classes)
            .map(|i| (0..classes).map(|j| cell_text(classes, i, j, self.counts[i][j], totals[i])).collect())
            .collect();
        let size = if classes <= 4 { 16.0 } else { 12.0 };
        let widest = cells.iter().flatten().flatten().map(|t| text_width::width(t, size)).fold(0.0, f64::max);
        let names: Vec<String> = labels.iter().map(|l| text_width::fit(l, LABEL.size, NAME_WIDTH)).collect();
        let name_width = names.iter().map(|l| text_width::width(l, LABEL.size)).fold(0.0, f64::max);
        let sizes: Vec<String> = totals.iter().map(|t| format!("n = {}", number::fixed(*t, 0))).collect();
        let size_width = sizes.iter().map(|l| text_width::width(l, SMALL.size)).fold(0.0, f64::max);

        let width = (widest + 20.0).max(name_width + 10.0).max(if classes == 2 { 180.0 } else { 56.0 });
        let height = if classes == 2 { 92.0 } else { 3.0 * size + 10.0 };
        let left = MARGIN + 26.0 + name_width.max(size_width) + 10.0;
        let right = left + width * classes as f64;
        let full = (right + MARGIN).max(360.0);
        let top = Svg::header_height(&self.title, &self.subtitle, full) + 50.0;
        let bottom = top + height * classes as f64;
        let mut svg = Svg::new(full, bottom + MARGIN, &self.title, &self.subtitle);

        svg.text((left + right) / 2.0, top - 32.0, Anchor::Middle, SMALL, "predicted class");
        svg.rotated_text(MARGIN + 10.0, (top + bottom) / 2.0, -90.0, Anchor::Middle, SMALL, "true class");
        for i in 0..classes {
            let across = left + width * (i as f64 + 0.5);
            svg.text(across, top - 9.0, Anchor::Middle, LABEL, &names[i]);
            let down = top + height * (i as f64 + 0.5);
            svg.centred_text(left - 10.0, down - 9.0, Anchor::End, LABEL, &names[i]);
            svg.centred_text(left - 10.0, down + 9.0, Anchor::End, SMALL, &sizes[i]);
            for (j, [count, rate]) in cells[i].iter().enumerate() {
                let fraction = if totals[i] > 0.0 { self.counts[i][j] / totals[i] } else { 0.0 };
                let colour = ColorMap::Blues.at(fraction);
                let x = left + width * j as f64;
                svg.rect(x + 1.0, down - height / 2.0 + 1.0, width - 2.0, height - 2.0, &palette::fill(colour));
                let font = Type { size, bold: true, paint: palette::text_on(colour) };
                svg.centred_text(x + width / 2.0, down - 0.7 * size, Anchor::Middle, font, count);
                let font = Type { size: (0.875 * size).max(11.0), bold: false, ..font };
                svg.centred_text(x + width / 2.0, down + 0.7 * size, Anchor::Middle, font, rate);
            }
        }
        Ok(svg.finish())
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// The errors of [`ConfusionPicture::to_svg`], and [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    /// The names of the classes, if the counts make a confusion matrix.
    fn checked_labels(&self) -> Result<Vec<String>> {
        let argument = |argument, value, expected| Err(Error::argument("ConfusionPicture", argument, value, expected));
        let classes = self.counts.len();
        if classes == 0 {
            return Err(Error::Empty {
                what: "the matrix of a ConfusionPicture".to_string(),
                advice: "pass the counts of at least one class, classes × classes".to_string(),
            });
        }
        if self.columns != classes {
            return argument("counts", format!("{classes} × {}", self.columns), "as many columns as rows".to_string());
        }
        if let Some(count) = self.counts.iter().flatten().find(|c| !c.is_finite() || **c < 0.0) {
            return argument("counts", format!("a matrix that holds {count}"), "counts of 0 or more".to_string());
        }
        match &self.labels {
            None => Ok((0..classes).map(|i| i.to_string()).collect()),
            Some(labels) if labels.len() == classes => Ok(labels.clone()),
            Some(labels) => {
                argument("labels", format!("a list of {}", labels.len()), format!("{classes}, one per class"))
            }
        }
    }
}

/// The two lines of a cell.
fn cell_text(classes: usize, truth: usize, predicted: usize, count: f64, total: f64) -> [String; 2] {
    let (count, rate) = (number::fixed(count, 0), number::percent(count / total));
    if classes != 2 {
        return [count, rate];
    }
    let name = [["TN", "FP"], ["FN", "TP"]][truth][predicted];
    [format!("{name} = {count}"), format!("{name}R = {rate}")]
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, Matrix1, Matrix2, RowVector2};

    use super::super::well_formed::{elements, text_contents};
    use super::*;

    #[test]
    fn two_classes_have_their_names_and_rates() {
        let svg =
            ConfusionPicture::new("T", &Matrix2::new(712, 288, 1, 3)).labels(["<no>", "yes"]).to_svg().expect("svg");
        elements(&svg);
        let contents = text_contents(&svg);
        let cells = [
            "TN = 712",
            "TNR = 71.20%",
            "FP = 288",
            "FPR = 28.80%",
            "FN = 1",
            "FNR = 25.00%",
            "TP = 3",
            "TPR = 75.00%",
        ];
        for text in cells.iter().chain(&["n = 1,000", "n = 4", "<no>"]) {
            assert!(contents.iter().any(|t| t == text), "{text} in {contents:?}");
        }
    }

    #[test]
    fn a_class_without_samples_has_no_rate() {
        let svg = ConfusionPicture::new("T", &Matrix2::new(0, 0, 5, 5)).to_svg().expect("a picture");
        assert!(text_contents(&svg).contains(&"TNR = –".to_string()));
        let svg = ConfusionPicture::new("T", &DMatrix::from_fn(5, 5, |i, j| i * j)).to_svg().expect("a picture");
        elements(&svg);
        assert!(text_contents(&svg).contains(&"40.00%".to_string()), "4·4 of 4·(0+1+2+3+4)");
    }

    #[test]
    fn invalid_confusion_matrices_are_errors() {
        let message = |p: ConfusionPicture| p.to_svg().expect_err("an error").to_string();
        assert!(message(ConfusionPicture::new("", &DMatrix::<u64>::zeros(0, 0))).contains("at least one class"));
        assert!(
            message(ConfusionPicture::new("", &RowVector2::new(1, 2)))
                .contains("1 × 2; expected as many columns as rows")
        );
        assert!(message(ConfusionPicture::new("", &Matrix1::new(f64::NAN))).contains("holds NaN"));
        assert!(message(ConfusionPicture::new("", &Matrix1::new(-1))).contains("0 or more"));
        assert!(message(ConfusionPicture::new("", &Matrix1::new(1)).labels(["a", "b"])).contains("one per class"));
    }
}
