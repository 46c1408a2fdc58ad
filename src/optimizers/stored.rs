//! The slots of an optimizer as Keras's files hold them.

use crate::variables::Variable;

/// One array in a Keras file that belongs to a slot of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The position of the variable among the trainable ones.
    pub variable: usize,
    /// What it holds.
    pub extent: Extent,
}

/// The part of a slot that an array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All values of this slot, in the variable's shape.
    Whole(usize),
    /// So many first values of a slot.
    First(usize, usize),
    /// A single number that means nothing.
    Placeholder,
    /// Values in the variable's shape that the next step overwrites: the outer product of two slots, over the mean of
    /// the first.
    Product(usize, usize),
}

/// All slots, which alternate from variable to variable: Keras's usual order.
pub(crate) fn alternating(variables: &[&Variable], slots: std::ops::Range<usize>) -> Vec<Stored> {
    let each = |variable| slots.clone().map(move |slot| Stored { variable, extent: Extent::Whole(slot) });
    (0..variables.len()).flat_map(each).collect()
}
