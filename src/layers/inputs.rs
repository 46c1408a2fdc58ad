use crate::{Batch, Scalar};

/// Where a value of a walk is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// In units of the workspace, see `Inputs::unit`.
    pub(crate) at: usize,
    pub(crate) columns: usize,
}

/// What a built layer takes in one pass: the outputs of the layers that it follows, one for most layers.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a, T> {
    /// The numbers of the values that are taken, one at least.
    pub(crate) values: &'a [usize],
    pub(crate) places: &'a [Place],
    /// The elements of one unit of a place.
    pub(crate) unit: usize,
    pub(crate) rows: usize,
    pub(crate) stride: usize,
    /// The memory up to the place that the layer writes to, and from its end on.
    pub(crate) before: &'a [T],
    pub(crate) after: &'a [T],
    /// Where `after` begins.
    pub(crate) end: usize,
}

impl<'a, T: Scalar> Inputs<'a, T> {
    /// How many there are.
    #[allow(clippy::len_without_is_empty)] // a node has at least one input
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The first input, the only one of most layers.
    #[inline]
    pub fn first(&self) -> Batch<'a, T> {
        self.value(self.values[0])
    }

    /// All inputs in order.
    pub fn iter(&self) -> impl Iterator<Item = Batch<'a, T>> {
        let inputs = *self;
        self.values.iter().map(move |&value| inputs.value(value))
    }

    #[inline]
    fn value(&self, value: usize) -> Batch<'a, T> {
        let Place { at, columns } = self.places[value];
        let start = at * self.unit;
        let data = if start < self.end { &self.before[start..] } else { &self.after[start - self.end..] };
        Batch::new(data, self.rows, columns, self.stride)
    }
}
