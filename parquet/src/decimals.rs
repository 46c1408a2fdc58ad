//! Conversion of decimals to floating-point numbers, since tables have no decimals.

use parquet::errors::{ParquetError, Result};
use perceptra::arrow::array::cast::AsArray;
use perceptra::arrow::array::types::{ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type};
use perceptra::arrow::array::{Array, ArrayRef, Float64Array, RecordBatch, RecordBatchOptions};
use perceptra::arrow::schema::{DataType, Schema};
use std::sync::Arc;

/// Replaces the decimals of a batch by the nearest floating-point numbers.
pub(crate) fn without_decimals(batch: RecordBatch) -> Result<RecordBatch> {
    if !batch.columns().iter().any(|column| is_decimal(column.data_type())) {
        return Ok(batch);
    }
    let columns: Vec<ArrayRef> = batch.columns().iter().map(numbers).collect();
    let fields = batch
        .schema_ref()
        .fields()
        .iter()
        .zip(&columns)
        .map(|(field, column)| Arc::new(field.as_ref().clone().with_data_type(column.data_type().clone())));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema, columns, &options).map_err(ParquetError::from)
}

fn is_decimal(kind: &DataType) -> bool {
    matches!(kind, DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..))
}

fn numbers(column: &ArrayRef) -> ArrayRef {
    match *column.data_type() {
        DataType::Decimal32(_, scale) => scaled::<Decimal32Type>(column, scale, f64::from),
        DataType::Decimal64(_, scale) => scaled::<Decimal64Type>(column, scale, |value| value as f64),
        DataType::Decimal128(_, scale) => scaled::<Decimal128Type>(column, scale, |value| value as f64),
        _ => Arc::clone(column),
    }
}

fn scaled<T: ArrowPrimitiveType>(column: &ArrayRef, scale: i8, number: impl Fn(T::Native) -> f64) -> ArrayRef {
    // Dividing by an exact power of ten rounds once; multiplying by its inverse would round twice.
    let power = 10_f64.powi(i32::from(scale).abs());
    let scale = |value| if scale >= 0 { number(value) / power } else { number(value) * power };
    let values = column.as_primitive::<T>().iter().map(|value| value.map(&scale));
    Arc::new(values.collect::<Float64Array>())
}
