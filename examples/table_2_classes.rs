//! Tables 2: several classes with strings as labels, by a user-defined network after the transformers.
//!
//! ```text
//! cargo run --example table_2_classes
//! ```

use perceptra::Result;
use perceptra::prelude::*;

/// Synthetic customers of three kinds.
fn customers(rows: usize) -> Result<Table> {
    // A number in [−½, ½) that looks random.
    let noise = |row: usize, step: usize| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract() - 0.5;
    let kind = |row: usize| (row * 7 + row / 5) % 3;
    let visits = (0..rows).map(|row| [3.0, 6.0, 10.0][kind(row)] + 9.0 * noise(row, 71));
    let basket = (0..rows).map(|row| [70.0, 40.0, 50.0][kind(row)] + 60.0 * noise(row, 113));
    let channel = (0..rows).map(|row| if noise(row, 31) > 0.2 { "app" } else { ["shop", "web", "app"][kind(row)] });
    let labels = (0..rows).map(|row| ["occasional", "bargain hunter", "regular"][kind(row)]);
    Table::new()
        .with_numbers("visits", visits)?
        .with_numbers("basket", basket)?
        .with_strings("channel", channel)?
        .with_strings("kind", labels)
}

fn main() -> Result<()> {
    let (train, test) = train_test_split(&customers(1500)?).test_size(0.3).stratify("kind").seed(1).split()?;
    let network = Sequential::new().add(Dense::new(16, Relu)).add(Dense::new(3, Softmax)).compile(
        Adam.learning_rate(0.01),
        CategoricalCrossentropy,
        metrics![CategoricalAccuracy],
    );
    let fitted = Pipeline::new(Target::multiclass("kind"))
        .columns(
            ColumnTransformer::new()
                .add(StandardScaler::new(), ["visits", "basket"])
                .add(OneHotEncoder::new(), ["channel"]),
        )
        .model(network)
        .options(Fit::new().epochs(30).verbose(0))
        .members(3)
        .seed(1)
        .fit(&train)?;
    println!("{}\n", fitted.evaluate(&test)?);

    let predicted = fitted.predict_table(&test.head(5))?;
    println!("{:<16} most probable", "true kind");
    for (truth, found) in test.strings("kind")?.iter().zip(predicted.strings("kind")?.iter()) {
        println!("{:<16} {}", truth.unwrap_or("-"), found.unwrap_or("-"));
    }
    Ok(())
}
