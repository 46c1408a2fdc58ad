use super::*;
use crate::calibration::{IsotonicCalibration, PlattScaling};
use crate::dmatrix;
use crate::reference::{case, row_major};

/// Compares the results of each method on a case, without and with weights, with the reference.
fn held_to(name: &str, n_classes: usize) {
    let case = case(name);
    let matrix = |field: &str| match n_classes {
        2 => DMatrix::from_vec(case.numbers(field).len(), 1, case.numbers(field)),
        _ => case.matrix(field),
    };
    let (labels, weights) = (case.indices("truth"), case.numbers("weights"));
    let (p, at) = (matrix("p"), matrix("at"));
    let plain = ScoreInput::new(Truth::Classes { labels: &labels, n_classes }, &p);
    for (suffix, input) in [("", plain), ("_weighted", plain.with_weights(&weights))] {
        let made = |method| row_major(&Calibrator::fit(method, &input).unwrap().transform(&at).unwrap());
        case.assert_close(&format!("isotonic{suffix}"), made(IsotonicCalibration), 1e-10);
        // Both are at the optimum; scikit-learn's optimizers end at their tolerance.
        case.assert_close(&format!("platt_exact{suffix}"), made(PlattScaling), 1e-10);
        case.assert_close(&format!("platt{suffix}"), made(PlattScaling), 2e-6);
        case.assert_close(&format!("temperature_exact{suffix}"), made(TemperatureScaling), 1e-10);
        case.assert_close(&format!("temperature{suffix}"), made(TemperatureScaling), 1e-6);
    }
}

#[test]
fn two_classes_are_calibrated_as_by_the_reference() {
    held_to("calibration_binary", 2);
}

#[test]
fn several_classes_are_calibrated_as_by_the_reference() {
    held_to("calibration_classes", 4);
}

fn binary(p: &DMatrix<f64>) -> ScoreInput<'_> {
    ScoreInput::new(Truth::Classes { labels: &[0, 1, 0, 1], n_classes: 2 }, p)
}

#[test]
fn certain_probabilities_and_labels_have_finite_calibrations() {
    let p = dmatrix![0.0; 1.0; 0.0; 1.0];
    for method in [PlattScaling, IsotonicCalibration, TemperatureScaling] {
        let made = Calibrator::fit(method, &binary(&p)).unwrap().transform(&p).unwrap();
        assert!(made.iter().all(|p| (0.0..=1.0).contains(p)) && made[0] < 0.5 && made[1] > 0.5, "{method}: {made}");
    }
    let truth = dmatrix![0.0, 1.0; 1.0, 0.0; 1.0, 1.0];
    let p = dmatrix![0.2, 0.9; 0.6, 0.4; 0.7, 0.6];
    let labels = ScoreInput::new(Truth::Indicators(&truth), &p);
    assert_eq!(Calibrator::fit(PlattScaling, &labels).unwrap().transform(&p).unwrap().shape(), (3, 2));
}

#[test]
fn both_columns_of_two_classes_sum_to_one() {
    let (one, two) = (dmatrix![0.2; 0.7; 0.4; 0.6], dmatrix![0.8, 0.2; 0.3, 0.7; 0.6, 0.4; 0.4, 0.6]);
    let calibrator = Calibrator::fit(PlattScaling, &binary(&two)).unwrap();
    let (found, pairs) = (calibrator.transform(&one).unwrap(), calibrator.transform(&two).unwrap());
    assert_eq!(found.column(0), pairs.column(1));
    assert!((0..4).all(|row| pairs[(row, 0)] + pairs[(row, 1)] == 1.0));
}

#[test]
fn inputs_that_cannot_be_calibrated_are_rejected() {
    let p = dmatrix![0.2; 0.7; 0.4; 0.6];
    let message = |input: ScoreInput<'_>| Calibrator::fit(PlattScaling, &input).unwrap_err().to_string();
    assert!(message(ScoreInput::new(Truth::Numbers(&p), &p)).contains("conformal"));
    assert!(
        message(ScoreInput::new(Truth::Classes { labels: &[1, 1, 1, 1], n_classes: 2 }, &p)).contains("every class")
    );
    assert!(message(binary(&p).with_weights(&[0.0, 1.0, 0.0, 1.0])).contains("every class"));
    assert!(message(binary(&dmatrix![0.2; 1.7; 0.4; 0.6])).contains("1.7 in row 1"));
    let calibrator = Calibrator::fit(PlattScaling, &binary(&p)).unwrap();
    assert!(calibrator.transform(&DMatrix::zeros(2, 3)).is_err());
    assert!(calibrator.transform(&dmatrix![f64::NAN]).is_err());
}

#[test]
fn a_calibrator_reads_back_and_changed_ones_are_refused() {
    let p = dmatrix![0.2; 0.7; 0.4; 0.6];
    for method in [PlattScaling, IsotonicCalibration, TemperatureScaling] {
        let made = Calibrator::fit(method, &binary(&p)).unwrap();
        let text = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Calibrator>(&text).unwrap(), made);
        assert!(made.check().is_ok());
        assert_eq!(made.method(), method);
    }
    let accepted = |text: &str| serde_json::from_str::<Calibrator>(text).is_ok_and(|made| made.check().is_ok());
    for text in [
        r#"{"form":"binary","maps":[]}"#,
        r#"{"form":{"classes":3},"maps":[{"sigmoid":{"slope":1.0,"intercept":0.0}}]}"#,
        r#"{"form":{"classes":0},"maps":[]}"#,
        r#"{"form":{"labels":18446744073709551615},"maps":[]}"#,
        r#"{"form":"binary","maps":[{"sigmoid":{"slope":-1.0,"intercept":0.0}}]}"#,
        r#"{"form":"binary","maps":[{"temperature":{"inverse":-1.0}}]}"#,
        r#"{"form":"binary","maps":[{"isotonic":{"places":[0.5,0.1],"values":[0.1,0.2]}}]}"#,
        r#"{"form":"binary","maps":[{"isotonic":{"places":[0.1,0.5],"values":[0.1]}}]}"#,
        r#"{"form":"binary","maps":[{"isotonic":{"places":[],"values":[]}}]}"#,
        r#"{"form":"binary","maps":[{"sigmoid":{"slope":1.0,"intercept":0.0,"x":1}}]}"#,
    ] {
        assert!(!accepted(text), "{text}");
    }
}
