use crate::engine::Network;
use crate::{Error, Result, Scalar};
use std::fmt;
use std::ops::RangeInclusive;

/// The layers of a model as a table: name and class, output shape, number of parameters.
///
/// | option | default | |
/// |---|---|---|
/// | `line_length` | 80 | the characters of a line, at least 40 |
/// | `positions` | 0.5, 0.8, 1 | where the columns end, as fractions of the line; 0.45, 0.7, 0.85, 1 with `show_trainable` |
/// | `show_trainable` | false | a column that states whether training moves a layer's weights |
/// | `layer_range` | all | the first and the last layer that are shown |
///
/// ```
/// use perceptra::prelude::*;
///
/// let network = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid)).build(12)?;
/// println!("{}", network.summary());
/// assert_eq!(network.summary().parameters(), 169);
/// println!("{}", network.summary().line_length(100).show_trainable(true).layer_range("dense_1", "dense_1")?);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.Model.summary`.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    inputs: usize,
    rows: Vec<SummaryRow>,
    bytes: usize,
    line_length: usize,
    positions: Vec<f64>,
    show_trainable: bool,
    layer_range: Option<RangeInclusive<usize>>,
}

#[derive(Debug, Clone, PartialEq)]
struct SummaryRow {
    name: String,
    layer: String,
    outputs: usize,
    weights: usize,
    state: usize,
    trainable: bool,
}

impl Summary {
    pub(super) fn of<T: Scalar>(network: &Network<T>) -> Self {
        let rows = network.nodes.iter().map(|node| SummaryRow {
            name: node.name.clone(),
            layer: format!("{} ({})", node.name, node.class_name),
            outputs: node.outputs,
            weights: node.weights.len(),
            state: node.state.len(),
            trainable: node.trainable,
        });
        Summary {
            inputs: network.inputs(),
            rows: rows.collect(),
            bytes: size_of::<T>(),
            line_length: 80,
            positions: Vec::new(),
            show_trainable: false,
            layer_range: None,
        }
    }

    /// The characters of a line, from 40 to 10,000; default 80. A number outside of that range is clamped to it.
    #[must_use]
    pub fn line_length(mut self, characters: usize) -> Self {
        self.line_length = characters.clamp(40, 10_000);
        self
    }

    /// The positions at which the columns end, as fractions of the line, each larger than the one before.
    ///
    /// Keras also takes numbers of characters; divide them by the line's.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for numbers that do not grow within (0, 1].
    pub fn positions(mut self, fractions: impl Into<Vec<f64>>) -> Result<Self> {
        let fractions = fractions.into();
        let grows = fractions.windows(2).all(|pair| pair[0] < pair[1]);
        if !grows || fractions.iter().any(|end| !(*end > 0.0 && *end <= 1.0)) {
            return Err(Error::argument(
                "Summary",
                "positions",
                format!("{fractions:?}"),
                "growing fractions in (0, 1]",
            ));
        }
        self.positions = fractions;
        Ok(self)
    }

    /// Whether a column states if training moves a layer's weights; default false.
    #[must_use]
    pub fn show_trainable(mut self, show: bool) -> Self {
        self.show_trainable = show;
        self
    }

    /// The first and the last layer that are shown, by name, in either order; the counts below the table stay those of
    /// all layers.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the names of the layers.
    pub fn layer_range(mut self, first: &str, last: &str) -> Result<Self> {
        let index = |name: &str| {
            self.rows
                .iter()
                .position(|row| row.name == name)
                .ok_or_else(|| Error::unknown("layer", name, self.rows.iter().map(|row| row.name.as_str())))
        };
        let (first, last) = (index(first)?, index(last)?);
        self.layer_range = Some(first.min(last)..=first.max(last));
        Ok(self)
    }

    /// The characters of each column's text.
    fn widths(&self) -> Vec<usize> {
        let defaults: &[f64] = if self.show_trainable { &[0.45, 0.7, 0.85, 1.0] } else { &[0.5, 0.8, 1.0] };
        // A column has a bar before it and a blank on both sides; one more bar ends the line.
        let width = self.line_length - 1 - 3 * defaults.len();
        let end = |i: usize| self.positions.get(i).copied().unwrap_or(defaults[i]).min(1.0);
        let ends: Vec<usize> = (0..defaults.len()).map(|i| (end(i) * width as f64).round() as usize).collect();
        ends.iter()
            .enumerate()
            .map(|(i, end)| end.saturating_sub(if i == 0 { 0 } else { ends[i - 1] }).max(1))
            .collect()
    }

