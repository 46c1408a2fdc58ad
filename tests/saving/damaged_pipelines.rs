//! Files of pipelines with inconsistent parts: each is an error that names the file, in every function that reads them.

use super::folder::Folder;
use super::hostile::{config, pipeline, with_config};
use perceptra::prelude::*;
use perceptra::{Error, Result};
use serde_json::{Value, json};

type Change = fn(&mut Value);

/// Loads the file with a changed configuration; the error's message.
#[track_caller]
fn refusal(folder: &Folder, bytes: &[u8], change: impl FnOnce(&mut Value)) -> String {
    std::fs::write(folder.file("file.safetensors"), with_config(bytes, change)).unwrap();
    let error = FittedPipeline::load(folder.file("file.safetensors")).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::ModelFile { .. }), "{text}");
    assert!(text.contains("file.safetensors") && !text.contains("update perceptra"), "{text}");
    text
}

fn saved(folder: &Folder, pipeline: &FittedPipeline) -> Result<Vec<u8>> {
    pipeline.save(folder.file("whole"))?;
    Ok(std::fs::read(folder.file("whole")).unwrap())
}

#[test]
fn parts_of_a_binary_pipeline_that_do_not_go_together() -> Result<()> {
    let folder = Folder::new("damaged-binary");
    let bytes = saved(&folder, &pipeline(3))?;
    assert_eq!(config(&bytes)["pipeline"]["members"].as_array().unwrap().len(), 2);
    let changes: [(Change, &str); 21] = [
        (|c| drop(c.as_object_mut().unwrap().remove("pipeline")), "has \"preprocessing\" and lacks \"pipeline\""),
        (|c| c["pipeline"] = json!({}), "target"),
        (|c| c["pipeline"]["target"] = Value::Null, "expected"),
        (|c| c["pipeline"]["target"]["target"] = json!("binary"), "expected"),
        (|c| c["pipeline"]["target"]["target"]["task"] = json!("ranking"), "ranking"),
        (|c| c["pipeline"]["target"]["target"]["columns"] = json!([]), "names of the columns"),
        (|c| c["pipeline"]["target"]["target"]["columns"] = json!(["y", "y"]), "each column once"),
        (|c| c["pipeline"]["target"]["target"]["log"] = json!(true), "Target::regression"),
        (|c| c["pipeline"]["target"]["target"]["unit"] = json!("€"), "unit"),
        (|c| c["pipeline"]["target"]["target"]["task"] = json!("regression"), "it has labels; expected none"),
        (|c| drop(c["pipeline"]["target"].as_object_mut().unwrap().remove("labels")), "it has 0 labels; expected 2"),
        (|c| c["pipeline"]["target"]["labels"] = json!([0.0]), "it has 1 labels; expected 2"),
        (|c| c["pipeline"]["target"]["labels"] = json!([1.0, 1.0]), "the label 1 twice"),
        (|c| c["pipeline"]["target"]["labels"] = json!([0.0, "paid"]), "labels are of several types"),
        (|c| c["pipeline"]["target"]["numbers"] = json!([{ "mean": 0, "scale": 1, "low": 0, "high": 1 }]), "expected"),
        (|c| c["pipeline"]["seed"] = json!(-1), "expected"),
        (|c| c["pipeline"]["table"] = json!([1]), "expected"),
        (|c| c["pipeline"]["other"] = json!(1), "other"),
        (|c| c["threshold"] = json!(1.5), "its threshold is 1.5; expected a number in [0, 1]"),
        (|c| c["pipeline"]["members"][0]["inputs"] = json!([4]), "member/1/dense/kernel is of shape [3, 3]"),
        (|c| drop(c["pipeline"]["members"].as_array_mut().unwrap().pop()), "member/2/dense"),
    ];
    for (number, (change, expected)) in changes.into_iter().enumerate() {
        let found = refusal(&folder, &bytes, change);
        assert!(found.contains(expected), "change {number}: {found}");
    }
    let more = |c: &mut Value| {
        let member = c["pipeline"]["members"][0].clone();
        c["pipeline"]["members"].as_array_mut().unwrap().push(member);
    };
    assert!(refusal(&folder, &bytes, more).contains("the values of member/3/dense/"));
    // The labels are those of one column, but the network has one output.
    let three = |c: &mut Value| {
        c["pipeline"]["target"]["target"]["task"] = json!("multiclass");
        c["pipeline"]["target"]["labels"] = json!(["a", "b", "c"]);
    };
    let found = refusal(&folder, &bytes, three);
    assert!(found.contains("Dense::new(3, Softmax)") && found.contains("was changed after it was saved"), "{found}");
    let margins = |c: &mut Value| c["compile"]["outputs"][0]["loss"] = json!({ "class_name": "Hinge", "config": {} });
    assert!(refusal(&folder, &bytes, margins).contains("margins"));
    Ok(())
}

#[test]
fn a_width_that_the_transformers_do_not_have() -> Result<()> {
    let folder = Folder::new("damaged-width");
    let one = pipeline(1);
    let bytes = saved(&folder, &one)?;
    let fewer = |c: &mut Value| {
        let categories = &mut c["preprocessing"]["steps"][0]["state"]["encoder"]["columns"][0]["categories"];
        assert_eq!(categories.take(), json!(["p", "q", "r"]));
        *categories = json!(["p", "q"]);
    };
    assert!(refusal(&folder, &bytes, fewer).contains("its preprocessing returns 2 columns"));
    // The model itself is whole.
    assert_eq!(Network::load(folder.file("file.safetensors"))?.inputs(), 3);
    Ok(())
}

#[test]
fn the_numbers_of_a_regression_that_cannot_be() -> Result<()> {
    let folder = Folder::new("damaged-regression");
    let table = Table::new().with_numbers("a", [1.0, 2.0, 4.0])?.with_numbers("y", [1.0, 3.0, 2.0])?;
    let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam, MeanSquaredError, ());
    model.build(1)?;
    let columns = ColumnTransformer::new().passthrough(["a"]).fit(&table)?;
    let target = Target::regression("y").clamp(true);
    let bytes = saved(&folder, &FittedPipeline::from_parts(columns, &target, &table, vec![model])?)?;
    // Limits in the wrong order, and values that are not JSON numbers, must not reach a prediction.
    let changes: [(Change, &str); 6] = [
        (|c| c["pipeline"]["target"]["numbers"][0]["low"] = json!(7.0), "low is at most high"),
        (|c| c["pipeline"]["target"]["numbers"][0]["scale"] = json!(0.0), "scale is above 0"),
        (|c| c["pipeline"]["target"]["numbers"][0]["mean"] = json!("1"), "expected"),
        (|c| c["pipeline"]["target"]["numbers"] = json!([]), "the means of 0 columns; expected those of 1"),
        (|c| drop(c["pipeline"]["target"].as_object_mut().unwrap().remove("numbers")), "expected those of 1"),
        (|c| c["pipeline"]["target"]["labels"] = json!([1.0, 2.0]), "it has labels"),
    ];
    for (number, (change, expected)) in changes.into_iter().enumerate() {
        let found = refusal(&folder, &bytes, change);
        assert!(found.contains(expected), "change {number}: {found}");
    }
    Ok(())
}
