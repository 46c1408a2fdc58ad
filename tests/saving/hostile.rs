//! Files that were damaged or made to do harm: an error each, and little memory.

use super::data;
use super::folder::Folder;
use crate::hostile::allocation::most_held;
use perceptra::Result;
use perceptra::callbacks::BackupAndRestore;
use perceptra::prelude::*;
use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Table};
use serde_json::{Value, json};
use std::path::Path;

/// Reads a file with every function; returns whether any succeeded. Checks that the allocated memory is within the documented limit.
fn reads(path: &Path, bytes: &[u8]) -> Vec<Result<()>> {
    std::fs::write(path, bytes).unwrap();
    let (most, results) = most_held(|| {
        vec![
            Model::load(path).map(|_| ()),
            Network::load(path).map(|_| ()),
            FittedPipeline::load(path).map(|_| ()),
            Network::<f64>::load_with(path, &Registry::new()).map(|_| ()),
        ]
    });
    assert!(most <= 100 * bytes.len() + (1 << 20), "{most} bytes for a file of {}", bytes.len());
    results
}

#[track_caller]
fn refused(path: &Path, bytes: &[u8], what: impl std::fmt::Display) {
    for (way, result) in reads(path, bytes).into_iter().enumerate() {
        assert!(result.is_err(), "{what}, read in way {way}");
    }
}

/// A pipeline of two networks, with their transformers and their target.
fn file(folder: &Folder) -> Vec<u8> {
    pipeline(2).save(folder.file("pipeline")).unwrap();
    std::fs::read(folder.file("pipeline")).unwrap()
}

/// A pipeline of as many trained networks.
pub(super) fn pipeline(members: u64) -> FittedPipeline {
    let (x, y) = data(40);
    let table = Table::new().with_strings("a", (0..40).map(|row| ["p", "q", "r"][row % 3])).unwrap();
    let table = table.with_numbers("y", y.iter().map(|y| f64::from(*y))).unwrap();
    let columns = ColumnTransformer::new().add(OneHotEncoder::new(), ["a"]).fit(&table).unwrap();
    let member = |seed| {
        let layers = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).seed(seed);
        let mut model = layers.compile(Adam, BinaryCrossentropy, metrics![Accuracy]);
        model.fit(&x, &y, Fit::new().verbose(0)).unwrap();
        model
    };
    let members = (1..=members).map(member).collect();
    FittedPipeline::from_parts(columns, &Target::binary("y"), &table, members).unwrap()
}

/// A trained model with the state of its optimizer and the parts of a pipeline, so everything that a file can hold; without a
/// checksum.
fn full(folder: &Folder) -> Vec<u8> {
    let pipeline = pipeline(1);
    pipeline.save(folder.file("pipeline")).unwrap();
    pipeline.members()[0].save(folder.file("model")).unwrap();
    let bytes = |name: &str| std::fs::read(folder.file(name)).unwrap();
    let of_pipeline = config(&bytes("pipeline"));
    with_config(&bytes("model"), |config| {
        for part in ["preprocessing", "threshold", "pipeline"] {
            config[part] = of_pipeline[part].clone();
        }
    })
}

/// The header and the values of a file.
fn parts(bytes: &[u8]) -> (Value, Vec<u8>) {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    (serde_json::from_slice(&bytes[8..8 + length]).unwrap(), bytes[8 + length..].to_vec())
}

/// The configuration of a file.
pub(super) fn config(bytes: &[u8]) -> Value {
    serde_json::from_str(parts(bytes).0["__metadata__"]["config"].as_str().unwrap()).unwrap()
}

