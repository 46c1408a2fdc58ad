//! Line plots.

mod drawing;

use std::path::Path;

use super::axis::PlotAxis;
use super::number;
use super::svg::{LABEL, SMALL, WIDTH};
use super::text_width;
use super::write;
use crate::numeric::Numeric;
use crate::{Error, Result};

/// A line plot, such as the training history per epoch, or precision and recall over thresholds.
///
/// Each curve is named at its right end, in the order in which the curves end there. A NaN or infinite value leaves a gap.
///
/// - `title`: the title.
/// - `subtitle`, `x_label`, `y_label`: default to none.
/// - `series`: a name, x values and as many y values; `epochs`: y values at x = 1, 2, 3…
/// - `series_with_interval`: a curve with a whisker at each point, such as a confidence interval; `points`: dots without a curve.
/// - `background`: thin grey curves without names, drawn below the others.
/// - `vertical`, `horizontal`: marker lines at a value, with a name.
/// - `width`: of the picture, 320 to 2,000 units. Defaults to 760.
/// - `x_range`, `y_range`: ends of an axis. Default to those of the values, for y rounded outwards.
///
/// ```
/// use perceptra::plot::Lines;
///
/// let svg = Lines::new("Training history")
///     .x_label("epoch")
///     .y_label("fraction of all customers")
///     .epochs("accuracy", &[0.75, 0.80, 0.818])
///     .horizontal(0.8187, "nobody defaults: 81.87%")
///     .y_range(0.0, 1.0)
///     .to_svg()?;
/// assert!(svg.contains("nobody defaults"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// - M. Okabe and K. Ito, *Color Universal Design*, 2008: the colours.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    title: String,
    subtitle: String,
    x_label: String,
    y_label: String,
    series: Vec<Series>,
    background: Vec<Series>,
    vertical: Vec<(f64, String)>,
    horizontal: Vec<(f64, String)>,
    x_range: Option<(f64, f64)>,
    y_range: Option<(f64, f64)>,
    width: Option<f64>,
}

#[derive(Clone, Debug)]
struct Series {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    /// The ends of the whisker at each point; empty without whiskers.
    whiskers: Vec<(f64, f64)>,
    /// Points without a curve through them.
    scattered: bool,
}

