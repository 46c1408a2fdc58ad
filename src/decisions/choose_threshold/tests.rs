use super::*;
use crate::decisions::{CostMatrix, RowCosts, cost_curve};
use crate::dmatrix;
use crate::reference;
use crate::scores::Truth;
use nalgebra::DMatrix;

fn on(input: &ScoreInput<'_>, rule: ThresholdFor) -> ThresholdChoice {
    choose_threshold(rule, input, 0, 0).unwrap()
}

#[test]
fn thresholds_are_those_of_the_curves_of_the_reference() {
    let case = reference::case("thresholds");
    let (labels, p, weights) = (case.indices("truth"), case.numbers("p"), case.numbers("weights"));
    let p = DMatrix::from_vec(p.len(), 1, p);
    let plain = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
    for (suffix, input) in [("", plain), ("_weighted", plain.with_weights(&weights))] {
        let held = |field: &str, arguments: &str, rule: &dyn Fn(f64) -> ThresholdFor| {
            let found: Vec<f64> =
                case.numbers(arguments).into_iter().map(|number| on(&input, rule(number)).threshold).collect();
            case.assert_close(&format!("{field}{suffix}"), found, 0.0);
        };
        held("recall", "levels", &ThresholdFor::recall);
        held("rate", "levels", &ThresholdFor::false_positive_rate);
        held("precision", "precisions", &ThresholdFor::precision);
        held("f", "betas", &ThresholdFor::f_beta);
        held("capacity", "capacities", &|rows| ThresholdFor::capacity(rows as usize));
        let values: Vec<f64> =
            case.numbers("betas").iter().map(|beta| on(&input, ThresholdFor::f_beta(*beta)).value).collect();
        case.assert_close(&format!("f_values{suffix}"), values, 1e-12);
        let costs = CostMatrix::new(1.0, 4.0);
        let found = on(&input, ThresholdFor::cost(costs));
        case.assert_close(&format!("cost{suffix}"), [found.threshold, found.value], 1e-12);
        let rows = RowCosts::new(case.numbers("amounts")).loss_given_default(0.6).lost_margin(0.15);
        let found = on(&input, ThresholdFor::row_costs(rows));
        case.assert_close(&format!("row_cost{suffix}"), [found.threshold, found.value], 1e-12);
        let curve = cost_curve(&input, costs).unwrap();
        if suffix.is_empty() {
            case.assert_close("cost_curve", &curve.costs, 1e-12);
            case.assert_close("cost_thresholds", &curve.thresholds, 0.0);
        }
    }
}

#[test]
fn the_best_of_all_thresholds_is_that_of_the_tuned_classifier() {
    let case = reference::case("thresholds");
    let (labels, p) = (case.indices("truth"), case.numbers("p"));
    let p = DMatrix::from_vec(p.len(), 1, p);
    let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
    let tuned: Vec<f64> = case
        .numbers("betas")
        .into_iter()
        .map(|beta| on(&input, ThresholdFor::f_beta(beta)))
        .flat_map(|choice| [choice.threshold, choice.value])
        .collect();
    case.assert_close("tuned_f", tuned, 1e-12);
    let choice = on(&input, ThresholdFor::cost(CostMatrix::new(1.0, 4.0)));
    case.assert_close("tuned_cost", [choice.threshold, -choice.value], 1e-12);
}

#[test]
fn rows_of_equal_probability_are_decided_together() {
    let p = dmatrix![0.5; 0.5; 0.5; 0.2];
    let input = ScoreInput::new(Truth::Classes { labels: &[1, 0, 1, 0], n_classes: 2 }, &p);
    assert_eq!(on(&input, ThresholdFor::recall(0.1)).recall, 1.0);
    let none = on(&input, ThresholdFor::capacity(2));
    assert_eq!((none.threshold, none.value, none.precision), (f64::INFINITY, 0.0, 0.0));
    assert_eq!(on(&input, ThresholdFor::capacity(3)).threshold, 0.5);
    assert_eq!(on(&input, ThresholdFor::false_positive_rate(0.0)).threshold, f64::INFINITY);
    // A row that does not count is no threshold.
    let weighted = input.with_weights(&[1.0, 1.0, 1.0, 0.0]);
    assert_eq!(on(&weighted, ThresholdFor::false_positive_rate(1.0)).threshold, 0.5);
}

