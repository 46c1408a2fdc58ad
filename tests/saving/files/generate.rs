//! How `version-1-transformers`, `version-1-feature-space` and `version-1-unbuilt` were written, and the bits of their
//! predictions: a test of commit 20451ae, before transformers became an open family.
//!
//! It is compiled against that commit, not here: `cargo test --test generate -- --nocapture` there.

use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::layers::OutputMode;
use perceptra::models::Scorer;
use perceptra::prelude::*;
use perceptra::preprocessing::*;

fn table() -> Result<Table> {
    let rows = 0..24_usize;
    let of =
        |names: &'static [&'static str], step: usize| rows.clone().map(move |row| names[(row * step) % names.len()]);
    Table::new()
        .with_strings("term", of(&["36 months", "60 months"], 1))?
        .with_strings("grade", of(&["A", "B", "C", "D"], 3))?
        .with_strings("home", of(&["RENT", "OWN", "MORTGAGE"], 1))?
        .with_strings("purpose", of(&["car", "house", "debt", "other", "debt"], 1))?
        .with_strings("state", of(&["CA", "NY", "TX", "WA", "FL", "OH", "UT"], 2))?
        .with_numbers("rate", rows.clone().map(|row| 5.0 + ((row * 7) % 11) as f64))?
        .with_numbers("income", rows.clone().map(|row| 30_000.0 + 1250.0 * ((row * 5) % 9) as f64))?
        .with_numbers("amount", rows.clone().map(|row| 1000.0 + 375.5 * ((row * 3) % 13) as f64))?
        .with_numbers("ratio", rows.clone().map(|row| ((row * 11) % 17) as f64 / 16.0))?
        .with_numbers("accounts", rows.clone().map(|row| ((row * 5) % 4) as f64))
}

fn write(name: &str, columns: FittedColumnTransformer) -> Result<()> {
    let width = columns.names().len();
    let mut model = Sequential::<f64>::default().add(Dense::new(1, Sigmoid)).seed(3).compile(
        SGD.learning_rate(0.05),
        BinaryCrossentropy,
        (),
    );
    model.build(width)?;
    let weights = DMatrix::from_fn(width, 1, |i, _| (((i * 7) % 11) as f64 - 5.0) / 64.0);
    model.set_weights("dense", &[weights, DMatrix::from_element(1, 1, 0.125)])?;
    let scorer = Scorer::new(columns, model)?.threshold(0.375)?;
    scorer.save(name)?;
    let scores = scorer.score_table(&table()?)?;
    println!("{name} {width}: {:?}", scores.iter().map(|score| score.probability.to_bits()).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn scorers() -> Result<()> {
    let table = table()?;
    let columns = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .text_to_number(TextToNumber::pairs([("A", 4.0), ("B", 3.0), ("C", 2.5), ("D", 1.0)]), ["grade"])
        .add(StandardScaler::new(), ["term", "rate"])
        .add(StandardScaler::new().with_mean(false), ["grade"])
        .add(MinMaxScaler::new().feature_range(-1.0, 2.0).clip(true), ["income"])
        .add(OneHotEncoder::new().drop_category(DropCategory::First), ["home"])
        .add(OneHotEncoder::new().categories(["car", "debt", "house"]).unknown(Unknown::Zeros), ["purpose"])
        .add(OneHotEncoder::new(), ["accounts"])
        .add(
            StringLookup::new()
                .num_oov_indices(2)
                .mask_token("CA")
                .salt(7)
                .max_tokens(8)
                .pad_to_max_tokens(true)
                .output_mode(OutputMode::OneHot),
            ["state"],
        )
        .add(
            perceptra::preprocessing::Hashing::new(5).salt([3, 4]).mask_value("UT").output_mode(OutputMode::OneHot),
            ["state"],
        )
        .add(perceptra::preprocessing::Hashing::new(3), ["purpose"])
        .passthrough(["ratio"])
        .fit(&table);
    write("version-1-transformers.safetensors", columns?)?;
    let space = FeatureSpace::new()
        .feature("ratio", Feature::float())
        .feature("rate", Feature::float_normalized())
        .feature("income", Feature::float_rescaled(0.0001, -2.0))
        .feature("amount", Feature::float_discretized().num_bins(4))
        .feature("accounts", Feature::integer_categorical().num_oov_indices(2))
        .feature("home", Feature::string_categorical().max_tokens(3))
        .feature("state", Feature::string_hashed().num_bins(4))
        .feature("purpose", Feature::string_categorical().output_mode(OutputMode::Int))
        .feature("term", "string_hashed")
        .cross(["home", "state"])
        .cross_with_dim(["purpose", "accounts"], 6)
        .hashing_dim(3)
        .crossing_dim(5);
    write("version-1-feature-space.safetensors", space.adapt(&table)?)?;
    Ok(())
}
#[test]
fn unbuilt() -> Result<()> {
    let model = Sequential::new()
        .add(Dense::new(3, Relu))
        .add(Dense::new(2, Tanh).name("middle"))
        .add(Dense::new(1, Sigmoid))
        .seed(9)
        .compile("adam", BinaryCrossentropy, metrics![Accuracy])
        .weighted_metrics(["auc"]);
    model.save("version-1-unbuilt.safetensors")
}
