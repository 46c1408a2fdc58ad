//! Selects the number of a prediction that is explained.

use crate::error::number;
use crate::pipeline::{FittedTarget, Task};
use crate::preprocessing::Value;
use crate::significant::significant;
use crate::terminal_lines::truncated;
use crate::{Error, Result};
use nalgebra::DMatrix;

/// The user's selection of a number.
#[derive(Debug, Clone, Default)]
pub(super) struct OutputChoice {
    /// A label, or a column of the target.
    pub(super) of: Option<Value>,
    pub(super) logits: bool,
}

/// One number of each prediction.
#[derive(Debug, Clone)]
pub(super) struct ExplainedOutput {
    /// The column of the number among those that a pipeline predicts.
    pub(super) index: usize,
    /// Whether it is the probability of the negative label; the column contains its complement.
    complement: bool,
    logits: bool,
    pub(super) is_probability: bool,
    /// The description for plots and tables.
    pub(super) name: String,
}

/// The bound to which probabilities are clipped before the logit.
const CLOSEST: f64 = 1e-12;

impl OutputChoice {
    /// The selected number, or else the only one, or else that of the decided class.
    pub(super) fn resolve(&self, item: &str, target: &FittedTarget, decided: Option<usize>) -> Result<ExplainedOutput> {
        let (task, columns) = (target.task(), target.target().columns());
        let is_probability = !task.is_regression();
        if self.logits && !is_probability {
            return Err(Error::argument(
                item,
                "logits",
                true,
                "false: it is for probabilities, and numbers are predicted",
            ));
        }
        let names: Vec<Value> = match task {
            Task::Binary | Task::Multiclass => target.labels().to_vec(),
            _ => columns.iter().map(|name| Value::from(name.as_str())).collect(),
        };
        let which = match (&self.of, task) {
            (Some(name), _) => names.iter().position(|known| known == name).ok_or_else(|| {
                let known = names.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
                Error::argument(item, "output", name, format!("one of {known}"))
            })?,
            (None, Task::Binary) => 1,
            (None, _) if names.len() == 1 => 0,
            (None, _) => decided.ok_or_else(|| {
                let known = names.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
                Error::argument(
                    item,
                    "output",
                    "not given",
                    format!("the one to explain: .output(…) with one of {known}"),
                )
            })?,
        };
        let column = columns.first().map(String::as_str).unwrap_or_default();
        let of = match task {
            Task::Binary | Task::Multiclass => format!("{column} = {}", plain(&names[which])),
            _ => plain(&names[which]),
        };
        let name = match (self.logits, is_probability) {
            (true, _) => format!("logit of {of}"),
            (false, true) => format!("probability of {of}"),
            (false, false) => of,
        };
        let (index, complement) = if task == Task::Binary { (0, which == 0) } else { (which, false) };
        Ok(ExplainedOutput {
            index,
            complement,
            logits: self.logits,
            is_probability: is_probability && !self.logits,
            name,
        })
    }
}

impl ExplainedOutput {
    /// The number that is explained, of the one that the column holds.
    pub(super) fn of(&self, value: f64) -> f64 {
        let value = if self.complement { 1.0 - value } else { value };
        match self.logits {
            true => {
                let p = value.clamp(CLOSEST, 1.0 - CLOSEST);
                (p / (1.0 - p)).ln()
            }
            false => value,
        }
    }

    /// The derivative of the number with respect to the value of the column.
    pub(super) fn derivative(&self, value: f64) -> f64 {
        let sign = if self.complement { -1.0 } else { 1.0 };
        match self.logits {
            true => {
                let p = value.clamp(CLOSEST, 1.0 - CLOSEST);
                sign / (p * (1.0 - p))
            }
            false => sign,
        }
    }

    /// The numbers of all rows.
    pub(super) fn column(&self, values: &DMatrix<f64>) -> Vec<f64> {
        values.column(self.index).iter().map(|&value| self.of(value)).collect()
    }
}

/// A value in a plot; numbers with about four significant digits.
#[cfg(feature = "plot")]
pub(super) fn in_picture(value: &Value) -> String {
    match value {
        Value::Number(number) => crate::plot::number::plain(*number),
        other => plain(other),
    }
}

/// A value without quotes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(value) => number(*value),
        other => other.to_string(),
    }
}

/// A value without quotes in at most this many characters, at least ten: of a longer number about four digits, of a longer string its
/// beginning.
pub(super) fn plain_within(value: &Value, most: usize) -> String {
    match (value, plain(value)) {
        (Value::Number(value), text) if text.len() > most => significant(*value),
        (_, text) => truncated(&text, most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{FittedPipeline, Pipeline, Target};
    use crate::preprocessing::Table;
    use crate::{Sequential, layers::Dense};

    fn fitted(target: Target, outputs: usize, activation: &str, loss: &str) -> FittedPipeline {
        let rows = 0..30;
        let table = Table::new()
            .with_numbers("x", rows.clone().map(f64::from))
            .and_then(|table| table.with_strings("kind", rows.clone().map(|row| ["a", "b", "c"][row as usize % 3])))
            .and_then(|table| table.with_numbers("size", rows.clone().map(|row| f64::from(row % 7))))
            .and_then(|table| table.with_booleans("late", rows.clone().map(|row| row % 2 == 0)))
            .unwrap();
        let model = Sequential::new().add(Dense::new(outputs, activation)).compile("adam", loss, ());
        let columns = crate::preprocessing::ColumnTransformer::new().passthrough(["x"]);
        let options = crate::Fit::new().epochs(1).verbose(0);
        Pipeline::new(target).columns(columns).model(model).options(options).seed(1).fit(&table).unwrap()
    }

    #[test]
    fn the_output_is_the_stated_one_or_the_only_one() {
        let choice = |of: Option<Value>, logits| OutputChoice { of, logits };
        let binary = fitted(Target::binary("late"), 1, "sigmoid", "binary_crossentropy");
        let positive = choice(None, false).resolve("x", binary.target(), None).unwrap();
        assert_eq!((positive.name.as_str(), positive.of(0.2)), ("probability of late = true", 0.2));
        let negative = choice(Some(false.into()), true).resolve("x", binary.target(), None).unwrap();
        assert_eq!(negative.name, "logit of late = false");
        assert!((negative.of(0.2) - 4f64.ln()).abs() < 1e-12 && (negative.derivative(0.2) + 6.25).abs() < 1e-12);
        assert!(negative.of(1.0).is_finite() && negative.derivative(0.0).is_finite());
        let several = fitted(Target::multiclass("kind"), 3, "softmax", "categorical_crossentropy");
        assert_eq!(choice(Some("c".into()), false).resolve("x", several.target(), None).unwrap().index, 2);
        assert_eq!(choice(None, false).resolve("x", several.target(), Some(1)).unwrap().index, 1);
        for choice in [choice(None, false), choice(Some("d".into()), false)] {
            let message = choice.resolve("x", several.target(), None).unwrap_err().to_string();
            assert!(message.contains("one of \"a\", \"b\", \"c\""), "{message}");
        }
        let number = fitted(Target::regression("size"), 1, "linear", "mse");
        assert!(choice(None, true).resolve("x", number.target(), None).is_err());
    }
}
