//! Converts a target with any two values to 0 and 1.

use perceptra::preprocessing::{Column, Table};
use perceptra::{Error, Result};

/// The table with its target as 0 and 1, and the names of both classes.
///
/// Of two numbers the greater one is class 1, of booleans `true`. Of two strings it is the rarer one, which is usually the interesting
/// class, or the later one in alphabetical order if both are equally frequent. A missing value stays missing.
pub(super) fn as_numbers(table: &Table, target: &str) -> Result<(Table, [String; 2])> {
    let mut values = table.value_counts(target)?;
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    match table.column(target)? {
        Column::Number(_) => values.sort_by(|a, b| number(&a.0).total_cmp(&number(&b.0))),
        Column::Boolean(_) => values.sort(), // "false" before "true"
        _ => {}
    }
    let [(zero, _), (one, _)] = values.as_slice() else {
        return Err(Error::Argument {
            item: "loan_default".into(),
            argument: "--target",
            value: format!("{target}, which has {} distinct values", values.len()),
            expected: "a column with two values".into(),
        });
    };
    let coded = match table.column(target)? {
        Column::Number(numbers) => {
            let one = number(one);
            let code = |value: &f64| if value.is_nan() { f64::NAN } else { f64::from(u8::from(*value == one)) };
            table.with_numbers(target, numbers.iter().map(code))?
        }
        Column::Boolean(_) => table.with_numbers(target, table.numbers(target)?.to_vec())?,
        _ => table.replace_strings(target, [(zero, 0.0), (one, 1.0)])?,
    };
    Ok((coded, [zero.clone(), one.clone()]))
}

/// Checks that the target contains both 0 (repaid) and 1 (default), and nothing else.
pub(super) fn check_status(table: &Table, target: &str) -> Result<()> {
    let values = table.value_counts(target)?;
    let of_strings = matches!(table.column(target)?, Column::String(_));
    let is_label = |numbers: &[f64], label: f64| numbers.contains(&label);
    let codes = |numbers: &[f64]| values.len() == 2 && is_label(numbers, 0.0) && is_label(numbers, 1.0);
    if !of_strings && codes(table.numbers(target)?) {
        return Ok(());
    }
    let what = if of_strings { "strings" } else { "other numbers or one class only" };
    Err(Error::Argument {
        item: "loan_default".into(),
        argument: "--data",
        value: format!("a file whose column {target} holds {what}"),
        expected: format!("0 for repaid and 1 for default; for two other classes add --target {target}"),
    })
}
