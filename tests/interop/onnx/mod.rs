//! Export as ONNX: tests of the files' contents, and files for the comparison with ONNX Runtime (`tests/interop/onnx/run`).

mod models;
mod pipelines;
mod reader;
mod refused;

use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::onnx::Export;
use reader::{Info, Model, Node};
use std::collections::HashSet;
use std::path::Path;

/// Pipelines in the check against ONNX Runtime, eight of each task.
const PIPELINES: usize = 40;

/// The numbers of element types in a file.
const FLOAT: i64 = 1;
const INT64: i64 = 7;
const TEXT: i64 = 8;
const BOOL: i64 = 9;
const DOUBLE: i64 = 11;

fn info(name: &str, kind: i64, columns: usize) -> Info {
    Info { name: name.into(), kind, dims: vec!["batch".into(), columns.to_string()] }
}

/// Small, with fixed weights.
fn reference() -> Vec<u8> {
    let mut network = Sequential::new()
        .add(Dense::new(2, Relu).name("hidden"))
        .add(Dropout::new(0.5))
        .add(BatchNormalization::new().epsilon(0.0).name("norm"))
        .add(Dense::new(1, LeakyRelu.negative_slope(0.25)).use_bias(false).name("risk"))
        .build(3)
        .unwrap();
    network.set_weights("hidden", &[dmatrix![1.0, -1.0; 0.5, 2.0; -0.25, 0.0], dmatrix![0.5, -0.5]]).unwrap();
    let (gamma, beta) = (dmatrix![2.0, 1.0], dmatrix![0.0, 1.0]);
    network.set_weights("norm", &[gamma, beta, dmatrix![3.0, 4.0], dmatrix![4.0, 0.25]]).unwrap();
    network.set_weights("risk", &[dmatrix![0.75; -1.5]]).unwrap();
    Export::new().doc_string("A reference.").threshold(0.5).to_bytes(&network).unwrap()
}

#[test]
fn a_reference_is_written_as_ever() {
    let bytes = reference();
    let committed = reader::model(include_bytes!("reference.onnx"));
    let mut found = reader::model(&bytes);
    assert_eq!(found.producer, ["perceptra", env!("CARGO_PKG_VERSION")]);
    // A later version of the crate writes the same but for its number.
    found.producer[1].clone_from(&committed.producer[1]);
    assert_eq!(found, committed);
    if committed.producer[1] == env!("CARGO_PKG_VERSION") {
        assert!(bytes == include_bytes!("reference.onnx"), "the bytes differ in what the reader does not look at");
    }
}

#[test]
fn a_reference_reads_as_the_model_that_it_is() {
    let Model { ir_version, opsets, graph, .. } = reader::model(&reference());
    assert_eq!((ir_version, opsets), (8, vec![(String::new(), 18)]));
    assert_eq!(graph.inputs, [info("input", FLOAT, 3)]);
    assert_eq!(graph.outputs, [info("probability", FLOAT, 1), info("decision", BOOL, 1)]);
    let operators: Vec<&str> = graph.nodes.iter().map(|node| node.op.as_str()).collect();
    assert_eq!(operators, ["Gemm", "Relu", "Sub", "Mul", "Add", "MatMul", "LeakyRelu", "Greater"]);
    assert_eq!(graph.nodes[0].inputs, ["input", "hidden/kernel", "hidden/bias"]);
    assert_eq!(graph.nodes[6].outputs, ["probability"]);
    assert_eq!((graph.nodes[6].attributes[0].name.as_str(), graph.nodes[6].attributes[0].float), ("alpha", Some(0.25)));
    let initializer = |name: &str| graph.initializers.iter().find(|tensor| tensor.name == name).unwrap();
    let kernel = initializer("hidden/kernel");
    assert_eq!((kernel.kind, &kernel.dims[..]), (FLOAT, &[3, 2][..]));
    assert_eq!(kernel.floats(), [1.0, -1.0, 0.5, 2.0, -0.25, 0.0]);
    // The mean is subtracted before gamma/√variance multiplies.
    assert_eq!(initializer("norm/mean").floats(), [3.0, 4.0]);
    assert_eq!(initializer("norm/scale").floats(), [1.0, 2.0]);
    assert_eq!(initializer("norm/beta").floats(), [0.0, 1.0]);
}

