//! The state of an optimizer as the arrays of a file, in the order in which Keras keeps it.

use super::era::Era;
use super::hdf5::{Array, Leaf, NumberType};
use super::state_layout::{StateArray, keras_3, layouts};
use crate::engine::Network;
use crate::items::invalid;
use crate::optimizers::{Extent, LearningRate, OptimizerState, Stored};
use crate::saving::native::shape;
use crate::{DType, Scalar, Variable};

/// Counts from here on are not distinct in a floating-point number.
const FAR: f64 = (1u64 << 53) as f64;

fn trained<T: Scalar>(network: &Network<T>) -> Vec<&Variable> {
    network.variables().iter().filter(|variable| variable.trainable).collect()
}

/// Numbers of the model's width.
pub(super) fn leaf<T: Scalar>(shape: Vec<usize>, values: impl Iterator<Item = T>) -> Leaf {
    match T::DTYPE {
        DType::Float64 => {
            let bytes = values.flat_map(|value| value.to_f64().to_le_bytes()).collect();
            Leaf { shape, number: NumberType::F64, bytes }
        }
        DType::Float32 => {
            let bytes = values.flat_map(|value| (value.to_f64() as f32).to_le_bytes()).collect();
            Leaf { shape, number: NumberType::F32, bytes }
        }
    }
}

fn integer(value: u64) -> Leaf {
    match i32::try_from(value) {
        Ok(value) => Leaf { shape: Vec::new(), number: NumberType::Signed(4), bytes: value.to_le_bytes().to_vec() },
        Err(_) => Leaf { shape: Vec::new(), number: NumberType::Signed(8), bytes: value.to_le_bytes().to_vec() },
    }
}

/// The arrays of a state.
///
/// # Errors
///
/// [`Error::Argument`](crate::Error::Argument) for an optimizer that stores a slot or variable that it does not have.
pub(super) fn write<T: Scalar>(state: &OptimizerState<T>, network: &Network<T>) -> crate::Result<Vec<Leaf>> {
    let trained = trained(network);
    let slots: Vec<&[T]> = state.named_slots().map(|(_, values)| values).collect();
    let scalars: Vec<f64> = state.named_scalars().map(|(_, value)| value).collect();
    let single = |value: f64| leaf(Vec::new(), std::iter::once(T::of(value)));
    let slot = |stored: Stored| {
        let missing = || {
            let expected = "slots of the optimizer and trainable variables, with no more values than they have";
            invalid(&**state.optimizer(), "stored_slots", format!("{stored:?}"), expected)
        };
        let variable = trained.get(stored.variable).ok_or_else(missing)?;
        let of = |slot: usize| slots.get(slot).and_then(|values| values.get(variable.range())).ok_or_else(missing);
        Ok(match stored.extent {
            Extent::Whole(slot) => leaf(shape(variable), of(slot)?.iter().copied()),
            Extent::First { slot, count } => {
                leaf(vec![count], of(slot)?.get(..count).ok_or_else(missing)?.iter().copied())
            }
            Extent::Placeholder => integer(0),
            Extent::Product { rows, columns } => {
                let (height, width) = (variable.shape.rows, variable.shape.columns);
                let (rows, columns) = (of(rows)?, of(columns)?);
                let mean = rows.iter().take(height).map(|row| row.to_f64()).sum::<f64>() / height.max(1) as f64;
                let relative = |row: &T| if mean > 0.0 { row.to_f64() / mean } else { 0.0 };
                let product = rows.iter().take(height).flat_map(|row| {
                    columns.iter().take(width).map(move |column| T::of(relative(row) * column.to_f64()))
                });
                leaf(shape(variable), product)
            }
        })
    };
    let array = |part: StateArray| match part {
        StateArray::Iterations => Ok(integer(state.iterations)),
        StateArray::LearningRate => Ok(leaf::<f32>(Vec::new(), std::iter::once(state.current_rate() as f32))),
        StateArray::Slot(stored) => slot(stored),
        StateArray::Scalar(index) => Ok(single(scalars.get(index).copied().unwrap_or_default())),
        StateArray::Ignored => Ok(integer(0)),
    };
    keras_3(state, &trained).into_iter().map(array).collect()
}

