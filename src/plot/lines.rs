//! Curves over a number.

use std::path::Path;

use super::axis::Axis;
use super::number::{self, Number};
use super::palette::{self, AXIS, GRID, MARKER};
use super::svg::{Anchor, LABEL, MARGIN, NOTE, SMALL, Svg, WIDTH};
use super::{lettering, write};
use crate::{Error, Result};

/// Room between the names of two curves.
const NAME_HEIGHT: f64 = 17.0;
/// Curves of no more points than this show each of them.
const MOST_DOTS: usize = 30;
/// Curves over a number: training history per epoch, precision and recall over thresholds.
///
/// Each curve is named at its right end, in the order in which the curves end there. A NaN or infinite value leaves a gap.
///
/// - `title`: what is shown.
/// - `subtitle`, `x_label`, `y_label`: default to none.
/// - `series`: a name, the places and the values, equally many; `epochs`: values at 1, 2, 3…
/// - `vertical`, `horizontal`: marker lines at a value, with a name.
/// - `x_range`, `y_range`: ends of an axis. Default to the values' own, for y rounded outwards.
///
/// ```
/// use perceptra::plot::Lines;
///
/// let svg = Lines::new("Training history")
///     .x_label("epoch")
///     .y_label("share of all customers")
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
    vertical: Vec<(f64, String)>,
    horizontal: Vec<(f64, String)>,
    x_range: Option<(f64, f64)>,
    y_range: Option<(f64, f64)>,
}

#[derive(Clone, Debug)]
struct Series {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
}

/// Where the curves are drawn.
struct Frame {
    x: Axis,
    y: Axis,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn x(&self, value: f64) -> f64 {
        self.left + self.x.place(value) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - self.y.place(value) * (self.bottom - self.top)
    }
}

impl Lines {
    /// A picture without curves yet.
    pub fn new(title: impl Into<String>) -> Lines {
        Lines {
            title: title.into(),
            ..Lines::default()
        }
    }

