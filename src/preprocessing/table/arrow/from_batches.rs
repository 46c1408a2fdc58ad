//! A table of record batches.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};

use super::super::column::StringBuilder;
use super::super::optional_integers::OptionalIntegers;
use super::super::{Column, StringColumn, Table};
use crate::error::{Error, Result};

const DAY: i64 = 86_400_000_000;

impl Table {
    /// The table of the rows of a record batch; see [`from_record_batches`](Self::from_record_batches).
    ///
    /// # Errors
    ///
    /// The errors of [`from_record_batches`](Self::from_record_batches).
    pub fn from_record_batch(batch: &RecordBatch) -> Result<Table> {
        Table::from_record_batches([batch])
    }

    /// The table of the rows of record batches of one schema, in their order. Each value is copied once; nulls become missing values.
    ///
    /// | Arrow | column |
    /// |---|---|
    /// | `Float16`, `Float32`, `Float64` | numbers; NaN is missing |
    /// | `Int8` to `Int64`, `UInt8` to `UInt64` | integers |
    /// | `Boolean` | booleans |
    /// | `Date32`, `Date64`, `Timestamp` | dates; fractions of a microsecond are cut off, and a time zone is left out: the value is in UTC |
    /// | `Utf8`, `LargeUtf8`, `Utf8View` | strings |
    /// | `Dictionary` of such strings | strings, each of the dictionary copied once |
    /// | `Null` | missing numbers |
    ///
    /// ```
    /// use perceptra::arrow::array::{ArrayRef, Float64Array, RecordBatch};
    /// use perceptra::preprocessing::Table;
    /// use std::sync::Arc;
    ///
    /// let rates: ArrayRef = Arc::new(Float64Array::from(vec![Some(7.5), None]));
    /// let batch = RecordBatch::try_from_iter([("rate", rates)]).expect("one column");
    /// let table = Table::from_record_batch(&batch)?;
    /// assert_eq!((table.numbers("rate")?[0], table.column("rate")?.missing()), (7.5, 1));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] with the column for another type, for an integer beyond `i64`, for a time that microseconds do not reach, for a name that
    /// comes twice, and for batches of several schemas.
    pub fn from_record_batches<'a>(batches: impl IntoIterator<Item = &'a RecordBatch>) -> Result<Table> {
        let batches: Vec<&RecordBatch> = batches.into_iter().collect();
        let mut table = Table::new();
        let Some(first) = batches.first() else { return Ok(table) };
        table.rows = batches.iter().map(|batch| batch.num_rows()).sum();
        for batch in &batches {
            let same = batch.num_columns() == first.num_columns()
                && batch
                    .schema_ref()
                    .fields()
                    .iter()
                    .zip(first.schema_ref().fields())
                    .all(|(a, b)| a.name() == b.name());
            if !same {
                return Err(refused(
                    "columns that differ from those of the first batch".into(),
                    "batches of one schema",
                ));
            }
        }
        for (index, field) in first.schema_ref().fields().iter().enumerate() {
            let name = field.name();
            if table.names.contains(name) {
                return Err(refused(format!("two columns \"{name}\""), "each name once"));
            }
            let parts: Vec<&ArrayRef> = batches.iter().map(|batch| batch.column(index)).collect();
            if let Some(other) = parts.iter().find(|part| part.data_type() != field.data_type()) {
                let value = format!("column \"{name}\" of {} and of {}", field.data_type(), other.data_type());
                return Err(refused(value, "batches of one schema"));
            }
            table.columns.push(Arc::new(column(name, field.data_type(), &parts)?));
            Arc::make_mut(&mut table.names).push(name.clone());
        }
        Ok(table)
    }
}

impl TryFrom<&RecordBatch> for Table {
    type Error = Error;

    fn try_from(batch: &RecordBatch) -> Result<Table> {
        Table::from_record_batch(batch)
    }
}

fn refused(value: String, expected: &str) -> Error {
    Error::argument("Table::from_record_batches", "batches", value, expected)
}

