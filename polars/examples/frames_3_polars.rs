//! Frames 3: a Polars frame in, predictions out. The predictions are additional columns of the frame, so that further steps use Polars.
//!
//! ```text
//! cargo run --example frames_3_polars
//! ```

use perceptra::prelude::*;
use perceptra_polars::polars_core::prelude::{
    Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsResult, Series,
};
use perceptra_polars::{from_polars, predict_frame};
use std::error::Error;

/// Synthetic flats with a category, a date, and numbers, some of which are null.
fn flats(first: usize, rows: usize) -> PolarsResult<DataFrame> {
    // A number in [0, 1) that looks random.
    let noise = |row: usize, step: usize| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let rows = || first..first + rows;
    let area = |row: usize| 25.0 + 120.0 * noise(row, 389);
    let distance = |row: usize| 12.0 * noise(row, 577);
    let district = |row: usize| ["harbour", "old town", "park", "station"][row * 31 % 4];
    let level = |row: usize| if district(row) == "old town" { 9.4 } else { 8.8 };
    let price = |row: usize| (level(row) + 0.9 * (area(row) / 50.0).ln() - 0.05 * distance(row)).exp();
    let column = |name: &str, value: &dyn Fn(usize) -> f64| {
        Series::new(name.into(), rows().map(value).collect::<Vec<f64>>()).into_column()
    };
    let distances = rows().map(|row| (row % 13 != 5).then(|| distance(row))).collect::<Vec<Option<f64>>>();
    let districts: Column = Series::new("district".into(), rows().map(district).collect::<Vec<&str>>()).into_column();
    let days = rows().map(|row| 19_000 + row as i32 * 7 % 900).collect::<Vec<i32>>();
    DataFrame::new(
        rows().len(),
        vec![
            column("area", &area),
            Series::new("distance".into(), distances).into_column(),
            districts,
            Series::new("listed".into(), days).cast(&DataType::Date)?.into_column(),
            column("price", &price),
        ],
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let known = flats(0, 800)?;
    let table = from_polars(&known)?;
    println!("{}", table.describe());

    let model = Sequential::new().add(Dense::new(16, Relu)).add(Dense::new(1, Linear)).compile(
        Adam.learning_rate(0.01),
        MeanSquaredError,
        (),
    );
    let pipeline = Pipeline::new(Target::regression("price").log(true)).model(model).members(1).seed(1);
    let fitted = pipeline.options(Fit::new().epochs(30).verbose(0)).fit(&table)?;

    let new = flats(800, 200)?;
    let predicted = predict_frame(&fitted, &new)?;
    println!("columns: {:?}", predicted.get_column_names());
    for row in 0..3 {
        let values = predicted.columns().iter().map(|column| Ok(column.get(row)?.to_string()));
        println!("  {}", values.collect::<PolarsResult<Vec<String>>>()?.join(", "));
    }

    let errors = (predicted.column("price_2")? / predicted.column("price")?)?;
    let errors: Vec<f64> = errors.f64()?.iter().flatten().map(|ratio| (ratio - 1.0).abs()).collect();
    let mean = 100.0 * errors.iter().sum::<f64>() / errors.len() as f64;
    println!("mean error of the prices: {mean:.0}%");
    assert_eq!((predicted.shape(), errors.len()), ((200, 6), 200));
    Ok(())
}