#[test]
fn a_probability_of_zero_is_never_positive() {
    let p = dmatrix![0.0; 0.3; 0.0; 0.6];
    let input = ScoreInput::new(Truth::Classes { labels: &[1, 1, 0, 1], n_classes: 2 }, &p);
    assert_eq!(on(&input, ThresholdFor::precision(0.5)).threshold, 0.3);
    let message = choose_threshold(ThresholdFor::recall(0.9), &input, 0, 0).unwrap_err().to_string();
    assert!(message.contains("at most 0.666"), "{message}");
}

#[test]
fn intervals_are_by_the_seed_and_hold_the_estimate() {
    let case = reference::case("thresholds");
    let (labels, p) = (case.indices("truth"), case.numbers("p"));
    let p = DMatrix::from_vec(p.len(), 1, p);
    let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
    for rule in [ThresholdFor::recall(0.8), ThresholdFor::f_beta(1.0), ThresholdFor::cost(CostMatrix::new(1.0, 4.0))] {
        let choice = choose_threshold(&rule, &input, 200, 7).unwrap();
        let found = choice.interval.unwrap();
        assert!(found.threshold.low <= choice.threshold && choice.threshold <= found.threshold.high, "{choice}");
        assert!(found.value.low < choice.value && choice.value < found.value.high, "{choice}");
        assert_eq!(choice, choose_threshold(&rule, &input, 200, 7).unwrap());
        assert_ne!(choice, choose_threshold(&rule, &input, 200, 8).unwrap());
        assert!(choice.to_string().lines().all(|line| line.chars().count() <= 80), "{choice}");
        let text = serde_json::to_string(&choice).unwrap();
        assert_eq!(serde_json::from_str::<ThresholdChoice>(&text).unwrap(), choice);
        assert!(choice.check().is_ok());
    }
    // The binomial standard error of a recall.
    let recall = choose_threshold(ThresholdFor::recall(0.8), &input, 1000, 7).unwrap();
    let positives = labels.iter().sum::<usize>() as f64;
    let expected = (recall.recall * (1.0 - recall.recall) / positives).sqrt();
    assert!((recall.interval.unwrap().value.standard_error / expected - 1.0).abs() < 0.15);
}

#[test]
fn unreachable_and_out_of_range_rules_are_rejected() {
    let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    let input = ScoreInput::new(Truth::Classes { labels: &[1, 0, 1, 0], n_classes: 2 }, &p);
    let message = |rule: ThresholdFor| choose_threshold(rule, &input, 0, 0).unwrap_err().to_string();
    assert!(message(ThresholdFor::precision(0.9)).contains("at most 0.5"));
    for rule in [
        ThresholdFor::recall(0.0),
        ThresholdFor::recall(f64::NAN),
        ThresholdFor::precision(1.1),
        ThresholdFor::false_positive_rate(-0.1),
        ThresholdFor::f_beta(0.0),
        ThresholdFor::f_beta(f64::INFINITY),
        ThresholdFor::cost(CostMatrix::new(1.0, f64::INFINITY)),
        ThresholdFor::cost(CostMatrix::new(-1.0, 1.0)),
        ThresholdFor::row_costs(RowCosts::new([1.0])),
        ThresholdFor::row_costs(RowCosts::new([1.0, -1.0, 0.0, 1.0])),
        ThresholdFor::row_costs(RowCosts::new([1.0; 4]).lost_margin(f64::NAN)),
    ] {
        message(rule);
    }
    assert!(choose_threshold(ThresholdFor::recall(0.5), &input, 1_000_000, 0).is_err());
    let one = ScoreInput::new(Truth::Classes { labels: &[1, 1, 1, 1], n_classes: 2 }, &p);
    assert!(choose_threshold(ThresholdFor::recall(0.5), &one, 0, 0).unwrap_err().to_string().contains("class 0"));
    assert!(cost_curve(&input, ThresholdFor::recall(0.5)).is_err());
}
