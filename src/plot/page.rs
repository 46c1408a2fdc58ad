//! One page with text, tables and pictures.

mod table;

use std::fmt::Write;
use std::path::Path;

use super::palette::SERIES;
use super::svg::{escape, with_description};
use super::write;
use crate::{Error, Result};

const STYLE: &str = include_str!("page.css");
/// Pages with at least this many sections begin with a table of contents.
const CONTENTS_FROM: usize = 3;
/// Pictures at least this wide scroll on a small screen instead of shrinking until they cannot be read.
const WIDE: f64 = 560.0;
/// Pictures wider than this, which is the width of the text, keep their size on every screen.
const FULL: f64 = 800.0;

/// One self-contained HTML page: sections with paragraphs, tables, pictures and preformatted text, in the order they
/// are added.
///
/// The page loads no other resources and runs no script; its stylesheet follows the reader's light or dark scheme,
/// recolours the pictures of this module with it, fits a telephone, and prints. All text is escaped. Pages with three or
/// more sections begin with their contents.
///
/// - `title`: heading of the page and of the window; `lead`: a line below it, defaults to none.
/// - `section`, `subsection`: headings; `paragraph`: text, line feeds are kept; `note`: a paragraph that is set apart;
///   `preformatted`: text in a fixed-width font.
/// - `table`: a caption, the headings, and rows of as many cells; columns of numbers are set flush right. A wide one scrolls
///   within its box.
/// - `picture`: SVG, placed as it is, and a caption, which also describes a picture of this module to a screen reader. Its
///   markup must be trusted as the program is.
///
/// ```
/// use perceptra::plot::{Bars, Page};
///
/// let classes = Bars::new("Customers per class").bar("repaid", 401_516).bar("default", 88_905);
/// let page = Page::new("Loan default")
///     .lead("490,421 customers with complete records")
///     .section("The data")
///     .paragraph("Most customers repay: accuracy alone means little.")
///     .picture(classes.to_svg()?, "Customers by outcome.")
///     .table("Fractions", ["outcome", "fraction"], [["repaid", "81.87%"], ["default", "18.13%"]])
///     .to_html()?;
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<td class=\"number\">18.13%</td>"));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Page {
    title: String,
    lead: String,
    parts: Vec<PagePart>,
}

#[derive(Clone, Debug)]
enum PagePart {
    Section(String),
    Subsection(String),
    Paragraph(String),
    Note(String),
    Preformatted(String),
    Picture { svg: String, caption: String },
    Table { caption: String, headings: Vec<String>, rows: Vec<Vec<String>> },
}

