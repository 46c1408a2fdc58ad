//! The columns that a metric of hits and misses compares.

use crate::items::invalid;
use crate::kernels::rowwise::{self, BatchColumns, Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::metrics::{Metric, Width};
use crate::{Batch, Result, Scalar};

/// The value that replaces all but the `k` largest outputs of a sample: below every threshold.
pub(crate) const DROPPED: f64 = -1e10;

/// Selects all columns or one, and all outputs of each sample or only the largest.
pub(crate) struct Selection<T> {
    class_id: Option<usize>,
    top_k: Option<usize>,
    kept: Vec<T>,
}

impl<T: Scalar> Selection<T> {
    /// The selection of a metric, if the widths allow it.
    pub(crate) fn new(
        metric: &impl Metric<T>,
        width: Width,
        class_id: Option<usize>,
        top_k: Option<usize>,
    ) -> Result<Self> {
        width.matching(metric)?;
        let outputs = width.outputs;
        match (class_id, top_k) {
            (Some(class), _) if class >= outputs => {
                Err(invalid(metric, "class_id", class, format!("less than the number of outputs, {outputs}")))
            }
            (_, Some(k)) if k == 0 || k > outputs => {
                Err(invalid(metric, "top_k", k, format!("1 to the number of outputs, {outputs}")))
            }
            _ => Ok(Selection { class_id, top_k, kept: Vec::new() }),
        }
    }

    /// Calls a function with the targets and predictions of each column.
    pub(crate) fn columns(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, mut visit: impl FnMut(&[T], &[T])) {
        for column in self.class_id.map_or(0..p.columns(), |class| class..class + 1) {
            match self.top_k {
                None => visit(y.column(column), p.column(column)),
                Some(k) => {
                    self.kept.resize(p.rows(), T::zero());
                    rowwise::apply(
                        &Largest { column, k },
                        BatchColumns::from_batch(y),
                        BatchColumns::from_batch(p),
                        &mut self.kept,
                    );
                    visit(y.column(column), &self.kept);
                }
            }
        }
    }
}

/// The value of a column if it is among the `k` largest of its sample, else [`DROPPED`]; ties rank by column index.
struct Largest {
    column: usize,
    k: usize,
}

impl<T: Element> Rowwise<T> for Largest {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, _: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        let (value, one) = (p.load(s, self.column), s.literal(1.0));
        let mut before = s.zero();
        for j in 0..p.count() {
            let other = p.load(s, j);
            let precedes = if j < self.column { s.ge(other, value) } else { s.gt(other, value) };
            before = s.add(before, s.select(precedes, one, s.zero()));
        }
        s.select(s.gt(s.literal(self.k as f64), before), value, s.literal(DROPPED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::dmatrix;
    use crate::metrics::Recall;

    #[test]
    fn the_largest_stay_and_of_equals_the_first() -> Result<()> {
        let p = BatchBuffer::from_matrix(&dmatrix![0.1, 0.6, 0.3; 0.4, 0.2, 0.4; 0.3, 0.3, 0.3f64]);
        let width = Width { targets: 3, outputs: 3 };
        let mut selection = Selection::new(&Recall, width, None, Some(1))?;
        let mut kept = Vec::new();
        selection.columns(p.batch(), p.batch(), |_, p| kept.push(p.to_vec()));
        assert_eq!(kept, [[DROPPED, 0.4, 0.3], [0.6, DROPPED, DROPPED], [DROPPED, DROPPED, DROPPED]]);
        Ok(())
    }
}
