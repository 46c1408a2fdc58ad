use super::Numbers;
use crate::items::{Spec, item};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, TrainPass};
use crate::{Batch, BatchMut, Result, Scalar};

item! {
    /// Multiplies and adds: `y = x·scale + offset`, (batch, columns) to (batch, columns).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Rescaling;
    ///
    /// let network = Sequential::new().add(Rescaling::new(0.5).offset([1.0, 0.0])).build(2)?;
    /// assert_eq!(network.predict(&dmatrix![4.0, 6.0])?, dmatrix![3.0, 3.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Rescaling`.
    pub struct Rescaling: "Rescaling" (scale: Numbers [finite]) with options: LayerOptions {
        /// The offset that is added, one number or one for each column.
        offset: Numbers [finite] = Numbers::One(0.0),
    }
}

impl Rescaling {
    /// Multiplies by `scale`, one number or one for each column.
    pub fn new(scale: impl Into<Numbers>) -> Self {
        Self::with(scale.into())
    }

    /// The factor and the offset of each column.
    pub(crate) fn line<T: Scalar>(&self, columns: usize) -> Result<[Vec<T>; 2]> {
        self.check()?;
        Ok([self.scale.broadcast(self, "scale", columns)?, self.offset.broadcast(self, "offset", columns)?])
    }
}

impl<T: Scalar> Layer<T> for Rescaling {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        let [scale, offset] = self.line(inputs)?;
        Ok(Box::new(BuiltLine { scale, offset }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

/// `y = x·scale + offset`, column by column.
pub(super) struct BuiltLine<T> {
    pub(super) scale: Vec<T>,
    pub(super) offset: Vec<T>,
}

struct RescaleColumn<T> {
    scale: T,
    offset: T,
}

impl<T: Element> Lanewise<T, 1, 1> for RescaleColumn<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [s.mul_add(x, s.splat(self.scale), s.splat(self.offset))]
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltLine<T> {
    fn outputs(&self) -> usize {
        self.scale.len()
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for (j, (&scale, &offset)) in self.scale.iter().zip(&self.offset).enumerate() {
            lanewise::apply(&RescaleColumn { scale, offset }, [x.column(j)], [y.column_mut(j)]);
        }
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let Some(mut dx) = dx else { return };
        for (j, &scale) in self.scale.iter().enumerate() {
            lanewise::apply(&RescaleColumn { scale, offset: T::zero() }, [dy.column(j)], [dx.column_mut(j)]);
        }
    }
}
