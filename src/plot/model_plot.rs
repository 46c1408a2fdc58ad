use std::path::Path;

use super::palette::{AXIS, GRID};
use super::svg::{Anchor, LABEL, MARGIN, SMALL, Svg};
use super::text_width;
use super::write;
use crate::models::Network;
use crate::{Result, Scalar};

/// The layers of a model as boxes from the input to the output.
///
/// - `show_shapes`: the input and output columns of a layer. Defaults to false.
/// - `show_layer_names`: a layer's name next to its class. Defaults to false.
/// - `show_layer_activations`: the activation of a layer that has one. Defaults to false.
/// - `show_trainable`: whether training moves a layer's weights. Defaults to false.
/// - `horizontal`: from left to right instead of from top to bottom. Defaults to false.
/// - `title`: the title. Defaults to none.
///
/// ```
/// use perceptra::plot::ModelPlot;
/// use perceptra::prelude::*;
///
/// let network = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid).name("risk")).build(11)?;
/// let svg = ModelPlot::new(&network).show_shapes(true).show_layer_names(true).to_svg()?;
/// assert!(svg.contains("risk (Dense)") && svg.contains("(batch, 11) → (batch, 12)"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.utils.plot_model`.
#[derive(Clone, Debug)]
pub struct ModelPlot {
    title: String,
    layers: Vec<LayerBox>,
    show_shapes: bool,
    show_layer_names: bool,
    show_layer_activations: bool,
    show_trainable: bool,
    horizontal: bool,
}

#[derive(Clone, Debug)]
struct LayerBox {
    name: String,
    class_name: String,
    activation: Option<String>,
    inputs: usize,
    outputs: usize,
    /// Whether the layer is trainable; `None` for a layer without weights.
    trainable: Option<bool>,
}

/// The height of a line of text in a box.
const LINE: f64 = 19.0;
/// The free space around a box's text.
const PADDING: f64 = 10.0;
/// The length of an arrow.
const ARROW: f64 = 26.0;

impl ModelPlot {
    /// A picture of a built model.
    pub fn new<T: Scalar>(network: &Network<T>) -> ModelPlot {
        let mut inputs = network.inputs();
        let mut layers = Vec::new();
        for name in network.layer_names() {
            let Ok(layer) = network.get_layer(name) else { continue };
            let activation = layer.description().config().ok();
            let activation =
                activation.and_then(|config| config["activation"]["class_name"].as_str().map(String::from));
            layers.push(LayerBox {
                name: name.into(),
                class_name: layer.class_name().into(),
                activation,
                inputs,
                outputs: layer.outputs(),
                trainable: (layer.count_params() > 0).then(|| layer.trainable()),
            });
            inputs = layer.outputs();
        }
        ModelPlot {
            title: String::new(),
            layers,
            show_shapes: false,
            show_layer_names: false,
            show_layer_activations: false,
            show_trainable: false,
            horizontal: false,
        }
    }

