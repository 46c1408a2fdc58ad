use super::Network;
use crate::Scalar;
use std::fmt;

/// The layers of a model as a table: name and class, output shape, number of parameters.
///
/// ```
/// use perceptra::prelude::*;
///
/// let network = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid)).build(12)?;
/// println!("{}", network.summary());
/// assert_eq!(network.summary().parameters(), 169);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    inputs: usize,
    rows: Vec<Row>,
    bytes: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    layer: String,
    outputs: usize,
    weights: usize,
    state: usize,
    trainable: bool,
}

impl Summary {
    pub(super) fn of<T: Scalar>(network: &Network<T>) -> Self {
        let rows = network.nodes.iter().map(|node| Row {
            layer: format!("{} ({})", node.name, node.class_name),
            outputs: node.outputs,
            weights: node.weights.len(),
            state: node.state.len(),
            trainable: node.trainable,
        });
        Summary { inputs: network.inputs(), rows: rows.collect(), bytes: size_of::<T>() }
    }

    /// All parameters.
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

/// Seventy-eight columns wide; longer names are cut.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDTHS: [usize; 3] = [36, 20, 14];
        let rule = |left: &str, middle: &str, right: &str, line: &str| {
            format!("{left}{}{right}", WIDTHS.map(|width| line.repeat(width + 2)).join(middle))
        };
        let cut = |text: &str| match text.chars().count() > WIDTHS[0] {
            true => text.chars().take(WIDTHS[0] - 1).chain(['…']).collect(),
            false => text.to_string(),
        };
        let [a, b, c] = WIDTHS;
        writeln!(f, "{}", rule("┏", "┳", "┓", "━"))?;
        writeln!(f, "┃ {:<a$} ┃ {:<b$} ┃ {:>c$} ┃", "Layer (type)", "Output shape", "Parameters")?;
        writeln!(f, "{}", rule("┡", "╇", "┩", "━"))?;
        for (i, row) in self.rows.iter().enumerate() {
            if i > 0 {
                writeln!(f, "{}", rule("├", "┼", "┤", "─"))?;
            }
            let shape = format!("(batch, {})", row.outputs);
            let count = grouped(row.weights + row.state);
            writeln!(f, "│ {:<a$} │ {shape:<b$} │ {count:>c$} │", cut(&row.layer))?;
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
    use crate::prelude::*;

    #[test]
    fn lines_fit_a_terminal_and_counts_are_right() {
        let name = "a name that is much longer than the column it stands in, and then some";
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
}