    /// Sets the line below the title.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Lines {
        self.subtitle = subtitle.into();
        self
    }

    /// Sets what the horizontal axis counts, with its unit.
    pub fn x_label(mut self, label: impl Into<String>) -> Lines {
        self.x_label = label.into();
        self
    }

    /// Sets what the vertical axis counts, with its unit.
    pub fn y_label(mut self, label: impl Into<String>) -> Lines {
        self.y_label = label.into();
        self
    }

    /// Adds a curve through the points (x, y), in their order.
    pub fn series<X: Number, Y: Number>(
        mut self,
        name: impl Into<String>,
        x: &[X],
        y: &[Y],
    ) -> Lines {
        let (x, y) = (
            x.iter().map(|v| v.number()).collect(),
            y.iter().map(|v| v.number()).collect(),
        );
        self.series.push(Series {
            name: name.into(),
            x,
            y,
        });
        self
    }

    /// Adds a curve with one value per epoch, counted from 1.
    pub fn epochs<Y: Number>(self, name: impl Into<String>, values: &[Y]) -> Lines {
        let epochs: Vec<usize> = (1..=values.len()).collect();
        self.series(name, &epochs, values)
    }

    /// Adds a named vertical line, such as a chosen threshold.
    pub fn vertical(mut self, x: f64, name: impl Into<String>) -> Lines {
        self.vertical.push((x, name.into()));
        self
    }

    /// Adds a named horizontal line, such as a base line to beat.
    pub fn horizontal(mut self, y: f64, name: impl Into<String>) -> Lines {
        self.horizontal.push((y, name.into()));
        self
    }

    /// Sets the ends of the horizontal axis.
    pub fn x_range(mut self, low: f64, high: f64) -> Lines {
        self.x_range = Some((low, high));
        self
    }

    /// Sets the ends of the vertical axis.
    pub fn y_range(mut self, low: f64, high: f64) -> Lines {
        self.y_range = Some((low, high));
        self
    }

    /// The picture as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] where no curve has a point with finite coordinates, [`Error::Argument`] for a series with unequally many
    /// places and values, a marker line that is not finite, and a range whose ends are not finite and increasing.
    pub fn to_svg(&self) -> Result<String> {
        let (x, y) = self.axes()?;
        let names = self
            .series
            .iter()
            .map(|s| lettering::width(&s.name, LABEL.size))
            .fold(0.0, f64::max)
            .min(190.0);
        let ticks = y
            .ticks
            .iter()
            .map(|&t| lettering::width(&y.label(t), SMALL.size))
            .fold(0.0, f64::max);
        let left = MARGIN + ticks + 10.0 + if self.y_label.is_empty() { 0.0 } else { 24.0 };
        let right = WIDTH - MARGIN - if names > 0.0 { names + 34.0 } else { 8.0 };
        let mut frame = Frame {
            x,
            y,
            left,
            right,
            top: 0.0,
            bottom: 0.0,
        };
        let flags = self.flags(&frame);
        let rows = flags.iter().map(|f| f.1 + 1).max().unwrap_or(0);
        frame.top = Svg::header_height(&self.title, &self.subtitle) + 14.0 + 16.0 * rows as f64;
        frame.bottom = frame.top + (NAME_HEIGHT * self.series.len() as f64).max(300.0);
        let foot = if self.x_label.is_empty() { 32.0 } else { 54.0 };
        let mut svg = Svg::new(WIDTH, frame.bottom + foot, &self.title, &self.subtitle);
        self.draw_axes(&mut svg, &frame);
        let visible = || {
            self.vertical
                .iter()
                .zip(&flags)
                .map(|((at, name), flag)| (frame.x(*at), name, flag))
        };
        let visible = || visible().filter(|(x, _, _)| inside(*x, frame.left, frame.right));
        for (x, _, (_, row)) in visible() {
            svg.line(
                (x, frame.top - 18.0 - 16.0 * *row as f64),
                (x, frame.bottom),
                MARKER,
            );
        }
        for (_, name, (start, row)) in visible() {
            svg.text(
                *start,
                frame.top - 9.0 - 16.0 * *row as f64,
                Anchor::Start,
                NOTE,
                name,
            );
        }
        for (at, _) in &self.horizontal {
            let y = frame.y(*at);
            if inside(y, frame.top, frame.bottom) {
                svg.line((frame.left, y), (frame.right, y), MARKER);
            }
        }
        // Room beside the frame for the halves of dots on its edge.
        let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
        svg.clipped(
            frame.left - 4.0,
            frame.top - 4.0,
            width + 8.0,
            height + 8.0,
            |svg| {
                for (i, series) in self.series.iter().enumerate() {
                    series.draw(svg, &frame, i);
                }
            },
        );
        for (at, name) in &self.horizontal {
            let y = frame.y(*at);
            if inside(y, frame.top, frame.bottom) {
                let y = if y < frame.top + 20.0 {
                    y + 15.0
                } else {
                    y - 5.0
                };
                svg.text(
                    frame.left + 8.0,
                    y,
                    Anchor::Start,
                    NOTE,
                    &lettering::fit(name, NOTE.size, width - 16.0),
                );
            }
        }
        self.draw_names(&mut svg, &frame);
        Ok(svg.finish())
    }

    /// Writes the picture as an SVG file.
    ///
    /// # Errors
    ///
    /// As [`Lines::to_svg`], and [`Error::Io`] where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }

    /// Both axes, over all curves and marker lines.
    fn axes(&self) -> Result<(Axis, Axis)> {
        for series in &self.series {
            if series.x.len() != series.y.len() {
                return Err(argument(
                    "series",
                    format!("{} places and {} values", series.x.len(), series.y.len()),
                    { format!("as many values as places for \"{}\"", series.name) },
                ));
            }
        }
        for (at, name) in self.vertical.iter().chain(&self.horizontal) {
            if !at.is_finite() {
                return Err(argument(
                    "marker",
                    at.to_string(),
                    format!("a finite number for \"{name}\""),
                ));
            }
        }
        let points = || self.series.iter().flat_map(Series::points).flatten();
        let Some(first) = points().next() else {
            return Err(Error::Empty {
                what: "the picture of Lines".to_string(),
                advice:
                    "add a series with at least one finite point, as in .epochs(\"loss\", &losses)"
                        .to_string(),
            });
        };
        let ends = |range: Option<(f64, f64)>,
                    name,
                    first: f64,
                    all: &mut dyn Iterator<Item = f64>| match range {
            None => Ok(all.fold((first, first), |(low, high), v| (v.min(low), v.max(high)))),
            Some((low, high)) if low < high && low.is_finite() && high.is_finite() => {
                Ok((low, high))
            }
            Some((low, high)) => Err(argument(
                name,
                format!("{low} to {high}"),
                "two finite numbers, the smaller first".to_string(),
            )),
        };
        let (left, right) = ends(
            self.x_range,
            "x_range",
            first.0,
            &mut points()
                .map(|p| p.0)
                .chain(self.vertical.iter().map(|v| v.0)),
        )?;
        let (low, high) = ends(
            self.y_range,
            "y_range",
            first.1,
            &mut points()
                .map(|p| p.1)
                .chain(self.horizontal.iter().map(|h| h.0)),
        )?;
        let whole = points().all(|p| number::is_whole(p.0));
        let x = Axis::exact(left, right, 10, whole);
        let y = if self.y_range.is_some() {
            Axis::exact(low, high, 6, false)
        } else {
            Axis::rounded(low, high, 6)
        };
        Ok((x, y))
    }

    /// For each vertical marker where its name begins and in which row it stands, counted from the frame upwards.
    ///
    /// Names begin at their line like flags. Taken from the right, a name that would reach over a line further right stands
    /// above that line's name, so no line runs through a name that begins left of it.
    fn flags(&self, frame: &Frame) -> Vec<(f64, usize)> {
        let mut order: Vec<usize> = (0..self.vertical.len()).collect();
        order.sort_by(|&a, &b| self.vertical[b].0.total_cmp(&self.vertical[a].0));
        let mut flags = vec![(0.0, 0); order.len()];
        for (done, &i) in order.iter().enumerate() {
            let (at, name) = &self.vertical[i];
            let width = lettering::width(name, NOTE.size);
            let start = (frame.x(*at) + 4.0).min(WIDTH - MARGIN - width).max(MARGIN);
            let reached = order[..done].iter().filter(|&&j| {
                let line = frame.x(self.vertical[j].0);
                line.min(flags[j].0) < start + width + 6.0
            });
            let row = reached.map(|&j| flags[j].1 + 1).max().unwrap_or(0);
            flags[i] = (start, row);
        }
        flags
    }

    fn draw_axes(&self, svg: &mut Svg, frame: &Frame) {
        for &tick in &frame.y.ticks {
            let y = frame.y(tick);
            svg.line((frame.left, y), (frame.right, y), GRID);
            svg.centred_text(
                frame.left - 8.0,
                y,
                Anchor::End,
                SMALL,
                &frame.y.label(tick),
            );
        }
        svg.line(
            (frame.left, frame.bottom),
            (frame.right, frame.bottom),
            AXIS,
        );
        for &tick in &frame.x.ticks {
            let x = frame.x(tick);
            svg.line((x, frame.bottom), (x, frame.bottom + 5.0), AXIS);
            svg.text(
                x,
                frame.bottom + 19.0,
                Anchor::Middle,
                SMALL,
                &frame.x.label(tick),
            );
        }
        let middle = (frame.left + frame.right) / 2.0;
        if !self.x_label.is_empty() {
            svg.text(
                middle,
                frame.bottom + 41.0,
                Anchor::Middle,
                LABEL,
                &self.x_label,
            );
        }
        if !self.y_label.is_empty() {
            let middle = (frame.top + frame.bottom) / 2.0;
            svg.turned_text(
                MARGIN + 11.0,
                middle,
                -90.0,
                Anchor::Middle,
                LABEL,
                &self.y_label,
            );
        }
    }

    /// The name of each curve beside its last point, moved apart where they would touch.
    fn draw_names(&self, svg: &mut Svg, frame: &Frame) {
        let mut ends: Vec<(usize, f64, f64)> = Vec::new();
        for (i, series) in self.series.iter().enumerate() {
            if let Some((x, y)) = series.points().into_iter().flatten().next_back() {
                let y = frame.y(y).clamp(frame.top, frame.bottom);
                ends.push((i, frame.x(x).clamp(frame.left, frame.right), y));
            }
        }
        ends.sort_by(|a, b| a.2.total_cmp(&b.2));
        let wanted: Vec<f64> = ends.iter().map(|e| e.2).collect();
        let placed = spread(&wanted, frame.top, frame.bottom);
        for (&(i, _, y), &at) in ends.iter().zip(&placed) {
            if self.series[i].name.is_empty() {
                continue;
            }
            let paint = palette::series_stroke(i);
            svg.line(
                (frame.right + 7.0, y),
                (frame.right + 16.0, at),
                &format!("{paint} stroke-width=\"1\""),
            );
            svg.line(
                (frame.right + 16.0, at),
                (frame.right + 26.0, at),
                &format!("{paint} stroke-width=\"3\""),
            );
            let name = lettering::fit(&self.series[i].name, LABEL.size, 190.0);
            svg.centred_text(frame.right + 31.0, at, Anchor::Start, LABEL, &name);
        }
    }
}

