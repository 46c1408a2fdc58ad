//! One number per label.

mod drawing;

use crate::error::counted;
use std::path::Path;

use super::write;
use crate::numeric::Numeric;
use crate::{Error, Result};

/// A bar chart with one number per label: counts per class, scores of the candidates of a search.
///
/// - `title`: the title; `subtitle`: a line below it, defaults to none.
/// - `bar`, `bars`: a label and its number; `bar_with_error` adds a whisker of ± `error`, such as a standard deviation over folds.
/// - `value_label`: the label of the numeric axis, with the unit. Defaults to none.
/// - `decimals`: 0 to 12. Defaults to about four significant digits of the largest, whole numbers in full.
/// - `baseline`: where bars begin, such as 0.5 for ROC AUC. Defaults to 0.
/// - `horizontal`, `vertical`: the direction of the bars. Defaults to vertical where every label fits below its bar.
/// - `width`: of a picture of horizontal bars, and the most of one of vertical bars, 320 to 2,000 units. Defaults to 760.
/// - `highlight`: one bar, counted from 0, in a second colour.
///
/// A NaN leaves its position empty.
///
/// ```
/// use perceptra::plot::Bars;
///
/// let svg = Bars::new("Customers per class").bar("repaid", 401_516).bar("default", 88_905).value_label("customers").to_svg()?;
/// assert!(svg.contains("401,516"));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bars {
    title: String,
    subtitle: String,
    value_label: String,
    bars: Vec<Bar>,
    counts: Option<(usize, usize)>,
    decimals: Option<usize>,
    baseline: f64,
    horizontal: Option<bool>,
    highlight: Option<usize>,
    width: Option<f64>,
}

#[derive(Clone, Debug)]
struct Bar {
    label: String,
    value: f64,
    error: f64,
}

impl Bars {
    /// A picture without bars yet.
    pub fn new(title: impl Into<String>) -> Bars {
        Bars { title: title.into(), ..Bars::default() }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Bars {
        self.subtitle = subtitle.into();
        self
    }

    /// Sets the label of the numeric axis, with the unit.
    #[must_use]
    pub fn value_label(mut self, label: impl Into<String>) -> Bars {
        self.value_label = label.into();
        self
    }

    /// Adds a bar.
    pub fn bar<T: Numeric>(self, label: impl Into<String>, value: T) -> Bars {
        self.bar_with_error(label, value, 0.0)
    }

    /// Adds a bar with a whisker from `value − error` to `value + error`.
    #[must_use]
    pub fn bar_with_error<T: Numeric>(mut self, label: impl Into<String>, value: T, error: f64) -> Bars {
        self.bars.push(Bar { label: label.into(), value: value.to_f64(), error });
        self
    }

    /// Adds one bar per label and value.
    #[must_use]
    pub fn bars<L: ToString, T: Numeric>(mut self, labels: impl IntoIterator<Item = L>, values: &[T]) -> Bars {
        let labels: Vec<String> = labels.into_iter().map(|l| l.to_string()).collect();
        if labels.len() != values.len() {
            self.counts = Some((labels.len(), values.len()));
        }
        for (label, value) in labels.into_iter().zip(values) {
            self = self.bar(label, *value);
        }
        self
    }

    /// Sets how many decimals the values have.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> Bars {
        self.decimals = Some(decimals);
        self
    }

    /// Sets the value at which bars begin.
    #[must_use]
    pub fn baseline(mut self, baseline: f64) -> Bars {
        self.baseline = baseline;
        self
    }

    /// Makes the bars horizontal: one below the other, labels at the left.
    #[must_use]
    pub fn horizontal(mut self) -> Bars {
        self.horizontal = Some(true);
        self
    }

    /// Makes the bars vertical: side by side, labels below.
    #[must_use]
    pub fn vertical(mut self) -> Bars {
        self.horizontal = Some(false);
        self
    }

    /// Sets the bar in the second colour, counted from 0.
    #[must_use]
    pub fn highlight(mut self, bar: usize) -> Bars {
        self.highlight = Some(bar);
        self
    }

    /// Sets the width of the picture.
    #[must_use]
    pub fn width(mut self, width: f64) -> Bars {
        self.width = Some(width);
        self
    }

