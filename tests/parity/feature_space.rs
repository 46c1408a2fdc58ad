//! Compares FeatureSpace with Keras's: the same table has the same matrix.

use crate::golden::{assert_close, cases, flat, tolerance};
use perceptra::Scalar;
use perceptra::preprocessing::{Feature, FeatureSpace, Table};
use serde_json::Value;

fn table(columns: &Value) -> Table {
    columns.as_object().unwrap().iter().fold(Table::new(), |table, (name, values)| {
        let values = values.as_array().unwrap();
        match values[0].is_string() {
            true => table.with_strings(name, values.iter().map(|text| text.as_str().unwrap())).unwrap(),
            false => table.with_numbers(name, values.iter().map(|number| number.as_f64().unwrap())).unwrap(),
        }
    })
}

fn feature(kind: &str, arguments: &Value) -> Feature {
    let number = |name: &str| arguments[name].as_f64().unwrap();
    if kind == "float_rescaled" {
        return Feature::float_rescaled(number("scale"), number("offset"));
    }
    arguments.as_object().unwrap().keys().fold(Feature::from(kind), |feature, name| match name.as_str() {
        "num_bins" => feature.num_bins(number(name) as usize),
        "max_tokens" => feature.max_tokens(number(name) as usize),
        "num_oov_indices" => feature.num_oov_indices(number(name) as usize),
        other => panic!("{other}"),
    })
}

fn space(case: &Value) -> FeatureSpace {
    let mut space = FeatureSpace::new();
    for (column, feature_of) in case["features"].as_object().unwrap() {
        space = space.feature(column, feature(feature_of[0].as_str().unwrap(), &feature_of[1]));
    }
    for cross in case["crosses"].as_array().unwrap() {
        let columns = cross[0].as_array().unwrap().iter().map(|column| column.as_str().unwrap());
        space = match cross[1].as_u64() {
            Some(bins) => space.cross_with_dim(columns, bins as usize),
            None => space.cross(columns),
        };
    }
    for (name, value) in case["config"].as_object().unwrap() {
        let bins = value.as_u64().unwrap() as usize;
        space = match name.as_str() {
            "crossing_dim" => space.crossing_dim(bins),
            "hashing_dim" => space.hashing_dim(bins),
            "num_discretization_bins" => space.num_discretization_bins(bins),
            other => panic!("{other}"),
        };
    }
    space
}

fn check<T: Scalar>() {
    let cases = cases("feature_space");
    assert_eq!(cases.len(), 12);
    for (i, case) in cases.iter().enumerate() {
        let fitted = space(case).adapt(&table(&case["adapt"])).unwrap();
        let x = fitted.transform::<T>(&table(&case["inputs"])).unwrap();
        let found: Vec<f64> = x.transpose().iter().map(|value| value.to_f64()).collect();
        assert_close(&format!("case {i}, {:?}", fitted.names()), &found, &flat(&case["outputs"]), tolerance::<f32>());
    }
}

#[test]
fn matrices_are_keras_s() {
    check::<f64>();
    check::<f32>();
}