#[test]
fn a_normalization_subtracts_the_whole_mean_first() {
    let x = DMatrix::from_fn(13, 2, |i, j| if j == 0 { 202_401.0 + i as f32 * 0.125 } else { 0.1 * i as f32 });
    let layer = Normalization::new().adapt(&x).unwrap();
    let network = Sequential::new().add(layer.clone()).build(2).unwrap();
    let Model { graph, .. } = reader::model(&Export::new().to_bytes(&network).unwrap());
    let operators: Vec<&str> = graph.nodes.iter().map(|node| node.op.as_str()).collect();
    assert_eq!(operators, ["Sub", "Sub", "Div"]);
    // The results of ONNX Runtime for these numbers, in single precision.
    let row = |name: &str| graph.initializers.iter().find(|tensor| tensor.name.ends_with(name)).unwrap().floats();
    let (mean, rest, deviation) = (row("mean"), row("mean_rest"), row("deviation"));
    for j in 0..2 {
        let values: Vec<f64> = x.column(j).iter().map(|x| f64::from(*x)).collect();
        let exact_mean = values.iter().sum::<f64>() / 13.0;
        let exact_deviation = (values.iter().map(|x| (x - exact_mean).powi(2)).sum::<f64>() / 13.0).sqrt();
        for (i, value) in values.iter().enumerate() {
            let found = f64::from((x[(i, j)] - mean[j] - rest[j]) / deviation[j]);
            let exact = (value - exact_mean) / exact_deviation;
            assert!((found - exact).abs() <= 1e-6 * exact.abs().max(1.0), "{found} {exact}");
        }
    }
    let inverted = Sequential::new().add(layer.invert(true)).build(2).unwrap();
    let Model { graph, .. } = reader::model(&Export::new().to_bytes(&inverted).unwrap());
    let operators: Vec<&str> = graph.nodes.iter().map(|node| node.op.as_str()).collect();
    assert_eq!(operators, ["Cast", "Mul", "Add", "Cast"]);
}

#[test]
fn a_decision_on_logits_is_one_on_their_sigmoid() {
    let layers = || Sequential::new().add(Dense::new(1, Linear)).seed(1);
    let mut model = layers().compile("adam", BinaryCrossentropy.from_logits(true), ());
    model.build(2).unwrap();
    let operators = |bytes: Vec<u8>| -> Vec<String> {
        reader::model(&bytes).graph.nodes.iter().map(|node| node.op.clone()).collect()
    };
    let decided = operators(Export::new().threshold(0.3).to_bytes(&model).unwrap());
    assert_eq!(decided[decided.len() - 2..], ["Sigmoid", "Greater"]);
    assert!(!operators(Export::new().to_bytes(&model).unwrap()).contains(&"Sigmoid".to_string()));
    let wrong = model.compile("adam", BinaryCrossentropy, ());
    let error = Export::new().threshold(0.3).to_bytes(&wrong).unwrap_err().to_string();
    assert!(error.contains("from_logits(true)"), "{error}");
}

