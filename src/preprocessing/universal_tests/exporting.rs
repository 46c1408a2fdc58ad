//! Tests of every transformer in an ONNX file.

use super::super::{ColumnTransformer, FitInput, Transformer};
use super::{FittedSample, every_fit};
use crate::Error;
use crate::pipeline::{FittedPipeline, Target};
use crate::prelude::*;
use crate::saving::onnx::Export;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The pipeline of a fit, with a network that is not trained.
fn pipeline(fit: &FittedSample<'_>) -> Option<FittedPipeline<f64>> {
    let FittedSample { transformer, sample, .. } = fit;
    let table = &sample.table;
    let columns = ColumnTransformer::new().add(Arc::clone(transformer), ["a", "b"]);
    let columns = columns.fit_with(FitInput::new(table).with_target(&sample.target).unwrap()).ok()?;
    let mut model = Sequential::<f64>::default().add(Dense::new(1, Linear)).compile("adam", "mse", ());
    model.build(columns.names().len()).unwrap();
    let table = table.with_column("y", sample.target.column("y").unwrap().clone()).unwrap();
    Some(FittedPipeline::from_parts(columns, &Target::regression("y"), &table, vec![model]).unwrap())
}

#[test]
fn every_transformer_is_exported_or_refused_by_name_with_the_cure() {
    let exported = RefCell::new(BTreeSet::new());
    every_fit(|fit| {
        let Some(pipeline) = pipeline(fit) else { return };
        let name = fit.transformer.class_name();
        match Export::new().to_bytes(&pipeline) {
            Ok(bytes) => {
                assert!(!bytes.is_empty());
                exported.borrow_mut().insert(name);
            }
            Err(Error::NotSerializable { item, reason }) => {
                let by = format!(" by {name} as ONNX");
                let of_stage = name == "Chain" && item.contains(" by ");
                assert!(item.ends_with(&by) || of_stage, "{item}: {reason}");
                assert!(item.matches(" by ").count() == 1, "{item}");
                assert!(reason.contains(';'), "no cure for {item}: {reason}");
            }
            Err(error) => panic!("{error}: {}", fit.named()),
        }
    });
    let refused = [
        "DateParts",
        "Discretization",
        "Elapsed",
        "FeatureSpace",
        "HashedCrossing",
        "Hashing",
        "IntegerLookup",
        "Integers",
        "Rescaling",
    ];
    let exported = exported.into_inner();
    let never: BTreeSet<&str> = <dyn Transformer as crate::items::Family>::names()
        .into_iter()
        .filter(|name| !exported.contains(*name))
        .collect();
    assert_eq!(never, BTreeSet::from(refused), "what the page on ONNX says cannot be exported");
}