impl Series {
    /// The points; what is not finite is a gap.
    fn points(&self) -> Vec<Option<(f64, f64)>> {
        let pairs = self.x.iter().copied().zip(self.y.iter().copied());
        pairs
            .map(|(x, y)| (x.is_finite() && y.is_finite()).then_some((x, y)))
            .collect()
    }

    fn draw(&self, svg: &mut Svg, frame: &Frame, i: usize) {
        let points = self.points();
        let dotted = points.len() <= MOST_DOTS;
        for run in points.split(Option::is_none) {
            let places: Vec<(f64, f64)> = run
                .iter()
                .flatten()
                .map(|&(x, y)| (frame.x(x), frame.y(y)))
                .collect();
            if places.len() > 1 {
                svg.polyline(&places, &palette::series_stroke(i));
            }
            if dotted || places.len() == 1 {
                for ((x, y), place) in run.iter().flatten().zip(&places) {
                    let name = format!(
                        "{} at {}: {}",
                        self.name,
                        number::short(*x),
                        number::short(*y)
                    );
                    svg.dot(place.0, place.1, &palette::series_fill(i), &name);
                }
            }
        }
    }
}

/// Places as near to the wanted ones (which rise) as the room between `top` and `bottom` allows without touching.
fn spread(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut placed = wanted.to_vec();
    let mut floor = top;
    for y in &mut placed {
        *y = y.max(floor);
        floor = *y + NAME_HEIGHT;
    }
    let mut ceiling = bottom;
    for y in placed.iter_mut().rev() {
        *y = y.min(ceiling);
        ceiling = *y - NAME_HEIGHT;
    }
    placed
}

