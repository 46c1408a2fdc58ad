//! The writer of SVG: rectangles, lines, circles and text on a background of a given size.

use std::fmt::Write;

use super::palette::{FAINT, INK, PAPER};
use super::text_width;

/// The side of a text that is at the given point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The style of text: size, weight and colour.
#[derive(Clone, Copy)]
pub(super) struct Type<'a> {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) paint: &'a str,
}

/// Names of rows, series and bars.
pub(super) const LABEL: Type = Type { size: 13.0, bold: false, paint: INK };
/// Names in two lines.
const TIGHT: Type = Type { size: 11.0, ..LABEL };
/// Tick labels, axis titles and units.
pub(super) const SMALL: Type = Type { size: 12.0, bold: false, paint: FAINT };
/// Names and values set over lines, with a halo of the background colour that separates them.
pub(super) const NOTE: Type = Type {
    size: 12.0,
    bold: false,
    paint: r##"class="ink halo" fill="#1f2328" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke""##,
};
const TITLE: Type = Type { size: 17.0, bold: true, paint: INK };
const SUBTITLE: Type = Type { size: 13.0, bold: false, paint: FAINT };

/// The distance between the lines of a title.
const TITLE_LINE: f64 = 21.0;

/// The factor by which bold text is wider.
const BOLD: f64 = 1.1;

/// Free space around a picture.
pub(super) const MARGIN: f64 = 14.0;
/// The usual width of a picture.
pub(super) const WIDTH: f64 = 760.0;

/// A picture being written.
pub(super) struct Svg {
    body: String,
}