    /// The number of all parameters.
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.weights + row.state).sum()
    }

    /// The parameters that training moves.
    pub fn trainable_parameters(&self) -> usize {
        self.rows.iter().filter(|row| row.trainable).map(|row| row.weights).sum()
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `text` in a column of this width, truncated if it is longer.
fn cell(text: &str, width: usize, right: bool) -> String {
    let cut: String = match text.chars().count() > width {
        true => text.chars().take(width - 1).chain(['…']).collect(),
        false => text.to_string(),
    };
    if right { format!(" {cut:>width$} ") } else { format!(" {cut:<width$} ") }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let rule = |left: &str, middle: &str, right: &str, line: &str| {
            let parts: Vec<String> = widths.iter().map(|width| line.repeat(width + 2)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        let line = |bar: &str, cells: [&str; 4]| {
            let cells = widths.iter().zip(cells).enumerate().map(|(i, (width, text))| cell(text, *width, i == 2));
            format!("{bar}{}{bar}", cells.collect::<Vec<_>>().join(bar))
        };
        writeln!(f, "{}", rule("┏", "┳", "┓", "━"))?;
        writeln!(f, "{}", line("┃", ["Layer (type)", "Output shape", "Parameters", "Trainable"]))?;
        writeln!(f, "{}", rule("┡", "╇", "┩", "━"))?;
        let shown = |i: &usize| self.layer_range.as_ref().is_none_or(|range| range.contains(i));
        for (nth, i) in (0..self.rows.len()).filter(shown).enumerate() {
            if nth > 0 {
                writeln!(f, "{}", rule("├", "┼", "┤", "─"))?;
            }
            let row = &self.rows[i];
            let shape = format!("(batch, {})", row.outputs);
            let count = grouped(row.weights + row.state);
            let trainable = match row.trainable {
                _ if row.weights == 0 => "-",
                true => "yes",
                false => "no",
            };
            writeln!(f, "{}", line("│", [&row.layer, &shape, &count, trainable]))?;
        }
        writeln!(f, "{}", rule("└", "┴", "┘", "─"))?;
        let (all, moved) = (self.parameters(), self.trainable_parameters());
        let size = |count: usize| match count * self.bytes {
            bytes if bytes < 1024 => format!("{bytes} B"),
            bytes if bytes < 1024 * 1024 => format!("{:.2} KB", bytes as f64 / 1024.0),
            bytes => format!("{:.2} MB", bytes as f64 / (1024.0 * 1024.0)),
        };
        writeln!(f, " Inputs: {} features", grouped(self.inputs))?;
        writeln!(f, " Total parameters: {} ({})", grouped(all), size(all))?;
        writeln!(f, " Trainable parameters: {} ({})", grouped(moved), size(moved))?;
        write!(f, " Non-trainable parameters: {} ({})", grouped(all - moved), size(all - moved))
    }
}

#[cfg(test)]
mod tests {
    use crate::Result;
    use crate::prelude::*;

    #[test]
    fn lines_fit_a_terminal_and_counts_are_right() {
        let name = "a name that is much longer than the column it is in, and then some";
        let network = Sequential::new()
            .add(Dense::new(1200, Relu).name(name))
            .add(Dense::new(1, Sigmoid).trainable(false))
            .build(12)
            .unwrap();
        let text = network.summary().to_string();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("15,600") && text.contains("1,201"), "{text}");
        assert_eq!(network.summary().trainable_parameters(), 15_600);
    }

    #[test]
    fn options_shape_the_table() -> Result<()> {
        let network = Sequential::new()
            .add(Dense::new(4, Relu))
            .add(Dropout::new(0.5))
            .add(Dense::new(1, Sigmoid).trainable(false))
            .build(3)?;
        let text = network.summary().line_length(100).show_trainable(true).to_string();
        assert!(text.lines().filter(|line| !line.starts_with(' ')).all(|line| line.chars().count() == 100), "{text}");
        let answers: Vec<&str> =
            text.lines().filter(|line| line.starts_with('│')).filter_map(|line| line.split('│').nth(4)).collect();
        assert_eq!(answers.iter().map(|answer| answer.trim()).collect::<Vec<_>>(), ["yes", "-", "no"]);

        let some = network.summary().layer_range("dropout", "dense_1")?.to_string();
        assert!(!some.contains("dense (Dense)") && some.contains("dropout") && some.contains("dense_1"), "{some}");
        assert!(some.contains("Total parameters: 21"), "{some}");
        assert_eq!(network.summary().layer_range("dense_1", "dropout")?.to_string(), some);
        assert!(network.summary().layer_range("dense", "dense_7").unwrap_err().to_string().contains("dense_1"));

        let narrow = network.summary().positions([0.7, 0.9, 1.0])?.to_string();
        assert_eq!(
            narrow.lines().next().and_then(|line| line.split('┳').next()).map(|part| part.chars().count()),
            Some(52)
        );
        assert!(network.summary().positions([0.7, 0.6]).is_err());
        Ok(())
    }
}
