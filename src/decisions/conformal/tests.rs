use super::*;
use crate::dmatrix;
use crate::random::{Purpose, stream};
use crate::reference;
use nalgebra::DMatrix;
use rand::Rng;

fn numbers(truth: &DMatrix<f64>, predicted: &DMatrix<f64>, alpha: f64) -> Result<Conformal> {
    Conformal::fit(alpha, SetScore::default(), &ScoreInput::new(Truth::Numbers(truth), predicted))
}

#[test]
fn intervals_are_those_of_the_definition() {
    let case = reference::case("conformal_numbers");
    let column = |field: &str| DMatrix::from_vec(case.numbers(field).len(), 1, case.numbers(field));
    let (y, predicted) = (column("y"), column("predicted"));
    let found = case.numbers("alphas").into_iter().map(|alpha| numbers(&y, &predicted, alpha).unwrap().quantiles()[0]);
    case.assert_close("quantiles", found.collect::<Vec<_>>(), 1e-12);
}

#[test]
fn sets_are_those_of_the_definition() {
    let case = reference::case("conformal_classes");
    let (labels, p, at) = (case.indices("truth"), case.matrix("p"), case.matrix("at"));
    let n_classes = p.ncols();
    let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes }, &p);
    for (name, score) in [("lac", SetScore::LeastAmbiguous), ("aps", SetScore::Adaptive)] {
        let (mut quantiles, mut sets) = (Vec::new(), Vec::new());
        for alpha in case.numbers("alphas") {
            let conformal = Conformal::fit(alpha, score, &input).unwrap();
            quantiles.extend_from_slice(conformal.quantiles());
            for row in at.row_iter() {
                let row: Vec<f64> = row.iter().copied().collect();
                let ConformalRegion::Classes(classes) = conformal.region(&row).unwrap() else { unreachable!() };
                sets.extend((0..n_classes).map(|class| f64::from(u8::from(classes.contains(&class)))));
            }
            assert!(conformal.coverage(&input).unwrap() >= 1.0 - alpha);
        }
        case.assert_close(&format!("{name}_quantiles"), quantiles, 1e-12);
        case.assert_close(&format!("{name}_sets"), sets, 0.0);
    }
}

#[test]
fn too_few_rows_are_an_error_with_the_number_needed() {
    for (alpha, needed) in [(0.1, 9), (0.05, 19), (0.5, 1), (0.3, 3), (1.0 / 3.0, 2), (0.01, 99)] {
        let rows = |count: usize| (DMatrix::from_element(count, 1, 1.0), DMatrix::zeros(count, 1));
        let (y, p) = rows(needed);
        assert!(numbers(&y, &p, alpha).is_ok(), "{alpha}");
        if needed > 1 {
            let (y, p) = rows(needed - 1);
            let message = numbers(&y, &p, alpha).unwrap_err().to_string();
            assert!(message.contains(&format!("at least {needed} rows")), "{message}");
        }
    }
}

#[test]
fn an_alpha_that_no_rows_allow_is_refused_with_one_that_these_do() {
    let (y, p) = (DMatrix::from_element(99, 1, 1.0), DMatrix::zeros(99, 1));
    let message = numbers(&y, &p, 1e-300).unwrap_err().to_string();
    assert!(
        message.contains("at least 1e300 rows") && message.contains("an alpha of at least 0.01 for 99"),
        "{message}"
    );
    assert!(numbers(&y, &p, 0.01).is_ok());
    for alpha in [f64::NAN, 0.0, 1.0, -0.1, f64::INFINITY] {
        assert!(numbers(&y, &p, alpha).is_err());
    }
}

#[test]
fn predictions_that_are_no_numbers_or_probabilities_have_no_region() {
    let (y, p) = (DMatrix::from_element(9, 1, 1.0), DMatrix::zeros(9, 1));
    let intervals = numbers(&y, &p, 0.1).unwrap();
    let p = dmatrix![0.1; 0.9; 0.6; 0.3];
    let truth = || Truth::Classes { labels: &[0, 1, 0, 1], n_classes: 2 };
    let sets = Conformal::fit(0.2, SetScore::default(), &ScoreInput::new(truth(), &p)).unwrap();
    for value in [f64::NAN, f64::INFINITY] {
        assert!(intervals.region(&[value]).is_err() && sets.region(&[value]).is_err());
    }
    for row in [[-0.1, 1.1], [0.2, f64::NAN]] {
        assert!(sets.region(&row).unwrap_err().to_string().contains("from 0 to 1"));
    }
    let p = dmatrix![0.1; 1.9; 0.6; 0.3];
    assert!(Conformal::fit(0.2, SetScore::default(), &ScoreInput::new(truth(), &p)).is_err());
}

