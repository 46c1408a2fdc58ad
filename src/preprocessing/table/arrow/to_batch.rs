//! A table as a record batch.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow_schema::{Field, Schema};

use super::super::{Column, DateTimeColumn, MISSING, StringColumn, Table};
use crate::error::{Error, Result};

const DAY: i64 = 86_400_000_000;

impl Table {
    /// The table as a record batch, missing values as nulls: numbers as `Float64`, integers as `Int64`, booleans as `Boolean`, dates as `Date32` or,
    /// where one has a time of the day, as `Timestamp` in microseconds without a time zone, and strings as `Dictionary` of `UInt32` and `Utf8`.
    ///
    /// Predictions of a pipeline are a table, too.
    ///
    /// ```
    /// use perceptra::preprocessing::Table;
    ///
    /// let table = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_strings("home", ["OWN", "RENT"])?;
    /// let batch = table.to_record_batch()?;
    /// assert_eq!((batch.num_rows(), batch.column(0).null_count()), (2, 1));
    /// assert_eq!(Table::from_record_batch(&batch)?.strings("home")?.get(1), Some("RENT"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] with Arrow's reason for a batch that it refuses, such as strings of more than 2 GiB in one column.
    pub fn to_record_batch(&self) -> Result<RecordBatch> {
        let refused =
            |reason: String| Error::argument("Table::to_record_batch", "table", reason, "a table that fits a batch");
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (name, column) in self.iter() {
            arrays.push(match column {
                Column::Number(values) => {
                    Arc::new(values.iter().map(|&value| (!value.is_nan()).then_some(value)).collect::<Float64Array>())
                }
                Column::Integer(values) => Arc::new(values.iter().collect::<Int64Array>()),
                Column::Boolean(values) => Arc::new(values.iter().collect::<BooleanArray>()),
                Column::DateTime(values) => dates(values),
                Column::String(strings) => {
                    dictionary(strings).ok_or_else(|| refused(format!("column \"{name}\" of strings above 2 GiB")))?
                }
            });
        }
        let field = |(name, array): (&String, &ArrayRef)| Field::new(name, array.data_type().clone(), true);
        let schema = Schema::new(self.names.iter().zip(&arrays).map(field).collect::<Vec<Field>>());
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)
            .map_err(|error| refused(error.to_string()))
    }
}

impl TryFrom<&Table> for RecordBatch {
    type Error = Error;

    fn try_from(table: &Table) -> Result<RecordBatch> {
        table.to_record_batch()
    }
}

fn dates(values: &DateTimeColumn) -> ArrayRef {
    let days = |microseconds: i64| i32::try_from(microseconds / DAY).ok();
    match values.are_dates() {
        // 64 bits of microseconds are no more days than 32 bits hold.
        true => Arc::new(values.iter().map(|at| at.and_then(|at| days(at.microseconds()))).collect::<Date32Array>()),
        false => {
            Arc::new(values.iter().map(|at| at.map(|at| at.microseconds())).collect::<TimestampMicrosecondArray>())
        }
    }
}

fn dictionary(strings: &StringColumn) -> Option<ArrayRef> {
    let categories = strings.all_categories();
    let bytes: usize = categories.iter().map(String::len).sum();
    i32::try_from(bytes).ok()?;
    let keys: UInt32Array = strings.codes().iter().map(|&code| (code != MISSING).then_some(code)).collect();
    let values = StringArray::from_iter_values(categories);
    let array = DictionaryArray::<UInt32Type>::try_new(keys, Arc::new(values)).ok()?;
    Some(Arc::new(array))
}