/// Checks that every value has a unique name and is computed before it is used, and that every tensor's length matches its shape.
fn check(model: &Model, what: &str) {
    let graph = &model.graph;
    let mut known = HashSet::from([""]);
    let names = graph.inputs.iter().map(|input| &input.name);
    for name in names.chain(graph.initializers.iter().map(|tensor| &tensor.name)) {
        assert!(known.insert(name), "{what}: {name} twice");
    }
    for Node { op, inputs, outputs, domain, .. } in &graph.nodes {
        assert!(inputs.iter().all(|input| known.contains(input.as_str())), "{what}: {op} of {inputs:?}");
        assert!(outputs.iter().all(|output| known.insert(output)), "{what}: {op} to {outputs:?}");
        assert!(model.opsets.iter().any(|(known, _)| known == domain), "{what}: {op} of {domain}");
    }
    assert!(graph.outputs.iter().all(|output| known.contains(output.name.as_str())), "{what}");
    let used: HashSet<&String> = graph.nodes.iter().flat_map(|node| &node.inputs).collect();
    for tensor in &graph.initializers {
        assert!(used.contains(&tensor.name), "{what}: {} is of no use", tensor.name);
        let size = match tensor.kind {
            FLOAT => 4,
            DOUBLE | INT64 => 8,
            BOOL => 1,
            TEXT => {
                assert_eq!((tensor.dims[0], tensor.raw.len()), (tensor.strings.len() as i64, 0), "{what}");
                continue;
            }
            other => panic!("{what}: {} of type {other}", tensor.name),
        };
        assert_eq!(tensor.dims.iter().product::<i64>() * size, tensor.raw.len() as i64, "{what}: {}", tensor.name);
    }
}

