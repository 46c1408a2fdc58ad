//! Arguments, files and data that require more memory than any machine has: each is an error that names the cause.
//!
//! These sizes exceed the address space of every machine, so the tests do not depend on the memory of this one.

use nalgebra::{DMatrix, DVector};
use perceptra::items::Spec;
use perceptra::layers::{CategoryEncoding, Embedding, Input, Lambda, Layer, Normalization, OutputMode};
use perceptra::metrics::{self, AUC, Metric, Width};
use perceptra::models::Predict;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    ColumnTransformer, Feature, FeatureSpace, HashedCrossing, Hashing, IntegerLookup, StringLookup, Table,
    to_categorical,
};
use perceptra::{Error, Result};
use serde_json::json;

/// Whether the error is that there is no memory, with this many bytes, in the name of an item.
#[track_caller]
fn lacks<R>(result: Result<R>, of: &str, least: u64) {
    match result.err().expect("an error") {
        Error::OutOfMemory { item, bytes, .. } => assert!(item == of && bytes >= least, "{item}: {bytes} bytes"),
        error => panic!("{error}"),
    }
}

/// Whether an argument is refused by its range.
#[track_caller]
fn refused<R>(result: Result<R>, part: &str) {
    let message = result.err().expect("an error").to_string();
    assert!(message.contains(part), "{message}");
}

#[test]
fn thresholds_of_metrics() {
    let start = |name: &str, config| {
        let metric = metrics::get::<f32>(name, config)?;
        metric.start(Width { targets: 1, outputs: 1 }).map(|_| ())
    };
    for count in [1_000_001, 4_000_000_000, u64::from(u32::MAX)] {
        refused(start("AUC", json!({ "num_thresholds": count })), "expected at most 1000000");
        for (name, floor) in [
            ("PrecisionAtRecall", "recall"),
            ("RecallAtPrecision", "precision"),
            ("SensitivityAtSpecificity", "specificity"),
            ("SpecificityAtSensitivity", "sensitivity"),
        ] {
            let config = json!({ floor: 0.5, "num_thresholds": count });
            refused(start(name, config), &format!("num_thresholds is {count}; expected from 1 to 1000000"));
        }
    }
    refused(
        Spec::check(&AUC.num_thresholds(usize::MAX)),
        "num_thresholds is 18446744073709551615; expected at most 1000000",
    );
    let most = Metric::<f32>::start(&AUC.num_thresholds(1_000_000), Width { targets: 1, outputs: 1 });
    assert_eq!(most.unwrap().result(), 0.0);
}

#[test]
fn weights_of_layers() {
    let most = u32::MAX as usize;
    let bytes = u64::from(u32::MAX) << 20 << 2;
    lacks(Sequential::new().add(Dense::new(most, Relu)).build(1 << 20), "dense/kernel", bytes);
    lacks(Sequential::<f64>::default().add(Dense::new(most, Relu)).build(1 << 20), "dense/kernel", 2 * bytes);
    let table = Sequential::new().add(Embedding::new(most, 1 << 22)).build(1);
    lacks(table, "embedding/embeddings", bytes << 2);
    let table = Sequential::new().add(Embedding::new(most, most)).build(1);
    lacks(table, "embedding/embeddings", u64::MAX);
    let read = Sequential::from_json(
        &Sequential::new().add(Input::new(1 << 20)).add(Dense::new(most, Relu)).to_json().unwrap(),
    );
    lacks(read.unwrap().compile("adam", "mse", ()).build(1 << 20), "dense/kernel", bytes);
    for (units, expected) in [(0, "at least 1"), (most + 1, "at most 4294967295")] {
        let text = Sequential::new().add(Dense::new(3, Relu)).to_json().unwrap();
        let text = text.replace("\"units\":3", &format!("\"units\":{units}"));
        let error = Sequential::from_json(&text).expect_err("an error").to_string();
        assert!(
            error.contains("units") && (error.contains(expected) || error.contains("to 4294967295, not")),
            "{error}"
        );
        refused(Sequential::new().add(Dense::new(units, Relu)).to_json(), expected);
    }
    for units in [most + 1, usize::MAX] {
        let layers = || Sequential::new().add(Dense::new(units, Relu));
        refused(layers().build(2), &format!("Dense: units is {units}; expected at most 4294967295"));
        refused(layers().to_json(), &format!("Dense: units is {units}; expected at most 4294967295"));
    }
}