/// A file without a checksum, as another program might write it.
fn joined(header: &Value, data: &[u8]) -> Vec<u8> {
    let mut header = header.clone();
    header["__metadata__"].as_object_mut().map(|metadata| metadata.remove("checksum"));
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// The file with its configuration changed.
pub(super) fn with_config(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (mut header, data) = parts(bytes);
    let mut config = config(bytes);
    change(&mut config);
    header["__metadata__"]["config"] = config.to_string().into();
    joined(&header, &data)
}

/// SplitMix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

#[test]
fn truncated_at_every_length() {
    let folder = Folder::new("hostile-truncated");
    let bytes = file(&folder);
    assert!(reads(&folder.file("file"), &bytes).iter().all(Result::is_ok));
    for bytes in [&bytes, &full(&folder)] {
        for length in 0..bytes.len() {
            refused(&folder.file("file"), &bytes[..length], format_args!("cut at {length}"));
        }
    }
    refused(&folder.file("file"), &[&bytes[..], &[0]].concat(), "a byte too many");
}

#[test]
fn every_bit_flipped() {
    let folder = Folder::new("hostile-flipped");
    let mut bytes = file(&folder);
    for place in 0..bytes.len() {
        // One bit of each byte, another one each time.
        let bit = 1 << ((place * 5 + place / 8) % 8);
        bytes[place] ^= bit;
        refused(&folder.file("file"), &bytes, format_args!("bit {bit} of byte {place}"));
        bytes[place] ^= bit;
    }
}

#[test]
fn without_a_check_sum_a_whole_file_is_read() {
    let folder = Folder::new("hostile-unchecked");
    for bytes in [file(&folder), full(&folder)] {
        let (header, data) = parts(&bytes);
        assert!(reads(&folder.file("file"), &joined(&header, &data)).iter().all(Result::is_ok));
    }
}

#[test]
fn headers_that_lie() {
    let folder = Folder::new("hostile-headers");
    let bytes = file(&folder);
    let (header, data) = parts(&bytes);
    let kernel = "dense/kernel";
    let changes: Vec<(&str, Value, Value)> = vec![
        (kernel, json!("shape"), json!([3, u64::MAX])),
        (kernel, json!("shape"), json!([1u64 << 40, 1u64 << 40])),
        (kernel, json!("shape"), json!([9])),
        (kernel, json!("shape"), json!([])),
        (kernel, json!("shape"), json!([-3, 3])),
        (kernel, json!("dtype"), json!("F64")),
        (kernel, json!("dtype"), json!("I32")),
        (kernel, json!("data_offsets"), json!([0, u64::MAX])),
        (kernel, json!("data_offsets"), json!([36, 0])),
        (kernel, json!("data_offsets"), json!([1, 37])),
        (kernel, json!("data_offsets"), json!([u64::MAX, u64::MAX])),
        (kernel, json!("data_offsets"), json!([0])),
        (kernel, json!("more"), json!(1)),
        ("__metadata__", json!("version"), json!("1")),
        ("__metadata__", json!("version"), json!("3")),
        ("__metadata__", json!("version"), json!("0")),
        ("__metadata__", json!("format"), json!("pt")),
        ("__metadata__", json!("config"), json!("{}")),
        ("__metadata__", json!("config"), json!("")),
        ("__metadata__", json!("config"), json!(7)),
        ("__metadata__", json!("other"), json!("key")),
    ];
    for (name, key, value) in changes {
        let mut changed = header.clone();
        changed[name][key.as_str().unwrap()] = value.clone();
        refused(&folder.file("file"), &joined(&changed, &data), format_args!("{name}: {key} = {value}"));
    }
    let mut renamed = header.clone();
    let entry = renamed.as_object_mut().unwrap().remove(kernel).unwrap();
    renamed["dense/Kernel"] = entry;
    refused(&folder.file("file"), &joined(&renamed, &data), "another name");
    let twice = joined(&header, &data);
    let text = String::from_utf8_lossy(&twice[8..]).replacen("dense/bias", kernel, 1);
    refused(&folder.file("file"), &[&twice[..8], text.as_bytes()].concat(), "a name twice");
    let later = Model::load({
        std::fs::write(folder.file("later"), {
            let mut later = header.clone();
            later["__metadata__"]["version"] = json!("3");
            joined(&later, &data)
        })
        .unwrap();
        folder.file("later")
    });
    assert!(later.unwrap_err().to_string().contains("update perceptra"));
    for length in [u64::MAX, 1 << 62, 99_999_999, bytes.len() as u64] {
        let mut lying = bytes.clone();
        lying[..8].copy_from_slice(&length.to_le_bytes());
        refused(&folder.file("file"), &lying, format_args!("a header of {length} bytes"));
    }
}

#[test]
fn deep_json() {
    let folder = Folder::new("hostile-deep");
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"__metadata__\":", "}")] {
        let text = format!("{{{}{}", open.repeat(100_000), close.repeat(100_000));
        let bytes = [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
        refused(&folder.file("file"), &bytes, "a deep header");
    }
    let bytes = file(&folder);
    let (mut header, data) = parts(&bytes);
    for text in ["[".repeat(50_000), "{\"architecture\":".repeat(20_000), "[0,".repeat(30_000)] {
        header["__metadata__"]["config"] = text.into();
        refused(&folder.file("file"), &joined(&header, &data), "a deep configuration");
    }
    // Wide instead of deep: many small things take more room in memory than in the file.
    for item in ["0,", "[],", "{},", "\"\",", "{\"a\":0},"] {
        let wide = format!("[{}0]", item.repeat(60_000));
        let changed = with_config(&bytes, |config| {
            config["architecture"]["nodes"][0]["config"]["units"] = serde_json::from_str(&wide).unwrap();
        });
        refused(&folder.file("file"), &changed, format_args!("a wide configuration of {item}"));
    }
}

