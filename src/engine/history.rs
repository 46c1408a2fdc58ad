use super::logs::Logs;
use crate::error::counted;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The loss and metrics of every epoch of a fit.
///
/// Two histories are equal if they have the same epochs and steps with the same losses and metrics; NaN equals NaN, and the seconds
/// are not compared.
///
/// The keys are `loss` and the names of the metrics, and for validation the same names with the prefix `val_`. A history can be
/// serialized; in JSON, NaN is `null` and infinities are strings.
///
/// ```
/// use perceptra::prelude::*;
///
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
/// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![2.0; 4.0], Fit::new().epochs(5).verbose(0))?;
/// let losses = history.get("loss").unwrap();
/// assert!(losses[4] < losses[0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.callbacks.History`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "StoredHistory")]
pub struct History {
    epochs: Vec<usize>,
    #[serde(with = "crate::json_numbers::columns")]
    values: Vec<(String, Vec<f64>)>,
    seconds: Vec<f64>,
    steps: usize,
}

/// The serialized form of a history.
#[derive(Deserialize)]
struct StoredHistory {
    epochs: Vec<usize>,
    #[serde(with = "crate::json_numbers::columns")]
    values: Vec<(String, Vec<f64>)>,
    seconds: Vec<f64>,
    steps: usize,
}

impl TryFrom<StoredHistory> for History {
    type Error = String;

    fn try_from(StoredHistory { epochs, values, seconds, steps }: StoredHistory) -> Result<Self, String> {
        let lengths = values.iter().map(|(_, column)| column.len()).chain([seconds.len()]);
        match lengths.into_iter().find(|length| *length != epochs.len()) {
            None => Ok(History { epochs, values, seconds, steps }),
            Some(length) => Err(format!(
                "the history of {} has {} of one kind",
                counted(epochs.len(), "epoch"),
                counted(length, "value")
            )),
        }
    }
}

impl History {
    /// The values of a name, one per epoch; NaN for epochs without a value.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.values.iter().find(|(key, _)| key == name).map(|(_, values)| values.as_slice())
    }

    /// The value of a name in the last epoch.
    pub fn last(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(|values| values.last().copied())
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_str())
    }

    /// The epochs that were finished, counted from 0.
    pub fn epochs(&self) -> &[usize] {
        &self.epochs
    }

    /// The wall-clock seconds of each epoch, validation included.
    pub fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// The number of training steps of all finished epochs.
    pub fn steps(&self) -> usize {
        self.steps
    }

    pub(crate) fn push(&mut self, epoch: usize, logs: &Logs, seconds: f64, steps: usize) {
        for (name, value) in logs.iter() {
            let index = self.values.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
                // The epochs before the first value, for example with validation every third epoch, are NaN.
                self.values.push((name.into(), vec![f64::NAN; self.epochs.len()]));
                self.values.len() - 1
            });
            self.values[index].1.push(value);
        }
        self.epochs.push(epoch);
        for (_, values) in &mut self.values {
            values.resize(self.epochs.len(), f64::NAN);
        }
        self.seconds.push(seconds);
        self.steps = self.steps.saturating_add(steps);
    }
}

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        // Every name has one value per epoch, so equal epochs imply equal lengths.
        let values =
            |history: &Self| history.values.iter().flat_map(|(_, values)| values.clone()).collect::<Vec<f64>>();
        (&self.epochs, self.steps) == (&other.epochs, other.steps)
            && self.names().eq(other.names())
            && values(self).iter().zip(&values(other)).all(same)
    }
}

/// Formats the history as a table with one line per epoch.
impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch")?;
        for name in self.names() {
            write!(f, "  {name:>9}")?;
        }
        // The largest width of a format specification; columns with longer names are not aligned.
        let width = |name: &str| name.chars().count().max(9).min(usize::from(u16::MAX));
        for (row, epoch) in self.epochs.iter().enumerate() {
            write!(f, "\n{:>5}", epoch.saturating_add(1))?;
            for (name, values) in &self.values {
                write!(f, "  {:>width$.4}", values[row], width = width(name))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_length_is_displayed() {
        let (mut history, mut logs) = (History::default(), Logs::default());
        logs.set("a".repeat(70_000), 0.5);
        history.push(usize::MAX, &logs, 1.0, 1);
        assert!(history.to_string().ends_with("0.5000"));
    }

    #[test]
    fn the_same_training_is_equal_however_long_it_took() {
        let history = |loss: f64, seconds: f64, steps: usize| {
            let mut history = History::default();
            for (epoch, value) in [loss, f64::NAN].into_iter().enumerate() {
                let mut logs = Logs::default();
                logs.set("loss", value);
                history.push(epoch, &logs, seconds, steps);
            }
            history
        };
        assert_eq!(history(0.5, 1.0, 3), history(0.5, 2.0, 3));
        assert_ne!(history(0.5, 1.0, 3), history(0.25, 1.0, 3));
        assert_ne!(history(0.5, 1.0, 3), history(0.5, 1.0, 4));
        assert_ne!(history(0.5, 1.0, 3), History::default());
    }
}
