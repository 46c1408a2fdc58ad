use crate::plot::Page;
use crate::plot::page::cells;
use crate::plot::svg::with_description;

/// A section of a [`Report`](super::Report): a heading and, in the order in which they are added, sentences, notes, tables and pictures.
///
/// The report makes its sections of these; a program adds those about what the report cannot know with
/// [`Report::section`](super::Report::section).
///
/// ```
/// use perceptra::plot::Bars;
/// use perceptra::report::ReportSection;
///
/// let bars = Bars::new("Rows").bar("repaid", 401_516).bar("default", 88_905).to_svg()?;
/// let section = ReportSection::new("Where the rows are from")
///     .text("All loans of 2015 with complete records.")
///     .picture("classes", bars, "Most customers repay.")
///     .table("Rows", ["part", "rows"], [["training", "343,294"], ["test", "147,127"]]);
/// assert_eq!(section.title(), "Where the rows are from");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ReportSection {
    title: String,
    parts: Vec<SectionPart>,
}

#[derive(Debug, Clone)]
enum SectionPart {
    Subsection(String),
    Text(String),
    Note(String),
    Preformatted(String),
    Picture { name: String, svg: String, caption: String },
    Table { caption: String, headings: Vec<String>, rows: Vec<Vec<String>> },
}

impl ReportSection {
    /// Creates a section with a heading only.
    pub fn new(title: impl Into<String>) -> Self {
        ReportSection { title: title.into(), parts: Vec::new() }
    }

    /// The heading.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Adds a heading within the section.
    pub fn subsection(self, heading: impl Into<String>) -> Self {
        self.with(SectionPart::Subsection(heading.into()))
    }

    /// Adds a paragraph.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(SectionPart::Text(text.into()))
    }

    /// Adds a paragraph that is set apart, such as the reason why something is not shown.
    pub fn note(self, text: impl Into<String>) -> Self {
        self.with(SectionPart::Note(text.into()))
    }

    /// Adds text in a fixed-width font.
    pub fn preformatted(self, text: impl Into<String>) -> Self {
        self.with(SectionPart::Preformatted(text.into()))
    }

    /// Adds a picture as SVG: `name` names its file, `caption` is below it and describes it to a screen reader.
    pub fn picture(self, name: impl Into<String>, svg: impl Into<String>, caption: impl Into<String>) -> Self {
        let (svg, caption) = (svg.into(), caption.into());
        self.with(SectionPart::Picture { name: name.into(), svg: with_description(&svg, &caption), caption })
    }

    /// Adds a table with a caption above it; each row has as many cells as there are headings.
    pub fn table<H: ToString, R: IntoIterator<Item = C>, C: ToString>(
        self,
        caption: impl Into<String>,
        headings: impl IntoIterator<Item = H>,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let (headings, rows) = (cells(headings), rows.into_iter().map(cells).collect());
        self.with(SectionPart::Table { caption: caption.into(), headings, rows })
    }

    /// Adds the content of another section below its heading; its pictures are named after `prefix` too.
    pub(super) fn append(mut self, prefix: &str, other: ReportSection) -> Self {
        self.parts.push(SectionPart::Subsection(other.title));
        self.parts.extend(other.parts.into_iter().map(|part| match part {
            SectionPart::Picture { name, svg, caption } => {
                SectionPart::Picture { name: format!("{prefix} {name}"), svg, caption }
            }
            part => part,
        }));
        self
    }

    /// The names and the markup of the pictures.
    pub(super) fn pictures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().filter_map(|part| match part {
            SectionPart::Picture { name, svg, .. } => Some((name.as_str(), svg.as_str())),
            _ => None,
        })
    }

    /// Writes the section on a page.
    pub(super) fn on(&self, page: Page) -> Page {
        self.parts.iter().fold(page.section(&self.title), |page, part| match part {
            SectionPart::Subsection(heading) => page.subsection(heading),
            SectionPart::Text(text) => page.paragraph(text),
            SectionPart::Note(text) => page.note(text),
            SectionPart::Preformatted(text) => page.preformatted(text),
            SectionPart::Picture { svg, caption, .. } => page.picture(svg, caption),
            SectionPart::Table { caption, headings, rows } => page.table(caption, headings, rows),
        })
    }

    fn with(mut self, part: SectionPart) -> Self {
        self.parts.push(part);
        self
    }
}
