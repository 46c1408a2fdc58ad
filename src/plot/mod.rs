//! Plots of tables and models as SVG, and an HTML page that contains them.
//!
//! | plot | contents |
//! |---|---|
//! | [`HeatMap`] | a labelled matrix: correlations, counts; also as text for a terminal ([`HeatMap::to_text`]) |
//! | [`Lines`] | series over a numeric axis: training history, precision and recall over thresholds, predicted probabilities against observed frequencies |
//! | [`Bars`] | one number per label: counts per class, results of a search |
//! | [`ConfusionPicture`] | counts and rates of true against predicted classes |
//! | [`ModelPlot`] | the layers of a model from input to output |
//! | [`Page`] | one HTML page without outside resources: text, tables and pictures |
//!
//! Every plot is a plain value with setters; `to_svg()` renders it and `save(path)` writes it to a file. Setters never fail: invalid
//! arguments are reported by `to_svg`, `to_text`, `to_html` or `save`. Equal values render to equal bytes.
//!
//! Plots are 760 units wide unless their content needs another width. Colours are distinct with every common form of colour
//! blindness, and text has explicit anchors, so a plot looks the same in a browser, an editor or a converter. Colours are
//! presentation attributes in addition to class names: a separate plot is dark on white everywhere; in a [`Page`] the
//! stylesheet recolours text, axes and curves for a dark scheme.
//!
//! # Why the SVG is written here
//!
//! A plotting crate without a font back end can only guess where text goes: with `plotters` an axis title runs through
//! its tick labels, the legend covers the curves, coordinates are rounded to whole pixels, numbers have no thousands
//! separators, and fixed colours cannot follow a page's dark scheme. These plots need only rectangles, lines and text of
//! SVG; the writer for them is shorter than workarounds for these problems, and the feature needs no package.
//!
//! ```
//! use perceptra::plot::{Lines, Page};
//!
//! # fn main() -> perceptra::Result<()> {
//! let loss = Lines::new("Training history").x_label("epoch").y_label("loss").epochs("loss", &[0.61, 0.52, 0.48]);
//! let page = Page::new("A first model").picture(loss.to_svg()?, "The loss falls.").to_html()?;
//! assert!(page.contains("<svg"));
//! # Ok(())
//! # }
//! ```

mod axis;
mod bars;
mod color_map;
mod confusion;
mod heat_map;
mod lines;
mod model_plot;
pub(crate) mod number;
pub(crate) mod page;
mod palette;
mod reliability;
pub(crate) mod svg;
pub(crate) mod text_width;
#[cfg(test)]
pub(crate) mod well_formed;

use std::path::Path;

pub use bars::Bars;
pub use color_map::ColorMap;
pub use confusion::ConfusionPicture;
pub use heat_map::HeatMap;
pub use lines::Lines;
pub use model_plot::ModelPlot;
pub use page::Page;

use crate::Result;

/// Writes a rendered plot or page to a file.
fn write(path: &Path, content: &str) -> Result<()> {
    crate::atomic::write_into_folder(path, content.as_bytes())
}
