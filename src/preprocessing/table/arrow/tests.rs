use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int8Array, Int64Array, LargeStringArray, ListArray, NullArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt64Array,
};

use super::super::{BooleanColumn, DateTime, DateTimeColumn, IntegerColumn, StringColumn, Table};
use crate::error::Result;

fn table(array: impl Array + 'static) -> Result<Table> {
    let array: ArrayRef = Arc::new(array);
    Table::from_record_batch(&RecordBatch::try_from_iter([("c", array)]).unwrap())
}

fn message(array: impl Array + 'static) -> String {
    table(array).unwrap_err().to_string()
}

fn strings(table: &Table) -> Vec<Option<&str>> {
    table.strings("c").unwrap().iter().collect()
}

#[test]
fn numbers_integers_and_booleans_have_their_types() {
    let floats = table(Float32Array::from(vec![Some(0.5), None, Some(f32::NAN)])).unwrap();
    assert_eq!((floats.numbers("c").unwrap()[0], floats.column("c").unwrap().missing()), (0.5, 2));
    assert_eq!(table(Float64Array::from(vec![1e300])).unwrap().numbers("c").unwrap(), [1e300]);
    let integers = table(Int64Array::from(vec![Some(i64::MIN), None, Some(i64::MAX)])).unwrap();
    assert!(integers.integers("c").unwrap().iter().eq([Some(i64::MIN), None, Some(i64::MAX)]));
    assert!(table(Int8Array::from(vec![-7])).unwrap().integers("c").unwrap().iter().eq([Some(-7)]));
    assert!(table(UInt64Array::from(vec![Some(7), None])).unwrap().integers("c").unwrap().iter().eq([Some(7), None]));
    let error = message(UInt64Array::from(vec![7, u64::MAX]));
    assert!(error.contains("column \"c\" of UInt64; expected integers of at most 2⁶³ − 1"), "{error}");
    let booleans = table(BooleanArray::from(vec![Some(true), None, Some(false)])).unwrap();
    assert!(booleans.booleans("c").unwrap().iter().eq([Some(true), None, Some(false)]));
    assert_eq!(table(NullArray::new(3)).unwrap().column("c").unwrap().missing(), 3);
}

#[test]
fn dates_and_timestamps_are_points_in_time() {
    let at = |array: Arc<dyn Array>| {
        let table = Table::from_record_batch(&RecordBatch::try_from_iter([("c", array)]).unwrap()).unwrap();
        let dates = table.date_times("c").unwrap();
        assert_eq!(dates.get(1), None);
        dates.get(0).unwrap().to_string()
    };
    assert_eq!(at(Arc::new(Date32Array::from(vec![Some(-1), None]))), "1969-12-31");
    assert_eq!(at(Arc::new(Date64Array::from(vec![Some(86_400_000), None]))), "1970-01-02");
    assert_eq!(at(Arc::new(TimestampSecondArray::from(vec![Some(61), None]))), "1970-01-01T00:01:01");
    assert_eq!(at(Arc::new(TimestampMillisecondArray::from(vec![Some(1500), None]))), "1970-01-01T00:00:01.5");
    let zoned = TimestampMicrosecondArray::from(vec![Some(1), None]).with_timezone("Europe/Berlin");
    assert_eq!(at(Arc::new(zoned)), "1970-01-01T00:00:00.000001");
    assert_eq!(at(Arc::new(TimestampNanosecondArray::from(vec![Some(-1), None]))), "1969-12-31T23:59:59.999999");
    assert!(
        message(TimestampSecondArray::from(vec![i64::MAX])).contains("Timestamp(s); expected times that microseconds")
    );
}

