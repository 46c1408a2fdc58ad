//! How curves, axes, marker lines and names are placed.

use super::{Lines, Series};
use crate::plot::axis::PlotAxis;
use crate::plot::palette::{self, AXIS, GRID, MARKER, WHISKER};
use crate::plot::svg::{Anchor, LABEL, MARGIN, NOTE, SMALL, Svg, WIDTH};
use crate::plot::{number, text_width};
use crate::sorting;

/// The distance between the names of two curves.
const NAME_HEIGHT: f64 = 17.0;
/// Curves of no more points than this show each of them.
const MOST_DOTS: usize = 30;
/// The area in which the curves are drawn.
struct Frame {
    x: PlotAxis,
    y: PlotAxis,
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
    /// The picture between two axes.
    pub(super) fn draw(&self, x: PlotAxis, y: PlotAxis) -> String {
        let names = self
            .series
            .iter()
            .map(|s| text_width::width(&s.name, LABEL.size))
            .fold(0.0, f64::max)
            .min(self.name_width());
        let ticks = y.ticks.iter().map(|&t| text_width::width(&y.label(t), SMALL.size)).fold(0.0, f64::max);
        let left = MARGIN + ticks + 10.0 + if self.y_label.is_empty() { 0.0 } else { 24.0 };
        let full = self.width.unwrap_or(WIDTH);
        let right = full - MARGIN - if names > 0.0 { names + 34.0 } else { 8.0 };
        let mut frame = Frame { x, y, left, right, top: 0.0, bottom: 0.0 };
        let flags = self.flags(&frame);
        let rows = flags.iter().map(|f| f.1 + 1).max().unwrap_or(0);
        frame.top = Svg::header_height(&self.title, &self.subtitle, full) + 14.0 + 16.0 * rows as f64;
        frame.bottom = frame.top + (NAME_HEIGHT * self.series.len() as f64).max(300.0);
        let foot = if self.x_label.is_empty() { 32.0 } else { 54.0 };
        let mut svg = Svg::new(full, frame.bottom + foot, &self.title, &self.subtitle);
        self.draw_axes(&mut svg, &frame);
        let visible = || self.vertical.iter().zip(&flags).map(|((at, name), flag)| (frame.x(*at), name, flag));
        let visible = || visible().filter(|(x, _, _)| inside(*x, frame.left, frame.right));
        for (x, _, (_, row)) in visible() {
            svg.line((x, frame.top - 18.0 - 16.0 * *row as f64), (x, frame.bottom), MARKER);
        }
        for (_, name, (start, row)) in visible() {
            svg.text(*start, frame.top - 9.0 - 16.0 * *row as f64, Anchor::Start, NOTE, name);
        }
        for (at, _) in &self.horizontal {
            let y = frame.y(*at);
            if inside(y, frame.top, frame.bottom) {
                svg.line((frame.left, y), (frame.right, y), MARKER);
            }
        }
        // Padding around the frame for the halves of dots on its edge.
        let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
        svg.clipped(frame.left - 4.0, frame.top - 4.0, width + 8.0, height + 8.0, |svg| {
            for series in &self.background {
                for run in series.points().split(Option::is_none) {
                    let places: Vec<(f64, f64)> =
                        run.iter().flatten().map(|&(x, y)| (frame.x(x), frame.y(y))).collect();
                    if places.len() > 1 {
                        svg.polyline(&places, palette::BACKGROUND);
                    }
                }
            }
            for (i, series) in self.series.iter().enumerate() {
                series.draw(svg, &frame, i);
            }
        });
        for (at, name) in &self.horizontal {
            let y = frame.y(*at);
            if inside(y, frame.top, frame.bottom) {
                let y = if y < frame.top + 20.0 { y + 15.0 } else { y - 5.0 };
                svg.text(frame.left + 8.0, y, Anchor::Start, NOTE, &text_width::fit(name, NOTE.size, width - 16.0));
            }
        }
        self.draw_names(&mut svg, &frame);
        svg.finish()
    }

    /// The greatest width of the names of curves.
    fn name_width(&self) -> f64 {
        (0.25 * self.width.unwrap_or(WIDTH)).min(190.0)
    }

    /// For each vertical marker the start of its name and the row, counted upwards from the frame.
    ///
    /// Names begin at their line like flags. From right to left, a name that would extend beyond a line further right is
    /// above that line's name, so no line runs through a name that begins left of it.
    fn flags(&self, frame: &Frame) -> Vec<(f64, usize)> {
        let mut order: Vec<usize> = (0..self.vertical.len()).collect();
        sorting::by_number(&mut order, |&i| -self.vertical[i].0);
        let mut flags = vec![(0.0, 0); order.len()];
        for (done, &i) in order.iter().enumerate() {
            let (at, name) = &self.vertical[i];
            let width = text_width::width(name, NOTE.size);
            let start = (frame.x(*at) + 4.0).min(self.width.unwrap_or(WIDTH) - MARGIN - width).max(MARGIN);
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
            svg.centred_text(frame.left - 8.0, y, Anchor::End, SMALL, &frame.y.label(tick));
        }
        svg.line((frame.left, frame.bottom), (frame.right, frame.bottom), AXIS);
        for &tick in &frame.x.ticks {
            let x = frame.x(tick);
            svg.line((x, frame.bottom), (x, frame.bottom + 5.0), AXIS);
            svg.text(x, frame.bottom + 19.0, Anchor::Middle, SMALL, &frame.x.label(tick));
        }
        let middle = (frame.left + frame.right) / 2.0;
        if !self.x_label.is_empty() {
            svg.text(middle, frame.bottom + 41.0, Anchor::Middle, LABEL, &self.x_label);
        }
        if !self.y_label.is_empty() {
            let middle = (frame.top + frame.bottom) / 2.0;
            svg.rotated_text(MARGIN + 11.0, middle, -90.0, Anchor::Middle, LABEL, &self.y_label);
        }
    }

