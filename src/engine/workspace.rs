//! The memory of a pass: the values of the nodes, the scratch of the layers and, for training, the gradients of the values.

use super::network::Network;
use super::plan::Plan;
use crate::kernels::aligned::Aligned;
use crate::kernels::padded;
use crate::layers::{Inputs, WorkspacePlace};
use crate::memory::OutOfMemory;
use crate::{Batch, BatchMut, Scalar};

/// The values of one pass over a batch, in borrowed memory.
pub(super) struct ValueBuffers<'m, T> {
    memory: &'m mut [T],
    plan: &'m Plan,
    unit: usize,
    rows: usize,
    stride: usize,
}

impl<'m, T: Scalar> ValueBuffers<'m, T> {
    /// Values of `rows` samples, in units of [`Plan::unit`].
    #[inline]
    pub(super) fn new(memory: &'m mut [T], plan: &'m Plan, unit: usize, (rows, stride): (usize, usize)) -> Self {
        ValueBuffers { memory, plan, unit, rows, stride }
    }

    /// One value, mutably.
    #[inline]
    pub(super) fn value_mut(&mut self, value: usize) -> BatchMut<'_, T> {
        let place = self.plan.places[value];
        BatchMut::new(&mut self.memory[place.at * self.unit..], self.rows, place.columns, self.stride)
    }

    /// One value.
    #[inline]
    pub(super) fn value(&self, value: usize) -> Batch<'_, T> {
        let place = self.plan.places[value];
        Batch::new(&self.memory[place.at * self.unit..], self.rows, place.columns, self.stride)
    }

    /// The input and the output of a node with one input.
    #[inline(always)]
    pub(super) fn pair(&mut self, input: usize, output: usize) -> (Batch<'_, T>, BatchMut<'_, T>) {
        let (from, to) = (self.plan.places[input], self.plan.places[output]);
        let (start, end) = (from.at * self.unit, to.at * self.unit);
        let (x, y) = if start < end {
            let (before, rest) = self.memory.split_at_mut(end);
            (&before[start..], rest)
        } else {
            let (before, rest) = self.memory.split_at_mut(start);
            (&*rest, &mut before[end..])
        };
        (Batch::new(x, self.rows, from.columns, self.stride), BatchMut::new(y, self.rows, to.columns, self.stride))
    }

    /// The inputs and the output of a node with several inputs.
    #[inline]
    pub(super) fn node<'s>(&'s mut self, inputs: &'s [usize], output: usize) -> (Inputs<'s, T>, BatchMut<'s, T>) {
        let place = self.plan.places[output];
        let start = place.at * self.unit;
        let (before, rest) = self.memory.split_at_mut(start);
        // A slot of a plan that reuses slots is one unit, else one unit for each column.
        let length = crate::batch::extent(place.columns, self.stride);
        let (written, after) = rest.split_at_mut(length);
        let x = Inputs {
            values: inputs,
            places: &self.plan.places,
            unit: self.unit,
            rows: self.rows,
            stride: self.stride,
            before,
            after,
            end: start + length,
        };
        (x, BatchMut::new(written, self.rows, place.columns, self.stride))
    }
}

/// The values of all nodes, kept from forward to backward, and the scratch of the layers.
pub(super) struct Workspace<T: Scalar> {
    plan: Plan,
    memory: Aligned<T>,
    pub(super) scratch: Scratch<T>,
    /// The number of columns of all inputs of the network.
    inputs: usize,
    rows: usize,
    stride: usize,
}

/// The scratch of the layers.
pub(super) struct Scratch<T: Scalar> {
    memory: Aligned<T>,
    /// The offset of each node's scratch, and the end of the last one.
    starts: Vec<usize>,
}

impl<T: Scalar> Scratch<T> {
    /// Allocates separate scratch for each node, kept from forward to backward.
    fn kept(network: &Network<T>, stride: usize) -> Result<Self, OutOfMemory> {
        let mut starts = vec![0];
        for node in &network.nodes {
            let length = node.built.scratch(stride).checked_next_multiple_of(crate::kernels::LANES);
            starts.push(starts.last().copied().unwrap_or(0_usize).saturating_add(length.unwrap_or(usize::MAX)));
        }
        Ok(Scratch { memory: Aligned::try_zeros(&[starts.last().copied().unwrap_or(0)])?, starts })
    }

