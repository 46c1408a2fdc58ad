//! Whether samples are what a network takes.

use super::arguments::finite_source;
use crate::engine::network::Network;
use crate::kernels::source::Source;
use crate::layers::Domain;
use crate::{Error, Result, Scalar};

impl<T: Scalar> Network<T> {
    /// Whether samples fit this network and are numbers throughout.
    pub(crate) fn check_input(&self, what: &'static str, x: &Source<'_, T>) -> Result<()> {
        if x.columns != self.inputs() {
            return Err(Error::Features { what, expected: self.inputs(), found: x.columns });
        }
        finite_source(what, x)?;
        let mut first = 0;
        for (value, columns) in self.inputs.iter().enumerate() {
            self.check_domains(value, &|layer, domain| domain.check(what, layer, x, first..first + columns))?;
            first += columns;
        }
        Ok(())
    }

    /// Checks what goes into the network against the layers that read it, or that read it unchanged.
    fn check_domains(&self, value: usize, check: &impl Fn(&str, Domain) -> Result<()>) -> Result<()> {
        let readers = self.nodes.iter().filter(|node| node.inputs.contains(&value));
        { readers }.try_for_each(|node| match node.built.domain() {
            Domain::OfNext => self.check_domains(node.value, check),
            domain => check(&node.name, domain),
        })
    }
}
