//! Computes the fan-in and the fan-out of a variable.

use super::Shape;
use crate::items::Spec;
use crate::{Error, Result};

/// The axes of a variable that count as inputs and outputs, given where the shape does not determine them; both or neither.
#[derive(Clone, Copy)]
pub(super) struct Axes<'a> {
    pub(super) inputs: Option<&'a [i64]>,
    pub(super) outputs: Option<&'a [i64]>,
}

impl Axes<'_> {
    /// The fan-in and the fan-out for these axes, or those of the shape unless both are given.
    pub(super) fn fans(self, shape: Shape) -> (f64, f64) {
        let (Some(inputs), Some(outputs)) = (self.inputs, self.outputs) else { return shape.fans() };
        let product = |axes: &[i64]| axes.iter().filter_map(|&axis| extent(shape, axis)).product::<usize>() as f64;
        (product(inputs), product(outputs))
    }

    /// Whether the axes exist in a shape.
    pub(super) fn check(self, item: &dyn Spec, shape: Shape) -> Result<()> {
        for (argument, axes) in [("input_axes", self.inputs), ("output_axes", self.outputs)] {
            for &axis in axes.unwrap_or_default() {
                if extent(shape, axis).is_none() {
                    return Err(Error::argument(
                        item.class_name(),
                        argument,
                        axis,
                        format!("an axis of a variable of shape {shape}"),
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The extent of an axis; negative ones count from the end.
fn extent(shape: Shape, axis: i64) -> Option<usize> {
    let extents = if shape.vector { &[shape.columns][..] } else { &[shape.rows, shape.columns] };
    let from_front = if axis < 0 { axis + extents.len() as i64 } else { axis };
    usize::try_from(from_front).ok().and_then(|axis| extents.get(axis)).copied()
}
