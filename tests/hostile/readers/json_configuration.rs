//! Layers as JSON, and the figures of preprocessing as JSON.

use perceptra::prelude::*;
use perceptra::preprocessing::{self, ColumnTransformer, FittedColumnTransformer, Record, Table};

/// Reads the bytes as each kind of configuration, and uses the results.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(layers) = Sequential::from_json(text) {
        let written = layers.to_json().expect("what was read can be written");
        let again = Sequential::from_json(&written).expect("what was written can be read");
        assert_eq!(again.to_json().unwrap(), written);
    }
    let table = Table::new().with_strings("a", ["36 months", "x"]).unwrap().with_numbers("b", [1.0, 2.0]).unwrap();
    if let Ok(columns) = serde_json::from_str::<ColumnTransformer>(text) {
        let written = serde_json::to_string(&columns).unwrap();
        assert_eq!(serde_json::from_str::<ColumnTransformer>(&written).unwrap(), columns);
    }
    if let Ok(columns) = serde_json::from_str::<FittedColumnTransformer>(text) {
        let written = serde_json::to_string(&columns).unwrap();
        assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&written).unwrap(), columns);
        let _ = columns.inputs();
    }
    if let Ok(config) = serde_json::from_str::<serde_json::Value>(text)
        && let Ok(numbers) = preprocessing::get("TextToNumber", config)
    {
        let _ = ColumnTransformer::new().add(numbers, ["a"]).passthrough(["b"]).fit(&table);
    }
    let _ = serde_json::from_str::<Record>(text);
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    100 * bytes + (1 << 20)
}