impl Svg {
    /// Creates a plot of a size with a heading of [`header_height`](Svg::header_height).
    pub(super) fn new(width: f64, height: f64, title: &str, subtitle: &str) -> Svg {
        let (w, h) = (coordinate(width), coordinate(height));
        let mut body = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">"#
        );
        let _ = write!(body, "\n<title>{}</title>\n", escape(title));
        let mut svg = Svg { body };
        svg.rect(0.0, 0.0, width, height, PAPER);
        let available = width - 2.0 * MARGIN;
        let (first, second) = text_width::two_lines(title, BOLD * TITLE.size, available);
        svg.text(MARGIN, 28.0, Anchor::Start, TITLE, &first);
        svg.text(MARGIN, 28.0 + TITLE_LINE, Anchor::Start, TITLE, second.as_deref().unwrap_or_default());
        if !subtitle.is_empty() {
            let y = Svg::header_height(title, "", width) + if title.is_empty() { 10.0 } else { 8.0 };
            svg.text(MARGIN, y, Anchor::Start, SUBTITLE, &text_width::fit(subtitle, SUBTITLE.size, available));
        }
        svg
    }

    /// The height that title, in one or two lines, and subtitle take in a picture of a width.
    pub(super) fn header_height(title: &str, subtitle: &str, width: f64) -> f64 {
        let title = match text_width::two_lines(title, BOLD * TITLE.size, width - 2.0 * MARGIN) {
            _ if title.is_empty() => 0.0,
            (_, None) => 26.0,
            (_, Some(_)) => 26.0 + TITLE_LINE,
        };
        MARGIN + title + if subtitle.is_empty() { 0.0 } else { 20.0 }
    }

    pub(super) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, paint: &str) {
        let (x, y, w, h) = (coordinate(x), coordinate(y), coordinate(width), coordinate(height));
        let _ = writeln!(self.body, r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" {paint}/>"#);
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), paint: &str) {
        let (x1, y1, x2, y2) = (coordinate(from.0), coordinate(from.1), coordinate(to.0), coordinate(to.1));
        let _ = writeln!(self.body, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {paint}/>"#);
    }

    pub(super) fn polyline(&mut self, points: &[(f64, f64)], paint: &str) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", coordinate(x), coordinate(y))).collect();
        let _ = writeln!(
            self.body,
            r#"<polyline points="{}" fill="none" stroke-width="2" stroke-linejoin="round" {paint}/>"#,
            points.join(" ")
        );
    }

    /// A dot that names its value when pointed at.
    pub(super) fn dot(&mut self, x: f64, y: f64, paint: &str, name: &str) {
        let (x, y) = (coordinate(x), coordinate(y));
        let _ =
            writeln!(self.body, r#"<circle cx="{x}" cy="{y}" r="3" {paint}><title>{}</title></circle>"#, escape(name));
    }

    /// Draws one of many dots, translucent so that their density is visible.
    pub(super) fn dot_without_name(&mut self, x: f64, y: f64, paint: &str) {
        let (x, y) = (coordinate(x), coordinate(y));
        let _ = writeln!(self.body, r#"<circle cx="{x}" cy="{y}" r="2.5" fill-opacity="0.45" {paint}/>"#);
    }

    /// Text on a base line at `y`.
    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, font: Type, content: &str) {
        self.rotated_text(x, y, 0.0, anchor, font, content);
    }

    /// Draws text that is vertically centred at `y`.
    pub(super) fn centred_text(&mut self, x: f64, y: f64, anchor: Anchor, font: Type, content: &str) {
        self.text(x, y + 0.35 * font.size, anchor, font, content);
    }

    /// A label that ends at `x`, centred at `y`: of one that is wider than `available` two lines of smaller text.
    pub(super) fn label(&mut self, x: f64, y: f64, label: &str, available: f64) {
        if text_width::width(label, LABEL.size) <= available {
            return self.centred_text(x, y, Anchor::End, LABEL, label);
        }
        let (first, second) = text_width::two_lines(label, TIGHT.size, available);
        let half = if second.is_some() { 0.5 * TIGHT.size } else { 0.0 };
        self.centred_text(x, y - half, Anchor::End, TIGHT, &first);
        self.centred_text(x, y + half, Anchor::End, TIGHT, second.as_deref().unwrap_or_default());
    }

    /// Text rotated by `degrees` clockwise about its anchor.
    pub(super) fn rotated_text(&mut self, x: f64, y: f64, degrees: f64, anchor: Anchor, font: Type, content: &str) {
        if content.is_empty() {
            return;
        }
        let (x, y, size) = (coordinate(x), coordinate(y), coordinate(font.size));
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = if font.bold { r#" font-weight="bold""# } else { "" };
        let rotation =
            if degrees == 0.0 { String::new() } else { format!(r#" transform="rotate({degrees} {x} {y})""#) };
        let _ = writeln!(
            self.body,
            r#"<text x="{x}" y="{y}" font-size="{size}"{anchor}{weight}{rotation} {}>{}</text>"#,
            font.paint,
            escape(content)
        );
    }

    /// Clips the output of `draw` to the rectangle. An inner `svg` clips without an id, which could clash on a page.
    pub(super) fn clipped(&mut self, x: f64, y: f64, width: f64, height: f64, draw: impl FnOnce(&mut Svg)) {
        let (x, y, w, h) = (coordinate(x), coordinate(y), coordinate(width), coordinate(height));
        let _ = writeln!(
            self.body,
            r#"<svg x="{x}" y="{y}" width="{w}" height="{h}" viewBox="{x} {y} {w} {h}" overflow="hidden">"#
        );
        draw(self);
        self.body.push_str("</svg>\n");
    }

    pub(super) fn finish(mut self) -> String {
        self.body.push_str("</svg>\n");
        self.body
    }
}

/// The picture with a description for those who cannot see it, after its title; one that has a description keeps it.
pub(crate) fn with_description(svg: &str, description: &str) -> String {
    match svg.split_once("</title>\n") {
        Some((head, rest)) if !rest.starts_with("<desc>") && head.matches('<').count() == 2 => {
            format!("{head}</title>\n<desc>{}</desc>\n{rest}", escape(description))
        }
        _ => svg.to_string(),
    }
}

/// A coordinate to a tenth of a unit. Far outside of any picture (only clipped curves go there) all positions are the same.
fn coordinate(value: f64) -> String {
    let text = format!("{:.1}", value.clamp(-1e6, 1e6));
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// Text as the content of an element or a quoted attribute of XML and HTML.
///
/// Characters XML forbids (most control characters) become the replacement character.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(escape(r#"<b a="1">R&D's"#), "&lt;b a=&quot;1&quot;&gt;R&amp;D&#39;s");
        assert_eq!(escape("a\u{0}b\u{1b}c\td"), "a\u{fffd}b\u{fffd}c\td");
    }

    #[test]
    fn a_description_follows_the_title_once() {
        let svg = Svg::new(10.0, 10.0, "<t>", "").finish();
        let described = with_description(&svg, "a < b");
        assert!(described.contains("<title>&lt;t&gt;</title>\n<desc>a &lt; b</desc>\n<rect"), "{described}");
        assert_eq!(with_description(&described, "other"), described);
        assert_eq!(with_description("<svg><g></g></svg>", "x"), "<svg><g></g></svg>");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(coordinate(12.0), "12");
        assert_eq!(coordinate(12.345), "12.3");
        assert_eq!(coordinate(-0.01), "0");
        assert_eq!(coordinate(f64::MAX), "1000000");
    }
}
