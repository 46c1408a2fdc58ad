//! The colours of series, text and axes as SVG attributes; those of heat maps are in [`super::ColorMap`].
//!
//! # References
//!
//! M. Okabe and K. Ito, *Color Universal Design*, 2008: the series' colours.

/// Text.
pub(super) const INK: &str = r##"class="ink" fill="#1f2328""##;
/// Secondary text: tick labels, units, subtitles.
pub(super) const FAINT: &str = r##"class="faint" fill="#57606a""##;
/// Axes and leader lines.
pub(super) const AXIS: &str = r##"class="axis" stroke="#6e7781""##;
/// Grid lines.
pub(super) const GRID: &str = r##"class="grid" stroke="#e1e4e8""##;
/// Curves below the series.
pub(super) const BACKGROUND: &str = r##"class="axis" stroke="#6e7781" stroke-opacity="0.3""##;
/// Marker lines.
pub(super) const MARKER: &str = r##"class="axis" stroke="#424a53" stroke-dasharray="5 4""##;
/// Whiskers, and the band below them.
pub(super) const WHISKER: &str = r##"class="line" stroke="#1f2328" stroke-width="1.3""##;
pub(super) const WHISKER_BAND: &str = r##"class="halo" stroke="#ffffff" stroke-width="4""##;
/// The background.
pub(super) const PAPER: &str = r##"class="paper" fill="#ffffff""##;
/// A cell without a value.
pub(super) const HOLLOW: &str = r##"class="grid" fill="none" stroke="#e1e4e8""##;

/// The colours of series on a white and, lighter, on a dark page.
pub(super) const SERIES: [(&str, &str); 6] = [
    ("#0072b2", "#56b4e9"),
    ("#d55e00", "#ff9248"),
    ("#009e73", "#35d0a5"),
    ("#b5578f", "#e79fcb"),
    ("#b37a00", "#f0bc42"),
    ("#4d4d4d", "#c9d1d9"),
];

/// The stroke of series `i`; when the colours repeat, dashes distinguish the series.
pub(super) fn series_stroke(i: usize) -> String {
    let k = i % SERIES.len();
    let dash = match (i / SERIES.len()) % 3 {
        0 => "",
        1 => r#" stroke-dasharray="7 4""#,
        _ => r#" stroke-dasharray="2 3""#,
    };
    format!(r#"class="stroke-{k}" stroke="{}"{dash}"#, SERIES[k].0)
}

/// The fill of series `i`.
pub(super) fn series_fill(i: usize) -> String {
    let k = i % SERIES.len();
    format!(r#"class="fill-{k}" fill="{}""#, SERIES[k].0)
}

/// A colour as red, green and blue.
pub(super) type Rgb = [u8; 3];

/// The fill attribute of a colour.
pub(super) fn fill(rgb: Rgb) -> String {
    format!(r##"fill="#{:02x}{:02x}{:02x}""##, rgb[0], rgb[1], rgb[2])
}

/// The fill for text on a colour: black or white, whichever has the higher contrast.
pub(super) fn text_on(rgb: Rgb) -> &'static str {
    if luminance(rgb) > 0.18 { r##"fill="#1f2328""## } else { r##"fill="#ffffff""## }
}

/// Relative luminance as the Web Content Accessibility Guidelines define it.
pub(super) fn luminance(rgb: Rgb) -> f64 {
    let linear = rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use super::super::color_map;
    use super::*;

    /// The accessibility guidelines require a contrast of 4.5 : 1 for small text.
    #[test]
    fn text_on_every_cell_has_the_contrast_small_text_needs() {
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for i in 0..=200 {
            let t = f64::from(i) / 200.0;
            for cell in color_map::ALL.map(|map| map.at(t)) {
                let ink = if text_on(cell).contains("ffffff") { [255; 3] } else { [0; 3] };
                assert!(contrast(luminance(cell), luminance(ink)) >= 4.5, "{cell:?}");
            }
        }
    }
}