    /// Draws the name of each curve next to its last point, spaced so that names do not touch.
    fn draw_names(&self, svg: &mut Svg, frame: &Frame) {
        let mut ends: Vec<(usize, f64, f64)> = Vec::new();
        for (i, series) in self.series.iter().enumerate() {
            if let Some((x, y)) = series.points().into_iter().flatten().next_back() {
                let y = frame.y(y).clamp(frame.top, frame.bottom);
                ends.push((i, frame.x(x).clamp(frame.left, frame.right), y));
            }
        }
        sorting::by_number(&mut ends, |end| end.2);
        let wanted: Vec<f64> = ends.iter().map(|e| e.2).collect();
        let placed = space_out(&wanted, frame.top, frame.bottom);
        for (&(i, _, y), &at) in ends.iter().zip(&placed) {
            if self.series[i].name.is_empty() {
                continue;
            }
            let paint = palette::series_stroke(i);
            svg.line((frame.right + 7.0, y), (frame.right + 16.0, at), &format!("{paint} stroke-width=\"1\""));
            svg.line((frame.right + 16.0, at), (frame.right + 26.0, at), &format!("{paint} stroke-width=\"3\""));
            let name = text_width::fit(&self.series[i].name, LABEL.size, self.name_width());
            svg.centred_text(frame.right + 31.0, at, Anchor::Start, LABEL, &name);
        }
    }
}

impl Series {
    fn point_name(&self, x: f64, y: f64) -> String {
        format!("{} at {}: {}", self.name, number::short(x), number::short(y))
    }

    fn draw(&self, svg: &mut Svg, frame: &Frame, i: usize) {
        let points = self.points();
        let dotted = points.len() <= MOST_DOTS;
        if self.scattered {
            let paint = palette::series_fill(i);
            for (x, y) in points.iter().flatten() {
                match dotted {
                    true => svg.dot(frame.x(*x), frame.y(*y), &paint, &self.point_name(*x, *y)),
                    false => svg.dot_without_name(frame.x(*x), frame.y(*y), &paint),
                }
            }
            return;
        }
        for (point, (low, high)) in points.iter().zip(&self.whiskers) {
            if let (Some((x, _)), true) = (point, low.is_finite() && high.is_finite()) {
                let (x, low, high) = (frame.x(*x), frame.y(*low), frame.y(*high));
                svg.line((x, low), (x, high), WHISKER);
                svg.line((x - 4.0, low), (x + 4.0, low), WHISKER);
                svg.line((x - 4.0, high), (x + 4.0, high), WHISKER);
            }
        }
        for run in points.split(Option::is_none) {
            let places: Vec<(f64, f64)> = run.iter().flatten().map(|&(x, y)| (frame.x(x), frame.y(y))).collect();
            if places.len() > 1 {
                svg.polyline(&places, &palette::series_stroke(i));
            }
            if dotted || places.len() == 1 {
                for ((x, y), place) in run.iter().flatten().zip(&places) {
                    svg.dot(place.0, place.1, &palette::series_fill(i), &self.point_name(*x, *y));
                }
            }
        }
    }
}

/// Positions close to the wanted ones (ascending), between `top` and `bottom` and without overlap.
fn space_out(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
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

/// Whether a position is within the frame; rounding may move it by half a unit.
fn inside(place: f64, from: f64, to: f64) -> bool {
    place >= from - 0.5 && place <= to + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_distance_and_order() {
        let placed = space_out(&[100.0, 101.0, 102.0, 399.0, 400.0], 0.0, 400.0);
        assert!(placed.windows(2).all(|w| w[1] - w[0] >= NAME_HEIGHT - 1e-9), "{placed:?}");
        assert!(placed[4] <= 400.0);
        assert_eq!(space_out(&[10.0, 200.0], 0.0, 400.0), [10.0, 200.0]);
    }

    #[test]
    fn names_of_markers_are_above_the_lines_they_extend_over() {
        let lines = Lines::new("t").series("s", &[0.0, 1.0], &[0.0, 1.0]);
        let lines =
            lines.vertical(0.55, "a long name at 0.55").vertical(0.5, "a long name at 0.5").vertical(0.1, "short");
        let (x, y) = lines.axes().expect("axes");
        let frame = Frame { x, y, left: 50.0, right: 650.0, top: 50.0, bottom: 350.0 };
        let rows: Vec<usize> = lines.flags(&frame).into_iter().map(|f| f.1).collect();
        assert_eq!(rows, [0, 1, 0]);
    }
}
