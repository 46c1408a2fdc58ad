//! The description of a fitted pipeline as text.

use super::{FittedPipeline, Task};
use crate::Scalar;
use crate::significant::significant;
use crate::terminal_lines::truncated;
use std::fmt;

/// The characters of a line.
const WIDTH: usize = 80;

/// The number of characters before the list.
const INDENT: usize = 14;

/// One line for each part, of at most 80 characters: target, columns, networks, and the scores of its receipt.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("x", (0..60).map(f64::from))?
///     .with_booleans("late", (0..60).map(|row| row % 3 == 0))?;
/// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
/// let fitted = Pipeline::new(Target::binary("late")).model(model).options(Fit::new().verbose(0)).seed(1).fit(&table)?;
/// assert!(fitted.to_string().starts_with("binary classification of late, fitted\n  positive    true\n"));
/// # Ok::<(), perceptra::Error>(())
/// ```
impl<T: Scalar> fmt::Display for FittedPipeline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layers = self.members.first().map(|member| member.architecture().layers()).unwrap_or_default();
        let layers: Vec<String> = layers.iter().map(|layer| layer.class_name()).collect();
        f.write_str(&self.described(&layers))
    }
}

impl<T: Scalar> FittedPipeline<T> {
    fn described(&self, layers: &[String]) -> String {
        let target = self.target.target();
        let head = format!("{} of {}, fitted", self.target.task(), target.columns().join(", "));
        let mut text = truncated(&head, WIDTH);
        let labels: Vec<String> = self.target.labels().iter().map(ToString::to_string).collect();
        match self.target.positive_label() {
            Some(label) => listed(&mut text, "positive", &[label.to_string()]),
            None => listed(&mut text, "labels", &labels),
        }
        let mut inputs: Vec<String> = Vec::new();
        for input in self.columns.inputs() {
            if !inputs.iter().any(|known| known == input) {
                inputs.push(input.into());
            }
        }
        listed(&mut text, "columns", &inputs);
        listed(&mut text, "features", &[self.columns.width().to_string()]);
        listed(&mut text, "members", &[self.members.len().to_string()]);
        listed(&mut text, "network", layers);
        if matches!(self.target.task(), Task::Binary | Task::Multilabel) {
            listed(&mut text, "threshold", &[self.threshold.to_string()]);
        }
        listed(&mut text, "seed", &[self.seed.to_string()]);
        if let Some(receipt) = &self.receipt {
            let scores = receipt.scores.iter().map(|(name, value)| format!("{name} {}", significant(*value)));
            listed(&mut text, "validation", &scores.collect::<Vec<_>>());
        }
        text
    }
}

/// Appends a line with a title and a list; a long list continues on further lines, and an empty one is omitted.
fn listed(text: &mut String, title: &str, items: &[String]) {
    let mut at = WIDTH;
    for (index, item) in items.iter().enumerate() {
        let comma = if index + 1 < items.len() { "," } else { "" };
        let item = truncated(item, WIDTH - INDENT - 1);
        let width = item.chars().count() + comma.len();
        if at + 1 + width > WIDTH {
            let title = if index == 0 { title } else { "" };
            text.push_str(&format!("\n  {title:<10}  {item}{comma}"));
            at = INDENT + width;
        } else {
            text.push_str(&format!(" {item}{comma}"));
            at += 1 + width;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn a_fitted_pipeline_is_described_in_lines_of_80_characters() {
        let long = "a_column_with_a_name_that_is_much_longer_than_a_line_of_eighty_characters_can_ever_be";
        let mut table = Table::new().with_numbers("y", (0..60).map(|row| f64::from(row % 7) * 1e6)).unwrap();
        for name in (0..30).map(|column| format!("column_{column}")).chain([long.into()]) {
            table = table.with_numbers(name, (0..60).map(|row| f64::from(row * row % 11))).unwrap();
        }
        let model = |units, activation: &str, loss: &str| {
            Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(units, activation)).compile("adam", loss, ())
        };
        let options = || Fit::new().verbose(0);
        let pipeline = Pipeline::new(Target::regression("y")).model(model(1, "linear", "mse")).validation_split(0.2);
        let text = pipeline.members(2).options(options()).seed(1).fit(&table).unwrap().to_string();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        for part in [
            "regression of y, fitted",
            "\n  columns     column_0, column_1",
            "\n              column_",
            "\n  features    ",
            "\n  members     2\n  network     Dense, Dense",
            "\n  seed        1",
            "\n  validation  r2 ",
            "root_mean_squared_error",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("threshold"), "{text}");
        let classes = table.with_strings("y", (0..60).map(|row| ["a", "b", "c"][row % 3])).unwrap();
        let pipeline = Pipeline::new(Target::multiclass("y")).model(model(3, "softmax", "categorical_crossentropy"));
        let text = pipeline.options(options()).seed(1).fit(&classes).unwrap().to_string();
        assert!(text.contains("\n  labels      \"a\", \"b\", \"c\"\n") && !text.contains("threshold"), "{text}");
    }
}