impl Page {
    /// Creates a page with a title only.
    pub fn new(title: impl Into<String>) -> Page {
        Page { title: title.into(), ..Page::default() }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Page {
        self.lead = lead.into();
        self
    }

    /// Adds a heading.
    pub fn section(self, heading: impl Into<String>) -> Page {
        self.with(PagePart::Section(heading.into()))
    }

    /// Adds a heading within a section; it is not in the contents.
    pub fn subsection(self, heading: impl Into<String>) -> Page {
        self.with(PagePart::Subsection(heading.into()))
    }

    /// Adds a paragraph.
    pub fn paragraph(self, text: impl Into<String>) -> Page {
        self.with(PagePart::Paragraph(text.into()))
    }

    /// Adds a paragraph that is set apart, such as the reason why something is not shown.
    pub fn note(self, text: impl Into<String>) -> Page {
        self.with(PagePart::Note(text.into()))
    }

    /// Adds text in a fixed-width font, such as a model's summary.
    pub fn preformatted(self, text: impl Into<String>) -> Page {
        self.with(PagePart::Preformatted(text.into()))
    }

    /// Adds a picture with a caption below it.
    pub fn picture(self, svg: impl Into<String>, caption: impl Into<String>) -> Page {
        self.with(PagePart::Picture { svg: svg.into(), caption: caption.into() })
    }

    /// Adds a table with a caption above it.
    pub fn table<H: ToString, R: IntoIterator<Item = C>, C: ToString>(
        self,
        caption: impl Into<String>,
        headings: impl IntoIterator<Item = H>,
        rows: impl IntoIterator<Item = R>,
    ) -> Page {
        self.with(PagePart::Table {
            caption: caption.into(),
            headings: cells(headings),
            rows: rows.into_iter().map(cells).collect(),
        })
    }

    fn with(mut self, part: PagePart) -> Page {
        self.parts.push(part);
        self
    }

    /// The page as HTML.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for a page without title or content and a table without columns, [`Error::Argument`] for a row
    /// of another number of cells than headings and for a picture that is not one `<svg>` element.
    pub fn to_html(&self) -> Result<String> {
        if self.title.trim().is_empty() || self.parts.is_empty() {
            return Err(Error::Empty {
                what: "the Page".to_string(),
                advice: "give it a title and at least one part, as in Page::new(\"Title\").paragraph(\"Text\")"
                    .to_string(),
            });
        }
        let title = escape(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}{}</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">{title}</h1>\n",
            dark_style()
        );
        if !self.lead.is_empty() {
            let _ = writeln!(page, "<p class=\"lead\" dir=\"auto\">{}</p>", escape(&self.lead));
        }
        page.push_str("</header>\n");
        self.push_contents(&mut page);
        page.push_str("<main>\n");
        let mut sections = 0;
        for part in &self.parts {
            let _ = match part {
                PagePart::Section(heading) => {
                    if sections > 0 {
                        page.push_str("</section>\n");
                    }
                    sections += 1;
                    let heading = escape(heading);
                    writeln!(
                        page,
                        "<section aria-labelledby=\"section-{sections}\">\n<h2 id=\"section-{sections}\" dir=\"auto\">{heading}</h2>"
                    )
                }
                PagePart::Subsection(heading) => writeln!(page, "<h3 dir=\"auto\">{}</h3>", escape(heading)),
                PagePart::Paragraph(text) => writeln!(page, "<p dir=\"auto\">{}</p>", escape(text)),
                PagePart::Note(text) => writeln!(page, "<p class=\"note\" dir=\"auto\">{}</p>", escape(text)),
                // HTML drops a line feed right after the tag: this one, so that the text keeps its first.
                PagePart::Preformatted(text) => writeln!(page, "<pre tabindex=\"0\">\n{}</pre>", escape(text)),
                PagePart::Picture { svg, caption } => {
                    push_picture(&mut page, svg, caption)?;
                    Ok(())
                }
                PagePart::Table { caption, headings, rows } => {
                    page.push_str(&table::html(caption, headings, rows)?);
                    Ok(())
                }
            };
        }
        if sections > 0 {
            page.push_str("</section>\n");
        }
        page.push_str("</main>\n</body>\n</html>\n");
        Ok(page)
    }

    /// Writes the page as an HTML file.
    ///
    /// # Errors
    ///
    /// The errors of [`Page::to_html`], and [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_html()?)
    }

    fn push_contents(&self, page: &mut String) {
        let headings = self.parts.iter().filter_map(|p| match p {
            PagePart::Section(heading) => Some(heading),
            _ => None,
        });
        let headings: Vec<&String> = headings.collect();
        if headings.len() < CONTENTS_FROM {
            return;
        }
        page.push_str("<nav aria-label=\"Contents\">\n<ol>\n");
        for (i, heading) in headings.iter().enumerate() {
            let _ = writeln!(page, "<li><a href=\"#section-{}\">{}</a></li>", i + 1, escape(heading));
        }
        page.push_str("</ol>\n</nav>\n");
    }
}

/// A picture in a separate box, which scrolls on a small screen, with its caption below.
fn push_picture(page: &mut String, svg: &str, caption: &str) -> Result<()> {
    let svg = checked_svg(svg)?;
    let width = svg.split_once(" width=\"").and_then(|(_, rest)| rest.split('"').next()?.parse::<f64>().ok());
    // On a small screen text is reduced to at most three quarters of its size.
    let (class, style) = match width {
        Some(width) if width > FULL => {
            ("picture wide full", format!(" style=\"--width: {}px\"", (0.75 * width).round()))
        }
        Some(width) if width >= WIDE => ("picture wide", format!(" style=\"--width: {}px\"", (0.75 * width).round())),
        _ => ("picture", String::new()),
    };
    let (svg, caption_html) = (with_description(svg, caption), escape(caption));
    let _ = writeln!(
        page,
        "<figure>\n<div class=\"{class}\"{style} tabindex=\"0\">\n{svg}\n</div>\n<figcaption dir=\"auto\">{caption_html}</figcaption>\n</figure>"
    );
    Ok(())
}