    /// Sets the line above the picture.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> ModelPlot {
        self.title = title.into();
        self
    }

    /// Sets whether the columns before and after each layer are shown.
    #[must_use]
    pub fn show_shapes(mut self, show: bool) -> ModelPlot {
        self.show_shapes = show;
        self
    }

    /// Sets whether the layers' names are shown.
    #[must_use]
    pub fn show_layer_names(mut self, show: bool) -> ModelPlot {
        self.show_layer_names = show;
        self
    }

    /// Sets whether activations are shown.
    #[must_use]
    pub fn show_layer_activations(mut self, show: bool) -> ModelPlot {
        self.show_layer_activations = show;
        self
    }

    /// Sets whether to show which layers are trainable.
    #[must_use]
    pub fn show_trainable(mut self, show: bool) -> ModelPlot {
        self.show_trainable = show;
        self
    }

    /// Sets whether the layers run from left to right.
    #[must_use]
    pub fn horizontal(mut self, horizontal: bool) -> ModelPlot {
        self.horizontal = horizontal;
        self
    }

    /// The lines of a layer's box, the class first.
    fn lines(&self, layer: &LayerBox) -> Vec<String> {
        let mut lines = vec![match self.show_layer_names {
            true => format!("{} ({})", layer.name, layer.class_name),
            false => layer.class_name.clone(),
        }];
        lines.extend(layer.activation.iter().filter(|_| self.show_layer_activations).cloned());
        if self.show_shapes {
            lines.push(format!("(batch, {}) → (batch, {})", layer.inputs, layer.outputs));
        }
        match layer.trainable.filter(|_| self.show_trainable) {
            Some(true) => lines.push("trainable".into()),
            Some(false) => lines.push("frozen".into()),
            None => {}
        }
        lines
    }

    /// The picture as an SVG document.
    ///
    /// # Errors
    ///
    /// None: a built model can be drawn.
    pub fn to_svg(&self) -> Result<String> {
        let boxes: Vec<Vec<String>> = self.layers.iter().map(|layer| self.lines(layer)).collect();
        let widest = boxes.iter().flatten().map(|line| text_width::width(line, LABEL.size)).fold(60.0, f64::max);
        let most = boxes.iter().map(Vec::len).max().unwrap_or(1);
        let (width, height) = (widest + 2.0 * PADDING, most as f64 * LINE + 2.0 * PADDING);
        let count = boxes.len().max(1) as f64;
        let header = Svg::header_height(&self.title, "", f64::INFINITY);
        let (across, down) = match self.horizontal {
            true => (count * width + (count - 1.0) * ARROW, height),
            false => (width, count * height + (count - 1.0) * ARROW),
        };
        // Wide enough for a bold title in one line.
        let title = text_width::width(&self.title, 19.0);
        let mut svg = Svg::new(across.max(title) + 2.0 * MARGIN, header + down + MARGIN, &self.title, "");
        for (i, lines) in boxes.iter().enumerate() {
            let step = i as f64;
            let (x, y) = match self.horizontal {
                true => (MARGIN + step * (width + ARROW), header),
                false => (MARGIN, header + step * (height + ARROW)),
            };
            svg.rect(x, y, width, height, &format!("fill=\"none\" rx=\"4\" {AXIS}"));
            let top = y + (height - lines.len() as f64 * LINE) / 2.0;
            for (nth, line) in lines.iter().enumerate() {
                let font = if nth == 0 { LABEL } else { SMALL };
                svg.centred_text(x + width / 2.0, top + (nth as f64 + 0.5) * LINE, Anchor::Middle, font, line);
                if nth == 0 && lines.len() > 1 {
                    svg.line((x, top + LINE), (x + width, top + LINE), GRID);
                }
            }
            if i + 1 < boxes.len() {
                match self.horizontal {
                    true => arrow(&mut svg, (x + width, y + height / 2.0), (1.0, 0.0)),
                    false => arrow(&mut svg, (x + width / 2.0, y + height), (0.0, 1.0)),
                }
            }
        }
        Ok(svg.finish())
    }

    /// Writes the picture to a file.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io) if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_svg()?)
    }
}

/// An arrow from a box to the next one, in a direction along an axis.
fn arrow(svg: &mut Svg, (x, y): (f64, f64), (dx, dy): (f64, f64)) {
    let at = |along: f64, aside: f64| (x + dx * along + dy * aside, y + dy * along + dx * aside);
    let tip = at(ARROW - 2.0, 0.0);
    svg.line(at(2.0, 0.0), tip, AXIS);
    svg.line(at(ARROW - 8.0, -4.0), tip, AXIS);
    svg.line(at(ARROW - 8.0, 4.0), tip, AXIS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::well_formed::elements;
    use crate::prelude::*;

    fn plot() -> ModelPlot {
        let layers = Sequential::new().add(Dense::new(12, Relu)).add(Dropout::new(0.5));
        ModelPlot::new(
            &layers.add(Dense::new(1, Sigmoid).name("<risk>").trainable(false)).build(11).expect("a network"),
        )
    }

    #[test]
    fn options_show_what_they_name() {
        let plain = plot().to_svg().unwrap();
        for hidden in ["risk", "batch", "relu", "frozen"] {
            assert!(!plain.contains(hidden), "{hidden}");
        }
        assert_eq!(plain.matches("<rect").count(), 1 + 3, "the ground and three boxes");
        let all = plot().title("A model").show_shapes(true).show_layer_names(true).show_layer_activations(true);
        for svg in [all.clone().show_trainable(true), all.show_trainable(true).horizontal(true)] {
            let svg = svg.to_svg().unwrap();
            assert_eq!(elements(&svg)[0], "svg");
            for shown in ["A model", "&lt;risk&gt; (Dense)", "(batch, 11) → (batch, 12)", "relu", "trainable", "frozen"]
            {
                assert!(svg.contains(shown), "{shown}");
            }
        }
    }
}
