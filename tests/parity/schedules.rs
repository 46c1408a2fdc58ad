//! Compares every schedule with Keras's, step by step.

use crate::golden::{assert_close, cases, flat, tolerance};
use perceptra::optimizers::schedules;
use std::collections::BTreeSet;

#[test]
fn rates_are_keras_s() {
    let cases = cases("schedules");
    let mut classes = BTreeSet::new();
    for case in &cases {
        let class = case["class"].as_str().unwrap();
        let schedule = schedules::get(class, case["config"].clone()).unwrap();
        schedule.check().unwrap();
        let again = schedules::get(class, schedule.config().unwrap()).unwrap();
        let (mut rates, mut described) = (Vec::new(), Vec::new());
        for step in flat(&case["steps"]) {
            rates.push(schedule.at(step as u64));
            described.push(again.at(step as u64));
        }
        assert_close(&format!("{class} {}", case["config"]), &rates, &flat(&case["values"]), tolerance::<f64>());
        assert_eq!(rates, described, "{class} from its own description");
        classes.insert(class);
    }
    assert_eq!((cases.len(), classes.len()), (18, 6));
}