/// The dark scheme: the colours of the page and of the pictures' classes. Cells of heat maps keep their colours.
fn dark_style() -> String {
    let mut style = String::from(
        "@media screen and (prefers-color-scheme: dark) {\n\
         :root { --ink: #e6edf3; --faint: #9da7b1; --rule: #30363d; --ground: #0d1117; --shade: #161b22; --link: #58a6ff; }\n\
         .plot .ink { fill: var(--ink); }\n.plot .faint { fill: var(--faint); }\n.plot .halo { stroke: var(--ground); }\n\
         .plot .line { stroke: var(--ink); }\n.plot .axis { stroke: #8b949e; }\n.plot .grid { stroke: var(--rule); }\n.plot .paper { fill: none; }\n",
    );
    for (i, (_, dark)) in SERIES.iter().enumerate() {
        let _ = writeln!(style, ".plot .stroke-{i} {{ stroke: {dark}; }}\n.plot .fill-{i} {{ fill: {dark}; }}");
    }
    style.push_str("}\n");
    style
}

/// The picture without the declarations that a file may begin with.
fn checked_svg(svg: &str) -> Result<&str> {
    let element = svg.find("<svg").map_or(svg, |start| &svg[start..]).trim();
    if element.starts_with("<svg") && element.ends_with("</svg>") {
        return Ok(element);
    }
    let start: String = svg.chars().take(40).collect();
    Err(Error::argument("Page", "picture", format!("{start:?}"), "one <svg> element, as to_svg() returns it"))
}

