//! The state of an optimizer, in the order in which Keras keeps it.
//!
//! The steps taken; the learning rate unless it is a schedule; the average of each weight and the sum of its gradients, where
//! they are wanted; the optimizer's own slots; its single numbers.

use super::hdf5::{Array, Leaf, Number};
use crate::models::files::shape;
use crate::models::{Network, Optimization};
use crate::optimizers::{Extent, LearningRate, Stored};
use crate::{Scalar, Variable};

/// Counts from here on could not be told apart in a floating-point number.
const FAR: f64 = (1u64 << 53) as f64;

/// One array of the state.
enum Part {
    Iterations,
    LearningRate,
    Slot(Stored),
    Scalar(usize),
}

/// All arrays of a state, and of these the first that are there before the first step.
fn parts<T: Scalar>(state: &Optimization<T>, trained: &[&Variable]) -> (Vec<Part>, usize) {
    let optimizer = state.optimizer();
    let mut parts = vec![Part::Iterations];
    if let LearningRate::Constant(_) = optimizer.learning_rate() {
        parts.push(Part::LearningRate);
    }
    let first = parts.len();
    // The slots that all optimizers may have stand after its own here, and before them in a file.
    let own = optimizer.slots().len();
    let all = state.named_slots().count();
    for slot in own..all {
        let each = (0..trained.len()).map(|variable| Stored { variable, extent: Extent::Whole(slot) });
        parts.extend(each.map(Part::Slot));
    }
    parts.extend(optimizer.stored(trained).into_iter().map(Part::Slot));
    parts.extend((0..optimizer.scalars().len()).map(Part::Scalar));
    (parts, first)
}

fn trained<T: Scalar>(network: &Network<T>) -> Vec<&Variable> {
    network.variables().iter().filter(|variable| variable.trainable).collect()
}

/// Numbers of the model's own width.
pub(super) fn leaf<T: Scalar>(shape: Vec<usize>, values: impl Iterator<Item = T>) -> Leaf {
    if size_of::<T>() == 8 {
        let bytes = values.flat_map(|value| value.to_f64().to_le_bytes()).collect();
        Leaf { shape, number: Number::F64, bytes }
    } else {
        let bytes = values.flat_map(|value| (value.to_f64() as f32).to_le_bytes()).collect();
        Leaf { shape, number: Number::F32, bytes }
    }
}

fn integer(value: u64) -> Leaf {
    match i32::try_from(value) {
        Ok(value) => Leaf { shape: Vec::new(), number: Number::Signed(4), bytes: value.to_le_bytes().to_vec() },
        Err(_) => Leaf { shape: Vec::new(), number: Number::Signed(8), bytes: value.to_le_bytes().to_vec() },
    }
}

/// The arrays of a state.
pub(super) fn write<T: Scalar>(state: &Optimization<T>, network: &Network<T>) -> Vec<Leaf> {
    let trained = trained(network);
    let slots: Vec<&[T]> = state.named_slots().map(|(_, values)| values).collect();
    let scalars: Vec<f64> = state.named_scalars().map(|(_, value)| value).collect();
    let of = |slot: usize, variable: &Variable| -> &[T] {
        slots.get(slot).and_then(|values| values.get(variable.range())).unwrap_or_default()
    };
    let single = |value: f64| leaf(Vec::new(), std::iter::once(T::of(value)));
    let slot = |stored: Stored| {
        let Some(variable) = trained.get(stored.variable) else { return integer(0) };
        match stored.extent {
            Extent::Whole(slot) => leaf(shape(variable), of(slot, variable).iter().copied()),
            Extent::First(slot, count) => leaf(vec![count], of(slot, variable).iter().take(count).copied()),
            Extent::Placeholder => integer(0),
            Extent::Product(rows, columns) => {
                let (height, width) = (variable.shape.rows, variable.shape.columns);
                let (rows, columns) = (of(rows, variable), of(columns, variable));
                let mean = rows.iter().take(height).map(|row| row.to_f64()).sum::<f64>() / height.max(1) as f64;
                let share = |row: &T| if mean > 0.0 { row.to_f64() / mean } else { 0.0 };
                let product = rows
                    .iter()
                    .take(height)
                    .flat_map(|row| columns.iter().take(width).map(move |column| T::of(share(row) * column.to_f64())));
                leaf(shape(variable), product)
            }
        }
    };
    let array = |part: Part| match part {
        Part::Iterations => integer(state.iterations),
        Part::LearningRate => leaf::<f32>(Vec::new(), std::iter::once(state.current_rate() as f32)),
        Part::Slot(stored) => slot(stored),
        Part::Scalar(index) => single(scalars.get(index).copied().unwrap_or_default()),
    };
    parts(state, &trained).0.into_iter().map(array).collect()
}

/// Sets a state from its arrays; the error tells what is wrong.
pub(super) fn read<T: Scalar>(
    state: &mut Optimization<T>,
    network: &Network<T>,
    arrays: &[&Array<'_>],
) -> Result<(), String> {
    let trained = trained(network);
    let (parts, first) = parts(state, &trained);
    // An optimizer that has not taken a step has no slots yet.
    if arrays.len() != parts.len() && arrays.len() != first {
        let name = state.optimizer().class_name();
        return Err(format!("the state of {name} has {} arrays where {} are expected", arrays.len(), parts.len()));
    }
    let single = |array: &Array<'_>, what: &str| {
        array.single().filter(|value| value.is_finite()).ok_or_else(|| format!("{what} is no single number"))
    };
    for (place, (part, array)) in parts.into_iter().zip(arrays).enumerate() {
        let wrong = || format!("array {place} of the optimizer's state is of shape {:?}", array.shape);
        match part {
            Part::Iterations => {
                let steps = single(array, "the number of steps")?;
                if !(0.0..FAR).contains(&steps) {
                    return Err(format!("it tells of {steps} steps"));
                }
                state.iterations = steps as u64;
            }
            Part::LearningRate => {
                let rate = single(array, "the learning rate")?;
                if rate < 0.0 {
                    return Err(format!("its learning rate is {rate}"));
                }
                // The description has more digits of one that was never changed.
                if state.current_rate() as f32 != rate as f32 {
                    state.learning_rate = LearningRate::Constant(rate);
                }
            }
            Part::Scalar(index) => {
                let value = single(array, "a number of the optimizer")?;
                if let Some((_, scalar)) = state.named_scalars_mut().nth(index) {
                    *scalar = value;
                }
            }
            Part::Slot(Stored { variable, extent }) => {
                let variable = trained.get(variable).ok_or_else(wrong)?;
                let (slot, wanted) = match extent {
                    Extent::Whole(slot) => (slot, shape(variable)),
                    Extent::First(slot, count) => (slot, vec![count]),
                    Extent::Placeholder | Extent::Product(..) => continue,
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
    Ok(())
}
