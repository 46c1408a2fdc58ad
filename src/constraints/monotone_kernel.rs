use super::Constraint;
use crate::initializers::Shape;
use crate::items::{Spec, invalid, item};
use crate::{Result, Scalar};

item! {
    /// A kernel (inputs × units) with the signs that make its units monotone: the kernels of a
    /// [monotone pipeline](crate::pipeline::Pipeline::monotone) have one each.
    ///
    /// Each input and each unit has a sign: 1 for what may only rise with the raw columns, −1 for what may only fall, 0 for what
    /// must not depend on them. The weight of an input with sign `s` into a unit with sign `u` is projected onto
    ///
    /// ```text
    /// w ≥ 0 where s·u = 1,   w ≤ 0 where s·u = −1,   w = 0 where u = 0 and s ≠ 0,   any w where s = 0
    /// ```
    ///
    /// Units of both signs let a network with relu learn convex and concave functions, since a unit that falls contributes
    /// `−relu(−z)`. The first weights, too, get their signs by a reflection, `|w|` or `−|w|`, which keeps their variance.
    ///
    /// ```
    /// use perceptra::{constraints::{Constraint, MonotoneKernel}, initializers::Shape};
    ///
    /// let kernel = MonotoneKernel::new([1, 0], [1, -1, 0]);
    /// let mut weights = [-0.5, -0.5, -0.5, 2.0, -2.0, 2.0];
    /// kernel.apply(&mut weights, Shape::matrix(2, 3));
    /// assert_eq!(weights, [0.0, -0.5, 0.0, 2.0, -2.0, 2.0]);
    /// ```
    ///
    /// # References
    ///
    /// D. Runje and S. M. Shankaranarayana, *Constrained monotonic neural networks*, ICML 2023.
    #[derive(PartialEq)]
    pub struct MonotoneKernel: "MonotoneKernel" (inputs: Vec<i64> [in -1..=1], units: Vec<i64> [in -1..=1]) {}
}

impl MonotoneKernel {
    /// The signs of the inputs and of the units, each 1, 0 or −1.
    pub fn new(inputs: impl Into<Vec<i64>>, units: impl Into<Vec<i64>>) -> Self {
        Self::with(inputs.into(), units.into())
    }

    /// The weights that are constrained, each with its sign.
    fn update<T: Scalar>(&self, values: &mut [T], change: impl Fn(T, T) -> T) {
        let Some(columns) = std::num::NonZeroUsize::new(self.units.len()) else { return };
        for (row, &input) in values.chunks_exact_mut(columns.get()).zip(&self.inputs).filter(|(_, input)| **input != 0)
        {
            for (weight, &unit) in row.iter_mut().zip(&self.units) {
                *weight = change(T::of((input * unit) as f64), *weight);
            }
        }
    }
}

impl<T: Scalar> Constraint<T> for MonotoneKernel {
    fn apply(&self, values: &mut [T], _: Shape) {
        self.update(values, |sign, weight| if sign * weight > T::zero() { weight } else { T::zero() });
    }

    fn initialize(&self, values: &mut [T], _: Shape) {
        self.update(values, |sign, weight| sign * weight.abs());
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        for (argument, signs, expected) in [("inputs", &self.inputs, shape.rows), ("units", &self.units, shape.columns)]
        {
            if signs.len() != expected {
                let found = format!("a list of {}", signs.len());
                return Err(invalid(self, argument, found, format!("a sign for each of {expected}")));
            }
        }
        Spec::check(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_get_the_product_of_both_signs() {
        let kernel = MonotoneKernel::new([1, -1, 0], [1, -1, 0]);
        let all = [0.5f32, 0.5, 0.5, -0.25, -0.25, -0.25, -3.0, 3.0, 3.0];
        let mut projected = all;
        kernel.apply(&mut projected, Shape::matrix(3, 3));
        assert_eq!(projected, [0.5, 0.0, 0.0, -0.25, 0.0, 0.0, -3.0, 3.0, 3.0]);
        let mut first = all;
        kernel.initialize(&mut first, Shape::matrix(3, 3));
        assert_eq!(first, [0.5, -0.5, 0.0, -0.25, 0.25, 0.0, -3.0, 3.0, 3.0]);
    }

    #[test]
    fn signs_of_another_shape_and_other_numbers_are_refused() {
        let kernel = MonotoneKernel::new([1, 0], [1]);
        assert!(Constraint::<f32>::check_shape(&kernel, Shape::matrix(2, 1)).is_ok());
        for shape in [Shape::matrix(1, 1), Shape::matrix(2, 2)] {
            let error = Constraint::<f32>::check_shape(&kernel, shape).unwrap_err().to_string();
            assert!(error.contains("a sign for each of"), "{error}");
        }
        let other = MonotoneKernel::new([2], [1]);
        assert!(Constraint::<f32>::check_shape(&other, Shape::matrix(1, 1)).is_err());
    }
}