#[test]
fn values_between_layers() {
    let sums = Lambda::new(|x, mut y| y.column_mut(0).copy_from_slice(x.column(0))).output_shape(1);
    let wide = CategoryEncoding::new(1 << 24).output_mode(OutputMode::OneHot);
    let layers = || Sequential::new().add(wide.clone()).add(sums.clone());
    let network = layers().build(255).unwrap();
    let (rows, columns) = (1 << 16, 255u64 << 24);
    let x = DMatrix::<f32>::zeros(rows, 255);
    let batch = || Predict::new().batch_size(rows);
    lacks(network.predict_with(&x, batch()), "category_encoding", columns * rows as u64 * 4);
    let alone = Sequential::new().add(CategoryEncoding::new(1 << 24)).add(Dense::new(0, Relu));
    refused(alone.build(1), "units is 0; expected at least 1");
    let mut model = layers().compile("adam", "mse", ());
    model.build(255).unwrap();
    let y = DVector::zeros(rows);
    lacks(
        model.evaluate_with(&x, &y, Evaluate::new().batch_size(rows)),
        "category_encoding",
        columns * rows as u64 * 4,
    );
    lacks(model.fit(&x, &y, Fit::new().batch_size(rows).verbose(0)), "category_encoding", columns * rows as u64 * 4);
    assert!(model.predict(&x.rows(0, 0).into_owned()).is_ok());
    for tokens in [(1 << 24) + 1, usize::MAX] {
        refused(Layer::<f32>::build(&CategoryEncoding::new(tokens), 1), "num_tokens is ");
    }
    let one = Normalization::new().mean(1.0).variance(2.0);
    assert!(Sequential::new().add(one).build(3).is_ok());
}

#[test]
fn columns_of_transformers() {
    let table = Table::new().with_strings("a", ["x", "y"]).unwrap().with_numbers("b", [1.0, 2.0]).unwrap();
    let fit = |transformer: ColumnTransformer| transformer.fit(&table).map(|_| ());
    for count in [(1 << 24) + 1, u32::MAX as usize, usize::MAX] {
        for mode in [OutputMode::OneHot, OutputMode::MultiHot, OutputMode::Count] {
            let hashing = Hashing::new(count).output_mode(mode);
            refused(
                fit(ColumnTransformer::new().add(hashing, ["a"])),
                &format!("num_bins is {count}; expected at most"),
            );
        }
        let crossing = HashedCrossing::new(count).output_mode(OutputMode::OneHot);
        refused(fit(ColumnTransformer::new().add(crossing, ["b", "b"])), "num_bins is ");
        let lookup = StringLookup::new().num_oov_indices(count);
        refused(fit(ColumnTransformer::new().add(lookup, ["a"])), "num_oov_indices is ");
        let lookup = IntegerLookup::new().num_oov_indices(count);
        refused(fit(ColumnTransformer::new().add(lookup, ["b"])), "num_oov_indices is ");
        for feature in [Feature::string_hashed().num_bins(count), Feature::string_categorical().num_oov_indices(count)]
        {
            refused(FeatureSpace::new().feature("a", feature).adapt(&table), &count.to_string());
        }
        let crossed = FeatureSpace::new().feature("a", "string_hashed").feature("b", "integer_hashed");
        refused(crossed.cross_with_dim(["a", "b"], count).adapt(&table), &count.to_string());
        let layer = perceptra::layers::Hashing::new(count).output_mode(OutputMode::OneHot);
        refused(Layer::<f32>::build(&layer, 1), "num_bins is ");
    }
    // Only indices take no columns.
    fit(ColumnTransformer::new().add(Hashing::new(u32::MAX as usize), ["a"])).unwrap();
    lacks(to_categorical(&dmatrix![0.0; 1.0f32], Some(1 << 50)), "to_categorical", 1 << 53);
    lacks(to_categorical(&dmatrix![0.0; 1.0f32], Some(usize::MAX)), "to_categorical", u64::MAX);
}

#[test]
fn counts_of_a_fit_take_no_memory() {
    let (x, y) = (dmatrix![1.0; 2.0], dmatrix![2.0; 4.0]);
    let model = || Sequential::new().add(Dense::new(1, Linear)).seed(1).compile("sgd", "mse", ());
    let stop = || {
        LambdaCallback::new().on_epoch_end(|context| {
            context.stop();
            Ok(())
        })
    };
    for count in [u32::MAX as usize, usize::MAX] {
        let fit = Fit::new().epochs(count).batch_size(count).validation_split(0.5).validation_batch_size(count);
        let history = model().fit(&x, &y, fit.callback(stop()).verbose(0)).unwrap();
        assert_eq!(history.epochs(), [0]);
        let mut model = model();
        model.fit(&x, &y, Fit::new().verbose(0)).unwrap();
        model.evaluate_with(&x, &y, Evaluate::new().batch_size(count).steps(count)).unwrap();
        let network = model.network().unwrap();
        assert_eq!(network.predict_with(&x, Predict::new().batch_size(count).steps(count)).unwrap().len(), 2);
        let summary = model.summary().unwrap().line_length(count).to_string();
        assert!(summary.lines().all(|line| line.chars().count() <= 10_000));
    }
    let config = json!({ "epochs": 4294967295u64, "batch_size": 4294967295u64 });
    assert!(FitOptions::<f32>::from_config(config, &Registry::new()).is_ok());
}
