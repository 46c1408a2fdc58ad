//! Receipts of pipelines, and their verification.

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
    assert!(differs(&pipeline().validation_split(0.4))?.contains("of member 0"));
    Ok(())
}

/// A pipeline with every step after the fit.
fn decided(fitted: FittedPipeline, rows: &Table) -> Result<FittedPipeline> {
    let weighted = || perceptra::pipeline::HeldOut::from(rows).weights("x");
    fitted
        .calibrate(PlattScaling, weighted())?
        .correct_prior(PriorCorrection::from_rates(0.5, 1.0 / 3.0))?
        .choose_threshold(ThresholdFor::cost(CostMatrix::new(1.0, 5.0)), rows)?
        .conformal(0.1, rows)?
        .domain(rows)
}

#[test]
fn steps_after_the_fit_are_part_of_the_receipt() -> Result<()> {
    let (train, rows) = (table(300), table(150));
    let fitted = decided(pipeline().seed(1).fit(&train)?, &rows)?;
    let path = std::env::temp_dir().join(format!("perceptra-steps-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let loaded = FittedPipeline::load(&path)?;
    let receipt = loaded.receipt().unwrap();
    assert_eq!(Some(receipt), fitted.receipt());
    let names: Vec<&str> = receipt.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(names, ["calibration", "prior correction", "threshold", "conformal regions", "domain"]);
    assert_eq!(
        (receipt.steps[0].rows.map(|rows| rows.rows), receipt.steps[0].weights.as_deref()),
        (Some(150), Some("x"))
    );
    let found = loaded.verify(&train, &pipeline())?;
    assert!(matches!(&found, Verification::SameFit { steps } if steps.len() == 4) && found.is_same(), "{found}");
    for text in [found.to_string(), receipt.to_string()] {
        assert!(
            text.lines().all(|line| line.chars().count() <= 80) && text.contains("calibration (Platt scaling)"),
            "{text}"
        );
    }

    // The same steps again, and with other rows.
    let again = |rows: &Table| decided(pipeline().seed(1).fit(&train)?, rows);
    assert_eq!(loaded.verify_against(&again(&rows)?)?, Verification::Same);
    let other = loaded.verify_against(&again(&table(149))?)?;
    assert!(matches!(&other, Verification::Differs { part } if part == "the calibration"), "{other}");

    // Setting a threshold is also a step, but needs no table to be repeated.
    let set = pipeline().seed(1).fit(&train)?.with_threshold(0.25)?;
    assert_eq!(set.receipt().unwrap().steps[0].method, "set to 0.25");
    assert_eq!(set.verify(&train, &pipeline())?, Verification::Same);
    assert_eq!(set.verify_against(&pipeline().seed(1).fit(&train)?)?.to_string().lines().count(), 1);
    std::fs::remove_file(&path).unwrap();
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
