use crate::items::argument::plain;
use crate::items::range::{Range, Ranged};

/// How often a callback saves.
///
/// ```
/// use perceptra::callbacks::{ModelCheckpoint, SaveFreq};
///
/// let every_epoch = ModelCheckpoint::new("model.safetensors").save_freq(SaveFreq::Epoch);
/// let every_hundred_batches = ModelCheckpoint::new("model.safetensors").save_freq(100);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase", expecting = "expected \"epoch\" or a whole number of batches")]
pub enum SaveFreq {
    /// After every epoch; Keras's `"epoch"`.
    #[default]
    Epoch,
    /// After this many batches, counted across epochs; at least 1.
    #[serde(untagged)]
    Batches(usize),
}

impl From<usize> for SaveFreq {
    fn from(batches: usize) -> Self {
        SaveFreq::Batches(batches)
    }
}

plain!(ranged SaveFreq);

impl Ranged for SaveFreq {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        let SaveFreq::Batches(batches) = self else { return None };
        batches.out_of(range).map(|(value, expected)| (format!("{value} batches"), expected))
    }
}

/// Counts the batches since the last save.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct BatchCount(usize);

impl BatchCount {
    /// Counts one more batch; returns whether to save.
    pub(super) fn is_due(&mut self, every: SaveFreq) -> bool {
        let SaveFreq::Batches(batches) = every else { return false };
        self.0 = self.0.saturating_add(1);
        let due = self.0 >= batches.max(1);
        if due {
            self.0 = 0;
        }
        due
    }
}
