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
        let domains = self.nodes.iter().map(|node| (&node.name, node.built.domain()));
        match { domains }.find(|(_, domain)| *domain != Domain::OfNext) {
            Some((layer, domain)) => domain.check(what, layer, x),
            None => Ok(()),
        }
    }
}