/// The cells of a row of a table.
pub(crate) fn cells<C: ToString>(row: impl IntoIterator<Item = C>) -> Vec<String> {
    let mut cells = Vec::new();
    for cell in row {
        cells.push(cell.to_string());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::palette::luminance;
    use super::super::well_formed::elements;
    use super::super::{Bars, Lines};
    use super::*;

    fn page() -> Page {
        let lines = Lines::new("a & b").epochs("<loss>", &[1.0, 0.5]).to_svg().expect("a picture");
        Page::new("R&D <report>")
            .lead("\"quoted\"")
            .section("One & two")
            .paragraph("a < b\nand <script>alert(1)</script>")
            .picture(lines, "Figure <1>")
            .section("Three")
            .preformatted("\nx < 3 && y\n")
            .section("Four")
            .table("Table & caption", ["name", "n", "fraction"], [["<a>", "1,234", "81.87%"], ["b", "−5", "–"]])
    }

    /// The body without the void elements of the head is XML.
    fn body(html: &str) -> &str {
        &html[html.find("<body>").expect("a body")..html.find("</html>").expect("an end")]
    }

    #[test]
    fn everything_is_escaped_and_well_formed() {
        let html = page().to_html().expect("a page");
        let elements = elements(body(&html));
        assert!(!elements.iter().any(|e| e == "script"));
        assert_eq!(elements.iter().filter(|e| *e == "li").count(), 3);
        assert!(
            html.contains("<title>R&amp;D &lt;report&gt;</title>")
                && html.contains("<pre tabindex=\"0\">\n\nx &lt; 3 &amp;&amp; y")
        );
        assert!(
            html.contains("<th scope=\"col\" class=\"number\">n</th>")
                && html.contains("<td dir=\"auto\">&lt;a&gt;</td>")
        );
    }

    #[test]
    fn sections_are_landmarks_named_by_their_headings_and_pictures_are_described() {
        let html = page().subsection("A & B").note("Not shown: <no rows>").to_html().expect("a page");
        let elements = elements(body(&html));
        let count = |name: &str| elements.iter().filter(|e| *e == name).count();
        assert_eq!([count("header"), count("nav"), count("main"), count("section"), count("h3")], [1, 1, 1, 3, 1]);
        assert!(html.contains("<section aria-labelledby=\"section-2\">\n<h2 id=\"section-2\" dir=\"auto\">Three</h2>"));
        assert!(html.contains("</title>\n<desc>Figure &lt;1&gt;</desc>") && html.contains("class=\"picture wide\""));
        assert!(html.contains("<p class=\"note\" dir=\"auto\">Not shown: &lt;no rows&gt;</p>"));
        let matrix = nalgebra::DMatrix::<f64>::zeros(30, 30);
        let many = crate::plot::HeatMap::new("t", &matrix).decimals(1).to_svg().expect("a picture");
        let html = Page::new("t").picture(many, "c").to_html().expect("a page");
        assert!(html.contains("class=\"picture wide full\" style=\"--width: "), "its labels stay readable");
        let small = Bars::new("t").bar("a", 1).to_svg().expect("a picture");
        assert!(Page::new("t").picture(small, "c").to_html().expect("a page").contains("class=\"picture\""));
    }

    /// Text has the contrast 4.5 : 1 that the guidelines require of small text, curves the 3 : 1 of graphics, in both schemes.
    #[test]
    fn text_and_curves_have_contrast_in_both_schemes() {
        let rgb = |hex: &str| -> [u8; 3] {
            let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_string() };
            std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("a colour"))
        };
        let contrast = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|hex| luminance(rgb(hex.trim_start_matches('#'))));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        let dark = dark_style();
        for (style, is_dark) in [(STYLE, false), (dark.as_str(), true)] {
            let of = |name: &str| {
                let (_, rest) = style.split_once(&format!("--{name}: ")).expect("a colour of the page");
                rest.split(';').next().expect("a value").to_string()
            };
            for ground in ["ground", "shade"] {
                for text in ["ink", "faint", "link"] {
                    assert!(contrast(&of(text), &of(ground)) >= 4.5, "{text} on {ground}, dark: {is_dark}");
                }
            }
            for (light, dark) in SERIES {
                let curve = if is_dark { dark } else { light };
                assert!(contrast(curve, &of("ground")) >= 3.0, "{curve}, dark: {is_dark}");
            }
        }
    }

    #[test]
    fn the_page_loads_no_other_resources() {
        let html = page().to_html().expect("a page").replace("http://www.w3.org/2000/svg", "");
        for outside in ["http", "src=", "url(", "@import", "<link"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }

    #[test]
    fn every_class_of_the_pictures_has_a_dark_colour() {
        let bars = Bars::new("t").subtitle("s").bar("a", 1).bar_with_error("b", 1.0, 0.5).to_svg().expect("a picture");
        let lines = Lines::new("t").vertical(1.0, "v").horizontal(0.5, "h").x_label("x");
        let lines = (0..8).fold(lines, |l, i| l.epochs("s", &[i, i])).to_svg().expect("a picture");
        let dark = dark_style();
        for class in format!("{bars}{lines}").split("class=\"").skip(1).filter_map(|c| c.split('"').next()) {
            let known = class.split(' ').all(|c| c == "plot" || dark.contains(&format!(".{c} {{")));
            assert!(known, "{class}");
        }
    }

    #[test]
    fn invalid_pages_are_errors_that_name_the_cure() {
        let message = |r: Page| r.to_html().expect_err("an error").to_string();
        assert!(message(Page::new("t")).contains("at least one part"));
        assert!(message(Page::new(" ").paragraph("p")).contains("give it a title"));
        assert!(message(Page::new("t").picture("<b>no</b>", "c")).contains("one <svg> element"));
        let ragged = message(Page::new("t").table("T", ["a", "b"], [vec!["1"]]));
        assert!(ragged.contains("1 cells in row 0") && ragged.contains("2 cells, one per heading"), "{ragged}");
        let none: [[&str; 0]; 0] = [];
        assert!(message(Page::new("t").table("T", Vec::<String>::new(), none)).contains("at least one heading"));
    }
}
