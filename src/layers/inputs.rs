//! The inputs of a layer in one pass.

use crate::{Batch, Scalar};

/// The position of a layer's output in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WorkspacePlace {
    /// The offset, in units of the workspace; see `Inputs::unit`.
    pub(crate) at: usize,
    pub(crate) columns: usize,
}

/// The inputs of a layer in one pass: the outputs of the layers that it follows, one for most layers.
///
/// A layer of several inputs is built by [`Layer::build_from`](super::Layer::build_from) and computes in
/// [`infer_from`](super::BuiltLayer::infer_from), [`forward_from`](super::BuiltLayer::forward_from) and
/// [`backward_to`](super::BuiltLayer::backward_to):
///
/// ```
/// use perceptra::layers::{BuiltLayer, InferPass, Inputs, Layer, TrainPass};
/// use perceptra::{Batch, BatchMut, Error, Result, items::Spec};
///
/// /// The sum of its inputs, all of the same columns.
/// #[derive(Debug)]
/// struct Add;
///
/// struct BuiltAdd(usize);
///
/// impl Spec for Add {}
///
/// impl Layer<f32> for Add {
///     fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<f32>>> {
///         self.build_from(&[inputs])
///     }
///
///     fn build_from(&self, inputs: &[usize]) -> Result<Box<dyn BuiltLayer<f32>>> {
///         match inputs {
///             [first, rest @ ..] if rest.iter().all(|columns| columns == first) => Ok(Box::new(BuiltAdd(*first))),
///             _ => Err(Error::Layer { layer: "Add".into(), reason: format!("it cannot add {inputs:?} columns") }),
///         }
///     }
/// }
///
/// impl BuiltLayer<f32> for BuiltAdd {
///     fn outputs(&self) -> usize {
///         self.0
///     }
///
///     fn infer(&self, _: InferPass<'_, f32>, x: Batch<'_, f32>, mut y: BatchMut<'_, f32>) {
///         y.copy_from(x);
///     }
///
///     fn backward(
///         &self,
///         _: TrainPass<'_, f32>,
///         _: Batch<'_, f32>,
///         _: Batch<'_, f32>,
///         dy: Batch<'_, f32>,
///         dx: Option<BatchMut<'_, f32>>,
///     ) {
///         dx.into_iter().for_each(|mut dx| dx.copy_from(dy));
///     }
///
///     fn infer_from(&self, _: InferPass<'_, f32>, x: Inputs<'_, f32>, mut y: BatchMut<'_, f32>) {
///         y.copy_from(x.first());
///         for x in x.iter().skip(1) {
///             for j in 0..x.columns() {
///                 y.column_mut(j).iter_mut().zip(x.column(j)).for_each(|(y, x)| *y += x);
///             }
///         }
///     }
///
///     fn forward_from(&self, mut pass: TrainPass<'_, f32>, x: Inputs<'_, f32>, y: BatchMut<'_, f32>) {
///         self.infer_from(pass.as_inference(), x, y);
///     }
///
///     fn backward_to(
///         &self,
///         _: TrainPass<'_, f32>,
///         _: Inputs<'_, f32>,
///         _: Batch<'_, f32>,
///         dy: Batch<'_, f32>,
///         dx: Option<(usize, BatchMut<'_, f32>)>,
///     ) {
///         dx.into_iter().for_each(|(_, mut dx)| dx.copy_from(dy));
///     }
/// }
///
/// assert_eq!(Add.build_from(&[3, 3])?.outputs(), 3);
/// assert!(Add.build_from(&[3, 2]).is_err());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a, T> {
    /// The numbers of the values that are taken, one at least.
    pub(crate) values: &'a [usize],
    pub(crate) places: &'a [WorkspacePlace],
    /// The elements of one unit of a place.
    pub(crate) unit: usize,
    pub(crate) rows: usize,
    pub(crate) stride: usize,
    /// The memory up to the place that the layer writes to, and from its end on.
    pub(crate) before: &'a [T],
    pub(crate) after: &'a [T],
    /// The position at which `after` begins.
    pub(crate) end: usize,
}

impl<'a, T: Scalar> Inputs<'a, T> {
    /// The number of inputs.
    #[allow(clippy::len_without_is_empty)] // a node has at least one input
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The first input, the only one of most layers.
    #[inline]
    pub fn first(&self) -> Batch<'a, T> {
        self.value(self.values[0])
    }

    /// Iterates over all inputs in order.
    pub fn iter(&self) -> impl Iterator<Item = Batch<'a, T>> {
        let inputs = *self;
        self.values.iter().map(move |&value| inputs.value(value))
    }

    #[inline]
    fn value(&self, value: usize) -> Batch<'a, T> {
        let WorkspacePlace { at, columns } = self.places[value];
        let start = at * self.unit;
        let data = if start < self.end { &self.before[start..] } else { &self.after[start - self.end..] };
        Batch::new(data, self.rows, columns, self.stride)
    }
}
