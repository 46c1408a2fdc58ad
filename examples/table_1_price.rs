//! Tables 1: predicting a price. The default pipeline learns the logarithm of a number, and is compared by cross-validation with a
//! linear model.
//!
//! ```text
//! cargo run --example table_1_price
//! ```

use perceptra::Result;
use perceptra::pipeline::CrossValidate;
use perceptra::prelude::*;

/// Synthetic flats: the price grows with the area and falls with the distance from the centre, faster in some districts.
fn flats(rows: usize) -> Result<Table> {
    // A number in [0, 1) that looks random.
    let noise = |row: usize, step: usize| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let area = |row: usize| 25.0 + 120.0 * noise(row, 389);
    let distance = |row: usize| 12.0 * noise(row, 577);
    let district = |row: usize| ["harbour", "old town", "park", "station"][row * 31 % 4];
    let price = |row: usize| {
        let level = match district(row) {
            "harbour" => 9.2,
            "old town" => 9.5,
            _ => 8.8,
        };
        (level + 0.9 * (area(row) / 50.0).ln() - 0.05 * distance(row) + 0.15 * (noise(row, 211) - 0.5)).exp()
    };
    let built = (0..rows).map(|row| if row % 13 == 5 { f64::NAN } else { 1900.0 + (row * 7 % 120) as f64 });
    Table::new()
        .with_numbers("area", (0..rows).map(area))?
        .with_numbers("distance", (0..rows).map(distance))?
        .with_numbers("built", built)?
        .with_strings("district", (0..rows).map(district))?
        .with_numbers("price", (0..rows).map(price))
}

fn main() -> Result<()> {
    let (train, test) = train_test_split(&flats(2000)?).test_size(0.25).seed(1).split()?;
    let pipeline = Pipeline::new(Target::regression("price").log(true)).seed(1);
    let scores = CrossValidate::new(KFold::new(3).shuffle(true), scores!["r2", "mean_absolute_percentage_error"])
        .baselines(true)
        .run(&pipeline, &train)?;
    println!("{scores}\n");

    let fitted = pipeline.fit(&train)?;
    println!("{}\n", fitted.evaluate(&test)?);
    let flat = Record::new().with("area", 70.0).with("distance", 3.0).with("district", "old town");
    if let Prediction::Number(price) = fitted.predict_record(&flat)? {
        println!("70 m² in the old town, year unknown: {price:.0}");
    }
    Ok(())
}
