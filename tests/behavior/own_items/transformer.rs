//! Transformers that are user-defined: one that is chained, saved and loaded, and one that looks at the target.

use nalgebra::DVector;
use perceptra::items::Spec;
use perceptra::models::Registry;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    ColumnKind, ColumnTransformer, FitInput, FittedTransformer, Record, Selector, StandardScaler, Table, Transformer,
};
use perceptra::{Error, Result};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Cuts numbers off beyond the mean plus or minus `width` times the largest distance from it.
#[derive(Debug, Serialize, Deserialize)]
struct CutOff {
    width: f64,
}

#[derive(Debug, Serialize, Deserialize)]
struct FittedCutOff {
    columns: Vec<(String, f64, f64)>,
}

impl Spec for CutOff {
    fn config(&self) -> Result<Value> {
        Ok(json!(self))
    }

    fn check(&self) -> Result<()> {
        match self.width > 0.0 {
            true => Ok(()),
            false => Err(Error::Argument {
                item: "CutOff".into(),
                argument: "width",
                value: self.width.to_string(),
                expected: "a number above 0".into(),
            }),
        }
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Configuration { item: "CutOff".into(), reason: error.to_string() }
}

impl Transformer for CutOff {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let table = input.columns();
        let bounds = |name: &String| {
            let values = table.numbers(name)?;
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let distance = values.iter().map(|x| (x - mean).abs()).fold(0.0, f64::max) * self.width;
            Ok((name.clone(), mean - distance, mean + distance))
        };
        let columns = table.names().iter().map(bounds).collect::<Result<_>>()?;
        Ok(Arc::new(FittedCutOff { columns }))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(serde_json::from_value::<FittedCutOff>(state).map_err(unreadable)?))
    }
}

impl FittedTransformer for FittedCutOff {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, ..)| name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.columns.iter().map(|(name, ..)| name.clone()).collect()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let start = table.select(self.inputs())?;
        self.columns.iter().try_fold(start, |cut, (name, low, high)| {
            cut.with_numbers(name, table.numbers(name)?.iter().map(|x| x.clamp(*low, *high)))
        })
    }

    fn state(&self) -> Result<Value> {
        Ok(json!(self))
    }
}

fn loans() -> Table {
    let income = (0..60).map(|row| f64::from(row * row % 47) + if row == 5 { 1000.0 } else { 0.3 });
    let table = Table::new().with_numbers("annual_inc", income).unwrap();
    let homes = (0..60).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 7 % 3]);
    table
        .with_strings("home", homes)
        .unwrap()
        .with_numbers("status", (0..60).map(|row| f64::from(row % 4 / 3)))
        .unwrap()
}

fn pipeline() -> Result<FittedPipeline> {
    let (columns, x) = ColumnTransformer::new()
        .add(CutOff { width: 0.25 }.then(StandardScaler::new()), Selector::matching("annual_*"))
        .fit_transform::<f32>(&loans())?;
    let y: DVector<f32> = loans().to_vector("status")?;
    let mut ann = Sequential::new().add(Dense::new(1, Sigmoid)).seed(3).compile(Adam, BinaryCrossentropy, ());
    ann.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    FittedPipeline::from_parts(columns, &Target::binary("status"), &loans(), vec![ann])
}

#[test]
fn a_user_defined_transformer_is_chained_saved_and_loaded() -> Result<()> {
    let pipeline = pipeline()?;
    let folder = std::env::temp_dir().join(format!("perceptra-own-transformer-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("pipeline.perceptra");
    pipeline.save(&path)?;
    let error = FittedPipeline::<f32>::load(&path).unwrap_err();
    assert!(matches!(&error, Error::Unknown { name, .. } if name == "CutOff"), "{error}");
    let error = error.to_string();
    for part in ["user-defined", "Registry", "in \"stages\" of Chain", "pipeline.perceptra"] {
        assert!(error.contains(part), "{error}");
    }
    let registry =
        Registry::new().transformer("CutOff", |config| serde_json::from_value::<CutOff>(config).map_err(unreadable));
    let again = FittedPipeline::<f32>::load_with(&path, &registry)?;
    assert_eq!(again.columns(), pipeline.columns());
    assert_eq!(again.columns().inputs(), ["annual_inc"]);
    assert_eq!(again.predict(&loans())?, pipeline.predict(&loans())?);
    let x = pipeline.columns().transform::<f64>(&loans())?;
    for row in [0, 5, 59] {
        let record = loans().record(row)?;
        assert_eq!(again.columns().transform_record::<f64>(&record)?, x.row(row));
        assert_eq!(again.predict_record(&record)?, pipeline.predict_record(&record)?);
    }
    std::fs::remove_dir_all(folder).unwrap();
    Ok(())
}

#[cfg(feature = "onnx")]
#[test]
fn onnx_rejects_a_user_defined_transformer_by_name() -> Result<()> {
    let error = perceptra::saving::onnx::Export::new().to_bytes(&pipeline()?).unwrap_err().to_string();
    assert!(error.contains("annual_inc by CutOff") && error.contains("export only the network"), "{error}");
    Ok(())
}

/// Replaces a string by the mean of its targets; for the rows of the fit, by the mean over the other half of the rows.
#[derive(Debug)]
struct TargetEncoder;

#[derive(Debug)]
struct FittedTargetEncoder {
    column: String,
    means: HashMap<String, f64>,
}

impl Spec for TargetEncoder {}

impl TargetEncoder {
    fn of(table: &Table, target: &[f64], rows: &[usize]) -> Result<FittedTargetEncoder> {
        let column = table.names()[0].clone();
        let mut sums: HashMap<String, (f64, f64)> = HashMap::new();
        for &row in rows {
            let sum = sums.entry(table.strings(&column)?.get(row).unwrap_or_default().into()).or_default();
            *sum = (sum.0 + target[row], sum.1 + 1.0);
        }
        let means = sums.into_iter().map(|(text, (sum, count))| (text, sum / count)).collect();
        Ok(FittedTargetEncoder { column, means })
    }
}

impl Transformer for TargetEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.fit_transform(input).map(|(fitted, _)| fitted)
    }

    fn fit_transform(&self, mut input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let table = input.columns();
        let target = input.target().ok_or(Error::Empty {
            what: "the target of a TargetEncoder".into(),
            advice: "pass it with FitInput::with_target".into(),
        })?;
        let target = target.numbers(&target.names()[0])?;
        let halves: Vec<bool> = (0..table.nrows()).map(|_| input.random().next_u32() % 2 == 0).collect();
        let rows = |half: bool| (0..table.nrows()).filter(|row| halves[*row] == half).collect::<Vec<_>>();
        let (first, second) = (Self::of(table, target, &rows(true))?, Self::of(table, target, &rows(false))?);
        let all = Self::of(table, target, &(0..table.nrows()).collect::<Vec<_>>())?;
        let (of_first, of_second) = (second.transform(table)?, first.transform(table)?);
        let (a, b) = (of_first.numbers(&all.column)?, of_second.numbers(&all.column)?);
        let made = (0..table.nrows()).map(|row| if halves[row] { a[row] } else { b[row] });
        let made = table.with_numbers(&all.column, made)?;
        Ok((Arc::new(all), Some(made)))
    }
}

