use super::ReportSection;
use super::wording::slug;
use crate::plot::Page;
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// A report that was built by [`Report::build`](super::Report::build): one HTML page, and its pictures as SVG files.
///
/// Equal reports are equal bytes.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::report::Report;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let report = Report::new(&fitted, &table).build()?;
/// assert!(report.sections().len() > 5 && report.to_html()?.starts_with("<!DOCTYPE html>"));
/// for (name, svg) in report.pictures() {
///     println!("{name}: {} bytes", svg.len());
/// }
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BuiltReport {
    title: String,
    lead: String,
    sections: Vec<ReportSection>,
}

impl BuiltReport {
    pub(super) fn new(title: String, lead: String, sections: Vec<ReportSection>) -> Self {
        BuiltReport { title, lead, sections }
    }

    /// The sections in their order.
    pub fn sections(&self) -> &[ReportSection] {
        &self.sections
    }

    /// The page: it loads nothing, runs no script, and follows the reader's light or dark scheme.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a picture of an added section that is not one `<svg>` element, and for a table whose rows and
    /// headings differ in number; [`Error::Empty`] for an empty title and a table without headings.
    pub fn to_html(&self) -> Result<String> {
        let page = Page::new(&self.title).lead(&self.lead);
        self.sections.iter().fold(page, |page, section| section.on(page)).to_html()
    }

    /// Writes the page as an HTML file.
    ///
    /// # Errors
    ///
    /// The errors of [`to_html`](Self::to_html), and [`Error::Io`] if the file cannot be written.
    pub fn write_html(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let html = self.to_html()?;
        crate::atomic::write_into_folder(path, html.as_bytes())
    }

    /// The names of the pictures' files, such as `07-roc.svg` for the one of the seventh section, and their SVG.
    pub fn pictures(&self) -> Vec<(String, &str)> {
        let mut taken = BTreeSet::new();
        let mut pictures = Vec::new();
        for (section, number) in self.sections.iter().zip(1..) {
            for (name, svg) in section.pictures() {
                let base = format!("{number:02}-{}", slug(name));
                let mut file = format!("{base}.svg");
                let mut again = 2;
                while !taken.insert(file.clone()) {
                    file = format!("{base}-{again}.svg");
                    again += 1;
                }
                pictures.push((file, svg));
            }
        }
        pictures
    }

    /// Writes each picture as an SVG file into a folder, which is made if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder or a file cannot be written.
    pub fn write_pictures(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
        for (name, svg) in self.pictures() {
            let path = folder.join(name);
            crate::atomic::write_into_folder(&path, svg.as_bytes())?;
        }
        Ok(())
    }
}
