//! Conversion of the columns of a batch to the element type of a model.

use perceptra::Scalar;
use perceptra::arrow::array::cast::AsArray;
use perceptra::arrow::array::types::{
    ArrowPrimitiveType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use perceptra::arrow::array::{Array, ArrayRef};
use perceptra::arrow::schema::DataType;

/// Writes the numbers of a column, with NaN for a null, and returns whether all of them are finite; `None` for a column of another type.
pub(crate) fn write_numbers<T: Scalar>(column: &ArrayRef, numbers: &mut [T]) -> Option<bool> {
    match column.data_type() {
        DataType::Float64 => write::<Float64Type, T>(column, numbers, T::of),
        DataType::Float32 => write::<Float32Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::Float16 => write::<Float16Type, T>(column, numbers, |value| T::of(value.to_f64())),
        DataType::Int8 => write::<Int8Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::Int16 => write::<Int16Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::Int32 => write::<Int32Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::Int64 => write::<Int64Type, T>(column, numbers, |value| T::of(value as f64)),
        DataType::UInt8 => write::<UInt8Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::UInt16 => write::<UInt16Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::UInt32 => write::<UInt32Type, T>(column, numbers, |value| T::of(value.into())),
        DataType::UInt64 => write::<UInt64Type, T>(column, numbers, |value| T::of(value as f64)),
        DataType::Boolean => {
            let values = column.as_boolean().iter().zip(&mut *numbers);
            values.for_each(|(value, number)| {
                *number = T::of(value.map_or(f64::NAN, |value| f64::from(u8::from(value))))
            });
        }
        DataType::Null => numbers.fill(T::of(f64::NAN)),
        _ => return None,
    }
    // Not `all`, whose early exit prevents vectorization.
    Some(numbers.iter().fold(true, |finite, number| finite & number.is_finite()))
}

fn write<A: ArrowPrimitiveType, T: Scalar>(column: &ArrayRef, numbers: &mut [T], number: impl Fn(A::Native) -> T) {
    let column = column.as_primitive::<A>();
    numbers.iter_mut().zip(column.values()).for_each(|(to, from)| *to = number(*from));
    if let Some(nulls) = column.nulls().filter(|nulls| nulls.null_count() > 0) {
        numbers.iter_mut().zip(nulls).filter(|(_, valid)| !valid).for_each(|(to, _)| *to = T::of(f64::NAN));
    }
}
