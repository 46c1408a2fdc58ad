//! Pipelines on tables that come in blocks.

use perceptra::batches::{FnTables, TableBlocks, TableSource};
use perceptra::pipeline::{ClassWeight, Monotonicity, Verification};
use perceptra::prelude::*;
use perceptra::{Error, Result};

fn table(rows: usize) -> Table {
    let numbers = |rows: usize| (0..rows).map(|row| (row * 37 % 101) as f64);
    Table::new()
        .with_numbers("x", numbers(rows).map(|x| if x > 90.0 { f64::NAN } else { x }))
        .and_then(|table| table.with_strings("kind", (0..rows).map(|row| ["a", "b", "c"][row * 7 % 3])))
        .and_then(|table| table.with_booleans("late", numbers(rows).map(|x| x < 40.0)))
        .and_then(|table| table.with_booleans("lost", (0..rows).map(|row| row % 11 == 0)))
        .and_then(|table| table.with_strings("grade", (0..rows).map(|row| ["A", "B", "C"][row * 37 % 101 / 34])))
        .and_then(|table| table.with_numbers("price", numbers(rows).map(|x| 3.0 * x + 1.0)))
        .and_then(|table| table.with_numbers("weight", (0..rows).map(|row| (row % 4) as f64)))
        .unwrap()
}

fn columns() -> ColumnTransformer {
    ColumnTransformer::new()
        .add(SimpleImputer::constant(50.0).indicator(true).then(MinMaxScaler::new()), ["x"])
        .add(OneHotEncoder::new(), ["kind"])
}

fn pipeline(target: Target, outputs: usize, last: &str, loss: &str) -> Pipeline {
    let model = Sequential::new().add(Dense::new(5, Relu)).add(Dense::new(outputs, last)).compile("adam", loss, ());
    Pipeline::new(target)
        .columns(columns())
        .model(model)
        .options(Fit::new().epochs(2).batch_size(20).shuffle(false).verbose(0))
        .seed(3)
}

/// One pipeline for each task.
fn pipelines() -> Vec<Pipeline> {
    let plain = |target: Target| target.standardize(false);
    vec![
        pipeline(Target::binary("late"), 1, "sigmoid", "bce").weights("weight").class_weight(ClassWeight::Balanced),
        pipeline(Target::binary("late").positive(false), 1, "sigmoid", "bce").class_weight([(true, 3.0)]).members(2),
        pipeline(Target::multiclass("grade"), 3, "softmax", "categorical_crossentropy"),
        pipeline(Target::multiclass("grade"), 3, "softmax", "sparse_categorical_crossentropy").weights("weight"),
        pipeline(Target::multilabel(["late", "lost"]), 2, "sigmoid", "bce"),
        pipeline(plain(Target::regression("price").log(true)), 1, "linear", "mse").exclude(["grade"]),
        pipeline(plain(Target::multi_regression(["price", "weight"]).clamp(true)), 2, "linear", "mae"),
    ]
}

/// Whether two pipelines predict the same bits for a table.
fn same_predictions(one: &FittedPipeline, other: &FittedPipeline, table: &Table) -> bool {
    one.predict(table).unwrap() == other.predict(table).unwrap()
}

#[test]
fn a_fit_to_blocks_of_any_size_has_the_bits_of_the_fit_to_the_table() -> Result<()> {
    let table = table(230);
    for pipeline in pipelines() {
        let whole = pipeline.fit(&table)?;
        for size in [1, 7, 64, 230] {
            let mut source = TableBlocks::new(&table).block_rows(size);
            let fitted = pipeline.fit_batches(&mut source)?;
            assert!(fitted.verify_against(&whole)?.is_same(), "{pipeline}");
            assert_eq!(fitted.baseline(), whole.baseline());
            let (found, expected) = (fitted.receipt().unwrap(), whole.receipt().unwrap());
            assert_eq!((found.table, found.weights, found.source), (expected.table, expected.weights, true));
            assert_eq!(fitted.unused_columns(), whole.unused_columns());
            assert_eq!(fitted.evaluate_batches(&mut source)?, whole.evaluate(&table)?);
            assert!(same_predictions(&fitted, &whole, &table));
            let mut predictions = Vec::new();
            fitted.predict_batches(&mut source, |rows, found| {
                assert_eq!(rows.nrows(), found.len());
                predictions.extend_from_slice(found);
                Ok(())
            })?;
            assert_eq!(predictions, whole.predict(&table)?);
        }
    }
    Ok(())
}