#[test]
fn oversized_and_contradictory_configurations() {
    let folder = Folder::new("hostile-config");
    let bytes = full(&folder);
    let layer = |config: &mut Value, class: &str, arguments: Value| {
        let node = json!({ "name": "dense", "class_name": class, "config": arguments, "inputs": ["input"] });
        config["architecture"]["nodes"][0] = node;
    };
    let dense = |units: u64| json!({ "units": units, "activation": "relu" });
    let unchanged = with_config(&bytes, |config| layer(config, "Dense", dense(3)));
    assert!(reads(&folder.file("file"), &unchanged).iter().all(Result::is_ok));
    for units in [0, 4, 1 << 20, u64::from(u32::MAX), 1 << 40, u64::MAX] {
        refused(&folder.file("file"), &with_config(&bytes, |config| layer(config, "Dense", dense(units))), units);
    }
    for inputs in [json!(0), json!(2), json!(u32::MAX), json!(u64::MAX), json!(-1), json!(3.5)] {
        let changed = with_config(&bytes, |config| config["network"]["inputs"] = json!([inputs]));
        refused(&folder.file("file"), &changed, inputs);
    }
    let embedding = json!({ "input_dim": u32::MAX, "output_dim": u32::MAX });
    refused(
        &folder.file("file"),
        &with_config(&bytes, |config| layer(config, "Embedding", embedding)),
        "a huge embedding",
    );
    type Change = Box<dyn Fn(&mut Value)>;
    let changes: Vec<(&str, Change)> = vec![
        ("a layer too few", Box::new(|c| c["network"]["layers"] = json!([]))),
        ("another name", Box::new(|c| c["network"]["layers"][0]["name"] = json!("other"))),
        ("no layer", Box::new(|c| c["architecture"]["nodes"] = json!([]))),
        ("an unknown layer", Box::new(|c| c["architecture"]["nodes"][0]["class_name"] = json!("Conv2D"))),
        ("a node's other name", Box::new(|c| c["architecture"]["nodes"][0]["name"] = json!("other"))),
        ("inputs of a node", Box::new(|c| c["architecture"]["nodes"][1]["inputs"] = json!(["input", "dense"]))),
        ("two inputs", Box::new(|c| c["architecture"]["inputs"] = json!(["input", "other"]))),
        ("two outputs", Box::new(|c| c["architecture"]["outputs"] = json!(["dense_1", "dense"]))),
        ("columns of two inputs", Box::new(|c| c["network"]["inputs"] = json!([3, 3]))),
        ("columns of no input", Box::new(|c| c["network"]["inputs"] = json!([]))),
        ("a width", Box::new(|c| c["dtype"] = json!("float16"))),
        ("steps", Box::new(|c| c["training"]["iterations"] = json!(u64::MAX))),
        ("epochs", Box::new(|c| c["training"]["epochs"] = json!(u64::MAX))),
        ("a rate", Box::new(|c| c["training"]["learning_rate"] = json!(-1.0))),
        ("a key", Box::new(|c| c["training"]["other"] = json!(1))),
    ];
    for (what, change) in changes {
        refused(&folder.file("file"), &with_config(&bytes, change), what);
    }
    // Only a compiled model needs them, but a file with unreadable parts is rejected.
    let refused_part = |what: &str, change: &dyn Fn(&mut Value)| {
        refused(&folder.file("file"), &with_config(&bytes, |config| change(&mut config["compile"])), what);
    };
    let none = || json!({ "class_name": "None" });
    refused_part("optimizer", &|compile| compile["optimizer"] = none());
    for key in ["loss", "metrics"] {
        refused_part(key, &|compile| compile["outputs"][0][key] = none());
    }
    refused_part("two outputs", &|compile| compile["outputs"] = json!([compile["outputs"][0], compile["outputs"][0]]));
    refused_part("no output", &|compile| compile["outputs"] = json!([]));
    for threshold in [2.0, -0.1] {
        let changed = with_config(&bytes, |config| config["threshold"] = json!(threshold));
        std::fs::write(folder.file("file"), changed).unwrap();
        for error in [FittedPipeline::load(folder.file("file")).map(drop), Model::load(folder.file("file")).map(drop)] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains(&format!("its threshold is {threshold}; expected a number in [0, 1]")), "{error}");
        }
    }
}

