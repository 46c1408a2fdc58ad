use super::palette::Rgb;

/// The colors of a [`HeatMap`](super::HeatMap).
///
/// | value | colors from the lowest to the highest | for |
/// |---|---|---|
/// | `RedBlue` | blue, white, red | values of both signs |
/// | `PurpleOrange` | purple, white, orange | values of both signs |
/// | `TealBrown` | teal, white, brown | values of both signs |
/// | `Blues` | near white to dark blue | values of one sign |
/// | `Greens` | near white to dark green | values of one sign |
/// | `Viridis` | dark violet, green, yellow | values of one sign, also when printed in gray |
///
/// All of them can be distinguished with every common form of color blindness. The first three have their white at zero
/// where the range holds values of both signs; everything else runs from one end of the range to the other.
///
/// ```
/// use nalgebra::Matrix2;
/// use perceptra::plot::{ColorMap, HeatMap};
///
/// let r = Matrix2::new(1.0, -1.0, -1.0, 1.0);
/// let svg = HeatMap::new("Correlations", &r).color_map(ColorMap::PurpleOrange).to_svg()?;
/// assert!(svg.contains("#b35806") && svg.contains("#542788"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// - C. Brewer and M. Harrower, *ColorBrewer 2.0*: the schemes `RdBu`, `PuOr`, `BrBG`, `Blues` and `Greens`.
/// - S. van der Walt and N. Smith, *matplotlib colormaps* (2015): `viridis`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// Blue over white to red.
    RedBlue,
    /// Purple over white to orange.
    PurpleOrange,
    /// Teal over white to brown.
    TealBrown,
    /// Near white to dark blue.
    Blues,
    /// Near white to dark green.
    Greens,
    /// Dark violet over green to yellow.
    Viridis,
}

impl ColorMap {
    /// Whether the middle color means zero.
    pub(super) fn diverges(self) -> bool {
        matches!(self, ColorMap::RedBlue | ColorMap::PurpleOrange | ColorMap::TealBrown)
    }

    /// The color at a fraction of the way from the lowest to the highest value, clipped to the ends.
    pub(super) fn at(self, part: f64) -> Rgb {
        let stops = self.stops();
        let t = part.clamp(0.0, 1.0) * 4.0;
        let i = (t as usize).min(3);
        let rest = t - i as f64;
        std::array::from_fn(|c| {
            let (a, b) = (f64::from(stops[i][c]), f64::from(stops[i + 1][c]));
            (a + rest * (b - a)).round() as u8
        })
    }

    /// Five colors at equal distances.
    fn stops(self) -> [Rgb; 5] {
        match self {
            ColorMap::RedBlue => [[33, 102, 172], [146, 197, 222], [247, 247, 247], [244, 165, 130], [178, 24, 43]],
            ColorMap::PurpleOrange => [[84, 39, 136], [178, 171, 210], [247, 247, 247], [253, 184, 99], [179, 88, 6]],
            ColorMap::TealBrown => [[1, 102, 94], [128, 205, 193], [245, 245, 245], [223, 194, 125], [140, 81, 10]],
            ColorMap::Blues => [[247, 251, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]],
            ColorMap::Greens => [[247, 252, 245], [199, 233, 192], [116, 196, 118], [35, 139, 69], [0, 68, 27]],
            ColorMap::Viridis => [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]],
        }
    }
}

#[cfg(test)]
pub(super) const ALL: [ColorMap; 6] = [
    ColorMap::RedBlue,
    ColorMap::PurpleOrange,
    ColorMap::TealBrown,
    ColorMap::Blues,
    ColorMap::Greens,
    ColorMap::Viridis,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_middle_are_those_of_the_scheme_and_nothing_is_beyond() {
        for map in ALL {
            let stops = map.stops();
            assert_eq!([map.at(-1.0), map.at(0.5), map.at(f64::INFINITY)], [stops[0], stops[2], stops[4]], "{map:?}");
        }
    }
}