/// Whether a place lies on the frame; half a unit is what rounding may move.
fn inside(place: f64, from: f64, to: f64) -> bool {
    place >= from - 0.5 && place <= to + 0.5
}

fn argument(argument: &'static str, value: String, expected: String) -> Error {
    Error::Argument {
        item: "Lines".to_string(),
        argument,
        value,
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::{elements, texts};
    use super::*;

    #[test]
    fn curves_names_ticks_and_markers_are_drawn_and_escaped() {
        let svg = Lines::new("P & R")
            .x_label("threshold <x>")
            .series("precision", &[0.1, 0.5, 0.9], &[0.2, 0.3, 0.6])
            .series("recall", &[0.1, 0.5, 0.9], &[0.9, 0.5, 0.1])
            .vertical(0.55, "threshold 0.55")
            .horizontal(0.18, "share > 18%")
            .to_svg()
            .expect("a picture");
        let elements = elements(&svg);
        assert_eq!(elements.iter().filter(|e| *e == "polyline").count(), 2);
        assert_eq!(elements.iter().filter(|e| *e == "circle").count(), 6);
        let texts = texts(&svg);
        for text in [
            "P & R",
            "threshold <x>",
            "precision",
            "recall",
            "threshold 0.55",
            "share > 18%",
            "0.5",
        ] {
            assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
        }
    }

    #[test]
    fn a_nan_is_a_gap() {
        let svg = Lines::new("")
            .epochs("loss", &[1.0, 2.0, f64::NAN, 3.0, 4.0, f64::INFINITY])
            .to_svg()
            .expect("svg");
        assert_eq!(
            elements(&svg).iter().filter(|e| *e == "polyline").count(),
            2
        );
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn names_keep_their_distance_and_order() {
        let placed = spread(&[100.0, 101.0, 102.0, 399.0, 400.0], 0.0, 400.0);
        assert!(
            placed.windows(2).all(|w| w[1] - w[0] >= NAME_HEIGHT - 1e-9),
            "{placed:?}"
        );
        assert!(placed[4] <= 400.0);
        assert_eq!(spread(&[10.0, 200.0], 0.0, 400.0), [10.0, 200.0]);
    }

    #[test]
    fn names_of_markers_stand_above_the_lines_they_reach_over() {
        let lines = Lines::new("t").series("s", &[0.0, 1.0], &[0.0, 1.0]);
        let lines = lines
            .vertical(0.55, "a long name at 0.55")
            .vertical(0.5, "a long name at 0.5")
            .vertical(0.1, "short");
        let (x, y) = lines.axes().expect("axes");
        let frame = Frame {
            x,
            y,
            left: 50.0,
            right: 650.0,
            top: 50.0,
            bottom: 350.0,
        };
        let rows: Vec<usize> = lines.flags(&frame).into_iter().map(|f| f.1).collect();
        assert_eq!(rows, [0, 1, 0]);
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_that_names_the_cure() {
        let message = |lines: Lines| lines.to_svg().expect_err("an error").to_string();
        assert!(message(Lines::new("t")).contains("add a series with at least one finite point"));
        assert!(message(Lines::new("t").epochs("loss", &[f64::NAN])).contains("finite point"));
        let uneven = message(Lines::new("t").series("loss", &[1.0, 2.0], &[1.0]));
        assert!(
            uneven
                .contains("2 places and 1 values; expected as many values as places for \"loss\""),
            "{uneven}"
        );
        assert!(
            message(Lines::new("t").epochs("l", &[1.0]).vertical(f64::NAN, "m"))
                .contains("finite number for \"m\"")
        );
        assert!(
            message(Lines::new("t").epochs("l", &[1.0]).y_range(1.0, 0.0))
                .contains("the smaller first")
        );
    }

    #[test]
    fn a_single_point_and_extreme_values_are_drawn() {
        for values in [
            vec![0.5],
            vec![0.0, 0.0],
            vec![f64::MAX, -f64::MAX],
            vec![5e-324],
            vec![1e17, 1e17 + 16.0],
        ] {
            let svg = Lines::new("t")
                .epochs("v", &values)
                .vertical(1e300, "far")
                .to_svg()
                .expect("a picture");
            elements(&svg);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{values:?}");
        }
    }
}