/// Every message states what was expected and what was found; only a file of a later release asks for an update.
#[test]
fn changed_metadata_is_reported() {
    let folder = Folder::new("hostile-told");
    let bytes = full(&folder);
    type Change = fn(&mut Value);
    let remove = |key: &'static str| move |config: &mut Value| drop(config.as_object_mut().unwrap().remove(key));
    let message = |bytes: &[u8]| {
        std::fs::write(folder.file("file"), bytes).unwrap();
        Model::load(folder.file("file")).unwrap_err().to_string()
    };
    for (key, expected) in [
        ("architecture", "it has \"compile\" and lacks \"architecture\""),
        ("network", "it has \"training\" and lacks \"network\""),
        ("compile", "it has \"training\" and lacks \"compile\""),
        ("preprocessing", "it has \"threshold\" and lacks \"preprocessing\""),
        ("threshold", "it has \"preprocessing\" and lacks \"threshold\""),
        ("pipeline", "it has \"preprocessing\" and lacks \"pipeline\""),
    ] {
        let found = message(&with_config(&bytes, remove(key)));
        assert!(found.contains(expected) && found.contains("was changed after it was saved"), "{found}");
    }
    let without_both = with_config(&bytes, |config| {
        let parts = ["network", "training", "preprocessing", "threshold", "pipeline"];
        parts.into_iter().for_each(|key| remove(key)(config));
    });
    assert!(message(&without_both).contains("it holds the values of dense/bias and lacks \"network\""));
    let changes: [(Change, &str); 9] = [
        (|c| c["dtype"] = json!("float64"), "its dtype is \"float64\" and its dense/bias is F32; expected F64"),
        (|c| c["dtype"] = json!("float16"), "its dtype is \"float16\"; expected \"float32\" or \"float64\""),
        (|c| c["threshold"] = json!(7), "its threshold is 7; expected a number in [0, 1]"),
        (|c| c["threshold"] = json!(1e300), "its threshold is 1e300; expected a number in [0, 1]"),
        (|c| c["training"]["averages_swapped"] = json!(true), "expected an optimizer with use_ema"),
        (|c| c["training"]["learning_rate"] = json!(-1e300), "its learning rate is -1e300; expected a finite number"),
        (|c| c["training"]["epochs"] = json!(u64::MAX), "18446744073709551615 epochs; expected less than"),
        (|c| c["architecture"]["inputs"] = json!(["a", "b"]), "it has 2 inputs; expected one input"),
        (
            |c| c["position"] = json!({ "epoch": 1, "step": 0, "batch": 0, "order": 0 }),
            "it has both \"architecture\" and \"position\", which only a backup has",
        ),
    ];
    for (change, expected) in changes {
        let found = message(&with_config(&bytes, change));
        assert!(found.contains(expected) && found.contains("was changed after it was saved"), "{found}");
        assert!(!found.contains("update perceptra"), "{found}");
    }
    let metadata = |key: &str, value: &str, changed: &[u8]| {
        let (mut header, data) = parts(changed);
        header["__metadata__"][key] = json!(value);
        message(&joined(&header, &data))
    };
    let two_inputs = with_config(&bytes, |config| config["architecture"]["inputs"] = json!(["a", "b"]));
    let later = metadata("release", "999.0.0", &two_inputs);
    assert!(later.contains("expected one input; release 999.0.0 wrote it, so update perceptra"), "{later}");
    assert!(metadata("version", "3", &bytes).contains("its version is 3; expected 1 or 2"));
    for version in ["0", "-1", "two", ""] {
        let found = metadata("version", version, &bytes);
        assert!(found.contains(&format!("its version is \"{version}\"; expected 1 or 2")), "{found}");
        assert!(!found.contains("update perceptra"), "{found}");
    }
    // Only the values are read, without their layers, but not as values of another type.
    let changed = with_config(&bytes, |config| config["dtype"] = json!("float64"));
    std::fs::write(folder.file("file"), changed).unwrap();
    let mut network = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).build(3).unwrap();
    let error = network.load_weights(folder.file("file")).unwrap_err().to_string();
    assert!(error.contains("its dtype is \"float64\""), "{error}");
}

