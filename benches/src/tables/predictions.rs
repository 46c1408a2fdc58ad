use super::Outcome;
use super::set::{Part, Set};
use nalgebra::DMatrix;
use perceptra::preprocessing::{CsvOptions, Table};
use std::path::{Path, PathBuf};

/// The file with the predictions of the test rows of a split.
pub(super) fn file_of(folder: &Path, set: &Set, split: usize) -> PathBuf {
    folder.join(format!("{}_{split}_test.csv", set.name))
}

/// Writes predictions, a row for each test row of the split in the table's order: probabilities of the classes, or one number.
pub(super) fn write(folder: &Path, set: &Set, split: usize, predictions: &DMatrix<f64>) -> Outcome<()> {
    let rows = set.rows_of(split, Part::Test)?;
    let mut table = Table::new().with_numbers("row", rows.iter().map(|&row| row as f64))?;
    for (name, column) in set.prediction_names().into_iter().zip(predictions.column_iter()) {
        table = table.with_numbers(name, column.iter().copied())?;
    }
    Ok(table.write_csv(file_of(folder, set, split))?)
}

/// Reads the file of [`write`], with rows in any order; `None` if there is no file.
pub(super) fn read(folder: &Path, set: &Set, split: usize) -> Outcome<Option<DMatrix<f64>>> {
    let path = file_of(folder, set, split);
    if !path.exists() {
        return Ok(None);
    }
    let names = set.prediction_names();
    let declared = names.iter().map(String::as_str).chain(["row"]);
    let table = CsvOptions::new().numbers(declared).header(true).read(&path)?;
    arranged(&table, &names, &set.rows_of(split, Part::Test)?)
        .map(Some)
        .map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The predictions of these rows in their order.
fn arranged(table: &Table, names: &[String], rows: &[usize]) -> Outcome<DMatrix<f64>> {
    let given = table.numbers("row")?;
    let mut order: Vec<usize> = (0..given.len()).collect();
    order.sort_by(|&a, &b| given[a].total_cmp(&given[b]));
    if !order.iter().map(|&line| given[line]).eq(rows.iter().map(|&row| row as f64)) {
        return Err(format!("expected one line for each of the {} test rows, got {}", rows.len(), given.len()).into());
    }
    let columns = names.iter().map(|name| table.numbers(name)).collect::<perceptra::Result<Vec<_>>>()?;
    let predictions = DMatrix::from_fn(rows.len(), names.len(), |row, column| columns[column][order[row]]);
    match predictions.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(format!("a prediction is {value}, expected finite numbers").into()),
        None => Ok(predictions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perceptra::pipeline::Task;

    #[test]
    fn predictions_come_back_from_the_file_to_the_last_bit() {
        let folder = std::env::temp_dir().join(format!("perceptra_predictions_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let table = Table::new().with_numbers("target", [0.0, 2.0, 1.0]).unwrap();
        let parts = Table::new().with_numbers("s0", [2.0, 0.0, 2.0]).unwrap();
        let set = Set::new("a", Task::Multiclass, 3, table, parts).unwrap();
        assert_eq!(read(&folder, &set, 0).unwrap(), None);
        let predictions = DMatrix::from_row_slice(2, 3, &[0.1, 0.2, 0.7, 1.0 / 3.0, 1e-9, 2.0 / 3.0]);
        write(&folder, &set, 0, &predictions).unwrap();
        let text = std::fs::read_to_string(folder.join("a_0_test.csv")).unwrap();
        assert!(text.starts_with("row,p0,p1,p2\n0,0.1,0.2,0.7\n2,"), "{text}");
        assert_eq!(read(&folder, &set, 0).unwrap(), Some(predictions));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn lines_are_arranged_by_row_and_must_be_those_of_the_part() {
        let table = |rows: &[f64], values: &[f64]| {
            Table::new()
                .with_numbers("row", rows.iter().copied())
                .and_then(|table| table.with_numbers("prediction", values.iter().copied()))
                .unwrap()
        };
        let names = ["prediction".to_owned()];
        let read = |rows: &[f64], values: &[f64]| arranged(&table(rows, values), &names, &[3, 7]);
        assert_eq!(read(&[7.0, 3.0], &[0.7, 0.3]).unwrap().as_slice(), [0.3, 0.7]);
        for rows in [&[3.0][..], &[3.0, 3.0], &[3.0, 8.0], &[3.0, 7.0, 7.0]] {
            let message = read(rows, &[0.5, 0.5, 0.5][..rows.len()]).unwrap_err().to_string();
            assert!(message.contains("2 test rows"), "{message}");
        }
        assert!(read(&[3.0, 7.0], &[0.5, f64::NAN]).unwrap_err().to_string().contains("finite"));
    }
}