#[test]
fn two_classes_have_sets_by_one_column_or_two() {
    let p = dmatrix![0.1; 0.9; 0.6; 0.3];
    let input = ScoreInput::new(Truth::Classes { labels: &[0, 1, 0, 1], n_classes: 2 }, &p);
    let conformal = Conformal::fit(0.4, SetScore::LeastAmbiguous, &input).unwrap();
    approx::assert_relative_eq!(conformal.quantiles()[0], 0.6, max_relative = 1e-12);
    assert_eq!(conformal.region(&[0.5]).unwrap(), ConformalRegion::Classes(vec![0, 1]));
    assert_eq!(conformal.region(&[0.05, 0.95]).unwrap(), ConformalRegion::Classes(vec![1]));
    assert!(conformal.region(&[0.1, 0.2, 0.7]).is_err());
}

#[test]
fn inputs_without_a_region_are_rejected() {
    let (y, p) = (DMatrix::from_element(20, 1, 1.0), DMatrix::zeros(20, 1));
    for alpha in [0.0, 1.0, -0.1, f64::NAN] {
        assert!(numbers(&y, &p, alpha).is_err());
    }
    let labels = ScoreInput::new(Truth::Indicators(&y), &p);
    assert!(Conformal::fit(0.1, SetScore::Adaptive, &labels).is_err());
    let weights = [1.0; 20];
    let weighted = ScoreInput::new(Truth::Numbers(&y), &p).with_weights(&weights);
    assert!(Conformal::fit(0.1, SetScore::Adaptive, &weighted).is_err());
    let far = DMatrix::from_element(20, 1, f64::MAX);
    assert!(numbers(&far, &(-&far), 0.1).is_err());
}

/// The mean coverage of regions over simulated sets, with its standard error by the distributions of both samples.
fn coverage(sets: u64) {
    let (calibration, test, alpha) = (60, 200, 0.1);
    let uniform = |random: &mut crate::Random| (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut covered = [0.0; 3];
    for set in 0..sets {
        let mut random = stream(set, Purpose::Bootstrap, 5);
        let mut draw = |rows: usize| {
            // Errors whose size depends on x; probabilities of three classes, and a class by other ones.
            let x = DMatrix::from_fn(rows, 1, |_, _| uniform(&mut random));
            let y = x.map(|x| x + (0.1 + x) * (uniform(&mut random) - 0.3));
            let p = DMatrix::from_fn(rows, 3, |_, _| 0.05 + uniform(&mut random));
            let p = DMatrix::from_fn(rows, 3, |row, class| p[(row, class)] / p.row(row).sum());
            let labels: Vec<usize> = (0..rows)
                .map(|row| {
                    let u = uniform(&mut random) * p.row(row).iter().map(|p| p * p).sum::<f64>();
                    let (first, second) = (p[(row, 0)].powi(2), p[(row, 1)].powi(2));
                    usize::from(u > first) + usize::from(u > first + second)
                })
                .collect();
            (x, y, p, labels)
        };
        let ((x, y, p, labels), (new_x, new_y, new_p, new_labels)) = (draw(calibration), draw(test));
        let input = |truth, prediction| ScoreInput::new(truth, prediction);
        let found = numbers(&y, &x, alpha).unwrap().coverage(&input(Truth::Numbers(&new_y), &new_x)).unwrap();
        covered[0] += found / sets as f64;
        for (at, score) in [(1, SetScore::LeastAmbiguous), (2, SetScore::Adaptive)] {
            let conformal =
                Conformal::fit(alpha, score, &input(Truth::Classes { labels: &labels, n_classes: 3 }, &p)).unwrap();
            let new = Truth::Classes { labels: &new_labels, n_classes: 3 };
            covered[at] += conformal.coverage(&input(new, &new_p)).unwrap() / sets as f64;
        }
    }
    let expected = (61.0 * 0.9f64).ceil() / 61.0;
    let variance = expected * (1.0 - expected) * (1.0 / (calibration as f64 + 2.0) + 1.0 / test as f64);
    let error = (variance / sets as f64).sqrt();
    // Of continuous scores the coverage is rank/(n + 1) exactly; the class that is always in a set can only add to it.
    assert!((covered[0] - expected).abs() < 3.5 * error, "{covered:?} {expected} {error}");
    assert!(covered[1] > expected - 3.5 * error && covered[2] > expected - 3.5 * error, "{covered:?} {error}");
    assert!(covered[1] < expected + 3.5 * error && covered[2] < expected + 3.5 * error + 0.02, "{covered:?} {error}");
}

#[test]
fn regions_cover_the_truth_as_often_as_stated() {
    coverage(20);
}

#[test]
#[ignore = "long: the same over 200 simulated sets"]
fn regions_cover_the_truth_as_often_as_stated_over_200_sets() {
    coverage(200);
}