/// Whether arrays can be those of a layout by their shapes.
fn fits(parts: &[StateArray], arrays: &[&Array<'_>], trained: &[&Variable]) -> bool {
    let fits = |(part, array): (&StateArray, &&Array<'_>)| match part {
        StateArray::Iterations | StateArray::LearningRate | StateArray::Scalar(_) => {
            array.shape.iter().product::<usize>() == 1
        }
        StateArray::Slot(Stored { variable, extent: Extent::Whole(_) }) => {
            trained.get(*variable).is_some_and(|variable| shape(variable) == array.shape)
        }
        StateArray::Slot(Stored { extent: Extent::First { count, .. }, .. }) => array.shape == [*count],
        StateArray::Slot(_) | StateArray::Ignored => true,
    };
    parts.len() == arrays.len() && parts.iter().zip(arrays).all(fits)
}

/// Sets a state from the arrays of an era; the error states what is wrong, and leaves a state that is of no use.
pub(super) fn read<T: Scalar>(
    state: &mut OptimizerState<T>,
    network: &Network<T>,
    arrays: &[&Array<'_>],
    era: Era,
) -> Result<(), String> {
    let trained = trained(network);
    let mut layouts = layouts(state, &trained, era);
    let lengths: Vec<String> = layouts.iter().map(|layout| layout.len().to_string()).collect();
    // Where none has these shapes, the first of this length determines which array is reported.
    let layout = layouts.iter().position(|layout| fits(layout, arrays, &trained));
    let Some(layout) = layout.or(layouts.iter().position(|layout| layout.len() == arrays.len())) else {
        let name = state.optimizer().class_name();
        let (found, wanted) = (arrays.len(), lengths.join(" or "));
        return Err(format!("the state of {name} has {found} arrays where {wanted} are expected"));
    };
    let parts = layouts.swap_remove(layout);
    let has_scalars = parts.iter().any(|part| matches!(part, StateArray::Scalar(_)));
    let has_slots = parts.iter().any(|part| matches!(part, StateArray::Slot(_)));
    let single = |array: &Array<'_>, what: &str| {
        array.single().filter(|value| value.is_finite()).ok_or_else(|| format!("{what} is not a single number"))
    };
    for (place, (part, array)) in parts.into_iter().zip(arrays).enumerate() {
        let wrong = || format!("array {place} of the optimizer's state is of shape {:?}", array.shape);
        match part {
            StateArray::Iterations => {
                let steps = single(array, "the number of steps")?;
                if !(0.0..FAR).contains(&steps) {
                    return Err(format!("it states {steps} steps"));
                }
                state.iterations = steps as u64;
            }
            StateArray::LearningRate => {
                let rate = single(array, "the learning rate")?;
                if rate < 0.0 {
                    return Err(format!("its learning rate is {rate}"));
                }
                // The description has more digits of one that was never changed.
                if state.current_rate() as f32 != rate as f32 {
                    state.learning_rate = LearningRate::Constant(rate);
                }
            }
            StateArray::Ignored => {}
            StateArray::Scalar(index) => {
                let value = single(array, "a number of the optimizer")?;
                if let Some((_, scalar)) = state.named_scalars_mut().nth(index) {
                    *scalar = value;
                }
            }
            StateArray::Slot(Stored { variable, extent }) => {
                let variable = trained.get(variable).ok_or_else(wrong)?;
                let (slot, wanted) = match extent {
                    Extent::Whole(slot) => (slot, shape(variable)),
                    Extent::First { slot, count } => (slot, vec![count]),
                    Extent::Placeholder | Extent::Product { .. } => continue,
                };
                if array.shape != wanted {
                    return Err(format!("{}; expected {wanted:?}", wrong()));
                }
                let count = wanted.iter().product();
                let (_, values) = state.named_slots_mut().nth(slot).ok_or_else(wrong)?;
                let values = values.get_mut(variable.range()).and_then(|values| values.get_mut(..count));
                super::variables::copy(array, values.ok_or_else(wrong)?, "the optimizer")
                    .map_err(|error| error.to_string())?;
            }
        }
    }
    if has_slots && !has_scalars && state.optimizer().scalars().len() == 1 && era == Era::TfKeras {
        after_steps(state, trained.len());
    }
    Ok(())
}

/// The single numbers as they are after the steps of the state, where a file has none of them.
fn after_steps<T: Scalar>(state: &mut OptimizerState<T>, variables: usize) {
    let optimizer = state.optimizer().clone();
    let mut scalars: Vec<f64> = optimizer.scalars().iter().map(|(_, value)| *value).collect();
    // A product of momentums is zero long before.
    for step in 1..=state.iterations.min(1 << 16) {
        optimizer.update_scalars(step, variables, &mut scalars);
    }
    state.named_scalars_mut().zip(scalars).for_each(|((_, to), value)| *to = value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;
    use crate::items::Spec;
    use crate::optimizers::{Optimizer, Step};
    use crate::prelude::*;
    use crate::saving::keras::weights_file;

    /// Stores the array that a test sets, in addition to a single slot.
    #[derive(Debug)]
    struct Storing(Stored);

    impl Spec for Storing {}

    impl Optimizer<f32> for Storing {
        fn learning_rate(&self) -> LearningRate {
            0.1.into()
        }

        fn step(&self, _: Step<'_, f32>) {}

        fn slots(&self) -> &'static [&'static str] {
            &["only"]
        }

        fn stored_slots(&self, _: &[&Variable]) -> Vec<Stored> {
            vec![self.0]
        }
    }

    #[test]
    fn an_array_of_a_slot_that_does_not_exist_is_an_error() -> crate::Result<()> {
        // A kernel of six values and a bias of two.
        let written = |variable, extent| {
            let optimizer = Storing(Stored { variable, extent });
            let mut model = Sequential::new().add(Dense::new(2, Linear)).compile(optimizer, "mse", ());
            let (x, y) = (dmatrix![1.0f32, 2.0, 3.0], dmatrix![0.0f32, 1.0]);
            model.fit(&x, &y, Fit::new().epochs(1).verbose(0))?;
            weights_file::weights(&model.contents()).map(|_| ())
        };
        written(0, Extent::Whole(0))?;
        written(1, Extent::First { slot: 0, count: 2 })?;
        written(0, Extent::Product { rows: 0, columns: 0 })?;
        written(0, Extent::Placeholder)?;
        for (variable, extent) in [
            (0, Extent::Whole(1)),
            (2, Extent::Whole(0)),
            (2, Extent::Placeholder),
            (1, Extent::First { slot: 0, count: 3 }),
            (0, Extent::First { slot: 1, count: 1 }),
            (0, Extent::Product { rows: 0, columns: 1 }),
        ] {
            let message = written(variable, extent).unwrap_err().to_string();
            assert!(message.contains("Storing: stored_slots is"), "{message}");
        }
        Ok(())
    }
}
