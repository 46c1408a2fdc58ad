//! Tables 4: predicting records with a saved pipeline. A program that has only the file loads the pipeline trained here.
//!
//! ```text
//! cargo run --example table_4_served
//! ```

use perceptra::Result;
use perceptra::prelude::*;
use std::path::Path;

/// Synthetic applications.
fn applications(rows: usize) -> Result<Table> {
    // A number in [0, 1) that looks random.
    let noise = |row: usize, step: usize| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let income = |row: usize| 20.0 + 100.0 * noise(row, 211);
    let rate = |row: usize| 5.0 + 20.0 * noise(row, 97);
    let defaults = |row: usize| noise(row, 389) < 0.05 + 0.02 * rate(row) - 0.003 * income(row);
    Table::new()
        .with_numbers("annual_inc", (0..rows).map(income))?
        .with_numbers("int_rate", (0..rows).map(rate))?
        .with_strings("home_ownership", (0..rows).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3]))?
        .with_strings("loan_status", (0..rows).map(|row| if defaults(row) { "Charged Off" } else { "Fully Paid" }))
}

/// The program that trains.
fn train(path: &Path) -> Result<()> {
    let target = Target::binary("loan_status").positive("Charged Off");
    Pipeline::new(target).threshold(0.3).seed(1).fit(&applications(1500)?)?.save(path)
}

/// The program that serves: it receives JSON and returns a probability and a decision.
fn serve(path: &Path) -> Result<()> {
    let pipeline = FittedPipeline::load(path)?;
    for request in [
        r#"{"annual_inc": 35, "int_rate": 23.5, "home_ownership": "RENT"}"#,
        r#"{"annual_inc": 110, "int_rate": 6, "home_ownership": "OWN"}"#,
        r#"{"annual_inc": null, "int_rate": 14, "home_ownership": "CASTLE"}"#,
        r#"{"anual_inc": 50, "int_rate": 14, "home_ownership": "RENT"}"#,
    ] {
        let answer = serde_json::from_str::<Record>(request)
            .map_err(|error| error.to_string())
            .and_then(|record| pipeline.predict_record(&record).map_err(|error| error.to_string()));
        match answer {
            Ok(Prediction::Binary { label, probability, .. }) => println!("{request}\n  {label}, {probability:.3}"),
            Ok(other) => println!("{request}\n  {other:?}"),
            Err(error) => println!("{request}\n  refused: {error}"),
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let path = std::env::temp_dir().join(format!("applications-{}.safetensors", std::process::id()));
    let served = train(&path).and_then(|()| serve(&path));
    std::fs::remove_file(&path).ok();
    served
}
