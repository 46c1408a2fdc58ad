//! Tests, for every transformer, of the matrix columns that it writes for tables and records.

use super::super::{ColumnTransformer, Features, FitInput, FittedColumnTransformer, Record, Value};
use super::{FittedSample, every_fit};
use crate::{Error, Result, Scalar};

/// A column transformer with the transformer of this fit only; `None` if the transformer outputs strings, which a matrix cannot hold.
fn columns(fit: &FittedSample<'_>) -> Option<FittedColumnTransformer> {
    let FittedSample { transformer, sample, .. } = fit;
    let columns = ColumnTransformer::new().add(std::sync::Arc::clone(transformer), ["a", "b"]);
    match columns.fit_with(FitInput::new(&sample.table).with_target(&sample.target).unwrap()) {
        Ok(columns) => Some(columns),
        Err(Error::ColumnType { .. } | Error::Empty { .. }) => None,
        Err(error) => panic!("{error}: {}", fit.named()),
    }
}

fn records_are_rows<T: Scalar>(fit: &FittedSample<'_>, columns: &FittedColumnTransformer) {
    let table = &fit.sample.table;
    let matrix = columns.transform::<T>(table);
    let of_records: Vec<Result<_>> =
        (0..table.nrows()).map(|row| columns.transform_record::<T>(&table.record(row).unwrap())).collect();
    match matrix {
        Ok(matrix) => {
            assert_eq!(matrix.ncols(), columns.names().len(), "{}", fit.named());
            assert!(!matrix.iter().any(|x| x.to_f64().is_nan()), "{matrix} of {}", fit.named());
            for (row, found) in of_records.into_iter().enumerate() {
                let found = found.unwrap_or_else(|error| panic!("{error}: record {row} of {}", fit.named()));
                let bits = |x: &T| x.to_f64().to_bits();
                assert!(found.iter().map(bits).eq(matrix.row(row).iter().map(bits)), "row {row} of {}", fit.named());
            }
        }
        Err(_) => assert!(of_records.iter().any(Result::is_err), "{}", fit.named()),
    }
}

#[test]
fn a_record_is_encoded_like_its_row_in_the_table() {
    every_fit(|fit| {
        let Some(columns) = columns(fit) else { return };
        records_are_rows::<f64>(fit, &columns);
        records_are_rows::<f32>(fit, &columns);
        let text = serde_json::to_string(&columns).unwrap();
        let again: FittedColumnTransformer = serde_json::from_str(&text).unwrap();
        assert_eq!((again.names(), again.inputs()), (columns.names(), columns.inputs()), "{}", fit.named());
        let none = columns.transform::<f64>(&fit.sample.table.head(0));
        let none = none.unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
        assert_eq!(none.shape(), (0, columns.names().len()), "{}", fit.named());
    });
}

/// Values that a service may receive for any column; `None` means that the record lacks the column.
fn hostile_values(fit: &FittedSample<'_>) -> Vec<Option<Value>> {
    let numbers = [0.0, -0.0, 1.0, 2.5, -3.0, 1e9, 1e39, -1e308, 5e-324, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let strings = ["", " ", "x", "1", "1.0", "-2 months", "true", "inf", "NaN", "1e999", "2024-02-29", "é\u{0}"];
    let of_fit = (0..fit.sample.table.nrows()).map(|row| fit.sample.table.record(row).unwrap());
    let of_fit: Vec<Value> =
        of_fit.flat_map(|record| record.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>()).collect();
    let all = numbers.map(Value::Number).into_iter().chain(strings.map(|text| Value::String(text.into())));
    let all = all.chain([false, true].map(Value::Boolean)).chain(of_fit);
    all.map(Some).chain([None]).collect()
}

fn assert_one_row<T: Scalar>(fit: &FittedSample<'_>, columns: &FittedColumnTransformer, record: &Record) {
    let bits = |x: &T| x.to_f64().to_bits();
    match (columns.transform_record::<T>(record), columns.transform_one_row::<T>(record)) {
        (Ok(found), Ok(expected)) => {
            assert!(found.iter().map(bits).eq(expected.iter().map(bits)), "{record:?} of {}", fit.named());
        }
        (Err(found), Err(expected)) => {
            assert_eq!(found.to_string(), expected.to_string(), "{record:?} of {}", fit.named());
        }
        (found, expected) => panic!("{found:?}, by a table {expected:?}: {record:?} of {}", fit.named()),
    }
}

#[test]
fn a_hostile_record_has_the_result_of_a_table_with_this_row() {
    every_fit(|fit| {
        let Some(columns) = columns(fit) else { return };
        let values = hostile_values(fit);
        for (index, a) in values.iter().enumerate() {
            let b = &values[(index * 7 + 3) % values.len()];
            let known = [("a", a), ("b", b), ("c", b)].into_iter();
            let record: Record = known.filter_map(|(name, value)| Some((name, value.clone()?))).collect();
            // Each value is in two records, so that most have their turn with both types.
            match index % 2 {
                0 => assert_one_row::<f64>(fit, &columns, &record),
                _ => assert_one_row::<f32>(fit, &columns, &record),
            }
        }
    });
}

#[test]
fn written_features_equal_the_transformed_table() {
    every_fit(|fit| {
        let FittedSample { fitted, sample, .. } = fit;
        let mut data: Vec<f64> = Vec::new();
        let rows = sample.table.nrows();
        let written = Features::of(&mut data, rows).and_then(|mut features| {
            fitted.write(&sample.table, &mut features)?;
            Ok(features.width())
        });
        match (written, fitted.transform(&sample.table)) {
            (Ok(width), Ok(made)) => {
                assert_eq!((width, data.len()), (fitted.width(), rows * fitted.width()), "{}", fit.named());
                for ((name, column), found) in made.iter().zip(data.chunks(rows)) {
                    let expected = column.as_numbers().unwrap_or_else(|| panic!("strings: {}", fit.named()));
                    assert!(found.iter().all(|x| !x.is_nan()), "{name} of {}", fit.named());
                    let same = found.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits());
                    assert!(same, "{name}: {found:?}, {expected:?} of {}", fit.named());
                }
            }
            (Ok(_), Err(error)) => panic!("{error}, but features are written: {}", fit.named()),
            (Err(Error::MissingValue { .. } | Error::ColumnType { .. }), Ok(_)) => {}
            (Err(error), Ok(_)) => panic!("{error}: {}", fit.named()),
            (Err(_), Err(_)) => {}
        }
    });
}
