//! The form of outputs that losses and metrics expect.

/// The form of outputs that a loss or a metric expects of a model.
///
/// A model whose last activation yields something else is trained or measured all the same, as in Keras, with a
/// [`Warning`](crate::models::Warning).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outputs {
    /// Any numbers.
    Any,
    /// Numbers of at least 0.
    NotNegative,
    /// A probability each, in [0, 1].
    Probabilities,
    /// The probabilities of classes, or numbers of at least 0 that are divided by their sum.
    ClassProbabilities,
    /// Logits of which the sigmoid is taken.
    Logits,
    /// Logits of classes, of which the softmax is taken.
    ClassLogits,
    /// Signed distances from a boundary at 0.
    Margins,
    /// One output for each of at least two classes, of which the largest counts.
    Classes,
}

impl Outputs {
    /// Probabilities of two classes, or the logits of them.
    pub(crate) fn binary(from_logits: bool) -> Self {
        if from_logits { Outputs::Logits } else { Outputs::Probabilities }
    }

    /// Probabilities of several classes, or the logits of them.
    pub(crate) fn categorical(from_logits: bool) -> Self {
        if from_logits { Outputs::ClassLogits } else { Outputs::ClassProbabilities }
    }
}
