//! CSV files that a fitted pipeline scores into another one.

use perceptra::batches::CsvTables;
use perceptra::error::Place;
use perceptra::prelude::*;
use perceptra::preprocessing::CsvOptions;
use perceptra::{Error, Result};
use std::path::{Path, PathBuf};

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("perceptra-pipeline-files-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// A new file with this text.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const HEADER: &str = "id,x,kind,late,grade,price\n";

/// The line of a row.
fn line(row: usize) -> String {
    let x = row * 37 % 101;
    let (kind, grade) = (["a", "b", "c"][row * 7 % 3], ["A", "B", "C"][x / 34]);
    format!("{row},{x}.5,{kind},{},{grade},{}\n", x < 40, 3 * x + 1)
}

fn lines(rows: std::ops::Range<usize>) -> String {
    HEADER.to_string() + &rows.map(line).collect::<String>()
}

fn fitted(target: Target, outputs: usize, last: &str, loss: &str) -> Result<FittedPipeline> {
    let model = Sequential::new().add(Dense::new(5, Relu)).add(Dense::new(outputs, last)).compile("adam", loss, ());
    let columns = ColumnTransformer::new()
        .add(MinMaxScaler::new(), ["x"])
        .add(OneHotEncoder::new(), ["kind"])
        .passthrough(["late"]);
    let columns = if target.columns() == ["late"] { columns_without_late() } else { columns };
    Pipeline::new(target)
        .columns(columns)
        .model(model)
        .options(Fit::new().epochs(2).verbose(0))
        .seed(3)
        .fit(&CsvOptions::new().read_from(lines(0..200).as_bytes(), "fit.csv")?)
}

fn columns_without_late() -> ColumnTransformer {
    ColumnTransformer::new().add(MinMaxScaler::new(), ["x"]).add(OneHotEncoder::new(), ["kind"])
}

/// The lines that a pass left out, by the names of their files.
fn bad_lines(rows: &CsvTables) -> Vec<(String, u64)> {
    let of = |error: &Error| match error.place() {
        Some(Place::Line { file, line }) => {
            (Path::new(file).file_name().unwrap().to_string_lossy().into_owned(), *line)
        }
        other => panic!("{other:?}"),
    };
    rows.bad_rows().iter().map(of).collect()
}

#[test]
fn predictions_of_files_are_those_of_the_table_in_order() -> Result<()> {
    let folder = Folder::new("order");
    let files = [folder.write("one.csv", &lines(200..290)), folder.write("two.csv", &lines(290..400))];
    let table = Table::concat_rows(&[Table::read_csv(&files[0])?, Table::read_csv(&files[1])?])?;
    let scored = folder.0.join("new/scored.csv");
    for fitted in [
        fitted(Target::binary("late"), 1, "sigmoid", "bce")?,
        fitted(Target::multiclass("grade"), 3, "softmax", "categorical_crossentropy")?,
        fitted(Target::regression("price"), 1, "linear", "mse")?,
    ] {
        let expected = fitted.predict_table(&table)?;
        for bytes in [1, 500, 1 << 20] {
            let mut rows = CsvTables::new(&files).keep(["id", "kind", "price"]).block_bytes(bytes);
            assert_eq!((fitted.predict_csv(&mut rows, &scored)?, rows.skipped()), (200, 0));
            let read = Table::read_csv(&scored)?;
            assert_eq!(read.names()[..5], ["file", "line", "id", "kind", "price"]);
            assert_eq!(read.numbers("id")?, table.numbers("id")?);
            assert!(read.strings("kind")?.iter().eq(table.strings("kind")?.iter()));
            assert_eq!((read.numbers("line")?[89], read.numbers("line")?[90]), (91.0, 2.0));
            assert_eq!(read.strings("file")?.get(90), Some(files[1].display().to_string().as_str()));
            // A name that is kept already is numbered.
            let named = |name: &str| if name == "price" { "price_2".to_string() } else { name.to_string() };
            let of_predictions: Vec<String> = expected.names().iter().map(|name| named(name)).collect();
            assert_eq!(read.names()[5..], of_predictions);
            let columns = of_predictions.iter().zip(expected.iter());
            let expected = columns
                .into_iter()
                .try_fold(Table::new(), |table, (name, (_, column))| table.with_column(name.clone(), column.clone()))?;
            let text = |table: &Table| {
                let mut text = Vec::new();
                table.write_csv_to(&mut text).map(|()| text)
            };
            assert!(text(&read.select(of_predictions)?)? == text(&expected)?, "{expected}");
        }
    }
    Ok(())
}

#[test]
fn a_bad_row_ends_it_or_is_left_out_and_counted() -> Result<()> {
    let folder = Folder::new("bad");
    let fitted = fitted(Target::regression("price"), 1, "linear", "mse")?;
    let good = folder.write("good.csv", &lines(0..60));
    let mut text = lines(60..120);
    // A word among numbers, one among booleans, an unknown category, a missing value, a field too many, and the word of a column that is not used.
    for (row, bad) in [
        (70, "70,many,a,true,A,1\n"),
        (71, "71,1.5,a,perhaps,A,1\n"),
        (80, "80,1.5,boat,true,A,1\n"),
        (81, "81,,a,true,A,1\n"),
        (90, "90,1.5,a,true,A,1,1\n"),
        (100, "100,1.5,a,true,A,unknown\n"),
    ] {
        text = text.replace(&line(row), bad);
    }
    let bad = folder.write("bad.csv", &text);
    let scored = folder.write("scored.csv", "what was there before");
    let expected = |row: u64| ("bad.csv".to_string(), row - 60 + 2);
    for bytes in [1, 300, 1 << 20] {
        std::fs::write(&scored, "what was there before").unwrap();
        let mut strict = CsvTables::new([&good, &bad]).block_bytes(bytes);
        let error = fitted.predict_csv(&mut strict, &scored).unwrap_err();
        assert!(error.to_string().contains("bad.csv, line ") || matches!(error, Error::ColumnType { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&scored).unwrap(), "what was there before");
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 3, "nothing else remains");

        let mut rows = CsvTables::new([&good, &bad]).keep(["id"]).block_bytes(bytes).skip_bad_rows(true);
        assert_eq!((fitted.predict_csv(&mut rows, &scored)?, rows.skipped()), (115, 5));
        assert_eq!(bad_lines(&rows), [70, 71, 80, 81, 90].map(expected));
        let read = Table::read_csv(&scored)?;
        let left: Vec<f64> = (0..120).filter(|row| ![70, 71, 80, 81, 90].contains(row)).map(f64::from).collect();
        assert_eq!(read.numbers("id")?, left);
        let whole = fitted.predict_table(&Table::read_csv(&good)?)?;
        assert_eq!(read.numbers("price")?[..60], *whole.numbers("price")?);
    }
    // Types that are declared stay as they are.
    let declared = CsvOptions::new().strings(["x"]);
    let mut rows = CsvTables::new([&good]).options(declared).skip_bad_rows(true);
    assert!(matches!(fitted.predict_csv(&mut rows, &scored), Err(Error::ColumnType { .. })));
    // Errors about a file or a column name are not skipped like bad rows.
    let narrow = folder.write("narrow.csv", "id,x\n1,2\n");
    let mut rows = CsvTables::new([&narrow]).skip_bad_rows(true);
    assert!(matches!(fitted.predict_csv(&mut rows, &scored), Err(Error::UnknownColumn { .. })));
    let mut rows = CsvTables::new([&good]).keep(["idd"]).skip_bad_rows(true);
    let error = fitted.predict_csv(&mut rows, &scored).unwrap_err().to_string();
    assert!(error.contains("\"idd\"") && error.contains("\"id\""), "{error}");
    Ok(())
}

#[test]
fn files_without_rows_have_the_names_of_the_columns() -> Result<()> {
    let folder = Folder::new("empty");
    let fitted = fitted(Target::binary("late"), 1, "sigmoid", "bce")?;
    let (none, scored) = (folder.write("none.csv", HEADER), folder.0.join("scored.csv"));
    assert_eq!(fitted.predict_csv(&mut CsvTables::new([&none]).keep(["id"]), &scored)?, 0);
    assert!(std::fs::read_to_string(&scored).unwrap().starts_with("file,line,id"));
    let bad = folder.write("bad.csv", &format!("{HEADER}1,2,boat,true,A,1\n"));
    let mut rows = CsvTables::new([&bad]).keep(["id"]).skip_bad_rows(true);
    assert_eq!((fitted.predict_csv(&mut rows, &scored)?, rows.skipped()), (0, 1));
    assert!(std::fs::read_to_string(&scored).unwrap().starts_with("file,line,id"));
    Ok(())
}