#[test]
fn weights_that_are_no_numbers() {
    let folder = Folder::new("hostile-nan");
    let (header, data) = parts(&full(&folder));
    for name in ["dense/kernel", "dense_1/bias", "optimizer/velocity/dense/kernel"] {
        let begin = header[name]["data_offsets"][0].as_u64().unwrap() as usize;
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut changed = data.clone();
            changed[begin..begin + 4].copy_from_slice(&value.to_le_bytes());
            std::fs::write(folder.file("file"), joined(&header, &changed)).unwrap();
            let error = Model::load(folder.file("file")).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(&value.to_string()), "{error}");
        }
    }
}

/// Random damage that no checksum covers: the result is a model or an error, never a panic.
#[test]
fn a_thousand_random_changes() {
    let folder = Folder::new("hostile-random");
    let whole = full(&folder);
    let (header, data) = parts(&whole);
    let bytes = joined(&header, &data);
    let length = bytes.len() - data.len();
    let mut numbers = Numbers(20);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..1000 {
        let mut changed = bytes.clone();
        for _ in 0..1 + numbers.below(3) {
            let place = numbers.below(length);
            match numbers.below(5) {
                0 => changed[place] = numbers.next() as u8,
                1 => changed[place] = b"0123456789[]{},:\"-e.\\"[numbers.below(21)],
                2 => drop(changed.remove(place)),
                3 => changed.insert(place, b'0' + numbers.below(10) as u8),
                _ => {
                    let from = numbers.below(length);
                    changed[place] = changed[from];
                }
            }
        }
        // The length is corrected, so that the change itself is found.
        if numbers.below(4) > 0 {
            let header = changed.len() - data.len() - 8;
            changed[..8].copy_from_slice(&(header as u64).to_le_bytes());
        }
        for result in reads(&folder.file("file"), &changed) {
            match result {
                Ok(()) => read += 1,
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 1000 && read > 0, "{read} read, {refused} refused");
}

/// Files of weights, and backups, are read by other ways.
#[test]
fn weights_and_backups_are_guarded_alike() {
    let folder = Folder::new("hostile-weights");
    let (x, y) = data(40);
    let layers = || Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).seed(1);
    let mut model = layers().compile(Adam, BinaryCrossentropy, ());
    let backup = || BackupAndRestore::new(folder.file("backup")).delete_checkpoint(false);
    model.fit(&x, &y, Fit::new().callback(backup()).verbose(0)).unwrap();
    model.save_weights(folder.file("weights")).unwrap();
    let latest = folder.file("backup").join("latest.safetensors");
    let mut network = layers().build(3).unwrap();
    for whole in [std::fs::read(folder.file("weights")).unwrap(), std::fs::read(&latest).unwrap()] {
        let mut damaged: Vec<Vec<u8>> = (0..whole.len()).step_by(3).map(|length| whole[..length].to_vec()).collect();
        damaged.extend((0..whole.len()).map(|place| {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            flipped
        }));
        for (number, bytes) in damaged.into_iter().enumerate() {
            std::fs::write(&latest, &bytes).unwrap();
            let before = network.flat_weights().to_vec();
            let (most, ()) = most_held(|| {
                assert!(network.load_weights(&latest).is_err());
                assert!(network.load_weights_skip_mismatch(&latest).is_err());
                // A fit takes much longer than these checks, so it is run for some positions only.
                let resumed = number % 16 == 0;
                assert!(!resumed || model.fit(&x, &y, Fit::new().epochs(0).callback(backup()).verbose(0)).is_err());
            });
            assert!(most <= 100 * bytes.len() + (1 << 20), "{most} bytes for a file of {}", bytes.len());
            assert_eq!(network.flat_weights(), before);
        }
        std::fs::write(&latest, &whole).unwrap();
        network.load_weights(&latest).unwrap();
    }
}
