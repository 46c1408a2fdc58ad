//! The last part of a normalization: a factor `gamma` and an offset `beta` for each column.

use crate::Scalar;
use crate::layers::Parameter;

/// The factor and the offset of each column, both optional.
pub(crate) struct Affine<T: Scalar> {
    pub(crate) gamma: Option<Parameter<T>>,
    pub(crate) beta: Option<Parameter<T>>,
}

impl<T: Scalar> Affine<T> {
    /// The variables that exist, gamma first.
    pub(crate) fn parameters(&self) -> Vec<Parameter<T>> {
        self.gamma.iter().chain(&self.beta).cloned().collect()
    }

    /// `(gamma, beta)` in the weights of a layer with this many columns.
    pub(crate) fn split<'a>(&self, columns: usize, weights: &'a [T]) -> (Option<&'a [T]>, Option<&'a [T]>) {
        let (gamma, beta) = weights.split_at(if self.gamma.is_some() { columns } else { 0 });
        (self.gamma.is_some().then_some(gamma), self.beta.is_some().then_some(beta))
    }

    /// `(gamma, beta)` in the gradients of a layer with this many columns.
    pub(crate) fn split_mut<'a>(
        &self,
        columns: usize,
        gradients: &'a mut [T],
    ) -> (Option<&'a mut [T]>, Option<&'a mut [T]>) {
        let (gamma, beta) = gradients.split_at_mut(if self.gamma.is_some() { columns } else { 0 });
        (self.gamma.is_some().then_some(gamma), self.beta.is_some().then_some(beta))
    }
}

/// The factor of a column; 1 if none is learned.
pub(crate) fn factor<T: Scalar>(gamma: Option<&[T]>, column: usize) -> T {
    gamma.map_or(T::one(), |gamma| gamma[column])
}

/// The offset of a column; 0 if none is learned.
pub(crate) fn offset<T: Scalar>(beta: Option<&[T]>, column: usize) -> T {
    beta.map_or(T::zero(), |beta| beta[column])
}

/// The gamma and beta of a normalization, as its arguments describe them.
macro_rules! affine {
    ($layer:expr, $columns:expr) => {{
        let shape = $crate::initializers::Shape::vector($columns);
        let gamma = $crate::layers::Parameter::weight("gamma", shape, $layer.gamma_initializer.clone())
            .regularizer($layer.gamma_regularizer.clone())
            .constraint($layer.gamma_constraint.clone());
        let beta = $crate::layers::Parameter::weight("beta", shape, $layer.beta_initializer.clone())
            .regularizer($layer.beta_regularizer.clone())
            .constraint($layer.beta_constraint.clone());
        $crate::layers::normalization::forms::affine::Affine {
            gamma: $layer.scale.then_some(gamma),
            beta: $layer.center.then_some(beta),
        }
    }};
}
pub(crate) use affine;
