//! How error messages name the arguments of a fit or an evaluation.

/// The names of the samples, targets and weights in messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArgumentNames {
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
    pub(crate) weights: &'static str,
}

impl ArgumentNames {
    /// The names for validation data.
    pub(super) const VALIDATION: ArgumentNames =
        ArgumentNames { x: "validation x", y: "validation y", weights: "validation_weights" };

    /// The names for the rows of a block source.
    pub(super) const SOURCE: ArgumentNames = ArgumentNames { x: "x", y: "y", weights: "weights" };
}
