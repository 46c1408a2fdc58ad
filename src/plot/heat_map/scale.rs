//! The colour scale of a heat map.

use crate::plot::ColorMap;
use crate::plot::number;
use crate::plot::palette::Rgb;

/// A colour scale: a range around 0 or on one side of it.
pub(super) struct ColorScale {
    pub(super) map: ColorMap,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl ColorScale {
    /// The largest magnitude of the range.
    pub(super) fn limit(&self) -> f64 {
        self.high.abs().max(self.low.abs())
    }

    /// The value at a fraction of the range.
    pub(super) fn at(&self, part: f64) -> f64 {
        self.low * (1.0 - part) + self.high * part
    }

    /// The values of the two ends and the middle, lowest first.
    pub(super) fn marks(&self) -> [String; 3] {
        [0.0, 0.5, 1.0].map(|place| match self.at(place) {
            value if value.abs() < 1e9 => number::plain(value),
            value => number::scientific(value, 1),
        })
    }

    /// The colour of a value.
    pub(super) fn colour(&self, value: f64) -> Rgb {
        if self.map.diverges() && self.low < 0.0 && self.high > 0.0 {
            self.map.at((value / self.limit() + 1.0) / 2.0)
        } else {
            // Halved first: the difference of two large ends could be infinite.
            self.map.at((value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0))
        }
    }
}
