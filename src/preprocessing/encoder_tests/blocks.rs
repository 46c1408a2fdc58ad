//! Encoders that use the target, fitted over blocks of rows.

use super::super::*;
use crate::random::mix;
use crate::{Error, Result};
use std::sync::Arc;

const ROWS: u32 = 60;

fn columns() -> Table {
    let city = (0..ROWS).map(|row| match row * 7 % 5 {
        0 => None,
        1 => Some("Rome"),
        2 => Some("Oslo"),
        _ => Some("Bern"),
    });
    let city: StringColumn = city.collect();
    let floor = (0..ROWS).map(|row| f64::from(row * 5 % 3));
    Table::new().with_column("city", city).unwrap().with_numbers("floor", floor).unwrap()
}

fn targets() -> Vec<Table> {
    let wild = |row: u32| mix(u64::from(row)) % 100;
    let of = |number: &dyn Fn(u32) -> f64| Table::new().with_numbers("y", (0..ROWS).map(number)).unwrap();
    let grade = |row| ["C", "A", "B"][wild(row) as usize % 3];
    let words = |row| if wild(row) < 40 { "paid" } else { "default" };
    vec![
        of(&|row| f64::from(u8::from(wild(row) < 30))),
        of(&|row| if wild(row) < 70 { 7.0 } else { 3.0 }),
        of(&|row| wild(row) as f64 / 7.0),
        // Whole numbers, two at first.
        of(&|row| f64::from(row / 25)),
        Table::new().with_strings("y", (0..ROWS).map(grade)).unwrap(),
        Table::new().with_strings("y", (0..ROWS).map(words)).unwrap(),
        Table::new().with_column("y", (0..ROWS).map(|row| wild(row) < 50).collect::<Vec<bool>>()).unwrap(),
    ]
}

fn encoders() -> Vec<Arc<dyn Transformer>> {
    let grades = TargetEncoder::new().target_type(TargetType::Multiclass);
    vec![
        Arc::new(TargetEncoder::new()),
        Arc::new(TargetEncoder::new().smooth(2.0).cv(3)),
        Arc::new(grades.cv(3)),
        Arc::new(TargetEncoder::new().target_type(TargetType::Binary).cv(3)),
        Arc::new(WeightOfEvidence::new().cv(3)),
    ]
}

fn folds(encoder: &dyn Transformer) -> u128 {
    if format!("{encoder:?}").contains("cv: 3") { 3 } else { 5 }
}

fn keys() -> Vec<u64> {
    (0..ROWS).map(|row| u64::from(row) * 1_000_003).collect()
}

/// Fits over blocks of this many rows, by two accumulators.
fn accumulated(encoder: &dyn Transformer, target: &Table, size: usize) -> Result<Box<dyn Accumulator>> {
    let (table, keys) = (columns(), keys());
    let mut halves = [encoder.accumulator().unwrap(), encoder.accumulator().unwrap()];
    for start in (0..ROWS as usize).step_by(size) {
        let rows: Vec<usize> = (start..(start + size).min(ROWS as usize)).collect();
        let (block, of_block) = (table.take(&rows)?, target.take(&rows)?);
        let input = FitInput::new(&block).with_target(&of_block)?.with_row_keys(&keys[start..start + rows.len()])?;
        halves[usize::from(start >= 40)].update(input)?;
    }
    let [mut first, second] = halves;
    first.merge(second)?;
    Ok(first)
}

fn assert_close(one: &Table, other: &Table, named: &str) {
    assert_eq!(one.names(), other.names(), "{named}");
    for name in one.names() {
        let (one, other) = (one.numbers(name).unwrap(), other.numbers(name).unwrap());
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * (1.0 + a.abs());
        assert!(one.len() == other.len() && one.iter().zip(other).all(close), "{named}: {one:?} {other:?}");
    }
}

#[test]
fn training_rows_are_encoded_by_the_rows_of_other_folds() -> Result<()> {
    let (table, keys) = (columns(), keys());
    let mut fits = 0;
    for (encoder, target) in
        encoders().iter().flat_map(|encoder| targets().into_iter().map(move |target| (encoder, target)))
    {
        let input = FitInput::new(&table).with_target(&target)?;
        let Ok(whole) = encoder.fit(input) else {
            assert!(
                accumulated(&**encoder, &target, 7).and_then(|one| one.finish()).is_err(),
                "{encoder:?} {target:?}"
            );
            continue;
        };
        fits += 1;
        for size in [1, 7, 60] {
            let named = format!("{encoder:?} {target:?} {size}");
            let (fitted, training) = accumulated(&**encoder, &target, size)?.finish_training()?;
            assert_close(&fitted.transform(&table)?, &whole.transform(&table)?, &named);
            let training = training.expect("they are cross-fitted");
            let made = training.transform(FitInput::new(&table).with_row_keys(&keys)?)?;
            let fold = |row: usize| (u128::from(mix(keys[row])) * folds(&**encoder)) >> 64;
            for part in 0..folds(&**encoder) {
                let (inside, others): (Vec<usize>, Vec<usize>) = (0..table.nrows()).partition(|row| fold(*row) == part);
                let (known, of_others) = (table.take(&others)?, target.take(&others)?);
                // With the type that the target has in all rows.
                let Ok(fitted) = encoder.fit(FitInput::new(&known).with_target(&of_others)?) else { continue };
                if fitted.outputs() == whole.outputs() {
                    assert_close(&fitted.transform(&table.take(&inside)?)?, &made.take(&inside)?, &named);
                }
            }
        }
    }
    assert!(fits > 20, "{fits}");
    Ok(())
}

#[test]
fn a_fit_over_blocks_needs_keys_that_differ() -> Result<()> {
    let (table, target) = (columns(), targets().remove(0));
    for encoder in [Arc::new(TargetEncoder::new()) as Arc<dyn Transformer>, Arc::new(WeightOfEvidence::new())] {
        let mut blocks = encoder.accumulator().unwrap();
        let error = blocks.update(FitInput::new(&table).with_target(&target)?).unwrap_err().to_string();
        assert!(error.contains(&encoder.class_name()) && error.contains("with_row_keys"), "{error}");
        blocks.update(FitInput::new(&table).with_target(&target)?.with_row_keys(&[7; ROWS as usize])?)?;
        let error = blocks.finish_training().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(&encoder.class_name()) && error.contains("fit to more rows"), "{error}");
        assert!(matches!(FitInput::new(&table).with_row_keys(&[1]), Err(Error::Rows { .. })));
    }
    Ok(())
}