#[test]
fn shuffling_is_reproducible_from_the_seed() -> Result<()> {
    let table = table(230);
    let of = |seed: u64| {
        let options = Fit::new().epochs(2).batch_size(20).shuffle_buffer(50).verbose(0);
        let pipeline = pipelines().remove(0).options(options).validation_split(0.2).seed(seed);
        pipeline.fit_batches(&mut TableBlocks::new(&table).block_rows(30))
    };
    let first = of(1)?;
    assert!(first.verify_against(&of(1)?)?.is_same());
    let unshuffled = pipelines().remove(0).validation_split(0.2).seed(1);
    let unshuffled = unshuffled.fit_batches(&mut TableBlocks::new(&table))?;
    assert!(!first.verify_against(&unshuffled)?.is_same());
    Ok(())
}

#[test]
fn a_column_without_values_in_a_block_may_be_of_any_type() -> Result<()> {
    let whole = table(60);
    let first: Vec<usize> = (0..20).collect();
    let missing: Vec<Option<f64>> = vec![None; 20];
    let missing = Table::new().with_strings("x", missing.iter().map(|_| "")).unwrap();
    let strings: perceptra::preprocessing::StringColumn = vec![None::<&str>; 20].into_iter().collect();
    let missing = missing.with_column("x", strings)?;
    let start = whole.take(&first)?.with_column("x", missing.column("x")?.clone())?;
    let numbers = start.with_numbers("x", [f64::NAN; 20])?;
    let rest = whole.take(&(20..60).collect::<Vec<_>>())?;
    let expected = Table::concat_rows([&numbers, &rest])?;
    let mut source =
        FnTables::new(|index| Ok([&start, &whole.head(0), &rest].get(index).map(|table| (*table).clone())));
    let pipeline = pipelines().remove(0);
    let fitted = pipeline.fit_batches(&mut source)?;
    assert!(fitted.verify_against(&pipeline.fit(&expected)?)?.is_same());
    Ok(())
}

#[test]
fn the_default_learns_from_blocks() -> Result<()> {
    let table = table(230);
    let options = || Fit::new().epochs(2).shuffle(false).verbose(0);
    let pipeline = Pipeline::new(Target::binary("late")).weights("weight").members(2).options(options()).seed(1);
    let plain = pipeline.clone().validation_split(0.0);
    let whole = plain.fit(&table)?;
    for size in [7, 230] {
        let fitted = plain.fit_batches(&mut TableBlocks::new(&table).block_rows(size))?;
        assert!(fitted.verify_against(&whole)?.is_same(), "{}", fitted.verify_against(&whole)?);
        assert_eq!(fitted.baseline(), whole.baseline());
    }
    // The network is chosen by the rows for validation.
    let chosen = pipeline.fit_batches(&mut TableBlocks::new(&table).block_rows(50))?;
    assert!(chosen.members().iter().all(|member| member.history().get("val_loss").is_some()));
    assert!(chosen.verify_against(&pipeline.fit_batches(&mut TableBlocks::new(&table))?)?.is_same());
    Ok(())
}

#[test]
fn encoders_that_use_the_target_are_cross_fitted() -> Result<()> {
    let table = table(230);
    let columns = ColumnTransformer::new()
        .add(TargetEncoder::new(), ["kind"])
        .add(TargetEncoder::new().then(MinMaxScaler::new()), ["grade"]);
    let pipeline = pipelines().remove(0).columns(columns);
    for pipeline in [pipeline.clone(), pipeline.validation_split(0.3)] {
        let fitted = pipeline.fit_batches(&mut TableBlocks::new(&table).block_rows(7))?;
        let again = pipeline.fit_batches(&mut TableBlocks::new(&table))?;
        assert!(fitted.verify_against(&again)?.is_same());
        // Training rows are encoded differently from other rows.
        let means = fitted.columns().transform::<f32>(&table)?.row_mean();
        let baseline = fitted.baseline().unwrap();
        assert_eq!(means.len(), baseline.len());
        assert!(means.iter().zip(baseline).all(|(mean, of_training)| f64::from(*mean) != *of_training));
    }
    Ok(())
}