impl Lines {
    /// An empty plot.
    pub fn new(title: impl Into<String>) -> Lines {
        Lines { title: title.into(), ..Lines::default() }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Lines {
        self.subtitle = subtitle.into();
        self
    }

    /// Sets the label of the horizontal axis.
    #[must_use]
    pub fn x_label(mut self, label: impl Into<String>) -> Lines {
        self.x_label = label.into();
        self
    }

    /// Sets the label of the vertical axis, with the unit.
    #[must_use]
    pub fn y_label(mut self, label: impl Into<String>) -> Lines {
        self.y_label = label.into();
        self
    }

    /// Adds a curve through the points (x, y), in their order.
    #[must_use]
    pub fn series<X: Numeric, Y: Numeric>(mut self, name: impl Into<String>, x: &[X], y: &[Y]) -> Lines {
        self.series.push(Series::new(name.into(), numbers(x), numbers(y)));
        self
    }

    /// Adds a curve with a whisker from `low` to `high` at each point; one that is not finite is left out.
    #[must_use]
    pub fn series_with_interval<X: Numeric, Y: Numeric>(
        self,
        name: impl Into<String>,
        x: &[X],
        y: &[Y],
        interval: &[(f64, f64)],
    ) -> Lines {
        let mut lines = self.series(name, x, y);
        if let Some(series) = lines.series.last_mut() {
            series.whiskers = interval.to_vec();
        }
        lines
    }

    /// Adds points (x, y) without a curve through them.
    #[must_use]
    pub fn points<X: Numeric, Y: Numeric>(self, name: impl Into<String>, x: &[X], y: &[Y]) -> Lines {
        let mut lines = self.series(name, x, y);
        if let Some(series) = lines.series.last_mut() {
            series.scattered = true;
        }
        lines
    }

    /// Adds a thin grey curve without a name below the others, such as one of many samples that the other curves summarize.
    #[must_use]
    pub fn background<X: Numeric, Y: Numeric>(mut self, x: &[X], y: &[Y]) -> Lines {
        self.background.push(Series::new(String::new(), numbers(x), numbers(y)));
        self
    }

    /// Adds a curve with one value per epoch, counted from 1.
    #[must_use]
    pub fn epochs<Y: Numeric>(self, name: impl Into<String>, values: &[Y]) -> Lines {
        let epochs: Vec<usize> = (1..=values.len()).collect();
        self.series(name, &epochs, values)
    }

    /// Adds a named vertical line, such as a chosen threshold.
    #[must_use]
    pub fn vertical(mut self, x: f64, name: impl Into<String>) -> Lines {
        self.vertical.push((x, name.into()));
        self
    }

    /// Adds a named horizontal line, such as a baseline to beat.
    #[must_use]
    pub fn horizontal(mut self, y: f64, name: impl Into<String>) -> Lines {
        self.horizontal.push((y, name.into()));
        self
    }

    /// Sets the ends of the horizontal axis.
    #[must_use]
    pub fn x_range(mut self, low: f64, high: f64) -> Lines {
        self.x_range = Some((low, high));
        self
    }

    /// Sets the ends of the vertical axis.
    #[must_use]
    pub fn y_range(mut self, low: f64, high: f64) -> Lines {
        self.y_range = Some((low, high));
        self
    }

    /// Sets the width of the picture.
    #[must_use]
    pub fn width(mut self, width: f64) -> Lines {
        self.width = Some(width);
        self
    }

    /// The picture as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if no curve has a point with finite coordinates, [`Error::Argument`] for a series whose x values, y values and
    /// intervals differ in number, a marker line that is not finite, a range whose ends are not finite and
    /// increasing, and a width out of range.
    pub fn to_svg(&self) -> Result<String> {
        let (x, y) = self.axes()?;
        Ok(self.draw(x, y))
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// The errors of [`Lines::to_svg`], and [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    /// The horizontal axis with as many ticks, about ten at most, as have labels that do not touch.
    fn place_ticks(&self, left: f64, right: f64, whole: bool) -> PlotAxis {
        // Approximately the width that the names of the curves and the labels of the other axis leave.
        let full = self.width.unwrap_or(WIDTH);
        let names = self.series.iter().map(|series| text_width::width(&series.name, LABEL.size)).fold(0.0, f64::max);
        let available = full - names.min(0.25 * full) - 130.0;
        let touches = |axis: &PlotAxis| {
            let widest =
                axis.ticks.iter().map(|&tick| text_width::width(&axis.label(tick), SMALL.size)).fold(0.0, f64::max);
            axis.ticks.windows(2).any(|pair| widest + 6.0 > (axis.place(pair[1]) - axis.place(pair[0])) * available)
        };
        let mut wanted = 10;
        let mut axis = PlotAxis::exact(left, right, wanted, whole);
        while wanted > 1 && touches(&axis) {
            wanted -= 1;
            axis = PlotAxis::exact(left, right, wanted, whole);
        }
        axis
    }

    /// The axes, over all curves and marker lines.
    fn axes(&self) -> Result<(PlotAxis, PlotAxis)> {
        for series in self.series.iter().chain(&self.background) {
            if series.x.len() != series.y.len() {
                return Err(Error::argument(
                    "Lines",
                    "series",
                    format!("{} x values and {} y values", series.x.len(), series.y.len()),
                    format!("as many y values as x values for \"{}\"", series.name),
                ));
            }
        }
        for series in self.series.iter().filter(|series| !series.whiskers.is_empty()) {
            if series.whiskers.len() != series.y.len() {
                let value = format!("{} values and {} whiskers", series.y.len(), series.whiskers.len());
                let expected = format!("as many whiskers as values for \"{}\"", series.name);
                return Err(Error::argument("Lines", "series_with_interval", value, expected));
            }
        }
        if let Some(width) = self.width.filter(|width| !(320.0..=2000.0).contains(width)) {
            return Err(Error::argument("Lines", "width", width, "a number from 320 to 2000"));
        }
        for (at, name) in self.vertical.iter().chain(&self.horizontal) {
            if !at.is_finite() {
                return Err(Error::argument(
                    "Lines",
                    "marker",
                    at.to_string(),
                    format!("a finite number for \"{name}\""),
                ));
            }
        }
        let mut points: Vec<(f64, f64)> = Vec::new();
        for series in self.series.iter().chain(&self.background) {
            points.extend(series.points().into_iter().flatten());
        }
        let Some(first) = points.first() else {
            return Err(Error::Empty {
                what: "the picture of Lines".to_string(),
                advice: "add a series with at least one finite point, as in .epochs(\"loss\", &losses)".to_string(),
            });
        };
        let ends = |range: Option<(f64, f64)>, name, first: f64, all: &mut dyn Iterator<Item = f64>| match range {
            None => Ok(all.fold((first, first), |(low, high), v| (v.min(low), v.max(high)))),
            Some((low, high)) if low < high && low.is_finite() && high.is_finite() => Ok((low, high)),
            Some((low, high)) => Err(Error::argument(
                "Lines",
                name,
                format!("{low} to {high}"),
                "two finite numbers, the smaller first".to_string(),
            )),
        };
        let (left, right) = ends(
            self.x_range,
            "x_range",
            first.0,
            &mut points.iter().map(|p| p.0).chain(self.vertical.iter().map(|v| v.0)),
        )?;
        let (low, high) = ends(
            self.y_range,
            "y_range",
            first.1,
            &mut points
                .iter()
                .map(|p| p.1)
                .chain(self.horizontal.iter().map(|h| h.0))
                .chain(self.series.iter().flat_map(Series::whisker_ends)),
        )?;
        let whole = points.iter().all(|p| number::is_whole(p.0));
        let x = self.place_ticks(left, right, whole);
        let y =
            if self.y_range.is_some() { PlotAxis::exact(low, high, 6, false) } else { PlotAxis::rounded(low, high, 6) };
        Ok((x, y))
    }
}

fn numbers<N: Numeric>(values: &[N]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

impl Series {
    fn new(name: String, x: Vec<f64>, y: Vec<f64>) -> Series {
        Series { name, x, y, whiskers: Vec::new(), scattered: false }
    }

    /// The finite ends of the whiskers.
    fn whisker_ends(&self) -> impl Iterator<Item = f64> {
        self.whiskers.iter().flat_map(|&(low, high)| [low, high]).filter(|end| end.is_finite())
    }

    /// The points; numbers that are not finite are gaps.
    fn points(&self) -> Vec<Option<(f64, f64)>> {
        let pairs = self.x.iter().copied().zip(self.y.iter().copied());
        pairs.map(|(x, y)| (x.is_finite() && y.is_finite()).then_some((x, y))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::{elements, text_contents};
    use super::*;

    #[test]
    fn curves_names_ticks_and_markers_are_drawn_and_escaped() {
        let svg = Lines::new("P & R")
            .x_label("threshold <x>")
            .series("precision", &[0.1, 0.5, 0.9], &[0.2, 0.3, 0.6])
            .series("recall", &[0.1, 0.5, 0.9], &[0.9, 0.5, 0.1])
            .vertical(0.55, "threshold 0.55")
            .horizontal(0.18, "fraction > 18%")
            .to_svg()
            .expect("a picture");
        let elements = elements(&svg);
        assert_eq!(elements.iter().filter(|e| *e == "polyline").count(), 2);
        assert_eq!(elements.iter().filter(|e| *e == "circle").count(), 6);
        let contents = text_contents(&svg);
        for text in ["P & R", "threshold <x>", "precision", "recall", "threshold 0.55", "fraction > 18%", "0.5"] {
            assert!(contents.iter().any(|t| t == text), "{text} in {contents:?}");
        }
    }

    #[test]
    fn whiskers_points_and_width_are_drawn_and_checked() {
        let lines = Lines::new("t").series_with_interval("s", &[0.0, 1.0], &[0.5, 0.6], &[(0.4, 0.7), (f64::NAN, 0.6)]);
        let plain = Lines::new("t").series("s", &[0.0, 1.0], &[0.5, 0.6]).y_range(0.4, 0.7).to_svg().expect("svg");
        let count = |svg: &str, name: &str| elements(svg).iter().filter(|e| *e == name).count();
        let svg = lines.clone().y_range(0.4, 0.7).to_svg().expect("a picture");
        assert_eq!(count(&svg, "line"), count(&plain, "line") + 3, "one whisker with its ends");
        let dots = Lines::new("t").points("d", &[0.0; 40], &[1.0; 40]).width(480.0).to_svg().expect("a picture");
        assert_eq!((count(&dots, "polyline"), count(&dots, "circle")), (0, 40));
        assert!(dots.contains(r#"viewBox="0 0 480 "#));
        let message = |lines: Lines| lines.to_svg().expect_err("an error").to_string();
        let uneven = Lines::new("t").series_with_interval("s", &[0.0, 1.0], &[0.5, 0.6], &[(0.4, 0.7)]);
        assert!(message(uneven).contains("2 values and 1 whiskers"));
        assert!(message(lines.width(f64::NAN)).contains("from 320 to 2000"));
    }

    #[test]
    fn ticks_are_fewer_where_their_labels_would_touch() {
        let ticks = |width: f64| {
            let lines = Lines::new("t").series("s", &[1_000.0, 79_000.0], &[0.0, 1.0]).width(width);
            lines.axes().expect("axes").0.ticks.len()
        };
        assert_eq!((ticks(760.0), ticks(400.0)), (7, 3));
    }

    #[test]
    fn a_nan_is_a_gap() {
        let svg = Lines::new("").epochs("loss", &[1.0, 2.0, f64::NAN, 3.0, 4.0, f64::INFINITY]).to_svg().expect("svg");
        assert_eq!(elements(&svg).iter().filter(|e| *e == "polyline").count(), 2);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn invalid_plots_are_errors_that_name_the_cure() {
        let message = |lines: Lines| lines.to_svg().expect_err("an error").to_string();
        assert!(message(Lines::new("t")).contains("add a series with at least one finite point"));
        assert!(message(Lines::new("t").epochs("loss", &[f64::NAN])).contains("finite point"));
        let uneven = message(Lines::new("t").series("loss", &[1.0, 2.0], &[1.0]));
        assert!(
            uneven.contains("2 x values and 1 y values; expected as many y values as x values for \"loss\""),
            "{uneven}"
        );
        assert!(
            message(Lines::new("t").epochs("l", &[1.0]).vertical(f64::NAN, "m")).contains("finite number for \"m\"")
        );
        assert!(message(Lines::new("t").epochs("l", &[1.0]).y_range(1.0, 0.0)).contains("the smaller first"));
    }

    #[test]
    fn a_single_point_and_extreme_values_are_drawn() {
        for values in [vec![0.5], vec![0.0, 0.0], vec![f64::MAX, -f64::MAX], vec![5e-324], vec![1e17, 1e17 + 16.0]] {
            let svg = Lines::new("t").epochs("v", &values).vertical(1e300, "far").to_svg().expect("a picture");
            elements(&svg);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{values:?}");
        }
    }
}