#[test]
fn files_for_the_check_against_onnx_runtime() {
    let count = std::env::var("ONNX_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(90);
    let folder = std::env::var("ONNX_MODELS").ok();
    if let Some(folder) = &folder {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(Path::new(folder).join("reference"), reference()).unwrap();
    }
    let monotone = pipelines::monotone().into_iter().map(|(_, case)| case);
    let cases = (0..count).map(models::case).chain((0..PIPELINES).map(pipelines::case)).chain(monotone);
    for (number, case) in cases.enumerate() {
        check(&reader::model(&case.bytes), &case.what);
        if let Some(folder) = &folder {
            let mut samples = case.samples;
            samples["what"] = case.what.clone().into();
            let path = Path::new(folder).join(format!("{number:04}.onnx"));
            std::fs::write(&path, &case.bytes).unwrap();
            std::fs::write(path.with_extension("json"), samples.to_string()).unwrap();
        }
    }
}

#[test]
fn a_pipeline_takes_raw_columns() {
    let Model { graph, opsets, .. } = reader::model(&pipelines::case(1).bytes);
    assert_eq!(opsets, [(String::new(), 18), ("ai.onnx.ml".into(), 3)]);
    let inputs = [
        info("year", DOUBLE, 1),
        info("income", DOUBLE, 1),
        info("term", TEXT, 1),
        info("rate", DOUBLE, 1),
        info("home", TEXT, 1),
        info("accounts", DOUBLE, 1),
        // Booleans, as 1 and 0.
        info("owner", DOUBLE, 1),
        info("grade", TEXT, 1),
        info("second grade", TEXT, 1),
        info("debt", DOUBLE, 1),
        info("savings", DOUBLE, 1),
        info("region", TEXT, 1),
        info("rooms", DOUBLE, 1),
    ];
    assert_eq!(graph.inputs, inputs);
    assert_eq!(graph.outputs, [info("probability", FLOAT, 1), info("decision", BOOL, 1)]);
}

#[test]
fn the_outputs_of_a_pipeline_are_those_of_its_task() {
    let outputs = |number: usize| reader::model(&pipelines::case(number).bytes).graph.outputs;
    let [float, double] = [9, 8].map(|number| outputs(number)[0].kind);
    assert_eq!((float, double), (FLOAT, DOUBLE), "a probability is of the model's type");
    for (number, label) in [(9, TEXT), (10, DOUBLE), (8, BOOL)] {
        let found = outputs(number);
        assert_eq!(found[0].name, "probabilities");
        assert_eq!(found[1..], [info("index", INT64, 1), info("label", label, 1)]);
    }
    assert_eq!(outputs(16), [info("prediction", DOUBLE, 1)]);
    assert_eq!(outputs(24), [info("prediction", DOUBLE, 2)]);
    assert_eq!(outputs(33), [info("probabilities", FLOAT, 2), info("decisions", BOOL, 2)]);
}

/// The kernels in the file are those that the proof of monotonicity uses, and the predictions are monotone.
#[test]
fn a_monotone_pipeline_keeps_its_signs() {
    let cases = pipelines::monotone();
    assert_eq!(cases.len(), 4);
    for (fitted, case) in cases {
        fitted.prove_monotone("income", perceptra::pipeline::Monotonicity::Decreasing).unwrap();
        let graph = reader::model(&case.bytes).graph;
        let mut kernels = 0;
        for written in graph.initializers.iter().filter(|tensor| tensor.name.ends_with("/kernel")) {
            let (member, layer) = match written.name.strip_prefix("member/").and_then(|rest| rest.split_once('/')) {
                Some((member, layer)) => (member.parse().unwrap(), layer),
                None => (0, written.name.as_str()),
            };
            let layer = layer.trim_end_matches("/kernel");
            let kernel = &fitted.members()[member].weights(layer).unwrap()[0];
            assert_eq!(written.floats(), kernel.transpose().as_slice(), "{}: {}", case.what, written.name);
            kernels += 1;
        }
        assert!(kernels >= 2 * fitted.members().len(), "{}: {kernels} kernels", case.what);
        // Rows in ascending order of the income; ONNX Runtime has to reproduce the predictions for them.
        let rows = case.samples["outputs"][0]["rows"].as_array().unwrap();
        let probabilities: Vec<f64> = rows.iter().map(|row| row[0].as_f64().unwrap()).collect();
        let is_falling = probabilities.windows(2).all(|pair| pair[1] - pair[0] <= 2.5e-7);
        assert!(is_falling && probabilities[0] > probabilities[rows.len() - 1] + 1e-3, "{}", case.what);
    }
}

#[test]
fn each_member_is_written_under_its_prefix() {
    let graph = reader::model(&pipelines::case(1).bytes).graph;
    let kernels: Vec<&str> = graph
        .initializers
        .iter()
        .map(|tensor| tensor.name.as_str())
        .filter(|name| name.ends_with("dense/kernel"))
        .collect();
    assert_eq!(kernels, ["dense/kernel", "member/1/dense/kernel", "member/2/dense/kernel"]);
    let last: Vec<&str> = graph.nodes.iter().rev().take(6).map(|node| node.op.as_str()).collect();
    assert_eq!(last, ["Greater", "Cast", "Div", "Add", "Cast", "Add"], "their mean in double precision");
    let labels: Vec<Vec<String>> = reader::model(&pipelines::case(9).bytes)
        .graph
        .initializers
        .into_iter()
        .filter(|tensor| tensor.kind == TEXT)
        .map(|tensor| tensor.strings)
        .collect();
    assert_eq!(labels, [["late", "paid", "öpen"]]);
}

#[test]
fn a_network_without_operators_hands_its_input_on() {
    let network = Sequential::<f64>::default().add(Flatten::new()).build(2).unwrap();
    let Model { graph, .. } = reader::model(&Export::new().to_bytes(&network).unwrap());
    assert_eq!((graph.inputs, graph.outputs), (vec![info("input", DOUBLE, 2)], vec![info("output", DOUBLE, 2)]));
    assert_eq!(graph.nodes.iter().map(|node| &*node.op).collect::<Vec<_>>(), ["Identity"]);
}

#[test]
fn names_are_the_given_ones() {
    let network = Sequential::new().add(Dense::new(1, Sigmoid).name("risk")).build(2).unwrap();
    let export = Export::new().input_name("risk/Gemm").output_name("risk").decision_name("refuse").threshold(0.3);
    let model = reader::model(&export.graph_name("loans").to_bytes(&network).unwrap());
    check(&model, "names of inner values");
    let Model { graph, .. } = model;
    assert_eq!((&*graph.name, &graph.inputs[..]), ("loans", &[info("risk/Gemm", FLOAT, 2)][..]));
    assert_eq!(graph.outputs, [info("risk", FLOAT, 1), info("refuse", BOOL, 1)]);
}
