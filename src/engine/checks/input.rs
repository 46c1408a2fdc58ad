//! Checks of the samples against a network.

use super::arguments::finite_source;
use crate::engine::network::{InputReader, Network, Node};
use crate::kernels::strided_view::StridedView;
use crate::layers::Domain;
use crate::{Error, Result, Scalar};
use std::ops::Range;

impl<T: Scalar> Network<T> {
    /// Checks that samples fit this network and are finite.
    pub(crate) fn check_input(&self, what: &'static str, x: &StridedView<'_, T>) -> Result<()> {
        if x.columns != self.inputs() {
            return Err(Error::Features { what, expected: self.inputs(), found: x.columns });
        }
        finite_source(what, x)?;
        self.readers.iter().try_for_each(|reader| {
            let layer = &self.nodes[reader.node].name;
            reader.domain.check(what, layer, x, reader.columns.clone())
        })
    }
}

/// The layers whose domains the inputs are checked against. They are determined once, since querying the layers takes longer
/// than predicting a single sample.
pub(in crate::engine) fn readers<T: Scalar>(nodes: &[Node<T>], inputs: &[usize]) -> Vec<InputReader> {
    let mut found = Vec::new();
    let mut first = 0;
    for (value, columns) in inputs.iter().enumerate() {
        add(nodes, value, &(first..first + columns), &mut found);
        first += columns;
    }
    found
}

/// Adds the layers that read a value directly or through layers that leave it unchanged.
fn add<T: Scalar>(nodes: &[Node<T>], value: usize, columns: &Range<usize>, found: &mut Vec<InputReader>) {
    for (node, reader) in nodes.iter().enumerate().filter(|(_, node)| node.inputs.contains(&value)) {
        match reader.built.domain() {
            Domain::Real => {}
            Domain::OfNext => add(nodes, reader.value, columns, found),
            domain => found.push(InputReader { node, domain, columns: columns.clone() }),
        }
    }
}
