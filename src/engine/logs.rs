use std::fmt;

/// Named values in the order in which they are reported: the loss, the metrics, then those of the validation.
///
/// ```
/// use perceptra::prelude::*;
///
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("sgd", "bce", ["accuracy"]);
/// let (x, y) = (dmatrix![1.0; 2.0], dmatrix![0.0; 1.0]);
/// model.fit(&x, &y, Fit::new().verbose(0))?;
/// let logs = model.evaluate(&x, &y)?;
/// assert_eq!(logs.names().collect::<Vec<_>>(), ["loss", "accuracy"]);
/// assert!(logs.get("accuracy").is_some());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logs {
    entries: Vec<(String, f64)>,
}

impl Logs {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// The loss; NaN if there is none.
    pub fn loss(&self) -> f64 {
        self.get("loss").unwrap_or(f64::NAN)
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// Sets the value of a name; a new name is appended.
    pub fn set(&mut self, name: impl Into<String>, value: f64) {
        let name = name.into();
        match self.entries.iter_mut().find(|(key, _)| *key == name) {
            Some(entry) => entry.1 = value,
            None => self.entries.push((name, value)),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

/// Formats the values as `loss: 0.4321 - accuracy: 0.8190`, those below 0.001 in scientific notation.
impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.iter().enumerate() {
            let separator = if i == 0 { "" } else { " - " };
            if value == 0.0 || value.abs() >= 1e-3 {
                write!(f, "{separator}{name}: {value:.4}")?;
            } else {
                write!(f, "{separator}{name}: {value:.4e}")?;
            }
        }
        Ok(())
    }
}