    /// Allocates scratch that all nodes use in turn.
    fn shared(network: &Network<T>, stride: usize) -> Result<Self, OutOfMemory> {
        let most = network.nodes.iter().map(|node| node.built.scratch(stride)).max().unwrap_or(0);
        Ok(Scratch { memory: Aligned::try_zeros(&[most])?, starts: vec![0, most] })
    }

    /// The whole scratch, for nodes that use it in turn.
    pub(super) fn common(&mut self) -> &mut [T] {
        &mut self.memory
    }

    /// The scratch of a node.
    #[inline]
    pub(super) fn node(&mut self, node: usize) -> &mut [T] {
        let (start, end) = (self.starts[node], self.starts[node + 1]);
        &mut self.memory[start..end]
    }
}

impl<T: Scalar> Workspace<T> {
    /// A workspace for training: every node keeps its scratch until the backward pass.
    pub(super) fn for_training(network: &Network<T>, batch_size: usize) -> crate::Result<Self> {
        Self::with(network, batch_size, Scratch::kept(network, padded(batch_size)))
    }

    /// A workspace for passes in which layers compute as in prediction.
    pub(super) fn for_inference(network: &Network<T>, batch_size: usize) -> crate::Result<Self> {
        Self::with(network, batch_size, Scratch::shared(network, padded(batch_size)))
    }

    fn with(network: &Network<T>, batch_size: usize, scratch: Result<Scratch<T>, OutOfMemory>) -> crate::Result<Self> {
        let (plan, stride) = (network.kept.clone(), padded(batch_size));
        let lack = |lack| network.lacks(lack, batch_size);
        let (scratch, memory) = (scratch.map_err(lack)?, Aligned::try_zeros(&[plan.length(stride)]).map_err(lack)?);
        Ok(Workspace { plan, memory, scratch, inputs: network.inputs(), rows: batch_size, stride })
    }

    /// Sets the number of rows, at most that of construction.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.stride = padded(rows);
    }

    /// The values for a forward pass, and the scratch.
    #[inline]
    pub(super) fn split(&mut self) -> (ValueBuffers<'_, T>, &mut Scratch<T>) {
        let values = ValueBuffers::new(&mut self.memory, &self.plan, self.stride, (self.rows, self.stride));
        (values, &mut self.scratch)
    }

    /// All inputs of the network, side by side.
    pub(super) fn input_mut(&mut self) -> BatchMut<'_, T> {
        BatchMut::new(&mut self.memory, self.rows, self.inputs, self.stride)
    }

    /// One value.
    #[inline]
    pub(super) fn value(&self, value: usize) -> Batch<'_, T> {
        let place = self.plan.places[value];
        Batch::new(&self.memory[place.at * self.stride..], self.rows, place.columns, self.stride)
    }

    /// The value of the last node, to be written.
    pub(super) fn output_mut(&mut self) -> BatchMut<'_, T> {
        let place = self.plan.places[self.plan.places.len() - 1];
        BatchMut::new(&mut self.memory[place.at * self.stride..], self.rows, place.columns, self.stride)
    }

    /// The value of the last node.
    #[inline]
    pub(super) fn output(&self) -> Batch<'_, T> {
        self.value(self.plan.places.len() - 1)
    }

    /// The values that a node with one input read and wrote, and its scratch, for the backward pass.
    #[inline(always)]
    pub(super) fn pair(&mut self, input: usize, output: usize, node: usize) -> (Batch<'_, T>, Batch<'_, T>, &mut [T]) {
        let Workspace { plan, memory, scratch, rows, stride, .. } = self;
        // Written out, since an array's `map` would be a call for each node of a step.
        let x = batch(plan.places[input], memory, (*rows, *stride));
        let y = batch(plan.places[output], memory, (*rows, *stride));
        (x, y, scratch.node(node))
    }

    /// The values that a node with several inputs read and wrote, and its scratch, for the backward pass.
    #[inline]
    pub(super) fn node<'s>(
        &'s mut self,
        inputs: &'s [usize],
        output: usize,
        node: usize,
    ) -> (Inputs<'s, T>, Batch<'s, T>, &'s mut [T]) {
        let place = self.plan.places[output];
        let start = place.at * self.stride;
        let (before, rest) = self.memory.split_at(start);
        let x = Inputs {
            values: inputs,
            places: &self.plan.places,
            unit: self.stride,
            rows: self.rows,
            stride: self.stride,
            before,
            after: &[],
            end: start,
        };
        (x, Batch::new(rest, self.rows, place.columns, self.stride), self.scratch.node(node))
    }
}

