//! One page with text, tables and pictures.

mod table;

use std::fmt::Write;
use std::path::Path;

use super::palette::SERIES;
use super::svg::escape;
use super::write;
use crate::{Error, Result};

const STYLE: &str = include_str!("report.css");
/// From this many sections on, the page begins with a table of contents.
const CONTENTS_FROM: usize = 3;

/// One self-contained HTML page: sections with paragraphs, tables, pictures and preformatted text, in the order they
/// are added.
///
/// The page loads no other resources and runs no script; its stylesheet follows the reader's light or dark scheme,
/// recolours the pictures of this module with it, and prints. All text is escaped. Pages with three or more sections
/// begin with their contents.
///
/// - `title`: heading of the page and of the window; `lead`: a line below it, defaults to none.
/// - `section`: a heading; `paragraph`: text, line feeds are kept; `preformatted`: text in a fixed-width font.
/// - `table`: a caption, the headings, and rows of as many cells; columns of numbers are set flush right.
/// - `picture`: SVG, placed as it is, and a caption. Its markup must be trusted as the program is.
///
/// ```
/// use perceptra::plot::{Bars, Report};
///
/// let classes = Bars::new("Customers per class").bar("repaid", 401_516).bar("default", 88_905);
/// let page = Report::new("Loan default")
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
pub struct Report {
    title: String,
    lead: String,
    parts: Vec<ReportPart>,
}

#[derive(Clone, Debug)]
enum ReportPart {
    Section(String),
    Paragraph(String),
    Preformatted(String),
    Picture { svg: String, caption: String },
    Table { caption: String, headings: Vec<String>, rows: Vec<Vec<String>> },
}

impl Report {
    /// A page with nothing but its title.
    pub fn new(title: impl Into<String>) -> Report {
        Report { title: title.into(), ..Report::default() }
    }

    /// Sets the line below the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Report {
        self.lead = lead.into();
        self
    }

    /// Adds a heading.
    pub fn section(self, heading: impl Into<String>) -> Report {
        self.with(ReportPart::Section(heading.into()))
    }

    /// Adds a paragraph.
    pub fn paragraph(self, text: impl Into<String>) -> Report {
        self.with(ReportPart::Paragraph(text.into()))
    }

    /// Adds text in a fixed-width font, such as a model's summary.
    pub fn preformatted(self, text: impl Into<String>) -> Report {
        self.with(ReportPart::Preformatted(text.into()))
    }

    /// Adds a picture with a caption below it.
    pub fn picture(self, svg: impl Into<String>, caption: impl Into<String>) -> Report {
        self.with(ReportPart::Picture { svg: svg.into(), caption: caption.into() })
    }

    /// Adds a table with a caption above it.
    pub fn table<H: ToString, R: IntoIterator<Item = C>, C: ToString>(
        self,
        caption: impl Into<String>,
        headings: impl IntoIterator<Item = H>,
        rows: impl IntoIterator<Item = R>,
    ) -> Report {
        self.with(ReportPart::Table {
            caption: caption.into(),
            headings: headings.into_iter().map(|h| h.to_string()).collect(),
            rows: rows.into_iter().map(|row| row.into_iter().map(|c| c.to_string()).collect()).collect(),
        })
    }

    fn with(mut self, part: ReportPart) -> Report {
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
                what: "the Report".to_string(),
                advice: "give it a title and at least one part, as in Report::new(\"Title\").paragraph(\"Text\")"
                    .to_string(),
            });
        }
        let title = escape(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}{}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
            dark_style()
        );
        if !self.lead.is_empty() {
            let _ = writeln!(page, "<p class=\"lead\">{}</p>", escape(&self.lead));
        }
        self.push_contents(&mut page);
        let mut sections = 0;
        for part in &self.parts {
            let _ = match part {
                ReportPart::Section(heading) => {
                    sections += 1;
                    writeln!(page, "<h2 id=\"section-{sections}\">{}</h2>", escape(heading))
                }
                ReportPart::Paragraph(text) => writeln!(page, "<p>{}</p>", escape(text)),
                // HTML drops a line feed right after the tag: this one, so that the text keeps its first.
                ReportPart::Preformatted(text) => writeln!(page, "<pre>\n{}</pre>", escape(text)),
                ReportPart::Picture { svg, caption } => {
                    let svg = checked_svg(svg)?;
                    writeln!(page, "<figure>\n{svg}\n<figcaption>{}</figcaption>\n</figure>", escape(caption))
                }
                ReportPart::Table { caption, headings, rows } => {
                    page.push_str(&table::html(caption, headings, rows)?);
                    Ok(())
                }
            };
        }
        page.push_str("</body>\n</html>\n");
        Ok(page)
    }

    /// Writes the page as an HTML file.
    ///
    /// # Errors
    ///
    /// As [`Report::to_html`], and [`Error::Io`] where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_html()?)
    }

    fn push_contents(&self, page: &mut String) {
        let headings = self.parts.iter().filter_map(|p| match p {
            ReportPart::Section(heading) => Some(heading),
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
    Err(Error::argument("Report", "picture", format!("{start:?}"), "one <svg> element, as to_svg() returns it"))
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::elements;
    use super::super::{Bars, Lines};
    use super::*;

    fn page() -> Report {
        let lines = Lines::new("a & b").epochs("<loss>", &[1.0, 0.5]).to_svg().expect("a picture");
        Report::new("R&D <report>")
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
            html.contains("<title>R&amp;D &lt;report&gt;</title>") && html.contains("<pre>\n\nx &lt; 3 &amp;&amp; y")
        );
        assert!(html.contains("<th class=\"number\">n</th>") && html.contains("<td>&lt;a&gt;</td>"));
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
    fn what_is_no_page_is_an_error_that_names_the_cure() {
        let message = |r: Report| r.to_html().expect_err("an error").to_string();
        assert!(message(Report::new("t")).contains("at least one part"));
        assert!(message(Report::new(" ").paragraph("p")).contains("give it a title"));
        assert!(message(Report::new("t").picture("<b>no</b>", "c")).contains("one <svg> element"));
        let ragged = message(Report::new("t").table("T", ["a", "b"], [vec!["1"]]));
        assert!(ragged.contains("1 cells in row 0") && ragged.contains("2 cells, one per heading"), "{ragged}");
        let none: [[&str; 0]; 0] = [];
        assert!(message(Report::new("t").table("T", Vec::<String>::new(), none)).contains("at least one heading"));
    }
}
