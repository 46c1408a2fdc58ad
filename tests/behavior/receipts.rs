//! Receipts of pipelines, and what is verified by them.

use perceptra::Result;
use perceptra::pipeline::Verification;
use perceptra::prelude::*;

fn table(rows: usize) -> Table {
    Table::new()
        .with_numbers("x", (0..rows).map(|row| (row * 37 % 101) as f64))
        .and_then(|table| table.with_strings("kind", (0..rows).map(|row| ["a", "b", "c"][row * 7 % 3])))
        .and_then(|table| table.with_booleans("late", (0..rows).map(|row| row * 37 % 101 < 40 || row % 11 == 0)))
        .unwrap()
}

fn short() -> Fit<'static, f32> {
    Fit::new().epochs(3).verbose(0)
}

fn pipeline() -> Pipeline {
    Pipeline::new(Target::binary("late")).options(short()).members(2)
}

#[test]
fn a_pipeline_from_a_file_is_made_again_bit_for_bit() -> Result<()> {
    // The seed is drawn.
    let fitted = pipeline().fit(&table(300))?;
    let path = std::env::temp_dir().join(format!("perceptra-receipt-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let loaded = FittedPipeline::load(&path)?;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.receipt(), fitted.receipt());
    let receipt = loaded.receipt().unwrap();
    assert_eq!(
        (receipt.table.rows, receipt.table.columns, receipt.validation.map(|part| part.rows)),
        (300, 3, Some(60))
    );
    assert_eq!((receipt.seed, receipt.member_seeds.len()), (fitted.seed(), 2));
    assert!(receipt.scores.iter().any(|(name, value)| name == "roc_auc" && (0.0..=1.0).contains(value)));
    assert!(receipt.to_string().contains(&receipt.machine), "{receipt}");
    assert_eq!(loaded.verify(&table(300), &pipeline())?, Verification::Same);
    // The threshold may be chosen after the fit.
    assert!(loaded.with_threshold(0.2)?.verify(&table(300), &pipeline().seed(9))?.is_same());
    Ok(())
}

#[test]
fn whatever_differs_is_named() -> Result<()> {
    let fitted = pipeline().seed(1).fit(&table(200))?;
    let changed =
        table(200).with_numbers("x", (0..200).map(|row| if row == 7 { 3.5 } else { (row * 37 % 101) as f64 }))?;
    assert!(matches!(fitted.verify(&changed, &pipeline())?, Verification::OtherTable { .. }));
    let differs = |pipeline: &Pipeline| -> Result<String> {
        match fitted.verify(&table(200), pipeline)? {
            Verification::Differs { part } => Ok(part),
            other => panic!("{other}"),
        }
    };
    assert!(differs(&pipeline().options(short().epochs(4)))?.contains("of member 0"));
    assert!(differs(&pipeline().members(1))?.contains("number of members"));
    assert!(differs(&pipeline().exclude(["kind"]))?.contains("transformers"));
    assert!(differs(&pipeline().validation(0.4))?.contains("transformers"));
    Ok(())
}

#[test]
fn a_table_for_validation_belongs_to_the_receipt() -> Result<()> {
    let (train, validation) = (table(200), table(120));
    let fitted = pipeline().seed(1).fit_validated(&train, &validation)?;
    assert_eq!(fitted.receipt().and_then(|receipt| receipt.validation_table).map(|table| table.rows), Some(120));
    assert!(fitted.verify_validated(&train, &validation, &pipeline())?.is_same());
    assert!(matches!(fitted.verify_validated(&train, &train, &pipeline())?, Verification::OtherTable { .. }));
    let error = fitted.verify(&train, &pipeline()).unwrap_err().to_string();
    assert!(error.contains("verify_validated"), "{error}");
    let target = Target::binary("late");
    let without = FittedPipeline::from_parts(fitted.columns().clone(), &target, &train, fitted.members().to_vec())?;
    assert!(without.receipt().is_none());
    assert!(without.verify(&train, &pipeline()).unwrap_err().to_string().contains("without a receipt"));
    Ok(())
}
