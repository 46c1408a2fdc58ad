//! How bars, whiskers, values and labels are placed.

use super::{Bar, Bars};
use crate::plot::axis::PlotAxis;
use crate::plot::palette::{self, AXIS, GRID, WHISKER, WHISKER_BAND};
use crate::plot::svg::{Anchor, LABEL, MARGIN, NOTE, SMALL, Svg, WIDTH};
use crate::plot::{number, text_width};

/// The greatest width of labels next to horizontal bars.
const LABEL_WIDTH: f64 = 280.0;
/// The height of the frame around vertical bars.
const STANDING_HEIGHT: f64 = 260.0;

impl Bar {
    /// The ends of what is drawn of this bar.
    fn extent(&self) -> [f64; 2] {
        [self.value - self.error, self.value + self.error]
    }
}

impl Bars {
    /// The picture, horizontal or vertical.
    pub(super) fn draw(&self) -> String {
        let widest = self.bars.iter().map(|b| text_width::width(&b.label, LABEL.size)).fold(0.0, f64::max);
        let slot = (self.full_width() - 120.0) / self.bars.len() as f64;
        let horizontal = self.horizontal.unwrap_or(widest > slot - 8.0);
        let extents = self.bars.iter().filter(|b| !b.value.is_nan()).flat_map(Bar::extent);
        let (low, high) = extents.fold((self.baseline, self.baseline), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) = (low.max(-f64::MAX), high.min(f64::MAX));
        let axis = PlotAxis::rounded(low, high, 6);
        if !horizontal {
            return self.draw_vertical(&axis);
        }
        let labels = widest.min(LABEL_WIDTH).min(0.45 * self.full_width());
        // Fewer ticks where their labels would touch.
        let available = self.full_width() - labels - self.widest_value() - 2.0 * MARGIN - 22.0;
        let touches = |axis: &PlotAxis| {
            let widest = axis.ticks.iter().map(|&t| text_width::width(&axis.label(t), SMALL.size)).fold(0.0, f64::max);
            (widest + 6.0) * axis.ticks.len().saturating_sub(1) as f64 > available
        };
        let fewer = (1..6).rev().map(|wanted| PlotAxis::rounded(low, high, wanted));
        let axis = std::iter::once(axis).chain(fewer).find(|axis| !touches(axis));
        self.draw_horizontal(&axis.unwrap_or_else(|| PlotAxis::rounded(low, high, 1)), labels)
    }

    fn full_width(&self) -> f64 {
        self.width.unwrap_or(WIDTH)
    }

    fn value(&self, bar: &Bar) -> String {
        let text = |v: f64| match self.decimals.or_else(|| self.common_decimals()) {
            Some(decimals) => number::fixed(v, decimals),
            None => number::short(v),
        };
        if bar.error > 0.0 { format!("{} ± {}", text(bar.value), text(bar.error)) } else { text(bar.value) }
    }

    /// The decimals that show about four digits of the largest number, fewer where all numbers have fewer; none for
    /// tiny numbers.
    fn common_decimals(&self) -> Option<usize> {
        let numbers = || self.bars.iter().flat_map(|b| [b.value, b.error]).filter(|v| !v.is_nan());
        let largest = numbers().fold(0.0, |m: f64, v| m.max(v.abs()));
        let most = match largest {
            m if m >= 1000.0 => 0,
            m if m >= 100.0 => 1,
            m if m >= 10.0 => 2,
            m if m >= 0.01 || m == 0.0 => 3,
            _ => return None,
        };
        let same = |fewer: usize| {
            numbers().all(|v| ((v * 10f64.powi(fewer as i32)).round() / 10f64.powi(fewer as i32) - v).abs() < 1e-9)
        };
        Some((0..most).find(|&fewer| same(fewer)).unwrap_or(most))
    }

    fn paint(&self, i: usize) -> String {
        palette::series_fill(if self.highlight == Some(i) { 1 } else { 0 })
    }

    /// The width that the values' text takes next to or above the bars.
    fn widest_value(&self) -> f64 {
        self.bars.iter().map(|b| text_width::width(&self.value(b), NOTE.size)).fold(0.0, f64::max)
    }