    /// The picture as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without bars, [`Error::Argument`] for an infinite value, an error that is negative or not
    /// finite, a base line that is not finite, another number of labels than values, a highlight that names no bar, and a width out of range.
    pub fn to_svg(&self) -> Result<String> {
        self.check()?;
        Ok(self.draw())
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// The errors of [`Bars::to_svg`], and [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    fn check(&self) -> Result<()> {
        let argument =
            |argument, value: String, expected: &str| Err(Error::argument("Bars", argument, value, expected));
        if let Some((labels, values)) = self.counts {
            return argument(
                "bars",
                format!("{} and {}", counted(labels, "label"), counted(values, "value")),
                "as many labels as values",
            );
        }
        if self.bars.is_empty() {
            return Err(Error::Empty {
                what: "the picture of Bars".to_string(),
                advice: "add at least one bar, as in .bar(\"default\", 88905)".to_string(),
            });
        }
        if !self.baseline.is_finite() {
            return argument("baseline", self.baseline.to_string(), "a finite number");
        }
        if let Some(bar) = self.bars.iter().find(|b| b.value.is_infinite()) {
            return argument(
                "value",
                format!("{} for \"{}\"", bar.value, bar.label),
                "a finite number, or NaN for none",
            );
        }
        if let Some(bar) = self.bars.iter().find(|b| !b.error.is_finite() || b.error < 0.0) {
            return argument("error", format!("{} for \"{}\"", bar.error, bar.label), "a finite number of 0 or more");
        }
        if let Some(width) = self.width.filter(|width| !(320.0..=2000.0).contains(width)) {
            return argument("width", width.to_string(), "a number from 320 to 2000");
        }
        match self.highlight {
            Some(i) if i >= self.bars.len() => {
                argument("highlight", i.to_string(), &format!("0 to {}, the number of a bar", self.bars.len() - 1))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::{elements, text_contents};
    use super::*;

    #[test]
    fn short_labels_make_bars_vertical_and_long_ones_horizontal() {
        let vertical = Bars::new("Classes").bars(["repaid", "default"], &[401_516_u32, 88_905]);
        let horizontal = Bars::new("Candidates").bars(["12–12–1, relu, Adam, 10 epochs"; 8], &[0.68_f32; 8]);
        // The labels of vertical bars have the same base line.
        let places = |svg: &str, label: &str| -> Vec<String> {
            let of = |line: &&str| line.starts_with("<text") && line.contains(label);
            svg.lines()
                .filter(of)
                .filter_map(|l| l.split(" y=\"").nth(1)?.split('"').next().map(String::from))
                .collect()
        };
        let svg = vertical.to_svg().expect("a picture");
        elements(&svg);
        assert_eq!(places(&svg, ">repaid<"), places(&svg, ">default<"));
        assert!(text_contents(&svg).contains(&"88,905".to_string()));
        let svg = horizontal.to_svg().expect("a picture");
        elements(&svg);
        let mut rows = places(&svg, "relu");
        rows.dedup();
        assert_eq!(rows.len(), 8);
        assert_ne!(vertical.clone().horizontal().to_svg().ok(), vertical.vertical().to_svg().ok());
    }

    #[test]
    fn errors_are_whiskers_and_labels_are_escaped() {
        let svg =
            Bars::new("t").bar_with_error("<a & b>", 0.681, 0.004).baseline(0.5).decimals(3).to_svg().expect("svg");
        elements(&svg);
        assert!(
            text_contents(&svg).contains(&"<a & b>".to_string())
                && text_contents(&svg).contains(&"0.681 ± 0.004".to_string())
        );
    }

    #[test]
    fn all_values_have_the_decimals_that_the_numbers_need() {
        let shown = |values: &[f64]| {
            let svg = Bars::new("").bars(values.iter().map(|_| "label"), values).to_svg().expect("a picture");
            let contents = text_contents(&svg);
            let after = |i: usize| contents[contents.len() - 2 * values.len() + 2 * i + 1].clone();
            (0..values.len()).map(after).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[0.05, 1.0]), ["0.05", "1.00"]);
        assert_eq!(shown(&[0.12345, 0.5]), ["0.123", "0.500"]);
        assert_eq!(shown(&[12345.6, 3.0]), ["12,346", "3"]);
        assert_eq!(shown(&[2e-5, 1e-4]), ["2.00e−5", "1.00e−4"]);
    }

    #[test]
    fn a_nan_leaves_its_position_empty() {
        let svg = Bars::new("").bar("a", f64::NAN).bar("b", 1.0).highlight(1).to_svg().expect("a picture");
        assert_eq!(svg.matches("class=\"fill-").count(), 1);
        assert!(svg.contains("fill-1") && !svg.contains("NaN"));
        elements(&Bars::new("").bar("a", f64::NAN).to_svg().expect("a picture"));
    }

    #[test]
    fn invalid_plots_are_errors_that_name_the_cure() {
        let message = |bars: Bars| bars.to_svg().expect_err("an error").to_string();
        assert!(message(Bars::new("t")).contains("add at least one bar"));
        assert!(message(Bars::new("t").bars(["a"], &[1, 2])).contains("1 label and 2 values"));
        assert!(message(Bars::new("t").bar("a", f64::INFINITY)).contains("inf for \"a\""));
        assert!(message(Bars::new("t").bar_with_error("a", 1, -1.0)).contains("0 or more"));
        assert!(message(Bars::new("t").bar("a", 1).highlight(1)).contains("0 to 0"));
        assert!(message(Bars::new("t").bar("a", 1).baseline(f64::NAN)).contains("baseline"));
    }

    #[test]
    fn extreme_values_are_drawn() {
        for value in [0.0, -3.0, f64::MAX, -f64::MAX, 5e-324] {
            for bars in
                [Bars::new("t").bar("a", value).horizontal(), Bars::new("t").bar_with_error("a", value, f64::MAX)]
            {
                let svg = bars.to_svg().expect("a picture");
                elements(&svg);
                assert!(!svg.contains("NaN"), "{svg}");
            }
        }
    }
}
