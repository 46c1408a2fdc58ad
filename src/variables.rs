//! The variables of a model and their ranges in its flat vectors.

use crate::shape::Shape;
use std::ops::Range;

/// One variable of a model: a kernel, a bias, a moving average.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The layer's name and the variable's, `dense_1/kernel`.
    pub path: String,
    /// Its shape.
    pub shape: Shape,
    /// The start of its values in the flat vector.
    pub offset: usize,
    /// The position of its layer in the model.
    pub layer: usize,
    /// Whether training moves it. A variable of a frozen layer is not moved.
    pub trainable: bool,
}

impl Variable {
    /// A table of trainable variables that are contiguous, all in layer 0.
    ///
    /// ```
    /// use perceptra::{Variable, initializers::Shape};
    ///
    /// let table = Variable::table([("dense/kernel", Shape::matrix(3, 4)), ("dense/bias", Shape::vector(4))]);
    /// assert_eq!(table[1].range(), 12..16);
    /// assert_eq!(table[1].name(), "bias");
    /// ```
    pub fn table<P: Into<String>>(variables: impl IntoIterator<Item = (P, Shape)>) -> Vec<Variable> {
        let mut end = 0;
        let entry = |(path, shape): (P, Shape)| {
            let offset = end;
            end += shape.count();
            Variable { path: path.into(), shape, offset, layer: 0, trainable: true }
        };
        variables.into_iter().map(entry).collect()
    }

    /// The range of its values in the flat vector.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.shape.count()
    }

    /// Its name within the layer: what follows the last `/` of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The runs of neighbouring trainable variables, as ranges of indices into `variables`.
pub(crate) fn trainable_runs(variables: &[Variable]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (i, _) in variables.iter().enumerate().filter(|(_, variable)| variable.trainable) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}
