//! One row on its way to the network: as read, encoded, scaled.

use super::prepare::terms;
use crate::task::Task;
use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::preprocessing::{
    Column, ColumnTransformer, FittedColumnTransformer, OneHotEncoder, Remainder, Table, TextToNumber,
};

/// Prints the first training row: its fields, the encoded columns, and the scaled columns.
pub(super) fn show(inputs: &Table, task: &Task, columns: &FittedColumnTransformer, x: &DMatrix<f32>) -> Result<()> {
    let terms = terms(inputs, task);
    let categories: Vec<&str> = inputs
        .iter()
        .filter(|(name, column)| matches!(column, Column::String(_)) && !terms.contains(name))
        .map(|(name, _)| name)
        .collect();
    // Strings become columns of zeros and ones; all other columns pass through as they are.
    let mut encoder = ColumnTransformer::new().remainder(Remainder::Passthrough);
    if !terms.is_empty() {
        encoder = encoder.text_to_number(TextToNumber::leading_number(), terms);
    }
    if !categories.is_empty() {
        encoder = encoder.add(OneHotEncoder::new(), categories);
    }
    let encoder = encoder.fit(inputs)?;
    let encoded = encoder.transform::<f64>(&inputs.head(1))?;
    let (names, scaled_names) = (encoder.names(), columns.names());

    say!("The first {} of the training rows, as read, encoded, and scaled:", task.row);
    let record = inputs.record(0)?;
    for (name, encoded) in names.iter().zip(encoded.iter()) {
        let source = inputs.names().iter().filter(|column| name.starts_with(column.as_str())).max_by_key(|c| c.len());
        let raw = source.and_then(|column| record.get(column)).map(ToString::to_string).unwrap_or_default();
        let scaled = scaled_names.iter().position(|known| known == name).map_or(f32::NAN, |column| x[(0, column)]);
        // At most four decimals, without trailing zeros.
        let encoded = (1e4 * encoded).round() / 1e4;
        say!("  {name:<30} {raw:>14} {encoded:>12} {scaled:>8.3}");
    }
    say!();
    Ok(())
}
