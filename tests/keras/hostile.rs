//! Descriptions that require more memory than is allowed for the size of their file: each is an error, found with little memory.

use super::fixtures::fixture;
use crate::hostile::allocation::most_held;
use perceptra::saving::keras;
use std::fs;

/// The documented limit: 300 times the size of the file plus 64 MiB.
fn bound(size: usize) -> usize {
    300 * size + (64 << 20)
}

/// Opens the folder's model with another description; whether it was opened, and the most memory that took.
fn open(name: &str, config: &str) -> (bool, usize) {
    let folder = std::env::temp_dir().join(format!("perceptra-hostile-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), config).unwrap();
    fs::copy(fixture("model_folder/model.weights.h5"), folder.join("model.weights.h5")).unwrap();
    let (most, opened) = most_held(|| keras::load_model::<f32>(&folder).is_ok());
    fs::remove_dir_all(folder).unwrap();
    (opened, most)
}

#[test]
fn sizes_are_bounded_by_the_file() {
    let config = fs::read_to_string(fixture("model_folder/config.json")).unwrap();
    assert!(open("whole", &config).0);
    let weights = fs::metadata(fixture("model_folder/model.weights.h5")).unwrap().len() as usize;
    let rescaling = r#"{"class_name": "Rescaling", "config": {"scale": 0.5}}, "#;
    let begin = config.find(r#"{"module": "keras.layers", "class_name": "Normalization""#).unwrap();
    let with_layers = format!("{}{}{}", &config[..begin], rescaling.repeat(20_000), &config[begin..]);
    let cases = [
        ("units", config.replace(r#""units": 4"#, r#""units": 4000000000"#)),
        ("inputs", config.replace("[null, 3]", "[null, 4000000000]")),
        ("columns", config.replace("[null, 3]", "[null, 1000000]")),
        ("layers", with_layers.replace("[null, 3]", "[null, 100000]")),
        ("deep", format!("{}{}", r#"{"class_name":"#.repeat(100_000), "}".repeat(100_000))),
        ("lists", format!("[{}]", "[],".repeat(100_000))),
        ("accumulate", config.replace(r#""gradient_accumulation_steps": null"#, r#""gradient_accumulation_steps": 1"#)),
    ];
    for (name, text) in cases {
        assert_ne!(text, config, "{name}");
        let (opened, most) = open(name, &text);
        assert!(!opened, "{name} was opened");
        assert!(most < bound(text.len() + weights), "{name} took {most} bytes for {}", text.len() + weights);
    }
}
