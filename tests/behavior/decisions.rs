//! From a fitted pipeline to a decision: calibration, prior, threshold, regions, flags, in one object.

use perceptra::calibration::{BinEdges, IsotonicCalibration, PlattScaling, PriorCorrection, TemperatureScaling};
use perceptra::decisions::{CostMatrix, DomainFlag, RowCosts, SetScore, ThresholdFor};
use perceptra::pipeline::HeldOut;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};

/// Loans with a default rate of 25%; the probability depends on two columns.
fn loans(from: u64, rows: u64) -> Table {
    let uniform = |row: u64, step: u64| {
        let mixed = (row.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step.wrapping_mul(0xbf58_476d_1ce4_e5b9))
            .wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let rows = || from..from + rows;
    let income = |row| 20.0 + 80.0 * uniform(row, 1);
    let rent = |row| uniform(row, 2) < 0.5;
    let risk = |row| {
        let z: f64 = 1.5 - 0.06 * income(row) + if rent(row) { 1.0 } else { 0.0 };
        1.0 / (1.0 + (-z).exp())
    };
    Table::new()
        .with_numbers("annual_inc", rows().map(income))
        .and_then(|table| table.with_strings("home", rows().map(|row| if rent(row) { "RENT" } else { "OWN" })))
        .and_then(|table| table.with_numbers("amount", rows().map(|row| 1000.0 + 9000.0 * uniform(row, 3))))
        .and_then(|table| table.with_numbers("weight", rows().map(|row| (2.0 * uniform(row, 4)).floor())))
        .and_then(|table| table.with_booleans("default", rows().map(|row| uniform(row, 5) < risk(row))))
        .unwrap()
}

fn pipeline<T: Scalar>() -> Pipeline<T> {
    let ann = Sequential::<T>::default().add(Dense::new(6, Tanh)).add(Dense::new(1, Sigmoid)).compile(
        Adam.learning_rate(0.02),
        BinaryCrossentropy,
        (),
    );
    Pipeline::with_target(Target::binary("default"))
        .columns(
            ColumnTransformer::new().add(StandardScaler::new(), ["annual_inc"]).add(OneHotEncoder::new(), ["home"]),
        )
        .model(ann)
        .options(Fit::new().epochs(15).verbose(0))
        .seed(1)
}

/// A pipeline with every kind of decision, each learned from separate rows.
fn decided<T: Scalar>() -> Result<FittedPipeline<T>> {
    pipeline()
        .fit(&loans(0, 600))?
        .calibrate(PlattScaling, &loans(10_000, 600))?
        .choose_threshold(ThresholdFor::recall(0.8), &loans(20_000, 600))?
        .conformal(0.1, &loans(30_000, 600))?
        .domain(&loans(0, 600))
}

#[test]
fn a_record_is_assessed_as_its_row_is_predicted() -> Result<()> {
    let (fitted, rows) = (decided::<f32>()?, loans(40_000, 50));
    let predictions = fitted.predict(&rows)?;
    for (row, prediction) in predictions.iter().enumerate() {
        let assessment = fitted.assess_record(&rows.record(row)?)?;
        assert_eq!(assessment.prediction, *prediction);
        assert!((1..=2).contains(&assessment.labels.len()), "{assessment}");
        assert!(assessment.intervals.is_empty() && assessment.flags.is_empty(), "{assessment}");
    }
    let far = fitted.assess_record(&Record::new().with("annual_inc", 1e6).with("home", "OWN"))?;
    assert!(matches!(far.flags[..], [DomainFlag::Above { .. }, DomainFlag::Distant { .. }]), "{far}");
    assert!(far.to_string().contains("annual_inc is 1000000, above"), "{far}");
    let mut long = far;
    long.labels = (0..60).map(|label| format!("label {label}").into()).collect();
    long.intervals = vec![[-1.0 / 3.0, 1e300]; 2];
    long.prediction = Prediction::Numbers(vec![1.0 / 3.0; 20]);
    let rule =
        ThresholdFor::row_costs(RowCosts::new(vec![1.0; 50]).loss_given_default(1.0 / 3.0).lost_margin(1.0 / 7.0));
    let chosen = fitted.choose_threshold(rule, &rows)?;
    for text in [long.to_string(), chosen.threshold_choice().unwrap().to_string()] {
        assert!(text.lines().all(|line| line.chars().count() <= 80) && text.lines().count() > 4, "{text}");
    }
    Ok(())
}

/// The decisions on the rows on which a threshold was chosen match the chosen counts exactly.
fn decisions_are_those_of_the_choice<T: Scalar>() -> Result<()> {
    let rows = loans(20_000, 500);
    let truth = rows.booleans("default")?;
    for method in [PlattScaling, IsotonicCalibration, TemperatureScaling] {
        let fitted = pipeline::<T>().fit(&loans(0, 400))?.calibrate(method, &loans(10_000, 400))?;
        for rule in [
            ThresholdFor::recall(0.8),
            ThresholdFor::precision(0.5),
            ThresholdFor::false_positive_rate(0.1),
            ThresholdFor::f_beta(1.0),
            ThresholdFor::cost(CostMatrix::new(1.0, 3.0)),
            ThresholdFor::row_costs(RowCosts::new(rows.numbers("amount")?).loss_given_default(0.6).lost_margin(0.2)),
            ThresholdFor::capacity(0),
            ThresholdFor::capacity(70),
        ] {
            let fitted = fitted.clone().choose_threshold(&rule, &rows)?;
            let choice = fitted.threshold_choice().unwrap().clone();
            let (mut hits, mut positives) = (0, 0);
            for (row, prediction) in fitted.predict(&rows)?.into_iter().enumerate() {
                let Prediction::Binary { decision, .. } = prediction else { unreachable!() };
                positives += usize::from(decision);
                hits += usize::from(decision && truth.get(row) == Some(true));
            }
            let all = truth.iter().filter(|truth| *truth == Some(true)).count();
            assert_eq!(choice.positive_fraction, positives as f64 / 500.0, "{method}, {choice}");
            assert_eq!(choice.recall, hits as f64 / all as f64, "{method}, {choice}");
            assert_eq!(choice.rule, rule.to_string());
        }
    }
    Ok(())
}

#[test]
fn decisions_are_those_of_the_choice_in_either_type() -> Result<()> {
    decisions_are_those_of_the_choice::<f32>()?;
    decisions_are_those_of_the_choice::<f64>()
}

#[test]
fn calibration_helps_on_rows_that_nothing_has_seen() -> Result<()> {
    // Overtrained: its probabilities are too far from the middle.
    let ann = Sequential::new().add(Dense::new(24, Tanh)).add(Dense::new(1, Sigmoid)).compile(
        Adam.learning_rate(0.05),
        BinaryCrossentropy,
        (),
    );
    let overtrained = pipeline::<f32>().model(ann).options(Fit::new().epochs(600).verbose(0)).fit(&loans(0, 60))?;
    let (held_out, test) = (loans(10_000, 1000), loans(20_000, 1000));
    let loss = |fitted: &FittedPipeline| fitted.evaluate(&test).map(|scores| scores.get("brier").unwrap());
    let error = |fitted: &FittedPipeline| fitted.reliability(&test, BinEdges::Uniform(10)).map(|found| found.error());
    for method in [PlattScaling, IsotonicCalibration, TemperatureScaling] {
        let calibrated = overtrained.clone().calibrate(method, &held_out)?;
        assert!(loss(&calibrated)? < loss(&overtrained)?, "{method}");
        assert!(error(&calibrated)? < error(&overtrained)?, "{method}");
        let interval = calibrated.calibration_error(&test, 10)?;
        assert!((interval.estimate - error(&calibrated)?).abs() < 1e-12);
        assert!(interval.low < interval.high && interval.standard_error > 0.0);
        let parts = calibrated.brier_decomposition(&test, BinEdges::Quantile(10))?;
        assert!((parts.brier - loss(&calibrated)?).abs() < 1e-12);
        let costs = CostMatrix::new(1.0, 4.0);
        let curve = calibrated.cost_curve(&test, costs)?;
        let least = curve.costs.iter().copied().fold(f64::INFINITY, f64::min);
        let chosen = calibrated.clone().choose_threshold(ThresholdFor::cost(costs), &test)?;
        assert!((chosen.threshold_choice().unwrap().value - least).abs() < 1e-3, "{least}");
        assert_eq!(calibrated.calibrator().unwrap().method(), method);
    }
    Ok(())
}

#[test]
fn the_prior_correction_undoes_down_sampling() -> Result<()> {
    let train = loans(0, 2000);
    let mut kept = 0;
    let defaults = train.booleans("default")?;
    let rows: Vec<usize> = (0..2000)
        .filter(|row| {
            let late = defaults.get(*row) == Some(true);
            kept += usize::from(!late);
            late || kept.is_multiple_of(4)
        })
        .collect();
    let sampled = train.take(&rows)?;
    let rate = |table: &Table| -> Result<f64> {
        Ok(table.booleans("default")?.iter().filter(|late| *late == Some(true)).count() as f64 / table.nrows() as f64)
    };
    let (fitted, test) = (pipeline::<f32>().fit(&sampled)?, loans(20_000, 2000));
    let corrected = fitted.clone().correct_prior(PriorCorrection::from_rates(rate(&sampled)?, rate(&train)?))?;
    let mean = |fitted: &FittedPipeline| fitted.predict_proba(&test).map(|p| p.column(1).mean());
    let expected = rate(&test)?;
    assert!((mean(&corrected)? - expected).abs() < 0.04 && mean(&fitted)? > expected + 0.1);
    Ok(())
}

#[test]
fn weights_of_rows_count() -> Result<()> {
    let (fitted, rows) = (pipeline::<f32>().fit(&loans(0, 400))?, loans(10_000, 400));
    let weighted = fitted.clone().calibrate(PlattScaling, HeldOut::from(&rows).weights("weight"))?;
    let kept: Vec<usize> = (0..400).filter(|row| rows.numbers("weight").unwrap()[*row] == 1.0).collect();
    let alone = fitted.clone().calibrate(PlattScaling, &rows.take(&kept)?)?;
    let distance = weighted.predict_proba(&rows)? - alone.predict_proba(&rows)?;
    assert!(distance.amax() < 1e-12, "{}", distance.amax());
    let rule = ThresholdFor::f_beta(1.0);
    let weighted = fitted.clone().choose_threshold(&rule, HeldOut::from(&rows).weights("weight"))?;
    let alone = fitted.clone().choose_threshold(&rule, &rows.take(&kept)?)?;
    assert_eq!(weighted.threshold(), alone.threshold());
    let (weighted, alone) =
        (fitted.evaluate(HeldOut::from(&rows).weights("weight"))?, fitted.evaluate(&rows.take(&kept)?)?);
    for (name, value) in alone.iter() {
        let found = weighted.get(name).unwrap();
        assert!(
            (found - value).abs() < 1e-12 && fitted.evaluate(&rows)?.get(name) != Some(found),
            "{name} {found} {value}"
        );
    }
    // Out-of-fold rows count by the weights of the pipeline, unless they are not to.
    let (fitted, folds) = pipeline::<f32>().weights("weight").fit_out_of_fold(&rows, StratifiedKFold::new(3))?;
    let score = |rows: HeldOut<'_>| Ok::<_, perceptra::Error>(fitted.evaluate(rows)?.get("log_loss"));
    let out_of_fold = HeldOut::from(&folds);
    assert_eq!(score(out_of_fold)?, score(out_of_fold.unweighted().weights("weight"))?);
    assert!(score(out_of_fold)? != score(out_of_fold.unweighted())?);
    assert!(fitted.calibrate(PlattScaling, HeldOut::from(&rows).weights("amounts")).is_err());
    Ok(())
}

#[test]
fn out_of_fold_predictions_can_replace_held_out_rows() -> Result<()> {
    let train = loans(0, 400);
    let folds = StratifiedKFold::new(4).shuffle(true);
    let (fitted, rows) = pipeline::<f32>().fit_out_of_fold(&train, folds.clone())?;
    assert_eq!(*rows.predictions(), cross_val_predict(&pipeline::<f32>(), &train, folds)?);
    assert_eq!(fitted.predict_proba(&train)?, pipeline::<f32>().fit(&train)?.predict_proba(&train)?);
    let fitted = fitted
        .calibrate(PlattScaling, &rows)?
        .choose_threshold(ThresholdFor::recall(0.75), &rows)?
        .conformal_with(0.2, SetScore::Adaptive, &rows)?;
    assert!(fitted.threshold_choice().unwrap().recall >= 0.75);
    assert!(fitted.coverage(&loans(10_000, 400))? > 0.75);
    Ok(())
}

#[test]
fn intervals_of_numbers_cover_them() -> Result<()> {
    let table = |from: u64, rows: u64| -> Result<Table> {
        let loans = loans(from, rows);
        let noise: Vec<f64> = loans.numbers("amount")?.to_vec();
        let income: Vec<f64> = loans.numbers("annual_inc")?.to_vec();
        let values = |scale: f64| income.iter().zip(&noise).map(move |(x, e)| scale * (3.0 * x + e / 500.0));
        loans.with_numbers("price", values(1.0))?.with_numbers("fee", values(-0.1))
    };
    for target in [Target::regression("price"), Target::multi_regression(["price", "fee"])] {
        let columns = target.columns().len();
        let fitted = Pipeline::new(target).members(1).exclude(["amount", "default", "weight"]);
        let fitted = match columns {
            1 => fitted.exclude(["amount", "default", "weight", "fee"]),
            _ => fitted,
        };
        let fitted = fitted.options(Fit::new().epochs(20).verbose(0)).seed(1).fit(&table(0, 300)?)?;
        let fitted = fitted.conformal(0.2, &table(10_000, 300)?)?;
        let coverage = fitted.coverage(&table(20_000, 300)?)?;
        assert!((0.7..0.9).contains(&coverage), "{coverage}");
        let record = table(20_000, 1)?.record(0)?;
        let assessment = fitted.assess_record(&record)?;
        assert_eq!((assessment.intervals.len(), assessment.decision()), (columns, None));
        let all: Vec<f64> = match assessment.prediction {
            Prediction::Number(number) => vec![number],
            Prediction::Numbers(numbers) => numbers,
            other => panic!("{other:?}"),
        };
        assert!(all.iter().zip(&assessment.intervals).all(|(y, [low, high])| low < y && y < high));
    }
    Ok(())
}

#[test]
fn intervals_of_folds_cover_numbers_without_rows_that_are_held_out() -> Result<()> {
    let pipeline = Pipeline::new(Target::regression("amount")).members(1).exclude(["default", "weight"]);
    let pipeline = pipeline.options(Fit::new().epochs(5).verbose(0)).seed(1);
    let (train, test) = (loans(0, 200), loans(10_000, 400));
    let cross = pipeline.cross_conformal(0.2, &train, KFold::new(4).shuffle(true))?;
    let truth = test.numbers("amount")?;
    let covered = cross.predict(&test)?.iter().zip(truth).filter(|([low, high], y)| low <= y && *y <= high).count();
    // At least 1 − 2α is proved; the binomial error of 400 rows and of 200 residuals is 0.035.
    assert!((280..360).contains(&covered), "{covered}");
    assert_eq!(cross.residuals().len(), 200);
    let few = pipeline.cross_conformal(0.01, &train.head(50), KFold::new(4)).unwrap_err().to_string();
    assert!(few.contains("at least 99 rows"), "{few}");
    assert!(pipeline.cross_conformal(0.2, &train, ShuffleSplit::new(2)).is_err());
    assert!(self::pipeline::<f32>().cross_conformal(0.2, &train, KFold::new(4)).is_err());
    Ok(())
}

#[test]
fn steps_out_of_order_and_for_other_targets_are_refused() -> Result<()> {
    let rows = loans(10_000, 300);
    let fitted = pipeline::<f32>().fit(&loans(0, 300))?;
    let rates = PriorCorrection::from_rates(0.5, 0.2);
    let chosen = fitted.clone().choose_threshold(ThresholdFor::recall(0.8), &rows)?;
    let message = chosen.clone().calibrate(PlattScaling, &rows).unwrap_err().to_string();
    assert!(message.contains("calibrate before choose_threshold"), "{message}");
    assert!(chosen.clone().correct_prior(rates.clone()).is_err());
    // A threshold that is given replaces the choice.
    assert!(chosen.with_threshold(0.3)?.calibrate(PlattScaling, &rows)?.threshold_choice().is_none());
    let regions = fitted.clone().conformal(0.1, &rows)?;
    assert!(regions.clone().correct_prior(rates.clone()).unwrap_err().to_string().contains("conformal"));
    assert!(regions.choose_threshold(ThresholdFor::recall(0.8), &rows).is_ok());
    let corrected = fitted.clone().correct_prior(rates.clone())?;
    assert!(corrected.calibrate(PlattScaling, &rows).unwrap_err().to_string().contains("before correct_prior"));
    assert!(fitted.clone().correct_prior(PriorCorrection::from_rates(0.0, 0.2)).is_err());
    assert!(fitted.clone().correct_prior(PriorCorrection::from_class_rates(&[0.1; 3], &[0.1; 3])).is_err());
    let message = fitted.clone().conformal(0.1, &loans(10_000, 8)).unwrap_err().to_string();
    assert!(message.contains("at least 9 rows"), "{message}");
    assert!(fitted.coverage(&rows).is_err());
    assert!(fitted.clone().calibrate(PlattScaling, &rows.drop_columns(["default"])?).is_err());

    let numbers = Pipeline::new(Target::regression("amount")).members(1).seed(1);
    let numbers = numbers.options(Fit::new().epochs(1).verbose(0)).fit(&loans(0, 100))?;
    assert!(numbers.clone().calibrate(PlattScaling, &rows).is_err());
    assert!(numbers.clone().correct_prior(rates).is_err());
    assert!(numbers.clone().choose_threshold(ThresholdFor::recall(0.8), &rows).is_err());
    assert!(numbers.reliability(&rows, BinEdges::Uniform(10)).is_err());
    Ok(())
}

#[test]
fn hostile_records_are_flagged_or_refused() -> Result<()> {
    let fitted = decided::<f32>()?;
    let record = || Record::new().with("annual_inc", 50.0).with("home", "OWN");
    assert!(fitted.assess_record(&record().with("unknown", 1.0)).is_err());
    assert!(fitted.assess_record(&Record::new()).is_err());
    assert!(fitted.assess_record(&record().with("home", "CASTLE")).is_err());
    assert!(fitted.assess_record(&record().with("annual_inc", "many")).is_err());
    assert!(fitted.assess_record(&record().with("annual_inc", f64::INFINITY)).is_err());
    for income in [f64::MAX, f64::MIN, 1e300, -0.0, 5e-324] {
        if let Ok(assessment) = fitted.assess_record(&record().with("annual_inc", income)) {
            assert!(!assessment.flags.is_empty(), "{income}: {assessment}");
        }
    }
    Ok(())
}