    /// Bars one below the other.
    fn draw_horizontal(&self, axis: &PlotAxis, labels: f64) -> String {
        let pitch = if self.bars.len() > 12 { 24.0 } else { 32.0 };
        let top = Svg::header_height(&self.title, &self.subtitle, self.full_width()) + 10.0;
        let bottom = top + pitch * self.bars.len() as f64 + 4.0;
        let left = MARGIN + labels + 10.0;
        let right = self.full_width() - MARGIN - self.widest_value() - 12.0;
        let x = |value: f64| left + axis.place(value) * (right - left);
        let foot = if self.value_label.is_empty() { 30.0 } else { 52.0 };
        let mut svg = Svg::new(self.full_width(), bottom + foot, &self.title, &self.subtitle);
        for &tick in &axis.ticks {
            svg.line((x(tick), top), (x(tick), bottom), GRID);
            svg.text(x(tick), bottom + 17.0, Anchor::Middle, SMALL, &axis.label(tick));
        }
        for (i, bar) in self.bars.iter().enumerate() {
            let middle = top + pitch * (i as f64 + 0.5) + 2.0;
            svg.label(left - 8.0, middle, &bar.label, labels);
            if bar.value.is_nan() {
                continue;
            }
            let (from, to) = ordered(x(self.baseline), x(bar.value));
            svg.rect(from, middle - 0.36 * pitch, to - from, 0.72 * pitch, &self.paint(i));
            let [low, high] = bar.extent().map(x);
            if bar.error > 0.0 {
                whisker(&mut svg, |along, across| (along, middle + across), low, high);
            }
            // Next to the far end; next to the base line for bars to the left, where the labels' side is occupied.
            let beside = high.max(x(self.baseline));
            svg.centred_text(beside + 6.0, middle, Anchor::Start, NOTE, &self.value(bar));
        }
        svg.line((x(self.baseline), top), (x(self.baseline), bottom), AXIS);
        svg.text((left + right) / 2.0, bottom + 39.0, Anchor::Middle, LABEL, &self.value_label);
        svg.finish()
    }

    /// Bars side by side.
    fn draw_vertical(&self, axis: &PlotAxis) -> String {
        let ticks = axis.ticks.iter().map(|&t| text_width::width(&axis.label(t), SMALL.size)).fold(0.0, f64::max);
        let left = MARGIN + ticks + 10.0 + if self.value_label.is_empty() { 0.0 } else { 24.0 };
        // A few bars have a narrow frame, since wider bars would not show more.
        let slot = ((self.full_width() - MARGIN - left) / self.bars.len() as f64).min(140.0);
        let right = left + slot * self.bars.len() as f64;
        let width = (right + MARGIN).max(360.0);
        let top = Svg::header_height(&self.title, &self.subtitle, width) + 24.0;
        let bottom = top + STANDING_HEIGHT;
        let y = |value: f64| bottom - axis.place(value) * (bottom - top);
        let is_long = self.bars.iter().any(|bar| text_width::width(&bar.label, LABEL.size) > slot - 6.0);
        let foot = if is_long { 52.0 } else { 36.0 };
        let mut svg = Svg::new(width, bottom + foot, &self.title, &self.subtitle);
        for &tick in &axis.ticks {
            svg.line((left, y(tick)), (right, y(tick)), GRID);
            svg.centred_text(left - 8.0, y(tick), Anchor::End, SMALL, &axis.label(tick));
        }
        for (i, bar) in self.bars.iter().enumerate() {
            let middle = left + slot * (i as f64 + 0.5);
            let (first, second) = text_width::two_lines(&bar.label, LABEL.size, slot - 6.0);
            svg.text(middle, bottom + 20.0, Anchor::Middle, LABEL, &first);
            svg.text(middle, bottom + 36.0, Anchor::Middle, LABEL, second.as_deref().unwrap_or_default());
            if bar.value.is_nan() {
                continue;
            }
            let (from, to) = ordered(y(self.baseline), y(bar.value));
            svg.rect(middle - 0.35 * slot, from, 0.7 * slot, to - from, &self.paint(i));
            let [low, high] = bar.extent().map(y);
            if bar.error > 0.0 {
                whisker(&mut svg, |along, across| (middle + across, along), low, high);
            }
            if self.widest_value() <= slot {
                let above = high.min(y(self.baseline));
                svg.text(middle, above - 6.0, Anchor::Middle, NOTE, &self.value(bar));
            }
        }
        svg.line((left, y(self.baseline)), (right, y(self.baseline)), AXIS);
        if !self.value_label.is_empty() {
            svg.rotated_text(MARGIN + 11.0, (top + bottom) / 2.0, -90.0, Anchor::Middle, LABEL, &self.value_label);
        }
        svg.finish()
    }
}

/// A whisker from `low` to `high`: ink on a band of the background colour, so that it shows on the bar and next to it.
fn whisker(svg: &mut Svg, place: impl Fn(f64, f64) -> (f64, f64), low: f64, high: f64) {
    for paint in [WHISKER_BAND, WHISKER] {
        svg.line(place(low, 0.0), place(high, 0.0), paint);
        svg.line(place(low, -4.0), place(low, 4.0), paint);
        svg.line(place(high, -4.0), place(high, 4.0), paint);
    }
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    (a.min(b), a.max(b))
}