fn column(name: &str, kind: &DataType, parts: &[&ArrayRef]) -> Result<Column> {
    let integers = |values: Option<OptionalIntegers>| {
        let expected = "integers of at most 2⁶³ − 1, or a column that is cast to strings";
        values.map(|values| Column::Integer(values.into())).ok_or_else(|| refused(of(name, kind), expected))
    };
    let times = |values: Option<OptionalIntegers>| {
        let expected = "times that microseconds since 1970 reach in 64 bits, the years from −290307 to 294246";
        values.map(|values| Column::DateTime(values.into())).ok_or_else(|| refused(of(name, kind), expected))
    };
    let scale = |factor: i64| move |value: i64| value.checked_mul(factor);
    Ok(match kind {
        DataType::Null => Column::Number(vec![f64::NAN; parts.iter().map(|part| part.len()).sum()]),
        DataType::Boolean => Column::Boolean(parts.iter().flat_map(|part| part.as_boolean().iter()).collect()),
        DataType::Float16 => numbers::<Float16Type>(parts, |value| value.to_f64()),
        DataType::Float32 => numbers::<Float32Type>(parts, f64::from),
        DataType::Float64 => numbers::<Float64Type>(parts, |value| value),
        DataType::Int8 => integers(converted::<Int8Type>(parts, |value| Some(value.into())))?,
        DataType::Int16 => integers(converted::<Int16Type>(parts, |value| Some(value.into())))?,
        DataType::Int32 => integers(converted::<Int32Type>(parts, |value| Some(value.into())))?,
        DataType::Int64 => integers(converted::<Int64Type>(parts, Some))?,
        DataType::UInt8 => integers(converted::<UInt8Type>(parts, |value| Some(value.into())))?,
        DataType::UInt16 => integers(converted::<UInt16Type>(parts, |value| Some(value.into())))?,
        DataType::UInt32 => integers(converted::<UInt32Type>(parts, |value| Some(value.into())))?,
        DataType::UInt64 => integers(converted::<UInt64Type>(parts, |value| value.try_into().ok()))?,
        DataType::Date32 => times(converted::<Date32Type>(parts, |days| Some(i64::from(days) * DAY)))?,
        DataType::Date64 => times(converted::<Date64Type>(parts, scale(1000)))?,
        DataType::Timestamp(TimeUnit::Second, _) => times(converted::<TimestampSecondType>(parts, scale(1_000_000)))?,
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            times(converted::<TimestampMillisecondType>(parts, scale(1000)))?
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => times(converted::<TimestampMicrosecondType>(parts, Some))?,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            times(converted::<TimestampNanosecondType>(parts, |value| Some(value.div_euclid(1000))))?
        }
        DataType::Utf8 => strings(parts.iter().flat_map(|part| part.as_string::<i32>().iter())),
        DataType::LargeUtf8 => strings(parts.iter().flat_map(|part| part.as_string::<i64>().iter())),
        DataType::Utf8View => strings(parts.iter().flat_map(|part| part.as_string_view().iter())),
        DataType::Dictionary(_, value) if is_string(value) => {
            dictionaries(parts).ok_or_else(|| unsupported(name, kind))?
        }
        _ => return Err(unsupported(name, kind)),
    })
}

fn of(name: &str, kind: &DataType) -> String {
    format!("column \"{name}\" of {kind}")
}

fn unsupported(name: &str, kind: &DataType) -> Error {
    let expected = "floats, integers, booleans, dates, timestamps, strings or dictionaries of strings; cast the column to one of these, as a \
                    decimal to Float64, or leave it out with RecordBatch::project";
    refused(of(name, kind), expected)
}

fn is_string(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn numbers<T: ArrowPrimitiveType>(parts: &[&ArrayRef], number: impl Fn(T::Native) -> f64) -> Column {
    let mut values = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        let part = part.as_primitive::<T>();
        match part.null_count() {
            0 => values.extend(part.values().iter().map(|&value| number(value))),
            _ => values.extend(part.iter().map(|value| value.map_or(f64::NAN, &number))),
        }
    }
    Column::Number(values)
}

/// Integers made of each value; none if one cannot be.
fn converted<T: ArrowPrimitiveType>(
    parts: &[&ArrayRef],
    integer: impl Fn(T::Native) -> Option<i64>,
) -> Option<OptionalIntegers> {
    let values = parts.iter().flat_map(|part| part.as_primitive::<T>().iter());
    values.map(|value| value.map_or(Some(None), |value| integer(value).map(Some))).collect()
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Column {
    Column::String(values.collect::<StringColumn>())
}

/// Strings by their numbers in dictionaries; `None` unless all parts are dictionary arrays.
fn dictionaries(parts: &[&ArrayRef]) -> Option<Column> {
    let mut strings = StringBuilder::default();
    for part in parts {
        let part = part.as_any_dictionary_opt()?;
        let values = part.values();
        let of_part: StringColumn = match values.data_type() {
            DataType::Utf8 => values.as_string::<i32>().iter().collect(),
            DataType::LargeUtf8 => values.as_string::<i64>().iter().collect(),
            DataType::Utf8View => values.as_string_view().iter().collect(),
            _ => return None,
        };
        // Without a value there is no key that is not null.
        let keys = if values.is_empty() { vec![0; part.len()] } else { part.normalized_keys() };
        let known = |(row, key): (usize, usize)| part.keys().is_valid(row).then_some(key);
        strings.append(&of_part.coded(keys.into_iter().enumerate().map(known)));
    }
    Some(Column::String(strings.finish()))
}