/// The value at a place in the memory.
#[inline(always)]
fn batch<T: Scalar>(place: WorkspacePlace, memory: &[T], (rows, stride): (usize, usize)) -> Batch<'_, T> {
    Batch::new(&memory[place.at * stride..], rows, place.columns, stride)
}

/// The gradients of the values, with the same layout as the values.
pub(super) struct GradientBuffers<T: Scalar> {
    plan: Plan,
    memory: Aligned<T>,
    /// The gradient from one of several readers of a value, before it is added to the sum.
    addend: Aligned<T>,
    /// For each value, whether its gradient is computed.
    pub(super) wanted: Vec<bool>,
    /// The number of columns of all inputs of the network.
    inputs: usize,
    rows: usize,
    stride: usize,
}

impl<T: Scalar> GradientBuffers<T> {
    /// Buffers for the gradients of these values, for batches of at most `batch_size`.
    pub(super) fn new(network: &Network<T>, wanted: Vec<bool>, batch_size: usize) -> crate::Result<Self> {
        let (plan, stride) = (network.kept.clone(), padded(batch_size));
        let added = network.nodes.iter().flat_map(|node| node.inputs.iter().zip(&node.adds));
        let widest = added.filter(|(_, adds)| **adds).map(|(&value, _)| plan.places[value].columns).max();
        let lack = |lack| network.lacks(lack, batch_size);
        Ok(GradientBuffers {
            memory: Aligned::try_zeros(&[plan.length(stride)]).map_err(lack)?,
            addend: Aligned::try_zeros(&[widest.unwrap_or(0), stride]).map_err(lack)?,
            plan,
            wanted,
            inputs: network.inputs(),
            rows: batch_size,
            stride,
        })
    }

    /// Sets the number of rows, at most that of construction.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.stride = padded(rows);
    }

    /// The gradient of one value.
    #[inline]
    pub(super) fn value_mut(&mut self, value: usize) -> BatchMut<'_, T> {
        let place = self.plan.places[value];
        BatchMut::new(&mut self.memory[place.at * self.stride..], self.rows, place.columns, self.stride)
    }

    /// The gradient of all inputs of the network, side by side.
    pub(super) fn input(&self) -> Batch<'_, T> {
        Batch::new(&self.memory, self.rows, self.inputs, self.stride)
    }

    /// The gradient of the last node's value, which the loss writes.
    #[inline]
    pub(super) fn output_mut(&mut self) -> BatchMut<'_, T> {
        self.value_mut(self.plan.places.len() - 1)
    }

    /// The gradient of a node's output, and the buffer for the gradient of one of its inputs: that of the value, or a separate one if
    /// other readers have already written it.
    #[inline(always)]
    pub(super) fn pair(&mut self, output: usize, input: usize, adds: bool) -> (Batch<'_, T>, BatchMut<'_, T>) {
        let (above, below) = (self.plan.places[output], self.plan.places[input]);
        let (before, rest) = self.memory.split_at_mut(above.at * self.stride);
        let to = if adds { &mut self.addend[..] } else { &mut before[below.at * self.stride..] };
        (
            Batch::new(rest, self.rows, above.columns, self.stride),
            BatchMut::new(to, self.rows, below.columns, self.stride),
        )
    }

    /// Adds the separate buffer to the gradient of a value.
    pub(super) fn add(&mut self, input: usize) {
        let place = self.plan.places[input];
        let to = &mut self.memory[place.at * self.stride..][..place.columns * self.stride];
        to.iter_mut().zip(self.addend.iter()).for_each(|(to, &addend)| *to += addend);
    }
}
