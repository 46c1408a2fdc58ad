//! Tests of every transformer on random tables of every kind.

mod blocks;
mod comparisons;
#[cfg(feature = "onnx")]
mod exporting;
mod fitting;
mod items;
mod matrices;
mod sketches;
mod tables;
mod transforming;

use super::{FitInput, FittedTransformer, Transformer};
use crate::random_cases;
use std::collections::BTreeMap;
use std::sync::Arc;
use tables::Sample;

/// A transformer that was fitted to a table.
struct FittedSample<'a> {
    transformer: &'a Arc<dyn Transformer>,
    fitted: Arc<dyn FittedTransformer>,
    sample: &'a Sample,
}

impl FittedSample<'_> {
    /// The description for messages of failed checks.
    fn named(&self) -> String {
        let Sample { kind, table, target } = self.sample;
        let columns: Vec<_> = table.iter().chain(target.iter()).collect();
        format!("{:?} of {kind} {columns:?}", self.transformer)
    }
}

/// Runs a check with every transformer and each random table that it fits to; every transformer fits to some.
fn every_fit(check: impl Fn(&FittedSample<'_>)) {
    let items = items::items();
    let mut fits: BTreeMap<String, usize> = BTreeMap::new();
    random_cases::check(12, |random| {
        let rows = *random_cases::one_of(random, &[1, 2, 3, 5, 8, 13]);
        for sample in tables::samples(random, rows) {
            for transformer in &items {
                let count = fits.entry(format!("{transformer:?}")).or_default();
                let input = FitInput::new(&sample.table).with_target(&sample.target).unwrap();
                match transformer.fit(input) {
                    Ok(fitted) => {
                        *count += 1;
                        check(&FittedSample { transformer, fitted, sample: &sample });
                    }
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
    });
    let without: Vec<_> = fits.iter().filter(|(_, count)| **count == 0).collect();
    assert!(without.is_empty() && fits.len() >= items.len(), "no table fits to {without:?}");
}
