//! The layers of the network.

use crate::plot::ModelPlot;
use crate::report::ReportSection;
use crate::report::wording::counted;
use crate::{Model, Result, Scalar};

/// The most layers that are drawn, and the most lines of the summary.
const MOST_LAYERS: usize = 24;
const MOST_LINES: usize = 120;

pub(super) fn section<T: Scalar>(members: &[Model<T>]) -> Result<ReportSection> {
    let section = ReportSection::new("Layout of the network");
    let Some(first) = members.first() else { return Ok(section) };
    let network = first.network()?;
    let layers = network.layer_names().count();
    let parameters = first.count_params()?;
    let mut text = match members.len() {
        1 => format!("One network of {}", counted(layers, "layer")),
        many => format!("{many} networks of {} each, alike but for their weights", counted(layers, "layer")),
    };
    text += &format!(
        ", with {} {}, takes {} of the transformers.",
        counted(parameters, "parameter"),
        if members.len() == 1 { "in all" } else { "each" },
        counted(network.inputs(), "column")
    );
    let mut section = section.text(text);
    if layers <= MOST_LAYERS {
        let svg = ModelPlot::new(network)
            .title("Layers")
            .show_shapes(true)
            .show_layer_activations(true)
            .show_layer_names(true)
            .to_svg()?;
        section =
            section.picture("layout", svg, "The layers from input to output, with the columns each takes and returns.");
    } else {
        section = section.note(format!("Not drawn: the network has more than {MOST_LAYERS} layers."));
    }
    let summary = first.summary()?.to_string();
    let mut lines: Vec<&str> = summary.lines().take(MOST_LINES).collect();
    if summary.lines().count() > MOST_LINES {
        lines.push("…");
    }
    Ok(section.preformatted(lines.join("\n")))
}
