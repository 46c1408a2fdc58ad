//! The shape of a variable.

/// The shape of a variable: inputs × units for a kernel, 1 × units for a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows: the inputs of a kernel.
    pub rows: usize,
    /// Columns: the units of a kernel.
    pub columns: usize,
    /// Whether it is a vector, written as one row.
    pub vector: bool,
}

impl Shape {
    /// A matrix.
    pub fn matrix(rows: usize, columns: usize) -> Self {
        Shape { rows, columns, vector: false }
    }

    /// A vector.
    pub fn vector(length: usize) -> Self {
        Shape { rows: 1, columns: length, vector: true }
    }

    /// The number of values.
    pub fn count(&self) -> usize {
        self.rows * self.columns
    }

    /// Keras's fan-in and fan-out: rows and columns of a matrix, the length twice of a vector.
    pub fn fans(&self) -> (f64, f64) {
        if self.vector { (self.columns as f64, self.columns as f64) } else { (self.rows as f64, self.columns as f64) }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.vector { write!(f, "({})", self.columns) } else { write!(f, "({}, {})", self.rows, self.columns) }
    }
}