#[test]
fn strings_keep_the_codes_of_their_dictionary() {
    let values = vec![Some("b"), None, Some("ä"), Some("b")];
    for found in [
        table(StringArray::from(values.clone())).unwrap(),
        table(LargeStringArray::from(values.clone())).unwrap(),
        table(StringViewArray::from(values.clone())).unwrap(),
        table(values.iter().copied().collect::<DictionaryArray<Int8Type>>()).unwrap(),
    ] {
        assert_eq!(strings(&found), values);
    }
    // A string twice, a missing one and one that does not occur.
    let values = StringArray::from(vec![Some("x"), None, Some("x"), Some("y")]);
    let keys = Int8Array::from(vec![Some(2), Some(0), Some(1), None]);
    let found = table(DictionaryArray::try_new(keys, Arc::new(values)).unwrap()).unwrap();
    assert_eq!(strings(&found), [Some("x"), Some("x"), None, None]);
    assert_eq!(found.value_counts("c").unwrap(), [("x".to_owned(), 2)]);
    let nothing = DictionaryArray::<Int8Type>::try_new(
        Int8Array::from(vec![None]),
        Arc::new(StringArray::from(Vec::<&str>::new())),
    );
    assert_eq!(strings(&table(nothing.unwrap()).unwrap()), [None]);
}

#[test]
fn other_types_and_schemas_are_refused_by_column() {
    assert!(message(Decimal128Array::from(vec![1])).contains("column \"c\" of Decimal128(38, 10); expected floats"));
    let lists = ListArray::from_iter_primitive::<Int8Type, _, _>([Some([Some(1)])]);
    assert!(message(lists).contains("cast the column to one of these"));
    let batch = |name: &str, array: ArrayRef| RecordBatch::try_from_iter([(name, array)]).unwrap();
    let (a, b) = (batch("c", Arc::new(Int8Array::from(vec![1]))), batch("c", Arc::new(Int64Array::from(vec![2]))));
    let both = |other: &RecordBatch| Table::from_record_batches([&a, other]).map_err(|error| error.to_string());
    assert!(both(&b).unwrap_err().contains("column \"c\" of Int8 and of Int64; expected batches of one schema"));
    assert!(both(&batch("d", Arc::new(Int8Array::from(vec![2])))).unwrap_err().contains("batches of one schema"));
    assert!(both(&a).unwrap().integers("c").unwrap().iter().eq([Some(1), Some(1)]));
    assert_eq!(Table::from_record_batches([]).unwrap().ncols(), 0);
}

#[test]
fn a_table_comes_back_from_its_batch() {
    let date = |day: i64| DateTime::from_microseconds(day * 86_400_000_000);
    let table = Table::new()
        .with_numbers("number", [0.5, f64::NAN, f64::INFINITY])
        .and_then(|table| {
            table.with_column("integer", [Some(i64::MAX), None, Some(0)].into_iter().collect::<IntegerColumn>())
        })
        .and_then(|table| {
            table.with_column("boolean", [Some(true), None, Some(false)].into_iter().collect::<BooleanColumn>())
        })
        .and_then(|table| {
            table.with_column(
                "date",
                [Some(date(-7)), None, Some(date(106_751_991))].into_iter().collect::<DateTimeColumn>(),
            )
        })
        .and_then(|table| {
            let at = [Some(DateTime::from_microseconds(i64::MIN)), None, Some(date(0))];
            table.with_column("at", at.into_iter().collect::<DateTimeColumn>())
        })
        .and_then(|table| {
            table.with_column("string", [Some("b"), None, Some("")].into_iter().collect::<StringColumn>())
        })
        .unwrap();
    let batch = table.to_record_batch().unwrap();
    let kinds: Vec<String> = batch.columns().iter().map(|array| array.data_type().to_string()).collect();
    let expected = ["Float64", "Int64", "Boolean", "Date32", "Timestamp(µs)", "Dictionary(UInt32, Utf8)"];
    assert_eq!(kinds, expected);
    let half = batch.slice(1, 2);
    let back = Table::from_record_batches([&batch, &half]).unwrap();
    assert_eq!(back.names(), table.names());
    for (name, column) in back.iter() {
        assert_eq!(column.kind(), table.column(name).unwrap().kind());
        for (row, original) in [0, 1, 2, 1, 2].into_iter().enumerate() {
            assert_eq!(back.value(name, row), table.value(name, original), "{name}");
        }
    }
    let rows = Table::new().with_numbers("n", [1.0; 4]).unwrap().drop_columns(["n"]).unwrap();
    assert_eq!(RecordBatch::try_from(&rows).unwrap().num_rows(), 4);
}
