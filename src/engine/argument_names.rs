//! The names of the arguments of a fit or an evaluation in messages.

/// The names of the arguments, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArgumentNames {
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
    pub(crate) weights: &'static str,
}

impl ArgumentNames {
    /// The names of the data given for validation.
    pub(super) const VALIDATION: ArgumentNames =
        ArgumentNames { x: "validation x", y: "validation y", weights: "validation_weights" };

    /// The names of the rows of a source of blocks.
    pub(super) const SOURCE: ArgumentNames = ArgumentNames { x: "x", y: "y", weights: "weights" };
}
