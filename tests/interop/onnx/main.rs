//! Export as ONNX: what is in the files, and files for the check against ONNX Runtime (`tests/interop/onnx/run`).

mod models;
mod reader;
mod scorers;

use std::path::Path;

/// Scorers in the check against ONNX Runtime.
const SCORERS: usize = 24;

#[test]
fn files_for_the_check_against_onnx_runtime() {
    let count = std::env::var("ONNX_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(90);
    let folder = std::env::var("ONNX_MODELS").ok();
    let cases = (0..count).map(models::case).chain((0..SCORERS).map(scorers::case));
    for (number, case) in cases.enumerate() {
        if let Some(folder) = &folder {
            let mut samples = case.samples;
            samples["what"] = case.what.clone().into();
            let path = Path::new(folder).join(format!("{number:04}.onnx"));
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(&path, &case.bytes).unwrap();
            std::fs::write(path.with_extension("json"), samples.to_string()).unwrap();
        }
    }
}
