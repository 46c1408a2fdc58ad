//! The slots of an optimizer as they are stored in Keras's files.

use crate::lists::joined;
use crate::variables::Variable;

/// One array in a Keras file that belongs to a variable of the model; see
/// [`Optimizer::stored_slots`](super::Optimizer::stored_slots).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The position of the variable among the trainable ones.
    pub variable: usize,
    /// The values that it holds.
    pub extent: Extent,
}

/// The values of an optimizer's slots that an array in a Keras file holds. Slots are numbered as in
/// [`Optimizer::slots`](super::Optimizer::slots).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All values of a slot, in the variable's shape.
    Whole(usize),
    /// The first values of a slot.
    First {
        /// The slot.
        slot: usize,
        /// The number of values.
        count: usize,
    },
    /// A single number that is never read.
    Placeholder,
    /// Values in the variable's shape that the next step overwrites: the outer product of two slots, divided by the mean of
    /// the first.
    Product {
        /// The first values of this slot, one for each row.
        rows: usize,
        /// The first values of this slot, one for each column.
        columns: usize,
    },
}

/// All slots of one variable, then those of the next: Keras's usual order.
pub(crate) fn alternating(variables: &[&Variable], slots: std::ops::Range<usize>) -> Vec<Stored> {
    joined(0..variables.len(), |variable| {
        slots.clone().map(|slot| Stored { variable, extent: Extent::Whole(slot) }).collect()
    })
}
