//! A file of a feature space with a feature of each kind, written before each kind was a separate transformer.
//!
//! The file contains the feature space, a table, and the encoded table in all digits.

use perceptra::layers::OutputMode;
use perceptra::preprocessing::{Feature, FeatureSpace, FittedColumnTransformer, Table};
use serde_json::{Value, json};

fn file() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/saving/files/feature-space-version-1.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn table(columns: &Value) -> Table {
    columns.as_object().unwrap().iter().fold(Table::new(), |table, (name, values)| {
        let values = values.as_array().unwrap();
        match values[0].is_string() {
            true => table.with_strings(name, values.iter().map(|text| text.as_str().unwrap())).unwrap(),
            false => table.with_numbers(name, values.iter().map(|number| number.as_f64().unwrap())).unwrap(),
        }
    })
}

fn rows(fitted: &FittedColumnTransformer, table: &Table) -> Value {
    let x = fitted.transform::<f64>(table).unwrap();
    x.row_iter().map(|row| row.iter().copied().collect::<Vec<f64>>()).collect::<Vec<_>>().into()
}

/// The fit of the feature space in the file.
fn fitted() -> perceptra::Result<FittedColumnTransformer> {
    let train = Table::new()
        .with_numbers("a_float", [0.1, -2.5, 3e7, 4.0, 5.0])?
        .with_numbers("b_normalized", [1.1, 2.7, 3.3, -4.9, 0.2])?
        .with_numbers("b_tiny", [1e-9, 2e-9, 3e-9, 1e-9, 2e-9])?
        .with_numbers("c_rescaled", [10.0, 20.0, 30.5, 0.0, -1.0])?
        .with_numbers("d_discretized", [0.5, 1.5, 2.5, 3.5, 4.5])?
        .with_numbers("d_bounds", [0.5, 1.5, 2.5, 3.5, 4.5])?
        .with_numbers("e_integer", [7.0, 3.0, 7.0, -2.0, 3.0])?
        .with_numbers("e_places", [7.0, 3.0, 7.0, -2.0, 3.0])?
        .with_strings("f_string", ["RENT", "OWN", "RENT", "MORTGAGE", "OWN"])?
        .with_strings("f_places", ["RENT", "OWN", "RENT", "MORTGAGE", "OWN"])?
        .with_numbers("g_hashed", [1.0, 20.0, -300.0, 4000.0, 0.0])?
        .with_strings("h_hashed", ["a", "b", "c", "36", ""])?;
    let bounds = Feature::float_discretized().bin_boundaries([1.0, 2.0]);
    FeatureSpace::new()
        .feature("a_float", Feature::float())
        .feature("b_normalized", Feature::float_normalized())
        .feature("b_tiny", Feature::float_normalized())
        .feature("c_rescaled", Feature::float_rescaled(0.3, -1.7))
        .feature("d_discretized", Feature::float_discretized().num_bins(3))
        .feature("d_bounds", bounds.output_mode(OutputMode::Int))
        .feature("e_integer", Feature::integer_categorical())
        .feature("e_places", Feature::integer_categorical().num_oov_indices(3).max_tokens(5))
        .feature("f_string", Feature::string_categorical().output_mode(OutputMode::Int))
        .feature("f_places", Feature::string_categorical().num_oov_indices(2))
        .feature("g_hashed", Feature::integer_hashed().num_bins(5))
        .feature("h_hashed", Feature::string_hashed().num_bins(6).output_mode(OutputMode::Int))
        .cross(["f_string", "d_discretized"])
        .cross_with_dim(["h_hashed", "e_places", "g_hashed"], 7)
        .adapt(&train)
}

#[test]
fn a_fit_has_the_same_result_as_before() {
    let (file, fitted) = (file(), fitted().unwrap());
    assert_eq!(json!(fitted.names()), file["names"]);
    let now = rows(&fitted, &table(&file["table"]));
    // A deviation below 1e-7 was divided by as 1e-7.
    let tiny = fitted.names().iter().position(|name| name == "b_tiny").unwrap();
    for (row, before) in now.as_array().unwrap().iter().zip(file["matrix"].as_array().unwrap()) {
        for (column, name) in fitted.names().iter().enumerate() {
            assert_eq!(row[column] == before[column], column != tiny, "{name}: {} and {}", row[column], before[column]);
        }
    }
}

#[test]
fn parts_of_a_cross_that_are_not_features_are_refused() {
    let fitted = fitted().unwrap();
    let now = serde_json::to_value(&fitted).unwrap();
    let read =
        |fitted: Value| serde_json::from_value::<FittedColumnTransformer>(fitted).map_err(|error| error.to_string());
    assert_eq!(read(now.clone()).unwrap(), fitted);
    let mut larger = now.clone();
    let parts = &mut larger["steps"][0]["state"]["crosses"][1]["parts"];
    assert_eq!(parts[0]["class_name"], "Hashing");
    parts[0]["state"]["hashing"] = json!({ "num_bins": 1_u64 << 24, "output_mode": "one_hot" });
    let mut fewer = now;
    fewer["steps"][0]["state"]["crosses"][0]["parts"].as_array_mut().unwrap().pop();
    for wrong in [larger, fewer] {
        let message = read(wrong).unwrap_err();
        assert!(message.contains("a cross is not one of the features"), "{message}");
    }
}
