/// All weights and state of a model at one moment of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    pub(crate) epoch: usize,
    pub(crate) weights: Vec<T>,
    pub(crate) state: Vec<T>,
}

impl<T> Snapshot<T> {
    /// The epoch, counted from 0, in which the snapshot was taken.
    pub fn epoch(&self) -> usize {
        self.epoch
    }
}