impl FittedTransformer for FittedTargetEncoder {
    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn outputs(&self) -> Vec<String> {
        vec![self.column.clone()]
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table
            .select([&self.column])?
            .map_strings(&self.column, |text| Some(self.means.get(text).copied().unwrap_or(0.5)))
    }
}

#[test]
fn rows_of_the_fit_are_encoded_by_others() -> Result<()> {
    let table = loans();
    let target = table.select(["status"])?;
    let encoder = ColumnTransformer::new().add(TargetEncoder, ["home"]).add(StandardScaler::new(), Selector::numbers());
    let input = |seed| Ok::<_, Error>(FitInput::new(&table).with_target(&target)?.with_seed(seed));
    let (columns, x) = encoder.fit_transform_with::<f64>(input(1)?)?;
    assert_eq!(columns.names(), ["home", "annual_inc"], "the target is not taken by its type");
    let of_others = columns.transform::<f64>(&table)?;
    assert_ne!(x.column(0), of_others.column(0));
    assert_eq!(x.column(1), of_others.column(1));
    let without = ColumnTransformer::new().add(StandardScaler::new(), Selector::all().except(["status", "home"]));
    assert_eq!(without.fit_with(input(1)?)?.names(), without.fit(&table)?.names(), "it may be left out all the same");
    let again = encoder.fit_transform_with::<f64>(input(1)?)?.1;
    assert_eq!(again, x, "the same seed draws the same halves");
    assert_ne!(encoder.fit_transform_with::<f64>(input(2)?)?.1, x);
    // So it is in front of another transformer.
    let chain = ColumnTransformer::new().add(TargetEncoder.then(StandardScaler::new()), ["home"]);
    let (columns, x) = chain.fit_transform_with::<f64>(input(1)?)?;
    assert!(x.column(0).mean().abs() < 1e-12, "the scaler sees what the encoder makes of the rows of the fit");
    assert!(columns.transform::<f64>(&table)?.column(0).mean().abs() > 1e-6);
    let error = encoder.fit(&table).unwrap_err().to_string();
    assert!(error.contains("with_target"), "{error}");
    // It does not describe itself.
    let x = columns.transform::<f32>(&table)?;
    let mut ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
    ann.fit(&x, &table.to_vector::<f32>("status")?, Fit::new().epochs(1).verbose(0))?;
    let path = std::env::temp_dir().join("perceptra-not-saved.perceptra");
    let pipeline = FittedPipeline::from_parts(columns, &Target::binary("status"), &table, vec![ann])?;
    let error = pipeline.save(path).unwrap_err();
    assert!(matches!(error, Error::NotSerializable { ref item, .. } if item == "TargetEncoder"), "{error}");
    Ok(())
}

/// Leaves strings as they are.
#[derive(Debug)]
struct Same;

#[derive(Debug)]
struct FittedSame {
    columns: Vec<String>,
    kind: ColumnKind,
}

impl Spec for Same {}

impl Transformer for Same {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(FittedSame { columns: input.columns().names().to_vec(), kind: ColumnKind::Strings }))
    }
}

impl FittedTransformer for FittedSame {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn output_kinds(&self) -> Vec<ColumnKind> {
        vec![self.kind; self.columns.len()]
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table.select(&self.columns)
    }
}

#[test]
fn strings_leave_a_transformer_but_not_the_last_one() -> Result<()> {
    let error = ColumnTransformer::new().add(Same, ["home"]).fit(&loans()).unwrap_err().to_string();
    assert!(
        error.starts_with("column \"home\" holds strings") && error.contains(".then(OneHotEncoder::new())"),
        "{error}"
    );
    let encoded = Same.then(OneHotEncoder::new());
    let columns = ColumnTransformer::new().add(encoded, ["home"]).fit(&loans())?;
    assert_eq!(columns.names(), ["home_MORTGAGE", "home_OWN", "home_RENT"]);
    assert_eq!(columns.transform_record::<f64>(&Record::new().with("home", "OWN"))?.as_slice(), [0.0, 1.0, 0.0]);
    let error = ColumnTransformer::new().add(CutOff { width: 0.0 }, ["annual_inc"]).fit(&loans()).unwrap_err();
    assert!(matches!(error, Error::Argument { argument: "width", .. }), "{error}");
    Ok(())
}
