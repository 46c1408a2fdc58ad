//! How cells, labels and the key of colours are placed.

use super::HeatMap;
use super::scale::ColorScale;
use crate::plot::palette::{self, HOLLOW};
use crate::plot::svg::{Anchor, LABEL, MARGIN, SMALL, Svg, Type, WIDTH};
use crate::plot::text_width;

/// The marks of the key.
const KEY: Type = Type { size: 11.0, ..SMALL };

/// The greatest width of a label; longer ones end in an ellipsis.
const LABEL_WIDTH: f64 = 240.0;
/// The size of a value in a narrow cell.
const NARROW: f64 = 11.0;

impl HeatMap {
    /// The picture with checked labels.
    pub(super) fn draw(&self, scale: &ColorScale, rows: &[String], columns: &[String]) -> String {
        let left =
            MARGIN + 8.0 + rows.iter().map(|l| text_width::width(l, LABEL.size)).fold(0.0, f64::max).min(LABEL_WIDTH);
        let key = 33.0 + MARGIN + scale.marks().iter().map(|m| text_width::width(m, KEY.size)).fold(0.0, f64::max);
        let available = ((WIDTH - left - key) / columns.len() as f64).max(self.least_cell_width());
        let (cell_width, cell_height) = (available.clamp(14.0, 96.0), (0.62 * available).clamp(14.0, 52.0));
        let widest = columns.iter().map(|l| text_width::width(l, LABEL.size)).fold(0.0, f64::max).min(LABEL_WIDTH);
        let rotated = widest > cell_width - 6.0;
        let right = left + cell_width * columns.len() as f64;
        let foot = if rotated { 0.64 * widest + 26.0 } else { 30.0 };
        let width = (right + key).max(if self.title.is_empty() { 0.0 } else { 360.0 });
        let top = Svg::header_height(&self.title, &self.subtitle, width) + 10.0;
        let bottom = top + cell_height * rows.len() as f64;
        let mut svg = Svg::new(width, bottom.max(top + 120.0) + foot, &self.title, &self.subtitle);

        let size = if cell_width < 50.0 { NARROW } else { 13.0 };
        for (i, row) in self.cells.iter().enumerate() {
            let y = top + cell_height * i as f64;
            svg.label(left - 8.0, y + cell_height / 2.0, &rows[i], LABEL_WIDTH);
            for (j, &value) in row.iter().enumerate() {
                let x = left + cell_width * j as f64;
                if value.is_nan() {
                    svg.rect(x + 0.5, y + 0.5, cell_width - 1.0, cell_height - 1.0, HOLLOW);
                    continue;
                }
                let colour = scale.colour(value);
                svg.rect(x + 0.5, y + 0.5, cell_width - 1.0, cell_height - 1.0, &palette::fill(colour));
                let text = self.value(value);
                if text_width::width(&text, size) <= cell_width - 4.0 && size <= cell_height - 3.0 {
                    let font = Type { size, bold: false, paint: palette::text_on(colour) };
                    svg.centred_text(x + cell_width / 2.0, y + cell_height / 2.0, Anchor::Middle, font, &text);
                }
            }
        }
        for (j, label) in columns.iter().enumerate() {
            let x = left + cell_width * (j as f64 + 0.5);
            let label = text_width::fit(label, LABEL.size, LABEL_WIDTH);
            if rotated {
                svg.rotated_text(x + 5.0, bottom + 14.0, -38.0, Anchor::End, LABEL, &label);
            } else {
                svg.text(x, bottom + 18.0, Anchor::Middle, LABEL, &label);
            }
        }
        self.draw_key(&mut svg, scale, right + 16.0, top, (bottom - top).clamp(100.0, 260.0));
        svg.finish()
    }

    /// The width that all values need, if the number of decimals is set.
    fn least_cell_width(&self) -> f64 {
        match self.decimals {
            Some(_) => {
                let values = self.cells.iter().flatten().filter(|value| !value.is_nan());
                values.map(|&value| text_width::width(&self.value(value), NARROW) + 5.0).fold(25.0, f64::max).min(96.0)
            }
            None => 0.0,
        }
    }

    /// Draws the colour scale with the values of its ends and middle.
    fn draw_key(&self, svg: &mut Svg, scale: &ColorScale, x: f64, top: f64, height: f64) {
        const STRIPES: usize = 40;
        let stripe = height / STRIPES as f64;
        for i in 0..STRIPES {
            let value = scale.at(1.0 - (i as f64 + 0.5) / STRIPES as f64);
            // Half a unit of overlap, so that no background shows between stripes.
            let overlap = if i + 1 < STRIPES { 0.5 } else { 0.0 };
            svg.rect(x, top + stripe * i as f64, 12.0, stripe + overlap, &palette::fill(scale.colour(value)));
        }
        for (place, mark) in [0.0, 0.5, 1.0].into_iter().zip(scale.marks()) {
            let y = (top + (1.0 - place) * height).clamp(top + 5.0, top + height - 5.0);
            svg.centred_text(x + 17.0, y, Anchor::Start, KEY, &mark);
        }
    }
}