#[test]
fn monotone_columns_are_monotone_after_a_fit_to_blocks() -> Result<()> {
    let table = table(230).drop_missing()?;
    let pipeline = pipelines().remove(5).monotone("x", Monotonicity::Increasing);
    let fitted = pipeline.fit_batches(&mut TableBlocks::new(&table).block_rows(50))?;
    assert!(fitted.verify_against(&pipeline.fit(&table)?)?.is_same());
    Ok(())
}

#[test]
fn a_pipeline_is_saved_loaded_and_verified() -> Result<()> {
    let table = table(230);
    let pipeline = pipelines().remove(0).validation_split(0.2);
    let mut source = TableBlocks::new(&table).block_rows(40);
    let fitted = pipeline.fit_batches(&mut source)?;
    let path = std::env::temp_dir().join(format!("perceptra-table-sources-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let loaded = FittedPipeline::load(&path)?;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.receipt(), fitted.receipt());
    assert!(same_predictions(&loaded, &fitted, &table));
    assert_eq!(loaded.verify_batches(&mut source, &pipeline)?, Verification::Same);
    let other = pipeline.clone().validation_split(0.3);
    assert!(matches!(loaded.verify_batches(&mut source, &other)?, Verification::Differs { .. }));
    let mut shorter = TableBlocks::new(&table.head(229));
    assert!(matches!(loaded.verify_batches(&mut shorter, &pipeline)?, Verification::OtherTable { .. }));
    let message = |result: Result<Verification>| result.unwrap_err().to_string();
    assert!(message(loaded.verify(&table, &pipeline)).contains("verify_batches"));
    assert!(message(pipeline.fit(&table)?.verify_batches(&mut source, &pipeline)).contains("verify with that table"));
    Ok(())
}

/// A transformer that needs all rows in memory.
#[derive(Debug)]
struct AllAtOnce;

impl perceptra::items::Spec for AllAtOnce {
    fn config(&self) -> Result<serde_json::Value> {
        Ok(serde_json::json!({}))
    }
}

impl Transformer for AllAtOnce {
    fn fit(
        &self,
        input: perceptra::preprocessing::FitInput<'_>,
    ) -> Result<std::sync::Arc<dyn perceptra::preprocessing::FittedTransformer>> {
        Transformer::fit(&MinMaxScaler::new(), input)
    }
}

#[test]
fn sources_that_cannot_be_fitted_are_rejected_with_the_cure() -> Result<()> {
    let table = table(60);
    let base = || pipelines().remove(0);
    let message = |pipeline: Pipeline| {
        pipeline.fit_batches(&mut TableBlocks::new(&table).block_rows(25)).unwrap_err().to_string()
    };
    for columns in [
        ColumnTransformer::new().add(AllAtOnce, ["price"]),
        ColumnTransformer::new().add(MinMaxScaler::new().then(AllAtOnce), ["price"]),
    ] {
        let found = message(base().columns(columns));
        assert!(found.contains("needs all rows at once") && found.contains("a sample of the rows"), "{found}");
    }
    let found = message(base().columns(ColumnTransformer::new().add(MinMaxScaler::new(), ["late"])));
    assert!(found.contains("only input columns"), "{found}");
    let found = message(base().weights("price").exclude(["prize"]));
    assert!(found.contains("no column \"prize\"; did you mean \"price\""), "{found}");
    let found = message(Pipeline::new(Target::binary("latte")));
    assert!(found.contains("did you mean \"late\""), "{found}");
    let negative = table.with_numbers("weight", (0..60).map(|row| if row == 40 { -1.0 } else { 1.0 }))?;
    let found = base().fit_batches(&mut TableBlocks::new(&negative).block_rows(25)).unwrap_err().to_string();
    assert!(found.contains("-1 at row 40"), "{found}");
    let missing = table.with_numbers("price", (0..60).map(|row| if row == 30 { f64::NAN } else { 1.0 }))?;
    let pipeline = pipelines().remove(5);
    let found = pipeline.fit_batches(&mut TableBlocks::new(&missing).block_rows(25)).unwrap_err().to_string();
    assert!(found.contains("row 30") && found.contains("price"), "{found}");
    // A source that returns other rows in another pass.
    let mut passes = 0;
    let mut changing = FnTables::new(|index| {
        passes += usize::from(index == 0);
        Ok((index < 2 && (passes < 5 || index == 0)).then(|| table.clone()))
    });
    let error = base().options(Fit::new().epochs(9).verbose(0)).fit_batches(&mut changing).unwrap_err();
    assert!(matches!(error, Error::Argument { .. }) && error.to_string().contains("in every pass"), "{error}");
    Ok(())
}

/// Fails in the second block of each pass but the first few.
struct Failing {
    table: Table,
    passes: usize,
    next: usize,
}

impl TableSource for Failing {
    fn rewind(&mut self) -> Result<()> {
        self.passes += 1;
        self.next = 0;
        Ok(())
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        self.next += 1;
        match self.next {
            2 if self.passes > 6 => Err(Error::Empty { what: "the cable".into(), advice: "plug it in".into() }),
            3.. => Ok(None),
            _ => Ok(Some(self.table.clone())),
        }
    }
}

#[test]
fn an_error_of_the_source_ends_the_fit() {
    let mut source = Failing { table: table(60), passes: 0, next: 0 };
    let options = Fit::new().epochs(20).shuffle(false).verbose(0);
    let error = pipelines().remove(0).options(options).fit_batches(&mut source).unwrap_err().to_string();
    assert!(error.contains("plug it in"), "{error}");
}

#[cfg(feature = "csv")]
mod files {
    use super::*;
    use perceptra::batches::CsvTables;
    use std::path::PathBuf;

    /// The rows of a table in two files.
    fn files(name: &str, table: &Table) -> [PathBuf; 2] {
        let (cut, rows) = (table.nrows() / 3, table.nrows());
        [0..cut, cut..rows].map(|part| {
            let path = format!("perceptra-{name}-{}-{}.csv", part.start, std::process::id());
            let path = std::env::temp_dir().join(path);
            table.take(&part.collect::<Vec<_>>()).unwrap().write_csv(&path).unwrap();
            path
        })
    }

    #[test]
    fn a_fit_to_files_has_the_bits_of_the_fit_to_their_table() -> Result<()> {
        let paths = files("fit", &table(230));
        let parts = [Table::read_csv(&paths[0])?, Table::read_csv(&paths[1])?];
        let whole = Table::concat_rows(&parts)?;
        let pipeline = pipelines().remove(0);
        let expected = pipeline.fit(&whole)?;
        for bytes in [1, 500, 1 << 20] {
            let mut source = CsvTables::new(&paths).block_bytes(bytes);
            let fitted = pipeline.fit_batches(&mut source)?;
            assert!(fitted.verify_against(&expected)?.is_same());
            assert_eq!(fitted.receipt().unwrap().table, expected.receipt().unwrap().table);
            assert_eq!(fitted.evaluate_batches(&mut source)?, expected.evaluate(&whole)?);
        }
        let columns = columns().fit_batches(&mut CsvTables::new(&paths).block_bytes(300))?;
        assert_eq!(columns, super::columns().fit(&whole)?);
        paths.iter().for_each(|path| std::fs::remove_file(path).unwrap());
        Ok(())
    }

    #[test]
    fn a_damaged_row_is_named_with_file_and_line() -> Result<()> {
        let paths = files("damaged", &table(230));
        let good = std::fs::read_to_string(&paths[1]).unwrap();
        let name = paths[1].display().to_string();
        let fitted = pipelines().remove(0).fit_batches(&mut CsvTables::new(&paths))?;
        for (fields, reason) in [
            ("1,a,,false,A,1,1", "column \"late\""),
            ("1,a,true,false,A,1,-1", "weights is -1"),
            ("1,a,true,false,A,1", "fields where 7"),
            ("inf,a,true,false,A,1,1", "the value is inf"),
        ] {
            std::fs::write(&paths[1], format!("{good}{fields}\n")).unwrap();
            let mut source = CsvTables::new(&paths).block_bytes(400);
            let error = pipelines().remove(0).fit_batches(&mut source).unwrap_err().to_string();
            let place = format!("{name}, line {}", good.lines().count() + 1);
            assert!(error.contains(&place) && error.contains(reason), "{error}");
        }
        std::fs::write(&paths[1], format!("{good}1,new,true,false,A,1,1\n")).unwrap();
        let mut source = CsvTables::new(&paths).block_bytes(400);
        for error in [
            fitted.evaluate_batches(&mut source).unwrap_err(),
            fitted.predict_batches(&mut source, |_, _| Ok(())).unwrap_err(),
        ] {
            let error = error.to_string();
            assert!(error.contains(&name) && error.contains("line") && error.contains("\"new\""), "{error}");
        }
        paths.iter().for_each(|path| std::fs::remove_file(path).unwrap());
        Ok(())
    }
}
